//! Asking us to look again at what was denied: a page of its own, once, with room for what we have not seen.

use std::time::Instant;

use actix_web::HttpResponse;
use askama::Template;

use super::reason::reason_for_customers;
use crate::domain::id::RefundId;
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::http::problem;
use crate::services::Context;
use crate::services::appeal::ask_to_look_again;
use crate::services::follow_refund::{Followed, follow};
use crate::services::refusal::{Code, Refusal};
use crate::services::request_refund::NOTE_LENGTH_MAX;
use crate::telemetry::metrics;

/// Refusals whose sentence is the same for customers and for programs.
const SAID_AS_ON_THE_API: [Code; 4] = [Code::ExceedsRemaining, Code::NotCaptured, Code::ChargedBack, Code::SplitTender];

/// The page.
#[derive(Template)]
#[template(path = "customer/appeal.html")]
pub struct Appeal {
    /// The frame.
    pub page: Page,
    /// What is wrong.
    pub faults: Faults,
    /// The refund that was denied.
    pub refund_id: String,
    /// How much was asked for, in a sentence.
    pub amount_words: String,
    /// Why it was asked for.
    pub reason: String,
    /// Until when we can be asked, in a sentence.
    pub until: String,
    /// What was written.
    pub why: String,
}

/// Asks what we have not seen.
pub async fn ask(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    match open(&visit, &context).await? {
        Open::Here(followed) => shown(&screen(&visit.page, &followed, Faults::none(), String::new()), &visit.page),
        Open::Elsewhere(answer) => Ok(answer),
    }
}

/// Takes it. A second press leads to what the first one made.
pub async fn appeal(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let started = Instant::now();
    let context = visit.customer()?;
    visit.count(Work::Create)?;
    let followed = match open(&visit, &context).await? {
        Open::Here(followed) => followed,
        Open::Elsewhere(answer) => return Ok(answer),
    };
    let why = form.trimmed("why").to_owned();
    let mut faults = Faults::none();
    if why.is_empty() {
        faults.add("why", visit.page.t("customer-appeal-needed"));
    }
    if why.chars().count() > NOTE_LENGTH_MAX {
        faults.add("why", visit.page.t1("customer-message-long", "most", NOTE_LENGTH_MAX));
    }
    let page = visit.page.clone().with_faults();
    if !faults.is_empty() {
        return refused(&screen(&page, &followed, faults, why), &page);
    }
    let refund_id = visit.refund_id()?;
    match ask_to_look_again(&visit.desk, &context, &refund_id, why.clone()).await {
        Ok(appeal) => {
            metrics::refund_created(started.elapsed());
            visit.leave("success", &visit.page.t("customer-appeal-taken"))?;
            Ok(to(&address(&appeal)))
        }
        Err(refusal) if refusal.code == Code::State => too_late(&visit, &refund_id),
        Err(refusal) if SAID_AS_ON_THE_API.contains(&refusal.code) => {
            faults.add("why", visit.page.t(problem::shape(refusal.code).message_id));
            refused(&screen(&page, &followed, faults, why), &page)
        }
        Err(refusal) => Err(refusal),
    }
}

/// Whether we can be asked now.
enum Open {
    Here(Box<Followed>),
    Elsewhere(HttpResponse),
}

async fn open(visit: &Visit, context: &Context) -> Result<Open, Refusal> {
    let refund_id = visit.refund_id()?;
    let followed = follow(&visit.desk, context, &refund_id).await?;
    if let Some(appeal) = &followed.bond.appeal {
        return Ok(Open::Elsewhere(to(&address(appeal))));
    }
    if followed.look_again_until.is_none() {
        return Ok(Open::Elsewhere(too_late(visit, &refund_id)?));
    }
    Ok(Open::Here(Box::new(followed)))
}

fn too_late(visit: &Visit, refund_id: &RefundId) -> Result<HttpResponse, Refusal> {
    visit.leave("warning", &visit.page.t("customer-appeal-too-late"))?;
    Ok(to(&address(refund_id)))
}

fn address(refund_id: &RefundId) -> String {
    format!("/refunds/r/{refund_id}")
}

fn screen(page: &Page, followed: &Followed, faults: Faults, why: String) -> Appeal {
    let lang = page.lang();
    let refund = &followed.story.view.refund;
    let until = followed.look_again_until.map(|until| page.t1("customer-appeal-until", "date", lang.date(until)));
    Appeal {
        page: page.clone(),
        faults,
        refund_id: refund.refund_id.to_string(),
        amount_words: lang.money(refund.amount),
        reason: reason_for_customers(&lang, refund.reason),
        until: until.unwrap_or_default(),
        why,
    }
}
