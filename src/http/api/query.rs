//! Query parameters: known by name, each at most once, each read into a type that cannot be wrong.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::fields::Faults;
use crate::services::refusal::{Code, Refusal};

/// Entries of a list without `limit`. Source: SPEC section 5.
pub const LIMIT_DEFAULT: i64 = 50;
/// Entries of a list at most.
pub const LIMIT_MAX: i64 = 200;

/// The parameters of one request, and what is wrong with them.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    faults: Faults,
}

impl Query {
    /// Reads the query; parameters that are not known or come twice are faults.
    pub fn parse(query: &str, known: &'static [&'static str]) -> Result<Self, Refusal> {
        let faults = Faults::default();
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let shown: Cow<'_, str> = crate::http::json::escape(&name).into_owned().into();
            if !known.contains(&name.as_ref()) {
                let allowed = [("allowed", known.join(", "))];
                faults.add(shown.into_owned(), Code::Body, "field-parameter-unknown", &allowed);
            } else if value.contains('\0') {
                faults.add(shown.into_owned(), Code::Body, "json-nul", &[]);
            } else if pairs.iter().any(|(earlier, _)| *earlier == name) {
                faults.add(shown.into_owned(), Code::Body, "field-parameter-repeated", &[]);
            } else if !value.is_empty() {
                // An empty value is how forms say "any".
                pairs.push((name.into_owned(), value.into_owned()));
            }
        }
        Ok(Self { pairs, faults })
    }

    /// The parameter as it is.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// One of a closed list of words.
    pub fn word<T: FromStr + Display + Copy>(&self, name: &str, all: &'static [T]) -> Option<T> {
        let text = self.text(name)?;
        text.parse().ok().or_else(|| {
            let allowed: Vec<String> = all.iter().map(ToString::to_string).collect();
            self.fault(name, "field-not-allowed-word", &[("allowed", allowed.join(", "))])
        })
    }

    /// `true` or `false`; false where it is missing.
    pub fn switch(&self, name: &str) -> bool {
        match self.text(name) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => self.fault::<bool>(name, "field-not-true-or-false", &[]).is_some(),
        }
    }

    /// How many entries: 1 to 200, 50 where nothing is said.
    pub fn limit(&self) -> i64 {
        let Some(text) = self.text("limit") else { return LIMIT_DEFAULT };
        let allowed = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
        allowed
            .or_else(|| self.fault("limit", "field-too-large", &[("most", LIMIT_MAX.to_string())]))
            .unwrap_or(LIMIT_DEFAULT)
    }

    /// A moment, or a day, which stands for its first moment in UTC.
    pub fn from_moment(&self, name: &str) -> Option<Timestamp> {
        self.moment(name, |day| day.to_datetime(Time::midnight()))
    }

    /// A moment, or a day, which stands for its last microsecond in UTC, so that the day belongs to the range.
    pub fn to_moment(&self, name: &str) -> Option<Timestamp> {
        self.moment(name, |day| day.to_datetime(Time::constant(23, 59, 59, 999_999_000)))
    }

    fn moment(&self, name: &str, within: fn(Date) -> DateTime) -> Option<Timestamp> {
        let text = self.text(name)?;
        let moment = text.parse::<Timestamp>().ok().or_else(|| {
            let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text)?;
            within(day).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        });
        moment.or_else(|| self.fault(name, "field-date-or-moment", &[]))
    }

    /// Records a fault of a parameter; `None`, so that it can end a chain.
    pub fn fault<T>(&self, name: &str, message_id: &'static str, args: &[(&'static str, String)]) -> Option<T> {
        self.faults.add(name.to_owned(), Code::Body, message_id, args);
        None
    }

    /// The value read from the parameters, where none of them was wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Refusal> {
        self.faults.finish(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refund::State;

    const KNOWN: &[&str] = &["state", "limit", "created_from", "created_to", "dry_run"];

    fn query(text: &str) -> Query {
        Query::parse(text, KNOWN).unwrap()
    }

    fn faults(read: impl FnOnce(&Query), text: &str) -> Vec<(String, &'static str)> {
        let query = query(text);
        read(&query);
        let Err(refusal) = query.finish(()) else { return Vec::new() };
        refusal.errors.into_iter().map(|error| (error.pointer, error.message_id)).collect()
    }

    #[test]
    fn what_is_allowed_is_read() {
        let query = query("state=completed&limit=200&created_from=2026-11-20&created_to=2026-11-20&dry_run=true");
        assert_eq!(query.word("state", State::ALL), Some(State::Completed));
        assert_eq!(query.limit(), 200);
        assert!(query.switch("dry_run"));
        assert_eq!(query.from_moment("created_from").unwrap().to_string(), "2026-11-20T00:00:00Z");
        assert_eq!(query.to_moment("created_to").unwrap().to_string(), "2026-11-20T23:59:59.999999Z");
        query.finish(()).unwrap();
    }

    #[test]
    fn what_is_not_is_named() {
        let read_all = |query: &Query| {
            query.word("state", State::ALL);
            query.limit();
            query.from_moment("created_from");
            query.switch("dry_run");
        };
        for (text, name, message_id) in [
            ("state=done", "state", "field-not-allowed-word"),
            ("limit=0", "limit", "field-too-large"),
            ("limit=201", "limit", "field-too-large"),
            ("limit=1e1", "limit", "field-too-large"),
            ("created_from=yesterday", "created_from", "field-date-or-moment"),
            ("created_from=2026-02-30", "created_from", "field-date-or-moment"),
            ("dry_run=1", "dry_run", "field-not-true-or-false"),
            ("sate=completed", "sate", "field-parameter-unknown"),
            ("limit=1&limit=2", "limit", "field-parameter-repeated"),
            ("state=a%00b", "state", "json-nul"),
        ] {
            assert_eq!(faults(read_all, text), [(name.to_owned(), message_id)], "{text}");
        }
        assert_eq!(faults(read_all, "state=&limit="), []);
        assert_eq!(faults(read_all, "%ff=%ff&=").len(), 2);
    }
}
