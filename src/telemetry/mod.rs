//! What the desk tells about itself: logs, metrics, traces.
//!
//! Source: SPEC section 15. [`logs`] writes one JSON object a line, [`metrics`] has every metric by its name, [`traces`]
//! exports spans where a collector is configured and carries `traceparent` from door to door. All three tell codes and
//! ids, never names, addresses or secrets.

pub mod logs;
pub mod metrics;
pub mod msgid;
pub mod traces;

use std::io::IsTerminal as _;

use jiff::Timestamp;
use opentelemetry::trace::TracerProvider as _;
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, Registry};

use crate::config::{Config, LogFormat};

pub use traces::TraceParent;

/// Our own spans carry the ids that every line inherits, whatever the log's level.
const OWN_TARGET: &str = "makegood";

/// Keeps telemetry going; dropping it sends what traces still wait.
#[derive(Debug)]
#[must_use = "dropping it ends the traces"]
pub struct Telemetry {
    traces: Option<traces::Exporter>,
}

impl Telemetry {
    /// Starts logging to standard error and, where a collector is configured, tracing; once per process.
    ///
    /// `now` dates the lines. The error is a sentence.
    pub fn start(config: &Config, now: fn() -> Timestamp) -> Result<Self, String> {
        let filter = EnvFilter::builder().parse(&config.log).map_err(|error| format!("The log's filter: {error}."))?;
        let filter = filter.or(filter_fn(is_own_span));
        let is_pretty = match config.log_format {
            LogFormat::Auto => std::io::stderr().is_terminal(),
            LogFormat::Pretty => true,
            LogFormat::Json => false,
        };
        let lines = if is_pretty {
            tracing_subscriber::fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(std::io::stderr().is_terminal())
                .with_filter(filter)
                .boxed()
        } else {
            logs::JsonLines::new(std::io::stderr, now).with_filter(filter).boxed()
        };
        let traces = config.otlp_endpoint.as_ref().map(traces::Exporter::start).transpose()?;
        let spans = traces.as_ref().map(|exporter| {
            tracing_opentelemetry::layer()
                .with_tracer(exporter.provider().tracer(OWN_TARGET))
                .with_filter(filter_fn(|metadata| metadata.target().starts_with(OWN_TARGET)))
        });
        // Traces come first: the lines tell the trace's id.
        Registry::default()
            .with(spans)
            .with(lines)
            .try_init()
            .map_err(|error| format!("Logging cannot start: {error}."))?;
        Ok(Self { traces })
    }

    /// Sends what traces still wait, for a few seconds at most, and ends them.
    pub fn finish(self) {
        drop(self);
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(exporter) = self.traces.take() {
            exporter.finish();
        }
    }
}

fn is_own_span(metadata: &tracing::Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with(OWN_TARGET)
}
