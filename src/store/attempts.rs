//! Attempts, stored before they are made, and the calls that were made for them.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, word};
use super::prepared;
use super::schema::{attempts, provider_calls};
use super::{Conn, StoreError, Tx};
use crate::domain::id::RefundId;

/// One attempt to give the money back: one idempotency key at the processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// The refund.
    pub refund_id: RefundId,
    /// Its number, from 1.
    pub attempt: i64,
    /// Our reference at the processor and the idempotency key: the refund id, with `.2`, `.3` … after definite failures.
    pub reference: String,
    /// How many calls were begun under the key.
    pub calls: i64,
    /// When the first was begun, in microseconds of real time.
    pub first_sent_at: Option<i64>,
    /// Until when the newest call may still be on the wire, in microseconds of real time.
    pub call_deadline_at: Option<i64>,
    /// How often a conclusive look-up has found nothing.
    pub lookups_absent: i64,
    /// When it first found nothing, in microseconds of real time.
    pub absent_since: Option<i64>,
    /// How many calls ended without anybody knowing what became of them.
    pub unknowns: i64,
    /// `pending`, `unknown`, `succeeded`, `failed`, or `given_up` where it failed without the processor's own word.
    pub outcome: Option<String>,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false, table_name = attempts, treat_none_as_null = true)]
struct AttemptRecord {
    refund_id: String,
    attempt: i64,
    reference: String,
    calls: i64,
    first_sent_at: Option<i64>,
    call_deadline_at: Option<i64>,
    lookups_absent: i64,
    absent_since: Option<i64>,
    unknowns: i64,
    outcome: Option<String>,
}

/// The attempts of a refund, oldest first.
pub fn of_refund(conn: &mut Conn, refund_id: &RefundId) -> Result<Vec<AttemptRow>, StoreError> {
    let found: Vec<AttemptRecord> =
        attempts::table.filter(attempts::refund_id.eq(refund_id.as_str())).order(attempts::attempt).load(conn)?;
    found.into_iter().map(AttemptRecord::into_row).collect()
}

/// The attempt that the processor knows under this reference.
pub fn find_by_reference(conn: &mut Conn, reference: &str) -> Result<Option<AttemptRow>, StoreError> {
    let found: Option<AttemptRecord> =
        attempts::table.filter(attempts::reference.eq(reference)).first(conn).optional()?;
    found.map(AttemptRecord::into_row).transpose()
}

/// Writes an attempt that is new.
pub fn insert(tx: &mut Tx<'_>, attempt: &AttemptRow) -> Result<(), StoreError> {
    diesel::insert_into(attempts::table).values(AttemptRecord::from_row(attempt)).execute(&mut **tx)?;
    Ok(())
}

/// Writes an attempt that was changed; its refund is locked.
pub fn update(tx: &mut Tx<'_>, attempt: &AttemptRow) -> Result<(), StoreError> {
    let this = attempts::refund_id.eq(attempt.refund_id.as_str()).and(attempts::attempt.eq(attempt.attempt));
    prepared::update(attempts::table, this, AttemptRecord::from_row(attempt)).execute(&mut **tx)?;
    Ok(())
}

/// One call to a processor, for the story of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// Its id.
    pub call_id: String,
    /// The refund.
    pub refund_id: RefundId,
    /// The attempt.
    pub attempt: i64,
    /// `refund`, `look_up` or `get`.
    pub kind: String,
    /// What came of it, as a word.
    pub outcome: String,
    /// What happened, in English, without secrets.
    pub detail: String,
    /// How long it took, in milliseconds.
    pub latency_ms: i64,
    /// When, in business time.
    pub at: Timestamp,
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = provider_calls)]
struct CallRecord {
    call_id: String,
    refund_id: String,
    attempt: i64,
    kind: String,
    outcome: String,
    detail: String,
    latency_ms: i64,
    at: i64,
}

/// Writes a call.
pub fn insert_call(tx: &mut Tx<'_>, call: &CallRow) -> Result<(), StoreError> {
    let record = CallRecord {
        call_id: call.call_id.clone(),
        refund_id: call.refund_id.to_string(),
        attempt: call.attempt,
        kind: call.kind.clone(),
        outcome: call.outcome.clone(),
        detail: call.detail.clone(),
        latency_ms: call.latency_ms,
        at: call.at.as_microsecond(),
    };
    diesel::insert_into(provider_calls::table).values(record).execute(&mut **tx)?;
    Ok(())
}

/// The calls of a refund, oldest first.
pub fn calls_of(conn: &mut Conn, refund_id: &RefundId) -> Result<Vec<CallRow>, StoreError> {
    let found: Vec<CallRecord> = provider_calls::table
        .filter(provider_calls::refund_id.eq(refund_id.as_str()))
        .order(provider_calls::call_id)
        .load(conn)?;
    found
        .into_iter()
        .map(|call| {
            Ok(CallRow {
                refund_id: word("provider_calls.refund_id", &call.refund_id)?,
                at: moment("provider_calls.at", call.at)?,
                call_id: call.call_id,
                attempt: call.attempt,
                kind: call.kind,
                outcome: call.outcome,
                detail: call.detail,
                latency_ms: call.latency_ms,
            })
        })
        .collect()
}

impl AttemptRecord {
    fn from_row(row: &AttemptRow) -> Self {
        Self {
            refund_id: row.refund_id.to_string(),
            attempt: row.attempt,
            reference: row.reference.clone(),
            calls: row.calls,
            first_sent_at: row.first_sent_at,
            call_deadline_at: row.call_deadline_at,
            lookups_absent: row.lookups_absent,
            absent_since: row.absent_since,
            unknowns: row.unknowns,
            outcome: row.outcome.clone(),
        }
    }

    fn into_row(self) -> Result<AttemptRow, StoreError> {
        Ok(AttemptRow {
            refund_id: word("attempts.refund_id", &self.refund_id)?,
            attempt: self.attempt,
            reference: self.reference,
            calls: self.calls,
            first_sent_at: self.first_sent_at,
            call_deadline_at: self.call_deadline_at,
            lookups_absent: self.lookups_absent,
            absent_since: self.absent_since,
            unknowns: self.unknowns,
            outcome: self.outcome,
        })
    }
}
