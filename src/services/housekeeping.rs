//! What keeps the desk tidy: how much waits, sessions, links and keys that are over, and due times that a clock left in the
//! far future.

use jiff::{SignedDuration, Timestamp};

use super::desk::Desk;
use super::refusal::Refusal;
use crate::store::outbox::{self, Work};
use crate::store::{idempotency, inbox, sessions, staff_links};

/// Nothing is due later than this from now, in microseconds: twice the longest pause of any worker.
const DUE_MAX_US: i64 = 7_200_000_000;

/// Sessions removed in one write at most.
const SESSIONS_MAX: i64 = 500;

/// Links of one kind removed in one write at most.
const LINKS_MAX: i64 = 500;

/// How long an idempotency key is known: 30 days are promised, and a day more, so that a clock that jumps breaks no promise.
const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 31);

/// Keys removed in one write at most, so that nobody waits long for it.
const KEYS_MAX: i64 = 1_000;

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Every kind of work in the outbox: how many rows wait, and for how many seconds the oldest has been due.
    pub outbox: Vec<(Work, i64, i64)>,
    /// Rows of the outbox that wait for a person.
    pub outbox_dead: i64,
    /// Events that wait for a person.
    pub inbox_dead: i64,
}

/// Counts what waits.
pub async fn backlog(desk: &Desk) -> Result<Backlog, Refusal> {
    desk.db
        .read(|conn| {
            let now = outbox::lease_clock(conn)?;
            let depths = outbox::depths(conn)?;
            let stopped = |status: &str| matches!(status, "dead" | "unknown" | "unmatched");
            let kinds = Work::ALL.iter().map(|work| {
                let ours = depths.iter().filter(|(kind, status, ..)| kind == work.as_str() && !stopped(status));
                let (count, oldest) = ours.fold((0, now), |(count, oldest), (_, _, rows, due_at)| {
                    (count + rows, oldest.min(due_at.unwrap_or(now)))
                });
                (*work, count, now.saturating_sub(oldest) / 1_000_000)
            });
            let outbox_dead = depths.iter().filter(|(_, status, ..)| stopped(status)).map(|(_, _, rows, _)| rows).sum();
            let events = inbox::depths(conn)?;
            let inbox_dead = events.iter().filter(|(status, ..)| stopped(status)).map(|(_, rows, _)| rows).sum();
            Ok(Backlog { outbox: kinds.collect(), outbox_dead, inbox_dead })
        })
        .await
}

/// Pulls in what a clock that stepped back left due in the far future; how many rows.
pub async fn pull_in(desk: &Desk) -> Result<usize, Refusal> {
    desk.db
        .write(|tx| {
            let now = outbox::lease_clock(tx)?;
            let latest = now.saturating_add(DUE_MAX_US);
            Ok(outbox::pull_in(tx, latest, now)? + inbox::pull_in(tx, latest, now)?)
        })
        .await
}

/// Removes sessions that ended; how many.
pub async fn purge_sessions(desk: &Desk) -> Result<usize, Refusal> {
    desk.db
        .write(|tx| {
            let now = outbox::lease_clock(tx)?;
            Ok(sessions::purge_sessions(tx, now, SESSIONS_MAX)?)
        })
        .await
}

/// Removes one-time links that are over by business time, of customers and of people at the desk; how many.
pub async fn purge_links(desk: &Desk, now: Timestamp) -> Result<usize, Refusal> {
    desk.db
        .write(move |tx| {
            let of_customers = sessions::purge_links(tx, now, LINKS_MAX)?;
            Ok(of_customers + staff_links::purge(tx, now, LINKS_MAX)?)
        })
        .await
}

/// Forgets idempotency keys whose time is over by business time; how many.
pub async fn purge_keys(desk: &Desk, now: Timestamp) -> Result<usize, Refusal> {
    let before = now.checked_sub(KEYS_KEPT).unwrap_or(Timestamp::MIN);
    let mut forgotten = 0;
    loop {
        let purged = desk.db.write(move |tx| Ok::<_, Refusal>(idempotency::purge(tx, before, KEYS_MAX)?)).await?;
        forgotten += purged;
        if i64::try_from(purged).is_ok_and(|purged| purged < KEYS_MAX) {
            return Ok(forgotten);
        }
    }
}
