//! What a filtered list can be kept as: a short name, and an address of one of our own lists.
//!
//! An address is data that leads people somewhere, so it is never taken as it comes: it is one of two paths and a query
//! that holds nothing but what an address may hold.

use std::fmt;
use std::str::FromStr;

/// Characters of a name at most: it stands in a row of links.
pub const NAME_LENGTH_MAX: usize = 60;

/// Characters of an address at most: more than any filter comes to, less than a browser takes.
pub const ADDRESS_LENGTH_MAX: usize = 1_000;

/// Views that one person keeps at most.
pub const VIEWS_MAX: i64 = 50;

/// The lists that can be kept.
const LISTS: [&str; 2] = ["/desk/queue", "/desk/refunds"];

/// Parts of an address that say where one is in a list, or what one has seen of it, not what it is narrowed to; and what
/// was searched for, which may be somebody's e-mail address and has no place in a row that outlives them.
const PASSING: [&str; 6] = ["after", "cursor", "seen", "newest", "lang", "q"];

/// What a view is called: one line, trimmed, neither empty nor long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// Where a view leads: one of our lists with its filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// Why a text is no name or no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadView {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is too long, or holds more than one line.
    #[error("it is too long, or not one line")]
    Long,
    /// It leads to no list of ours.
    #[error("it leads to no list of this desk")]
    Elsewhere,
}

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = BadView;

    fn from_str(text: &str) -> Result<Self, BadView> {
        let name = text.trim();
        match name.chars().count() {
            0 => Err(BadView::Empty),
            1..=NAME_LENGTH_MAX if !name.chars().any(char::is_control) => Ok(Self(name.to_owned())),
            _ => Err(BadView::Long),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Address {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = BadView;

    fn from_str(text: &str) -> Result<Self, BadView> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        if text.len() > ADDRESS_LENGTH_MAX {
            return Err(BadView::Long);
        }
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~%+&=:@!$'*,;/?".contains(letter);
        if !LISTS.contains(&path) || !query.chars().all(is_plain) {
            return Err(BadView::Elsewhere);
        }
        let stays = |pair: &&str| !pair.is_empty() && !PASSING.contains(&pair.split('=').next().unwrap_or_default());
        let kept: Vec<&str> = query.split('&').filter(stays).collect();
        Ok(Self(if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_lists_are_kept() {
        for text in [
            "https://evil.example/desk/queue",
            "//evil.example",
            "/\\evil.example",
            "/desk/queue/../../logout",
            "/desk/queue/next",
            "/desk/queue#//evil.example",
            "/desk/refunds?state=a\r\nLocation: https://evil.example",
            "/desk/refunds?state=\"><script>",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(text.parse::<Address>(), Err(BadView::Elsewhere), "{text:?}");
        }
        assert_eq!(format!("/desk/queue?q={}", "x".repeat(1_000)).parse::<Address>(), Err(BadView::Long));
    }

    #[test]
    fn what_an_address_is_narrowed_to_is_kept_and_where_one_was_in_it_is_not() {
        let kept = |text: &str| text.parse::<Address>().unwrap().to_string();
        assert_eq!(
            kept("/desk/queue?view=mine&after=1.2.rf_x&reason=goodwill"),
            "/desk/queue?view=mine&reason=goodwill"
        );
        assert_eq!(kept("/desk/refunds?cursor=rf_x&lang=ar&q=zoe%40example.com"), "/desk/refunds");
        assert_eq!(kept("/desk/refunds?state=failed&state=canceled"), "/desk/refunds?state=failed&state=canceled");
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!("  Big ones ".parse::<Name>().map(|name| name.to_string()), Ok("Big ones".to_owned()));
        assert_eq!(" ".parse::<Name>(), Err(BadView::Empty));
        assert_eq!("a\nb".parse::<Name>(), Err(BadView::Long));
        assert_eq!("ع".repeat(NAME_LENGTH_MAX).parse::<Name>().map(|name| name.as_str().chars().count()), Ok(60));
        assert_eq!("x".repeat(NAME_LENGTH_MAX + 1).parse::<Name>(), Err(BadView::Long));
    }
}
