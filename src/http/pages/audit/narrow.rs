//! What the trail is narrowed to: read from the address, shown as links that take one away, and kept on every link.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use url::form_urlencoded;

use super::action_words;
use crate::http::pages::frame::Page;
use crate::http::pages::visit::Visit;
use crate::http::pages::who::who;
use crate::services::read_audit::{Asked, Narrowed};
use crate::services::who::Names;

/// The names that filters have in the address.
const NAMES: [&str; 5] = ["actor", "action", "object", "from", "to"];

/// What ids begin with, and the kind that the trail has before them.
const KINDS: [(&str, &str); 6] = [
    ("rf_", "refund"),
    ("us_", "user"),
    ("tk_", "token"),
    ("ob_", "outbox"),
    ("ev_", "evidence"),
    ("refunds.", "flag"),
];

/// The filters of a page.
pub struct Filters(Vec<(String, String)>);

/// A filter that is in force, and the page without it.
pub struct Chip {
    /// What it says.
    pub words: String,
    /// The page without it.
    pub href: String,
}

impl Filters {
    /// The filters in the address.
    pub fn of(visit: &Visit) -> Self {
        let query = visit.request.query_string().as_bytes();
        let said = form_urlencoded::parse(query)
            .filter(|(name, value)| NAMES.contains(&name.as_ref()) && !value.trim().is_empty() && !has_controls(value))
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()));
        Self(said.collect())
    }

    /// What they ask for; a day that cannot be read narrows nothing.
    pub fn asked(&self, page: &Page) -> Asked {
        let given = |name: &str| Some(self.text(name)).filter(|text| !text.is_empty());
        let narrowed = Narrowed {
            actor: None,
            action: given("action"),
            subject: given("object").map(|text| subject(&text)),
            from: given("from").and_then(|day| midnight(page, &day, 0)),
            before: given("to").and_then(|day| midnight(page, &day, 1)),
        };
        Asked { who: given("actor"), narrowed }
    }

    /// Whether any is in force.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The text of one filter, for its field.
    pub fn text(&self, name: &str) -> String {
        self.0.iter().find(|(said, _)| said == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// An address with these filters and more.
    pub fn address(&self, base: &str, more: &[(&str, &str)]) -> String {
        address(base, self.0.iter(), more)
    }

    /// The filters in force, each with the page without it.
    pub fn chips(&self, page: &Page, names: &Names, actor: Option<&str>) -> Vec<Chip> {
        let lang = page.lang();
        let chip = |(nth, (name, value)): (usize, &(String, String))| {
            let day = || value.parse::<Date>().ok().map(|day| lang.date(day));
            let words = match name.as_str() {
                "actor" => page.t1("audit-by", "who", who(page, names, actor.unwrap_or(value))),
                "action" => action_words(page, value),
                "object" => page.t1("audit-about", "what", value.as_str()),
                "from" => page.t1("audit-from", "day", day()?),
                "to" => page.t1("audit-to", "day", day()?),
                _ => return None,
            };
            let rest = self.0.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, pair)| pair);
            Some(Chip { words, href: address("/audit", rest, &[]) })
        };
        self.0.iter().enumerate().filter_map(chip).collect()
    }
}

/// Whether a text holds what no word of the trail does, and what not every database takes.
fn has_controls(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// An object as the trail names it; an id alone says by its beginning what it is.
fn subject(text: &str) -> String {
    let kind = KINDS.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, kind)| kind);
    match kind {
        Some(kind) => format!("{kind}:{text}"),
        None if text.contains(':') => text.to_owned(),
        // Shops number their orders as they like.
        None => format!("order:{text}"),
    }
}

/// The beginning of a day, or of one that many days later, where the reader is.
fn midnight(page: &Page, day: &str, later_days: i64) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    let day = day.checked_add(Span::new().days(later_days)).ok()?;
    day.to_zoned(page.zone.clone()).ok().map(|at| at.timestamp())
}

fn address<'a>(base: &str, said: impl Iterator<Item = &'a (String, String)>, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(said).extend_pairs(more);
    let query = query.finish();
    if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_alone_is_enough() {
        for (typed, meant) in [
            ("rf_01ARZ3NDEKTSV4RRFFQ69G5FAV", "refund:rf_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ("us_1", "user:us_1"),
            ("refund:rf_1", "refund:rf_1"),
            ("refunds.v1", "flag:refunds.v1"),
            ("1042", "order:1042"),
        ] {
            assert_eq!(subject(typed), meant);
        }
    }
}
