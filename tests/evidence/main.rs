//! The evidence bundle: a real run of the real program, with everything that was seen of it kept in one folder.
//!
//! ```text
//! tests/evidence/run            # into target/evidence
//! tests/evidence/run FOLDER
//! ```
//!
//! `story` sets the stage: the desk in a process of its own (`desk`), on a throw-away database, with a `witness` where its
//! neighbours would stand. `cases` walks the brief's acceptance cases over HTTP (`exchange`), `screens` and `letters` a
//! customer's way in a Chromium (`browser`). What they leave is written by `samples`, `books`, `proofs`, `telemetry`, `spans`,
//! `diagrams` and `contract` into the `bundle`. The first case, invariant or leak that goes wrong ends the run with a sentence.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for people who develop: it says what it does, missing members of JSON are null, and what cannot happen ends it"
)]

mod books;
mod browser;
mod bundle;
mod cases;
mod contract;
#[path = "../suite/harness/database.rs"]
mod database;
mod desk;
mod diagrams;
mod exchange;
mod hand;
mod letters;
mod proofs;
mod samples;
mod screens;
mod spans;
mod story;
mod telemetry;
mod witness;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, Result};
use jiff::Timestamp;

use browser::Browser;
use bundle::{Bundle, Run};
use story::Stage;

/// How long the processor leaves pending what is photographed.
const STANDSTILL_MS: u64 = 600_000;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Name the folder that the bundle goes into.");
        return ExitCode::from(2);
    };
    // An error says that the process has its cryptography already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime.context("no runtime").and_then(|runtime| runtime.block_on(run(&folder))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tests/evidence: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(folder: &Path) -> Result<()> {
    let (started_at, begun) = (Timestamp::now().to_string(), Instant::now());
    let bundle = Bundle::begin(folder)?;
    let mut stage = Stage::set().await?;
    let told = cases::all(&mut stage).await?;
    letters::write(&bundle, &mut stage).await?;
    contract::write(&bundle, &stage).await?;
    let metrics = stage.settled_metrics().await?;
    telemetry::metrics(&bundle, &metrics)?;

    stage.desk.stop().await?;
    stage.desk.start(STANDSTILL_MS).await?;
    screens::all(&bundle, &mut stage).await?;
    let ledger = stage.desk.done(&["ledger", "export"])?;
    let parity = books::write(&bundle, &stage, &ledger).await?;
    stage.verdict("books", parity);
    let stopped = stage.desk.stop().await?;
    stage.verdict(
        "stop",
        format!("SIGTERM ended both runs with exit code 0, the last within {} ms", stopped.as_millis()),
    );

    bundle.write_json(
        "cases/api.har",
        "Every request of the cases with its answer, as HAR 1.2; a page a case",
        &stage.archive.whole(),
    )?;
    bundle.write_json(
        "cases/synthetic.json",
        "What `makegood synthetic` said, for each region",
        &stage.journeys.clone().into(),
    )?;
    samples::write(&bundle, &stage.witness.deliveries())?;
    telemetry::logs(&bundle, &stage.desk.log()?, &told)?;
    let waterfall = spans::write(&bundle, &stage.witness.exports())?;
    figures(&bundle, &metrics, &waterfall).await?;
    diagrams::write(&bundle, &told.main_events)?;
    proofs::write(&bundle, &stage.desk, &told)?;
    stage.verdict("invariants", "ledger check, audit verify, policy replay, doctor --invariants: exit code 0 each");
    proofs::nothing_leaked(&bundle, &stage)?;
    stage.verdict(
        "leaks",
        "no address, name, note or card number in telemetry, books, proofs and webhooks; no secret anywhere",
    );

    let run = Run {
        started_at,
        seconds: begun.elapsed().as_secs(),
        engine: stage.desk.engine().to_owned(),
        commit: commit(),
        verdicts: stage.verdicts.clone(),
    };
    let count = bundle.finish(&run)?;
    println!("{count} artefacts in {} s: {}", run.seconds, folder.join("index.html").display());
    Ok(())
}

/// A picture of the metrics and the main case's trace.
async fn figures(bundle: &Bundle, metrics: &str, waterfall: &str) -> Result<()> {
    let page = tempfile::Builder::new().suffix(".html").tempfile()?;
    std::fs::write(page.path(), telemetry::figures(metrics, waterfall))?;
    let browser = Browser::open().await?;
    let picture = browser.picture_of(&format!("file://{}", page.path().display()), 1280).await?;
    browser.close().await?;
    bundle.write("telemetry/figures.png", "The desk's metrics and the main case's trace, photographed", picture)
}

/// The commit that the sources stand at, with a word where they were changed since.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let said = Command::new("git").arg("-C").arg(env!("CARGO_MANIFEST_DIR")).args(arguments).output().ok()?;
        said.status.success().then(|| String::from_utf8_lossy(&said.stdout).trim().to_owned())
    };
    match (git(&["rev-parse", "HEAD"]), git(&["status", "--porcelain"])) {
        (Some(commit), Some(changes)) if changes.is_empty() => commit,
        (Some(commit), _) => format!("{commit} with changes"),
        (None, _) => "no commit".to_owned(),
    }
}
