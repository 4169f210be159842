//! One span and one measurement for each request.

use std::time::Duration;

use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, StatusCode};
use tracing::Span;

use crate::telemetry::{TraceParent, metrics};

/// The span of a request; it goes on where the caller's trace (`traceparent`, W3C) left off.
pub(super) fn request_span(request: &ServiceRequest, correlation_id: &str) -> Span {
    let span = tracing::info_span!("http.request", correlation_id, method = request.method().as_str());
    let told = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    if let Some(parent) = told.and_then(|text| text.parse::<TraceParent>().ok()) {
        parent.adopt(&span);
    }
    span
}

/// Counts an answer and its time, by route pattern so that ids in paths do not make new series.
pub(super) fn answered(method: &Method, route: Option<&str>, status: StatusCode, took: Duration) {
    metrics::http_answered(known(method), route.unwrap_or("none").to_owned(), status.as_u16(), took);
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
