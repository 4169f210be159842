//! The inbox as people look at it: events that could not be applied. Statuses are asked for one at a time, so that each
//! question has its partial index.

use diesel::prelude::*;

use super::inbox::InboxRow;
use super::schema::inbox::{self, dsl};
use super::{Conn, StoreError, Tx};

/// Statuses of events that wait for a person: one that cannot be read, and one about a refund that nobody here knows.
const STOPPED: [&str; 2] = ["dead", "unmatched"];

/// How many events stopped.
pub fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    let mut events = 0;
    for status in STOPPED {
        events += inbox::table.filter(dsl::status.eq(status)).count().get_result::<i64>(conn)?;
    }
    Ok(events)
}

/// Events that stopped, oldest first.
pub fn stopped(conn: &mut Conn, limit: i64) -> Result<Vec<InboxRow>, StoreError> {
    let mut found = Vec::new();
    for status in STOPPED {
        let of_status = inbox::table.filter(dsl::status.eq(status)).order(dsl::inbox_id).limit(limit);
        found.extend(of_status.load::<InboxRow>(conn)?);
    }
    found.sort_by(|one, other| one.inbox_id.cmp(&other.inbox_id));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Gives an event that stopped another chance; the event, where there was one.
pub fn requeue(tx: &mut Tx<'_>, inbox_id: &str, now: i64) -> Result<Option<InboxRow>, StoreError> {
    let changed = diesel::update(dsl::inbox.find(inbox_id))
        .filter(dsl::status.eq_any(STOPPED))
        .set((dsl::status.eq("waiting"), dsl::attempts.eq(0_i64), dsl::due_at.eq(now)))
        .execute(&mut **tx)?;
    if changed == 0 { Ok(None) } else { Ok(inbox::table.find(inbox_id).first(&mut **tx).optional()?) }
}
