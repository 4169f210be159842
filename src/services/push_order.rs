//! An order pushed by the merchant: written, or brought up to date; repeats change nothing. Source: SPEC sections 4 and 5.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::crash::{Point, point};
use crate::domain::access::Permission;
use crate::domain::currency::Currency;
use crate::domain::id::{CustomerId, Mint};
use crate::domain::order::{Order, Payment, PaymentStatus, Usage};
use crate::store::orders::{self, OrderRow, PaymentRow};
use crate::store::{Tx, customers, refunds};

/// Lines of one order, and of one request for it, at most; a body of 256 KiB holds about as many.
pub const LINES_MAX: usize = 2_000;

/// What a push did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The order is new.
    Created,
    /// It was changed.
    Changed,
    /// It stood so already.
    Unchanged,
}

/// Writes an order, or brings it up to date.
pub async fn push_order(desk: &Arc<Desk>, context: &Context, order: Order) -> Result<Pushed, Refusal> {
    context.require(Permission::OrderWrite)?;
    check(&order)?;
    let mint = context.mint();
    let context = context.clone();
    let pushed = desk
        .db
        .write(move |tx| {
            let mut mint = mint.clone();
            let pushed = write(tx, &context, &order, &mut mint)?;
            match pushed {
                Pushed::Created => audit(tx, &context, &mut mint, "order.create", &order.order_id)?,
                Pushed::Changed => audit(tx, &context, &mut mint, "order.change", &order.order_id)?,
                Pushed::Unchanged => {}
            }
            point(Point::OrderRecorded);
            Ok::<_, Refusal>(pushed)
        })
        .await?;
    point(Point::OrderCommitted);
    Ok(pushed)
}

/// What no order may be, whatever is known of it.
pub(super) fn check(order: &Order) -> Result<(), Refusal> {
    let mut refusal = Refusal::new(Code::Body);
    if order.lines.len() > LINES_MAX {
        refusal = refusal.and_field("/lines", "field-too-many", &[("max", LINES_MAX.to_string())]);
    }
    if order.payments.is_empty() {
        refusal = refusal.and_field("/payments", "field-required", &[]);
    }
    for (index, line) in order.lines.iter().enumerate() {
        let pointer = format!("/lines/{index}");
        if line.quantity < 1 || line.unit_amount_minor < 0 || line.tax_minor < 0 || line.discount_minor < 0 {
            refusal = refusal.and_field(&pointer, "field-line-negative", &[]);
        } else if line.total_minor().is_none() {
            refusal = refusal.and_field(&pointer, "field-line-total", &[]);
        }
        if order.lines.iter().take(index).any(|other| other.line_id == line.line_id) {
            refusal = refusal.and_field(
                &format!("{pointer}/line_id"),
                "field-line-repeated",
                &[("line", line.line_id.clone())],
            );
        }
    }
    for (index, payment) in order.payments.iter().enumerate() {
        let pointer = format!("/payments/{index}");
        if payment.captured_minor < 0 {
            refusal = refusal.and_field(&format!("{pointer}/captured_minor"), "field-amount-negative", &[]);
        }
        if order.payments.iter().take(index).any(|other| other.payment_id == payment.payment_id) {
            refusal = refusal.and_field(&format!("{pointer}/payment_id"), "field-repeated", &[]);
        }
    }
    if refusal.errors.is_empty() { Ok(()) } else { Err(refusal) }
}

/// Writes an order that was checked. A refusal may leave a part of it written; the caller rolls it back.
pub(super) fn write(tx: &mut Tx<'_>, context: &Context, order: &Order, mint: &mut Mint) -> Result<Pushed, Refusal> {
    let new_customer = CustomerId::from_ulid(mint.next_ulid());
    let customer_id = customers::upsert(tx, &order.customer, &new_customer, context.now)?;
    let digest = digest(order);
    if let Some(found) = orders::find(tx, &order.order_id)?
        && found.digest == digest
        && found.customer_id == customer_id
    {
        return Ok(Pushed::Unchanged);
    }
    match orders::lock(tx, &order.order_id)? {
        None => create(tx, context, order, customer_id, digest),
        Some(found) => change(tx, context, order, found, customer_id, digest),
    }
}

fn create(
    tx: &mut Tx<'_>,
    context: &Context,
    order: &Order,
    customer_id: CustomerId,
    digest: String,
) -> Result<Pushed, Refusal> {
    let (row, payments) = new_rows(context, order, customer_id, digest);
    orders::insert(tx, &row)?;
    orders::insert_lines(tx, &order.order_id, &order.lines)?;
    for (position, (payment, row)) in (0_i64..).zip(order.payments.iter().zip(&payments)) {
        refuse_foreign(tx, &order.order_id, payment)?;
        orders::insert_payment(tx, row, position)?;
    }
    Ok(Pushed::Created)
}

/// The rows of an order that is new.
pub(super) fn new_rows(
    context: &Context,
    order: &Order,
    customer_id: CustomerId,
    digest: String,
) -> (OrderRow, Vec<PaymentRow>) {
    let row = OrderRow {
        order_id: order.order_id.clone(),
        customer_id,
        currency: order.currency,
        placed_at: order.placed_at,
        external_reference: order.external_reference.clone(),
        digest,
        version: 1,
        created_at: context.now,
        updated_at: context.now,
    };
    let payment = |payment| payment_row(order.currency, &order.order_id, payment, Usage::default());
    (row, order.payments.iter().map(payment).collect())
}

fn change(
    tx: &mut Tx<'_>,
    context: &Context,
    order: &Order,
    found: OrderRow,
    customer_id: CustomerId,
    digest: String,
) -> Result<Pushed, Refusal> {
    let known = orders::lock_payments(tx, &order.order_id)?;
    let has_refunds = !refunds::of_order(tx, &order.order_id)?.is_empty();
    if has_refunds && found.currency != order.currency {
        return Err(Refusal::field(Code::Payment, "/currency", "field-payment-fixed"));
    }
    for payment in &known {
        let still_named = order.payments.iter().any(|other| other.payment_id == payment.payment_id);
        if !still_named && has_refunds {
            return Err(Refusal::field(Code::Payment, "/payments", "field-payment-fixed"));
        }
        if !still_named {
            orders::delete_payment(tx, &order.order_id, &payment.payment_id)?;
        }
    }
    for (position, (index, payment)) in (0_i64..).zip(order.payments.iter().enumerate()) {
        refuse_foreign(tx, &order.order_id, payment)?;
        match known.iter().find(|other| other.payment_id == payment.payment_id) {
            None => {
                let row = payment_row(order.currency, &order.order_id, payment, Usage::default());
                orders::insert_payment(tx, &row, position)?;
            }
            Some(before) => {
                let row = changed_payment(order, payment, before, has_refunds, index)?;
                orders::update_payment(tx, &row, position)?;
                warn_of_shortfall(before, &row);
            }
        }
    }
    let row = OrderRow {
        customer_id,
        currency: order.currency,
        placed_at: order.placed_at,
        external_reference: order.external_reference.clone(),
        digest,
        version: found.version + 1,
        updated_at: context.now,
        ..found
    };
    orders::update(tx, &row)?;
    orders::replace_lines(tx, &order.order_id, &order.lines)?;
    Ok(Pushed::Changed)
}

/// What becomes of a known payment. After the first refund its identity is fixed; a chargeback is undone only by the
/// processor, or by the merchant saying when the dispute was closed. Source: SPEC section 4.
fn changed_payment(
    order: &Order,
    payment: &Payment,
    before: &PaymentRow,
    has_refunds: bool,
    index: usize,
) -> Result<PaymentRow, Refusal> {
    let moved_elsewhere = payment.provider_account != before.provider_account
        || payment.connector_transaction_id != before.connector_transaction_id;
    if has_refunds && moved_elsewhere {
        return Err(Refusal::field(
            Code::Payment,
            &format!("/payments/{index}/connector_transaction_id"),
            "field-payment-fixed",
        ));
    }
    let mut row = payment_row(order.currency, &order.order_id, payment, before.usage);
    if before.status == PaymentStatus::ChargedBack && order.dispute_closed_at.is_none() {
        row.status = PaymentStatus::ChargedBack;
    }
    Ok(row)
}

fn payment_row(currency: Currency, order_id: &str, payment: &Payment, used: Usage) -> PaymentRow {
    PaymentRow {
        order_id: order_id.to_owned(),
        payment_id: payment.payment_id.clone(),
        currency,
        provider_account: payment.provider_account.clone(),
        connector_transaction_id: payment.connector_transaction_id.clone(),
        rail: payment.rail,
        status: payment.status,
        captured_at: payment.captured_at,
        usage: Usage { captured_minor: payment.captured_minor, ..used },
    }
}

fn warn_of_shortfall(before: &PaymentRow, after: &PaymentRow) {
    let shortfall_minor = after.usage.shortfall_minor();
    if shortfall_minor > before.usage.shortfall_minor() {
        tracing::error!(
            order_id = %after.order_id,
            payment_id = %after.payment_id,
            shortfall_minor,
            currency = after.currency.code(),
            "a capture shrank below what was refunded of it"
        );
    }
}

/// One processor payment belongs to one order. Source: SPEC section 4.
fn refuse_foreign(tx: &mut Tx<'_>, order_id: &str, payment: &Payment) -> Result<(), Refusal> {
    let found = orders::find_payment_by_transaction(tx, &payment.provider_account, &payment.connector_transaction_id)?;
    match found {
        Some(other) if other.order_id != order_id || other.payment_id != payment.payment_id => Err(foreign()),
        _ => Ok(()),
    }
}

/// The refusal of a processor payment that belongs to another order.
pub(super) fn foreign() -> Refusal {
    Refusal::field(Code::Payment, "/payments", "field-payment-of-other-order")
}

fn audit(tx: &mut Tx<'_>, context: &Context, mint: &mut Mint, action: &str, order_id: &str) -> Result<(), Refusal> {
    let cause = Cause { context, actor: context.actor.principal.clone(), reason: "pushed", note: None };
    moves::audit(tx, mint, &cause, action, &format!("order:{order_id}"), None, None)?;
    Ok(())
}

/// Digest of what the merchant told about the order itself, so that a repeat is known without comparing row by row. Who
/// the customer is stands in an erasable row and is left out.
pub(super) fn digest(order: &Order) -> String {
    let told = format!(
        "{:?}",
        (
            order.currency,
            order.placed_at,
            &order.lines,
            &order.payments,
            &order.external_reference,
            order.dispute_closed_at
        )
    );
    hex::encode(Sha256::digest(told.as_bytes()))
}
