//! API tokens; their texts are stored nowhere, only digests. After a rotation the text before works for a while.

use std::collections::BTreeSet;

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{optional_moment, optional_word, word};
use super::schema::api_tokens;
use super::{Conn, StoreError, Tx};
use crate::domain::access::Scope;
use crate::domain::id::{TokenId, UserId};

/// An API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub token_id: TokenId,
    /// What it is called; it is this principal where it has no owner.
    pub name: String,
    /// SHA-256 of its text, in hex.
    pub token_hash: String,
    /// The first characters of its text, by which people tell tokens apart.
    pub prefix: String,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// Who made it, as a principal's text.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When its text was replaced last.
    pub rotated_at: Option<Timestamp>,
    /// The digest of the text before, and until when that works.
    pub previous: Option<(String, Timestamp)>,
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = api_tokens)]
struct TokenRecord {
    token_id: String,
    name: String,
    token_hash: String,
    owner_user_id: Option<String>,
    scopes: String,
    created_by: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    prefix: String,
    last_used_at: Option<i64>,
    previous_hash: Option<String>,
    previous_until: Option<i64>,
    rotated_at: Option<i64>,
}

/// The token whose text, or whose text before the last rotation, has this digest.
pub fn find_by_hash(conn: &mut Conn, token_hash: &str) -> Result<Option<TokenRow>, StoreError> {
    let found: Option<TokenRecord> = api_tokens::table
        .filter(api_tokens::token_hash.eq(token_hash).or(api_tokens::previous_hash.eq(token_hash)))
        .first(conn)
        .optional()?;
    found.map(TokenRow::read).transpose()
}

/// The token with this id.
pub fn find(conn: &mut Conn, token_id: &TokenId) -> Result<Option<TokenRow>, StoreError> {
    let found: Option<TokenRecord> = api_tokens::table.find(token_id.as_str()).first(conn).optional()?;
    found.map(TokenRow::read).transpose()
}

/// The token of this name.
pub fn find_by_name(conn: &mut Conn, name: &str) -> Result<Option<TokenRow>, StoreError> {
    let found: Option<TokenRecord> = api_tokens::table.filter(api_tokens::name.eq(name)).first(conn).optional()?;
    found.map(TokenRow::read).transpose()
}

/// The token, which stays as it is until the transaction ends: who is about to revoke it waits.
pub fn hold(tx: &mut Tx<'_>, token_id: &TokenId) -> Result<Option<TokenRow>, StoreError> {
    let found: Option<TokenRecord> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => api_tokens::table.find(token_id.as_str()).first(conn).optional()?,
        Conn::Postgres(conn) => api_tokens::table.find(token_id.as_str()).for_share().first(conn).optional()?,
    };
    found.map(TokenRow::read).transpose()
}

/// Every token, by name.
pub fn all(conn: &mut Conn) -> Result<Vec<TokenRow>, StoreError> {
    let found: Vec<TokenRecord> = api_tokens::table.order(api_tokens::name).load(conn)?;
    found.into_iter().map(TokenRow::read).collect()
}

/// Writes a token; `false` where the name is taken.
pub fn insert(tx: &mut Tx<'_>, token: &TokenRow) -> Result<bool, StoreError> {
    let taken: i64 = api_tokens::table.filter(api_tokens::name.eq(&token.name)).count().get_result(&mut **tx)?;
    if taken > 0 {
        return Ok(false);
    }
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let record = TokenRecord {
        token_id: token.token_id.to_string(),
        name: token.name.clone(),
        token_hash: token.token_hash.clone(),
        owner_user_id: token.owner.as_ref().map(ToString::to_string),
        scopes: scopes.join(" "),
        created_by: token.created_by.clone(),
        created_at: token.created_at.as_microsecond(),
        expires_at: token.expires_at.map(Timestamp::as_microsecond),
        revoked_at: token.revoked_at.map(Timestamp::as_microsecond),
        prefix: token.prefix.clone(),
        last_used_at: None,
        previous_hash: None,
        previous_until: None,
        rotated_at: None,
    };
    diesel::insert_into(api_tokens::table).values(record).execute(&mut **tx)?;
    Ok(true)
}

/// Gives a token a new text; the one before works until the moment given. `false` where it was rotated meanwhile.
pub fn rotate(
    tx: &mut Tx<'_>,
    token: &TokenRow,
    token_hash: &str,
    prefix: &str,
    previous_until: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = diesel::update(api_tokens::table.find(token.token_id.as_str()))
        .filter(api_tokens::token_hash.eq(&token.token_hash))
        .set((
            api_tokens::token_hash.eq(token_hash),
            api_tokens::prefix.eq(prefix),
            api_tokens::previous_hash.eq(Some(&token.token_hash)),
            api_tokens::previous_until.eq(Some(previous_until.as_microsecond())),
            api_tokens::rotated_at.eq(Some(now.as_microsecond())),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Ends a token; `false` where it was revoked before.
pub fn revoke(tx: &mut Tx<'_>, token_id: &TokenId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(api_tokens::table.find(token_id.as_str()))
        .filter(api_tokens::revoked_at.is_null())
        .set(api_tokens::revoked_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Notes that a token was used.
pub fn note_use(tx: &mut Tx<'_>, token_id: &TokenId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(api_tokens::table.find(token_id.as_str()))
        .set(api_tokens::last_used_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    Ok(())
}

impl TokenRow {
    fn read(record: TokenRecord) -> Result<Self, StoreError> {
        let scopes = record.scopes.split_whitespace();
        let until = optional_moment("api_tokens.previous_until", record.previous_until)?;
        Ok(Self {
            token_id: word("api_tokens.token_id", &record.token_id)?,
            owner: optional_word("api_tokens.owner_user_id", record.owner_user_id.as_deref())?,
            scopes: scopes.map(|scope| word("api_tokens.scopes", scope)).collect::<Result<_, _>>()?,
            created_at: super::convert::moment("api_tokens.created_at", record.created_at)?,
            expires_at: optional_moment("api_tokens.expires_at", record.expires_at)?,
            revoked_at: optional_moment("api_tokens.revoked_at", record.revoked_at)?,
            last_used_at: optional_moment("api_tokens.last_used_at", record.last_used_at)?,
            rotated_at: optional_moment("api_tokens.rotated_at", record.rotated_at)?,
            previous: record.previous_hash.zip(until),
            name: record.name,
            token_hash: record.token_hash,
            prefix: record.prefix,
            created_by: record.created_by,
        })
    }
}
