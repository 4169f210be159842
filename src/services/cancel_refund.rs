//! Taking back: a request by its customer (withdrawal), or an approved refund before it is sent (cancellation).

use super::context::Context;
use super::locks::to_move;
use super::moves::{self, Cause, Moved};
use super::refusal::Refusal;
use crate::domain::id::{Mint, RefundId};
use crate::domain::refund::{Event, Refund, State};
use crate::store::Tx;

/// Withdraws or cancels within a transaction.
pub(super) fn cancel(
    tx: &mut Tx<'_>,
    context: &Context,
    refund_id: &RefundId,
    expected_version: Option<i64>,
    mint: &mut Mint,
) -> Result<(Refund, Option<Moved>), Refusal> {
    let (mut refund, mut payment) = to_move(tx, context, refund_id, expected_version)?;
    let (event, reason) =
        if refund.state == State::Requested { (Event::Withdraw, "withdrawn") } else { (Event::Cancel, "canceled") };
    let cause = Cause { context, actor: context.actor.principal.clone(), reason, note: None };
    let moved = moves::apply(tx, mint, &mut refund, &mut payment, event, &cause)?;
    Ok((refund, moved))
}
