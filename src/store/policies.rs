//! Policies, which are immutable once written, and feature flags.

use diesel::prelude::*;
use jiff::Timestamp;

use super::schema::{flags, policies};
use super::{Conn, StoreError, Tx};

/// The version of the active policy.
pub fn active_version(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(policies::table
        .filter(policies::activated_at.is_not_null())
        .order(policies::activated_at.desc())
        .select(policies::policy_version)
        .first(conn)
        .optional()?)
}

/// The document of one version.
pub fn find(conn: &mut Conn, version: i64) -> Result<Option<String>, StoreError> {
    Ok(policies::table.find(version).select(policies::document).first(conn).optional()?)
}

/// Writes a version and makes it the active one.
pub fn insert_active(
    tx: &mut Tx<'_>,
    version: i64,
    document: &str,
    created_by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::insert_into(policies::table)
        .values((
            policies::policy_version.eq(version),
            policies::document.eq(document),
            policies::created_by.eq(created_by),
            policies::created_at.eq(now.as_microsecond()),
            policies::activated_at.eq(Some(now.as_microsecond())),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Every flag with the share of orders that it is on for, in percent.
pub fn flags(conn: &mut Conn) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(flags::table.select((flags::name, flags::share_pct)).order(flags::name).load(conn)?)
}

/// A flag that somebody set.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct FlagRow {
    /// Which.
    pub name: String,
    /// Percent of the orders that it is on for.
    pub share_pct: i64,
    /// Who set it, as a principal's text.
    pub changed_by: String,
    /// When, in microseconds of business time.
    pub changed_at: i64,
}

/// Every flag that was ever set.
pub fn flags_set(conn: &mut Conn) -> Result<Vec<FlagRow>, StoreError> {
    Ok(flags::table.order(flags::name).load(conn)?)
}

/// Sets the share of orders that a flag is on for.
pub fn set_flag(
    tx: &mut Tx<'_>,
    name: &str,
    share_pct: i64,
    changed_by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values =
        (flags::share_pct.eq(share_pct), flags::changed_by.eq(changed_by), flags::changed_at.eq(now.as_microsecond()));
    let changed = diesel::update(flags::table.find(name)).set(values).execute(&mut **tx)?;
    if changed == 0 {
        diesel::insert_into(flags::table)
            .values((
                flags::name.eq(name),
                flags::share_pct.eq(share_pct),
                flags::changed_by.eq(changed_by),
                flags::changed_at.eq(now.as_microsecond()),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}
