//! Orders, their lines and payments, and the one statement that makes an over-refund impossible.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_moment, word};
use super::prepared;
use super::schema::{order_lines, orders, payments};
use super::{Conn, StoreError, Tx};
use crate::domain::currency::Currency;
use crate::domain::id::CustomerId;
use crate::domain::order::{Line, PaymentStatus, Rail, Usage};

/// An order's own row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// The merchant's id.
    pub order_id: String,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The merchant's own reference for linking.
    pub external_reference: Option<String>,
    /// Fingerprint of what the merchant pushed, so that a repeat changes nothing.
    pub digest: String,
    /// Grows by one with every change.
    pub version: i64,
    /// When it was first pushed.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// A payment with what it has been used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// The merchant's order.
    pub order_id: String,
    /// The merchant's id of the payment.
    pub payment_id: String,
    /// The order's currency.
    pub currency: Currency,
    /// The account that captured it.
    pub provider_account: String,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// How the payer paid.
    pub rail: Rail,
    /// Where it stands.
    pub status: PaymentStatus,
    /// When it was captured.
    pub captured_at: Option<Timestamp>,
    /// Captured, committed and external amounts.
    pub usage: Usage,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false, table_name = orders)]
pub(super) struct OrderRecord {
    order_id: String,
    customer_id: String,
    currency: String,
    placed_at: i64,
    external_reference: Option<String>,
    digest: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = order_lines)]
pub(super) struct LineRecord {
    order_id: String,
    line_id: String,
    position: i64,
    description: String,
    quantity: i64,
    unit_amount_minor: i64,
    tax_minor: i64,
    discount_minor: i64,
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = payments)]
pub(super) struct PaymentRecord {
    order_id: String,
    payment_id: String,
    position: i64,
    currency: String,
    provider_account: String,
    connector_transaction_id: String,
    rail: String,
    status: String,
    captured_minor: i64,
    captured_at: Option<i64>,
    committed_minor: i64,
    external_minor: i64,
    shortfall_minor: i64,
}

/// The order, if it exists.
pub fn find(conn: &mut Conn, order_id: &str) -> Result<Option<OrderRow>, StoreError> {
    let found: Option<OrderRecord> = orders::table.find(order_id).first(conn).optional()?;
    found.map(OrderRecord::into_row).transpose()
}

/// The order, locked against other writers until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, order_id: &str) -> Result<Option<OrderRow>, StoreError> {
    let found: Option<OrderRecord> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => orders::table.find(order_id).first(conn).optional()?,
        Conn::Postgres(conn) => orders::table.find(order_id).for_no_key_update().first(conn).optional()?,
    };
    found.map(OrderRecord::into_row).transpose()
}

/// The order's lines, in the merchant's order.
pub fn lines(conn: &mut Conn, order_id: &str) -> Result<Vec<Line>, StoreError> {
    let found: Vec<LineRecord> =
        order_lines::table.filter(order_lines::order_id.eq(order_id)).order(order_lines::position).load(conn)?;
    Ok(found.into_iter().map(LineRecord::into_line).collect())
}

/// The order's payments, in the merchant's order.
pub fn payments(conn: &mut Conn, order_id: &str) -> Result<Vec<PaymentRow>, StoreError> {
    let found: Vec<PaymentRecord> =
        payments::table.filter(payments::order_id.eq(order_id)).order(payments::position).load(conn)?;
    found.into_iter().map(PaymentRecord::into_row).collect()
}

/// The order's payments, locked against other writers until the transaction ends.
pub fn lock_payments(tx: &mut Tx<'_>, order_id: &str) -> Result<Vec<PaymentRow>, StoreError> {
    let query = payments::table.filter(payments::order_id.eq(order_id)).order(payments::position);
    let found: Vec<PaymentRecord> = match &mut **tx {
        Conn::Sqlite(conn) => query.load(conn)?,
        Conn::Postgres(conn) => query.for_no_key_update().load(conn)?,
    };
    found.into_iter().map(PaymentRecord::into_row).collect()
}

/// The payment that a processor knows under this id.
pub fn find_payment_by_transaction(
    conn: &mut Conn,
    provider_account: &str,
    connector_transaction_id: &str,
) -> Result<Option<PaymentRow>, StoreError> {
    let found: Option<PaymentRecord> = payments::table
        .filter(payments::provider_account.eq(provider_account))
        .filter(payments::connector_transaction_id.eq(connector_transaction_id))
        .first(conn)
        .optional()?;
    found.map(PaymentRecord::into_row).transpose()
}

/// Payments after one, in the order of orders and payments, each with the shortfall that is declared for it; for checks.
pub fn payments_after(
    conn: &mut Conn,
    order_id: &str,
    payment_id: &str,
    limit: i64,
) -> Result<Vec<(PaymentRow, i64)>, StoreError> {
    let same_order = payments::order_id.eq(order_id).and(payments::payment_id.gt(payment_id));
    let found: Vec<PaymentRecord> = payments::table
        .filter(payments::order_id.gt(order_id).or(same_order))
        .order((payments::order_id, payments::payment_id))
        .limit(limit)
        .load(conn)?;
    found
        .into_iter()
        .map(|record| {
            let shortfall_minor = record.shortfall_minor;
            Ok((record.into_row()?, shortfall_minor))
        })
        .collect()
}

/// Writes an order that is new.
pub fn insert(tx: &mut Tx<'_>, order: &OrderRow) -> Result<(), StoreError> {
    diesel::insert_into(orders::table).values(OrderRecord::from_row(order)).execute(&mut **tx)?;
    Ok(())
}

/// Writes an order that was changed.
pub fn update(tx: &mut Tx<'_>, order: &OrderRow) -> Result<(), StoreError> {
    let changed = diesel::update(orders::table.find(&order.order_id))
        .filter(orders::version.eq(order.version - 1))
        .set(OrderRecord::from_row(order))
        .execute(&mut **tx)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Puts these lines in the place of the order's lines.
pub fn replace_lines(tx: &mut Tx<'_>, order_id: &str, lines: &[Line]) -> Result<(), StoreError> {
    diesel::delete(order_lines::table.filter(order_lines::order_id.eq(order_id))).execute(&mut **tx)?;
    insert_lines(tx, order_id, lines)
}

/// Writes the lines of a new order.
pub fn insert_lines(tx: &mut Tx<'_>, order_id: &str, lines: &[Line]) -> Result<(), StoreError> {
    for (position, line) in (0..).zip(lines) {
        let record = LineRecord::new(order_id, line, position);
        diesel::insert_into(order_lines::table).values(record).execute(&mut **tx)?;
    }
    Ok(())
}

/// Writes a payment that is new, at its place in the merchant's order.
pub fn insert_payment(tx: &mut Tx<'_>, payment: &PaymentRow, position: i64) -> Result<(), StoreError> {
    diesel::insert_into(payments::table).values(PaymentRecord::from_row(payment, position)).execute(&mut **tx)?;
    Ok(())
}

/// Writes what may change of a payment. A capture that shrank below what was committed declares its shortfall, which
/// never makes room: what remains is counted from the capture.
pub fn update_payment(tx: &mut Tx<'_>, payment: &PaymentRow, position: i64) -> Result<(), StoreError> {
    use payments::dsl;
    let record = PaymentRecord::from_row(payment, position);
    diesel::update(dsl::payments.find((&payment.order_id, &payment.payment_id)))
        .set((
            dsl::position.eq(record.position),
            dsl::provider_account.eq(record.provider_account),
            dsl::connector_transaction_id.eq(record.connector_transaction_id),
            dsl::rail.eq(record.rail),
            dsl::status.eq(record.status),
            dsl::captured_minor.eq(record.captured_minor),
            dsl::captured_at.eq(record.captured_at),
            dsl::shortfall_minor.eq(record.shortfall_minor),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Removes a payment that the merchant no longer names; the caller knows that nothing refers to it.
pub fn delete_payment(tx: &mut Tx<'_>, order_id: &str, payment_id: &str) -> Result<(), StoreError> {
    diesel::delete(payments::table.find((order_id, payment_id))).execute(&mut **tx)?;
    Ok(())
}

/// Commits an amount of a captured payment, if that much remains; whether it did. The condition stands in the
/// statement itself, so no code above it can pay more than was captured. Source: SPEC section 4.
pub fn commit_amount(tx: &mut Tx<'_>, order_id: &str, payment_id: &str, amount_minor: i64) -> Result<bool, StoreError> {
    use payments::dsl;
    let has_room = dsl::order_id
        .eq(order_id)
        .and(dsl::payment_id.eq(payment_id))
        .and((dsl::committed_minor + dsl::external_minor + amount_minor).le(dsl::captured_minor))
        .and(dsl::status.eq(PaymentStatus::Captured.as_str()));
    let change = dsl::committed_minor.eq(dsl::committed_minor + amount_minor);
    Ok(prepared::update(dsl::payments, has_room, change).execute(&mut **tx)? == 1)
}

/// Commits an amount that the processor turned out to have paid. What exceeds the capture becomes declared shortfall.
pub fn commit_paid_amount(tx: &mut Tx<'_>, payment: &PaymentRow, amount_minor: i64) -> Result<Usage, StoreError> {
    let committed_minor = payment.usage.committed_minor.saturating_add(amount_minor);
    set_usage(tx, payment, Usage { committed_minor, ..payment.usage })
}

/// Gives a committed amount back to what remains.
pub fn release_amount(tx: &mut Tx<'_>, payment: &PaymentRow, amount_minor: i64) -> Result<Usage, StoreError> {
    let committed_minor = payment.usage.committed_minor.saturating_sub(amount_minor);
    set_usage(tx, payment, Usage { committed_minor, ..payment.usage })
}

/// Writes what a locked payment is used for now; a number that changed since it was read is `Stale`.
fn set_usage(tx: &mut Tx<'_>, payment: &PaymentRow, usage: Usage) -> Result<Usage, StoreError> {
    use payments::dsl;
    let as_read = dsl::order_id
        .eq(&payment.order_id)
        .and(dsl::payment_id.eq(&payment.payment_id))
        .and(dsl::committed_minor.eq(payment.usage.committed_minor))
        .and(dsl::external_minor.eq(payment.usage.external_minor));
    let change = (
        dsl::committed_minor.eq(usage.committed_minor),
        dsl::external_minor.eq(usage.external_minor),
        dsl::shortfall_minor.eq(usage.shortfall_minor()),
    );
    let changed = prepared::update(dsl::payments, as_read, change).execute(&mut **tx)?;
    if changed == 1 { Ok(usage) } else { Err(StoreError::Stale) }
}

impl OrderRecord {
    pub(super) fn from_row(row: &OrderRow) -> Self {
        Self {
            order_id: row.order_id.clone(),
            customer_id: row.customer_id.to_string(),
            currency: row.currency.to_string(),
            placed_at: row.placed_at.as_microsecond(),
            external_reference: row.external_reference.clone(),
            digest: row.digest.clone(),
            version: row.version,
            created_at: row.created_at.as_microsecond(),
            updated_at: row.updated_at.as_microsecond(),
        }
    }

    pub(super) fn into_row(self) -> Result<OrderRow, StoreError> {
        Ok(OrderRow {
            customer_id: word("orders.customer_id", &self.customer_id)?,
            currency: word("orders.currency", &self.currency)?,
            placed_at: moment("orders.placed_at", self.placed_at)?,
            created_at: moment("orders.created_at", self.created_at)?,
            updated_at: moment("orders.updated_at", self.updated_at)?,
            order_id: self.order_id,
            external_reference: self.external_reference,
            digest: self.digest,
            version: self.version,
        })
    }
}

impl LineRecord {
    pub(super) fn new(order_id: &str, line: &Line, position: i64) -> Self {
        Self {
            order_id: order_id.to_owned(),
            line_id: line.line_id.clone(),
            position,
            description: line.description.clone(),
            quantity: line.quantity,
            unit_amount_minor: line.unit_amount_minor,
            tax_minor: line.tax_minor,
            discount_minor: line.discount_minor,
        }
    }

    fn into_line(self) -> Line {
        Line {
            line_id: self.line_id,
            description: self.description,
            quantity: self.quantity,
            unit_amount_minor: self.unit_amount_minor,
            tax_minor: self.tax_minor,
            discount_minor: self.discount_minor,
        }
    }
}

impl PaymentRecord {
    pub(super) fn from_row(row: &PaymentRow, position: i64) -> Self {
        Self {
            order_id: row.order_id.clone(),
            payment_id: row.payment_id.clone(),
            position,
            currency: row.currency.to_string(),
            provider_account: row.provider_account.clone(),
            connector_transaction_id: row.connector_transaction_id.clone(),
            rail: row.rail.to_string(),
            status: row.status.to_string(),
            captured_minor: row.usage.captured_minor,
            captured_at: row.captured_at.map(Timestamp::as_microsecond),
            committed_minor: row.usage.committed_minor,
            external_minor: row.usage.external_minor,
            shortfall_minor: row.usage.shortfall_minor(),
        }
    }

    fn into_row(self) -> Result<PaymentRow, StoreError> {
        Ok(PaymentRow {
            currency: word("payments.currency", &self.currency)?,
            rail: word("payments.rail", &self.rail)?,
            status: word("payments.status", &self.status)?,
            captured_at: optional_moment("payments.captured_at", self.captured_at)?,
            usage: Usage {
                captured_minor: self.captured_minor,
                committed_minor: self.committed_minor,
                external_minor: self.external_minor,
            },
            order_id: self.order_id,
            payment_id: self.payment_id,
            provider_account: self.provider_account,
            connector_transaction_id: self.connector_transaction_id,
        })
    }
}
