//! What every command that stays has in common: a runtime, the signals that end it, and telemetry around it.

use std::future::Future;
use std::io::Write as _;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Failure;
use crate::app::Clock;
use crate::config::Config;
use crate::telemetry::{Telemetry, metrics};

/// Threads for what is not waiting: the database and the processors are waited for without one.
const THREADS: usize = 2;

/// Threads for what blocks: reads of the database, files. More only queue behind the disk.
const BLOCKING_THREADS_MAX: usize = 24;

/// Everything has ended by then, whatever hangs. Source: SPEC section 16: within 20 s, with room to spare.
const STOP_TIME: Duration = Duration::from_secs(17);

/// What is left of blocking work gets so long.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Runs to its end with logging, metrics and traces as configured.
pub(super) fn with_telemetry(config: &Config, work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let telemetry = Telemetry::start(config, Clock::system).map_err(Failure::usage)?;
    metrics::start();
    let result = to_end(work);
    telemetry.finish();
    result
}

/// Runs to its end.
pub(super) fn to_end<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .thread_name("makegood")
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("No threads can be started: {error}.")))?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_CALL);
    result
}

/// The signals that end a process well.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens from now on.
    pub(super) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::failed(format!("Signals cannot be heard: {error}.")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Returns when the process is to end.
    pub(super) async fn heard(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Ends things in order, but not for longer than the time that a process has to end.
pub(super) async fn stop(ending: impl Future<Output = ()>) {
    tracing::info!("stopping");
    if tokio::time::timeout(STOP_TIME, ending).await.is_err() {
        tracing::warn!("something did not stop in time and is cut off");
    }
}

/// Tells whoever watches the terminal; a server does not end because nobody does.
pub(super) fn tell(text: &str) {
    let mut output = std::io::stdout().lock();
    let _nobody_watches = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}
