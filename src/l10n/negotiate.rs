//! Which language a person gets, from all that is known of their wishes.
//!
//! Source of the order: SPEC section 13. Pseudo-locales are given only to who asks for one by `?lang=` (or kept it from
//! there), and never where they are not allowed.

use super::locale::Locale;

/// Tags in one `Accept-Language` that are looked at; nobody reads more languages, and senders may be hostile.
const ACCEPTED_TAGS_MAX: usize = 20;

/// What is known of a person's wishes, each as it was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes<'a> {
    /// `?lang=` of this request, or kept from an earlier one in the session.
    pub query: Option<&'a str>,
    /// The setting of the signed-in person's account, or of the customer.
    pub account: Option<&'a str>,
    /// The language that the signed link carries.
    pub link: Option<&'a str>,
    /// The cookie.
    pub cookie: Option<&'a str>,
    /// The header `Accept-Language`.
    pub accept_language: Option<&'a str>,
}

/// The language for these wishes: the first that names a language we speak wins, else English.
pub fn negotiate(wishes: Wishes<'_>, allow_pseudo: bool) -> Locale {
    let explicit = [wishes.query, wishes.account, wishes.link, wishes.cookie];
    let allowed = |locale: &Locale| allow_pseudo || !locale.is_pseudo();
    explicit
        .into_iter()
        .flatten()
        .filter_map(Locale::from_tag)
        .find(allowed)
        .or_else(|| accepted(wishes.accept_language.unwrap_or_default()).into_iter().find(|locale| !locale.is_pseudo()))
        .unwrap_or(Locale::DEFAULT)
}

/// The languages of an `Accept-Language` header that we speak, best first. What cannot be read is passed over.
fn accepted(header: &str) -> Vec<Locale> {
    let mut wanted: Vec<(u16, Locale)> = header
        .split(',')
        .take(ACCEPTED_TAGS_MAX)
        .filter_map(|item| {
            let (tag, parameters) = item.split_once(';').unwrap_or((item, ""));
            let weight = thousandths(parameters)?;
            Some((weight, Locale::from_tag(tag)?)).filter(|_| weight > 0)
        })
        .collect();
    wanted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wanted.into_iter().map(|(_, locale)| locale).collect()
}

/// The weight `q=0.8` in thousandths; 1,000 where none is given. Source: RFC 9110 section 12.4.2.
fn thousandths(parameters: &str) -> Option<u16> {
    let Some(value) = parameters.trim().strip_prefix("q=") else {
        return parameters.trim().is_empty().then_some(1000);
    };
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    if fraction.len() > 3 || !matches!(whole, "0" | "1") {
        return None;
    }
    format!("{whole}{fraction:0<3}").parse().ok().filter(|weight| *weight <= 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_header(header: &str) -> Locale {
        negotiate(Wishes { accept_language: Some(header), ..Wishes::default() }, true)
    }

    #[test]
    fn the_first_wish_that_we_can_fulfil_wins() {
        let mut wishes = Wishes {
            query: Some("ar"),
            account: Some("en"),
            link: Some("en"),
            cookie: Some("en"),
            accept_language: Some("en"),
        };
        assert_eq!(negotiate(wishes, true), Locale::Ar);
        wishes = Wishes { query: Some("tlh"), account: Some("ar-EG"), ..wishes };
        assert_eq!(negotiate(wishes, true), Locale::Ar);
        wishes = Wishes { query: None, account: None, link: Some("ar"), ..wishes };
        assert_eq!(negotiate(wishes, true), Locale::Ar);
        wishes = Wishes { link: None, cookie: Some("ar"), ..wishes };
        assert_eq!(negotiate(wishes, true), Locale::Ar);
        wishes = Wishes { cookie: None, accept_language: Some("ar"), ..wishes };
        assert_eq!(negotiate(wishes, true), Locale::Ar);
        assert_eq!(negotiate(Wishes::default(), true), Locale::En);
    }

    #[test]
    fn the_header_is_read_by_weight() {
        assert_eq!(from_header("fr-CH, en;q=0.7, ar;q=0.9, *;q=0.5"), Locale::Ar);
        assert_eq!(from_header("ar;q=0.1,en;q=0.2"), Locale::En);
        assert_eq!(from_header("ar;q=0, en;q=0.001"), Locale::En);
        assert_eq!(from_header("ar-EG"), Locale::Ar);
        for header in ["", ",,,", ";q=1", "ar;q=2", "ar;q=0.0001", "ar;level=1", "ar;q=x", "\u{0}"] {
            assert_eq!(from_header(header), Locale::En, "{header:?}");
        }
    }

    #[test]
    fn pseudo_locales_come_only_when_asked_for_and_allowed() {
        let wishes = Wishes { query: Some("en-XA"), account: Some("ar"), ..Wishes::default() };
        assert_eq!(negotiate(wishes, true), Locale::EnXa);
        assert_eq!(negotiate(wishes, false), Locale::Ar);
        assert_eq!(from_header("en-XA"), Locale::En);
    }
}
