//! Another attempt after a failure that may pass: every guard again, a new key. Source: SPEC section 3.

use super::context::Context;
use super::locks::to_move;
use super::moves::{self, Cause, Moved};
use super::refusal::{Code, Refusal};
use crate::domain::id::{Mint, RefundId};
use crate::domain::order::PaymentStatus;
use crate::domain::refund::{Event, Refund, State};
use crate::store::Tx;

/// Starts another attempt within a transaction.
pub(super) fn retry(
    tx: &mut Tx<'_>,
    context: &Context,
    refund_id: &RefundId,
    expected_version: Option<i64>,
    mint: &mut Mint,
) -> Result<(Refund, Option<Moved>), Refusal> {
    let (mut refund, mut payment) = to_move(tx, context, refund_id, expected_version)?;
    if refund.state != State::Failed || !refund.retryable || refund.held {
        return Err(moves::illegal(&refund));
    }
    guard(payment.status)?;
    let cause = Cause { context, actor: context.actor.principal.clone(), reason: "retry", note: None };
    let moved = moves::apply(tx, mint, &mut refund, &mut payment, Event::Retry, &cause)?;
    Ok((refund, moved))
}

/// What the payment must be for money to leave it. What remains is guarded by the database itself.
pub(super) fn guard(status: PaymentStatus) -> Result<(), Refusal> {
    match status {
        PaymentStatus::Captured => Ok(()),
        PaymentStatus::ChargedBack => Err(Refusal::new(Code::ChargedBack)),
        PaymentStatus::Pending | PaymentStatus::Failed | PaymentStatus::Voided => Err(Refusal::new(Code::NotCaptured)),
    }
}
