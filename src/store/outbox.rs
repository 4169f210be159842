//! What has to leave the house: rows written with the change that caused them, carried out under lease.
//!
//! A lease has an owner, a fencing number that grows with each lease, and an end. Who finishes a row must still hold
//! its fence; a worker that slept past its lease changes nothing. Lease time is the database's own on PostgreSQL.

use diesel::expression::ValidGrouping;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;

use super::prepared;
use super::schema::outbox;
use super::{Conn, StoreError, Tx};
use crate::domain::id::RefundId;
use crate::domain::refund::{UnknownWord, words};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

words! {
    /// What kind of work a row is.
    Work {
        /// Send an attempt to its processor.
        Submit = "submit",
        /// Ask the processor how a pending refund stands.
        Poll = "poll",
        /// Send a letter.
        Mail = "mail",
        /// Ask the virus scanner about a file.
        Scan = "scan",
    }
}

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = outbox)]
pub struct OutboxRow {
    /// Its id.
    pub outbox_id: String,
    /// The word of [`Work`].
    pub kind: String,
    /// At most one row exists for this key.
    pub dedupe_key: String,
    /// The refund that it is about.
    pub refund_id: Option<String>,
    /// The provider account, where one is called.
    pub account: Option<String>,
    /// What to do, as JSON.
    pub payload: String,
    /// `waiting`, `leased`, `done`, `dead`, `unknown` or `void`.
    pub status: String,
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
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was written, in microseconds of real time.
    pub created_at: i64,
    /// When it was done or given up, in microseconds of real time.
    pub finished_at: Option<i64>,
}

/// A row to write.
#[derive(Clone, Debug)]
pub struct NewWork {
    /// Its id.
    pub outbox_id: String,
    /// What kind of work.
    pub work: Work,
    /// At most one row exists for this key.
    pub dedupe_key: String,
    /// The refund that it is about.
    pub refund_id: Option<String>,
    /// The provider account, where one is called.
    pub account: Option<String>,
    /// What to do, as JSON.
    pub payload: String,
    /// Not before, in microseconds of real time.
    pub due_at: i64,
}

/// What the database's clock says, in microseconds since 1970.
#[derive(QueryId, ValidGrouping)]
struct DatabaseClock;

impl Expression for DatabaseClock {
    type SqlType = BigInt;
}

impl<QS> SelectableExpression<QS> for DatabaseClock {}

impl<QS> AppearsOnTable<QS> for DatabaseClock {}

impl QueryFragment<Sqlite> for DatabaseClock {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("CAST(unixepoch('subsec') * 1000000 AS INTEGER)");
        Ok(())
    }
}

impl QueryFragment<Pg> for DatabaseClock {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)");
        Ok(())
    }
}

/// Microseconds of real time, by the clock that leases go by: the server's on PostgreSQL, so that nodes agree.
pub fn lease_clock(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(match conn {
        Conn::Sqlite(conn) => diesel::select(DatabaseClock).get_result(conn)?,
        Conn::Postgres(conn) => diesel::select(DatabaseClock).get_result(conn)?,
    })
}

/// Writes work to be done.
pub fn enqueue(tx: &mut Tx<'_>, work: NewWork) -> Result<(), StoreError> {
    let row = OutboxRow {
        outbox_id: work.outbox_id,
        kind: work.work.to_string(),
        dedupe_key: work.dedupe_key,
        refund_id: work.refund_id,
        account: work.account,
        payload: work.payload,
        status: "waiting".to_owned(),
        attempts: 0,
        due_at: work.due_at,
        lease_owner: None,
        fence: 0,
        lease_until: None,
        last_error: None,
        created_at: work.due_at,
        finished_at: None,
    };
    diesel::insert_into(outbox::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Takes up to `limit` rows that are due, or whose lease ran out, for `lease_us` microseconds from `now`; none that call
/// an account in `except`.
pub fn lease(
    tx: &mut Tx<'_>,
    work: Work,
    owner: &str,
    now: i64,
    lease_us: i64,
    limit: i64,
    except: &[String],
) -> Result<Vec<OutboxRow>, StoreError> {
    use outbox::dsl;
    let due = dsl::outbox
        .filter(dsl::kind.eq(work.as_str()))
        .filter(dsl::status.eq("waiting"))
        .filter(dsl::due_at.le(now))
        .filter(dsl::account.is_null().or(dsl::account.ne_all(except)))
        .order(dsl::due_at)
        .limit(limit);
    let expired = dsl::outbox
        .filter(dsl::kind.eq(work.as_str()))
        .filter(dsl::status.eq("leased"))
        .filter(dsl::lease_until.lt(now))
        .filter(dsl::account.is_null().or(dsl::account.ne_all(except)))
        .order(dsl::lease_until)
        .limit(limit);
    let mut rows: Vec<OutboxRow> = match &mut **tx {
        Conn::Sqlite(conn) => {
            let mut rows: Vec<OutboxRow> = due.load(conn)?;
            rows.extend(expired.load::<OutboxRow>(conn)?);
            rows
        }
        Conn::Postgres(conn) => {
            let mut rows: Vec<OutboxRow> = due.for_update().skip_locked().load(conn)?;
            rows.extend(expired.for_update().skip_locked().load::<OutboxRow>(conn)?);
            rows
        }
    };
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    for row in &mut rows {
        row.fence += 1;
        row.attempts += 1;
        row.lease_until = Some(now.saturating_add(lease_us));
        row.lease_owner = Some(owner.to_owned());
        "leased".clone_into(&mut row.status);
        let change = (
            dsl::status.eq("leased"),
            dsl::attempts.eq(row.attempts),
            dsl::fence.eq(row.fence),
            dsl::lease_owner.eq(&row.lease_owner),
            dsl::lease_until.eq(row.lease_until),
        );
        prepared::update(dsl::outbox, dsl::outbox_id.eq(&row.outbox_id), change).execute(&mut **tx)?;
    }
    Ok(rows)
}

/// Leaves to a person what was under way when its lease ran out: it may have been done, and must not be done twice.
pub fn strand_expired(tx: &mut Tx<'_>, work: Work, now: i64, error: &str) -> Result<usize, StoreError> {
    use outbox::dsl;
    Ok(diesel::update(dsl::outbox)
        .filter(dsl::kind.eq(work.as_str()))
        .filter(dsl::status.eq("leased"))
        .filter(dsl::lease_until.lt(now))
        .set((dsl::status.eq("unknown"), dsl::last_error.eq(Some(error)), dsl::finished_at.eq(Some(now))))
        .execute(&mut **tx)?)
}

/// When the next row of this kind is due, if one waits; leases that run out count too.
pub fn next_due(conn: &mut Conn, work: Work) -> Result<Option<i64>, StoreError> {
    use outbox::dsl;
    let waiting: Option<i64> = dsl::outbox
        .filter(dsl::kind.eq(work.as_str()))
        .filter(dsl::status.eq("waiting"))
        .select(diesel::dsl::min(dsl::due_at))
        .first(conn)?;
    let leased: Option<i64> = dsl::outbox
        .filter(dsl::kind.eq(work.as_str()))
        .filter(dsl::status.eq("leased"))
        .select(diesel::dsl::min(dsl::lease_until))
        .first::<Option<i64>>(conn)?;
    Ok([waiting, leased].into_iter().flatten().min())
}

/// What a lease ends in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Done, never again.
    Done,
    /// Again, not before this moment of real time.
    Again {
        /// Microseconds of real time.
        due_at: i64,
        /// What went wrong.
        error: String,
    },
    /// Out of automatic tries; a person must act.
    Dead {
        /// What went wrong.
        error: String,
    },
    /// Handed over, and whether it was taken is not known; never repeated by itself.
    Unknown {
        /// What went wrong.
        error: String,
    },
}

/// Ends a lease, if it is still held; whether it was. One that was taken over meanwhile changes nothing.
pub fn finish(tx: &mut Tx<'_>, row: &OutboxRow, end: &End, now: i64) -> Result<bool, StoreError> {
    use outbox::dsl;
    let (status, due_at, error) = match end {
        End::Done => ("done", row.due_at, None),
        End::Again { due_at, error } => ("waiting", *due_at, Some(error)),
        End::Dead { error } => ("dead", row.due_at, Some(error)),
        End::Unknown { error } => ("unknown", row.due_at, Some(error)),
    };
    let finished_at = (status != "waiting").then_some(now);
    let held = dsl::outbox_id.eq(&row.outbox_id).and(dsl::fence.eq(row.fence)).and(dsl::status.eq("leased"));
    let change = (
        dsl::status.eq(status),
        dsl::due_at.eq(due_at),
        dsl::last_error.eq(error),
        dsl::lease_owner.eq(None::<String>),
        dsl::lease_until.eq(None::<i64>),
        dsl::finished_at.eq(finished_at),
    );
    Ok(prepared::update(dsl::outbox, held, change).execute(&mut **tx)? == 1)
}

/// Whether the lease under which this row was taken still stands.
pub fn is_held(conn: &mut Conn, row: &OutboxRow) -> Result<bool, StoreError> {
    use outbox::dsl;
    let held = dsl::outbox.find(&row.outbox_id).filter(dsl::fence.eq(row.fence)).filter(dsl::status.eq("leased"));
    Ok(held.count().get_result::<i64>(conn)? == 1)
}

/// Makes waiting or dead work at the processor pointless: the refund is settled otherwise.
pub fn void_of_refund(tx: &mut Tx<'_>, refund_id: &str, now: i64) -> Result<(), StoreError> {
    use outbox::dsl;
    let is_of_processor = dsl::kind.eq(Work::Submit.as_str()).or(dsl::kind.eq(Work::Poll.as_str()));
    let is_open = dsl::status.eq("waiting").or(dsl::status.eq("dead"));
    let pointless = dsl::refund_id.eq(refund_id).and(is_of_processor).and(is_open);
    let change = (dsl::status.eq("void"), dsl::finished_at.eq(Some(now)));
    prepared::update(dsl::outbox, pointless, change).execute(&mut **tx)?;
    Ok(())
}

/// Makes the waiting work of a refund due now.
pub fn hurry(tx: &mut Tx<'_>, refund_id: &str, work: Work, now: i64) -> Result<(), StoreError> {
    use outbox::dsl;
    let waiting = dsl::refund_id.eq(refund_id).and(dsl::kind.eq(work.as_str())).and(dsl::status.eq("waiting"));
    prepared::update(dsl::outbox, waiting, dsl::due_at.eq(now)).execute(&mut **tx)?;
    Ok(())
}

/// Moves what is due later than `latest` to now: a clock that stepped back must not park work for hours.
pub fn pull_in(tx: &mut Tx<'_>, latest: i64, now: i64) -> Result<usize, StoreError> {
    use outbox::dsl;
    Ok(diesel::update(dsl::outbox)
        .filter(dsl::status.eq("waiting"))
        .filter(dsl::due_at.gt(latest))
        .set(dsl::due_at.eq(now))
        .execute(&mut **tx)?)
}

/// Ends every lease on SQLite's single node at start: whoever held them is gone.
pub fn void_leases(tx: &mut Tx<'_>, now: i64) -> Result<usize, StoreError> {
    use outbox::dsl;
    Ok(diesel::update(dsl::outbox)
        .filter(dsl::status.eq("leased"))
        .set(dsl::lease_until.eq(Some(now - 1)))
        .execute(&mut **tx)?)
}

/// The row, if it exists.
pub fn find(conn: &mut Conn, outbox_id: &str) -> Result<Option<OutboxRow>, StoreError> {
    Ok(outbox::table.find(outbox_id).first(conn).optional()?)
}

/// Gives a dead row, or a letter of unknown fate, another chance; whether there was one.
pub fn requeue(tx: &mut Tx<'_>, outbox_id: &str, now: i64) -> Result<bool, StoreError> {
    use outbox::dsl;
    let changed = diesel::update(dsl::outbox.find(outbox_id))
        .filter(dsl::status.eq_any(["dead", "unknown"]))
        .set((
            dsl::status.eq("waiting"),
            dsl::attempts.eq(0_i64),
            dsl::due_at.eq(now),
            dsl::finished_at.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Rows after an id that wait, are under way, or stopped; oldest first.
pub fn open_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    use outbox::dsl;
    Ok(dsl::outbox
        .filter(dsl::status.eq_any(["waiting", "leased", "dead", "unknown"]))
        .filter(dsl::outbox_id.gt(after))
        .order(dsl::outbox_id)
        .limit(limit)
        .load(conn)?)
}

/// Everything about one refund, oldest first.
pub fn of_refund(conn: &mut Conn, refund_id: &str) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(outbox::table.filter(outbox::refund_id.eq(refund_id)).order(outbox::outbox_id).load(conn)?)
}

/// Everything about these refunds of one kind, oldest first.
pub fn of_refunds(conn: &mut Conn, refund_ids: &[RefundId], work: Work) -> Result<Vec<OutboxRow>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(outbox::table
        .filter(outbox::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .filter(outbox::kind.eq(work.as_str()))
        .order(outbox::outbox_id)
        .load(conn)?)
}

/// Kind, status, how many, and when the oldest of them was due.
pub type Depth = (String, String, i64, Option<i64>);

/// How many rows there are of each kind and status that is not over.
pub fn depths(conn: &mut Conn) -> Result<Vec<Depth>, StoreError> {
    use outbox::dsl;
    Ok(dsl::outbox
        .filter(dsl::status.eq_any(["waiting", "leased", "dead", "unknown"]))
        .group_by((dsl::kind, dsl::status))
        .select((dsl::kind, dsl::status, diesel::dsl::count_star(), diesel::dsl::min(dsl::due_at)))
        .load(conn)?)
}

/// How sending to an account goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: String,
    /// Whether these are out of tries; else they wait.
    pub is_dead: bool,
    /// How many there are.
    pub count: i64,
    /// When the oldest of them was written, in microseconds.
    pub since: i64,
}

/// How sending to each account goes, where anything waits or is out of tries.
pub fn standings(conn: &mut Conn) -> Result<Vec<Standing>, StoreError> {
    use diesel::dsl::{count_star, min, sql};
    use diesel::sql_types::Bool;
    use outbox::dsl;
    let mut standings = Vec::new();
    // As they stand in the indexes, so that both engines use them.
    let dead = "(status IN ('dead', 'unknown') AND status = 'dead')";
    for (is_dead, these) in [(false, "(status = 'waiting')"), (true, dead)] {
        let found: Vec<(Option<String>, i64, Option<i64>)> = dsl::outbox
            .filter(sql::<Bool>(these))
            .filter(dsl::kind.eq(Work::Submit.as_str()))
            .group_by(dsl::account)
            .select((dsl::account, count_star(), min(dsl::created_at)))
            .load(conn)?;
        standings.extend(
            found.into_iter().filter_map(|(account, count, since)| {
                Some(Standing { account: account?, is_dead, count, since: since? })
            }),
        );
    }
    Ok(standings)
}
