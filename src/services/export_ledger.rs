//! The ledger as CSV: RFC 4180, machine names, one row a side of an entry, streamed on one snapshot. Source: SPEC section
//! 8, UX section 4.6.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::money::Money;
use crate::store::ledger::{self, SideRow};
use crate::store::{Conn, StoreError};

/// Entries that are read at once.
const PAGE: i64 = 1_000;

/// Columns keep their order; new ones come at the end.
const COLUMNS: [&str; 10] =
    ["entry_id", "kind", "account", "dr_cr", "amount_minor", "amount", "currency", "refund_id", "period", "posted_at"];

/// Writes every posting to `out`; how many there were, or why `out` could not be written.
pub async fn export_ledger(
    desk: &Arc<Desk>,
    context: &Context,
    out: impl Write + Send + 'static,
) -> Result<io::Result<u64>, Refusal> {
    context.require(Permission::FinanceRead)?;
    desk.db
        .read(move |conn| match write(conn, out) {
            Ok(rows) => Ok(Ok(rows)),
            Err(Stopped::Output(error)) => Ok(Err(error)),
            Err(Stopped::Store(error)) => Err(error.into()),
            Err(Stopped::Refused(refusal)) => Err(refusal),
        })
        .await
}

/// Why an export ended early.
pub(super) enum Stopped {
    /// Nobody takes it any more.
    Output(io::Error),
    /// It cannot be read.
    Store(StoreError),
    /// The same, said as a refusal.
    Refused(Refusal),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Stopped::Output(error)
    }
}

impl From<csv::Error> for Stopped {
    fn from(error: csv::Error) -> Self {
        Stopped::Output(error.into())
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Stopped::Store(error)
    }
}

fn write(conn: &mut Conn, out: impl Write) -> Result<u64, Stopped> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    out.write_record(COLUMNS)?;
    let (mut rows, mut after) = (0, String::new());
    loop {
        let sides = ledger::sides_after(conn, &after, PAGE)?;
        let Some(last) = sides.last() else { break };
        after.clone_from(&last.entry_id);
        for side in &sides {
            out.write_record(cells(side)?)?;
            rows += 1;
        }
    }
    out.flush()?;
    Ok(rows)
}

fn cells(side: &SideRow) -> Result<[String; 10], StoreError> {
    let currency = side.currency.parse().map_err(|error| corrupt(side, error))?;
    let posted_at = Timestamp::from_microsecond(side.posted_at).map_err(|error| corrupt(side, error))?;
    let (dr_cr, minor) = if side.credit_minor == 0 { ("Dr", side.debit_minor) } else { ("Cr", side.credit_minor) };
    Ok([
        side.entry_id.clone(),
        side.kind.clone(),
        // The accounts of adjustments are named by people.
        guarded(&side.account),
        dr_cr.to_owned(),
        minor.to_string(),
        Money::new(minor, currency).to_decimal(),
        side.currency.clone(),
        side.refund_id.clone().unwrap_or_default(),
        side.period.clone(),
        posted_at.to_string(),
    ])
}

/// Text that people chose, so that no spreadsheet takes it for a formula.
pub(super) fn guarded(text: &str) -> String {
    const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text.to_owned() }
}

fn corrupt(side: &SideRow, error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("ledger entry {}: {error}", side.entry_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(account: &str, currency: &str, debit_minor: i64, credit_minor: i64) -> SideRow {
        SideRow {
            entry_id: "le_1".into(),
            kind: "ADJUSTMENT".into(),
            account: account.into(),
            currency: currency.into(),
            debit_minor,
            credit_minor,
            refund_id: None,
            period: "2026-11".into(),
            posted_at: 1_795_000_000_000_000,
        }
    }

    #[test]
    fn a_side_is_ten_cells() {
        let cells = cells(&side("revenue.refunds", "KWD", 0, 1234)).unwrap();
        assert_eq!(cells.join(","), "le_1,ADJUSTMENT,revenue.refunds,Cr,1234,1.234,KWD,,2026-11,2026-11-18T11:06:40Z");
        assert_eq!(cells.len(), COLUMNS.len());
        assert!(super::cells(&side("x", "XXX", 1, 0)).is_err());
    }

    #[test]
    fn no_account_is_a_formula() {
        for account in ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", "＝1"] {
            let cells = cells(&side(account, "USD", 1, 0)).unwrap();
            assert_eq!(cells[2], format!("'{account}"));
        }
    }
}
