//! The status of a refund, as its customer sees it: requested, processing, refunded; live while it moves. What was written
//! about it stands there too, with a form for as long as something can be answered.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::evidence::FileItem;
use super::progress;
use super::reason::reason_for_customers;
use super::step::order_address;
use crate::domain::message::takes_answers;
use crate::domain::refund::{Qualifier, State};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Notice, Stage, StoryEvent, Value, term};
use crate::http::pages::thread::{self, Entry};
use crate::http::pages::visit::{Visit, shown, written};
use crate::services::follow_refund::{Followed, follow};
use crate::services::read_refunds::{RefundView, Story};
use crate::services::refusal::Refusal;

/// The page; the block `status` is what a live update asks for.
#[derive(Template)]
#[template(path = "customer/status.html", blocks = ["status"])]
pub struct Status {
    /// The frame.
    pub page: Page,
    /// What is wrong with what was written.
    pub faults: Faults,
    /// The refund.
    pub refund: StatusView,
    /// What was written and not taken.
    pub typed: String,
    /// The word by which the form is known, so that it is taken once.
    pub form: String,
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
    /// What was written, oldest first.
    pub thread: Vec<Entry>,
    /// Whether something can be written.
    pub may_write: bool,
    /// Whether the request waits for an answer.
    pub is_asked: bool,
    /// Until when we can be asked to look again, in a sentence.
    pub look_again: Option<String>,
    /// The request that asks to look at this one again.
    pub appeal: Option<String>,
    /// The request that this one asks to look at again.
    pub denied: Option<String>,
}

/// Shows the refund; only its changing part where a live page asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let screen = screen(&visit, Faults::none(), String::new(), None).await?;
    if visit.wants_part() { shown(&screen.as_status(), &visit.page) } else { shown(&screen, &visit.page) }
}

/// Shows it as it stands now, with what was written and why that was not taken.
pub async fn shown_with(
    visit: &Visit,
    status: StatusCode,
    faults: Faults,
    typed: String,
    trouble: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let screen = screen(visit, faults, typed, trouble).await?;
    written(status, &screen, &screen.page)
}

async fn screen(visit: &Visit, faults: Faults, typed: String, trouble: Option<String>) -> Result<Status, Refusal> {
    let context = visit.customer()?;
    let followed = follow(&visit.desk, &context, &visit.refund_id()?).await?;
    let page = if faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let mut refund = StatusView::of(&page, &followed);
    if let Some(text) = trouble {
        refund.notices.insert(0, Notice { kind: "warning", text });
    }
    Ok(Status { page, faults, refund, typed, form: visit.edge.ids.mint().to_string() })
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

    /// What the box for words is called.
    pub fn message_label(&self, page: &Page) -> String {
        page.t(if self.is_asked { "customer-message-answer" } else { "customer-message-label" })
    }

    fn of(page: &Page, followed: &Followed) -> Self {
        let lang = page.lang();
        let story = &followed.story;
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
            notices: progress::notices(page, followed),
            facts: facts(page, view),
            files: FileItem::all(&lang, view.evidence.iter()),
            may_add_files: refund.state == State::Requested,
            story: events(page, story),
            may_withdraw: may_withdraw(refund.state),
            thread: thread::for_customer(page, &followed.messages),
            may_write: takes_answers(refund),
            is_asked: refund.qualifier == Some(Qualifier::NeedsInfo),
            look_again: followed
                .look_again_until
                .map(|until| page.t1("customer-appeal-until", "date", lang.date(until))),
            appeal: followed.bond.appeal.as_ref().map(ToString::to_string),
            denied: followed.bond.denied.as_ref().map(ToString::to_string),
        }
    }
}

fn facts(page: &Page, view: &RefundView) -> Vec<Fact> {
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
