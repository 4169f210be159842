//! A refund taken under lock with the payment that it comes from, in the one order that the house locks in.

use super::context::Context;
use super::refusal::{Code, Refusal};
use crate::domain::id::RefundId;
use crate::domain::refund::Refund;
use crate::store::orders::{self, PaymentRow};
use crate::store::{Tx, refunds};

/// The refund with its payment, both locked: payment first, as everywhere (DESIGN section 4).
pub(super) fn locked(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<Option<(Refund, PaymentRow)>, Refusal> {
    let Some(found) = refunds::find(tx, refund_id)? else { return Ok(None) };
    let payments = orders::lock_payments(tx, &found.order_id)?;
    let Some(payment) = payments.into_iter().find(|payment| payment.payment_id == found.payment_id) else {
        return Ok(None);
    };
    Ok(refunds::lock(tx, refund_id)?.map(|refund| (refund, payment)))
}

/// The refund that somebody asks to move, locked with its payment: `404` where there is none that they may see, `412`
/// where they have seen another version than the one that stands.
pub(super) fn to_move(
    tx: &mut Tx<'_>,
    context: &Context,
    refund_id: &RefundId,
    expected_version: Option<i64>,
) -> Result<(Refund, PaymentRow), Refusal> {
    let found = locked(tx, refund_id)?.filter(|(refund, _)| context.may_see(&refund.customer_id));
    let (refund, payment) = found.ok_or_else(|| Refusal::new(Code::RefundNotFound))?;
    match expected_version {
        Some(expected) if expected != refund.version => {
            Err(Refusal::new(Code::Version).with("version", refund.version).with("state", refund.state.as_str()))
        }
        _ => Ok((refund, payment)),
    }
}
