//! Sessions of people and customers, one-time links, and the drafts of requests that are being written.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_moment, optional_word};
use super::schema::{drafts, links, sessions};
use super::{Conn, StoreError, Tx};
use crate::domain::id::CustomerId;

/// A session; the cookie's value is stored nowhere, only its digest.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false, table_name = sessions, treat_none_as_null = true)]
pub struct SessionRow {
    /// SHA-256 of the cookie's value, in hex.
    pub session_hash: String,
    /// Whose, as a principal's text, once signed in.
    pub principal: Option<String>,
    /// What it keeps, as JSON.
    pub state: String,
    /// When it began, in microseconds of real time.
    pub created_at: i64,
    /// When it was used last, in microseconds of real time.
    pub seen_at: i64,
    /// When it ends if it is not used, in microseconds of real time.
    pub expires_at: i64,
}

/// The session with this digest.
pub fn find_session(conn: &mut Conn, session_hash: &str) -> Result<Option<SessionRow>, StoreError> {
    Ok(sessions::table.find(session_hash).first(conn).optional()?)
}

/// Writes a session that is new.
pub fn insert_session(tx: &mut Tx<'_>, session: &SessionRow) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table).values(session).execute(&mut **tx)?;
    Ok(())
}

/// Writes a session that was changed; `false` where it was ended meanwhile.
pub fn update_session(tx: &mut Tx<'_>, session: &SessionRow) -> Result<bool, StoreError> {
    let changed = diesel::update(sessions::table.find(&session.session_hash)).set(session).execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Notes that a session was used.
pub fn touch_session(tx: &mut Tx<'_>, session_hash: &str, seen_at: i64, expires_at: i64) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(session_hash))
        .set((sessions::seen_at.eq(seen_at), sessions::expires_at.eq(expires_at)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Ends a session.
pub fn delete_session(tx: &mut Tx<'_>, session_hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.find(session_hash)).execute(&mut **tx)?;
    Ok(())
}

/// The sessions of somebody, used last first.
pub fn sessions_of(conn: &mut Conn, principal: &str) -> Result<Vec<SessionRow>, StoreError> {
    Ok(sessions::table.filter(sessions::principal.eq(principal)).order(sessions::seen_at.desc()).load(conn)?)
}

/// Ends the sessions of somebody, all of them or all but one; how many.
pub fn delete_sessions_of(tx: &mut Tx<'_>, principal: &str, but: Option<&str>) -> Result<usize, StoreError> {
    let theirs = sessions::table.filter(sessions::principal.eq(principal));
    Ok(match but {
        Some(kept) => diesel::delete(theirs.filter(sessions::session_hash.ne(kept))).execute(&mut **tx)?,
        None => diesel::delete(theirs).execute(&mut **tx)?,
    })
}

/// Removes up to `limit` sessions that ended before a moment.
pub fn purge_sessions(tx: &mut Tx<'_>, before: i64, limit: i64) -> Result<usize, StoreError> {
    let ended: Vec<String> = sessions::table
        .filter(sessions::expires_at.lt(before))
        .limit(limit)
        .select(sessions::session_hash)
        .load(&mut **tx)?;
    Ok(diesel::delete(sessions::table.filter(sessions::session_hash.eq_any(ended))).execute(&mut **tx)?)
}

/// A link that signs somebody in or leads a customer to an order; its text is stored nowhere, only its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// SHA-256 of its text, in hex.
    pub link_hash: String,
    /// `sign_in` (once) or `shop` (until it ends).
    pub purpose: String,
    /// Whom it signs in.
    pub customer_id: Option<CustomerId>,
    /// Where it leads.
    pub order_id: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

#[derive(Queryable)]
struct LinkRecord {
    link_hash: String,
    purpose: String,
    customer_id: Option<String>,
    order_id: Option<String>,
    #[expect(dead_code, reason = "the row's own column; links are judged by their end")]
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

/// Writes a link.
pub fn insert_link(tx: &mut Tx<'_>, link: &LinkRow, now: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(links::table)
        .values((
            links::link_hash.eq(&link.link_hash),
            links::purpose.eq(&link.purpose),
            links::customer_id.eq(link.customer_id.as_ref().map(CustomerId::as_str)),
            links::order_id.eq(&link.order_id),
            links::created_at.eq(now.as_microsecond()),
            links::expires_at.eq(link.expires_at.as_microsecond()),
            links::used_at.eq(link.used_at.map(Timestamp::as_microsecond)),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The link whose text has this digest.
pub fn find_link(conn: &mut Conn, link_hash: &str) -> Result<Option<LinkRow>, StoreError> {
    let found: Option<LinkRecord> = links::table.find(link_hash).first(conn).optional()?;
    found
        .map(|record| {
            Ok(LinkRow {
                customer_id: optional_word("links.customer_id", record.customer_id.as_deref())?,
                expires_at: moment("links.expires_at", record.expires_at)?,
                used_at: optional_moment("links.used_at", record.used_at)?,
                link_hash: record.link_hash,
                purpose: record.purpose,
                order_id: record.order_id,
            })
        })
        .transpose()
}

/// Uses a link up; `false` where somebody else did a moment ago.
pub fn use_link(tx: &mut Tx<'_>, link_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(links::table.find(link_hash))
        .filter(links::used_at.is_null())
        .set(links::used_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Removes up to `limit` links that ended before a moment.
pub fn purge_links(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let ended: Vec<String> = links::table
        .filter(links::expires_at.lt(before.as_microsecond()))
        .limit(limit)
        .select(links::link_hash)
        .load(&mut **tx)?;
    Ok(diesel::delete(links::table.filter(links::link_hash.eq_any(ended))).execute(&mut **tx)?)
}

/// What a customer has typed so far of a request for this order, as JSON.
pub fn find_draft(conn: &mut Conn, customer_id: &CustomerId, order_id: &str) -> Result<Option<String>, StoreError> {
    Ok(drafts::table.find((customer_id.as_str(), order_id)).select(drafts::body).first(conn).optional()?)
}

/// Keeps what a customer has typed so far.
pub fn put_draft(
    tx: &mut Tx<'_>,
    customer_id: &CustomerId,
    order_id: &str,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    delete_draft(tx, customer_id, order_id)?;
    diesel::insert_into(drafts::table)
        .values((
            drafts::customer_id.eq(customer_id.as_str()),
            drafts::order_id.eq(order_id),
            drafts::body.eq(body),
            drafts::updated_at.eq(now.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Forgets what a customer has typed.
pub fn delete_draft(tx: &mut Tx<'_>, customer_id: &CustomerId, order_id: &str) -> Result<(), StoreError> {
    diesel::delete(drafts::table.find((customer_id.as_str(), order_id))).execute(&mut **tx)?;
    Ok(())
}
