//! The ledger against the processor's book: both as CSV, matched item by item, and their totals for each day and currency.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};

use crate::bundle::Bundle;
use crate::story::Stage;

/// The provider's side as a report that finance could be given: the columns of SPEC section 9's upload format, without the
/// time, which the simulator's book does not show.
const PROVIDER_COLUMNS: [&str; 6] =
    ["connector_refund_id", "merchant_refund_id", "connector_transaction_id", "status", "amount_minor", "currency"];

const ITEM_COLUMNS: [&str; 10] = [
    "date",
    "provider_account",
    "currency",
    "refund_id",
    "merchant_refund_id",
    "connector_refund_id",
    "ledger_amount_minor",
    "provider_amount_minor",
    "difference_minor",
    "provider_status",
];

/// What the ledger says of one refund at the processor.
#[derive(Default)]
struct Ours {
    date: String,
    currency: String,
    amount_minor: i64,
}

/// What the processor says of one refund of ours.
struct Theirs {
    id: String,
    reference: String,
    transaction: String,
    status: String,
    amount_minor: i64,
    currency: String,
}

/// Writes both sides and their parity; anything but parity ends the run. The sentence that says so.
pub(crate) async fn write(bundle: &Bundle, stage: &Stage, ledger: &str) -> Result<String> {
    let ours = from_ledger(ledger)?;
    let mut theirs = Vec::new();
    for transaction in &stage.transactions {
        theirs.extend(of_transaction(stage, transaction).await?);
    }
    bundle.write("books/ledger.csv", "`makegood ledger export`: every posting", ledger)?;
    bundle.write("books/provider.csv", "The processor's book, from /simulator/v1/refunds", provider_csv(&theirs)?)?;
    let (items, totals) = (matched(&ours, &theirs), totals(&ours, &theirs));
    let items_csv = csv(&ITEM_COLUMNS, &items)?;
    bundle.write("books/reconciliation.csv", "Ledger and provider, refund by refund", items_csv)?;
    let columns = ["date", "currency", "ledger_minor", "provider_minor", "difference_minor", "verdict"];
    let rows: Vec<Vec<String>> = totals
        .iter()
        .map(|((date, currency), (ledger, provider))| {
            let verdict = if ledger == provider { "parity" } else { "BREAK" };
            let figures = [*ledger, *provider, ledger - provider].map(|minor| minor.to_string());
            [date.clone(), currency.clone()].into_iter().chain(figures).chain([verdict.to_owned()]).collect()
        })
        .collect();
    bundle.write("books/parity.csv", "Totals for each day and currency, 1:1", csv(&columns, &rows)?)?;
    let unmatched = items.iter().filter(|item| item.get(8).is_some_and(|difference| difference != "0")).count();
    let breaks = rows.iter().filter(|row| row.last().is_some_and(|verdict| verdict != "parity")).count();
    if unmatched + breaks > 0 {
        bail!("ledger and provider differ in {unmatched} refunds and {breaks} totals; see books/reconciliation.csv");
    }
    ensure!(rows.len() > 2, "the books hold fewer currencies than the cases paid in");
    Ok(format!("{} refunds match one by one; {} daily totals are in parity", items.len(), rows.len()))
}

/// By refund: what left by the processor, less what came back. A refund's day is the day that it was settled.
fn from_ledger(ledger: &str) -> Result<BTreeMap<String, Ours>> {
    let mut reader = csv::Reader::from_reader(ledger.as_bytes());
    let headers = reader.headers()?.clone();
    let mut found: BTreeMap<String, Ours> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let cell = |name: &str| {
            let place = headers.iter().position(|header| header == name);
            place.and_then(|place| record.get(place)).with_context(|| format!("the ledger has no column {name}"))
        };
        if cell("account")? != "asset.provider.simulator" {
            continue;
        }
        let minor: i64 = cell("amount_minor")?.parse()?;
        let ours = found.entry(cell("refund_id")?.to_owned()).or_default();
        cell("currency")?.clone_into(&mut ours.currency);
        if cell("dr_cr")? == "Cr" {
            ours.amount_minor += minor;
            ours.date = cell("posted_at")?.chars().take(10).collect();
        } else {
            ours.amount_minor -= minor;
        }
    }
    Ok(found)
}

async fn of_transaction(stage: &Stage, transaction: &str) -> Result<Vec<Theirs>> {
    let text = |item: &serde_json::Value, pointer: &str| {
        item.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let read = |item: &serde_json::Value| {
        Ok(Theirs {
            id: text(item, "/connector_refund_id"),
            reference: text(item, "/merchant_refund_id"),
            transaction: transaction.to_owned(),
            status: text(item, "/status"),
            amount_minor: item["amount"]["minor_amount"].as_i64().context("an amount that is none")?,
            currency: text(item, "/amount/currency"),
        })
    };
    stage.book(transaction).await?.iter().map(read).collect()
}

impl Theirs {
    /// The refund that it names; later attempts append a number.
    fn refund_id(&self) -> &str {
        self.reference.split('.').next().unwrap_or_default()
    }

    /// What was paid: nothing that failed, was reversed, or is still to come.
    fn paid_minor(&self) -> i64 {
        if self.status == "SUCCEEDED" { self.amount_minor } else { 0 }
    }
}

/// Every refund that either side knows money of.
fn matched(ours: &BTreeMap<String, Ours>, theirs: &[Theirs]) -> Vec<Vec<String>> {
    let nothing = Ours::default();
    let mut rows = Vec::new();
    for item in theirs.iter().filter(|item| ours.contains_key(item.refund_id()) || item.paid_minor() != 0) {
        let ledger = ours.get(item.refund_id()).unwrap_or(&nothing);
        rows.push(row(item.refund_id(), ledger, Some(item)));
    }
    for (refund_id, ledger) in ours {
        if !theirs.iter().any(|item| item.refund_id() == refund_id) {
            rows.push(row(refund_id, ledger, None));
        }
    }
    rows.sort();
    rows
}

fn row(refund_id: &str, ours: &Ours, theirs: Option<&Theirs>) -> Vec<String> {
    let paid = theirs.map_or(0, Theirs::paid_minor);
    let text = |read: fn(&Theirs) -> &String| theirs.map(read).cloned().unwrap_or_default();
    let currency = if ours.currency.is_empty() { text(|theirs| &theirs.currency) } else { ours.currency.clone() };
    vec![
        ours.date.clone(),
        "simulator".to_owned(),
        currency,
        refund_id.to_owned(),
        text(|theirs| &theirs.reference),
        text(|theirs| &theirs.id),
        ours.amount_minor.to_string(),
        paid.to_string(),
        (ours.amount_minor - paid).to_string(),
        text(|theirs| &theirs.status),
    ]
}

/// Both sides' totals. The simulator's book shows no time, so that an item of it counts on the day of the refund that it
/// names; one that names none of ours has no day and is a break.
fn totals(ours: &BTreeMap<String, Ours>, theirs: &[Theirs]) -> BTreeMap<(String, String), (i64, i64)> {
    let mut totals: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for side in ours.values() {
        totals.entry((side.date.clone(), side.currency.clone())).or_default().0 += side.amount_minor;
    }
    for item in theirs.iter().filter(|item| item.paid_minor() != 0) {
        let date = ours.get(item.refund_id()).map(|ours| ours.date.clone()).unwrap_or_default();
        totals.entry((date, item.currency.clone())).or_default().1 += item.paid_minor();
    }
    totals
}

fn provider_csv(theirs: &[Theirs]) -> Result<String> {
    let rows: Vec<Vec<String>> = theirs
        .iter()
        .map(|item| {
            let Theirs { id, reference, transaction, status, amount_minor, currency } = item;
            let texts = [id, reference, transaction, status].map(Clone::clone);
            texts.into_iter().chain([amount_minor.to_string(), currency.clone()]).collect()
        })
        .collect();
    csv(&PROVIDER_COLUMNS, &rows)
}

fn csv(columns: &[&str], rows: &[Vec<String>]) -> Result<String> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record(columns)?;
    for row in rows {
        out.write_record(row)?;
    }
    Ok(String::from_utf8(out.into_inner().context("a CSV cannot be ended")?)?)
}
