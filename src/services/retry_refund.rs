//! Another attempt after a failure that may pass: every guard again, a new key. Source: SPEC section 3.

use std::sync::Arc;

use super::cancel_refund::check_version;
use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause, Moved};
use super::record_outcome::locked;
use super::refusal::{Code, Refusal};
use crate::domain::access::Permission;
use crate::domain::id::{Mint, RefundId};
use crate::domain::order::PaymentStatus;
use crate::domain::refund::{Event, Refund, State};
use crate::store::Tx;

/// Starts another attempt of a failed refund; answers with it as it stands.
pub async fn retry_refund(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    expected_version: Option<i64>,
) -> Result<Refund, Refusal> {
    context.require(Permission::RefundSubmit)?;
    let mint = context.mint();
    let (refund, moved) = {
        let (context, refund_id) = (context.clone(), refund_id.clone());
        desk.db.write(move |tx| retry(tx, &context, &refund_id, expected_version, &mut mint.clone())).await?
    };
    moves::announce(desk, context, moved.as_slice());
    Ok(refund)
}

/// Starts another attempt within a transaction.
pub(super) fn retry(
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
