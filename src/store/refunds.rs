//! Refunds and the lines that they give back.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{json, moment, optional_moment, optional_word, to_json, word};
use super::prepared;
use super::schema::{refund_lines, refunds};
use super::{Conn, StoreError, Tx};
use crate::domain::allocation::{Parts, Share};
use crate::domain::id::{CustomerId, RefundId};
use crate::domain::money::Money;
use crate::domain::refund::{Reason, Refund, RefundLine, State};

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = refunds)]
pub(super) struct RefundRecord {
    refund_id: String,
    order_id: String,
    payment_id: String,
    customer_id: String,
    amount_minor: i64,
    currency: String,
    reason: String,
    state: String,
    qualifier: Option<String>,
    closure: Option<String>,
    retryable: bool,
    held: bool,
    dead_lettered: bool,
    provider_account: String,
    rail: String,
    connector_transaction_id: String,
    provider_refund_id: Option<String>,
    provider_reference: Option<String>,
    ledger_entry_id: Option<String>,
    attempt: i64,
    created_by: String,
    correlation_id: String,
    error: Option<String>,
    metadata: String,
    message_id: String,
    approved_at: Option<i64>,
    completed_at: Option<i64>,
    version: i64,
    created_at: i64,
    updated_at: i64,
}

/// The refund, if it exists.
pub fn find(conn: &mut Conn, refund_id: &RefundId) -> Result<Option<Refund>, StoreError> {
    let found: Option<RefundRecord> = refunds::table.find(refund_id.as_str()).first(conn).optional()?;
    found.map(RefundRecord::into_refund).transpose()
}

/// What a refund may be known by, besides its id.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// The processor's id, the bank's reference, or the id of the conversation that it was asked in.
    Number(&'a str),
    /// Its amount.
    Amount(Money),
}

/// Refunds that are known so, newest first.
pub fn find_known(conn: &mut Conn, known: &Known<'_>, limit: i64) -> Result<Vec<Refund>, StoreError> {
    let query = refunds::table.order(refunds::refund_id.desc()).limit(limit).into_boxed();
    let query = match known {
        Known::Number(text) => query.filter(
            refunds::provider_refund_id
                .eq(*text)
                .or(refunds::provider_reference.eq(*text))
                .or(refunds::correlation_id.nullable().eq(*text)),
        ),
        Known::Amount(amount) => {
            query.filter(refunds::amount_minor.eq(amount.minor)).filter(refunds::currency.eq(amount.currency.code()))
        }
    };
    let found: Vec<RefundRecord> = query.load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// These refunds, in no order.
pub fn find_all(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<Refund>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<RefundRecord> =
        refunds::table.filter(refunds::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str))).load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// The refund, locked against other writers until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<Option<Refund>, StoreError> {
    let found: Option<RefundRecord> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => refunds::table.find(refund_id.as_str()).first(conn).optional()?,
        Conn::Postgres(conn) => refunds::table.find(refund_id.as_str()).for_no_key_update().first(conn).optional()?,
    };
    found.map(RefundRecord::into_refund).transpose()
}

/// The refund that the processor knows under this id.
pub fn find_by_provider_refund(
    conn: &mut Conn,
    provider_account: &str,
    provider_refund_id: &str,
) -> Result<Option<RefundId>, StoreError> {
    let found: Option<String> = refunds::table
        .filter(refunds::provider_account.eq(provider_account))
        .filter(refunds::provider_refund_id.eq(provider_refund_id))
        .select(refunds::refund_id)
        .first(conn)
        .optional()?;
    optional_word("refunds.refund_id", found.as_deref())
}

/// All refunds of an order, oldest first.
pub fn of_order(conn: &mut Conn, order_id: &str) -> Result<Vec<Refund>, StoreError> {
    let found: Vec<RefundRecord> =
        refunds::table.filter(refunds::order_id.eq(order_id)).order(refunds::created_at).load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// All refunds of these orders.
pub fn of_orders(conn: &mut Conn, order_ids: &[&str]) -> Result<Vec<Refund>, StoreError> {
    if order_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<RefundRecord> =
        refunds::table.filter(refunds::order_id.eq_any(order_ids.iter().copied())).load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// Refunds after an id, in the order of ids; for checks.
pub fn after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Refund>, StoreError> {
    let found: Vec<RefundRecord> =
        refunds::table.filter(refunds::refund_id.gt(after)).order(refunds::refund_id).limit(limit).load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// What a list of refunds is narrowed to; each part that is absent narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in one of these states.
    pub states: Vec<State>,
    /// Only for this reason.
    pub reason: Option<Reason>,
    /// Only of this account.
    pub provider_account: Option<String>,
    /// Only of this customer.
    pub customer_id: Option<CustomerId>,
    /// Asked at or after.
    pub created_from: Option<Timestamp>,
    /// Asked at or before.
    pub created_to: Option<Timestamp>,
    /// Only older than this one: where the page before ended.
    pub before: Option<RefundId>,
}

/// A page of refunds, newest first.
pub fn list(conn: &mut Conn, filter: &Filter, limit: i64) -> Result<Vec<Refund>, StoreError> {
    let mut query = refunds::table.into_boxed();
    if !filter.states.is_empty() {
        query = query.filter(refunds::state.eq_any(filter.states.iter().map(|state| state.as_str())));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(refunds::reason.eq(reason.as_str()));
    }
    if let Some(account) = &filter.provider_account {
        query = query.filter(refunds::provider_account.eq(account.clone()));
    }
    if let Some(customer) = &filter.customer_id {
        query = query.filter(refunds::customer_id.eq(customer.to_string()));
    }
    if let Some(from) = filter.created_from {
        query = query.filter(refunds::created_at.ge(from.as_microsecond()));
    }
    if let Some(to) = filter.created_to {
        query = query.filter(refunds::created_at.le(to.as_microsecond()));
    }
    if let Some(before) = &filter.before {
        query = query.filter(refunds::refund_id.lt(before.to_string()));
    }
    let found: Vec<RefundRecord> = query.order(refunds::refund_id.desc()).limit(limit).load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// Writes a refund that is new.
pub fn insert(tx: &mut Tx<'_>, refund: &Refund) -> Result<(), StoreError> {
    diesel::insert_into(refunds::table).values(RefundRecord::from_refund(refund)?).execute(&mut **tx)?;
    Ok(())
}

/// What can change of a refund; the rest is fixed when it is asked for, and its indexes need not be touched.
#[derive(AsChangeset)]
#[diesel(table_name = refunds, treat_none_as_null = true)]
struct RefundChange {
    amount_minor: i64,
    state: String,
    qualifier: Option<String>,
    closure: Option<String>,
    retryable: bool,
    held: bool,
    dead_lettered: bool,
    provider_refund_id: Option<String>,
    provider_reference: Option<String>,
    ledger_entry_id: Option<String>,
    attempt: i64,
    error: Option<String>,
    message_id: String,
    approved_at: Option<i64>,
    completed_at: Option<i64>,
    version: i64,
    updated_at: i64,
}

/// Writes a refund that was changed; its version has grown by one since it was read, else this is `Stale`.
pub fn update(tx: &mut Tx<'_>, refund: &Refund) -> Result<(), StoreError> {
    let record = RefundRecord::from_refund(refund)?;
    let change = RefundChange {
        amount_minor: record.amount_minor,
        state: record.state,
        qualifier: record.qualifier,
        closure: record.closure,
        retryable: record.retryable,
        held: record.held,
        dead_lettered: record.dead_lettered,
        provider_refund_id: record.provider_refund_id,
        provider_reference: record.provider_reference,
        ledger_entry_id: record.ledger_entry_id,
        attempt: record.attempt,
        error: record.error,
        message_id: record.message_id,
        approved_at: record.approved_at,
        completed_at: record.completed_at,
        version: record.version,
        updated_at: record.updated_at,
    };
    let as_read = refunds::refund_id.eq(refund.refund_id.as_str()).and(refunds::version.eq(refund.version - 1));
    let changed = prepared::update(refunds::table, as_read, change).execute(&mut **tx)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = refund_lines)]
struct LineRecord {
    refund_id: String,
    line_id: String,
    position: i64,
    quantity: i64,
    amount_minor: i64,
    goods_minor: i64,
    tax_minor: i64,
    discount_minor: i64,
    by_line: bool,
}

/// Writes which lines a refund gives back.
pub fn insert_lines(tx: &mut Tx<'_>, refund_id: &RefundId, lines: &[RefundLine]) -> Result<(), StoreError> {
    for (position, line) in (0_i64..).zip(lines) {
        let record = LineRecord {
            refund_id: refund_id.to_string(),
            line_id: line.share.line_id.clone(),
            position,
            quantity: line.share.quantity,
            amount_minor: line.share.amount_minor,
            goods_minor: line.share.parts.goods_minor,
            tax_minor: line.share.parts.tax_minor,
            discount_minor: line.share.parts.discount_minor,
            by_line: line.by_line,
        };
        diesel::insert_into(refund_lines::table).values(record).execute(&mut **tx)?;
    }
    Ok(())
}

/// Puts these lines in the place of those that a refund gave back: its amount was lowered.
pub fn replace_lines(tx: &mut Tx<'_>, refund_id: &RefundId, lines: &[RefundLine]) -> Result<(), StoreError> {
    diesel::delete(refund_lines::table.filter(refund_lines::refund_id.eq(refund_id.as_str()))).execute(&mut **tx)?;
    insert_lines(tx, refund_id, lines)
}

/// The lines that these refunds give back, with the refund that each belongs to.
pub fn lines_of(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<(RefundId, RefundLine)>, StoreError> {
    use refund_lines::dsl;
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<LineRecord> = dsl::refund_lines
        .filter(dsl::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .order((dsl::refund_id, dsl::position))
        .load(conn)?;
    found
        .into_iter()
        .map(|record| {
            let parts = Parts {
                goods_minor: record.goods_minor,
                tax_minor: record.tax_minor,
                discount_minor: record.discount_minor,
            };
            let share =
                Share { line_id: record.line_id, quantity: record.quantity, amount_minor: record.amount_minor, parts };
            Ok((word("refund_lines.refund_id", &record.refund_id)?, RefundLine { share, by_line: record.by_line }))
        })
        .collect()
}

/// What a customer asked recently, newest first, as far as velocity needs it: at most `limit` requests, since more of
/// them change nothing that is judged.
pub fn recent_of_customer(
    conn: &mut Conn,
    customer_id: &CustomerId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Recent>, StoreError> {
    recent(conn, customer_id, since, None, limit)
}

/// A customer's goodwill requests since a moment, newest first.
pub fn recent_goodwill(
    conn: &mut Conn,
    customer_id: &CustomerId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Recent>, StoreError> {
    recent(conn, customer_id, since, Some(Reason::Goodwill), limit)
}

/// What policy facts need to know of an earlier request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recent {
    /// How much was asked.
    pub amount: Money,
    /// Where it stands.
    pub state: State,
    /// When it was asked.
    pub created_at: Timestamp,
}

fn recent(
    conn: &mut Conn,
    customer_id: &CustomerId,
    since: Timestamp,
    reason: Option<Reason>,
    limit: i64,
) -> Result<Vec<Recent>, StoreError> {
    use refunds::dsl;
    let mut query = dsl::refunds
        .filter(dsl::customer_id.eq(customer_id.as_str()))
        .filter(dsl::created_at.ge(since.as_microsecond()))
        .into_boxed();
    if let Some(reason) = reason {
        query = query.filter(dsl::reason.eq(reason.as_str()));
    }
    let found: Vec<(i64, String, String, i64)> = query
        .select((dsl::amount_minor, dsl::currency, dsl::state, dsl::created_at))
        .order(dsl::created_at.desc())
        .limit(limit)
        .load(conn)?;
    found
        .into_iter()
        .map(|(minor, currency, state, created_at)| {
            Ok(Recent {
                amount: Money::new(minor, word("refunds.currency", &currency)?),
                state: word("refunds.state", &state)?,
                created_at: moment("refunds.created_at", created_at)?,
            })
        })
        .collect()
}

impl RefundRecord {
    fn from_refund(refund: &Refund) -> Result<Self, StoreError> {
        Ok(Self {
            refund_id: refund.refund_id.to_string(),
            order_id: refund.order_id.clone(),
            payment_id: refund.payment_id.clone(),
            customer_id: refund.customer_id.to_string(),
            amount_minor: refund.amount.minor,
            currency: refund.amount.currency.to_string(),
            reason: refund.reason.to_string(),
            state: refund.state.to_string(),
            qualifier: refund.qualifier.map(|word| word.to_string()),
            closure: refund.closure.map(|word| word.to_string()),
            retryable: refund.retryable,
            held: refund.held,
            dead_lettered: refund.dead_lettered,
            provider_account: refund.provider_account.clone(),
            rail: refund.rail.to_string(),
            connector_transaction_id: refund.connector_transaction_id.clone(),
            provider_refund_id: refund.provider_refund_id.clone(),
            provider_reference: refund.provider_reference.clone(),
            ledger_entry_id: refund.ledger_entry_id.as_ref().map(ToString::to_string),
            attempt: refund.attempt,
            created_by: refund.created_by.clone(),
            correlation_id: refund.correlation_id.clone(),
            error: refund.error.as_ref().map(to_json).transpose()?,
            metadata: to_json(&refund.metadata)?,
            message_id: refund.message_id.clone(),
            approved_at: refund.approved_at.map(Timestamp::as_microsecond),
            completed_at: refund.completed_at.map(Timestamp::as_microsecond),
            version: refund.version,
            created_at: refund.created_at.as_microsecond(),
            updated_at: refund.updated_at.as_microsecond(),
        })
    }

    pub(super) fn into_refund(self) -> Result<Refund, StoreError> {
        Ok(Refund {
            refund_id: word("refunds.refund_id", &self.refund_id)?,
            customer_id: word("refunds.customer_id", &self.customer_id)?,
            amount: Money::new(self.amount_minor, word("refunds.currency", &self.currency)?),
            reason: word("refunds.reason", &self.reason)?,
            state: word("refunds.state", &self.state)?,
            qualifier: optional_word("refunds.qualifier", self.qualifier.as_deref())?,
            closure: optional_word("refunds.closure", self.closure.as_deref())?,
            rail: word("refunds.rail", &self.rail)?,
            ledger_entry_id: optional_word("refunds.ledger_entry_id", self.ledger_entry_id.as_deref())?,
            error: self.error.as_deref().map(|text| json("refunds.error", text)).transpose()?,
            metadata: json("refunds.metadata", &self.metadata)?,
            approved_at: optional_moment("refunds.approved_at", self.approved_at)?,
            completed_at: optional_moment("refunds.completed_at", self.completed_at)?,
            created_at: moment("refunds.created_at", self.created_at)?,
            updated_at: moment("refunds.updated_at", self.updated_at)?,
            order_id: self.order_id,
            payment_id: self.payment_id,
            retryable: self.retryable,
            held: self.held,
            dead_lettered: self.dead_lettered,
            provider_account: self.provider_account,
            connector_transaction_id: self.connector_transaction_id,
            provider_refund_id: self.provider_refund_id,
            provider_reference: self.provider_reference,
            attempt: self.attempt,
            created_by: self.created_by,
            correlation_id: self.correlation_id,
            message_id: self.message_id,
            version: self.version,
        })
    }
}
