//! The second question: why?

use actix_web::HttpResponse;
use askama::Template;

use super::draft::{self, Opened, Writing};
use super::step::{Step, StepName};
use crate::domain::refund::Reason;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown};
use crate::l10n::Lang;
use crate::services::refusal::Refusal;
use crate::services::request_refund::NOTE_LENGTH_MAX;

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
            field: term("reason-", reason.as_str()),
            word: reason.as_str(),
            name: reason_for_customers(lang, *reason),
            hint: lang.t(&format!("{}-hint", term("customer-reason-", reason.as_str()))),
            chosen: chosen == Some(*reason),
        };
        Reason::ALL.iter().map(choice).collect()
    }
}

/// The reason in the customer's words.
pub fn reason_for_customers(lang: &Lang<'_>, reason: Reason) -> String {
    lang.t(&term("customer-reason-", reason.as_str()))
}

/// Asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(answer) = writing.unanswered_before(StepName::Reason) {
        return Ok(answer);
    }
    shown(&screen(&visit.page, &writing, Faults::none()), &visit.page)
}

/// Takes the answer.
pub async fn answer(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let mut writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    writing.draft.reason = form.get("reason").parse().ok();
    writing.draft.note = form.trimmed("note").to_owned();
    let mut faults = Faults::none();
    if writing.draft.reason.is_none() {
        let first = Reason::ALL.first().map(|reason| term("reason-", reason.as_str())).unwrap_or_default();
        faults.add_at("reason", &first, visit.page.t("customer-reason-none"));
    }
    if writing.draft.note.chars().count() > NOTE_LENGTH_MAX {
        faults.add("note", visit.page.t1("customer-reason-note-long", "most", NOTE_LENGTH_MAX));
    }
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        return refused(&screen(&page, &writing, faults), &page);
    }
    writing.keep(&visit).await?;
    Ok(writing.after(StepName::Reason))
}

fn screen(page: &Page, writing: &Writing, faults: Faults) -> ReasonPage {
    ReasonPage {
        page: page.clone(),
        step: writing.step(StepName::Reason),
        faults,
        choices: ReasonChoice::all(&page.lang(), writing.draft.reason),
        note: writing.draft.note.clone(),
    }
}
