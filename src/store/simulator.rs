//! The pages of the simulator's book: its refunds, how often it was called, and the webhooks that it still has to send.
//!
//! Rows only; what the simulator does with them is `providers::simulator`, and what makes a book of them is in `app`.

use diesel::prelude::*;

use super::schema::{simulator_calls, simulator_refunds, simulator_webhooks};
use super::{Conn, StoreError, Tx};

/// A refund in the book. Moments are microseconds since 1970 by the simulator's clock.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = simulator_refunds)]
pub struct RefundPage {
    /// The account that asked.
    pub account: String,
    /// Its reference; with the account the key.
    pub reference: String,
    /// The simulator's id.
    pub connector_refund_id: String,
    /// The payment's id.
    pub connector_transaction_id: String,
    /// How much.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: String,
    /// When it was asked for.
    pub created_at: i64,
    /// Where it stood at first.
    pub first_status: String,
    /// The failure's code, where it had failed then.
    pub first_failure: Option<String>,
    /// From when on it stands otherwise, if ever.
    pub turn_at: Option<i64>,
    /// Where it stands then; there is one exactly where there is a moment.
    pub turn_status: Option<String>,
    /// The failure's code, where it has failed then.
    pub turn_failure: Option<String>,
}

/// A webhook that is still to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = simulator_webhooks)]
pub struct WebhookPage {
    /// Unique for each delivery.
    pub delivery_id: String,
    /// The account whose address and secret are used.
    pub account: String,
    /// The event's id; deliveries may share one.
    pub event_id: String,
    /// The body as it is signed and sent.
    pub body: String,
    /// When it was to be sent first, in microseconds.
    pub due_at: i64,
    /// Whether the first attempt is signed wrongly.
    pub spoiled: bool,
    /// From when on it may be taken: when it is due, or when its lease ends. In microseconds.
    pub free_at: i64,
    /// How often it was taken.
    pub attempts: i64,
}

/// Which refunds are listed; what is not set does not filter.
#[derive(Clone, Debug, Default)]
pub struct RefundFilter {
    /// Of this account.
    pub account: Option<String>,
    /// With this reference.
    pub reference: Option<String>,
    /// Of this payment.
    pub connector_transaction_id: Option<String>,
    /// Created at or after this microsecond.
    pub from: Option<i64>,
    /// Created before this microsecond.
    pub to: Option<i64>,
    /// After the refund with this creation time and id.
    pub after: Option<(i64, String)>,
    /// At most so many.
    pub limit: i64,
}

/// Writes a refund with its webhooks, unless its account and reference are known; the known one in that case.
pub fn insert_refund(
    tx: &mut Tx<'_>,
    refund: &RefundPage,
    webhooks: &[WebhookPage],
) -> Result<Option<RefundPage>, StoreError> {
    let inserted = match &mut **tx {
        Conn::Sqlite(conn) => diesel::insert_or_ignore_into(simulator_refunds::table).values(refund).execute(conn)?,
        Conn::Postgres(conn) => {
            diesel::insert_into(simulator_refunds::table).values(refund).on_conflict_do_nothing().execute(conn)?
        }
    };
    if inserted == 0 {
        let known = simulator_refunds::table.find((&refund.account, &refund.reference)).first(&mut **tx)?;
        return Ok(Some(known));
    }
    for webhook in webhooks {
        diesel::insert_into(simulator_webhooks::table).values(webhook).execute(&mut **tx)?;
    }
    Ok(None)
}

/// Counts one more call under a reference; the count.
pub fn count_call(tx: &mut Tx<'_>, account: &str, reference: &str) -> Result<i64, StoreError> {
    use simulator_calls::dsl;
    let first = (dsl::account.eq(account), dsl::reference.eq(reference), dsl::calls.eq(0_i64));
    match &mut **tx {
        Conn::Sqlite(conn) => diesel::insert_or_ignore_into(dsl::simulator_calls).values(first).execute(conn)?,
        Conn::Postgres(conn) => {
            diesel::insert_into(dsl::simulator_calls).values(first).on_conflict_do_nothing().execute(conn)?
        }
    };
    diesel::update(dsl::simulator_calls.find((account, reference)))
        .set(dsl::calls.eq(dsl::calls + 1))
        .execute(&mut **tx)?;
    Ok(dsl::simulator_calls.find((account, reference)).select(dsl::calls).first(&mut **tx)?)
}

/// The refund with this id, where the account asked for it.
pub fn find_refund(
    conn: &mut Conn,
    account: &str,
    connector_refund_id: &str,
) -> Result<Option<RefundPage>, StoreError> {
    use simulator_refunds::dsl;
    Ok(dsl::simulator_refunds
        .filter(dsl::connector_refund_id.eq(connector_refund_id))
        .filter(dsl::account.eq(account))
        .first(conn)
        .optional()?)
}

/// Refunds that fit, by creation time, then by id.
pub fn list_refunds(conn: &mut Conn, filter: &RefundFilter) -> Result<Vec<RefundPage>, StoreError> {
    use simulator_refunds::dsl;
    let mut query =
        dsl::simulator_refunds.order((dsl::created_at, dsl::connector_refund_id)).limit(filter.limit).into_boxed();
    if let Some(account) = &filter.account {
        query = query.filter(dsl::account.eq(account));
    }
    if let Some(reference) = &filter.reference {
        query = query.filter(dsl::reference.eq(reference));
    }
    if let Some(id) = &filter.connector_transaction_id {
        query = query.filter(dsl::connector_transaction_id.eq(id));
    }
    if let Some(from) = filter.from {
        query = query.filter(dsl::created_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(dsl::created_at.lt(to));
    }
    if let Some((at, id)) = &filter.after {
        let later = dsl::created_at.gt(at).or(dsl::created_at.eq(at).and(dsl::connector_refund_id.gt(id)));
        // The first condition alone lets the index be entered at the right place.
        query = query.filter(dsl::created_at.ge(at)).filter(later);
    }
    Ok(query.load(conn)?)
}

/// Whether a webhook may be taken now, and when the next of the others may be. What is free later than `horizon` was
/// written by a clock that stepped back, and may be taken.
pub fn look_for_webhooks(conn: &mut Conn, now: i64, horizon: i64) -> Result<(bool, Option<i64>), StoreError> {
    use simulator_webhooks::dsl;
    let first: Option<i64> = dsl::simulator_webhooks.select(diesel::dsl::min(dsl::free_at)).first(conn)?;
    let last: Option<i64> = dsl::simulator_webhooks.select(diesel::dsl::max(dsl::free_at)).first(conn)?;
    let is_free = first.is_some_and(|at| at <= now) || last.is_some_and(|at| at > horizon);
    Ok((is_free, next_free(conn, now)?))
}

/// Takes webhooks that are free, longest free first, and keeps them until `lease_until`; their attempt is counted.
pub fn take_webhooks(
    tx: &mut Tx<'_>,
    now: i64,
    horizon: i64,
    lease_until: i64,
    limit: i64,
) -> Result<Vec<WebhookPage>, StoreError> {
    use simulator_webhooks::dsl;
    let free = dsl::simulator_webhooks
        .filter(dsl::free_at.le(now).or(dsl::free_at.gt(horizon)))
        .order(dsl::free_at)
        .limit(limit);
    let mut taken: Vec<WebhookPage> = match &mut **tx {
        Conn::Sqlite(conn) => free.load(conn)?,
        Conn::Postgres(conn) => free.for_update().skip_locked().load(conn)?,
    };
    for webhook in &mut taken {
        webhook.attempts += 1;
        webhook.free_at = lease_until;
        diesel::update(dsl::simulator_webhooks.find(&webhook.delivery_id))
            .set((dsl::attempts.eq(webhook.attempts), dsl::free_at.eq(lease_until)))
            .execute(&mut **tx)?;
    }
    Ok(taken)
}

/// When the next webhook is free after `now`, if one waits.
pub fn next_free(conn: &mut Conn, now: i64) -> Result<Option<i64>, StoreError> {
    use simulator_webhooks::dsl;
    Ok(dsl::simulator_webhooks.filter(dsl::free_at.gt(now)).select(diesel::dsl::min(dsl::free_at)).first(conn)?)
}

/// Ends the delivery of a webhook: over, or free again from a moment on.
pub fn settle_webhook(tx: &mut Tx<'_>, delivery_id: &str, again_at: Option<i64>) -> Result<(), StoreError> {
    use simulator_webhooks::dsl;
    let row = dsl::simulator_webhooks.find(delivery_id);
    match again_at {
        Some(at) => diesel::update(row).set(dsl::free_at.eq(at)).execute(&mut **tx)?,
        None => diesel::delete(row).execute(&mut **tx)?,
    };
    Ok(())
}
