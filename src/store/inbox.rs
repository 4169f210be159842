//! What arrived from processors: stored raw and sealed, once per event, applied later at our own pace.

use diesel::prelude::*;

use super::prepared;
use super::schema::inbox;
use super::{Conn, StoreError, Tx};

/// An event as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = inbox)]
pub struct InboxRow {
    /// Its id.
    pub inbox_id: String,
    /// The account that it came for.
    pub account: String,
    /// The processor's id of the event; once per account.
    pub event_id: String,
    /// The processor's word for its type.
    pub event_type: String,
    /// The unified event, encrypted under the house's key.
    pub sealed_body: Vec<u8>,
    /// When it happened, by the processor's clock, in microseconds.
    pub occurred_at: i64,
    /// When it arrived, in microseconds of business time.
    pub received_at: i64,
    /// `waiting`, `leased`, `applied`, `ignored`, `unmatched` or `dead`.
    pub status: String,
    /// The refund that it was about, once known.
    pub refund_id: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// Not before, in microseconds of real time.
    pub due_at: i64,
    /// Who holds it.
    pub lease_owner: Option<String>,
    /// Grows with each lease.
    pub fence: i64,
    /// Until when, in microseconds of real time.
    pub lease_until: Option<i64>,
    /// What came of it, in English, without secrets.
    pub note: Option<String>,
    /// The conversation in which it arrived.
    pub correlation_id: String,
}

/// Writes an event; `false` where it was here before.
pub fn insert(tx: &mut Tx<'_>, row: &InboxRow) -> Result<bool, StoreError> {
    let inserted = match &mut **tx {
        Conn::Sqlite(conn) => diesel::insert_or_ignore_into(inbox::table).values(row).execute(conn)?,
        Conn::Postgres(conn) => diesel::insert_into(inbox::table).values(row).on_conflict_do_nothing().execute(conn)?,
    };
    Ok(inserted == 1)
}

/// Takes up to `limit` events that are due, or whose lease ran out, for `lease_us` microseconds from `now`.
pub fn lease(tx: &mut Tx<'_>, owner: &str, now: i64, lease_us: i64, limit: i64) -> Result<Vec<InboxRow>, StoreError> {
    use inbox::dsl;
    let due = dsl::inbox.filter(dsl::status.eq("waiting")).filter(dsl::due_at.le(now)).order(dsl::due_at).limit(limit);
    let expired = dsl::inbox
        .filter(dsl::status.eq("leased"))
        .filter(dsl::lease_until.lt(now))
        .order(dsl::lease_until)
        .limit(limit);
    let mut rows: Vec<InboxRow> = match &mut **tx {
        Conn::Sqlite(conn) => {
            let mut rows: Vec<InboxRow> = due.load(conn)?;
            rows.extend(expired.load::<InboxRow>(conn)?);
            rows
        }
        Conn::Postgres(conn) => {
            let mut rows: Vec<InboxRow> = due.for_update().skip_locked().load(conn)?;
            rows.extend(expired.for_update().skip_locked().load::<InboxRow>(conn)?);
            rows
        }
    };
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    for row in &mut rows {
        row.fence += 1;
        row.attempts += 1;
        row.lease_until = Some(now.saturating_add(lease_us));
        let change = (
            dsl::status.eq("leased"),
            dsl::attempts.eq(row.attempts),
            dsl::fence.eq(row.fence),
            dsl::lease_owner.eq(owner),
            dsl::lease_until.eq(row.lease_until),
        );
        prepared::update(dsl::inbox, dsl::inbox_id.eq(&row.inbox_id), change).execute(&mut **tx)?;
    }
    Ok(rows)
}

/// Ends a lease, if it is still held, with a status and what came of it; `due_at` is for what waits again.
pub fn finish(
    tx: &mut Tx<'_>,
    row: &InboxRow,
    status: &str,
    refund_id: Option<&str>,
    note: Option<&str>,
    due_at: i64,
) -> Result<bool, StoreError> {
    use inbox::dsl;
    let held = dsl::inbox_id.eq(&row.inbox_id).and(dsl::fence.eq(row.fence)).and(dsl::status.eq("leased"));
    let change = (
        dsl::status.eq(status),
        dsl::refund_id.eq(refund_id),
        dsl::note.eq(note),
        dsl::due_at.eq(due_at),
        dsl::lease_owner.eq(None::<String>),
        dsl::lease_until.eq(None::<i64>),
    );
    Ok(prepared::update(dsl::inbox, held, change).execute(&mut **tx)? == 1)
}

/// When the next event is due, if one waits; leases that run out count too.
pub fn next_due(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    use inbox::dsl;
    let waiting: Option<i64> =
        dsl::inbox.filter(dsl::status.eq("waiting")).select(diesel::dsl::min(dsl::due_at)).first(conn)?;
    let leased: Option<i64> = dsl::inbox
        .filter(dsl::status.eq("leased"))
        .select(diesel::dsl::min(dsl::lease_until))
        .first::<Option<i64>>(conn)?;
    Ok([waiting, leased].into_iter().flatten().min())
}

/// Ends every lease on SQLite's single node at start: whoever held them is gone.
pub fn void_leases(tx: &mut Tx<'_>, now: i64) -> Result<usize, StoreError> {
    use inbox::dsl;
    Ok(diesel::update(dsl::inbox)
        .filter(dsl::status.eq("leased"))
        .set(dsl::lease_until.eq(Some(now - 1)))
        .execute(&mut **tx)?)
}

/// Moves what is due later than `latest` to now: a clock that stepped back must not park events for hours.
pub fn pull_in(tx: &mut Tx<'_>, latest: i64, now: i64) -> Result<usize, StoreError> {
    use inbox::dsl;
    Ok(diesel::update(dsl::inbox)
        .filter(dsl::status.eq("waiting"))
        .filter(dsl::due_at.gt(latest))
        .set(dsl::due_at.eq(now))
        .execute(&mut **tx)?)
}

/// The events about a refund, oldest first.
pub fn of_refund(conn: &mut Conn, refund_id: &str) -> Result<Vec<InboxRow>, StoreError> {
    Ok(inbox::table.filter(inbox::refund_id.eq(refund_id)).order(inbox::inbox_id).load(conn)?)
}

/// How many events wait or stopped, by status, and when the oldest of them was due.
pub fn depths(conn: &mut Conn) -> Result<Vec<(String, i64, Option<i64>)>, StoreError> {
    use inbox::dsl;
    Ok(dsl::inbox
        .filter(dsl::status.eq_any(["waiting", "leased", "unmatched", "dead"]))
        .group_by(dsl::status)
        .select((dsl::status, diesel::dsl::count_star(), diesel::dsl::min(dsl::due_at)))
        .load(conn)?)
}
