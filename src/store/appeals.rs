//! Which request asks to look again at which denied one. Ids only; a denied one is in it once.

use diesel::prelude::*;

use super::convert::word;
use super::schema_letters::appeals;
use super::{Conn, StoreError, Tx};
use crate::domain::appeal::Bond;
use crate::domain::id::RefundId;

/// Binds an appeal to what was denied.
pub fn insert(tx: &mut Tx<'_>, denied: &RefundId, appeal: &RefundId) -> Result<(), StoreError> {
    diesel::insert_into(appeals::table)
        .values((appeals::denied_id.eq(denied.as_str()), appeals::appeal_id.eq(appeal.as_str())))
        .execute(&mut **tx)?;
    Ok(())
}

/// How a refund is bound to another.
pub fn bond_of(conn: &mut Conn, refund_id: &RefundId) -> Result<Bond, StoreError> {
    let id = refund_id.as_str();
    let found: Vec<(String, String)> = appeals::table
        .filter(appeals::denied_id.eq(id).or(appeals::appeal_id.eq(id)))
        .select((appeals::denied_id, appeals::appeal_id))
        .load(conn)?;
    let mut bond = Bond::default();
    for (denied, appeal) in found {
        if denied == id {
            bond.appeal = Some(word("appeals.appeal_id", &appeal)?);
        } else {
            bond.denied = Some(word("appeals.denied_id", &denied)?);
        }
    }
    Ok(bond)
}
