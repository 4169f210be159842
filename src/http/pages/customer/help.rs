//! Help: how refunds work here, what to do when something is wrong, and whom to ask. Every page's foot leads here.

use actix_web::HttpResponse;
use askama::Template;

use super::start::RailTime;
use crate::http::pages::frame::Page;
use crate::http::pages::visit::{Visit, shown};
use crate::services::refusal::Refusal;

/// Ids of how to ask, in order.
const STEPS: [&str; 4] =
    ["customer-help-ask-order", "customer-help-ask-link", "customer-help-ask-why", "customer-help-ask-send"];

/// Ids of the stages and of what happens in each.
const STAGES: [(&str, &str); 3] = [
    ("customer-stage-requested", "customer-help-then-requested"),
    ("customer-stage-processing", "customer-help-then-processing"),
    ("customer-stage-refunded", "customer-help-then-refunded"),
];

/// Ids of what may be wrong, and of what to do then.
const QUESTIONS: [(&str, &str); 5] = [
    ("customer-help-no-mail", "customer-help-no-mail-do"),
    ("customer-help-old-link", "customer-help-old-link-do"),
    ("customer-help-changed-mind", "customer-help-changed-mind-do"),
    ("customer-help-no-money", "customer-help-no-money-do"),
    ("customer-help-denied", "customer-help-denied-do"),
];

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let rails = RailTime::all(&visit.page.lang(), &visit.desk.timelines);
    shown(&Help::new(visit.page.clone(), rails), &visit.page)
}

/// The page.
#[derive(Template)]
#[template(path = "customer/help.html")]
pub struct Help {
    /// The frame.
    pub page: Page,
    /// How to ask.
    pub steps: [&'static str; 4],
    /// What happens then.
    pub stages: [(&'static str, &'static str); 3],
    /// How long each rail takes.
    pub rails: Vec<RailTime>,
    /// What may be wrong.
    pub questions: [(&'static str, &'static str); 5],
}

impl Help {
    /// The page with these times.
    pub fn new(page: Page, rails: Vec<RailTime>) -> Self {
        Self { page, steps: STEPS, stages: STAGES, rails, questions: QUESTIONS }
    }
}
