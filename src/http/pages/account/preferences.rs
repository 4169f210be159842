//! What a reader chooses for themselves on any page: the colours. The language is chosen by a link.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::domain::preferences::{Preferences, Theme};
use crate::http::pages::posted::Posted;
use crate::http::pages::reader;
use crate::http::pages::visit::Visit;
use crate::services::own_account;
use crate::services::refusal::Refusal;

/// Keeps the colours and goes back to where the reader was. Who works here finds them on every device.
pub async fn choose(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let theme = Theme::from_word(form.get("theme"));
    if let Some(present) = visit.viewer.person() {
        let (name, chosen) = (present.user.name.clone(), present.user.preferences.clone());
        own_account::choose(&visit.desk, &visit.staff()?, &name, Preferences { theme, ..chosen }).await?;
    }
    let cookie = reader::theme_cookie(theme, visit.edge.secure());
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
