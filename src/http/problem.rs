//! How a refusal becomes an answer: a total match from code to status and address, and the document of RFC 9457.
//!
//! Handlers return [`Refusal`]; the boundary (`server::boundary`) turns it into a document here, or into a page by the
//! hook that the pages give, and logs it once. Nothing else builds error answers.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde_json::{Map, Value, json};

use crate::services::refusal::{Code, FieldError, Refusal};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What a code means on the wire, and where it is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The status of the answer.
    pub status: StatusCode,
    /// The last part of the address that explains it: `/problems/{slug}`.
    pub slug: &'static str,
    /// The dotted message id that clients may translate by; also the id of the sentence that says what is wrong.
    pub message_id: &'static str,
    /// Whether the same request may succeed later, unchanged.
    pub retryable: bool,
}

macro_rules! shape {
    ($status:ident, $slug:literal, $message_id:literal) => {
        shape!($status, $slug, $message_id, false)
    };
    ($status:ident, $slug:literal, $message_id:literal, $retryable:literal) => {
        Shape { status: StatusCode::$status, slug: $slug, message_id: $message_id, retryable: $retryable }
    };
}

impl Shape {
    /// Id of the short name.
    pub fn title(&self) -> String {
        format!("problem-{}.title", self.slug)
    }

    /// Id of what to do about it.
    pub fn fix(&self) -> String {
        format!("problem-{}.fix", self.slug)
    }
}

/// The shape of every code. Source: SPEC section 5.
pub fn shape(code: Code) -> Shape {
    match code {
        Code::Body => shape!(BAD_REQUEST, "body", "problem.body"),
        Code::AmountRange => shape!(BAD_REQUEST, "amount-range", "problem.amount_range"),
        Code::Currency => shape!(BAD_REQUEST, "currency", "problem.currency"),
        Code::Reason => shape!(BAD_REQUEST, "reason", "problem.reason"),
        Code::Evidence => shape!(BAD_REQUEST, "evidence", "problem.evidence"),
        Code::EvidenceSize => shape!(PAYLOAD_TOO_LARGE, "evidence-size", "problem.evidence_size"),
        Code::EvidenceType => shape!(UNSUPPORTED_MEDIA_TYPE, "evidence-type", "problem.evidence_type"),
        Code::Metadata => shape!(BAD_REQUEST, "metadata", "problem.metadata"),
        Code::IdempotencyKey => shape!(BAD_REQUEST, "idempotency-key", "problem.idempotency_key"),
        Code::ExceedsRemaining => shape!(BAD_REQUEST, "refund-exceeds-remaining", "refund.exceeds_remaining"),
        Code::NotCaptured => shape!(PAYMENT_REQUIRED, "refund-not-captured", "refund.not_captured"),
        Code::ChargedBack => shape!(CONFLICT, "refund-charged-back", "refund.charged_back"),
        Code::SplitTender => shape!(UNPROCESSABLE_ENTITY, "refund-split-tender", "refund.split_tender"),
        Code::Denied => shape!(PAYMENT_REQUIRED, "refund-denied", "refund.denied"),
        Code::Idempotency => shape!(CONFLICT, "idempotency", "problem.idempotency"),
        Code::InProgress => shape!(CONFLICT, "in-progress", "problem.in_progress", true),
        Code::State => shape!(CONFLICT, "state", "problem.state"),
        Code::Version => shape!(PRECONDITION_FAILED, "version", "problem.version"),
        Code::Remaining => shape!(PRECONDITION_FAILED, "remaining", "problem.remaining"),
        Code::Payment => shape!(CONFLICT, "payment", "problem.payment"),
        Code::Authentication => shape!(UNAUTHORIZED, "authentication", "problem.authentication"),
        Code::Scope => shape!(FORBIDDEN, "scope", "problem.scope"),
        Code::DualControl => shape!(FORBIDDEN, "dual-control", "problem.dual_control"),
        Code::Limit => shape!(FORBIDDEN, "approval-limit", "problem.approval_limit"),
        Code::OrderNotFound => shape!(NOT_FOUND, "order-not-found", "problem.order_not_found"),
        Code::RefundNotFound => shape!(NOT_FOUND, "refund-not-found", "problem.refund_not_found"),
        Code::PaymentNotFound => shape!(NOT_FOUND, "payment-not-found", "problem.payment_not_found"),
        Code::AccountNotFound => shape!(NOT_FOUND, "provider-account-not-found", "problem.provider_account_not_found"),
        Code::PathNotFound => shape!(NOT_FOUND, "path-not-found", "problem.path_not_found"),
        Code::Method => shape!(METHOD_NOT_ALLOWED, "method", "problem.method"),
        Code::TooLarge => shape!(PAYLOAD_TOO_LARGE, "size", "problem.size"),
        Code::MediaType => shape!(UNSUPPORTED_MEDIA_TYPE, "media-type", "problem.media_type"),
        Code::Rate => shape!(TOO_MANY_REQUESTS, "rate", "problem.rate", true),
        Code::Unavailable => shape!(SERVICE_UNAVAILABLE, "unavailable", "problem.unavailable", true),
        Code::Internal => shape!(INTERNAL_SERVER_ERROR, "internal", "problem.internal", true),
    }
}

/// The status of a refusal: that of its code, but 431 where it is the headers that are too large.
pub fn status(refusal: &Refusal) -> StatusCode {
    let headers =
        refusal.code == Code::TooLarge && refusal.errors.iter().any(|error| error.message_id == "field-headers");
    if headers { StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE } else { shape(refusal.code).status }
}

/// What the document says beside the refusal itself.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Public address of the desk, without a slash at the end.
    pub public_url: &'a str,
    /// Path of the request.
    pub path: &'a str,
    /// Correlation id of the request.
    pub correlation_id: &'a str,
}

/// The answer: document and headers. `say` gives the text of a Fluent id in the caller's language.
pub fn answer(refusal: &Refusal, about: Circumstances<'_>, say: &dyn Fn(&str, &FieldArgs) -> String) -> HttpResponse {
    let mut response = HttpResponse::build(status(refusal));
    response.content_type(MEDIA_TYPE);
    add_headers(refusal, &mut response);
    response.body(document(refusal, about, say).to_string())
}

/// Arguments of a field's message.
pub type FieldArgs = std::collections::BTreeMap<&'static str, String>;

/// The document of RFC 9457 with the members of SPEC section 5; facts stand beside the code.
pub fn document(refusal: &Refusal, about: Circumstances<'_>, say: &dyn Fn(&str, &FieldArgs) -> String) -> Value {
    let shape = shape(refusal.code);
    let nothing = FieldArgs::new();
    let mut members = Map::new();
    for (name, fact) in &refusal.facts {
        members.insert((*name).to_owned(), fact.clone());
    }
    let fixed = [
        ("type", json!(format!("{}/problems/{}", about.public_url, shape.slug))),
        ("title", json!(say(&shape.title(), &nothing))),
        ("status", json!(status(refusal).as_u16())),
        ("detail", json!(say(shape.message_id, &nothing))),
        ("instance", json!(about.path)),
        ("code", json!(refusal.code.as_str())),
        ("message_id", json!(shape.message_id)),
        ("correlation_id", json!(about.correlation_id)),
        ("retryable", json!(shape.retryable)),
    ];
    for (name, value) in fixed {
        members.insert(name.to_owned(), value);
    }
    if !refusal.errors.is_empty() {
        let errors: Vec<Value> = refusal.errors.iter().map(|error| field(error, say)).collect();
        members.insert("errors".to_owned(), Value::Array(errors));
    }
    Value::Object(members)
}

/// A pointer into the body is sent as the fragment form of RFC 6901, a parameter's or header's name as it is.
fn field(error: &FieldError, say: &dyn Fn(&str, &FieldArgs) -> String) -> Value {
    let pointer = match error.pointer.as_str() {
        "/" => "#".to_owned(),
        pointer if pointer.starts_with('/') => format!("#{pointer}"),
        name => name.to_owned(),
    };
    json!({ "pointer": pointer, "code": error.code.as_str(), "detail": say(error.message_id, &error.args) })
}

fn add_headers(refusal: &Refusal, response: &mut HttpResponseBuilder) {
    if let Some(seconds) = refusal.retry_after_s {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if refusal.code == Code::Authentication {
        let challenge = HeaderValue::from_static("Bearer realm=\"makegood\", error=\"invalid_token\"");
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if let Some(allowed) = refusal.facts.get("allowed_methods").and_then(Value::as_str) {
        response.insert_header((HeaderName::from_static("allow"), allowed));
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        status(self)
    }

    /// A bare answer: the boundary, which knows language and correlation id, puts the document or page in its place.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(status(self))
    }
}

/// The refusal that an error of the server library amounts to, by the status that it would have sent.
pub fn from_library(error: &actix_web::Error) -> Refusal {
    from_status(error.as_response_error().status_code()).because(error)
}

/// The refusal for a bare status that the server library answered by itself.
pub fn from_status(status: StatusCode) -> Refusal {
    Refusal::new(match status {
        StatusCode::NOT_FOUND => Code::PathNotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::Method,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::MediaType,
        StatusCode::UNAUTHORIZED => Code::Authentication,
        StatusCode::FORBIDDEN => Code::Scope,
        StatusCode::TOO_MANY_REQUESTS => Code::Rate,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        other if other.is_client_error() => Code::Body,
        _ => Code::Internal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_status_and_its_own_address() {
        let mut table = String::new();
        let mut slugs = std::collections::BTreeSet::new();
        for &code in Code::ALL {
            let shape = shape(code);
            assert!(slugs.insert(shape.slug), "{} is used twice", shape.slug);
            assert!(shape.status.is_client_error() || shape.status.is_server_error());
            let status = shape.status.as_u16();
            table.push_str(&format!("{status} {} {} {} {}\n", code, shape.slug, shape.message_id, shape.retryable));
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_document_has_the_members_of_the_contract() {
        let refusal = Refusal::field(Code::AmountRange, "/amount_minor", "field-too-small")
            .and_field("Idempotency-Key", "field-missing", &[])
            .with("remaining_refundable_minor", 500)
            .with("code", "a fact never replaces a member");
        let about = Circumstances { public_url: "https://desk.example", path: "/v1/x", correlation_id: "c-1" };
        insta::assert_json_snapshot!(document(&refusal, about, &|id, _| id.to_owned()));
    }

    #[test]
    fn headers_that_are_too_large_have_their_own_status() {
        assert_eq!(status(&Refusal::new(Code::TooLarge)).as_u16(), 413);
        assert_eq!(status(&Refusal::field(Code::TooLarge, "headers", "field-headers")).as_u16(), 431);
    }
}
