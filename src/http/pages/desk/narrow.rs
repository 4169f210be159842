//! Filters of the queue and of the list: read from the address, shown as links that take one away, and kept on every link
//! of the page.
//!
//! The address is the filter: it can be saved, sent to a colleague, and read by people.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded;

use crate::domain::access::Principal;
use crate::domain::currency::Currency;
use crate::domain::id::UserId;
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::domain::refund::{Reason, State};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice as Named, Tag, rail_words, reason_words};
use crate::http::pages::visit::Visit;
use crate::services::Context;
use crate::services::read_desk::SOON;
use crate::services::read_queue::Narrowed;

/// The names that filters of the queue have in the address.
pub const OF_QUEUE: &[&str] = &["reason", "rail", "currency", "min", "max", "from", "to", "owner", "due"];
/// The names that filters of the list have in the address.
pub const OF_LIST: &[&str] = &["state", "reason", "rail", "currency", "min", "max", "from", "to", "owner", "q"];

/// Longer than any number of ours or of a processor.
const TEXT_LENGTH_MAX: usize = 254;
/// The word for the reader where a person is named.
const ME: &str = "me";
/// What is late, and what is due soon.
const DUES: [&str; 2] = ["late", "soon"];

/// The filters of a page.
pub struct Filters {
    /// What they come to, for queue and list alike.
    pub narrowed: Narrowed,
    /// The states, for the list.
    pub states: Vec<State>,
    /// What was typed to be found, for the list.
    pub text: Option<String>,
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

/// What the bar of filters shows.
pub struct Bar {
    /// The page that the form asks for.
    pub action: &'static str,
    /// What the form keeps: the view, what was typed.
    pub kept: Vec<(&'static str, String)>,
    /// The filters in force.
    pub chips: Vec<Chip>,
    /// The page without any of them.
    pub cleared: String,
    /// The states to choose from; none in the queue.
    pub states: Vec<Choice>,
    /// The reasons to choose from.
    pub reasons: Vec<Choice>,
    /// The rails to choose from.
    pub rails: Vec<Choice>,
    /// The texts of the other filters: currency, least, most, from, to.
    pub texts: [String; 5],
    /// Whose cases.
    pub owners: Vec<Named>,
    /// By when they are due; none in the list.
    pub dues: Vec<Named>,
}

impl Filters {
    /// The filters in the address; what cannot be read narrows nothing.
    pub fn of(visit: &Visit, context: &Context, names: &[&str]) -> Self {
        let query = visit.request.query_string().as_bytes();
        let said: Vec<(String, String)> = form_urlencoded::parse(query)
            .filter(|(name, value)| names.contains(&name.as_ref()) && !value.trim().is_empty())
            .map(|(name, value)| (name.into_owned(), value.trim().chars().take(TEXT_LENGTH_MAX).collect()))
            .collect();
        let one = |name: &str| said.iter().find(|(said, _)| said == name).map(|(_, value)| value.as_str());
        let currency: Option<Currency> = one("currency").and_then(|code| code.to_uppercase().parse().ok());
        let lang = visit.page.lang();
        // An amount means nothing without its currency.
        let amount = |name| currency.and_then(|currency| lang.parse_amount(one(name)?, currency).ok());
        let owner = one("owner").and_then(|word| match word {
            ME => Some(context.actor.principal.clone()),
            id => UserId::parse(id).ok().map(Principal::User),
        });
        let due_by = one("due").and_then(|word| match word {
            "late" => Some(context.now),
            "soon" => context.now.checked_add(SOON).ok(),
            _ => None,
        });
        let narrowed = Narrowed {
            reasons: all(&said, "reason"),
            rails: all(&said, "rail"),
            currency,
            min_minor: amount("min").map(|money| money.minor),
            max_minor: amount("max").map(|money| money.minor),
            from: one("from").and_then(|day| midnight(day, 0)),
            before: one("to").and_then(|day| midnight(day, 1)),
            due_by,
            owner,
            ..Narrowed::default()
        };
        Self { narrowed, states: all(&said, "state"), text: one("q").map(str::to_owned), said }
    }

    /// Whether any is in force.
    pub fn any(&self) -> bool {
        self.narrowed != Narrowed::default() || !self.states.is_empty() || self.text.is_some()
    }

    /// The bar that shows them and offers more. `holders` are those who hold a case now, by name.
    pub fn bar(&self, page: &Page, action: &'static str, base: &str, holders: &[(Principal, String)]) -> Bar {
        let view = base.split_once("view=").map(|(_, view)| ("view", view.to_owned()));
        let is_queue = view.is_some();
        Bar {
            action,
            kept: view.into_iter().chain(self.text.clone().map(|text| ("q", text))).collect(),
            chips: self.chips(page, base, holders),
            cleared: base.to_owned(),
            states: if is_queue { Vec::new() } else { self.state_choices(page) },
            reasons: self.reasons(page),
            rails: self.rails(page),
            texts: ["currency", "min", "max", "from", "to"].map(|name| self.text(name)),
            owners: self.owners(page, holders),
            dues: if is_queue { self.dues(page) } else { Vec::new() },
        }
    }

    /// An address with these filters and more.
    pub fn address(&self, base: &str, more: &[(&str, &str)]) -> String {
        address(base, self.said.iter(), more)
    }

    /// The same without the filters of one name.
    pub fn address_without(&self, name: &str, base: &str, more: &[(&str, &str)]) -> String {
        address(base, self.said.iter().filter(|(said, _)| said != name), more)
    }

    fn chips(&self, page: &Page, base: &str, holders: &[(Principal, String)]) -> Vec<Chip> {
        let lang = page.lang();
        let chip = |(nth, (name, value)): (usize, &(String, String))| {
            let money = |currency: Currency| lang.parse_amount(value, currency).ok().map(|money| lang.money(money));
            let words = match name.as_str() {
                "state" => Tag::of(&lang, value.parse().ok()?, None).word,
                "reason" => reason_words(&lang, value.parse().ok()?),
                "rail" => rail_words(&lang, value.parse().ok()?),
                "currency" => value.to_uppercase(),
                "min" => page.t1("desk-queue-least", "amount", money(self.narrowed.currency?)?),
                "max" => page.t1("desk-queue-most", "amount", money(self.narrowed.currency?)?),
                "from" => page.t1("desk-queue-from", "day", lang.date(value.parse::<Date>().ok()?)),
                "to" => page.t1("desk-queue-to", "day", lang.date(value.parse::<Date>().ok()?)),
                "owner" if value == ME => page.t("queue-owner-me"),
                "owner" => {
                    let owner = self.narrowed.owner.as_ref()?;
                    let known = holders.iter().find(|(holder, _)| holder == owner).map(|(_, name)| name.as_str());
                    page.t1("queue-owner-is", "name", known.unwrap_or(value.as_str()))
                }
                "due" => page.t(due_id(value)?),
                "q" => page.t1("queue-text-is", "text", value.as_str()),
                _ => return None,
            };
            let rest = self.said.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, pair)| pair);
            Some(Chip { words, href: address(base, rest, &[]) })
        };
        self.said.iter().enumerate().filter_map(chip).collect()
    }

    /// The text of one filter, for its field.
    fn text(&self, name: &str) -> String {
        self.said.iter().find(|(said, _)| said == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn state_choices(&self, page: &Page) -> Vec<Choice> {
        let choice = |&state: &State| Choice {
            word: state.as_str(),
            name: Tag::of(&page.lang(), state, None).word,
            chosen: self.states.contains(&state),
        };
        State::ALL.iter().map(choice).collect()
    }

    fn reasons(&self, page: &Page) -> Vec<Choice> {
        let choice = |&reason: &Reason| Choice {
            word: reason.as_str(),
            name: reason_words(&page.lang(), reason),
            chosen: self.narrowed.reasons.contains(&reason),
        };
        Reason::ALL.iter().map(choice).collect()
    }

    fn rails(&self, page: &Page) -> Vec<Choice> {
        let choice = |&rail: &Rail| Choice {
            word: rail.as_str(),
            name: rail_words(&page.lang(), rail),
            chosen: self.narrowed.rails.contains(&rail),
        };
        Rail::ALL.iter().map(choice).collect()
    }

    fn owners(&self, page: &Page, holders: &[(Principal, String)]) -> Vec<Named> {
        let said = self.text("owner");
        let anybody = Named::new("", page.t("queue-owner-anybody"), self.narrowed.owner.is_none());
        let me = Named::new(ME, page.t("queue-owner-me"), said == ME);
        let people = holders.iter().filter_map(|(holder, name)| {
            let user_id = holder.user_id()?;
            Some(Named::new(user_id, name.clone(), said == user_id.as_str()))
        });
        [anybody, me].into_iter().chain(people).collect()
    }

    fn dues(&self, page: &Page) -> Vec<Named> {
        let said = self.text("due");
        let whenever = Named::new("", page.t("queue-due-whenever"), self.narrowed.due_by.is_none());
        let due = |word: &str| Some(Named::new(word, page.t(due_id(word)?), said == word));
        std::iter::once(whenever).chain(DUES.into_iter().filter_map(due)).collect()
    }
}

fn due_id(word: &str) -> Option<&'static str> {
    match word {
        "late" => Some("queue-due-late"),
        "soon" => Some("queue-due-soon"),
        _ => None,
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
