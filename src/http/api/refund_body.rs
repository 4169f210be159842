//! The bodies that ask for a refund and decide one: their shapes for the reference, and their reading.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::fields::{AMOUNT_MINOR_MAX, At};
use super::order_body::{currency, distinct, id};
use super::schema;
use crate::domain::allocation::Wanted;
use crate::domain::currency::Currency;
use crate::domain::evidence;
use crate::domain::id::EvidenceId;
use crate::domain::refund::Reason;
use crate::services::push_order::LINES_MAX;
use crate::services::refusal::Code;

/// A story, not a novel.
const NOTE_CHARACTERS_MAX: usize = 2_000;
/// Files of one request, at the most that can be configured; the use case knows what is.
const EVIDENCE_MAX: usize = 20;
/// Source: SPEC section 5.
const METADATA_KEYS_MAX: usize = 20;
const METADATA_KEY_CHARACTERS_MAX: usize = 40;
const METADATA_VALUE_CHARACTERS_MAX: usize = 500;

/// A request for money back.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(as = RefundRequest)]
pub struct RefundRequest {
    /// How much, in minor units; left out, everything that remains, or what the lines come to.
    #[schema(minimum = 1, maximum = 999_999_999_999_999_i64, nullable = false)]
    pub amount_minor: Option<i64>,
    /// The payment's currency, ISO 4217.
    #[schema(schema_with = schema::currency)]
    pub currency: Currency,
    /// Why.
    #[schema(schema_with = schema::reason)]
    pub reason: Reason,
    /// For which lines; left out, the amount is taken from all lines pro rata.
    #[schema(value_type = Option<Vec<RefundRequestLine>>, min_items = 1, nullable = false)]
    pub lines: Option<Vec<Wanted>>,
    /// What the customer says.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// Files that were uploaded before.
    #[schema(value_type = Option<Vec<EvidenceLink>>, max_items = 5)]
    pub evidence: Vec<EvidenceId>,
    /// Your own facts: at most 20 keys with short texts.
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    pub metadata: BTreeMap<String, String>,
    /// What you believe to remain; 412 where it does not.
    #[schema(minimum = 0)]
    pub expected_remaining_minor: Option<i64>,
}

/// What of one line is asked back: units, an amount, or all that remains of it.
#[derive(ToSchema)]
pub struct RefundRequestLine {
    /// The order's line.
    pub line_id: String,
    /// How many units.
    #[schema(minimum = 1)]
    pub quantity: Option<i64>,
    /// How much, in minor units.
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
}

/// A file that was uploaded before.
#[derive(ToSchema)]
pub struct EvidenceLink {
    /// What it is.
    #[schema(schema_with = schema::evidence_kind)]
    pub r#type: String,
    /// The address that the upload answered with, such as `link://ev_…`.
    pub uri: String,
}

/// A decision about a request that waits for people.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(as = Decision)]
pub struct DecisionBody {
    /// Yes or no.
    #[schema(value_type = String, schema_with = schema::decision)]
    pub decision: Verdict,
    /// Why, for colleagues.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// A lower amount to approve instead, in minor units.
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
}

/// What a person says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Approve,
    /// No.
    Deny,
}

/// Reads a request for a refund.
pub fn request(at: At<'_>) -> Option<RefundRequest> {
    let body = at.object(&[
        "amount_minor",
        "currency",
        "reason",
        "lines",
        "note",
        "evidence",
        "metadata",
        "expected_remaining_minor",
    ])?;
    let amount_minor = body.stated("amount_minor", amount);
    let currency = body.required("currency", Code::Currency, currency);
    let reason = body.required("reason", Code::Reason, |at| at.word(Reason::ALL, Code::Reason));
    let lines = body.stated("lines", |at| {
        let lines = at.items(LINES_MAX, Code::Body, line)?;
        if lines.is_empty() {
            at.refuse(Code::Body, "field-empty", &[])
        } else {
            distinct(&at, lines, |line| &line.line_id)
        }
    });
    let note = body.optional("note", note);
    let evidence = body.optional("evidence", |at| at.items(EVIDENCE_MAX, Code::Evidence, evidence_link));
    let metadata = body.optional("metadata", metadata);
    let expected_remaining_minor =
        body.optional("expected_remaining_minor", |at| at.integer_between(0, AMOUNT_MINOR_MAX, Code::AmountRange));
    Some(RefundRequest {
        amount_minor: amount_minor?,
        currency: currency?,
        reason: reason?,
        lines: lines?,
        note: note?,
        evidence: evidence?.unwrap_or_default(),
        metadata: metadata?.unwrap_or_default(),
        expected_remaining_minor: expected_remaining_minor?,
    })
}

/// Reads a decision. A lower amount belongs to an approval only.
pub fn decision(at: At<'_>) -> Option<DecisionBody> {
    let body = at.object(&["decision", "note", "amount_minor"])?;
    let decision = body.required("decision", Code::Body, |at| match at.text(Code::Body)? {
        "approve" => Some(Verdict::Approve),
        "deny" => Some(Verdict::Deny),
        _ => at.refuse(Code::Body, "field-not-allowed-word", &[("allowed", "approve, deny".to_owned())]),
    });
    let note = body.optional("note", note);
    let amount_minor = body.stated("amount_minor", |at| match decision {
        Some(Verdict::Deny) => at.refuse(Code::Body, "field-amount-with-denial", &[]),
        Some(Verdict::Approve) | None => amount(at),
    });
    Some(DecisionBody { decision: decision?, note: note?, amount_minor: amount_minor? })
}

fn amount(at: At<'_>) -> Option<i64> {
    at.integer_between(1, AMOUNT_MINOR_MAX, Code::AmountRange)
}

fn note(at: At<'_>) -> Option<String> {
    at.prose(NOTE_CHARACTERS_MAX, Code::Body).map(str::to_owned)
}

fn line(at: At<'_>) -> Option<Wanted> {
    let body = at.object(&["line_id", "quantity", "amount_minor"])?;
    let line_id = body.required("line_id", Code::Body, id);
    let quantity = body.stated("quantity", |at| at.integer_between(1, AMOUNT_MINOR_MAX, Code::Body));
    let amount_minor = body.stated("amount_minor", amount);
    Some(Wanted { line_id: line_id?, quantity: quantity?, amount_minor: amount_minor? })
}

/// What the file is called there is not looked at: it is what its bytes say.
fn evidence_link(at: At<'_>) -> Option<EvidenceId> {
    let body = at.object(&["type", "uri"])?;
    let kind = body.required("type", Code::Evidence, |at| match at.text(Code::Evidence)? {
        kind @ ("image" | "document") => Some(kind.to_owned()),
        _ => at.refuse(Code::Evidence, "field-not-allowed-word", &[("allowed", "image, document".to_owned())]),
    });
    let uri = body.required("uri", Code::Evidence, |at| {
        let text = at.line(METADATA_VALUE_CHARACTERS_MAX, Code::Evidence)?;
        match text.strip_prefix(evidence::LINK).map(EvidenceId::parse) {
            Some(Ok(id)) => Some(id),
            // What could be an address of ours and is not one is a file that does not exist.
            Some(Err(_)) => at.refuse(Code::Evidence, "field-evidence-unknown", &[]),
            None => at.refuse(Code::Evidence, "field-not-an-id", &[]),
        }
    });
    kind.and(uri)
}

fn metadata(at: At<'_>) -> Option<BTreeMap<String, String>> {
    let members = at.map(Code::Metadata)?;
    if members.count() > METADATA_KEYS_MAX {
        return at.refuse(Code::Metadata, "field-too-many", &[("max", METADATA_KEYS_MAX.to_string())]);
    }
    let pairs = members.each(|name, at| {
        let long = name.chars().nth(METADATA_KEY_CHARACTERS_MAX).is_some();
        if name.is_empty() || long || name.chars().any(char::is_control) {
            return at.refuse(
                Code::Metadata,
                "field-metadata-key",
                &[("max", METADATA_KEY_CHARACTERS_MAX.to_string())],
            );
        }
        let value = at.prose(METADATA_VALUE_CHARACTERS_MAX, Code::Metadata)?;
        Some((name.to_owned(), value.to_owned()))
    })?;
    Some(pairs.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::http::api::fields::Faults;

    const LINK: &str = "link://ev_01KAJ8Z4W1T8QJ5V0000000000";

    type Faulty = (Code, Vec<(String, &'static str)>);

    fn read(body: &Value) -> Result<RefundRequest, Faulty> {
        Faults::collect(body, request).map_err(|refusal| {
            let errors = refusal.errors.into_iter().map(|error| (error.pointer, error.message_id)).collect();
            (refusal.code, errors)
        })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut body = json!({"amount_minor": 2500, "currency": "USD", "reason": "not_received"});
        body[name] = value;
        body
    }

    #[test]
    fn the_smallest_request_asks_for_everything() {
        let request = read(&json!({"currency": "USD", "reason": "other"})).unwrap();
        assert_eq!((request.amount_minor, request.lines), (None, None));
    }

    #[test]
    fn everything_that_may_be_said_is_read() {
        let request = read(&json!({
            "amount_minor": 1, "currency": "KWD", "reason": "quality", "note": "It broke.\nTwice.",
            "lines": [{"line_id": "1", "quantity": 2}, {"line_id": "2", "amount_minor": 5}, {"line_id": "3"}],
            "evidence": [{"type": "image", "uri": LINK}], "metadata": {"rma": "R-1"},
            "expected_remaining_minor": 0
        }))
        .unwrap();
        assert_eq!(request.lines.unwrap().len(), 3);
        assert_eq!(request.metadata["rma"], "R-1");
        assert_eq!(request.evidence[0].as_str(), "ev_01KAJ8Z4W1T8QJ5V0000000000");
    }

    #[test]
    fn f05_what_is_no_amount_is_refused_with_its_code() {
        for (value, code) in [
            (json!(0), Code::AmountRange),
            (json!(-1), Code::AmountRange),
            (json!(i64::MAX), Code::AmountRange),
            (json!(u64::MAX), Code::AmountRange),
            (json!(1e300), Code::AmountRange),
            (json!("1e3"), Code::Body),
            (json!("10.5"), Code::Body),
            (json!(10.5), Code::Body),
            (json!(10.0), Code::Body),
            (json!(null), Code::Body),
            (json!([1]), Code::Body),
        ] {
            let (found, errors) = read(&with("amount_minor", value.clone())).unwrap_err();
            assert_eq!((found, errors[0].0.as_str()), (code, "/amount_minor"), "{value}");
        }
    }

    #[test]
    fn each_field_has_its_code_and_place() {
        for (name, value, code, pointer) in [
            ("currency", json!("EURO"), Code::Currency, "/currency"),
            ("currency", json!(null), Code::Currency, "/currency"),
            ("reason", json!("because"), Code::Reason, "/reason"),
            ("reason", json!(1), Code::Reason, "/reason"),
            ("lines", json!([]), Code::Body, "/lines"),
            ("lines", json!(null), Code::Body, "/lines"),
            ("lines", json!([{"line_id": "1"}, {"line_id": "1"}]), Code::Body, "/lines"),
            ("lines", json!([{"line_id": "1", "quantity": 0}]), Code::Body, "/lines/0/quantity"),
            ("lines", json!([{"line_id": "1", "amount_minor": 0}]), Code::AmountRange, "/lines/0/amount_minor"),
            ("note", json!("x".repeat(2001)), Code::Body, "/note"),
            (
                "evidence",
                json!([{"type": "image", "uri": "https://x.example/a.png"}]),
                Code::Evidence,
                "/evidence/0/uri",
            ),
            ("evidence", json!([{"type": "image", "uri": "link://e"}]), Code::Evidence, "/evidence/0/uri"),
            ("evidence", json!([{"type": "film", "uri": LINK}]), Code::Evidence, "/evidence/0/type"),
            ("evidence", json!(vec![json!({"type": "image", "uri": LINK}); 21]), Code::Evidence, "/evidence"),
            ("metadata", json!({"a": 1}), Code::Metadata, "/metadata/a"),
            ("metadata", json!({"": "x"}), Code::Metadata, "/metadata/"),
            ("metadata", json!([]), Code::Metadata, "/metadata"),
            (
                "metadata",
                json!((0..21).map(|n| (n.to_string(), json!("x"))).collect::<serde_json::Map<_, _>>()),
                Code::Metadata,
                "/metadata",
            ),
            ("expected_remaining_minor", json!(-1), Code::AmountRange, "/expected_remaining_minor"),
            ("amount", json!(1), Code::Body, "/amount"),
        ] {
            let (found, errors) = read(&with(name, value.clone())).unwrap_err();
            assert_eq!((found, errors.len(), errors[0].0.as_str()), (code, 1, pointer), "{name} {value}");
        }
    }

    #[test]
    fn faults_of_several_kinds_are_one_malformed_body() {
        let (code, errors) = read(&json!({"amount_minor": 0, "currency": "x", "reason": "y"})).unwrap_err();
        assert_eq!((code, errors.len()), (Code::Body, 3));
    }

    #[test]
    fn a_decision_is_yes_or_no_and_lowers_only_with_a_yes() {
        let read = |body: Value| Faults::collect(&body, decision).map_err(|refusal| refusal.errors[0].pointer.clone());
        assert_eq!(read(json!({"decision": "approve", "amount_minor": 5})).unwrap().amount_minor, Some(5));
        assert_eq!(read(json!({"decision": "deny", "note": "no"})).unwrap().decision, Verdict::Deny);
        assert_eq!(read(json!({"decision": "deny", "amount_minor": 5})).unwrap_err(), "/amount_minor");
        assert_eq!(read(json!({"decision": "Approve"})).unwrap_err(), "/decision");
        assert_eq!(read(json!({"decision": "approve", "amount_minor": 0})).unwrap_err(), "/amount_minor");
        assert_eq!(read(json!({})).unwrap_err(), "/decision");
    }
}
