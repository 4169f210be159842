//! What several screens show in the same way: amounts, moments, tags, facts, notices, stages and the events of a story.
//!
//! Plain data for the macros in `templates/components`; every text in it is already in the reader's language.

use jiff::Timestamp;

use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::domain::refund::{Closure, Qualifier, Reason, State};
use crate::l10n::Lang;

/// Money, its digits and its code apart, so that a page can weigh them differently.
#[derive(Clone, Debug)]
pub struct Amount {
    /// The digits as the language writes them.
    pub digits: String,
    /// ISO 4217.
    pub code: &'static str,
}

impl Amount {
    /// The amount in this language.
    pub fn of(lang: &Lang<'_>, money: Money) -> Self {
        Self { digits: lang.amount(money), code: money.currency.code() }
    }
}

/// A moment, for `<time>`.
#[derive(Clone, Debug)]
pub struct Moment {
    /// RFC 3339, for machines.
    pub iso: String,
    /// For people.
    pub words: String,
}

impl Moment {
    /// The moment with day and time.
    pub fn of(lang: &Lang<'_>, at: Timestamp) -> Self {
        Self { iso: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), words: lang.datetime(at) }
    }
}

/// A refund's state as a tag, and the one word that qualifies it.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The state's word in data, by which the tag gets its shape.
    pub state: &'static str,
    /// Name of its symbol.
    pub icon: &'static str,
    /// Whether the symbol points along the line, and so turns with it.
    pub flips: bool,
    /// The state in the reader's words.
    pub word: String,
    /// The qualifier in the reader's words.
    pub qualifier: Option<String>,
}

impl Tag {
    /// The tag of a state in the desk's words.
    pub fn of(lang: &Lang<'_>, state: State, qualifier: Option<Qualifier>) -> Self {
        Self {
            qualifier: qualifier.map(|word| lang.t(&term("refund-qualifier-", word.as_str()))),
            ..Self::worded(state, lang.t(&term("refund-state-", state.as_str())))
        }
    }

    /// The tag of a state in the customer's words, which know three stages and how it ended.
    pub fn for_customers(lang: &Lang<'_>, state: State, closure: Option<Closure>) -> Self {
        let id = match (state, closure) {
            (State::Requested, _) => "customer-stage-requested",
            (State::Approved | State::Submitting | State::ProviderPending, _) => "customer-stage-processing",
            (State::Completed, _) => "customer-stage-refunded",
            (State::Failed, _) => "customer-stage-failed",
            (State::Canceled, Some(Closure::Denied)) => "customer-stage-denied",
            (State::Canceled, Some(Closure::Withdrawn)) => "customer-stage-withdrawn",
            (State::Canceled, Some(Closure::Canceled | Closure::Guard | Closure::Reversed) | None) => {
                "customer-stage-canceled"
            }
        };
        Self::worded(state, lang.t(id))
    }

    fn worded(state: State, word: String) -> Self {
        let icon = match state {
            State::Requested => "circle",
            State::Approved => "check",
            State::Submitting => "arrow-right",
            State::ProviderPending => "hourglass",
            State::Completed => "seal",
            State::Failed => "triangle-alert",
            State::Canceled => "ban",
        };
        Self { state: state.as_str(), icon, flips: state == State::Submitting, word, qualifier: None }
    }
}

/// The reason in the desk's words.
pub fn reason_words(lang: &Lang<'_>, reason: Reason) -> String {
    lang.t(&term("refund-reason-", reason.as_str()))
}

/// The rail's name.
pub fn rail_words(lang: &Lang<'_>, rail: Rail) -> String {
    lang.t(&term("rail-", rail.as_str()))
}

/// Name of the rail's symbol.
pub fn rail_icon(rail: Rail) -> &'static str {
    match rail {
        Rail::Card => "credit-card",
        Rail::Wallet => "wallet",
        Rail::Paynow => "smartphone",
        Rail::BankTransfer => "landmark",
    }
}

/// A Fluent id from a stem that ends in a hyphen and a word of the data, in which words are joined by underscores.
pub fn term(stem: &str, word: &str) -> String {
    format!("{stem}{}", word.replace('_', "-"))
}

/// A term of a list of facts, and what is the case.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The term.
    pub name: String,
    /// What is the case.
    pub value: Value,
}

/// The value of a fact, by how it is shown.
#[derive(Clone, Debug)]
pub enum Value {
    /// Words of ours, or a name that people gave.
    Words(String),
    /// What people wrote, in their own lines.
    Note(String),
    /// An id, shown whole and with a button to copy it.
    Id(String),
    /// Money.
    Money(Amount),
    /// A moment.
    Moment(Moment),
    /// An id that leads somewhere: address and words.
    Link(String, String),
}

impl Fact {
    /// A fact by the id of its term.
    pub fn new(lang: &Lang<'_>, id: &str, value: Value) -> Self {
        Self { name: lang.t(id), value }
    }

    /// A fact in words.
    pub fn words(lang: &Lang<'_>, id: &str, words: impl Into<String>) -> Self {
        Self::new(lang, id, Value::Words(words.into()))
    }
}

/// One of several that a form offers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The word that is sent.
    pub word: String,
    /// What it is called.
    pub name: String,
    /// The language of its name, where that is not the page's.
    pub lang: Option<&'static str>,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice in the page's own language.
    pub fn new(word: impl ToString, name: String, chosen: bool) -> Self {
        Self { word: word.to_string(), name, lang: None, chosen }
    }

    /// A language, called as it calls itself.
    pub fn in_language(tag: &'static str, name: &str, chosen: bool) -> Self {
        Self { word: tag.to_owned(), name: name.to_owned(), lang: Some(tag), chosen }
    }
}

/// A sentence that stands out.
#[derive(Clone, Debug)]
pub struct Notice {
    /// `info`, `warning`, `success` or `failure`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// Name of the symbol of a notice.
pub fn notice_icon(kind: &str) -> &'static str {
    match kind {
        "success" => "seal",
        "failure" => "circle-x",
        "warning" => "triangle-alert",
        _ => "info",
    }
}

/// One event of a story.
#[derive(Clone, Debug)]
pub struct StoryEvent {
    /// `money`, `person`, `trouble` or `step`: which dot it gets.
    pub kind: &'static str,
    /// What happened.
    pub what: String,
    /// When.
    pub at: Moment,
    /// Who did it, where that is to be told.
    pub who: Option<String>,
    /// What people wrote about it.
    pub words: Option<String>,
}

/// How a stage of the tracker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Behind us.
    Done,
    /// Here it stands.
    Current,
    /// Still to come.
    Ahead,
    /// Here it failed.
    Stopped,
    /// Here it was ended: denied, withdrawn, canceled.
    Ended,
    /// Here it stands, and nothing more is to come.
    Finished,
}

impl Mark {
    /// The attribute by which the stage gets its looks; empty for the one where it stands.
    pub fn attribute(self) -> &'static str {
        match self {
            Mark::Done => "data-done",
            Mark::Current => "",
            Mark::Ahead => "data-ahead",
            Mark::Stopped => "data-stopped",
            Mark::Ended => "data-ended",
            Mark::Finished => "data-finished",
        }
    }

    /// Whether the refund stands at this stage.
    pub fn is_current(self) -> bool {
        match self {
            Mark::Current | Mark::Stopped | Mark::Ended | Mark::Finished => true,
            Mark::Done | Mark::Ahead => false,
        }
    }
}

/// A stage of the tracker.
#[derive(Clone, Debug)]
pub struct Stage {
    /// How it stands.
    pub mark: Mark,
    /// Name of its symbol.
    pub icon: &'static str,
    /// Its name.
    pub name: String,
    /// A date or a few words below the name.
    pub detail: Option<String>,
}
