//! One refund, on one page for everybody at the desk: its facts, why it was decided as it was, its story, and what this
//! person may do with it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use jiff::Timestamp;

use super::capacity::Capacity;
use super::facts;
use super::files::{self, Eyes, FileCard};
use super::queue::Due;
use super::story::{self, Kind, who};
use super::trace::{self, TraceLine};
use crate::domain::access::Permission;
use crate::domain::refund::{Qualifier, State};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Notice, StoryEvent, Tag, reason_words};
use crate::http::pages::visit::{Visit, shown, written};
use crate::services::Context;
use crate::services::read_case::{CaseView, read_case};
use crate::services::refusal::Refusal;

/// The page; `claim` and `work` are what a live page asks for.
#[derive(Template)]
#[template(path = "desk/refund.html", blocks = ["claim", "work"])]
pub struct RefundPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The refund.
    pub refund: RefundView,
    /// What was written for colleagues.
    pub note: String,
    /// What was written for the customer.
    pub message: String,
    /// The word by which the form of letters is known.
    pub form: String,
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
    /// The order.
    pub order_href: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// When it was asked for.
    pub asked: Moment,
    /// When it is due, while it waits.
    pub due: Option<Due>,
    /// What to know now.
    pub notices: Vec<Notice>,
    /// What is left on the payment.
    pub capacity: Capacity,
    /// What the customer wrote.
    pub note: Option<String>,
    /// The lines of the order and what is taken from each.
    pub lines: Vec<facts::LineRow>,
    /// What its customer or the shop has sent to show it.
    pub files: Vec<FileCard>,
    /// Where it is compared with what was approved, while it waits and somebody has approved.
    pub review_href: Option<String>,
    /// When this page was made and of which version, for paper.
    pub printed: String,
    /// Requests that this one may repeat.
    pub twins: Vec<facts::Other>,
    /// The customer's other refunds.
    pub history: Vec<facts::Other>,
    /// The policy's reasoning.
    pub trace: Vec<TraceLine>,
    /// Which policy and rule.
    pub trace_source: String,
    /// By which kinds the story can be narrowed.
    pub kinds: Vec<Kind>,
    /// What happened, newest first.
    pub story: Vec<StoryEvent>,
    /// Who works on it.
    pub claim: Claim,
    /// Whether this person can decide it.
    pub may_decide: bool,
    /// Whether this person can write notes and messages.
    pub may_write: bool,
    /// Until when this person can undo their decision, in words.
    pub may_undo: Option<String>,
    /// Whether this person can take it back.
    pub may_cancel: bool,
    /// Whether this person can start another attempt.
    pub may_retry: bool,
    /// Why they may not decide, where they may not.
    pub blocked: Option<String>,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// Who works on a request.
#[derive(Default)]
pub struct Claim {
    /// Whether it waits for anybody.
    pub open: bool,
    /// That this person has it, and for how long.
    pub mine: Option<Held>,
    /// Who else has it, and for how long.
    pub theirs: Option<Held>,
}

/// A claim that stands.
pub struct Held {
    /// Whose it is, in words.
    pub words: String,
    /// Until when, as machines read it.
    pub until: String,
    /// How long that is from now, in words.
    pub left: String,
}

/// What was not accepted, and what had been written.
#[derive(Default)]
pub struct Attempted {
    /// What is wrong with the form.
    pub faults: Faults,
    /// The note.
    pub note: String,
    /// The message to the customer.
    pub message: String,
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
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let page = if attempted.faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let show = visit.query("show");
    let mut refund = RefundView::of(&page, &context, &case, Eyes::of(visit, &context), show.as_deref());
    if let Some(text) = attempted.trouble {
        refund.notices.insert(0, Notice { kind: "warning", text });
    }
    let screen = RefundPage {
        page: page.clone(),
        faults: attempted.faults,
        refund,
        note: attempted.note,
        message: attempted.message,
        form: visit.edge.ids.mint().to_string(),
    };
    written(status, &screen, &page)
}

/// The part of the page that a live page asks for: the claim, or where it was lost all that hangs on it.
pub async fn part_of(visit: &Visit, is_theirs: bool) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let page = visit.page.clone();
    let screen = RefundPage {
        page: page.clone(),
        faults: Faults::none(),
        refund: RefundView::of(&page, &context, &case, Eyes::of(visit, &context), None),
        note: String::new(),
        message: String::new(),
        form: visit.edge.ids.mint().to_string(),
    };
    if is_theirs { shown(&screen.as_claim(), &page) } else { shown(&screen.as_work(), &page) }
}

impl RefundView {
    fn of(page: &Page, context: &Context, case: &CaseView, eyes: Eyes, show: Option<&str>) -> Self {
        let lang = page.lang();
        let view = &case.story.view;
        let refund = &view.refund;
        let reason = reason_words(&lang, refund.reason);
        let blocked = blocked(page, context, case);
        let decides = context.actor.may(Permission::RefundDecide);
        let decided = case.review.as_ref().and_then(|review| review.decided.as_ref());
        let waits = refund.state == State::Requested && decided.is_none();
        let show = show.and_then(|word| story::KINDS.into_iter().find(|kind| *kind == word));
        let source = |row: &str, version: i64| page.t2("desk-refund-policy", "version", version, "rule", row);
        let mine = decided.filter(|decided| decided.by == context.actor.principal);
        let left_s = mine.map(|decided| decided.until.as_second() - context.system_now.as_second());
        Self {
            id: refund.refund_id.to_string(),
            version: refund.version,
            amount: Amount::of(&lang, refund.amount),
            amount_words: lang.money(refund.amount),
            tag: Tag::of(&lang, refund.state, refund.qualifier),
            summary: page.t2("desk-refund-summary", "reason", reason, "order", refund.order_id.as_str()),
            order_href: facts::order_address(&refund.order_id),
            customer: case.customer.as_ref().map(|who| who.name.clone()).filter(|name| !name.trim().is_empty()),
            asked: Moment::of(&lang, refund.created_at),
            due: case.review.as_ref().filter(|_| waits).map(|review| Due::of(page, review.due_at, context.now)),
            notices: notices(page, case),
            capacity: Capacity::of(page, case),
            note: view.request_note().map(str::to_owned),
            lines: facts::lines(page, case),
            files: files::cards(page, case, eyes),
            review_href: (waits && !view.approvals.is_empty())
                .then(|| format!("/desk/refunds/{}/review", refund.refund_id)),
            printed: page.t2("desk-printed", "at", lang.datetime(context.now), "version", refund.version),
            twins: facts::twins(page, case),
            history: facts::history(page, case),
            trace: view.verdict.as_ref().map(|verdict| trace::lines(page, verdict)).unwrap_or_default(),
            trace_source: view.decision.as_ref().map(|row| source(&row.rule, row.policy_version)).unwrap_or_default(),
            kinds: story::kinds(page, refund.refund_id.as_str(), show),
            story: story::events(page, case, show),
            claim: Claim::of(page, context, case),
            may_decide: waits && decides && blocked.is_none(),
            may_write: decides,
            may_undo: left_s.filter(|left| *left > 0).map(|left| page.t1("desk-undo-left", "seconds", left)),
            may_cancel: refund.state == State::Approved && context.actor.may(Permission::RefundCancel),
            may_retry: refund.state == State::Failed && refund.retryable && context.actor.may(Permission::RefundSubmit),
            blocked: blocked.filter(|_| waits && decides),
            facts: facts::facts(page, view).into_iter().chain(facts::bond(page, &case.bond)).collect(),
        }
    }
}

impl Claim {
    /// Who works on the case, seen by this person.
    pub fn of(page: &Page, context: &Context, case: &CaseView) -> Self {
        let open = context.actor.may(Permission::RefundDecide)
            && case.review.as_ref().is_some_and(|review| review.closed_at.is_none() && review.decided.is_none());
        let claim = case.review.as_ref().and_then(|review| review.claim.as_ref());
        let Some(claim) = claim.filter(|claim| claim.stands(context.system_now)) else {
            return Self { open, mine: None, theirs: None };
        };
        let minutes = (claim.until.as_second() - context.system_now.as_second()).div_euclid(60).max(1);
        let is_mine = claim.holder == context.actor.principal;
        let words = if is_mine {
            page.t("queue-claim-mine")
        } else {
            page.t1("queue-claim-held", "name", who(page, case, &claim.holder.to_string()))
        };
        let until = Moment::of(&page.lang(), claim.until).iso;
        let held = Some(Held { words, until, left: page.t1("desk-time-minutes", "minutes", minutes) });
        if is_mine { Self { open, mine: held, theirs: None } } else { Self { open, mine: None, theirs: held } }
    }
}

/// Why this person may not decide. Who may not decide anything is told by the absence of the form.
pub fn blocked(page: &Page, context: &Context, case: &CaseView) -> Option<String> {
    let view = &case.story.view;
    let me = context.actor.principal.to_string();
    if view.refund.created_by == me {
        return Some(page.t("desk-refund-own"));
    }
    if case.denied_by.as_deref() == Some(me.as_str()) {
        return Some(page.t("desk-refund-denied-before"));
    }
    let came_later = |at: Option<Timestamp>| at.is_some_and(|at| at > view.refund.created_at);
    if view.evidence.iter().any(|file| file.owner == me && came_later(file.attached_at)) {
        return Some(page.t("desk-refund-adjusted"));
    }
    let approved = view.approvals.iter().any(|approval| approval.principal == me && !approval.voided);
    approved.then(|| page.t("desk-refund-approved-before"))
}

fn notices(page: &Page, case: &CaseView) -> Vec<Notice> {
    let view = &case.story.view;
    let mut notices = Vec::new();
    let mut tell = |kind, text| notices.push(Notice { kind, text });
    if case.bond.denied.is_some() && view.refund.state == State::Requested {
        tell("info", page.t("desk-refund-appeal"));
    }
    if let Some(decided) = case.review.as_ref().and_then(|review| review.decided.as_ref()) {
        let name = who(page, case, &decided.by.to_string());
        tell("info", page.t1("desk-refund-decided", "name", name));
    }
    match view.refund.qualifier {
        Some(Qualifier::AwaitingSecond) if view.approvals.iter().any(|approval| !approval.voided) => {
            tell("info", page.t("desk-refund-awaiting-second"));
        }
        Some(Qualifier::NeedsInfo) => tell("info", page.t("desk-refund-needs-info")),
        Some(Qualifier::Unknown) => tell("warning", page.t("desk-refund-unknown")),
        Some(Qualifier::Held) => tell("failure", page.t("desk-refund-held")),
        Some(Qualifier::DeadLettered) => tell("failure", page.t("desk-refund-dead")),
        Some(Qualifier::Deferred) => tell("info", page.t("desk-refund-deferred")),
        _ => {}
    }
    notices
}
