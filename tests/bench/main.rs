//! The figures of QUALITY section 3, measured side by side in one run and printed as a table.
//!
//! ```text
//! cargo bench                                   # SQLite in a temporary folder
//! MAKEGOOD_BENCH_POSTGRES=postgres://… cargo bench   # PostgreSQL too
//! MAKEGOOD_BENCH_SECONDS=10 cargo bench         # longer than the five seconds of each load
//! cargo bench -- pages                          # the desk's pages over many refunds instead
//! ```
//!
//! The desk under test is the real binary in a process of its own; the load comes from this process over loopback, so
//! both share the processors. Nothing is asserted: figures are for people.

#![expect(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program that measures and prints; what does not work ends it"
)]

mod bare;
mod client;
mod desk;
mod figures;
mod pages;

use std::time::{Duration, Instant};

use client::Load;
use desk::{Desk, Engine};
use figures::Figures;

/// Clients at once, as the budgets have it.
const CLIENTS: usize = 64;

/// Orders that are imported, one refund each; more than the loads use up.
const ORDERS: usize = 120_000;

/// Refunds whose whole life is measured.
const LIVES: usize = 10_000;

fn main() {
    let mut figures = Figures::default();
    let seconds = std::env::var("MAKEGOOD_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let only_pages = std::env::args().any(|argument| argument == "pages");
    runtime.block_on(async {
        if only_pages {
            pages::measure(Engine::Sqlite, &mut figures).await;
            if let Ok(url) = std::env::var("MAKEGOOD_BENCH_POSTGRES") {
                pages::measure(Engine::Postgres(url), &mut figures).await;
            }
            return;
        }
        measure(Engine::Sqlite, Duration::from_secs(seconds), &mut figures).await;
        if let Ok(url) = std::env::var("MAKEGOOD_BENCH_POSTGRES") {
            measure(Engine::Postgres(url), Duration::from_secs(seconds), &mut figures).await;
        }
    });
    figures.print();
}

async fn measure(engine: Engine, span: Duration, figures: &mut Figures) {
    let name = engine.name();
    let folder = tempfile::tempdir().expect("a temporary folder");
    eprintln!("{name}: bare durable one-row commits");
    let bare = match &engine {
        Engine::Sqlite => bare::sqlite(folder.path(), span),
        Engine::Postgres(url) => bare::postgres(url, CLIENTS, span).await,
    };
    figures.add(name, "bare durable one-row commits", format!("{bare:.0}/s"), "");

    eprintln!("{name}: importing {ORDERS} orders");
    let desk = Desk::prepare(engine, folder.path()).await;
    let begun = Instant::now();
    desk.import(ORDERS);
    figures.add(name, "orders import", format!("{:.0}/s", per_second(ORDERS, begun.elapsed())), "≥ 10,000/s");

    let running = desk.serve("off").await;
    figures.add(name, "start on an existing database", format!("{} ms", running.start_ms), "≤ 300 ms");
    figures.add(name, "memory idle", format!("{:.0} MiB", running.memory_mib()), "≤ 40 MiB");

    eprintln!("{name}: creates at {CLIENTS} clients");
    let mut orders = 0..ORDERS;
    let creates = Load::creates(&running, CLIENTS, span, &mut orders).await;
    let ratio = creates.per_second() / bare;
    let budget = if name == "SQLite" { "≥ 1.00 × bare, p95 ≤ 25 ms" } else { "≥ 0.25 × bare, p95 ≤ 25 ms" };
    figures.add(
        name,
        "whole creates",
        format!("{:.0}/s = {ratio:.2} × bare; {}", creates.per_second(), creates.spread()),
        budget,
    );
    let one = Load::creates(&running, 1, span, &mut orders).await;
    figures.add(name, "whole creates, one client", format!("{:.0}/s; {}", one.per_second(), one.spread()), "");

    eprintln!("{name}: status reads");
    let reads = Load::reads(&running, CLIENTS / 8, span, &creates.refunds).await;
    figures.add(
        name,
        "status reads, 8 clients",
        format!("{:.0}/s; {}", reads.per_second(), reads.spread()),
        "p95 ≤ 5 ms",
    );
    figures.add(name, "memory after load", format!("{:.0} MiB", running.memory_mib()), "≤ 150 MiB");
    running.stop().await;

    // What the loads left waiting is not part of the measure.
    desk.clear_outbox();
    let running = desk.serve("on").await;
    eprintln!("{name}: {LIVES} whole lives");
    let begun = Instant::now();
    Load::create_exactly(&running, CLIENTS, LIVES, &mut orders).await;
    let asked = begun.elapsed();
    desk.wait_until_settled(LIVES).await;
    let budget = if name == "SQLite" { "≥ 1,000/s" } else { "≥ 500/s" };
    let lives =
        format!("{:.0}/s ({} asked in {:.1} s)", per_second(LIVES, begun.elapsed()), LIVES, asked.as_secs_f64());
    figures.add(name, "whole lives, requested to completed and mailed", lives, budget);
    running.stop().await;
}

fn per_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}
