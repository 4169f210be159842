//! How the main case went, as a sequence diagram, from the refund's own history.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::Value;

use crate::bundle::escaped;

/// Who takes part, from left to right.
const PARTIES: [&str; 5] = ["Shop", "Desk", "Ledger", "Worker", "Processor"];

/// One arrow.
pub(super) struct Step {
    from: &'static str,
    to: &'static str,
    words: String,
    /// Milliseconds after the first step.
    at_ms: i64,
}

/// The refund's history as arrows; the answer to the shop stands where the work that it waited for ends.
pub(super) fn steps(events: &[Value]) -> Vec<Step> {
    let time = |event: &Value| event["at"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let begun = events.first().and_then(time).unwrap_or_default();
    let mut steps =
        vec![Step::new("Shop", "Desk", "POST /v1/orders/1042/refunds, Idempotency-Key: main".to_owned(), 0)];
    let mut answered = false;
    for event in events {
        let at_ms = time(event).unwrap_or(begun).duration_since(begun).as_millis().try_into().unwrap_or(0);
        let details = &event["details"];
        let text = |member: &str| details[member].as_str().unwrap_or_default().to_owned();
        if text("event") == "submit" && !answered {
            answered = true;
            steps.push(Step::new("Desk", "Shop", "202 Accepted, Location".to_owned(), at_ms));
        }
        match event["kind"].as_str().unwrap_or_default() {
            "decision" => {
                let words = format!("policy {}: {}, {}", details["policy_version"], text("rule"), outcome(details));
                steps.push(Step::new("Desk", "Desk", words, at_ms));
            }
            "transition" => {
                let from = details["from"].as_str().map(|from| format!("{from} to ")).unwrap_or_default();
                let words = format!("{}: {from}{}", text("event"), text("to"));
                let who = if text("event") == "submit" { "Worker" } else { "Desk" };
                steps.push(Step::new(who, "Desk", words, at_ms));
            }
            "posting" => {
                let words = format!("{}: {} to {}", text("entry"), text("debit"), text("credit"));
                steps.push(Step::new("Desk", "Ledger", words, at_ms));
            }
            "provider_call" => {
                let words = format!("{}, attempt {}", text("call"), details["attempt"]);
                steps.push(Step::new("Worker", "Processor", words, at_ms));
                steps.push(Step::new("Processor", "Worker", text("outcome"), at_ms));
            }
            "webhook" => steps.push(Step::new("Processor", "Desk", format!("webhook {}, signed", text("type")), at_ms)),
            _ => {}
        }
    }
    steps
}

/// The word of a decision's outcome, whether it carries details or not.
fn outcome(details: &Value) -> String {
    let outcome = &details["outcome"];
    let word = outcome.as_str().or_else(|| outcome.as_object()?.keys().next().map(String::as_str));
    word.unwrap_or_default().to_owned()
}

/// In Mermaid.
pub(super) fn mermaid(steps: &[Step]) -> String {
    let mut text = String::from("sequenceDiagram\n");
    for party in PARTIES {
        let _ = writeln!(text, "    participant {party}");
    }
    for Step { from, to, words, at_ms } in steps {
        // A semicolon would end the line for Mermaid.
        let _ = writeln!(text, "    {from}->>{to}: {} (+{at_ms} ms)", words.replace(';', ","));
    }
    text
}

/// As SVG.
pub(super) fn drawing(steps: &[Step]) -> String {
    const COLUMN: i64 = 250;
    const ROW: i64 = 40;
    let place = |party: &str| {
        let found = PARTIES.iter().position(|known| *known == party).unwrap_or(0);
        90 + COLUMN * i64::try_from(found).unwrap_or(0)
    };
    let height = 90 + ROW * i64::try_from(steps.len()).unwrap_or(0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1240\" height=\"{height}\" viewBox=\"0 0 1240 {height}\" \
         font-family=\"system-ui,sans-serif\" font-size=\"13\"><defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" \
         markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 10 5 0 10z\" fill=\"#1f5fbf\"/></marker></defs>\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    );
    for party in PARTIES {
        let x = place(party);
        let _ = write!(
            svg,
            "<path d=\"M{x} 48V{}\" stroke=\"#d5dae0\"/><rect x=\"{}\" y=\"12\" width=\"120\" height=\"36\" rx=\"8\" fill=\"#f6f7f9\" \
             stroke=\"#1f5fbf\"/><text x=\"{x}\" y=\"35\" text-anchor=\"middle\" font-size=\"15\" fill=\"#14181d\">{party}</text>",
            height - 12,
            x - 60
        );
    }
    let mut y = 90;
    for Step { from, to, words, at_ms } in steps {
        let (start, end) = (place(from), place(to));
        let line = if start == end {
            format!("M{start} {}h26v14h-22", y - 4)
        } else {
            format!("M{start} {y}H{}", if end > start { end - 2 } else { end + 2 })
        };
        let left = start.min(end) + if start == end { 34 } else { 8 };
        let _ = write!(
            svg,
            "<path d=\"{line}\" fill=\"none\" stroke=\"#1f5fbf\" marker-end=\"url(#tip)\"/><text x=\"{left}\" y=\"{}\" fill=\"#14181d\" \
             stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\">{} <tspan fill=\"#4b5560\">+{at_ms} ms</tspan></text>",
            if start == end { y + 6 } else { y - 6 },
            escaped(words),
        );
        y += ROW;
    }
    svg.push_str("</svg>\n");
    svg
}

impl Step {
    fn new(from: &'static str, to: &'static str, words: String, at_ms: i64) -> Self {
        Self { from, to, words, at_ms }
    }
}
