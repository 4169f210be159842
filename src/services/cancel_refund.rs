//! Taking back: a request by its customer (withdrawal), or an approved refund before it is sent (cancellation).

use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause, Moved};
use super::record_outcome::locked;
use super::refusal::{Code, Refusal};
use crate::domain::access::Permission;
use crate::domain::id::{Mint, RefundId};
use crate::domain::refund::{Event, Refund, State};
use crate::store::Tx;

/// Withdraws or cancels, whichever the state allows; answers with the refund as it stands. `409` once it is sent.
pub async fn cancel_refund(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    expected_version: Option<i64>,
) -> Result<Refund, Refusal> {
    context.require(Permission::RefundCancel)?;
    let mint = context.mint();
    let (refund, moved) = {
        let (context, refund_id) = (context.clone(), refund_id.clone());
        desk.db.write(move |tx| cancel(tx, &context, &refund_id, expected_version, &mut mint.clone())).await?
    };
    moves::announce(desk, context, moved.as_slice());
    Ok(refund)
}

/// Withdraws or cancels within a transaction.
pub(super) fn cancel(
    tx: &mut Tx<'_>,
    context: &Context,
    refund_id: &RefundId,
    expected_version: Option<i64>,
    mint: &mut Mint,
) -> Result<(Refund, Option<Moved>), Refusal> {
    let not_found = || Refusal::new(Code::RefundNotFound);
    let (mut refund, mut payment) = locked(tx, refund_id)?.ok_or_else(not_found)?;
    if !context.may_see(&refund.customer_id) {
        return Err(not_found());
    }
    check_version(&refund, expected_version)?;
    let (event, reason) =
        if refund.state == State::Requested { (Event::Withdraw, "withdrawn") } else { (Event::Cancel, "canceled") };
    let cause = Cause { context, actor: context.actor.principal.clone(), reason, note: None };
    let moved = moves::apply(tx, mint, &mut refund, &mut payment, event, &cause)?;
    Ok((refund, moved))
}

/// `412` where the caller has seen another version than the one that stands.
pub(super) fn check_version(refund: &Refund, expected_version: Option<i64>) -> Result<(), Refusal> {
    match expected_version {
        Some(expected) if expected != refund.version => {
            Err(Refusal::new(Code::Version).with("version", refund.version).with("state", refund.state.as_str()))
        }
        _ => Ok(()),
    }
}
