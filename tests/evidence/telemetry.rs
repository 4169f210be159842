//! Logs and metrics: what has to be in them, and the page that is photographed.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::bundle::{Bundle, escaped};
use crate::cases::Told;

/// Message ids of the brief.
const MESSAGE_IDS: [&str; 5] = [
    "MSG.refund.requested",
    "MSG.refund.approved",
    "MSG.refund.submitted",
    "MSG.refund.completed",
    "MSG.refund.failed",
];

/// Metrics of the brief, and of SPEC section 15 beside them; each has to have a series that begins so.
const METRICS: [&str; 8] = [
    "refund_create_latency_ms_bucket{",
    "refund_create_latency_ms_count",
    "refund_outcome_total{state=\"completed\"}",
    "refund_outcome_total{state=\"failed\"}",
    "refund_mismatch_rate_pct",
    "refund_auto_decision_rate_pct",
    "webhook_replay_dedup_total",
    "refund_prevented_total{kind=\"over_refund\"}",
];

/// Series that the cases have moved.
const MOVED: [&str; 6] = [
    "refund_create_latency_ms_count",
    "refund_auto_decision_rate_pct",
    "refund_outcome_total{state=\"completed\"}",
    "refund_outcome_total{state=\"failed\"}",
    "webhook_replay_dedup_total",
    "refund_prevented_total{kind=\"over_refund\"}",
];

/// Writes the log, whole and by refund; every line has to be JSON, and the brief's message ids have to be there.
pub(crate) fn logs(bundle: &Bundle, log: &str, told: &Told) -> Result<()> {
    let lines: Vec<(&str, Value)> = log
        .lines()
        .map(|line| {
            Ok((
                line,
                serde_json::from_str(line).with_context(|| format!("the log has a line that is no JSON: {line}"))?,
            ))
        })
        .collect::<Result<_>>()?;
    let chosen = |is_so: &dyn Fn(&Value) -> bool| {
        lines.iter().filter(|(_, value)| is_so(value)).map(|(line, _)| format!("{line}\n")).collect::<String>()
    };
    let messages = chosen(&|value| value["msgid"].as_str().is_some_and(|id| id.starts_with("MSG.refund.")));
    for id in MESSAGE_IDS {
        ensure!(messages.contains(&format!("\"msgid\":\"{id}\"")), "{id} was never logged");
    }
    let is_denial = |value: &Value| {
        value["msgid"] == "MSG.refund.requested"
            && value["correlation_id"] == told.exceeding
            && value["reason"] == "ERR.BUSINESS.refund.exceeds_remaining"
    };
    let denial = chosen(&is_denial);
    ensure!(!denial.is_empty(), "the request that exceeded what remained was not logged with its reason");
    let main = chosen(&|value| value["refund_id"] == told.main_refund);
    let told_of_main: Vec<&Value> =
        lines.iter().map(|(_, value)| value).filter(|value| value["refund_id"] == told.main_refund).collect();
    let ids: Vec<&str> = told_of_main.iter().filter_map(|value| value["msgid"].as_str()).collect();
    let wanted = [MESSAGE_IDS[0], MESSAGE_IDS[1], MESSAGE_IDS[2], MESSAGE_IDS[3]];
    ensure!(ids == wanted, "the main case logged {ids:?}; {wanted:?} was due");
    bundle.write("telemetry/log.jsonl", "The whole log, one JSON object a line", log)?;
    bundle.write("telemetry/log-messages.jsonl", "The lines with MSG.refund.*", &messages)?;
    bundle.write("telemetry/log-main-full-refund.jsonl", "The lines of the main case's refund", &main)?;
    bundle.write("telemetry/log-denial.jsonl", "The refused request: MSG.refund.requested with its reason", &denial)
}

/// Writes what Prometheus reads; the brief's metrics have to be there, and those that the cases moved above zero.
pub(crate) fn metrics(bundle: &Bundle, text: &str) -> Result<()> {
    for name in METRICS {
        ensure!(text.lines().any(|line| line.starts_with(name)), "the metric {name} is missing");
    }
    for name in MOVED {
        let value = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        ensure!(!["", "0"].contains(&value), "{name} is {value:?} after the cases");
    }
    bundle.write("telemetry/metrics.txt", "What Prometheus reads at /metrics, after the cases", text)
}

/// A page with the desk's own metrics and the main case's trace, to be looked at.
pub(crate) fn figures(metrics: &str, waterfall: &str) -> String {
    let mut html = String::from(concat!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Figures</title>",
        "<style>body{font:14px/1.5 system-ui,sans-serif;margin:24px;background:#fff;color:#14181d}",
        "td{padding:0 24px 0 0;font-family:ui-monospace,monospace}td+td{text-align:end}</style>",
        "<h1>Metrics and trace after the acceptance cases</h1><table>",
    ));
    let is_ours = |line: &&str| {
        ["refund_", "webhook_", "provider_", "outbox_", "dead_"].iter().any(|name| line.starts_with(name))
    };
    for line in metrics.lines().filter(is_ours) {
        let (series, value) = line.rsplit_once(' ').unwrap_or((line, ""));
        let _ = write!(html, "<tr><td>{}<td>{}", escaped(series), escaped(value));
    }
    let _ = writeln!(html, "</table><h2>Trace of the main case</h2>{waterfall}</html>");
    html
}
