//! People who work at the desk, their roles, and API tokens.

use std::collections::BTreeSet;

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{optional_moment, optional_word, word};
use super::customers::email_key;
use super::schema::{api_tokens, user_roles, users};
use super::{Conn, StoreError, Tx};
use crate::domain::access::{Role, Scope};
use crate::domain::id::{TokenId, UserId};

/// A person at the desk.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Their id.
    pub user_id: UserId,
    /// Where letters go.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Their language.
    pub locale: String,
    /// Argon2id, in the PHC form.
    pub password_hash: String,
    /// Whether they may sign in.
    pub active: bool,
    /// What they are.
    pub roles: BTreeSet<Role>,
}

type UserRecord = (String, String, String, String, String, bool);

/// The person with this address.
pub fn find_user_by_email(conn: &mut Conn, email: &str) -> Result<Option<UserRow>, StoreError> {
    use users::dsl;
    let found: Option<UserRecord> = dsl::users
        .filter(dsl::email_key.eq(email_key(email)))
        .select((dsl::user_id, dsl::email, dsl::name, dsl::locale, dsl::password_hash, dsl::active))
        .first(conn)
        .optional()?;
    found.map(|record| with_roles(conn, record)).transpose()
}

/// The person with this id.
pub fn find_user(conn: &mut Conn, user_id: &UserId) -> Result<Option<UserRow>, StoreError> {
    use users::dsl;
    let found: Option<UserRecord> = dsl::users
        .find(user_id.as_str())
        .select((dsl::user_id, dsl::email, dsl::name, dsl::locale, dsl::password_hash, dsl::active))
        .first(conn)
        .optional()?;
    found.map(|record| with_roles(conn, record)).transpose()
}

/// Everybody at the desk, by address.
pub fn users(conn: &mut Conn) -> Result<Vec<UserRow>, StoreError> {
    use users::dsl;
    let found: Vec<UserRecord> = dsl::users
        .select((dsl::user_id, dsl::email, dsl::name, dsl::locale, dsl::password_hash, dsl::active))
        .order(dsl::email_key)
        .load(conn)?;
    found.into_iter().map(|record| with_roles(conn, record)).collect()
}

/// The names of these people.
pub fn names(conn: &mut Conn, user_ids: &[UserId]) -> Result<Vec<(UserId, String)>, StoreError> {
    use users::dsl;
    if user_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String)> = dsl::users
        .filter(dsl::user_id.eq_any(user_ids.iter().map(UserId::as_str)))
        .select((dsl::user_id, dsl::name))
        .load(conn)?;
    found.into_iter().map(|(id, name)| Ok((word("users.user_id", &id)?, name))).collect()
}

fn with_roles(conn: &mut Conn, record: UserRecord) -> Result<UserRow, StoreError> {
    let (user_id, email, name, locale, password_hash, active) = record;
    let roles: Vec<String> =
        user_roles::table.filter(user_roles::user_id.eq(&user_id)).select(user_roles::role).load(conn)?;
    let roles = roles.iter().map(|role| word("user_roles.role", role)).collect::<Result<_, _>>()?;
    Ok(UserRow { user_id: word("users.user_id", &user_id)?, email, name, locale, password_hash, active, roles })
}

/// Writes a person who is new; `false` where the address is taken.
pub fn insert_user(tx: &mut Tx<'_>, user: &UserRow, now: Timestamp) -> Result<bool, StoreError> {
    let key = email_key(&user.email);
    let taken: i64 = users::table.filter(users::email_key.eq(&key)).count().get_result(&mut **tx)?;
    if taken > 0 {
        return Ok(false);
    }
    diesel::insert_into(users::table)
        .values((
            users::user_id.eq(user.user_id.as_str()),
            users::email_key.eq(key),
            users::email.eq(&user.email),
            users::name.eq(&user.name),
            users::locale.eq(&user.locale),
            users::password_hash.eq(&user.password_hash),
            users::active.eq(user.active),
            users::created_at.eq(now.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    for role in &user.roles {
        diesel::insert_into(user_roles::table)
            .values((user_roles::user_id.eq(user.user_id.as_str()), user_roles::role.eq(role.as_str())))
            .execute(&mut **tx)?;
    }
    Ok(true)
}

/// An API token; its text is stored nowhere, only its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub token_id: TokenId,
    /// What it is called; it is this principal where it has no owner.
    pub name: String,
    /// SHA-256 of its text, in hex.
    pub token_hash: String,
    /// Whose it is.
    pub owner: Option<UserId>,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// Who made it, as a principal's text.
    pub created_by: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
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
}

/// The token whose text has this digest.
pub fn find_token(conn: &mut Conn, token_hash: &str) -> Result<Option<TokenRow>, StoreError> {
    let found: Option<TokenRecord> =
        api_tokens::table.filter(api_tokens::token_hash.eq(token_hash)).first(conn).optional()?;
    found
        .map(|record| {
            let scopes = record
                .scopes
                .split_whitespace()
                .map(|scope| word("api_tokens.scopes", scope))
                .collect::<Result<_, _>>()?;
            Ok(TokenRow {
                token_id: word("api_tokens.token_id", &record.token_id)?,
                owner: optional_word("api_tokens.owner_user_id", record.owner_user_id.as_deref())?,
                expires_at: optional_moment("api_tokens.expires_at", record.expires_at)?,
                revoked_at: optional_moment("api_tokens.revoked_at", record.revoked_at)?,
                name: record.name,
                token_hash: record.token_hash,
                created_by: record.created_by,
                scopes,
            })
        })
        .transpose()
}

/// Writes a token; `false` where the name is taken.
pub fn insert_token(tx: &mut Tx<'_>, token: &TokenRow, now: Timestamp) -> Result<bool, StoreError> {
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
        created_at: now.as_microsecond(),
        expires_at: token.expires_at.map(Timestamp::as_microsecond),
        revoked_at: token.revoked_at.map(Timestamp::as_microsecond),
    };
    diesel::insert_into(api_tokens::table).values(record).execute(&mut **tx)?;
    Ok(true)
}
