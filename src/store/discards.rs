//! What people give up though money may have moved: one says so, another confirms it. The database itself refuses the same
//! person twice.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{again_if_taken, moment, optional_moment, optional_word, word};
use super::{Conn, StoreError, Tx};
use crate::domain::access::Principal;
use crate::domain::id::RefundId;

use table::discards;

/// The table as diesel sees it. Nothing is joined with it, so it stands here and not among the others.
mod table {
    diesel::table! {
        discards (outbox_id) {
            outbox_id -> Text,
            refund_id -> Text,
            proposed_by -> Text,
            proposed_at -> BigInt,
            reason -> Text,
            confirmed_by -> Nullable<Text>,
            confirmed_at -> Nullable<BigInt>,
        }
    }
}

/// A proposal to give a dead letter up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscardRow {
    /// The row of the outbox.
    pub outbox_id: String,
    /// The refund that it is about.
    pub refund_id: RefundId,
    /// Who said that the money did not move.
    pub proposed_by: Principal,
    /// When.
    pub proposed_at: Timestamp,
    /// Why they are sure, in their words.
    pub reason: String,
    /// Who confirmed it, and when.
    pub confirmed: Option<(Principal, Timestamp)>,
}

#[derive(Queryable)]
struct DiscardRecord {
    outbox_id: String,
    refund_id: String,
    proposed_by: String,
    proposed_at: i64,
    reason: String,
    confirmed_by: Option<String>,
    confirmed_at: Option<i64>,
}

/// The proposal about this row of the outbox.
pub fn find(conn: &mut Conn, outbox_id: &str) -> Result<Option<DiscardRow>, StoreError> {
    let found: Option<DiscardRecord> = discards::table.find(outbox_id).first(conn).optional()?;
    found.map(DiscardRecord::into_row).transpose()
}

/// The proposals about these rows that nobody confirmed yet.
pub fn open(conn: &mut Conn, outbox_ids: &[String]) -> Result<Vec<DiscardRow>, StoreError> {
    if outbox_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<DiscardRecord> = discards::table
        .filter(discards::outbox_id.eq_any(outbox_ids))
        .filter(discards::confirmed_at.is_null())
        .load(conn)?;
    found.into_iter().map(DiscardRecord::into_row).collect()
}

/// Writes a proposal that is new.
pub fn propose(
    tx: &mut Tx<'_>,
    outbox_id: &str,
    refund_id: &RefundId,
    by: &Principal,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    diesel::insert_into(discards::table)
        .values((
            discards::outbox_id.eq(outbox_id),
            discards::refund_id.eq(refund_id.as_str()),
            discards::proposed_by.eq(by.to_string()),
            discards::proposed_at.eq(now.as_microsecond()),
            discards::reason.eq(reason),
        ))
        .execute(&mut **tx)
        .map_err(|error| again_if_taken(error, "somebody proposed the same at the same moment"))?;
    Ok(())
}

/// Notes who confirmed a proposal; `false` where it was confirmed or taken back meanwhile, or is not the one that was seen.
pub fn confirm(
    tx: &mut Tx<'_>,
    outbox_id: &str,
    seen: Timestamp,
    by: &Principal,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = diesel::update(discards::table.find(outbox_id))
        .filter(discards::proposed_at.eq(seen.as_microsecond()))
        .filter(discards::confirmed_at.is_null())
        .set((discards::confirmed_by.eq(Some(by.to_string())), discards::confirmed_at.eq(Some(now.as_microsecond()))))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Takes a proposal back that nobody confirmed; whether there was one.
pub fn withdraw(tx: &mut Tx<'_>, outbox_id: &str) -> Result<bool, StoreError> {
    let open = discards::table.find(outbox_id).filter(discards::confirmed_at.is_null());
    Ok(diesel::delete(open).execute(&mut **tx)? == 1)
}

impl DiscardRecord {
    fn into_row(self) -> Result<DiscardRow, StoreError> {
        let by = optional_word("discards.confirmed_by", self.confirmed_by.as_deref())?;
        let at = optional_moment("discards.confirmed_at", self.confirmed_at)?;
        Ok(DiscardRow {
            refund_id: word("discards.refund_id", &self.refund_id)?,
            proposed_by: word("discards.proposed_by", &self.proposed_by)?,
            proposed_at: moment("discards.proposed_at", self.proposed_at)?,
            confirmed: by.zip(at),
            outbox_id: self.outbox_id,
            reason: self.reason,
        })
    }
}
