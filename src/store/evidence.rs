//! Files that were given as evidence: what they are, whose, where they belong, and their wrapped keys. Their bytes are not
//! here. A file waits without a refund until a request names it, then belongs to that refund for good.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_moment, optional_word, word};
use super::schema::{evidence, evidence_texts};
use super::{StoreError, Tx};
use crate::domain::evidence::{Kind, Looks, Scan};
use crate::domain::id::{CustomerId, EvidenceId, RefundId};
use crate::domain::refund::{UnknownWord, words};
use crate::store::Conn;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

words! {
    /// Where the bytes of a file are.
    Place {
        /// On their way into their place; a crash may have left none.
        Arriving = "arriving",
        /// In their place.
        Kept = "kept",
        /// To be removed, or removed; nobody gets them any more.
        Leaving = "leaving",
    }
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Its id.
    pub evidence_id: EvidenceId,
    /// Who gave it, as a principal's text.
    pub owner: String,
    /// Whose request it belongs to; the subject by which it is erased.
    pub customer_id: Option<CustomerId>,
    /// The refund that it belongs to.
    pub refund_id: Option<RefundId>,
    /// Its place among the refund's files, from 1.
    pub position: Option<i64>,
    /// Where its bytes are.
    pub place: Place,
    /// What it is, by its bytes.
    pub kind: Kind,
    /// How long it is.
    pub size_bytes: i64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
    /// What it is like.
    pub looks: Looks,
    /// What the scanner says of it.
    pub scan: Scan,
    /// What the scanner found.
    pub scan_found: Option<String>,
    /// When the scanner said it.
    pub scanned_at: Option<Timestamp>,
    /// The master key that wraps its key.
    pub key_id: String,
    /// Its key, wrapped.
    pub wrapped_key: String,
    /// When it came.
    pub created_at: Timestamp,
    /// When it was given to its refund.
    pub attached_at: Option<Timestamp>,
    /// When it goes, where no refund has it by then.
    pub expires_at: Option<Timestamp>,
    /// Who could not make out what it shows, as a principal's text, and when.
    pub unreadable: Option<(String, Timestamp)>,
    /// When it was erased: its key is gone, and what is known of it stays.
    pub erased_at: Option<Timestamp>,
    /// What it was called.
    pub file_name: String,
    /// What stands in for it, in words.
    pub alt: String,
}

impl EvidenceRow {
    /// Whether anybody may see what is in it, at a desk that has a scanner or none.
    pub fn may_be_seen(&self, has_scanner: bool) -> bool {
        self.place == Place::Kept && self.erased_at.is_none() && self.scan.may_be_seen(has_scanner)
    }
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = evidence)]
struct EvidenceRecord {
    evidence_id: String,
    owner: String,
    customer_id: Option<String>,
    refund_id: Option<String>,
    position: Option<i64>,
    place: String,
    kind: String,
    size_bytes: i64,
    sha256: String,
    width: Option<i64>,
    height: Option<i64>,
    pages: i64,
    taken: Option<String>,
    scan: String,
    scan_found: Option<String>,
    scanned_at: Option<i64>,
    key_id: String,
    wrapped_key: String,
    created_at: i64,
    attached_at: Option<i64>,
    expires_at: Option<i64>,
    unreadable_by: Option<String>,
    unreadable_at: Option<i64>,
    erased_at: Option<i64>,
    removed_at: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = evidence_texts)]
struct TextRecord {
    evidence_id: String,
    file_name: String,
    alt: String,
}

/// Writes a file that is arriving.
pub fn insert(tx: &mut Tx<'_>, row: &EvidenceRow) -> Result<(), StoreError> {
    let texts =
        TextRecord { evidence_id: row.evidence_id.to_string(), file_name: row.file_name.clone(), alt: row.alt.clone() };
    diesel::insert_into(evidence::table).values(EvidenceRecord::from_row(row)).execute(&mut **tx)?;
    diesel::insert_into(evidence_texts::table).values(texts).execute(&mut **tx)?;
    Ok(())
}

/// Its bytes are in their place; `false` where it was to be removed meanwhile.
pub fn set_kept(tx: &mut Tx<'_>, evidence_id: &EvidenceId) -> Result<bool, StoreError> {
    let changed = diesel::update(evidence::table.find(evidence_id.as_str()))
        .filter(evidence::place.eq(Place::Arriving.as_str()))
        .set(evidence::place.eq(Place::Kept.as_str()))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// The file, if it exists.
pub fn find(conn: &mut Conn, evidence_id: &EvidenceId) -> Result<Option<EvidenceRow>, StoreError> {
    Ok(of_ids(conn, std::slice::from_ref(evidence_id))?.pop())
}

/// Those of these files that exist, in no particular order.
pub fn of_ids(conn: &mut Conn, ids: &[EvidenceId]) -> Result<Vec<EvidenceRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(EvidenceRecord, TextRecord)> = evidence::table
        .inner_join(evidence_texts::table.on(evidence_texts::evidence_id.eq(evidence::evidence_id)))
        .filter(evidence::evidence_id.eq_any(ids.iter().map(EvidenceId::as_str)))
        .load(conn)?;
    found.into_iter().map(into_row).collect()
}

/// The files of these refunds, in their order.
pub fn of_refunds(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<(RefundId, EvidenceRow)>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<(EvidenceRecord, TextRecord)> = evidence::table
        .inner_join(evidence_texts::table.on(evidence_texts::evidence_id.eq(evidence::evidence_id)))
        .filter(evidence::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .order((evidence::refund_id, evidence::position))
        .load(conn)?;
    let rows = found.into_iter().map(into_row).collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().filter_map(|row| Some((row.refund_id.clone()?, row))).collect())
}

/// How many files of this principal wait for a request.
pub fn waiting_count(conn: &mut Conn, owner: &str) -> Result<i64, StoreError> {
    Ok(evidence::table
        .filter(evidence::owner.eq(owner))
        .filter(evidence::refund_id.is_null())
        .count()
        .get_result(conn)?)
}

/// Gives a waiting file of this principal to a refund; `false` where it is no such file (any more).
pub fn attach(
    tx: &mut Tx<'_>,
    evidence_id: &EvidenceId,
    owner: &str,
    (refund_id, position): (&RefundId, i64),
    customer_id: &CustomerId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = diesel::update(evidence::table.find(evidence_id.as_str()))
        .filter(evidence::owner.eq(owner))
        .filter(evidence::refund_id.is_null())
        .filter(evidence::place.eq(Place::Kept.as_str()))
        .filter(evidence::scan.ne(Scan::Infected.as_str()))
        .set((
            evidence::refund_id.eq(Some(refund_id.as_str())),
            evidence::position.eq(Some(position)),
            evidence::customer_id.eq(Some(customer_id.as_str())),
            evidence::attached_at.eq(Some(now.as_microsecond())),
            evidence::expires_at.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Writes the words that stand in for a file.
pub fn set_alt(tx: &mut Tx<'_>, evidence_id: &EvidenceId, alt: &str) -> Result<(), StoreError> {
    diesel::update(evidence_texts::table.find(evidence_id.as_str()))
        .set(evidence_texts::alt.eq(alt))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes who could not make out what a file shows; nobody, where somebody could after all.
pub fn set_unreadable(
    tx: &mut Tx<'_>,
    evidence_id: &EvidenceId,
    mark: Option<(&str, Timestamp)>,
) -> Result<(), StoreError> {
    diesel::update(evidence::table.find(evidence_id.as_str()))
        .set((
            evidence::unreadable_by.eq(mark.map(|(by, _)| by)),
            evidence::unreadable_at.eq(mark.map(|(_, at)| at.as_microsecond())),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes what the scanner says, unless it has spoken before; whether it was written.
pub fn set_scan(
    tx: &mut Tx<'_>,
    evidence_id: &EvidenceId,
    scan: Scan,
    found: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = diesel::update(evidence::table.find(evidence_id.as_str()))
        .filter(evidence::scan.eq_any([Scan::Pending.as_str(), Scan::Unscanned.as_str()]))
        .set((
            evidence::scan.eq(scan.as_str()),
            evidence::scan_found.eq(found),
            evidence::scanned_at.eq(Some(now.as_microsecond())),
        ))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Files that came when there was no scanner are to be scanned after all; which.
pub fn await_scan(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<EvidenceId>, StoreError> {
    let found: Vec<String> = evidence::table
        .filter(evidence::scan.eq(Scan::Unscanned.as_str()))
        .filter(evidence::place.eq(Place::Kept.as_str()))
        .order(evidence::evidence_id)
        .limit(limit)
        .select(evidence::evidence_id)
        .load(&mut **tx)?;
    diesel::update(evidence::table.filter(evidence::evidence_id.eq_any(&found)))
        .set(evidence::scan.eq(Scan::Pending.as_str()))
        .execute(&mut **tx)?;
    ids(&found)
}

/// A waiting file of this principal is to be removed; whether there was one.
pub fn dismiss(tx: &mut Tx<'_>, evidence_id: &EvidenceId, owner: &str) -> Result<bool, StoreError> {
    let changed = diesel::update(evidence::table.find(evidence_id.as_str()))
        .filter(evidence::owner.eq(owner))
        .filter(evidence::refund_id.is_null())
        .filter(evidence::place.eq(Place::Kept.as_str()))
        .set(evidence::place.eq(Place::Leaving.as_str()))
        .execute(&mut **tx)?;
    Ok(changed == 1)
}

/// Files that no refund took in time, and such as never arrived, are to be removed; how many.
pub fn expire(tx: &mut Tx<'_>, now: Timestamp, arrived_by: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let late: Vec<String> =
        evidence::table
            .filter(evidence::expires_at.is_not_null())
            .filter(evidence::expires_at.lt(now.as_microsecond()).or(
                evidence::place.eq(Place::Arriving.as_str()).and(evidence::created_at.lt(arrived_by.as_microsecond())),
            ))
            .filter(evidence::place.ne(Place::Leaving.as_str()))
            .limit(limit)
            .select(evidence::evidence_id)
            .load(&mut **tx)?;
    Ok(diesel::update(evidence::table.filter(evidence::evidence_id.eq_any(late)))
        .filter(evidence::refund_id.is_null())
        .set(evidence::place.eq(Place::Leaving.as_str()))
        .execute(&mut **tx)?)
}

/// Files whose bytes are to be removed.
pub fn leaving(conn: &mut Conn, limit: i64) -> Result<Vec<EvidenceId>, StoreError> {
    let found: Vec<String> = evidence::table
        .filter(evidence::place.eq(Place::Leaving.as_str()))
        .filter(evidence::removed_at.is_null())
        .limit(limit)
        .select(evidence::evidence_id)
        .load(conn)?;
    ids(&found)
}

/// The bytes of these files are gone: those that belong to no refund are forgotten, of the others it is written.
pub fn removed(tx: &mut Tx<'_>, ids: &[EvidenceId], now: Timestamp) -> Result<(), StoreError> {
    let all = ids.iter().map(EvidenceId::as_str);
    diesel::update(evidence::table.filter(evidence::evidence_id.eq_any(all.clone())))
        .filter(evidence::erased_at.is_not_null())
        .set(evidence::removed_at.eq(Some(now.as_microsecond())))
        .execute(&mut **tx)?;
    let ids: Vec<String> = evidence::table
        .filter(evidence::evidence_id.eq_any(all))
        .filter(evidence::erased_at.is_null())
        .select(evidence::evidence_id)
        .load(&mut **tx)?;
    diesel::delete(evidence_texts::table.filter(evidence_texts::evidence_id.eq_any(&ids))).execute(&mut **tx)?;
    diesel::delete(evidence::table.filter(evidence::evidence_id.eq_any(&ids))).execute(&mut **tx)?;
    Ok(())
}

fn ids(texts: &[String]) -> Result<Vec<EvidenceId>, StoreError> {
    texts.iter().map(|text| word("evidence.evidence_id", text)).collect()
}

fn into_row((record, texts): (EvidenceRecord, TextRecord)) -> Result<EvidenceRow, StoreError> {
    let corrupt = |error| StoreError::Corrupt(format!("evidence of {}: {error}", record.evidence_id));
    let length = |length: Option<i64>| length.map(u32::try_from).transpose().map_err(corrupt);
    Ok(EvidenceRow {
        evidence_id: word("evidence.evidence_id", &record.evidence_id)?,
        customer_id: optional_word("evidence.customer_id", record.customer_id.as_deref())?,
        refund_id: optional_word("evidence.refund_id", record.refund_id.as_deref())?,
        place: word("evidence.place", &record.place)?,
        kind: word("evidence.kind", &record.kind)?,
        looks: Looks {
            width: length(record.width)?,
            height: length(record.height)?,
            pages: u32::try_from(record.pages).map_err(corrupt)?,
            taken: record.taken.clone(),
        },
        scan: word("evidence.scan", &record.scan)?,
        scanned_at: optional_moment("evidence.scanned_at", record.scanned_at)?,
        created_at: moment("evidence.created_at", record.created_at)?,
        attached_at: optional_moment("evidence.attached_at", record.attached_at)?,
        expires_at: optional_moment("evidence.expires_at", record.expires_at)?,
        unreadable: record.unreadable_by.zip(optional_moment("evidence.unreadable_at", record.unreadable_at)?),
        erased_at: optional_moment("evidence.erased_at", record.erased_at)?,
        owner: record.owner,
        position: record.position,
        size_bytes: record.size_bytes,
        sha256: record.sha256,
        scan_found: record.scan_found,
        key_id: record.key_id,
        wrapped_key: record.wrapped_key,
        file_name: texts.file_name,
        alt: texts.alt,
    })
}

impl EvidenceRecord {
    fn from_row(row: &EvidenceRow) -> Self {
        Self {
            evidence_id: row.evidence_id.to_string(),
            owner: row.owner.clone(),
            customer_id: row.customer_id.as_ref().map(ToString::to_string),
            refund_id: row.refund_id.as_ref().map(ToString::to_string),
            position: row.position,
            place: row.place.to_string(),
            kind: row.kind.to_string(),
            size_bytes: row.size_bytes,
            sha256: row.sha256.clone(),
            width: row.looks.width.map(i64::from),
            height: row.looks.height.map(i64::from),
            pages: i64::from(row.looks.pages),
            taken: row.looks.taken.clone(),
            scan: row.scan.to_string(),
            scan_found: row.scan_found.clone(),
            scanned_at: row.scanned_at.map(Timestamp::as_microsecond),
            key_id: row.key_id.clone(),
            wrapped_key: row.wrapped_key.clone(),
            created_at: row.created_at.as_microsecond(),
            attached_at: row.attached_at.map(Timestamp::as_microsecond),
            expires_at: row.expires_at.map(Timestamp::as_microsecond),
            unreadable_by: row.unreadable.as_ref().map(|(by, _)| by.clone()),
            unreadable_at: row.unreadable.as_ref().map(|(_, at)| at.as_microsecond()),
            erased_at: row.erased_at.map(Timestamp::as_microsecond),
            removed_at: None,
        }
    }
}
