//! Idempotency keys with what was asked and what was answered, written in the transaction of the effect.

use diesel::prelude::*;
use jiff::Timestamp;

use super::prepared;
use super::schema::idempotency;
use super::{Conn, StoreError, Tx};

/// An answer that is given again, byte for byte, when the same key comes with the same payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// Digest of the payload: path and canonical body.
    pub fingerprint: String,
    /// HTTP status.
    pub status: u16,
    /// The `Location` header, where there was one.
    pub location: Option<String>,
    /// The body.
    pub body: String,
}

#[derive(Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false, table_name = idempotency)]
struct Record {
    principal: String,
    route: String,
    idempotency_key: String,
    fingerprint: String,
    status: i64,
    location: Option<String>,
    body: String,
    created_at: i64,
}

/// Whose key, and where: a key belongs to one principal and one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyScope {
    /// The caller, as a principal's text.
    pub principal: String,
    /// Method and path pattern.
    pub route: String,
    /// The key.
    pub key: String,
}

/// What came of claiming a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody used it; it is ours if this transaction commits.
    Fresh,
    /// It was used, and this was answered.
    Answered(StoredAnswer),
}

/// The answer that was stored under a key.
pub fn find(conn: &mut Conn, scope: &KeyScope) -> Result<Option<StoredAnswer>, StoreError> {
    use idempotency::dsl;
    let found: Option<(String, i64, Option<String>, String)> = dsl::idempotency
        .find((&scope.principal, &scope.route, &scope.key))
        .select((dsl::fingerprint, dsl::status, dsl::location, dsl::body))
        .first(conn)
        .optional()?;
    found
        .map(|(fingerprint, status, location, body)| {
            let status =
                u16::try_from(status).map_err(|error| StoreError::Corrupt(format!("idempotency.status: {error}")))?;
            Ok(StoredAnswer { fingerprint, status, location, body })
        })
        .transpose()
}

/// Claims a key for this transaction. On PostgreSQL a second request with the same key waits here for the first to end,
/// for as long as the lock time-out allows ([`StoreError::Busy`] after it); on SQLite the writer is alone.
pub fn claim(tx: &mut Tx<'_>, scope: &KeyScope, fingerprint: &str, now: Timestamp) -> Result<Claim, StoreError> {
    if let Some(answer) = find(tx, scope)? {
        return Ok(Claim::Answered(answer));
    }
    let Conn::Postgres(conn) = &mut **tx else {
        // The writer is alone on SQLite: the row is written once, with its answer.
        return Ok(Claim::Fresh);
    };
    let placeholder =
        StoredAnswer { fingerprint: fingerprint.to_owned(), status: 0, location: None, body: String::new() };
    let inserted = diesel::insert_into(idempotency::table)
        .values(Record::new(scope, &placeholder, now))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted == 1 {
        return Ok(Claim::Fresh);
    }
    // Another transaction committed the same key while this one waited for it.
    match find(tx, scope)? {
        Some(answer) => Ok(Claim::Answered(answer)),
        None => Err(StoreError::Transient("an idempotency key came and went".to_owned())),
    }
}

/// Writes the answer of a claimed key.
pub fn store_answer(
    tx: &mut Tx<'_>,
    scope: &KeyScope,
    answer: &StoredAnswer,
    now: Timestamp,
) -> Result<(), StoreError> {
    use idempotency::dsl;
    let record = Record::new(scope, answer, now);
    match &mut **tx {
        Conn::Sqlite(conn) => diesel::insert_into(idempotency::table).values(record).execute(conn)?,
        Conn::Postgres(conn) => {
            let claimed = dsl::principal
                .eq(&scope.principal)
                .and(dsl::route.eq(&scope.route))
                .and(dsl::idempotency_key.eq(&scope.key));
            prepared::update(dsl::idempotency, claimed, record).execute(conn)?
        }
    };
    Ok(())
}

/// Removes about `limit` keys, those first that were used longest ago, where that was before a moment; how many. Keys of
/// one microsecond go together.
pub fn purge(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    use idempotency::dsl;
    let old = dsl::created_at.lt(before.as_microsecond());
    let last: Option<i64> = dsl::idempotency
        .filter(old)
        .order(dsl::created_at)
        .offset(limit.saturating_sub(1))
        .select(dsl::created_at)
        .first(&mut **tx)
        .optional()?;
    let purged = match last {
        Some(last) => diesel::delete(dsl::idempotency.filter(dsl::created_at.le(last))).execute(&mut **tx)?,
        None => diesel::delete(dsl::idempotency.filter(old)).execute(&mut **tx)?,
    };
    Ok(purged)
}

impl Record {
    fn new(scope: &KeyScope, answer: &StoredAnswer, now: Timestamp) -> Self {
        Self {
            principal: scope.principal.clone(),
            route: scope.route.clone(),
            idempotency_key: scope.key.clone(),
            fingerprint: answer.fingerprint.clone(),
            status: i64::from(answer.status),
            location: answer.location.clone(),
            body: answer.body.clone(),
            created_at: now.as_microsecond(),
        }
    }
}
