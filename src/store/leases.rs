//! Leases by name, for what only one node may do at a time, such as sealing the audit trail.

use diesel::prelude::*;

use super::convert::again_if_taken;
use super::prepared;
use super::schema::leases;
use super::{StoreError, Tx};

/// Ends every lease on SQLite's single node at start: whoever held them is gone.
pub fn void_leases(tx: &mut Tx<'_>, now: i64) -> Result<usize, StoreError> {
    use leases::dsl;
    Ok(diesel::update(dsl::leases)
        .filter(dsl::lease_until.ge(now))
        .set(dsl::lease_until.eq(now - 1))
        .execute(&mut **tx)?)
}

/// Takes or renews the lease for `lease_us` microseconds from `now`; its fencing number, or nothing where another holds it.
pub fn take(tx: &mut Tx<'_>, name: &str, owner: &str, now: i64, lease_us: i64) -> Result<Option<i64>, StoreError> {
    use leases::dsl;
    let until = now.saturating_add(lease_us);
    let is_free = dsl::name.eq(name).and(dsl::owner.eq(owner).or(dsl::lease_until.lt(now)));
    let change = (dsl::owner.eq(owner), dsl::fence.eq(dsl::fence + 1), dsl::lease_until.eq(until));
    let renewed = prepared::update(dsl::leases, is_free, change).execute(&mut **tx)?;
    if renewed == 1 {
        return Ok(Some(dsl::leases.find(name).select(dsl::fence).first(&mut **tx)?));
    }
    let held: i64 = dsl::leases.filter(dsl::name.eq(name)).count().get_result(&mut **tx)?;
    if held > 0 {
        return Ok(None);
    }
    let row = (dsl::name.eq(name), dsl::owner.eq(owner), dsl::fence.eq(1_i64), dsl::lease_until.eq(until));
    diesel::insert_into(dsl::leases)
        .values(row)
        .execute(&mut **tx)
        .map_err(|error| again_if_taken(error, "a lease was taken at the same moment"))?;
    Ok(Some(1))
}
