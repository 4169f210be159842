//! What policy and people said about refunds: decisions with their facts, approvals, notes.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, word};
use super::schema::{approvals, decisions, refund_notes};
use super::{Conn, StoreError, Tx};
use crate::domain::id::RefundId;

/// What the policy decided of a refund, with all that it needs to decide the same again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRow {
    /// The refund.
    pub refund_id: RefundId,
    /// Version of the policy that decided.
    pub policy_version: i64,
    /// The rule that matched.
    pub rule: String,
    /// The outcome after the floors, as JSON.
    pub outcome: String,
    /// The facts that were seen, as JSON.
    pub facts: String,
    /// Who gave the last word, as a principal's text: the policy or a person.
    pub decided_by: Option<String>,
    /// When the policy decided.
    pub decided_at: Timestamp,
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = decisions)]
struct DecisionRecord {
    refund_id: String,
    policy_version: i64,
    rule: String,
    outcome: String,
    facts: String,
    decided_by: Option<String>,
    decided_at: i64,
}

/// Writes what the policy decided.
pub fn insert_decision(tx: &mut Tx<'_>, decision: &DecisionRow) -> Result<(), StoreError> {
    let record = DecisionRecord {
        refund_id: decision.refund_id.to_string(),
        policy_version: decision.policy_version,
        rule: decision.rule.clone(),
        outcome: decision.outcome.clone(),
        facts: decision.facts.clone(),
        decided_by: decision.decided_by.clone(),
        decided_at: decision.decided_at.as_microsecond(),
    };
    diesel::insert_into(decisions::table).values(record).execute(&mut **tx)?;
    Ok(())
}

/// Writes who gave the last word.
pub fn set_decided_by(tx: &mut Tx<'_>, refund_id: &RefundId, principal: &str) -> Result<(), StoreError> {
    diesel::update(decisions::table.find(refund_id.as_str()))
        .set(decisions::decided_by.eq(Some(principal)))
        .execute(&mut **tx)?;
    Ok(())
}

/// What the policy decided of these refunds.
pub fn decisions_of(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<DecisionRow>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<DecisionRecord> =
        decisions::table.filter(decisions::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str))).load(conn)?;
    found.into_iter().map(DecisionRecord::into_row).collect()
}

/// Decisions in the order of their refunds, for replay; `after` is where the page before ended.
pub fn decisions_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<DecisionRow>, StoreError> {
    let found: Vec<DecisionRecord> =
        decisions::table.filter(decisions::refund_id.gt(after)).order(decisions::refund_id).limit(limit).load(conn)?;
    found.into_iter().map(DecisionRecord::into_row).collect()
}

/// Who gave the last word on a request, and when the policy saw it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct LastWord {
    /// The refund.
    pub refund_id: String,
    /// As a principal's text: the policy or a person; none while people have not decided.
    pub decided_by: Option<String>,
    /// In microseconds since 1970.
    pub decided_at: i64,
}

/// The last words on refunds after one id and before another, in the order of their refunds.
pub fn last_words(conn: &mut Conn, after: &str, before: &str, limit: i64) -> Result<Vec<LastWord>, StoreError> {
    Ok(decisions::table
        .filter(decisions::refund_id.gt(after))
        .filter(decisions::refund_id.lt(before))
        .order(decisions::refund_id)
        .select((decisions::refund_id, decisions::decided_by, decisions::decided_at))
        .limit(limit)
        .load(conn)?)
}

/// One person's yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// Whose, as a principal's text.
    pub principal: String,
    /// Their approval rank when they gave it.
    pub approval_rank: u8,
    /// The amount that they approved.
    pub amount_minor: i64,
    /// Digest of what they approved: amount, reason, evidence.
    pub digest: String,
    /// Voided by a later change.
    pub voided: bool,
    /// When.
    pub created_at: Timestamp,
}

/// Writes a person's yes at its place.
pub fn insert_approval(
    tx: &mut Tx<'_>,
    refund_id: &RefundId,
    position: i64,
    approval: &ApprovalRow,
) -> Result<(), StoreError> {
    diesel::insert_into(approvals::table)
        .values((
            approvals::refund_id.eq(refund_id.as_str()),
            approvals::position.eq(position),
            approvals::principal.eq(&approval.principal),
            approvals::approval_rank.eq(i64::from(approval.approval_rank)),
            approvals::amount_minor.eq(approval.amount_minor),
            approvals::digest.eq(&approval.digest),
            approvals::voided.eq(approval.voided),
            approvals::created_at.eq(approval.created_at.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Voids every approval given so far.
pub fn void_approvals(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<(), StoreError> {
    diesel::update(approvals::table.filter(approvals::refund_id.eq(refund_id.as_str())))
        .set(approvals::voided.eq(true))
        .execute(&mut **tx)?;
    Ok(())
}

/// The approvals of these refunds, in the order in which they were given.
pub fn approvals_of(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<(RefundId, ApprovalRow)>, StoreError> {
    use approvals::dsl;
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    type Found = (String, String, i64, i64, String, bool, i64);
    let found: Vec<Found> = dsl::approvals
        .filter(dsl::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .order((dsl::refund_id, dsl::position))
        .select((
            dsl::refund_id,
            dsl::principal,
            dsl::approval_rank,
            dsl::amount_minor,
            dsl::digest,
            dsl::voided,
            dsl::created_at,
        ))
        .load(conn)?;
    found
        .into_iter()
        .map(|(refund_id, principal, rank, amount_minor, digest, voided, created_at)| {
            let created_at = moment("approvals.created_at", created_at)?;
            let approval_rank =
                u8::try_from(rank).map_err(|error| StoreError::Corrupt(format!("approvals.approval_rank: {error}")))?;
            let approval = ApprovalRow { principal, approval_rank, amount_minor, digest, voided, created_at };
            Ok((word("approvals.refund_id", &refund_id)?, approval))
        })
        .collect()
}

/// A note on a refund: what its customer asked, why people decided, what staff told each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// `request`, `decision` or `staff`.
    pub kind: String,
    /// Who wrote it, as a principal's text.
    pub author: String,
    /// What they wrote.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

/// Writes a note.
pub fn insert_note(tx: &mut Tx<'_>, note_id: &str, refund_id: &RefundId, note: &Note) -> Result<(), StoreError> {
    diesel::insert_into(refund_notes::table)
        .values((
            refund_notes::note_id.eq(note_id),
            refund_notes::refund_id.eq(refund_id.as_str()),
            refund_notes::kind.eq(&note.kind),
            refund_notes::author.eq(&note.author),
            refund_notes::body.eq(&note.body),
            refund_notes::created_at.eq(note.created_at.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The notes on these refunds, oldest first.
pub fn notes_of(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<(RefundId, Note)>, StoreError> {
    use refund_notes::dsl;
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(String, String, String, String, i64)> = dsl::refund_notes
        .filter(dsl::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .order(dsl::note_id)
        .select((dsl::refund_id, dsl::kind, dsl::author, dsl::body, dsl::created_at))
        .load(conn)?;
    found
        .into_iter()
        .map(|(refund_id, kind, author, body, created_at)| {
            let created_at = moment("refund_notes.created_at", created_at)?;
            Ok((word("refund_notes.refund_id", &refund_id)?, Note { kind, author, body, created_at }))
        })
        .collect()
}

impl DecisionRecord {
    fn into_row(self) -> Result<DecisionRow, StoreError> {
        Ok(DecisionRow {
            refund_id: word("decisions.refund_id", &self.refund_id)?,
            decided_at: moment("decisions.decided_at", self.decided_at)?,
            policy_version: self.policy_version,
            rule: self.rule,
            outcome: self.outcome,
            facts: self.facts,
            decided_by: self.decided_by,
        })
    }
}
