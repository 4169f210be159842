//! The second question: why?

use askama::Template;

use super::step::Step;
use crate::domain::refund::Reason;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::l10n::Lang;

/// The page.
#[derive(Template)]
#[template(path = "customer/reason.html")]
pub struct ReasonPage {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// The reasons to choose from.
    pub choices: Vec<ReasonChoice>,
    /// What was written.
    pub note: String,
}

/// A reason to choose.
pub struct ReasonChoice {
    /// Id of its control.
    pub field: String,
    /// The word that is sent.
    pub word: &'static str,
    /// Its name.
    pub name: String,
    /// What it means.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl ReasonChoice {
    /// All reasons, in the customer's words.
    pub fn all(lang: &Lang<'_>, chosen: Option<Reason>) -> Vec<Self> {
        let choice = |reason: &Reason| ReasonChoice {
            field: term("reason", reason.as_str()),
            word: reason.as_str(),
            name: reason_for_customers(lang, *reason),
            hint: lang.t(&format!("{}-hint", term("customer-reason", reason.as_str()))),
            chosen: chosen == Some(*reason),
        };
        Reason::ALL.iter().map(choice).collect()
    }
}

/// The reason in the customer's words.
pub fn reason_for_customers(lang: &Lang<'_>, reason: Reason) -> String {
    lang.t(&term("customer-reason", reason.as_str()))
}
