//! The wrapped keys of evidence: which master key wraps which, and putting one in the place of another. What is erased has
//! none.

use diesel::prelude::*;

use super::convert::word;
use super::schema::evidence;
use super::{Conn, StoreError, Tx};
use crate::domain::id::EvidenceId;

/// A file's key, wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The file.
    pub evidence_id: EvidenceId,
    /// The master key that wraps it.
    pub key_id: String,
    /// The wrapped key.
    pub wrapped_key: String,
}

/// Keys that another master key than this one wraps, in the order of their files, after `after`.
pub fn keys_under_others(conn: &mut Conn, key_id: &str, after: &str, limit: i64) -> Result<Vec<KeyRow>, StoreError> {
    let found: Vec<(String, String, String)> = evidence::table
        .filter(evidence::key_id.ne(key_id))
        .filter(evidence::erased_at.is_null())
        .filter(evidence::evidence_id.gt(after))
        .order(evidence::evidence_id)
        .limit(limit)
        .select((evidence::evidence_id, evidence::key_id, evidence::wrapped_key))
        .load(conn)?;
    found
        .into_iter()
        .map(|(id, key_id, wrapped_key)| {
            Ok(KeyRow { evidence_id: word("evidence.evidence_id", &id)?, key_id, wrapped_key })
        })
        .collect()
}

/// Puts a key that was wrapped anew in the place of what it was wrapped as; `false` where somebody else has meanwhile.
pub fn set_key(tx: &mut Tx<'_>, was: &KeyRow, key_id: &str, wrapped_key: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(evidence::table.find(was.evidence_id.as_str()))
        .filter(evidence::wrapped_key.eq(&was.wrapped_key))
        .set((evidence::key_id.eq(key_id), evidence::wrapped_key.eq(wrapped_key)))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// How many files' keys each master key wraps.
pub fn keys_in_use(conn: &mut Conn) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(evidence::table
        .filter(evidence::erased_at.is_null())
        .group_by(evidence::key_id)
        .select((evidence::key_id, diesel::dsl::count_star()))
        .load(conn)?)
}
