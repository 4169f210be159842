//! One refund: its facts, why it was decided as it was, its story, and what this person may do with it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::story;
use super::trace::{self, TraceLine};
use crate::domain::access::Permission;
use crate::domain::refund::{Qualifier, State};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Notice, StoryEvent, Tag, Value, rail_words, reason_words};
use crate::http::pages::visit::{Visit, written};
use crate::services::Context;
use crate::services::read_refunds::{self, RefundView as Read, Story};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "desk/refund.html")]
pub struct RefundPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The refund.
    pub refund: RefundView,
    /// What was written for colleagues.
    pub note: String,
}

/// The refund as the desk sees it.
pub struct RefundView {
    /// Its id.
    pub id: String,
    /// Its version, which the forms carry so that nobody decides about what they have not seen.
    pub version: i64,
    /// How much.
    pub amount: Amount,
    /// The same in a sentence.
    pub amount_words: String,
    /// Where it stands.
    pub tag: Tag,
    /// Reason and order, in one line.
    pub summary: String,
    /// What to know now.
    pub notices: Vec<Notice>,
    /// What the customer wrote.
    pub note: Option<String>,
    /// The policy's reasoning.
    pub trace: Vec<TraceLine>,
    /// Which policy and rule.
    pub trace_source: String,
    /// What happened, newest first.
    pub story: Vec<StoryEvent>,
    /// Whether this person can decide it.
    pub may_decide: bool,
    /// Whether this person can take it back.
    pub may_cancel: bool,
    /// Whether this person can start another attempt.
    pub may_retry: bool,
    /// Why they may not decide, where they may not.
    pub blocked: Option<String>,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// What was not accepted, and what had been written.
#[derive(Default)]
pub struct Attempted {
    /// What is wrong with the form.
    pub faults: Faults,
    /// The note.
    pub note: String,
    /// Why it was not done, where the form was right.
    pub trouble: Option<String>,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown_with(&visit, StatusCode::OK, Attempted::default()).await
}

/// Shows it as it stands now, with what was written and why that was not done.
pub async fn shown_with(visit: &Visit, status: StatusCode, attempted: Attempted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let story = read_refunds::read_story(&visit.desk, &context, &visit.refund_id()?).await?;
    let page = if attempted.faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let mut refund = RefundView::of(visit, &context, &story).await?;
    if let Some(text) = attempted.trouble {
        refund.notices.insert(0, Notice { kind: "warning", text });
    }
    let screen = RefundPage { page: page.clone(), faults: attempted.faults, refund, note: attempted.note };
    written(status, &screen, &page)
}

impl RefundView {
    async fn of(visit: &Visit, context: &Context, read: &Story) -> Result<Self, Refusal> {
        let page = &visit.page;
        let lang = page.lang();
        let refund = &read.view.refund;
        let reason = reason_words(&lang, refund.reason);
        let blocked = blocked(page, context, &read.view);
        let waits = refund.state == State::Requested && context.actor.may(Permission::RefundDecide);
        let decision = read.view.decision.as_ref();
        let source = |row: &str, version: i64| page.t2("desk-refund-policy", "version", version, "rule", row);
        Ok(Self {
            id: refund.refund_id.to_string(),
            version: refund.version,
            amount: Amount::of(&lang, refund.amount),
            amount_words: lang.money(refund.amount),
            tag: Tag::of(&lang, refund.state, refund.qualifier),
            summary: page.t2("desk-refund-summary", "reason", reason, "order", refund.order_id.as_str()),
            notices: notices(page, &read.view),
            note: read.view.request_note().map(str::to_owned),
            trace: read.verdict.as_ref().map(|verdict| trace::lines(page, verdict)).unwrap_or_default(),
            trace_source: decision.map(|row| source(&row.rule, row.policy_version)).unwrap_or_default(),
            story: story::events(visit, read).await?,
            may_decide: waits && blocked.is_none(),
            may_cancel: refund.state == State::Approved && context.actor.may(Permission::RefundCancel),
            may_retry: refund.state == State::Failed && refund.retryable && context.actor.may(Permission::RefundSubmit),
            blocked: blocked.filter(|_| waits),
            facts: facts(page, &read.view),
        })
    }
}

/// Why this person may not decide. Who may not decide anything is told by the absence of the form.
fn blocked(page: &Page, context: &Context, view: &Read) -> Option<String> {
    let me = context.actor.principal.to_string();
    if view.refund.created_by == me {
        return Some(page.t("desk-refund-own"));
    }
    let approved = view.approvals.iter().any(|approval| approval.principal == me && !approval.voided);
    approved.then(|| page.t("desk-refund-approved-before"))
}

fn notices(page: &Page, view: &Read) -> Vec<Notice> {
    let second = view.refund.qualifier == Some(Qualifier::AwaitingSecond);
    let given = view.approvals.iter().any(|approval| !approval.voided);
    let awaiting = (second && given).then(|| Notice { kind: "info", text: page.t("desk-refund-awaiting-second") });
    awaiting.into_iter().collect()
}

fn facts(page: &Page, view: &Read) -> Vec<Fact> {
    let lang = page.lang();
    let refund = &view.refund;
    let id = |name: &str, value: &str| Fact::new(&lang, name, Value::Id(value.to_owned()));
    let moment = |name: &str, at| Fact::new(&lang, name, Value::Moment(Moment::of(&lang, at)));
    let mut facts = vec![
        id("desk-fact-refund", refund.refund_id.as_str()),
        id("desk-fact-order", &refund.order_id),
        Fact::words(&lang, "desk-fact-reason", reason_words(&lang, refund.reason)),
        Fact::words(&lang, "desk-fact-rail", rail_words(&lang, refund.rail)),
        moment("desk-fact-asked", refund.created_at),
        moment("desk-fact-updated", refund.updated_at),
    ];
    facts.extend(view.expected.map(|expected| Fact::words(&lang, "desk-fact-expected", lang.date(expected.to))));
    facts.push(Fact::words(&lang, "desk-fact-account", refund.provider_account.clone()));
    facts.push(id("desk-fact-transaction", &refund.connector_transaction_id));
    facts.extend(refund.provider_refund_id.as_deref().map(|text| id("desk-fact-provider-refund", text)));
    facts.extend(refund.provider_reference.as_deref().map(|text| id("desk-fact-bank-reference", text)));
    facts.extend(refund.error.as_ref().map(|error| Fact::words(&lang, "desk-fact-error", error.message.clone())));
    facts
}
