//! One-time links for people at the desk: the set-up, an invitation, a new password. Their texts are stored nowhere, only
//! digests, and each is good for its purpose only.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_moment, optional_word, word};
use super::schema::staff_links;
use super::{Conn, StoreError, Tx};
use crate::domain::access::LinkPurpose;
use crate::domain::id::UserId;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffLinkRow {
    /// SHA-256 of its text, in hex.
    pub link_hash: String,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Whose it is; nobody's for the set-up, and where nobody has the address that it was asked for.
    pub user_id: Option<UserId>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used, or put out of use.
    pub used_at: Option<Timestamp>,
}

#[derive(Queryable)]
struct Record {
    link_hash: String,
    purpose: String,
    user_id: Option<String>,
    #[expect(dead_code, reason = "the row's own column; links are judged by their end")]
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

/// Writes a link.
pub fn insert(tx: &mut Tx<'_>, link: &StaffLinkRow, now: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(staff_links::table)
        .values((
            staff_links::link_hash.eq(&link.link_hash),
            staff_links::purpose.eq(link.purpose.as_str()),
            staff_links::user_id.eq(link.user_id.as_ref().map(UserId::as_str)),
            staff_links::created_at.eq(now.as_microsecond()),
            staff_links::expires_at.eq(link.expires_at.as_microsecond()),
            staff_links::used_at.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The link whose text has this digest.
pub fn find(conn: &mut Conn, link_hash: &str) -> Result<Option<StaffLinkRow>, StoreError> {
    let found: Option<Record> = staff_links::table.find(link_hash).first(conn).optional()?;
    found
        .map(|record| {
            Ok(StaffLinkRow {
                purpose: word("staff_links.purpose", &record.purpose)?,
                user_id: optional_word("staff_links.user_id", record.user_id.as_deref())?,
                expires_at: moment("staff_links.expires_at", record.expires_at)?,
                used_at: optional_moment("staff_links.used_at", record.used_at)?,
                link_hash: record.link_hash,
            })
        })
        .transpose()
}

/// Uses a link up; `false` where somebody else did a moment ago.
pub fn use_up(tx: &mut Tx<'_>, link_hash: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(staff_links::table.find(link_hash))
        .filter(staff_links::used_at.is_null())
        .set(staff_links::used_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Puts every open link of a person, or of nobody, out of use that is for this purpose.
pub fn close_all(
    tx: &mut Tx<'_>,
    purpose: LinkPurpose,
    user_id: Option<&UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let open =
        staff_links::table.filter(staff_links::purpose.eq(purpose.as_str())).filter(staff_links::used_at.is_null());
    let used = staff_links::used_at.eq(Some(now.as_microsecond()));
    match user_id {
        Some(user_id) => {
            diesel::update(open.filter(staff_links::user_id.eq(user_id.as_str()))).set(used).execute(&mut **tx)?
        }
        None => diesel::update(open.filter(staff_links::user_id.is_null())).set(used).execute(&mut **tx)?,
    };
    Ok(())
}

/// Removes up to `limit` links that ended before a moment.
pub fn purge(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let ended: Vec<String> = staff_links::table
        .filter(staff_links::expires_at.lt(before.as_microsecond()))
        .limit(limit)
        .select(staff_links::link_hash)
        .load(&mut **tx)?;
    Ok(diesel::delete(staff_links::table.filter(staff_links::link_hash.eq_any(ended))).execute(&mut **tx)?)
}
