//! Measures what waits, removes what is over, and keeps metrics small.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Stopping, complain};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::count_decisions::DecisionCount;
use crate::services::{Refusal, erase_evidence, housekeeping, scan_evidence, tidy_evidence};
use crate::telemetry::metrics;

/// What waits is measured so often.
const MEASURE_EVERY: Duration = Duration::from_secs(5);

/// What is over is removed so often.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let mut measured: Option<Instant> = None;
    let mut tidied: Option<Instant> = None;
    let mut decisions = DecisionCount::starting(app.clock.now());
    while !stopping.is_due() {
        if is_due(&mut measured, MEASURE_EVERY) {
            metrics::fold();
            if let Err(refusal) = measure(&app, &mut decisions).await {
                complain(&refusal, "what waits cannot be measured");
            }
        }
        if is_due(&mut tidied, TIDY_EVERY)
            && let Err(refusal) = tidy(&app).await
        {
            complain(&refusal, "what is over cannot be removed");
        }
        stopping.wait(std::future::pending()).await;
    }
}

fn is_due(last: &mut Option<Instant>, every: Duration) -> bool {
    let is_due = last.is_none_or(|last| last.elapsed() >= every);
    if is_due {
        *last = Some(Instant::now());
    }
    is_due
}

async fn measure(app: &App, decisions: &mut DecisionCount) -> Result<(), Refusal> {
    let backlog = housekeeping::backlog(&app.desk).await?;
    let small = |number: i64| u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX });
    for (work, depth, oldest_age_s) in backlog.outbox {
        metrics::outbox(work.as_str(), small(depth), small(oldest_age_s));
    }
    metrics::dead_letters("outbox", small(backlog.outbox_dead));
    metrics::dead_letters("inbox", small(backlog.inbox_dead));
    decisions.go_on(&app.desk, app.clock.now()).await?;
    let (automatic, all) = decisions.automatic_of_all();
    metrics::auto_decision_rate(automatic, all);
    Ok(())
}

async fn tidy(app: &App) -> Result<(), Refusal> {
    let context = app.context(Principal::System);
    let pulled = housekeeping::pull_in(&app.desk).await?;
    if pulled > 0 {
        tracing::warn!(pulled, "work was due in the far future; the clock must have stepped back");
    }
    // Under a shifted clock nothing is removed: what looks over may not be.
    if app.config.clock_offset.is_zero() {
        housekeeping::purge_sessions(&app.desk).await?;
        housekeeping::purge_links(&app.desk, app.clock.now()).await?;
        housekeeping::purge_keys(&app.desk, app.clock.now()).await?;
        erase_evidence::erase_over(&app.desk, &context).await?;
        tidy_evidence::remove_over(&app.desk, &context).await?;
    }
    tidy_evidence::remove_leaving(&app.desk, &context).await?;
    tidy_evidence::sweep(&app.desk, &context).await?;
    scan_evidence::take_up(&app.desk, &context).await?;
    Ok(())
}
