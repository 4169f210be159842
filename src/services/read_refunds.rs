//! Reading refunds: one, a list, and the story of one. A list costs the same few queries whatever its length.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use crate::domain::access::Permission;
use crate::domain::calendar::{Expected, expected_completion};
use crate::domain::id::RefundId;
use crate::domain::policy::{Outcome, Policy, Verdict, decide};
use crate::domain::refund::{Refund, RefundLine};
use crate::domain::risk::Facts;
use crate::store::decisions;
use crate::store::{Conn, attempts, evidence, inbox, ledger, orders, outbox, refunds, trail};

pub use crate::store::attempts::{AttemptRow, CallRow};
pub use crate::store::decisions::{ApprovalRow, DecisionRow, Note};
pub use crate::store::evidence::EvidenceRow;
pub use crate::store::inbox::InboxRow;
pub use crate::store::ledger::EntryRow;
pub use crate::store::outbox::OutboxRow;
pub use crate::store::refunds::Filter;
pub use crate::store::trail::TransitionRow;

/// Items of a page: by default, and at most.
pub const PAGE_DEFAULT: i64 = 50;
/// Items of a page at most.
pub const PAGE_MAX: i64 = 200;

/// A refund with what is shown beside it.
#[derive(Clone, Debug)]
pub struct RefundView {
    /// The refund itself.
    pub refund: Refund,
    /// What was asked for, line by line.
    pub lines: Vec<RefundLine>,
    /// Notes of customer and staff, oldest first.
    pub notes: Vec<Note>,
    /// The files that were given with it, in their order.
    pub evidence: Vec<EvidenceRow>,
    /// What the policy decided.
    pub decision: Option<DecisionRow>,
    /// Approvals by people, void ones too.
    pub approvals: Vec<ApprovalRow>,
    /// The decision with every rule that was read, made anew from the stored facts and version.
    pub verdict: Option<Verdict>,
    /// When the money is expected, once it is approved and while it is not there.
    pub expected: Option<Expected>,
}

impl RefundView {
    /// What the customer said when asking.
    pub fn request_note(&self) -> Option<&str> {
        self.notes.iter().find(|note| note.kind == "request").map(|note| note.body.as_str())
    }

    /// What the policy's outcome was.
    pub fn outcome(&self) -> Option<Outcome> {
        self.decision.as_ref().and_then(|decision| serde_json::from_str(&decision.outcome).ok())
    }
}

/// A page of refunds.
#[derive(Clone, Debug)]
pub struct Page {
    /// The items, newest first.
    pub items: Vec<RefundView>,
    /// Where the next page begins, where there is one.
    pub next: Option<RefundId>,
}

/// Everything that happened to a refund.
#[derive(Clone, Debug)]
pub struct Story {
    /// The refund with what is shown beside it.
    pub view: RefundView,
    /// The decision again, with every rule that was read: made anew from the stored facts and version.
    pub verdict: Option<Verdict>,
    /// State changes, oldest first.
    pub transitions: Vec<TransitionRow>,
    /// Attempts, oldest first.
    pub attempts: Vec<AttemptRow>,
    /// Calls to the processor, oldest first.
    pub calls: Vec<CallRow>,
    /// Events of the processor, oldest first.
    pub events: Vec<InboxRow>,
    /// Ledger entries, oldest first.
    pub entries: Vec<EntryRow>,
    /// Letters and other work, oldest first.
    pub work: Vec<OutboxRow>,
}

/// One refund, if it exists and the caller may see it.
pub async fn read_refund(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<RefundView, Refusal> {
    context.require(Permission::RefundRead)?;
    let (desk_, context, refund_id) = (Arc::clone(desk), context.clone(), refund_id.clone());
    desk.db.read(move |conn| find(&desk_, conn, &context, &refund_id)).await
}

/// All refunds of one order, oldest first.
pub async fn refunds_of_order(desk: &Arc<Desk>, context: &Context, order_id: &str) -> Result<Vec<RefundView>, Refusal> {
    context.require(Permission::RefundRead)?;
    let (desk_, context, order_id) = (Arc::clone(desk), context.clone(), order_id.to_owned());
    desk.db
        .read(move |conn| {
            let order = orders::find(conn, &order_id)?.filter(|order| context.may_see(&order.customer_id));
            let order = order.ok_or_else(|| Refusal::new(Code::OrderNotFound))?;
            let found = refunds::of_order(conn, &order.order_id)?;
            beside(&desk_, conn, found)
        })
        .await
}

/// A page of refunds, newest first; a customer sees their own.
pub async fn list_refunds(desk: &Arc<Desk>, context: &Context, filter: Filter, limit: i64) -> Result<Page, Refusal> {
    context.require(Permission::RefundRead)?;
    let limit = limit.clamp(1, PAGE_MAX);
    let desk_ = Arc::clone(desk);
    let filter = match context.actor.customer_id() {
        Some(customer_id) => Filter { customer_id: Some(customer_id.clone()), ..filter },
        None => filter,
    };
    desk.db
        .read(move |conn| {
            // One more than asked for tells whether there is a next page.
            let mut found = refunds::list(conn, &filter, limit + 1)?;
            let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
            let has_more = found.len() > wanted;
            found.truncate(wanted);
            let next = found.last().filter(|_| has_more).map(|refund| refund.refund_id.clone());
            Ok(Page { items: beside(&desk_, conn, found)?, next })
        })
        .await
}

/// The story of one refund, if it exists and the caller may see it.
pub async fn read_story(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<Story, Refusal> {
    context.require(Permission::RefundRead)?;
    let (desk_, context, refund_id) = (Arc::clone(desk), context.clone(), refund_id.clone());
    desk.db.read(move |conn| story(&desk_, conn, &context, &refund_id)).await
}

/// The story of one refund, if it exists and the caller may see it.
pub(super) fn story(desk: &Desk, conn: &mut Conn, context: &Context, refund_id: &RefundId) -> Result<Story, Refusal> {
    let view = find(desk, conn, context, refund_id)?;
    Ok(Story {
        verdict: view.verdict.clone(),
        transitions: trail::transitions_of(conn, refund_id)?,
        attempts: attempts::of_refund(conn, refund_id)?,
        calls: attempts::calls_of(conn, refund_id)?,
        events: inbox::of_refund(conn, refund_id.as_str())?,
        entries: ledger::of_refund(conn, refund_id)?,
        work: outbox::of_refund(conn, refund_id.as_str())?,
        view,
    })
}

/// The version of a refund alone, for `If-None-Match`: one small query.
pub async fn read_version(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<i64, Refusal> {
    context.require(Permission::RefundRead)?;
    let (context, refund_id) = (context.clone(), refund_id.clone());
    desk.db
        .read(move |conn| {
            let refund = refunds::find(conn, &refund_id)?.filter(|refund| context.may_see(&refund.customer_id));
            Ok(refund.ok_or_else(|| Refusal::new(Code::RefundNotFound))?.version)
        })
        .await
}

/// State changes after a number, for live pages.
pub async fn changes_after(desk: &Arc<Desk>, seq: i64, limit: i64) -> Result<Vec<TransitionRow>, Refusal> {
    desk.db.read(move |conn| Ok(trail::transitions_after(conn, seq, limit)?)).await
}

/// The decisions that stored facts and versions lead to; each version is read once. Nothing where one cannot be read:
/// `policy replay` is where that is told, and the refund itself is still to be shown.
fn decide_all_again(desk: &Desk, conn: &mut Conn, found: &[DecisionRow]) -> Vec<Option<Verdict>> {
    let mut versions: BTreeMap<i64, Option<Arc<Policy>>> = BTreeMap::new();
    found
        .iter()
        .map(|decision| {
            let version = decision.policy_version;
            let policy = versions.entry(version).or_insert_with(|| desk.policy(conn, version).ok()).as_ref()?;
            let facts: Facts = serde_json::from_str(&decision.facts).ok()?;
            Some(decide(policy, &facts))
        })
        .collect()
}

/// The refund with what is shown beside it, if the caller may see it.
pub(super) fn find(
    desk: &Desk,
    conn: &mut Conn,
    context: &Context,
    refund_id: &RefundId,
) -> Result<RefundView, Refusal> {
    let refund = refunds::find(conn, refund_id)?.filter(|refund| context.may_see(&refund.customer_id));
    let refund = refund.ok_or_else(|| Refusal::new(Code::RefundNotFound))?;
    beside(desk, conn, vec![refund])?.pop().ok_or_else(|| Refusal::new(Code::RefundNotFound))
}

/// What is shown beside these refunds, in one query a kind.
fn beside(desk: &Desk, conn: &mut Conn, found: Vec<Refund>) -> Result<Vec<RefundView>, Refusal> {
    let ids: Vec<RefundId> = found.iter().map(|refund| refund.refund_id.clone()).collect();
    let lines = refunds::lines_of(conn, &ids)?;
    let notes = decisions::notes_of(conn, &ids)?;
    let files = evidence::of_refunds(conn, &ids)?;
    let decisions_ = decisions::decisions_of(conn, &ids)?;
    let approvals = decisions::approvals_of(conn, &ids)?;
    let verdicts = decide_all_again(desk, conn, &decisions_);
    let view = |refund: Refund| {
        let id = &refund.refund_id;
        let nth = decisions_.iter().position(|decision| decision.refund_id == *id);
        RefundView {
            lines: of(id, &lines),
            notes: of(id, &notes),
            evidence: of(id, &files),
            decision: nth.and_then(|nth| decisions_.get(nth)).cloned(),
            verdict: nth.and_then(|nth| verdicts.get(nth)).cloned().flatten(),
            approvals: of(id, &approvals),
            expected: expected(desk, &refund),
            refund,
        }
    };
    Ok(found.into_iter().map(view).collect())
}

fn of<T: Clone>(refund_id: &RefundId, all: &[(RefundId, T)]) -> Vec<T> {
    all.iter().filter(|(owner, _)| owner == refund_id).map(|(_, item)| item.clone()).collect()
}

/// When the payer can count on the money: from the approval on, while it is on its way or was just completed.
pub fn expected(desk: &Desk, refund: &Refund) -> Option<Expected> {
    let from: Timestamp = refund.completed_at.or(refund.approved_at)?;
    let may_arrive = refund.state.counts_against_remaining();
    may_arrive.then(|| expected_completion(refund.rail, from, &desk.timelines))
}
