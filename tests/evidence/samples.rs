//! Webhooks as they came through the public door: whole, with the desk's answer.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::bundle::Bundle;
use crate::witness::Delivery;

/// A sample: file, meaning, and which delivery it is.
type Sample = (&'static str, &'static str, fn(&Delivery, &[Delivery]) -> bool);

const SAMPLES: &[Sample] = &[
    ("refund-succeeded", "A success, signed by the processor: 200", |told, _| {
        told.status == 200 && told.member("/type") == "refund.succeeded"
    }),
    ("refund-failed", "A late failure, signed by the processor: 200", |told, _| {
        told.status == 200 && told.member("/type") == "refund.failed" && told.member("/data/error/code") == "reversed"
    }),
    ("duplicate", "The same event again: 200, counted, not applied a second time", |told, before| {
        told.status == 200 && before.iter().any(|earlier| is_same(earlier, told))
    }),
    ("wrongly-signed", "The processor signs its first delivery wrongly: 401", |told, _| {
        told.status == 401 && !told.header("webhook-id").starts_with("evt_evidence")
    }),
    ("signed-at-last", "The same event, signed rightly: 200", |told, before| {
        told.status == 200
            && before
                .iter()
                .any(|earlier| earlier.status == 401 && earlier.header("webhook-id") == told.header("webhook-id"))
    }),
    ("forged", "Signed with another key: 401", |told, _| {
        told.status == 401 && told.header("webhook-id").starts_with("evt_evidence")
    }),
];

/// Writes the samples, and all deliveries as a list.
pub(crate) fn write(bundle: &Bundle, deliveries: &[Delivery]) -> Result<()> {
    for (file, meaning, is_it) in SAMPLES {
        let mut before: &[Delivery] = &[];
        let mut found = None;
        for (place, told) in deliveries.iter().enumerate() {
            if is_it(told, before) {
                found = Some(told);
                break;
            }
            before = deliveries.get(..=place).unwrap_or_default();
        }
        let told = found.with_context(|| format!("no webhook was seen for the sample {file}"))?;
        bundle.write(&format!("webhooks/{file}.http"), meaning, exchanged(told))?;
        bundle.write(&format!("webhooks/{file}.body.json"), "Its body, byte for byte", &told.body)?;
    }
    let mut lines = String::new();
    for told in deliveries {
        let line = json!({
            "at": told.at.to_string(), "webhook_id": told.header("webhook-id"), "type": told.member("/type"),
            "merchant_refund_id": told.member("/data/merchant_refund_id"), "answer": told.status,
        });
        let _ = writeln!(lines, "{line}");
    }
    bundle.write("webhooks/deliveries.jsonl", "Every delivery of the run with the status of its answer", lines)
}

fn is_same(one: &Delivery, other: &Delivery) -> bool {
    one.status == 200 && one.header("webhook-id") == other.header("webhook-id")
}

fn exchanged(told: &Delivery) -> String {
    let lines = |headers: &[(String, String)]| {
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<String>()
    };
    format!(
        "POST {} HTTP/1.1\r\n{}\r\n{}\r\n\r\n# the answer\r\nHTTP/1.1 {}\r\n{}\r\n{}\r\n",
        told.path,
        lines(&told.headers),
        told.body,
        told.status,
        lines(&told.answer_headers),
        told.answer
    )
}
