//! The ledger: entries are appended and read, never changed.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_word, word};
use super::schema::{ledger_entries, refunds, v_ledger_entries};
use super::{Conn, StoreError, Tx};
use crate::domain::id::{LedgerEntryId, RefundId};
use crate::domain::ledger::{EntryKind, Posting};
use crate::domain::money::Money;

/// An entry: one debit, one credit, one positive amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its id.
    pub entry_id: LedgerEntryId,
    /// What was posted.
    pub posting: Posting,
    /// The refund that it belongs to.
    pub refund_id: Option<RefundId>,
    /// The month it is booked in, as `YYYY-MM`.
    pub period: String,
    /// When it was posted.
    pub posted_at: Timestamp,
    /// When what it records happened.
    pub occurred_at: Timestamp,
}

#[derive(Queryable, Insertable)]
#[diesel(treat_none_as_default_value = false, table_name = ledger_entries)]
struct EntryRecord {
    entry_id: String,
    kind: String,
    debit_account: String,
    credit_account: String,
    amount_minor: i64,
    currency: String,
    refund_id: Option<String>,
    period: String,
    posted_at: i64,
    occurred_at: i64,
}

/// Appends an entry.
pub fn append(tx: &mut Tx<'_>, entry: &EntryRow) -> Result<(), StoreError> {
    let record = EntryRecord {
        entry_id: entry.entry_id.to_string(),
        kind: entry.posting.kind.to_string(),
        debit_account: entry.posting.debit.clone(),
        credit_account: entry.posting.credit.clone(),
        amount_minor: entry.posting.amount.minor,
        currency: entry.posting.amount.currency.to_string(),
        refund_id: entry.refund_id.as_ref().map(ToString::to_string),
        period: entry.period.clone(),
        posted_at: entry.posted_at.as_microsecond(),
        occurred_at: entry.occurred_at.as_microsecond(),
    };
    diesel::insert_into(ledger_entries::table).values(record).execute(&mut **tx)?;
    Ok(())
}

/// A refund's entries, oldest first.
pub fn of_refund(conn: &mut Conn, refund_id: &RefundId) -> Result<Vec<EntryRow>, StoreError> {
    let found: Vec<EntryRecord> = ledger_entries::table
        .filter(ledger_entries::refund_id.eq(refund_id.as_str()))
        .order(ledger_entries::entry_id)
        .load(conn)?;
    found.into_iter().map(EntryRecord::into_row).collect()
}

/// Entries after an id, in the order of ids.
pub fn after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<EntryRow>, StoreError> {
    let found: Vec<EntryRecord> = ledger_entries::table
        .filter(ledger_entries::entry_id.gt(after))
        .order(ledger_entries::entry_id)
        .limit(limit)
        .load(conn)?;
    found.into_iter().map(EntryRecord::into_row).collect()
}

/// The entries of these refunds, in the order of their ids.
pub fn of_refunds(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<EntryRow>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<EntryRecord> = ledger_entries::table
        .filter(ledger_entries::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .order((ledger_entries::refund_id, ledger_entries::entry_id))
        .load(conn)?;
    found.into_iter().map(EntryRecord::into_row).collect()
}

/// One side of an entry, as the view shows it that reports and auditors read. Texts are left unread, so that a check can
/// name what is wrong with them.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct SideRow {
    /// The entry.
    pub entry_id: String,
    /// What it records.
    pub kind: String,
    /// The account of this side.
    pub account: String,
    /// The currency.
    pub currency: String,
    /// What is debited, or 0.
    pub debit_minor: i64,
    /// What is credited, or 0.
    pub credit_minor: i64,
    /// The refund that it belongs to.
    pub refund_id: Option<String>,
    /// The month that it is booked in, as `YYYY-MM`.
    pub period: String,
    /// When it was posted, in microseconds.
    pub posted_at: i64,
}

/// Both sides of up to `entries` entries after an id, in the order of ids.
pub fn sides_after(conn: &mut Conn, after: &str, entries: i64) -> Result<Vec<SideRow>, StoreError> {
    let last: Option<String> = ledger_entries::table
        .filter(ledger_entries::entry_id.gt(after))
        .order(ledger_entries::entry_id)
        .limit(entries)
        .select(ledger_entries::entry_id)
        .load::<String>(conn)?
        .pop();
    let Some(last) = last else { return Ok(Vec::new()) };
    Ok(v_ledger_entries::table
        .filter(v_ledger_entries::entry_id.gt(after))
        .filter(v_ledger_entries::entry_id.le(last))
        .order((v_ledger_entries::entry_id, v_ledger_entries::credit_minor))
        .load(conn)?)
}

/// Entries that name a refund which does not exist, with that refund: there must be none.
pub fn entries_without_refund(conn: &mut Conn, limit: i64) -> Result<Vec<(String, Option<String>)>, StoreError> {
    Ok(ledger_entries::table
        .left_join(refunds::table.on(refunds::refund_id.nullable().eq(ledger_entries::refund_id)))
        .filter(ledger_entries::refund_id.is_not_null())
        .filter(refunds::refund_id.is_null())
        .order(ledger_entries::entry_id)
        .limit(limit)
        .select((ledger_entries::entry_id, ledger_entries::refund_id))
        .load(conn)?)
}

impl EntryRecord {
    fn into_row(self) -> Result<EntryRow, StoreError> {
        let kind: EntryKind = word("ledger_entries.kind", &self.kind)?;
        let amount = Money::new(self.amount_minor, word("ledger_entries.currency", &self.currency)?);
        Ok(EntryRow {
            entry_id: word("ledger_entries.entry_id", &self.entry_id)?,
            posting: Posting { kind, debit: self.debit_account, credit: self.credit_account, amount },
            refund_id: optional_word("ledger_entries.refund_id", self.refund_id.as_deref())?,
            period: self.period,
            posted_at: moment("ledger_entries.posted_at", self.posted_at)?,
            occurred_at: moment("ledger_entries.occurred_at", self.occurred_at)?,
        })
    }
}
