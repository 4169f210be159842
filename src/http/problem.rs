//! How a refusal becomes an answer: a total match from code to status and address, and the document of RFC 9457.
//!
//! Handlers return [`Refusal`]; the boundary (`server::boundary`) turns it into a document here, or into a page by the
//! hook that the pages give, and logs it once. Nothing else builds error answers.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde_json::{Map, Value, json};

use crate::l10n::{Args, Lang};
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
        format!("problem-{}-title", self.slug)
    }

    /// Id of what to do about it.
    pub fn fix(&self) -> String {
        format!("problem-{}-fix", self.slug)
    }
}

/// The shape of every code. Source: SPEC section 5.
pub fn shape(code: Code) -> Shape {
    match code {
        Code::Body => shape!(BAD_REQUEST, "validation-body", "problem.validation.body.detail"),
        Code::AmountRange => shape!(BAD_REQUEST, "validation-amount-range", "problem.validation.amount.range.detail"),
        Code::Currency => shape!(BAD_REQUEST, "validation-currency", "problem.validation.currency.detail"),
        Code::Reason => shape!(BAD_REQUEST, "validation-reason", "problem.validation.reason.detail"),
        Code::Evidence => shape!(BAD_REQUEST, "validation-evidence", "problem.validation.evidence.detail"),
        Code::EvidenceSize => {
            shape!(PAYLOAD_TOO_LARGE, "validation-evidence-size", "problem.validation.evidence.size.detail")
        }
        Code::EvidenceType => {
            shape!(UNSUPPORTED_MEDIA_TYPE, "validation-evidence-type", "problem.validation.evidence.type.detail")
        }
        Code::Metadata => shape!(BAD_REQUEST, "validation-metadata", "problem.validation.metadata.detail"),
        Code::IdempotencyKey => {
            shape!(BAD_REQUEST, "validation-idempotency-key", "problem.validation.idempotency_key.detail")
        }
        Code::ExceedsRemaining => shape!(BAD_REQUEST, "refund-exceeds-remaining", "refund.exceeds_remaining"),
        Code::NotCaptured => shape!(PAYMENT_REQUIRED, "refund-not-captured", "refund.not_captured"),
        Code::ChargedBack => shape!(CONFLICT, "refund-charged-back", "problem.refund.charged_back.detail"),
        Code::SplitTender => shape!(UNPROCESSABLE_ENTITY, "refund-split-tender", "problem.refund.split_tender.detail"),
        Code::Denied => shape!(PAYMENT_REQUIRED, "refund-denied", "problem.refund.denied.detail"),
        Code::Idempotency => shape!(CONFLICT, "conflict-idempotency", "problem.conflict.idempotency.detail"),
        Code::InProgress => shape!(CONFLICT, "conflict-in-progress", "problem.conflict.in_progress.detail", true),
        Code::State => shape!(CONFLICT, "conflict-state", "problem.conflict.state.detail"),
        Code::Version => shape!(PRECONDITION_FAILED, "conflict-version", "problem.conflict.version.detail"),
        Code::Remaining => shape!(PRECONDITION_FAILED, "conflict-remaining", "problem.conflict.remaining.detail"),
        Code::Payment => shape!(CONFLICT, "conflict-payment", "problem.conflict.payment.detail"),
        Code::Authentication => shape!(UNAUTHORIZED, "authn-required", "problem.authn.required.detail"),
        Code::Scope => shape!(FORBIDDEN, "authz-scope", "problem.authz.scope.detail"),
        Code::DualControl => shape!(FORBIDDEN, "authz-dual-control", "problem.authz.dual_control.detail"),
        Code::Limit => shape!(FORBIDDEN, "authz-limit", "problem.authz.limit.detail"),
        Code::OrderNotFound => shape!(NOT_FOUND, "not-found-order", "problem.not_found.order.detail"),
        Code::RefundNotFound => shape!(NOT_FOUND, "not-found-refund", "problem.not_found.refund.detail"),
        Code::PaymentNotFound => shape!(NOT_FOUND, "not-found-payment", "problem.not_found.payment.detail"),
        Code::AccountNotFound => {
            shape!(NOT_FOUND, "not-found-provider-account", "problem.not_found.provider_account.detail")
        }
        Code::EvidenceNotFound => shape!(NOT_FOUND, "not-found-evidence", "problem.not_found.evidence.detail"),
        Code::PathNotFound => shape!(NOT_FOUND, "not-found-path", "problem.not_found.path.detail"),
        Code::Method => shape!(METHOD_NOT_ALLOWED, "validation-method", "problem.validation.method.detail"),
        Code::TooLarge => shape!(PAYLOAD_TOO_LARGE, "validation-size", "problem.validation.size.detail"),
        Code::MediaType => {
            shape!(UNSUPPORTED_MEDIA_TYPE, "validation-media-type", "problem.validation.media_type.detail")
        }
        Code::Rate => shape!(TOO_MANY_REQUESTS, "limit-rate", "problem.limit.rate.detail", true),
        Code::Unavailable => shape!(SERVICE_UNAVAILABLE, "unavailable", "problem.unavailable.detail", true),
        Code::Internal => shape!(INTERNAL_SERVER_ERROR, "internal", "problem.internal.detail", true),
    }
}

/// The status of a refusal: that of its code, but 431 where it is the headers that are too large.
pub fn status(refusal: &Refusal) -> StatusCode {
    let headers =
        refusal.code == Code::TooLarge && refusal.errors.iter().any(|error| error.message_id == "field-headers");
    if headers { StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE } else { shape(refusal.code).status }
}

/// A refusal with what its answer says beside it.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// Why it was not done.
    pub refusal: &'a Refusal,
    /// Public address of the desk, without a slash at the end.
    pub public_url: &'a str,
    /// Path of the request.
    pub path: &'a str,
    /// Correlation id of the request.
    pub correlation_id: &'a str,
    /// The caller's language.
    pub lang: Lang<'a>,
}

impl Problem<'_> {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        status(self.refusal)
    }

    /// The short name, in the caller's language.
    pub fn title(&self) -> String {
        self.lang.plain(&shape(self.refusal.code).title(), &Args::new())
    }

    /// The sentence that says what is wrong, in the caller's language.
    pub fn detail(&self) -> String {
        self.lang.plain(shape(self.refusal.code).message_id, &Args::new())
    }

    /// The answer for programs: document and headers.
    pub fn answer(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        response.content_type(MEDIA_TYPE);
        response.insert_header((header::CONTENT_LANGUAGE, self.lang.tag()));
        add_headers(self.refusal, &mut response);
        response.body(self.document().to_string())
    }

    /// The document of RFC 9457 with the members of SPEC section 5; facts stand beside the code.
    pub fn document(&self) -> Value {
        let shape = shape(self.refusal.code);
        let mut members = Map::new();
        for (name, fact) in &self.refusal.facts {
            members.insert((*name).to_owned(), fact.clone());
        }
        let fixed = [
            ("type", json!(format!("{}/problems/{}", self.public_url, shape.slug))),
            ("title", json!(self.title())),
            ("status", json!(self.status().as_u16())),
            ("detail", json!(self.detail())),
            ("instance", json!(self.path)),
            ("code", json!(self.refusal.code.as_str())),
            ("message_id", json!(shape.message_id)),
            ("correlation_id", json!(self.correlation_id)),
            ("retryable", json!(shape.retryable)),
        ];
        for (name, value) in fixed {
            members.insert(name.to_owned(), value);
        }
        if !self.refusal.errors.is_empty() {
            let errors: Vec<Value> = self.refusal.errors.iter().map(|error| field(error, self.lang)).collect();
            members.insert("errors".to_owned(), Value::Array(errors));
        }
        Value::Object(members)
    }
}

/// The sentence that says what is wrong with one field.
pub fn field_detail(error: &FieldError, lang: Lang<'_>) -> String {
    let args = error.args.iter().fold(Args::new(), |args, (name, value)| args.with(name, value));
    lang.plain(error.message_id, &args)
}

/// A pointer into the body is sent as the fragment form of RFC 6901, a parameter's or header's name as it is.
fn field(error: &FieldError, lang: Lang<'_>) -> Value {
    let pointer = match error.pointer.as_str() {
        "/" => "#".to_owned(),
        pointer if pointer.starts_with('/') => format!("#{pointer}"),
        name => name.to_owned(),
    };
    json!({ "pointer": pointer, "code": error.code.as_str(), "detail": field_detail(error, lang) })
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
    use crate::l10n::{L10n, Locale};

    #[test]
    fn every_code_is_explained_in_every_language() {
        let l10n = L10n::embedded().unwrap();
        for &code in Code::ALL {
            let shape = shape(code);
            for id in [shape.title(), shape.message_id.to_owned(), shape.fix()] {
                for locale in [Locale::En, Locale::Ar] {
                    l10n.lang(locale).plain(&id, &Args::new());
                }
            }
        }
        assert_eq!(l10n.faults(), Vec::<String>::new());
    }

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
            .and_field("Idempotency-Key", "field-required", &[])
            .with("remaining_refundable_minor", 500)
            .with("code", "a fact never replaces a member");
        let l10n = L10n::embedded().unwrap();
        let problem = Problem {
            refusal: &refusal,
            public_url: "https://desk.example",
            path: "/v1/x",
            correlation_id: "c-1",
            lang: l10n.lang(Locale::En),
        };
        insta::assert_json_snapshot!(problem.document());
    }

    #[test]
    fn headers_that_are_too_large_have_their_own_status() {
        assert_eq!(status(&Refusal::new(Code::TooLarge)).as_u16(), 413);
        assert_eq!(status(&Refusal::field(Code::TooLarge, "headers", "field-headers")).as_u16(), 431);
    }
}
