//! The audit trail as a list: narrowed, page by page, in either direction. Each way of narrowing goes by an index of its
//! own, so that a page costs the same however long the trail is.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::schema::{audit_notes, audit_records, audit_sealed, audit_seals};
use super::trail::AuditRow;
use super::{Conn, StoreError};
use crate::domain::id::AuditId;

/// How far apart the time of a record and the time in its id can be: clocks step back by an hour at most.
const APART: SignedDuration = SignedDuration::from_hours(1);

/// What the trail is narrowed to; each part that is absent narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only what this principal did.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only what was done to this, as kind and id.
    pub subject: Option<String>,
    /// Written at or after.
    pub from: Option<Timestamp>,
    /// Written before.
    pub before: Option<Timestamp>,
}

/// Which end of the trail a list begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// With the newest record.
    NewestFirst,
    /// With the oldest one.
    OldestFirst,
}

/// A page of records behind the one that the page before ended with, each with the number of the seal over it.
pub fn records(
    conn: &mut Conn,
    narrowed: &Narrowed,
    direction: Direction,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<(AuditRow, Option<i64>)>, StoreError> {
    let mut query = audit_records::table.into_boxed();
    if let Some(actor) = &narrowed.actor {
        query = query.filter(audit_records::actor.eq(actor));
    }
    if let Some(action) = &narrowed.action {
        query = query.filter(audit_records::action.eq(action));
    }
    if let Some(subject) = &narrowed.subject {
        query = query.filter(audit_records::subject.eq(subject));
    }
    // Ids sort by time, which is what the index is for; the record's own time decides.
    if let Some(from) = narrowed.from {
        let first = from.checked_sub(APART).unwrap_or(from);
        query = query.filter(audit_records::audit_id.ge(id_at(first))).filter(audit_records::at.ge(micros(from)));
    }
    if let Some(before) = narrowed.before {
        let last = before.checked_add(APART).unwrap_or(before);
        query = query.filter(audit_records::audit_id.lt(id_at(last))).filter(audit_records::at.lt(micros(before)));
    }
    let query = match (direction, after) {
        (Direction::NewestFirst, None) => query.order(audit_records::audit_id.desc()),
        (Direction::NewestFirst, Some(after)) => {
            query.filter(audit_records::audit_id.lt(after)).order(audit_records::audit_id.desc())
        }
        (Direction::OldestFirst, None) => query.order(audit_records::audit_id.asc()),
        (Direction::OldestFirst, Some(after)) => {
            query.filter(audit_records::audit_id.gt(after)).order(audit_records::audit_id.asc())
        }
    };
    let rows: Vec<AuditRow> = query.limit(limit).load(conn)?;
    let mut seals = seals_of(conn, &rows)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let seal_no = seals.remove(&row.audit_id);
            (row, seal_no)
        })
        .collect())
}

fn seals_of(conn: &mut Conn, rows: &[AuditRow]) -> Result<BTreeMap<String, i64>, StoreError> {
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found: Vec<(String, i64)> = audit_sealed::table
        .filter(audit_sealed::audit_id.eq_any(rows.iter().map(|row| row.audit_id.as_str())))
        .select((audit_sealed::audit_id, audit_sealed::seal_no))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Where a record stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the seal over it.
    pub seal_no: i64,
    /// The seal, in hex.
    pub seal: String,
    /// Its place under the seal, from 0.
    pub position: i64,
    /// When the seal was set, in microseconds.
    pub sealed_at: i64,
}

/// One record, where it stands in the chain, and what people wrote about it where that was not erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub row: AuditRow,
    /// Where it stands; nothing while it waits to be sealed.
    pub place: Option<Place>,
    /// What people wrote.
    pub note: Option<String>,
}

/// The record with this id.
pub fn record(conn: &mut Conn, audit_id: &str) -> Result<Option<Found>, StoreError> {
    let found: Option<AuditRow> = audit_records::table.find(audit_id).first(conn).optional()?;
    let Some(row) = found else { return Ok(None) };
    let place: Option<(i64, String, i64, i64)> = audit_sealed::table
        .inner_join(audit_seals::table.on(audit_seals::seal_no.eq(audit_sealed::seal_no)))
        .filter(audit_sealed::audit_id.eq(audit_id))
        .select((audit_sealed::seal_no, audit_seals::seal, audit_sealed::position, audit_seals::sealed_at))
        .first(conn)
        .optional()?;
    let place = place.map(|(seal_no, seal, position, sealed_at)| Place { seal_no, seal, position, sealed_at });
    let note = audit_notes::table.find(audit_id).select(audit_notes::body).first(conn).optional()?;
    Ok(Some(Found { row, place, note }))
}

/// The first id that a record of this moment could have.
fn id_at(moment: Timestamp) -> String {
    let millis = u64::try_from(moment.as_millisecond()).unwrap_or(0);
    AuditId::from_ulid(Ulid::from_parts(millis, 0)).to_string()
}

fn micros(moment: Timestamp) -> i64 {
    moment.as_microsecond()
}
