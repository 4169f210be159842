//! Filters of the queue: read from the address, shown as links that take one away, and kept on every link of the page.
//!
//! The address is the filter: it can be saved, sent to a colleague, and read by people.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded;

use crate::domain::currency::Currency;
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::domain::refund::Reason;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{rail_words, reason_words};
use crate::http::pages::visit::Visit;
use crate::services::read_queue::Narrowed;

/// The names that filters have in the address.
const NAMES: [&str; 7] = ["reason", "rail", "currency", "min", "max", "from", "to"];

/// The filters of a page.
pub struct Filters {
    /// What they come to.
    pub narrowed: Narrowed,
    /// As they stand in the address.
    said: Vec<(String, String)>,
}

/// A filter that is in force, and the page without it.
pub struct Chip {
    /// What it says.
    pub words: String,
    /// The page without it.
    pub href: String,
}

/// A value that can be chosen.
pub struct Choice {
    /// Its word in the address.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Filters {
    /// The filters in the address; what cannot be read narrows nothing.
    pub fn of(visit: &Visit) -> Self {
        let query = visit.request.query_string().as_bytes();
        let said: Vec<(String, String)> = form_urlencoded::parse(query)
            .filter(|(name, value)| NAMES.contains(&name.as_ref()) && !value.trim().is_empty())
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
            .collect();
        let one = |name: &str| said.iter().find(|(said, _)| said == name).map(|(_, value)| value.as_str());
        let currency: Option<Currency> = one("currency").and_then(|code| code.to_uppercase().parse().ok());
        let lang = visit.page.lang();
        // An amount means nothing without its currency.
        let amount = |name| currency.and_then(|currency| lang.parse_amount(one(name)?, currency).ok());
        let narrowed = Narrowed {
            reasons: all(&said, "reason"),
            rails: all(&said, "rail"),
            currency,
            min_minor: amount("min").map(|money| money.minor),
            max_minor: amount("max").map(|money| money.minor),
            from: one("from").and_then(|day| midnight(day, 0)),
            before: one("to").and_then(|day| midnight(day, 1)),
        };
        Self { narrowed, said }
    }

    /// Whether any is in force.
    pub fn any(&self) -> bool {
        self.narrowed != Narrowed::default()
    }

    /// The filters in force, each with the page without it.
    pub fn chips(&self, page: &Page, base: &str) -> Vec<Chip> {
        let lang = page.lang();
        let chip = |(nth, (name, value)): (usize, &(String, String))| {
            let money = |currency: Currency| lang.parse_amount(value, currency).ok().map(|money| lang.money(money));
            let words = match name.as_str() {
                "reason" => reason_words(&lang, value.parse().ok()?),
                "rail" => rail_words(&lang, value.parse().ok()?),
                "currency" => value.to_uppercase(),
                "min" => page.t1("desk-queue-least", "amount", money(self.narrowed.currency?)?),
                "max" => page.t1("desk-queue-most", "amount", money(self.narrowed.currency?)?),
                "from" => page.t1("desk-queue-from", "day", lang.date(value.parse::<Date>().ok()?)),
                "to" => page.t1("desk-queue-to", "day", lang.date(value.parse::<Date>().ok()?)),
                _ => return None,
            };
            let rest = self.said.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, pair)| pair);
            Some(Chip { words, href: address(base, rest, &[]) })
        };
        self.said.iter().enumerate().filter_map(chip).collect()
    }

    /// An address with these filters and more.
    pub fn address(&self, base: &str, more: &[(&str, &str)]) -> String {
        address(base, self.said.iter(), more)
    }

    /// The text of one filter, for its field.
    pub fn text(&self, name: &str) -> String {
        self.said.iter().find(|(said, _)| said == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The reasons to choose from.
    pub fn reasons(&self, page: &Page) -> Vec<Choice> {
        let choice = |&reason: &Reason| Choice {
            word: reason.as_str(),
            name: reason_words(&page.lang(), reason),
            chosen: self.narrowed.reasons.contains(&reason),
        };
        Reason::ALL.iter().map(choice).collect()
    }

    /// The rails to choose from.
    pub fn rails(&self, page: &Page) -> Vec<Choice> {
        let choice = |&rail: &Rail| Choice {
            word: rail.as_str(),
            name: rail_words(&page.lang(), rail),
            chosen: self.narrowed.rails.contains(&rail),
        };
        Rail::ALL.iter().map(choice).collect()
    }
}

/// The sums of what a page shows, one a currency.
pub fn sums<'a>(amounts: impl Iterator<Item = &'a Money>) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for amount in amounts {
        match sums.iter_mut().find(|sum| sum.currency == amount.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(amount.minor),
            None => sums.push(*amount),
        }
    }
    sums
}

fn all<T: std::str::FromStr>(said: &[(String, String)], name: &str) -> Vec<T> {
    said.iter().filter(|(said, _)| said == name).filter_map(|(_, value)| value.parse().ok()).collect()
}

fn midnight(day: &str, later_days: i64) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    let day = day.checked_add(jiff::Span::new().days(later_days)).ok()?;
    day.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

fn address<'a>(base: &str, said: impl Iterator<Item = &'a (String, String)>, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(said).extend_pairs(more);
    let query = query.finish();
    match (query.is_empty(), base.contains('?')) {
        (true, _) => base.to_owned(),
        (false, true) => format!("{base}&{query}"),
        (false, false) => format!("{base}?{query}"),
    }
}
