//! Who has looked at which file of evidence, as what, first and last.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, word};
use super::schema::{evidence, evidence_looks};
use super::{Conn, StoreError, Tx};
use crate::domain::evidence::Manner;
use crate::domain::id::EvidenceId;

/// The looks of one person at one page of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookRow {
    /// The file.
    pub evidence_id: EvidenceId,
    /// Who, as a principal's text.
    pub principal: String,
    /// As what.
    pub manner: Manner,
    /// Which page, from 1.
    pub page: i64,
    /// When they looked first.
    pub first_at: Timestamp,
    /// When their latest viewing began.
    pub last_at: Timestamp,
}

#[derive(Queryable)]
struct LookRecord {
    evidence_id: String,
    principal: String,
    manner: String,
    page: i64,
    first_at: i64,
    last_at: i64,
}

/// When the latest viewing of this page by this person began.
pub fn last(
    conn: &mut Conn,
    evidence_id: &EvidenceId,
    principal: &str,
    manner: Manner,
    page: i64,
) -> Result<Option<Timestamp>, StoreError> {
    let found: Option<i64> = evidence_looks::table
        .find((evidence_id.as_str(), principal, manner.as_str(), page))
        .select(evidence_looks::last_at)
        .first(conn)
        .optional()?;
    found.map(|at| moment("evidence_looks.last_at", at)).transpose()
}

/// Holds a file's row until the transaction ends, so that looks at it are written one after the other.
pub fn hold(tx: &mut Tx<'_>, evidence_id: &EvidenceId) -> Result<(), StoreError> {
    let query = evidence::table.find(evidence_id.as_str()).select(evidence::evidence_id);
    let _held: Option<String> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => query.first(conn).optional()?,
        Conn::Postgres(conn) => evidence::table
            .find(evidence_id.as_str())
            .for_no_key_update()
            .select(evidence::evidence_id)
            .first(conn)
            .optional()?,
    };
    Ok(())
}

/// Writes that a viewing begins; the file's row is held.
pub fn begin(
    tx: &mut Tx<'_>,
    evidence_id: &EvidenceId,
    principal: &str,
    manner: Manner,
    page: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let at = now.as_microsecond();
    let known = diesel::update(evidence_looks::table.find((evidence_id.as_str(), principal, manner.as_str(), page)))
        .set(evidence_looks::last_at.eq(at))
        .execute(&mut **tx)?;
    if known == 0 {
        diesel::insert_into(evidence_looks::table)
            .values((
                evidence_looks::evidence_id.eq(evidence_id.as_str()),
                evidence_looks::principal.eq(principal),
                evidence_looks::manner.eq(manner.as_str()),
                evidence_looks::page.eq(page),
                evidence_looks::first_at.eq(at),
                evidence_looks::last_at.eq(at),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// All looks at these files, each file's in the order in which they were first.
pub fn of_files(conn: &mut Conn, ids: &[EvidenceId]) -> Result<Vec<LookRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<LookRecord> = evidence_looks::table
        .filter(evidence_looks::evidence_id.eq_any(ids.iter().map(EvidenceId::as_str)))
        .order((
            evidence_looks::evidence_id,
            evidence_looks::first_at,
            evidence_looks::principal,
            evidence_looks::manner,
            evidence_looks::page,
        ))
        .load(conn)?;
    found.into_iter().map(LookRecord::into_row).collect()
}

impl LookRecord {
    fn into_row(self) -> Result<LookRow, StoreError> {
        Ok(LookRow {
            evidence_id: word("evidence_looks.evidence_id", &self.evidence_id)?,
            manner: word("evidence_looks.manner", &self.manner)?,
            first_at: moment("evidence_looks.first_at", self.first_at)?,
            last_at: moment("evidence_looks.last_at", self.last_at)?,
            principal: self.principal,
            page: self.page,
        })
    }
}
