//! Erasing evidence: which files are due, and taking a file's key and words away. What is known of it stays.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::word;
use super::evidence::Place;
use super::schema::{evidence, evidence_texts, refunds};
use super::{Conn, StoreError, Tx};
use crate::domain::id::{CustomerId, EvidenceId, RefundId};
use crate::domain::refund::State;

/// States in which a refund has ended: nothing of it waits for people or for a processor.
const ENDED: [State; 3] = [State::Completed, State::Failed, State::Canceled];

/// Files that are not erased, of refunds that ended and have not changed since, oldest first.
pub fn over(conn: &mut Conn, ended_before: Timestamp, limit: i64) -> Result<Vec<EvidenceId>, StoreError> {
    let before = ended_before.as_microsecond();
    let found: Vec<String> = evidence::table
        .inner_join(refunds::table.on(refunds::refund_id.nullable().eq(evidence::refund_id)))
        .filter(evidence::refund_id.is_not_null())
        .filter(evidence::erased_at.is_null())
        .filter(evidence::attached_at.lt(before))
        .filter(refunds::state.eq_any(ENDED.map(State::as_str)))
        .filter(refunds::updated_at.lt(before))
        .order(evidence::attached_at)
        .limit(limit)
        .select(evidence::evidence_id)
        .load(conn)?;
    ids(&found)
}

/// A customer's files that are not erased: of refunds that ended, of refunds that did not, and such as wait for a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfCustomer {
    /// Of refunds that ended.
    pub ended: Vec<EvidenceId>,
    /// Of refunds that somebody still decides or carries out.
    pub open: Vec<EvidenceId>,
    /// Of no refund.
    pub waiting: Vec<EvidenceId>,
}

/// The files of a customer, whoever gave them.
pub fn of_customer(conn: &mut Conn, customer_id: &CustomerId) -> Result<OfCustomer, StoreError> {
    let found: Vec<(String, Option<String>)> = evidence::table
        .left_join(refunds::table.on(refunds::refund_id.nullable().eq(evidence::refund_id)))
        .filter(evidence::customer_id.eq(customer_id.as_str()))
        .filter(evidence::erased_at.is_null())
        .filter(evidence::place.ne(Place::Leaving.as_str()))
        .order(evidence::evidence_id)
        .select((evidence::evidence_id, refunds::state.nullable()))
        .load(conn)?;
    let mut files = OfCustomer::default();
    for (id, state) in found {
        let id = word("evidence.evidence_id", &id)?;
        match state {
            None => files.waiting.push(id),
            Some(state) if ENDED.contains(&word("refunds.state", &state)?) => files.ended.push(id),
            Some(_) => files.open.push(id),
        }
    }
    Ok(files)
}

/// Takes the key, the words and the time of taking of a file that a refund has; its bytes are to be removed. The refund,
/// or nothing where it was erased before.
pub fn erase(tx: &mut Tx<'_>, evidence_id: &EvidenceId, now: Timestamp) -> Result<Option<RefundId>, StoreError> {
    let refund_id: Option<Option<String>> = evidence::table
        .find(evidence_id.as_str())
        .filter(evidence::erased_at.is_null())
        .select(evidence::refund_id)
        .first(&mut **tx)
        .optional()?;
    let Some(refund_id) = refund_id.flatten() else { return Ok(None) };
    let erased = diesel::update(evidence::table.find(evidence_id.as_str()))
        .filter(evidence::erased_at.is_null())
        .set((
            evidence::erased_at.eq(Some(now.as_microsecond())),
            evidence::place.eq(Place::Leaving.as_str()),
            evidence::key_id.eq(""),
            evidence::wrapped_key.eq(""),
            evidence::taken.eq(None::<String>),
        ))
        .execute(&mut **tx)?;
    if erased == 0 {
        return Ok(None);
    }
    diesel::update(evidence_texts::table.find(evidence_id.as_str()))
        .set((evidence_texts::file_name.eq(""), evidence_texts::alt.eq("")))
        .execute(&mut **tx)?;
    word("evidence.refund_id", &refund_id).map(Some)
}

/// Files that wait for a request are to be removed; how many.
pub fn dismiss_all(tx: &mut Tx<'_>, ids: &[EvidenceId]) -> Result<usize, StoreError> {
    let ids = ids.iter().map(EvidenceId::as_str);
    Ok(diesel::update(evidence::table.filter(evidence::evidence_id.eq_any(ids)))
        .filter(evidence::refund_id.is_null())
        .set(evidence::place.eq(Place::Leaving.as_str()))
        .execute(&mut **tx)?)
}

fn ids(texts: &[String]) -> Result<Vec<EvidenceId>, StoreError> {
    texts.iter().map(|text| word("evidence.evidence_id", text)).collect()
}
