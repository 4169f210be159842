//! Reading a case: the story of a refund with all that helps to decide it. A fixed number of queries.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::read_refunds::{self, Story};
use super::refund_lines::line_states;
use super::refusal::{Code, Refusal};
use crate::domain::access::{Permission, Principal};
use crate::domain::allocation::LineState;
use crate::domain::appeal::Bond;
use crate::domain::id::{EvidenceId, RefundId, UserId};
use crate::domain::order::Customer;
use crate::domain::policy::{Outcome, floors};
use crate::domain::refund::Refund;
use crate::domain::risk::Facts;
use crate::store::messages::{self, MessageRow};
use crate::store::orders::{self, PaymentRow};
use crate::store::refunds::Filter;
use crate::store::reviews::{self, ReviewRow};
use crate::store::{Conn, appeals, customers, decisions, evidence_looks, people, refunds};

pub use crate::store::evidence_looks::LookRow;

/// Other refunds of the customer that are shown.
const HISTORY: i64 = 10;

/// A refund with all that helps to decide it.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Everything that happened to it.
    pub story: Story,
    /// What it waits for, where people decide it or did.
    pub review: Option<ReviewRow>,
    /// The payment that the money comes from.
    pub payment: PaymentRow,
    /// The order's lines with what refunds have taken from them so far.
    pub lines: Vec<LineState>,
    /// All refunds of the order, oldest first.
    pub of_order: Vec<Refund>,
    /// The customer's other refunds, newest first.
    pub history: Vec<Refund>,
    /// Who the customer is, unless erased.
    pub customer: Option<Customer>,
    /// What customer and desk wrote to each other, oldest first.
    pub messages: Vec<MessageRow>,
    /// Who has looked at its files.
    pub looks: Vec<LookRow>,
    /// The facts that the policy saw.
    pub facts: Option<Facts>,
    /// Whether its customer wrote and waits for an answer.
    pub unanswered: bool,
    /// How it is bound to another by an appeal.
    pub bond: Bond,
    /// Who denied what it asks to look at again, as a principal's text.
    pub denied_by: Option<String>,
    /// Names of the people who occur, by their principal's text.
    pub names: BTreeMap<String, String>,
}

impl CaseView {
    /// Whether two people have to approve, by the table and the floors as they were judged when it was asked for.
    pub fn needs_two_approvals(&self) -> bool {
        let by_table = match self.story.view.outcome() {
            Some(Outcome::Review(requirement)) => requirement.approvals > 1,
            Some(Outcome::AutoApprove | Outcome::Deny { .. }) | None => false,
        };
        let mut floors = self.facts.iter().flat_map(floors);
        by_table || floors.any(|(_, floor)| floor.approvals > 1)
    }

    /// When this person opened a file first, where they did.
    pub fn opened_at(&self, evidence_id: &EvidenceId, principal: &str) -> Option<Timestamp> {
        let theirs = self.looks.iter().filter(|look| look.principal == principal && look.manner.opens());
        theirs.filter(|look| look.evidence_id == *evidence_id).map(|look| look.first_at).min()
    }
}

/// The case of a refund.
pub async fn read_case(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<CaseView, Refusal> {
    context.require(Permission::RefundRead)?;
    let (desk_, context, refund_id) = (Arc::clone(desk), context.clone(), refund_id.clone());
    desk.db
        .read(move |conn| {
            let story = read_refunds::story(&desk_, conn, &context, &refund_id)?;
            let refund = &story.view.refund;
            let missing = |what: &str| Refusal::new(Code::Internal).because(format!("a refund without its {what}"));
            let order = orders::find(conn, &refund.order_id)?.ok_or_else(|| missing("order"))?;
            let payments = orders::payments(conn, &refund.order_id)?;
            let payment = payments.into_iter().find(|payment| payment.payment_id == refund.payment_id);
            let of_order = refunds::of_order(conn, &refund.order_id)?;
            let filter = Filter { customer_id: Some(refund.customer_id.clone()), ..Filter::default() };
            let history = refunds::list(conn, &filter, HISTORY + 1)?;
            let facts = story.view.decision.as_ref().and_then(|row| serde_json::from_str(&row.facts).ok());
            let review = reviews::find(conn, &refund_id)?;
            let messages = messages::of_refund(conn, &refund_id)?;
            let bond = appeals::bond_of(conn, &refund_id)?;
            let denied = decisions::decisions_of(conn, bond.denied.as_slice())?.pop();
            let files: Vec<_> = story.view.evidence.iter().map(|file| file.evidence_id.clone()).collect();
            let looks = evidence_looks::of_files(conn, &files)?;
            Ok(CaseView {
                names: names(conn, &story, review.as_ref(), &messages, &looks)?,
                payment: payment.ok_or_else(|| missing("payment"))?,
                lines: line_states(conn, &order, &of_order)?,
                customer: customers::profile(conn, &refund.customer_id)?,
                history: history.into_iter().filter(|other| other.refund_id != refund_id).collect(),
                of_order,
                review,
                messages,
                unanswered: messages::waits(conn, &refund_id)?,
                denied_by: denied.and_then(|decision| decision.decided_by),
                bond,
                looks,
                facts,
                story,
            })
        })
        .await
}

fn names(
    conn: &mut Conn,
    story: &Story,
    review: Option<&ReviewRow>,
    messages: &[MessageRow],
    looks: &[LookRow],
) -> Result<BTreeMap<String, String>, Refusal> {
    let view = &story.view;
    let actors = story.transitions.iter().map(|change| change.actor.as_str());
    let approvers = view.approvals.iter().map(|approval| approval.principal.as_str());
    let writers = view.notes.iter().map(|note| note.author.as_str());
    let correspondents = messages.iter().map(|message| message.author.as_str());
    let givers = view.evidence.iter().map(|file| file.owner.as_str());
    let markers = view.evidence.iter().filter_map(|file| file.unreadable.as_ref()).map(|(by, _)| by.as_str());
    let lookers = looks.iter().map(|look| look.principal.as_str());
    let said = actors.chain(approvers).chain(writers).chain(correspondents).chain([view.refund.created_by.as_str()]);
    let said = said.chain(givers).chain(markers).chain(lookers);
    let claims = review.and_then(|review| review.claim.as_ref()).map(|claim| claim.holder.clone());
    let decided = review.and_then(|review| review.decided.as_ref()).map(|decided| decided.by.clone());
    let mut users: Vec<UserId> = said
        .filter_map(|text| Principal::from_str(text).ok())
        .chain(claims)
        .chain(decided)
        .filter_map(|principal| if let Principal::User(id) = principal { Some(id) } else { None })
        .collect();
    users.sort_unstable();
    users.dedup();
    let found = people::names(conn, &users)?;
    Ok(found.into_iter().map(|(id, name)| (Principal::User(id).to_string(), name)).collect())
}
