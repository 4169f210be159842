//! What customers wrote and nobody has looked at yet: so that a word about a refund that waits for no decision is seen too.
//! An answer, a decision, or somebody who says that nothing is to be answered takes it from the list.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::locks::to_move;
use super::moves::{self, Cause};
use super::refusal::Refusal;
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{CustomerId, RefundId};
use crate::domain::refund::Refund;
use crate::store::{customers, messages, refunds};

/// Items of a page.
const PAGE: i64 = 50;

/// A refund whose customer waits for an answer.
#[derive(Clone, Debug)]
pub struct Unanswered {
    /// The refund.
    pub refund: Refund,
    /// The customer's name, where it is known.
    pub customer: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

/// A page of them, who waits longest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The items.
    pub items: Vec<Unanswered>,
    /// Behind which the next page begins, where there is one.
    pub next: Option<RefundId>,
}

/// A page of what nobody has looked at; `after` is where the page before ended.
pub async fn list(desk: &Arc<Desk>, context: &Context, after: Option<RefundId>) -> Result<Page, Refusal> {
    context.require(Permission::RefundRead)?;
    desk.db
        .read(move |conn| {
            // One more than shown tells whether there is a next page.
            let mut found = messages::waiting(conn, after.as_ref(), PAGE + 1)?;
            let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let has_more = found.len() > most;
            found.truncate(most);
            let next = found.last().filter(|_| has_more).map(|(refund_id, _)| refund_id.clone());
            let ids: Vec<RefundId> = found.iter().map(|(refund_id, _)| refund_id.clone()).collect();
            let refunds = refunds::find_all(conn, &ids)?;
            let whose: Vec<CustomerId> = refunds.iter().map(|refund| refund.customer_id.clone()).collect();
            let names: BTreeMap<_, _> = customers::names(conn, &whose)?.into_iter().collect();
            let mut refunds: BTreeMap<_, _> =
                refunds.into_iter().map(|refund| (refund.refund_id.clone(), refund)).collect();
            let item = |(refund_id, since): (RefundId, Timestamp)| {
                let refund = refunds.remove(&refund_id)?;
                let customer = names.get(&refund.customer_id).filter(|name| !name.trim().is_empty()).cloned();
                Some(Unanswered { refund, customer, since })
            };
            Ok(Page { items: found.into_iter().filter_map(item).collect(), next })
        })
        .await
}

/// Says that there is nothing to answer. What is not on the list changes nothing.
pub async fn dismiss(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let (context, mint, refund_id) = (context.clone(), context.mint(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let (refund, _) = to_move(tx, &context, &refund_id, None)?;
            if messages::take_off(tx, &refund.refund_id)? {
                let actor = context.actor.principal.clone();
                let cause = Cause { context: &context, actor, reason: "nothing_to_answer", note: None };
                let subject = format!("refund:{refund_id}");
                moves::audit(tx, &mut mint.clone(), &cause, "refund.seen", &subject, None, None)?;
            }
            Ok::<_, Refusal>(())
        })
        .await
}
