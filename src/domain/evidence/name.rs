//! What a file is called: never a path, never a disguise.

use super::Kind;

/// Characters that are kept of a name.
const CHARACTERS_MAX: usize = 100;

/// The name that a file came with, made harmless: its last part, without control and direction marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Makes a name of whatever was sent; it may end up empty.
    pub fn tidy(sent: &str) -> Self {
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let kept: String = last.chars().filter(|letter| !is_disguise(*letter)).take(CHARACTERS_MAX).collect();
        Self(kept.trim().trim_start_matches('.').to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, what turns the direction of writing, and what nobody sees.
fn is_disguise(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The name under which the original is handed out: in ASCII, ending as its kind does, so that it opens as what it is.
pub fn download_name(name: &str, kind: Kind) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let safe: String = stem
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ' ') { letter } else { '_' })
        .collect();
    let safe = safe.trim().trim_matches('_');
    format!("{}.{}", if safe.is_empty() { "evidence" } else { safe }, kind.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f91_a_path_is_no_name() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("/absolute/photo.jpg", "photo.jpg"),
            ("..", ""),
            (".htaccess", "htaccess"),
            ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("nul\0.png", "nul.png"),
            ("صورة.jpg", "صورة.jpg"),
            ("", ""),
        ] {
            assert_eq!(FileName::tidy(sent).as_str(), kept, "{sent:?}");
        }
        assert_eq!(FileName::tidy(&"x".repeat(1000)).as_str().len(), CHARACTERS_MAX);
    }

    #[test]
    fn a_download_ends_as_what_it_is() {
        assert_eq!(download_name("invoice.html", Kind::Pdf), "invoice.pdf");
        assert_eq!(download_name("a\"; filename=\"b.exe", Kind::Png), "a__ filename__b.png");
        assert_eq!(download_name("صورة.jpg", Kind::Jpeg), "evidence.jpg");
        assert_eq!(download_name("", Kind::Webp), "evidence.webp");
    }
}
