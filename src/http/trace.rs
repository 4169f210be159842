//! One span and one measurement for each request.

use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The span of a request; it goes on where the caller's trace (`traceparent`, W3C) left off.
pub(super) fn request_span(request: &ServiceRequest, correlation_id: &str) -> Span {
    let span =
        tracing::info_span!("http.request", correlation_id, method = request.method().as_str(), path = request.path(),);
    if request.headers().contains_key("traceparent") && !span.is_disabled() {
        let context = TraceContextPropagator::new().extract(&Carrier(request));
        // Without an exporter there is no trace to go on with, which is not an error.
        let _ = span.set_parent(context);
    }
    span
}

/// Counts an answer and its time, by route pattern so that ids in paths do not make new series.
pub(super) fn answered(method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
    let method = known(method);
    let route = route.unwrap_or("none").to_owned();
    metrics::counter!("http_requests_total", "method" => method, "route" => route.clone(), "status" => status.as_str().to_owned())
        .increment(1);
    metrics::histogram!("http_request_duration_ms", "method" => method, "route" => route)
        .record(took.saturating_mul(1000).as_secs_f64());
}

/// A method as a label: callers may invent methods, series must not follow.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

struct Carrier<'a>(&'a ServiceRequest);

impl Extractor for Carrier<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.headers().get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.headers().keys().map(|name| name.as_str()).collect()
    }
}
