//! Reading orders: what was bought, what was captured, what is left of each line and of the whole.

use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::refund_lines;
use super::refusal::{Code, Refusal};
use crate::domain::access::Permission;
use crate::domain::allocation::LineState;
use crate::domain::id::CustomerId;
use crate::domain::order::{Customer, PaymentStatus, RefundStatus, Usage, refund_status};
use crate::domain::refund::Refund;
use crate::store::{Conn, customers, orders, refunds};

pub use crate::store::orders::{OrderRow, PaymentRow};

/// An order with all that belongs to it.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The order itself.
    pub order: OrderRow,
    /// Whose it is, unless erased.
    pub customer: Option<Customer>,
    /// Its lines, with what counting refunds have taken of them.
    pub lines: Vec<LineState>,
    /// Its payments.
    pub payments: Vec<PaymentRow>,
    /// Its refunds, oldest first.
    pub refunds: Vec<Refund>,
}

/// Why no refund can be asked of an order now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRefundable {
    /// Paid by several tenders.
    SplitTender,
    /// A chargeback stands on its payment.
    ChargedBack,
    /// No payment of it was captured.
    NotCaptured,
    /// Everything was given back, or is on its way.
    NothingLeft,
}

impl OrderView {
    /// Captured, committed and external amounts over all its payments that were captured.
    pub fn usage(&self) -> Usage {
        let counted = self.payments.iter().filter(|payment| was_captured(payment.status));
        counted.fold(Usage::default(), |sum, payment| Usage {
            captured_minor: sum.captured_minor.saturating_add(payment.usage.captured_minor),
            committed_minor: sum.committed_minor.saturating_add(payment.usage.committed_minor),
            external_minor: sum.external_minor.saturating_add(payment.usage.external_minor),
        })
    }

    /// What a refund can still be asked for: nothing while the payment is not captured, charged back, or split.
    pub fn remaining_refundable_minor(&self) -> i64 {
        match self.refundable() {
            Ok(payment) => payment.usage.remaining_refundable_minor(),
            Err(_) => 0,
        }
    }

    /// The payment that a refund would come from, or why there is none.
    pub fn refundable(&self) -> Result<&PaymentRow, NotRefundable> {
        let mut captured = self.payments.iter().filter(|payment| payment.status == PaymentStatus::Captured);
        match (captured.next(), captured.next()) {
            (Some(_), Some(_)) => Err(NotRefundable::SplitTender),
            (Some(payment), None) if payment.usage.remaining_refundable_minor() == 0 => Err(NotRefundable::NothingLeft),
            (Some(payment), None) => Ok(payment),
            (None, _) if self.payments.iter().any(|payment| payment.status == PaymentStatus::ChargedBack) => {
                Err(NotRefundable::ChargedBack)
            }
            (None, _) => Err(NotRefundable::NotCaptured),
        }
    }

    /// How much was given back.
    pub fn refund_status(&self) -> RefundStatus {
        refund_status(self.usage())
    }
}

fn was_captured(status: PaymentStatus) -> bool {
    match status {
        PaymentStatus::Captured | PaymentStatus::ChargedBack => true,
        PaymentStatus::Pending | PaymentStatus::Failed | PaymentStatus::Voided => false,
    }
}

/// One order, if it exists and the caller may see it.
pub async fn read_order(desk: &Arc<Desk>, context: &Context, order_id: &str) -> Result<OrderView, Refusal> {
    context.require(Permission::OrderRead)?;
    let (context, order_id) = (context.clone(), order_id.to_owned());
    desk.db
        .read(move |conn| {
            let order = orders::find(conn, &order_id)?.filter(|order| context.may_see(&order.customer_id));
            view(conn, order.ok_or_else(|| Refusal::new(Code::OrderNotFound))?)
        })
        .await
}

/// A customer's order by the number that they know, whatever its case; nothing where it is somebody else's.
pub(super) fn find_for_customer(
    conn: &mut Conn,
    order_id: &str,
    email: &str,
) -> Result<Option<(OrderRow, CustomerId)>, Refusal> {
    let Some(customer_id) = customers::find_by_email(conn, email)? else { return Ok(None) };
    let order = orders::find(conn, order_id.trim())?.filter(|order| order.customer_id == customer_id);
    Ok(order.map(|order| (order, customer_id)))
}

fn view(conn: &mut Conn, order: OrderRow) -> Result<OrderView, Refusal> {
    let refunds = refunds::of_order(conn, &order.order_id)?;
    Ok(OrderView {
        customer: customers::profile(conn, &order.customer_id)?,
        lines: refund_lines::line_states(conn, &order, &refunds)?,
        payments: orders::payments(conn, &order.order_id)?,
        refunds,
        order,
    })
}
