//! Traces: W3C `traceparent` in and out, and the export of spans to an OTLP collector.
//!
//! Spans of the desk are named `policy.evaluate`, `ledger.post`, `provider.submit` and so on (SPEC section 15). Export
//! runs on a thread of its own with a bounded queue: a collector that is slow or gone costs traces, never refunds.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry_otlp::{Protocol, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use url::Url;

/// A collector answers at once or is in trouble; what waits longer is dropped.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long an orderly stop waits for the last spans; SPEC section 16 allows 20 s for the whole stop.
const FINISH_TIMEOUT: Duration = Duration::from_secs(4);

/// Where a piece of work belongs: the trace and the span that caused it, as `traceparent` carries them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    trace_id: TraceId,
    span_id: SpanId,
    is_sampled: bool,
}

/// The header is not `traceparent` of W3C Trace Context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a traceparent: 00, 32 and 16 hexadecimal digits and 2 of flags, with hyphens between")]
pub struct NotATraceParent;

impl TraceParent {
    /// The trace's id, 32 hexadecimal digits.
    pub fn trace_id_hex(&self) -> String {
        self.trace_id.to_string()
    }

    /// Makes the work in `span` a part of this trace. Without a collector it changes nothing.
    pub fn adopt(self, span: &Span) {
        let flags = if self.is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let context = SpanContext::new(self.trace_id, self.span_id, flags, true, TraceState::NONE);
        let parent = opentelemetry::Context::new().with_remote_span_context(context);
        // An error says that nothing is exported, or that the span has begun in another trace.
        let _ = span.set_parent(parent);
    }
}

/// Where the work of this span belongs; none where nothing is exported.
pub fn of_span(span: &Span) -> Option<TraceParent> {
    let context = span.context();
    let span_context = context.span().span_context().clone();
    span_context.is_valid().then(|| TraceParent {
        trace_id: span_context.trace_id(),
        span_id: span_context.span_id(),
        is_sampled: span_context.is_sampled(),
    })
}

/// Where the work at hand belongs, to be stored with what is done later and sent with outgoing calls.
pub fn current() -> Option<TraceParent> {
    of_span(&Span::current())
}

impl FromStr for TraceParent {
    type Err = NotATraceParent;

    fn from_str(text: &str) -> Result<Self, NotATraceParent> {
        let mut parts = text.trim().split('-');
        let version = hex_part(parts.next(), 2)?;
        let trace_id = TraceId::from_hex(hex_part(parts.next(), 32)?).map_err(|_| NotATraceParent)?;
        let span_id = SpanId::from_hex(hex_part(parts.next(), 16)?).map_err(|_| NotATraceParent)?;
        let flags = u8::from_str_radix(hex_part(parts.next(), 2)?, 16).map_err(|_| NotATraceParent)?;
        // Later versions may append parts; version ff is forbidden.
        let has_more = parts.next().is_some();
        if version == "ff" || (version == "00" && has_more) {
            return Err(NotATraceParent);
        }
        if trace_id == TraceId::INVALID || span_id == SpanId::INVALID {
            return Err(NotATraceParent);
        }
        Ok(Self { trace_id, span_id, is_sampled: flags & 1 == 1 })
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-{:02x}", self.trace_id, self.span_id, u8::from(self.is_sampled))
    }
}

/// Sends spans to a collector.
#[derive(Debug)]
pub(super) struct Exporter {
    provider: SdkTracerProvider,
}

impl Exporter {
    /// Starts the export; whether the collector is there shows later and matters to nobody else.
    pub(super) fn start(endpoint: &Url) -> Result<Self, String> {
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(http_client()?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(traces_url(endpoint))
            .with_timeout(EXPORT_TIMEOUT)
            .build()
            .map_err(|error| format!("Traces cannot be exported: {error}."))?;
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "makegood"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
            .with_resource(resource)
            .build();
        Ok(Self { provider })
    }

    pub(super) fn provider(&self) -> &SdkTracerProvider {
        &self.provider
    }

    /// What does not leave in time is lost.
    pub(super) fn finish(self) {
        let _ = self.provider.shutdown_with_timeout(FINISH_TIMEOUT);
    }
}

/// Collectors are named by their base; a URL with a path of its own is taken as it is.
fn traces_url(endpoint: &Url) -> String {
    if endpoint.path() == "/" { format!("{endpoint}v1/traces") } else { endpoint.to_string() }
}

/// Made on a thread of its own, since a blocking client must not be made where async work runs.
fn http_client() -> Result<reqwest::blocking::Client, String> {
    let made = std::thread::spawn(|| {
        // An error says that the process has its cryptography already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::blocking::Client::builder().timeout(EXPORT_TIMEOUT).connect_timeout(EXPORT_TIMEOUT).build()
    });
    match made.join() {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(format!("Traces cannot be exported: {error}.")),
        Err(_) => Err("Traces cannot be exported: no HTTP client could be made.".into()),
    }
}

fn hex_part(part: Option<&str>, length: usize) -> Result<&str, NotATraceParent> {
    part.filter(|part| part.len() == length)
        .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
        .ok_or(NotATraceParent)
}

#[cfg(test)]
mod tests;
