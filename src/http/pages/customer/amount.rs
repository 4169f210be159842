//! The third question: how much?

use askama::Template;

use super::step::Step;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Amount;

/// The page.
#[derive(Template)]
#[template(path = "customer/amount.html")]
pub struct AmountPage {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// What "all of it" is called here.
    pub all_name: String,
    /// The most that can be asked for.
    pub most: Amount,
    /// The same in a sentence.
    pub most_words: String,
    /// Whether a part is asked for.
    pub part: bool,
    /// What was typed.
    pub typed: String,
    /// Whether to offer the most in one press.
    pub offer_most: bool,
    /// What was left when this page was made.
    pub seen_remaining_minor: i64,
}
