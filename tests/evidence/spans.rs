//! Traces: read from what the collector got, written as OTLP's JSON, drawn as a waterfall, and checked for belonging
//! together.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use serde_json::{Value, json};

use crate::bundle::{Bundle, escaped};
use crate::cases::MAIN_TRACE;

/// A span, flat.
struct Span {
    trace: String,
    id: String,
    parent: String,
    name: String,
    start_ns: u64,
    end_ns: u64,
    attributes: BTreeMap<String, String>,
}

/// Writes them; the main case's have to belong together, from the shop's request to the webhook. The waterfall.
pub(crate) fn write(bundle: &Bundle, exports: &[ExportTraceServiceRequest]) -> Result<String> {
    let whole = json!({"resourceSpans": exports.iter().flat_map(resource_spans).collect::<Vec<_>>()});
    bundle.write_json("telemetry/traces.otlp.json", "All spans of the run, in OTLP's JSON form", &whole)?;
    let mut spans: Vec<Span> = flat(exports).into_iter().filter(|span| span.trace == MAIN_TRACE).collect();
    spans.sort_by_key(|span| (span.start_ns, span.end_ns));
    belongs_together(&spans)?;
    let drawing = waterfall(&spans);
    bundle.write(
        "telemetry/trace-main.svg",
        "The main case's trace: http.request, policy.evaluate, ledger.post, provider.submit, webhook.apply",
        &drawing,
    )?;
    Ok(drawing)
}

fn belongs_together(spans: &[Span]) -> Result<()> {
    let under = |inner: &str, outer: &str| {
        spans
            .iter()
            .filter(|span| span.name == inner)
            .any(|span| ancestors(spans, span).iter().any(|name| name == outer))
    };
    let names = || spans.iter().map(|span| span.name.as_str()).collect::<Vec<_>>().join(", ");
    for (inner, outer) in [
        ("policy.evaluate", "http.request"),
        ("ledger.post", "http.request"),
        ("provider.submit", "http.request"),
        ("webhook.apply", "http.request"),
        ("ledger.post", "webhook.apply"),
    ] {
        ensure!(under(inner, outer), "no span {inner} within {outer} in the main case's trace, which has {}", names());
    }
    let correlated = |span: &&Span| span.attributes.get("correlation_id").is_some_and(|id| id == "evidence-main");
    let submitted = spans.iter().find(|span| span.name == "provider.submit").context("no provider.submit")?;
    ensure!(correlated(&submitted), "provider.submit does not tell the request's correlation id");
    Ok(())
}

/// The names of the spans around this one.
fn ancestors(spans: &[Span], span: &Span) -> Vec<String> {
    let mut found = Vec::new();
    let mut parent = &span.parent;
    while let Some(outer) = spans.iter().find(|outer| outer.id == *parent) {
        found.push(outer.name.clone());
        parent = &outer.parent;
    }
    found
}

fn flat(exports: &[ExportTraceServiceRequest]) -> Vec<Span> {
    let scopes = exports.iter().flat_map(|export| &export.resource_spans).flat_map(|resource| &resource.scope_spans);
    let spans = scopes.flat_map(|scope| &scope.spans);
    spans
        .map(|span| Span {
            trace: hex::encode(&span.trace_id),
            id: hex::encode(&span.span_id),
            parent: hex::encode(&span.parent_span_id),
            name: span.name.clone(),
            start_ns: span.start_time_unix_nano,
            end_ns: span.end_time_unix_nano,
            attributes: span.attributes.iter().map(|pair| (pair.key.clone(), plain(pair))).collect(),
        })
        .collect()
}

fn resource_spans(export: &ExportTraceServiceRequest) -> Vec<Value> {
    let resource = |resource: &opentelemetry_proto::tonic::trace::v1::ResourceSpans| {
        let scopes = resource.scope_spans.iter().map(|scope| {
            let name = scope.scope.as_ref().map(|scope| scope.name.clone()).unwrap_or_default();
            let spans = scope.spans.iter().map(|span| {
                json!({
                    "traceId": hex::encode(&span.trace_id), "spanId": hex::encode(&span.span_id),
                    "parentSpanId": hex::encode(&span.parent_span_id), "name": span.name, "kind": span.kind,
                    "startTimeUnixNano": span.start_time_unix_nano.to_string(),
                    "endTimeUnixNano": span.end_time_unix_nano.to_string(), "attributes": attributes(&span.attributes),
                    "events": span.events.iter().map(|event| json!({
                        "timeUnixNano": event.time_unix_nano.to_string(), "name": event.name,
                        "attributes": attributes(&event.attributes),
                    })).collect::<Vec<_>>(),
                })
            });
            json!({"scope": {"name": name}, "spans": spans.collect::<Vec<_>>()})
        });
        let about = resource.resource.as_ref().map(|about| attributes(&about.attributes)).unwrap_or_default();
        json!({"resource": {"attributes": about}, "scopeSpans": scopes.collect::<Vec<_>>()})
    };
    export.resource_spans.iter().map(resource).collect()
}

fn attributes(pairs: &[KeyValue]) -> Vec<Value> {
    pairs.iter().map(|pair| json!({"key": pair.key, "value": typed(pair)})).collect()
}

/// A value under the name of its type, as OTLP writes it.
fn typed(pair: &KeyValue) -> Value {
    match pair.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => json!({"stringValue": text}),
        Some(any_value::Value::BoolValue(flag)) => json!({"boolValue": flag}),
        Some(any_value::Value::IntValue(number)) => json!({"intValue": number.to_string()}),
        Some(any_value::Value::DoubleValue(number)) => json!({"doubleValue": number}),
        Some(other) => json!({"stringValue": format!("{other:?}")}),
        None => json!({}),
    }
}

fn plain(pair: &KeyValue) -> String {
    let value = typed(pair);
    let inner = value.as_object().and_then(|object| object.values().next()).cloned().unwrap_or_default();
    inner.as_str().map_or_else(|| inner.to_string(), str::to_owned)
}

/// Bars over time, one span a row, drawn with whole numbers: thousandths of the whole width.
fn waterfall(spans: &[Span]) -> String {
    const WIDTH: u64 = 1200;
    const NAMES: u64 = 300;
    const ROW: u64 = 26;
    let begin = spans.iter().map(|span| span.start_ns).min().unwrap_or(0);
    let end = spans.iter().map(|span| span.end_ns).max().unwrap_or(begin);
    let whole = end.saturating_sub(begin).max(1);
    let place = |ns: u64| NAMES + (WIDTH - NAMES - 130) * ns.saturating_sub(begin) / whole;
    let height = ROW * u64::try_from(spans.len()).unwrap_or(0) + 50;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"system-ui,sans-serif\" font-size=\"14\"><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\
         <text x=\"8\" y=\"22\" fill=\"#14181d\">trace {MAIN_TRACE}, {} ms from the first span to the last</text>",
        whole / 1_000_000
    );
    let mut y = 36;
    for span in spans {
        let depth = u64::try_from(ancestors(spans, span).len()).unwrap_or(0);
        let (x, width) = (place(span.start_ns), place(span.end_ns).saturating_sub(place(span.start_ns)).max(3));
        let kind = ["kind", "outcome", "method"].iter().find_map(|name| span.attributes.get(*name));
        let label = kind.map_or_else(|| span.name.clone(), |kind| format!("{} {kind}", span.name));
        let took_us = span.end_ns.saturating_sub(span.start_ns) / 1000;
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" fill=\"#14181d\">{}</text><rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"14\" \
             fill=\"#1f5fbf\"/><text x=\"{}\" y=\"{}\" fill=\"#4b5560\" font-size=\"12\">{}.{:03} ms</text>",
            8 + 14 * depth,
            y + 14,
            escaped(&label),
            y + 3,
            x + width + 6,
            y + 14,
            took_us / 1000,
            took_us % 1000,
        );
        y += ROW;
    }
    svg.push_str("</svg>\n");
    svg
}
