//! People who work at the desk, and their roles.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{again_if_taken, moment, optional_moment, word};
use super::customers::email_key;
use super::schema::{first_admin, user_roles, users};
use super::{Conn, StoreError, Tx};
use crate::domain::access::Role;
use crate::domain::id::UserId;
use crate::domain::preferences::Preferences;

/// A person at the desk.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Their id.
    pub user_id: UserId,
    /// Where letters go.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they chose for themselves.
    pub preferences: Preferences,
    /// Argon2id, in the PHC form; empty where they have chosen no password yet.
    pub password_hash: String,
    /// Whether they may sign in.
    pub active: bool,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Counts the changes of what they are, so that nobody overwrites a change that they have not seen.
    pub version: i64,
    /// Their sessions of an earlier epoch are over.
    pub epoch: i64,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they signed in last.
    pub signed_in_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct UserRecord {
    user_id: String,
    email: String,
    name: String,
    locale: String,
    password_hash: String,
    active: bool,
    created_at: i64,
    time_zone: String,
    theme: String,
    density: String,
    single_keys: bool,
    version: i64,
    epoch: i64,
    signed_in_at: Option<i64>,
}

/// The person with this address.
pub fn find_user_by_email(conn: &mut Conn, email: &str) -> Result<Option<UserRow>, StoreError> {
    let found: Option<UserRecord> = users::table
        .filter(users::email_key.eq(email_key(email)))
        .select(UserRecord::as_select())
        .first(conn)
        .optional()?;
    found.map(|record| with_roles(conn, record)).transpose()
}

/// The person with this id.
pub fn find_user(conn: &mut Conn, user_id: &UserId) -> Result<Option<UserRow>, StoreError> {
    let found: Option<UserRecord> =
        users::table.find(user_id.as_str()).select(UserRecord::as_select()).first(conn).optional()?;
    found.map(|record| with_roles(conn, record)).transpose()
}

/// The person, who stays as they are until the transaction ends: who is about to suspend them waits.
pub fn hold_user(tx: &mut Tx<'_>, user_id: &UserId) -> Result<Option<UserRow>, StoreError> {
    let query = users::table.find(user_id.as_str()).select(UserRecord::as_select());
    let found: Option<UserRecord> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => query.first(conn).optional()?,
        Conn::Postgres(conn) => {
            let query = users::table.find(user_id.as_str()).for_share().select(UserRecord::as_select());
            query.first(conn).optional()?
        }
    };
    found.map(|record| with_roles(tx, record)).transpose()
}

/// Everybody at the desk, locked in one order, so that two changes of who administers it see each other.
pub fn lock_users(tx: &mut Tx<'_>) -> Result<Vec<UserRow>, StoreError> {
    let query = users::table.order(users::user_id).select(UserRecord::as_select());
    let found: Vec<UserRecord> = match &mut **tx {
        Conn::Sqlite(conn) => query.load(conn)?,
        Conn::Postgres(conn) => {
            let query = users::table.order(users::user_id).for_no_key_update().select(UserRecord::as_select());
            query.load(conn)?
        }
    };
    all_with_roles(tx, found)
}

/// Everybody at the desk, by address.
pub fn users(conn: &mut Conn) -> Result<Vec<UserRow>, StoreError> {
    let found: Vec<UserRecord> = users::table.order(users::email_key).select(UserRecord::as_select()).load(conn)?;
    all_with_roles(conn, found)
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

/// Everybody who may sign in and has one of these roles, with their names, in no order.
pub fn names_with_roles(conn: &mut Conn, roles: &[Role]) -> Result<Vec<(UserId, String)>, StoreError> {
    let found: Vec<(String, String)> = users::table
        .filter(users::active.eq(true))
        .filter(diesel::dsl::exists(
            user_roles::table
                .filter(user_roles::user_id.eq(users::user_id))
                .filter(user_roles::role.eq_any(roles.iter().map(|role| role.as_str()))),
        ))
        .select((users::user_id, users::name))
        .load(conn)?;
    found.into_iter().map(|(id, name)| Ok((word("users.user_id", &id)?, name))).collect()
}

/// Whether anybody is an administrator, suspended or not.
pub fn has_admin(conn: &mut Conn) -> Result<bool, StoreError> {
    let admins: i64 = user_roles::table.filter(user_roles::role.eq(Role::Admin.as_str())).count().get_result(conn)?;
    Ok(admins > 0)
}

fn with_roles(conn: &mut Conn, record: UserRecord) -> Result<UserRow, StoreError> {
    let roles: Vec<String> =
        user_roles::table.filter(user_roles::user_id.eq(&record.user_id)).select(user_roles::role).load(conn)?;
    let roles = roles.iter().map(|role| word("user_roles.role", role)).collect::<Result<_, _>>()?;
    row(record, roles)
}

/// The same for many, with one question for all their roles.
fn all_with_roles(conn: &mut Conn, records: Vec<UserRecord>) -> Result<Vec<UserRow>, StoreError> {
    let given: Vec<(String, String)> = user_roles::table.select((user_roles::user_id, user_roles::role)).load(conn)?;
    let mut roles: BTreeMap<String, BTreeSet<Role>> = BTreeMap::new();
    for (user_id, role) in given {
        roles.entry(user_id).or_default().insert(word("user_roles.role", &role)?);
    }
    let with_theirs = |record: UserRecord| {
        let theirs = roles.remove(&record.user_id).unwrap_or_default();
        row(record, theirs)
    };
    records.into_iter().map(with_theirs).collect()
}

fn row(record: UserRecord, roles: BTreeSet<Role>) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        user_id: word("users.user_id", &record.user_id)?,
        email: record.email,
        name: record.name,
        preferences: Preferences {
            locale: record.locale,
            time_zone: record.time_zone,
            theme: word("users.theme", &record.theme)?,
            density: word("users.density", &record.density)?,
            single_keys: record.single_keys,
        },
        password_hash: record.password_hash,
        active: record.active,
        roles,
        version: record.version,
        epoch: record.epoch,
        created_at: moment("users.created_at", record.created_at)?,
        signed_in_at: optional_moment("users.signed_in_at", record.signed_in_at)?,
    })
}

/// Writes a person who is new; `false` where the address is taken.
pub fn insert_user(tx: &mut Tx<'_>, user: &UserRow) -> Result<bool, StoreError> {
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
            users::locale.eq(&user.preferences.locale),
            users::password_hash.eq(&user.password_hash),
            users::active.eq(user.active),
            users::created_at.eq(user.created_at.as_microsecond()),
            users::time_zone.eq(&user.preferences.time_zone),
            users::theme.eq(user.preferences.theme.as_str()),
            users::density.eq(user.preferences.density.as_str()),
            users::single_keys.eq(user.preferences.single_keys),
            users::version.eq(user.version),
            users::epoch.eq(user.epoch),
        ))
        .execute(&mut **tx)
        .map_err(|error| again_if_taken(error, "somebody with this address was added at the same moment"))?;
    insert_roles(tx, &user.user_id, &user.roles)?;
    Ok(true)
}

/// Notes that the first administrator was made by the set-up; another at the same moment runs again and finds it.
pub fn insert_first_admin(tx: &mut Tx<'_>, user_id: &UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(first_admin::table)
        .values((
            first_admin::only_one.eq(1_i64),
            first_admin::user_id.eq(user_id.as_str()),
            first_admin::made_at.eq(now.as_microsecond()),
        ))
        .execute(&mut **tx)
        .map_err(|error| again_if_taken(error, "the first administrator was made at the same moment"))?;
    Ok(())
}

/// Gives a person these roles and no others; `false` where they were changed since this version.
pub fn set_roles(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    roles: &BTreeSet<Role>,
    seen_version: i64,
) -> Result<bool, StoreError> {
    if !next_version(tx, user_id, seen_version)? {
        return Ok(false);
    }
    diesel::delete(user_roles::table.filter(user_roles::user_id.eq(user_id.as_str()))).execute(&mut **tx)?;
    insert_roles(tx, user_id, roles)?;
    Ok(true)
}

/// Lets a person in, or keeps them out; `false` where they were changed since this version.
pub fn set_active(tx: &mut Tx<'_>, user_id: &UserId, active: bool, seen_version: i64) -> Result<bool, StoreError> {
    if !next_version(tx, user_id, seen_version)? {
        return Ok(false);
    }
    diesel::update(users::table.find(user_id.as_str())).set(users::active.eq(active)).execute(&mut **tx)?;
    Ok(true)
}

fn next_version(tx: &mut Tx<'_>, user_id: &UserId, seen: i64) -> Result<bool, StoreError> {
    let changed = diesel::update(users::table.find(user_id.as_str()))
        .filter(users::version.eq(seen))
        .set(users::version.eq(users::version + 1))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Writes what a person is called and chose for themselves.
pub fn set_preferences(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    name: &str,
    preferences: &Preferences,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(user_id.as_str()))
        .set((
            users::name.eq(name),
            users::locale.eq(&preferences.locale),
            users::time_zone.eq(&preferences.time_zone),
            users::theme.eq(preferences.theme.as_str()),
            users::density.eq(preferences.density.as_str()),
            users::single_keys.eq(preferences.single_keys),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes a new password's hash.
pub fn set_password(tx: &mut Tx<'_>, user_id: &UserId, password_hash: &str) -> Result<(), StoreError> {
    diesel::update(users::table.find(user_id.as_str()))
        .set(users::password_hash.eq(password_hash))
        .execute(&mut **tx)?;
    Ok(())
}

/// Ends an epoch, and with it every session of the person; the number of the new one.
pub fn begin_epoch(tx: &mut Tx<'_>, user_id: &UserId) -> Result<i64, StoreError> {
    diesel::update(users::table.find(user_id.as_str())).set(users::epoch.eq(users::epoch + 1)).execute(&mut **tx)?;
    Ok(users::table.find(user_id.as_str()).select(users::epoch).first(&mut **tx)?)
}

/// Notes when a person signed in last.
pub fn note_sign_in(tx: &mut Tx<'_>, user_id: &UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(users::table.find(user_id.as_str()))
        .set(users::signed_in_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    Ok(())
}

fn insert_roles(tx: &mut Tx<'_>, user_id: &UserId, roles: &BTreeSet<Role>) -> Result<(), StoreError> {
    for role in roles {
        diesel::insert_into(user_roles::table)
            .values((user_roles::user_id.eq(user_id.as_str()), user_roles::role.eq(role.as_str())))
            .execute(&mut **tx)?;
    }
    Ok(())
}
