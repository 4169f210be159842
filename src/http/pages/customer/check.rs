//! The last look before a request is made. The form carries the key under which it is made, so that a second press, a
//! lost answer or a way back cannot make two.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde_json::json;

use super::draft::{self, AmountChoice, Opened, Writing};
use super::evidence::FileItem;
use super::reason::reason_for_customers;
use super::start::time_words;
use super::step::{Step, StepName, order_address};
use crate::domain::idempotency::fingerprint;
use crate::domain::refund::Reason;
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, term};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to, written};
use crate::services::KeyScope;
use crate::services::read_evidence::EvidenceRow;
use crate::services::refusal::{Code, Refusal};
use crate::services::request_refund::{RequestRefund, request_refund};
use crate::telemetry::metrics;

/// The route as keys know it.
const ROUTE: &str = "POST /refunds/new/check";

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

/// Shows everything once more.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(answer) = writing.unanswered_before(StepName::Check) {
        return Ok(answer);
    }
    if !writing.lines_still_hold() || writing.amount_minor() > writing.most_minor() {
        return back_to_the_amount(&visit, &writing);
    }
    let files = writing.evidence(&visit).await?;
    shown(&screen(&visit, &writing, &files, None), &visit.page)
}

/// Makes the request, once per key.
pub async fn send(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let started = Instant::now();
    let mut writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(answer) = writing.unanswered_before(StepName::Check) {
        return Ok(answer);
    }
    if form.get("key") != writing.draft.key {
        return Ok(to(StepName::Check.href()));
    }
    visit.count(Work::Create)?;
    let command = command(&writing)?;
    match request_refund(&visit.desk, &writing.context, command).await {
        Ok(asked) => {
            let refund_id = asked.refund_id()?;
            metrics::refund_created(started.elapsed());
            writing.draft.sent = Some(refund_id.to_string());
            writing.keep(&visit).await?;
            Ok(to(&format!("/refunds/r/{refund_id}")))
        }
        Err(refusal) => not_taken(&visit, &writing, refusal).await,
    }
}

fn command(writing: &Writing) -> Result<RequestRefund, Refusal> {
    let draft = &writing.draft;
    let order_id = writing.order.order.order_id.clone();
    let reason = draft.reason.unwrap_or(Reason::Other);
    let wanted = writing.wanted();
    let by_lines = !wanted.is_empty();
    let amount_minor = match draft.share {
        Some(AmountChoice::Part(minor)) if !by_lines => Some(minor),
        Some(AmountChoice::Part(_) | AmountChoice::All) | None => None,
    };
    let lines: Vec<_> = wanted.iter().map(|line| json!([line.line_id, line.quantity, line.amount_minor])).collect();
    let payload = json!({
        "lines": lines, "amount_minor": amount_minor, "reason": reason, "note": draft.note, "evidence": draft.evidence,
    });
    let digest = fingerprint(&order_address(&order_id), &payload)
        .map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let principal = writing.context.actor.principal.to_string();
    let scope = KeyScope { principal, route: ROUTE.to_owned(), key: draft.key.clone() };
    Ok(RequestRefund {
        order_id,
        amount_minor,
        currency: Some(writing.order.order.currency),
        reason,
        lines: wanted,
        note: Some(draft.note.clone()).filter(|note| !note.is_empty()),
        evidence: draft.evidence.clone(),
        metadata: std::collections::BTreeMap::new(),
        expected_remaining_minor: None,
        key: Some((scope, digest)),
    })
}

/// Where the customer goes on when the request was not taken. Nothing was changed, and nothing that was typed is lost.
async fn not_taken(visit: &Visit, writing: &Writing, refusal: Refusal) -> Result<HttpResponse, Refusal> {
    let is_one_of = |codes: &[Code]| codes.contains(&refusal.code);
    if is_one_of(&[Code::ExceedsRemaining, Code::Remaining, Code::Body, Code::AmountRange]) {
        back_to_the_amount(visit, writing)
    } else if is_one_of(&[Code::NotCaptured, Code::ChargedBack, Code::SplitTender]) {
        Ok(to(&order_address(&writing.order.order.order_id)))
    } else if is_one_of(&[Code::Unavailable, Code::InProgress, Code::Rate]) {
        let trouble = visit.page.t("customer-check-unavailable");
        let files = writing.evidence(visit).await?;
        written(StatusCode::SERVICE_UNAVAILABLE, &screen(visit, writing, &files, Some(trouble)), &visit.page)
    } else if refusal.code == Code::Evidence {
        visit.leave("warning", &visit.page.t("customer-evidence-gone"))?;
        Ok(to(StepName::Evidence.href()))
    } else {
        Err(refusal)
    }
}

fn back_to_the_amount(visit: &Visit, writing: &Writing) -> Result<HttpResponse, Refusal> {
    let most = writing.money(writing.most_minor());
    visit.leave("warning", &visit.page.t1("customer-amount-moved", "most", most))?;
    let step = if writing.lines_still_hold() { StepName::Amount } else { StepName::Items };
    Ok(to(step.href()))
}

fn screen(visit: &Visit, writing: &Writing, files: &[EvidenceRow], trouble: Option<String>) -> Check {
    let page = &visit.page;
    let lang = page.lang();
    let time = time_words(&lang, visit.desk.timelines.of(writing.rail));
    let amount = writing.money(writing.amount_minor());
    Check {
        step: writing.step(StepName::Check),
        faults: Faults::none(),
        trouble,
        amount: Amount::of(&lang, amount),
        amount_words: lang.money(amount),
        answers: answers(page, writing, files),
        when: page.t1(&term("customer-check-when-", writing.rail.as_str()), "time", time),
        key: writing.draft.key.clone(),
        page: page.clone(),
    }
}

fn answers(page: &Page, writing: &Writing, files: &[EvidenceRow]) -> Vec<Answer> {
    let lang = page.lang();
    let draft = &writing.draft;
    let answer = |id: &str, lines: Vec<String>, step: StepName| Answer {
        name: page.t(id),
        lines,
        change: Some(step.href().to_owned()),
    };
    let chosen = |line: &draft::ChosenLine| {
        let state = writing.order.lines.iter().find(|state| state.line.line_id == line.line_id);
        let name = state.map_or(line.line_id.as_str(), |state| state.line.description.as_str());
        if line.quantity > 1 {
            page.t2("customer-check-item", "quantity", line.quantity, "item", name)
        } else {
            name.to_owned()
        }
    };
    let items = if writing.is_everything() {
        vec![page.t("customer-check-everything")]
    } else {
        draft.lines.iter().map(chosen).collect()
    };
    let note = if draft.note.is_empty() {
        vec![page.t("customer-check-no-note")]
    } else {
        draft.note.lines().map(str::to_owned).collect()
    };
    let reason = draft.reason.map(|reason| reason_for_customers(&lang, reason)).unwrap_or_default();
    let amount = lang.money(writing.money(writing.amount_minor()));
    let mut answers = vec![
        answer("customer-check-reason", vec![reason], StepName::Reason),
        answer("customer-check-note", note, StepName::Reason),
        answer("customer-check-amount", vec![amount], StepName::Amount),
        answer("customer-check-evidence", shown_files(page, files), StepName::Evidence),
    ];
    if writing.steps().contains(&StepName::Items) {
        answers.insert(0, answer("customer-check-items", items, StepName::Items));
    }
    answers
}

fn shown_files(page: &Page, files: &[EvidenceRow]) -> Vec<String> {
    if files.is_empty() {
        return vec![page.t("customer-check-no-evidence")];
    }
    FileItem::all(&page.lang(), files.iter()).into_iter().map(|file| file.name).collect()
}
