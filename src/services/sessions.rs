//! Sessions of people and customers: kept on the server, found by the digest of the cookie's value, ended by idleness and
//! by age. What a session holds is the pages' business; here it is text.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::desk::Desk;
use super::refusal::Refusal;
use crate::store::sessions::{self, SessionRow};

/// A session that nobody uses ends after this time. Source: OWASP ASVS 5.0, chapter 7.
pub const IDLE_MAX: SignedDuration = SignedDuration::from_hours(1);
/// However busy, nobody stays signed in longer than a working day.
pub const AGE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// Use is noted at most this often, so that reading pages does not write rows.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What a session holds; nothing where there is none, or it is over. `now` is real time, as always in this file.
pub async fn load(desk: &Desk, key: &str, now: Timestamp) -> Result<Option<String>, Refusal> {
    let hash = digest(key);
    let found = desk.db.read(move |conn| sessions::find_session(conn, &hash)).await.map_err(Refusal::from)?;
    Ok(found.filter(|session| is_standing(session, now)).map(|session| session.state))
}

/// Begins a session under a key that was never used before.
pub async fn begin(
    desk: &Desk,
    key: &str,
    principal: Option<String>,
    state: String,
    now: Timestamp,
) -> Result<(), Refusal> {
    let now_us = now.as_microsecond();
    let session = SessionRow {
        session_hash: digest(key),
        principal,
        state,
        created_at: now_us,
        seen_at: now_us,
        expires_at: now_us.saturating_add(microseconds(IDLE_MAX)),
    };
    desk.db.write(move |tx| sessions::insert_session(tx, &session)).await.map_err(Refusal::from)
}

/// Writes what a session holds now; `false` where it was ended meanwhile, by its owner or by somebody who may.
pub async fn keep(
    desk: &Desk,
    key: &str,
    principal: Option<String>,
    state: String,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let hash = digest(key);
    let written = desk.db.write(move |tx| {
        let Some(before) = sessions::find_session(tx, &hash)? else { return Ok(false) };
        let now_us = now.as_microsecond();
        let session = SessionRow {
            principal: principal.clone(),
            state: state.clone(),
            seen_at: now_us,
            expires_at: now_us.saturating_add(microseconds(IDLE_MAX)),
            ..before
        };
        sessions::update_session(tx, &session)
    });
    written.await.map_err(|error: crate::store::StoreError| error.into())
}

/// Notes that a session is used, so that it does not end by idleness.
pub async fn touch(desk: &Desk, key: &str, now: Timestamp) -> Result<(), Refusal> {
    let hash = digest(key);
    let now_us = now.as_microsecond();
    let noted_before = now_us.saturating_sub(microseconds(TOUCH_EVERY));
    let read_hash = hash.clone();
    let found = desk.db.read(move |conn| sessions::find_session(conn, &read_hash)).await.map_err(Refusal::from)?;
    if found.is_none_or(|session| session.seen_at > noted_before) {
        return Ok(());
    }
    let expires_at = now_us.saturating_add(microseconds(IDLE_MAX));
    desk.db.write(move |tx| sessions::touch_session(tx, &hash, now_us, expires_at)).await.map_err(Refusal::from)
}

/// Ends a session, everywhere at once.
pub async fn end(desk: &Desk, key: &str) -> Result<(), Refusal> {
    let hash = digest(key);
    desk.db.write(move |tx| sessions::delete_session(tx, &hash)).await.map_err(Refusal::from)
}

/// Whether a session is neither idle for too long nor too old.
pub(super) fn is_standing(session: &SessionRow, now: Timestamp) -> bool {
    now.as_microsecond() < session.expires_at.min(ends_at_most(session))
}

/// By which a session is found.
fn digest(key: &str) -> String {
    hex::encode(Sha256::digest(key))
}

fn ends_at_most(session: &SessionRow) -> i64 {
    session.created_at.saturating_add(microseconds(AGE_MAX))
}

fn microseconds(time: SignedDuration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
