//! Second factors: sealed secrets, the last step that was used, and the digests of recovery codes.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{again_if_taken, optional_moment};
use super::schema::{recovery_codes, second_factors};
use super::{Conn, StoreError, Tx};
use crate::domain::id::UserId;

/// The second factor of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactorRow {
    /// The sealed secret in force.
    pub sealed_secret: Option<String>,
    /// A sealed secret of which no code was given yet, and when it was made.
    pub pending: Option<(String, Timestamp)>,
    /// Since when it is on.
    pub confirmed_at: Option<Timestamp>,
    /// The last step whose code was accepted; this and earlier ones are used up.
    pub last_step: i64,
    /// Wrong codes since the last right one.
    pub wrong_codes: i64,
}

#[derive(Queryable)]
struct Record {
    #[expect(dead_code, reason = "the row's own key; rows are asked for by it")]
    user_id: String,
    sealed_secret: Option<String>,
    pending_secret: Option<String>,
    pending_at: Option<i64>,
    confirmed_at: Option<i64>,
    last_step: i64,
    wrong_codes: i64,
}

/// The second factor of a person, begun or on.
pub fn find(conn: &mut Conn, user_id: &UserId) -> Result<Option<SecondFactorRow>, StoreError> {
    let found: Option<Record> = second_factors::table.find(user_id.as_str()).first(conn).optional()?;
    found.map(read).transpose()
}

/// The same, locked until the transaction ends, so that a code counts once.
pub fn lock(tx: &mut Tx<'_>, user_id: &UserId) -> Result<Option<SecondFactorRow>, StoreError> {
    let found: Option<Record> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => second_factors::table.find(user_id.as_str()).first(conn).optional()?,
        Conn::Postgres(conn) => {
            second_factors::table.find(user_id.as_str()).for_no_key_update().first(conn).optional()?
        }
    };
    found.map(read).transpose()
}

/// Whether a person has a second factor in force.
pub fn is_on(conn: &mut Conn, user_id: &UserId) -> Result<bool, StoreError> {
    let on: i64 = second_factors::table
        .filter(second_factors::user_id.eq(user_id.as_str()))
        .filter(second_factors::sealed_secret.is_not_null())
        .count()
        .get_result(conn)?;
    Ok(on > 0)
}

/// Who has a second factor in force.
pub fn all_on(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(second_factors::table
        .filter(second_factors::sealed_secret.is_not_null())
        .select(second_factors::user_id)
        .load(conn)?)
}

fn read(record: Record) -> Result<SecondFactorRow, StoreError> {
    let pending_at = optional_moment("second_factors.pending_at", record.pending_at)?;
    Ok(SecondFactorRow {
        sealed_secret: record.sealed_secret,
        pending: record.pending_secret.zip(pending_at),
        confirmed_at: optional_moment("second_factors.confirmed_at", record.confirmed_at)?,
        last_step: record.last_step,
        wrong_codes: record.wrong_codes,
    })
}

/// Writes the second factor of a person, new or changed.
pub fn put(tx: &mut Tx<'_>, user_id: &UserId, row: &SecondFactorRow) -> Result<(), StoreError> {
    use second_factors::dsl;
    let (pending_secret, pending_at) = match &row.pending {
        Some((secret, at)) => (Some(secret.as_str()), Some(at.as_microsecond())),
        None => (None, None),
    };
    let columns = (
        dsl::sealed_secret.eq(row.sealed_secret.as_deref()),
        dsl::pending_secret.eq(pending_secret),
        dsl::pending_at.eq(pending_at),
        dsl::confirmed_at.eq(row.confirmed_at.map(Timestamp::as_microsecond)),
        dsl::last_step.eq(row.last_step),
        dsl::wrong_codes.eq(row.wrong_codes),
    );
    let changed = diesel::update(dsl::second_factors.find(user_id.as_str())).set(columns).execute(&mut **tx)?;
    if changed == 0 {
        diesel::insert_into(dsl::second_factors)
            .values((dsl::user_id.eq(user_id.as_str()), columns))
            .execute(&mut **tx)
            .map_err(|error| again_if_taken(error, "a second factor was begun at the same moment"))?;
    }
    Ok(())
}

/// Forgets the second factor of a person with its recovery codes; whether there was one.
pub fn delete(tx: &mut Tx<'_>, user_id: &UserId) -> Result<bool, StoreError> {
    delete_codes(tx, user_id)?;
    let gone = diesel::delete(second_factors::table.find(user_id.as_str())).execute(&mut **tx)?;
    Ok(gone == 1)
}

/// Puts these recovery codes in the place of all earlier ones, by their digests.
pub fn replace_codes(tx: &mut Tx<'_>, user_id: &UserId, digests: &[String]) -> Result<(), StoreError> {
    delete_codes(tx, user_id)?;
    for digest in digests {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::user_id.eq(user_id.as_str()), recovery_codes::code_hash.eq(digest)))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` where it is none, or was used before.
pub fn use_code(tx: &mut Tx<'_>, user_id: &UserId, digest: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(recovery_codes::table.find((user_id.as_str(), digest)))
        .filter(recovery_codes::used_at.is_null())
        .set(recovery_codes::used_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// How many recovery codes a person has left.
pub fn codes_left(conn: &mut Conn, user_id: &UserId) -> Result<i64, StoreError> {
    Ok(recovery_codes::table
        .filter(recovery_codes::user_id.eq(user_id.as_str()))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(conn)?)
}

fn delete_codes(tx: &mut Tx<'_>, user_id: &UserId) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id.as_str()))).execute(&mut **tx)?;
    Ok(())
}
