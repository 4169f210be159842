//! What a reader chooses for themselves on any page: the colours. The language is chosen by a link.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::pages::frame::Theme;
use crate::http::pages::posted::Posted;
use crate::http::pages::reader;
use crate::services::refusal::Refusal;

/// Keeps the colours and goes back to where the reader was.
pub async fn choose(request: HttpRequest, form: Posted) -> Result<HttpResponse, Refusal> {
    let (_, edge) = reader::shared(&request)?;
    let cookie = reader::theme_cookie(Theme::from_word(form.get("theme")), edge.secure());
    let back = own_path(form.get("back")).unwrap_or("/");
    Ok(HttpResponse::SeeOther().cookie(cookie).insert_header((header::LOCATION, back)).finish())
}

/// The path, where it is one of ours: it begins with one slash and holds nothing that a browser reads as another host.
pub fn own_path(path: &str) -> Option<&str> {
    let mut letters = path.chars();
    let rooted = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    let plain = path.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\');
    (rooted && plain).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_back_to() {
        for path in ["/", "/refunds/orders/10%2F42?lang=ar", "/desk?state=failed"] {
            assert_eq!(own_path(path), Some(path));
        }
        for path in
            ["", "desk", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/\t/evil.example"]
        {
            assert_eq!(own_path(path), None, "{path:?}");
        }
    }
}
