//! The last look before a request is made. The form carries the key under which it is made, so that a second press, a
//! lost answer or a way back cannot make two.

use askama::Template;

use super::step::Step;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Amount;

/// The page.
#[derive(Template)]
#[template(path = "customer/check.html")]
pub struct Check {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// Why it was not taken a moment ago, where it was not.
    pub trouble: Option<String>,
    /// How much is asked for.
    pub amount: Amount,
    /// The same in a sentence.
    pub amount_words: String,
    /// Everything that was answered.
    pub answers: Vec<Answer>,
    /// How long it takes on this rail.
    pub when: String,
    /// The idempotency key.
    pub key: String,
}

/// What was answered to one question.
pub struct Answer {
    /// The question in a word.
    pub name: String,
    /// The answer, line by line.
    pub lines: Vec<String>,
    /// Where it can be changed.
    pub change: Option<String>,
}
