//! The status of a refund, as its customer sees it: requested, processing, refunded; live while it moves.

use actix_web::HttpResponse;
use askama::Template;

use super::evidence::FileItem;
use super::progress;
use super::reason::reason_for_customers;
use super::step::order_address;
use crate::domain::refund::State;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Notice, Stage, StoryEvent, Value, term};
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_refunds::{self, Story};
use crate::services::refusal::Refusal;

/// The page; the block `status` is what a live update asks for.
#[derive(Template)]
#[template(path = "customer/status.html", blocks = ["status"])]
pub struct Status {
    /// The frame.
    pub page: Page,
    /// The refund.
    pub refund: StatusView,
}

/// The refund as its customer sees it.
pub struct StatusView {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// Its version when this page was made.
    pub version: i64,
    /// Id of the heading.
    pub heading: &'static str,
    /// What is spoken when it changed.
    pub announcement: String,
    /// Whether it may still move by itself.
    pub moving: bool,
    /// Whether it ended without money given back.
    pub ended: bool,
    /// How much.
    pub amount: Amount,
    /// The tracker.
    pub stages: Vec<Stage>,
    /// What to know now.
    pub notices: Vec<Notice>,
    /// The facts.
    pub facts: Vec<Fact>,
    /// The files that were given with it.
    pub files: Vec<FileItem>,
    /// Whether more can be given.
    pub may_add_files: bool,
    /// What happened, newest first.
    pub story: Vec<StoryEvent>,
    /// Whether it can be withdrawn.
    pub may_withdraw: bool,
}

/// Shows the refund; only its changing part where a live page asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let story = read_refunds::read_story(&visit.desk, &context, &visit.refund_id()?).await?;
    let screen = Status { page: visit.page.clone(), refund: StatusView::of(&visit.page, &story) };
    if visit.wants_part() { shown(&screen.as_status(), &visit.page) } else { shown(&screen, &visit.page) }
}

/// Whether a refund may still move by itself, so that it is worth watching.
pub fn is_moving(state: State) -> bool {
    match state {
        State::Requested | State::Approved | State::Submitting | State::ProviderPending => true,
        State::Completed | State::Failed | State::Canceled => false,
    }
}

/// Whether its customer can still take it back.
pub fn may_withdraw(state: State) -> bool {
    match state {
        State::Requested | State::Approved => true,
        State::Submitting | State::ProviderPending | State::Completed | State::Failed | State::Canceled => false,
    }
}

impl StatusView {
    /// The order's page.
    pub fn order_href(&self) -> String {
        order_address(&self.order_id)
    }

    fn of(page: &Page, story: &Story) -> Self {
        let lang = page.lang();
        let view = &story.view;
        let refund = &view.refund;
        let heading = progress::heading(refund);
        let amount = lang.money(refund.amount);
        Self {
            id: refund.refund_id.to_string(),
            order_id: refund.order_id.clone(),
            version: refund.version,
            heading,
            announcement: page.t2("customer-announce", "status", page.t(heading), "amount", amount),
            moving: is_moving(refund.state),
            ended: matches!(refund.state, State::Failed | State::Canceled),
            amount: Amount::of(&lang, refund.amount),
            stages: progress::stages(page, view),
            notices: progress::notices(page, view),
            facts: facts(page, view),
            files: FileItem::all(&lang, view.evidence.iter()),
            may_add_files: refund.state == State::Requested,
            story: events(page, story),
            may_withdraw: may_withdraw(refund.state),
        }
    }
}

fn facts(page: &Page, view: &read_refunds::RefundView) -> Vec<Fact> {
    let lang = page.lang();
    let refund = &view.refund;
    let back_to = page.t(term("customer-back-to-", refund.rail.as_str()));
    let mut facts = vec![Fact::words(&lang, "customer-fact-reason", reason_for_customers(&lang, refund.reason))];
    facts.extend(view.request_note().map(|note| Fact::new(&lang, "customer-check-note", Value::Note(note.to_owned()))));
    facts.extend([
        Fact::new(&lang, "customer-fact-asked", Value::Moment(Moment::of(&lang, refund.created_at))),
        Fact::words(&lang, "customer-fact-back-to", back_to),
    ]);
    if let Some(expected) = view.expected.filter(|_| is_moving(refund.state)) {
        facts.push(Fact::words(&lang, "customer-fact-expected", lang.date(expected.to)));
    }
    facts.push(Fact::new(&lang, "customer-fact-reference", Value::Id(refund.refund_id.to_string())));
    if let Some(reference) = &refund.provider_reference {
        facts.push(Fact::new(&lang, "customer-fact-bank-reference", Value::Id(reference.clone())));
    }
    facts
}

/// What of the story is the customer's: every change of state once, newest first, without who at the desk did it.
fn events(page: &Page, story: &Story) -> Vec<StoryEvent> {
    let lang = page.lang();
    let told = story.transitions.iter().rev().filter_map(|transition| {
        let (kind, id) = customer_event(&transition.event)?;
        let at = Moment::of(&lang, transition.at);
        Some(StoryEvent { kind, what: page.t(id), at, who: None, words: None })
    });
    told.collect()
}

fn customer_event(event: &str) -> Option<(&'static str, &'static str)> {
    Some(match event {
        "create" => ("person", "customer-event-requested"),
        "approve" => ("step", "customer-event-approved"),
        "submit" => ("step", "customer-event-submitted"),
        "accepted" => ("step", "customer-event-pending"),
        "succeeded" | "turned_out_paid" => ("money", "customer-event-completed"),
        "failed_retryable" | "failed_final" => ("trouble", "customer-event-failed"),
        "retry" => ("step", "customer-event-retried"),
        "deny" => ("trouble", "customer-event-denied"),
        "withdraw" => ("person", "customer-event-withdrawn"),
        "cancel" | "guard_failed" => ("trouble", "customer-event-canceled"),
        "reversed" => ("trouble", "customer-event-reversed"),
        _silent => return None,
    })
}
