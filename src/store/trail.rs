//! The append-only trail: state changes, audit records, and the seals that chain them.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_word, word};
use super::schema::{audit_notes, audit_records, audit_sealed, audit_seals, transitions};
use super::{Conn, StoreError, Tx};
use crate::domain::audit::Record;
use crate::domain::id::RefundId;
use crate::domain::refund::State;

/// One state change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitionRow {
    /// Its number among all; 0 before it is written.
    pub seq: i64,
    /// The refund.
    pub refund_id: RefundId,
    /// Its number among the refund's own, from 1.
    pub position: i64,
    /// The state before; none where it was created.
    pub from_state: Option<State>,
    /// The state after.
    pub to_state: State,
    /// The event's word.
    pub event: String,
    /// Who, as a principal's text.
    pub actor: String,
    /// The conversation.
    pub correlation_id: String,
    /// The audit record of the same change.
    pub audit_id: String,
    /// When, in business time.
    pub at: Timestamp,
}

#[derive(Queryable)]
struct TransitionRecord {
    seq: i64,
    refund_id: String,
    position: i64,
    from_state: Option<String>,
    to_state: String,
    event: String,
    actor: String,
    correlation_id: String,
    audit_id: String,
    at: i64,
}

/// Writes a state change.
pub fn insert_transition(tx: &mut Tx<'_>, row: &TransitionRow) -> Result<(), StoreError> {
    diesel::insert_into(transitions::table)
        .values((
            transitions::refund_id.eq(row.refund_id.as_str()),
            transitions::position.eq(row.position),
            transitions::from_state.eq(row.from_state.map(State::as_str)),
            transitions::to_state.eq(row.to_state.as_str()),
            transitions::event.eq(&row.event),
            transitions::actor.eq(&row.actor),
            transitions::correlation_id.eq(&row.correlation_id),
            transitions::audit_id.eq(&row.audit_id),
            transitions::at.eq(row.at.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// A refund's state changes, oldest first.
pub fn transitions_of(conn: &mut Conn, refund_id: &RefundId) -> Result<Vec<TransitionRow>, StoreError> {
    let found: Vec<TransitionRecord> = transitions::table
        .filter(transitions::refund_id.eq(refund_id.as_str()))
        .order(transitions::position)
        .load(conn)?;
    found.into_iter().map(TransitionRecord::into_row).collect()
}

/// The state changes of these refunds, each refund's oldest first.
pub fn transitions_of_refunds(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<TransitionRow>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<TransitionRecord> = transitions::table
        .filter(transitions::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .order((transitions::refund_id, transitions::position))
        .load(conn)?;
    found.into_iter().map(TransitionRecord::into_row).collect()
}

/// State changes after a number, each with its audit record unless that is gone; for checks.
pub fn transitions_with_audit(
    conn: &mut Conn,
    seq: i64,
    limit: i64,
) -> Result<Vec<(TransitionRow, Option<AuditRow>)>, StoreError> {
    let found: Vec<(TransitionRecord, Option<AuditRow>)> = transitions::table
        .left_join(audit_records::table.on(audit_records::audit_id.eq(transitions::audit_id)))
        .filter(transitions::seq.gt(seq))
        .order(transitions::seq)
        .limit(limit)
        .select((transitions::all_columns, audit_records::all_columns.nullable()))
        .load(conn)?;
    found.into_iter().map(|(transition, audit)| Ok((transition.into_row()?, audit))).collect()
}

/// Audit records of these actions that belong to no state change, oldest first: there must be none.
pub fn audit_without_transition(
    conn: &mut Conn,
    actions: &[String],
    limit: i64,
) -> Result<Vec<(String, String, String)>, StoreError> {
    Ok(audit_records::table
        .left_join(transitions::table.on(transitions::audit_id.eq(audit_records::audit_id)))
        .filter(audit_records::action.eq_any(actions))
        .filter(transitions::seq.nullable().is_null())
        .order(audit_records::audit_id)
        .limit(limit)
        .select((audit_records::audit_id, audit_records::action, audit_records::subject))
        .load(conn)?)
}

/// State changes after a number, in the order of numbers; for the live feed and for checks.
pub fn transitions_after(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<TransitionRow>, StoreError> {
    let found: Vec<TransitionRecord> =
        transitions::table.filter(transitions::seq.gt(seq)).order(transitions::seq).limit(limit).load(conn)?;
    found.into_iter().map(TransitionRecord::into_row).collect()
}

/// The highest number of a state change; 0 where there is none.
pub fn last_transition(conn: &mut Conn) -> Result<i64, StoreError> {
    let found: Option<i64> = transitions::table.select(diesel::dsl::max(transitions::seq)).first(conn)?;
    Ok(found.unwrap_or(0))
}

/// An audit record as it is stored; `domain::audit` makes its hash.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = audit_records)]
pub struct AuditRow {
    /// Its id.
    pub audit_id: String,
    /// When, in microseconds of business time.
    pub at: i64,
    /// Who, as a principal's text.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Why, as a code.
    pub reason: String,
    /// The conversation.
    pub correlation_id: String,
    /// From where, as a salted digest.
    pub origin: String,
    /// What it was before, as JSON.
    pub before_json: String,
    /// What it was after, as JSON.
    pub after_json: String,
    /// Salted digest of the erasable free text, or empty.
    pub note_digest: String,
    /// Hash of all of the above.
    pub record_hash: String,
}

impl AuditRow {
    /// The row of a record, with its hash.
    pub fn new(record: Record) -> Self {
        let record_hash = record.hash().to_string();
        Self {
            audit_id: record.audit_id,
            at: record.at_us,
            actor: record.actor,
            action: record.action,
            subject: record.subject,
            reason: record.reason_code,
            correlation_id: record.correlation_id,
            origin: record.origin_digest,
            before_json: record.before_json,
            after_json: record.after_json,
            note_digest: record.text_digest,
            record_hash,
        }
    }

    /// The record of a row.
    pub fn to_record(&self) -> Record {
        Record {
            audit_id: self.audit_id.clone(),
            at_us: self.at,
            actor: self.actor.clone(),
            action: self.action.clone(),
            subject: self.subject.clone(),
            reason_code: self.reason.clone(),
            correlation_id: self.correlation_id.clone(),
            origin_digest: self.origin.clone(),
            before_json: self.before_json.clone(),
            after_json: self.after_json.clone(),
            text_digest: self.note_digest.clone(),
        }
    }
}

/// Writes an audit record. It also proves, on PostgreSQL, that its transaction was committed.
pub fn insert_audit(tx: &mut Tx<'_>, row: &AuditRow) -> Result<(), StoreError> {
    diesel::insert_into(audit_records::table).values(row).execute(&mut **tx)?;
    tx.set_witness(&row.audit_id);
    Ok(())
}

/// Writes the erasable free text of an audit record, with the salt of its digest.
pub fn insert_audit_note(tx: &mut Tx<'_>, audit_id: &str, salt: &str, body: &str) -> Result<(), StoreError> {
    diesel::insert_into(audit_notes::table)
        .values((audit_notes::audit_id.eq(audit_id), audit_notes::salt.eq(salt), audit_notes::body.eq(body)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Audit records after an id, in the order of ids.
pub fn audit_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    Ok(audit_records::table
        .filter(audit_records::audit_id.gt(after))
        .order(audit_records::audit_id)
        .limit(limit)
        .load(conn)?)
}

/// When the newest audit record was written, in microseconds of business time.
pub fn newest_audit_at(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(audit_records::table.order(audit_records::audit_id.desc()).select(audit_records::at).first(conn).optional()?)
}

/// The id of the newest audit record: it changes with everything that anybody does.
pub fn newest_audit_id(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    Ok(audit_records::table
        .order(audit_records::audit_id.desc())
        .select(audit_records::audit_id)
        .first(conn)
        .optional()?)
}

/// The erasable texts of these audit records: id, salt, text.
pub fn audit_notes_of(conn: &mut Conn, ids: &[String]) -> Result<Vec<(String, String, String)>, StoreError> {
    Ok(audit_notes::table.filter(audit_notes::audit_id.eq_any(ids)).load(conn)?)
}

/// Ids and hashes of audit records that no seal covers yet, oldest first, among those with an id of at least `from`.
pub fn unsealed(conn: &mut Conn, from: &str, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    Ok(audit_records::table
        .left_join(audit_sealed::table.on(audit_sealed::audit_id.eq(audit_records::audit_id)))
        .filter(audit_records::audit_id.ge(from))
        .filter(audit_sealed::audit_id.is_null())
        .order(audit_records::audit_id)
        .limit(limit)
        .select((audit_records::audit_id, audit_records::record_hash))
        .load(conn)?)
}

/// A seal over a batch of audit records.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = audit_seals)]
pub struct SealRow {
    /// Its number, from 1 without gaps.
    pub seal_no: i64,
    /// The seal, in hex.
    pub seal: String,
    /// How many records it covers.
    pub records: i64,
    /// When it was set, in microseconds.
    pub sealed_at: i64,
}

/// The newest seal.
pub fn last_seal(conn: &mut Conn) -> Result<Option<SealRow>, StoreError> {
    Ok(audit_seals::table.order(audit_seals::seal_no.desc()).first(conn).optional()?)
}

/// The id of the last record that a seal covers; empty where it covers none.
pub fn last_sealed_id(conn: &mut Conn, seal_no: i64) -> Result<String, StoreError> {
    let found: Option<String> = audit_sealed::table
        .filter(audit_sealed::seal_no.eq(seal_no))
        .order(audit_sealed::position.desc())
        .select(audit_sealed::audit_id)
        .first(conn)
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Writes a seal and the records that it covers, in their order.
pub fn insert_seal(tx: &mut Tx<'_>, seal: &SealRow, audit_ids: &[String]) -> Result<(), StoreError> {
    diesel::insert_into(audit_seals::table).values(seal).execute(&mut **tx)?;
    for (position, audit_id) in (0_i64..).zip(audit_ids) {
        diesel::insert_into(audit_sealed::table)
            .values((
                audit_sealed::audit_id.eq(audit_id),
                audit_sealed::seal_no.eq(seal.seal_no),
                audit_sealed::position.eq(position),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Seals after a number, in order.
pub fn seals_after(conn: &mut Conn, seal_no: i64, limit: i64) -> Result<Vec<SealRow>, StoreError> {
    Ok(audit_seals::table
        .filter(audit_seals::seal_no.gt(seal_no))
        .order(audit_seals::seal_no)
        .limit(limit)
        .load(conn)?)
}

/// What a seal covers, in the order in which it was sealed: each record's id, and the record unless it is gone.
pub fn sealed_by(conn: &mut Conn, seal_no: i64) -> Result<Vec<(String, Option<AuditRow>)>, StoreError> {
    Ok(audit_sealed::table
        .left_join(audit_records::table.on(audit_records::audit_id.eq(audit_sealed::audit_id)))
        .filter(audit_sealed::seal_no.eq(seal_no))
        .order(audit_sealed::position)
        .select((audit_sealed::audit_id, audit_records::all_columns.nullable()))
        .load(conn)?)
}

/// Ids that are said to be sealed by a seal that does not exist: there must be none.
pub fn sealed_by_nothing(conn: &mut Conn, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(audit_sealed::table
        .left_join(audit_seals::table.on(audit_seals::seal_no.eq(audit_sealed::seal_no)))
        .filter(audit_seals::seal_no.nullable().is_null())
        .order(audit_sealed::audit_id)
        .limit(limit)
        .select((audit_sealed::audit_id, audit_sealed::seal_no))
        .load(conn)?)
}

/// Audit records after an id that no seal covers, in the order of ids.
pub fn unsealed_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
    Ok(audit_records::table
        .left_join(audit_sealed::table.on(audit_sealed::audit_id.eq(audit_records::audit_id)))
        .filter(audit_records::audit_id.gt(after))
        .filter(audit_sealed::audit_id.is_null())
        .order(audit_records::audit_id)
        .limit(limit)
        .select(audit_records::all_columns)
        .load(conn)?)
}

/// How many audit records there are, and how many of them are sealed.
pub fn audit_counts(conn: &mut Conn) -> Result<(i64, i64), StoreError> {
    let records = audit_records::table.count().get_result(conn)?;
    let sealed = audit_sealed::table.count().get_result(conn)?;
    Ok((records, sealed))
}

/// State changes whose audit record is missing, oldest first: there must be none.
pub fn transitions_without_audit(conn: &mut Conn, limit: i64) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(transitions::table
        .left_join(audit_records::table.on(audit_records::audit_id.eq(transitions::audit_id)))
        .filter(audit_records::audit_id.is_null())
        .order(transitions::seq)
        .limit(limit)
        .select((transitions::seq, transitions::refund_id))
        .load(conn)?)
}

impl TransitionRecord {
    fn into_row(self) -> Result<TransitionRow, StoreError> {
        Ok(TransitionRow {
            seq: self.seq,
            refund_id: word("transitions.refund_id", &self.refund_id)?,
            position: self.position,
            from_state: optional_word("transitions.from_state", self.from_state.as_deref())?,
            to_state: word("transitions.to_state", &self.to_state)?,
            event: self.event,
            actor: self.actor,
            correlation_id: self.correlation_id,
            audit_id: self.audit_id,
            at: moment("transitions.at", self.at)?,
        })
    }
}
