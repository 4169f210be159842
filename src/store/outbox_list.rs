//! The outbox as people look at it: what waits and what stopped, page by page and by cause. Statuses are asked for one at a
//! time, so that each question has its partial index.

use diesel::prelude::*;

use super::outbox::{OutboxRow, Work};
use super::schema::outbox::{self, dsl};
use super::{Conn, StoreError, Tx};

/// Statuses of rows that stopped and wait for a person.
const STOPPED: [&str; 2] = ["dead", "unknown"];

/// Kind, and how many.
pub type Count = (String, i64);

/// Where a page of what waits ended: when its last row is due, and that row's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Microseconds of real time.
    pub due_at: i64,
    /// The row.
    pub outbox_id: String,
}

/// Why rows stopped: what kind of work, at which account, with which words. Rows of one cause are dealt with together.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// The word of [`Work`].
    pub kind: String,
    /// The provider account, where one was called.
    pub account: Option<String>,
    /// What went wrong last.
    pub error: Option<String>,
}

/// A cause with how many rows it stopped, and when the first of them was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseCount {
    /// The cause.
    pub cause: Cause,
    /// How many.
    pub rows: i64,
    /// In microseconds of real time.
    pub since: Option<i64>,
}

/// How many rows of each kind wait, or are under way.
pub fn counts(conn: &mut Conn, status: &str) -> Result<Vec<Count>, StoreError> {
    Ok(outbox::table
        .filter(dsl::status.eq(status))
        .group_by(dsl::kind)
        .select((dsl::kind, diesel::dsl::count_star()))
        .load(conn)?)
}

/// A page of what waits of one kind, next try first.
pub fn waiting(conn: &mut Conn, work: Work, after: Option<&Mark>, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let of_kind = outbox::table.filter(dsl::kind.eq(work.as_str())).filter(dsl::status.eq("waiting"));
    let order = (dsl::due_at.asc(), dsl::outbox_id.asc());
    Ok(match after {
        None => of_kind.order(order).limit(limit).load(conn)?,
        Some(mark) => {
            let same_moment = dsl::due_at.eq(mark.due_at).and(dsl::outbox_id.gt(&mark.outbox_id));
            let later = dsl::due_at.gt(mark.due_at).or(same_moment);
            // The first condition is what the index is searched by.
            of_kind.filter(dsl::due_at.ge(mark.due_at)).filter(later).order(order).limit(limit).load(conn)?
        }
    })
}

/// What is under way of one kind now.
pub fn under_way(conn: &mut Conn, work: Work, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(outbox::table
        .filter(dsl::kind.eq(work.as_str()))
        .filter(dsl::status.eq("leased"))
        .order(dsl::lease_until)
        .limit(limit)
        .load(conn)?)
}

/// Kind, account, what went wrong, how many rows, and when the oldest of them stopped.
type Counted = (String, Option<String>, Option<String>, i64, Option<i64>);

/// Why rows stopped, the most frequent cause first.
pub fn causes(conn: &mut Conn) -> Result<Vec<CauseCount>, StoreError> {
    let mut found = Vec::new();
    for status in STOPPED {
        let rows: Vec<Counted> = outbox::table
            .filter(dsl::status.eq(status))
            .group_by((dsl::kind, dsl::account, dsl::last_error))
            .select((
                dsl::kind,
                dsl::account,
                dsl::last_error,
                diesel::dsl::count_star(),
                diesel::dsl::min(dsl::finished_at),
            ))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(kind, account, error, rows, since)| {
            let cause = Cause { kind, account, error };
            CauseCount { cause, rows, since }
        }));
    }
    found.sort_by(|one, other| other.rows.cmp(&one.rows).then_with(|| one.cause.cmp(&other.cause)));
    Ok(found)
}

/// A page of rows that stopped, oldest first; of one cause, or of all.
pub fn stopped(conn: &mut Conn, cause: Option<&Cause>, after: &str, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let mut found = Vec::new();
    for status in STOPPED {
        let behind = outbox::table.filter(dsl::status.eq(status)).filter(dsl::outbox_id.gt(after));
        let mut query = behind.order(dsl::outbox_id).limit(limit).into_boxed();
        if let Some(cause) = cause {
            query = query.filter(dsl::kind.eq(&cause.kind));
            query = match &cause.account {
                Some(account) => query.filter(dsl::account.eq(account)),
                None => query.filter(dsl::account.is_null()),
            };
            query = match &cause.error {
                Some(error) => query.filter(dsl::last_error.eq(error)),
                None => query.filter(dsl::last_error.is_null()),
            };
        }
        found.extend(query.load::<OutboxRow>(conn)?);
    }
    found.sort_by(|one, other| one.outbox_id.cmp(&other.outbox_id));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Gives a row up that stopped: nobody tries it again. Whether it had stopped.
pub fn give_up(tx: &mut Tx<'_>, outbox_id: &str, now: i64) -> Result<bool, StoreError> {
    let changed = diesel::update(dsl::outbox.find(outbox_id))
        .filter(dsl::status.eq_any(STOPPED))
        .set((dsl::status.eq("void"), dsl::finished_at.eq(Some(now))))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}
