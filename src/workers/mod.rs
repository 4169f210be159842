//! What happens without being asked: background loops over the services, supervised.
//!
//! Each loop leases or looks, works outside any transaction, and records. A loop that panics is started again after a
//! growing pause and shows so in `/readyz`. Loops wake by the desk's bells and by themselves every second. When the
//! process ends they lease nothing more, finish the calls that are under way and give the rest back.

mod decisions;
mod housekeeping;
mod inbox;
mod mailer;
mod pause;
mod poller;
mod scanner;
mod sealer;
mod submitter;
mod verdict;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::app::health::LoopState;
use crate::services::Refusal;

/// Idle loops look so often, whether a bell rang or not.
const TICK: Duration = Duration::from_secs(1);

/// The first pause before a loop that broke off is started again; it doubles from then on.
const RESTART_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause before that.
const RESTART_PAUSE_MAX: Duration = Duration::from_secs(30);

/// A loop that ran for so long is well again: its next break-off starts with the first pause.
const WELL_AFTER: Duration = Duration::from_secs(60);

/// Calls under way may take so long when the process ends; what is not done by then is taken up by the next run.
const FINISH_TIME: Duration = Duration::from_secs(12);

type Run = fn(Arc<App>, Stopping) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Every loop with its name on `/readyz`.
const LOOPS: &[(&str, Run)] = &[
    ("decisions", |app, stopping| Box::pin(decisions::run(app, stopping))),
    ("submitter", |app, stopping| Box::pin(submitter::run(app, stopping))),
    ("poller", |app, stopping| Box::pin(poller::run(app, stopping))),
    ("inbox", |app, stopping| Box::pin(inbox::run(app, stopping))),
    ("mailer", |app, stopping| Box::pin(mailer::run(app, stopping))),
    ("scanner", |app, stopping| Box::pin(scanner::run(app, stopping))),
    ("sealer", |app, stopping| Box::pin(sealer::run(app, stopping))),
    ("housekeeping", |app, stopping| Box::pin(housekeeping::run(app, stopping))),
];

/// The running loops.
pub struct Workers {
    stop: watch::Sender<bool>,
    supervisors: Vec<JoinHandle<()>>,
}

/// Starts every loop; to be called inside a Tokio runtime.
pub fn start(app: &Arc<App>) -> Workers {
    let (stop, stopping) = watch::channel(false);
    let supervise = |&(name, run): &(&'static str, Run)| {
        tokio::spawn(supervise(Arc::clone(app), name, run, Stopping(stopping.clone())))
    };
    Workers { supervisors: LOOPS.iter().map(supervise).collect(), stop }
}

impl Workers {
    /// Lets the loops end: nothing is begun any more, calls under way finish, leases are given back.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let until = Instant::now() + FINISH_TIME;
        for supervisor in self.supervisors {
            let abort = supervisor.abort_handle();
            if tokio::time::timeout(until.saturating_duration_since(Instant::now()), supervisor).await.is_err() {
                tracing::warn!("a background loop did not end in time; its leases run out by themselves");
                abort.abort();
            }
        }
    }
}

/// Tells a loop that the process ends.
#[derive(Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// Whether it ends.
    fn is_due(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it ends.
    async fn due(&mut self) {
        // The sender lives as long as the workers; where it is gone they are, too.
        let _gone = self.0.wait_for(|stop| *stop).await;
    }

    /// Waits for something, but no longer than a tick, and not once the process ends.
    async fn wait(&mut self, something: impl Future<Output = ()>) {
        tokio::select! {
            () = something => {}
            () = tokio::time::sleep(TICK) => {}
            () = self.due() => {}
        }
    }
}

async fn supervise(app: Arc<App>, name: &'static str, run: Run, mut stopping: Stopping) {
    let mut pause = RESTART_PAUSE;
    while !stopping.is_due() {
        app.health.note(name, LoopState::Running);
        let began = Instant::now();
        match tokio::spawn(run(Arc::clone(&app), stopping.clone())).await {
            Ok(()) => break,
            Err(error) => tracing::error!(name, %error, "a background loop broke off; it is started again"),
        }
        app.health.note(name, LoopState::Restarting);
        pause = if began.elapsed() >= WELL_AFTER { RESTART_PAUSE } else { pause };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopping.due() => {}
        }
        pause = pause.saturating_mul(2).min(RESTART_PAUSE_MAX);
    }
    app.health.note(name, LoopState::Stopped);
}

/// Says once at the boundary why a round of a loop did not work; the loop goes on.
fn complain(refusal: &Refusal, what: &'static str) {
    let cause = refusal.cause.as_deref().unwrap_or_default();
    tracing::warn!(code = %refusal.code, cause, "{what}");
}

/// The name under which this process holds leases: nobody else's, not even that of an earlier run.
fn owner(app: &App, name: &str) -> String {
    format!("{name} {}", app.ids.mint())
}
