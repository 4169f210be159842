//! `makegood orders import FILE`: orders from a file, line by line, as if each had been pushed.
//!
//! A thread reads and checks while the batch before is written. Lines that are wrong are told one by one and do not stop
//! the rest; what stands in the database already is passed over, so that an import that broke off is simply run again.

mod json_lines;
mod line_feeds;
mod progress;
mod spreadsheet;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, Subcommand};
use serde_json::json;
use tokio::sync::mpsc;

use super::failure::complain;
use super::open::{on_desk, sentence};
use super::{Failure, Global, print};
use crate::app::App;
use crate::domain::access::Principal;
use crate::domain::order::Order;
use crate::services::import_orders::{Imported, import_orders};
use crate::services::push_order::Pushed;
use crate::services::{Code, Refusal};

use progress::Progress;

/// Orders of one transaction.
const BATCH_MAX: usize = 500;

/// The same beside a desk that serves from the same file, so that it never waits long for its turn.
const BATCH_BESIDE_MAX: usize = 100;

/// Batches that wait to be written at most.
const BATCHES_AHEAD: usize = 4;

/// Tries of a batch while the database is busy.
const TRIES_MAX: usize = 8;

/// Brings orders in
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Imports orders from CSV or JSON lines; run it again after a break, nothing is done twice
    #[command(
        after_help = "JSON lines: the body of PUT /v1/orders/{order_id} plus order_id, one order a line.\nCSV: one row a \
                      line of an order, rows of one order following each other, with the columns order_id, email, name, \
                      locale, currency, placed_at, line_id, description, quantity, unit_amount_minor, tax_minor, \
                      discount_minor, payment_id, provider_account, connector_transaction_id, rail, status, \
                      captured_minor, captured_at.\n\nExamples:\n  makegood orders import orders.jsonl\n  makegood orders \
                      import orders.csv --from-line 120001"
    )]
    Import {
        /// The file; its name ends in .csv or .jsonl
        file: PathBuf,
        /// Begin at this line of the file; in CSV the first row of an order
        #[arg(long, value_name = "LINE", default_value_t = 1)]
        from_line: u64,
        /// The summary as JSON
        #[arg(long)]
        json: bool,
    },
}

/// What is wrong, in words, with the line where it stands.
type Fault = (u64, String);

/// One order of a file, or what is wrong with it.
struct Item {
    /// The line that it begins on, from 1.
    line: u64,
    /// The order, or everything that is wrong with it.
    order: Result<Order, Vec<Fault>>,
}

/// Orders of a file, in order.
trait Source: Iterator<Item = Result<Item, String>> + Send {
    /// Bytes that were read so far.
    fn bytes_read(&self) -> u64;
}

/// Some orders of a file, with how far reading them has come.
struct Batch {
    items: Vec<Item>,
    position: u64,
}

/// What became of the lines.
#[derive(Default, serde::Serialize)]
struct Summary {
    created: u64,
    changed: u64,
    unchanged: u64,
    refused: u64,
    elapsed_ms: u64,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Command::Import { file, from_line, json } = self.command;
        let summary = on_desk(global, async |app| import(app, &file, from_line).await)?;
        if json {
            print::json(&json!(summary))?;
        } else {
            let Summary { created, changed, unchanged, refused, elapsed_ms } = &summary;
            let (seconds, tenths) = (elapsed_ms / 1_000, elapsed_ms % 1_000 / 100);
            print::text(&format!(
                "{created} orders are new, {changed} were changed, {unchanged} stood so already, {refused} were refused; \
                 {seconds}.{tenths} s\n"
            ))?;
        }
        match summary.refused {
            0 => Ok(()),
            1 => Err(Failure::failed("1 order was refused.")),
            refused => Err(Failure::failed(format!("{refused} orders were refused."))),
        }
    }
}

async fn import(app: Arc<App>, file: &Path, from_line: u64) -> Result<Summary, Failure> {
    let begun = Instant::now();
    let source = open(&app, file, from_line)?;
    let progress = Progress::of(file);
    let beside = app.is_served();
    let batch_max = if beside { BATCH_BESIDE_MAX } else { BATCH_MAX };
    let (batches, mut waiting) = mpsc::channel(BATCHES_AHEAD);
    let reader = tokio::task::spawn_blocking(move || read(source, batch_max, &batches));
    let mut summary = Summary::default();
    while let Some(Batch { items, position }) = waiting.recv().await {
        let taken = Instant::now();
        write(&app, items, &progress, &mut summary).await?;
        progress.reached(position);
        if beside {
            // As long a pause as the batch took: the desk that serves gets at least every other turn.
            tokio::time::sleep(taken.elapsed()).await;
        }
    }
    progress.done();
    let read = reader.await.map_err(|error| Failure::failed(format!("The file cannot be read: {error}.")))?;
    read.map_err(|why| Failure::failed(format!("{} cannot be read whole: {why}.", file.display())))?;
    summary.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(summary)
}

fn open(app: &Arc<App>, file: &Path, from_line: u64) -> Result<Box<dyn Source>, Failure> {
    let app = Arc::clone(app);
    let in_words = move |refusal: &Refusal| sentence(&app, refusal);
    let unreadable = |why: String| Failure::failed(format!("{} cannot be read: {why}.", file.display()));
    let opened = std::fs::File::open(file).map_err(|error| unreadable(error.to_string()))?;
    match file.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => {
            let rows = spreadsheet::Rows::open(opened, from_line, in_words).map_err(unreadable)?;
            Ok(Box::new(rows))
        }
        Some("jsonl" | "ndjson") => Ok(Box::new(json_lines::Lines::open(opened, from_line, in_words))),
        _ => Err(Failure::usage(format!("{} has to end in .csv or .jsonl.", file.display()))),
    }
}

/// Reads batch after batch, until the file ends or nobody wants more.
fn read(mut source: Box<dyn Source>, batch_max: usize, batches: &mpsc::Sender<Batch>) -> Result<(), String> {
    loop {
        let items = source.by_ref().take(batch_max).collect::<Result<Vec<_>, _>>()?;
        if items.is_empty() {
            return Ok(());
        }
        let batch = Batch { items, position: source.bytes_read() };
        if batches.blocking_send(batch).is_err() {
            return Ok(());
        }
    }
}

async fn write(app: &Arc<App>, items: Vec<Item>, progress: &Progress, summary: &mut Summary) -> Result<(), Failure> {
    let (mut lines, mut orders) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
    for Item { line, order } in items {
        match order {
            Ok(order) => {
                lines.push(line);
                orders.push(order);
            }
            Err(faults) => {
                summary.refused += 1;
                for (line, fault) in faults {
                    progress.aside(|| complain(format_args!("line {line}: {fault}")));
                }
            }
        }
    }
    let Some(&first) = lines.first() else { return Ok(()) };
    let answers = push(app, Arc::new(orders)).await.map_err(|refusal| {
        let why = sentence(app, &refusal);
        Failure::failed(format!("{why} Everything before line {first} is imported; go on with --from-line {first}."))
    })?;
    for (line, answer) in lines.into_iter().zip(answers) {
        match answer {
            Ok(Pushed::Created) => summary.created += 1,
            Ok(Pushed::Changed) => summary.changed += 1,
            Ok(Pushed::Unchanged) => summary.unchanged += 1,
            Err(refusal) => {
                summary.refused += 1;
                progress.aside(|| complain(format_args!("line {line}: {}", sentence(app, &refusal))));
            }
        }
    }
    Ok(())
}

/// Writes a batch; again while the database is busy with somebody else's writes.
async fn push(app: &Arc<App>, orders: Arc<Vec<Order>>) -> Result<Vec<Imported>, Refusal> {
    let mut tries = 0;
    loop {
        tries += 1;
        let context = app.context(Principal::Shell);
        match import_orders(&app.desk, &context, Arc::clone(&orders)).await {
            Err(refusal) if refusal.code == Code::Unavailable && tries < TRIES_MAX => {}
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests;
