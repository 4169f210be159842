//! Asking for a refund: the one call that must be cheap, exact and repeatable.

use std::sync::Arc;
use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::REFUNDS_OF_ORDER;
use super::call::Call;
use super::refund_body::{self, RefundRequest};
use super::refund_view::{DecisionView, RefundAccepted, RefundPreview};
use super::routes::{About, Access, Parameter, Route};
use crate::domain::access::{Permission, Scope};
use crate::domain::idempotency::fingerprint;
use crate::domain::policy::Outcome;
use crate::domain::refund::{Closure, Qualifier, State};
use crate::http::headers::IDEMPOTENCY_STATUS;
use crate::http::limits::Work;
use crate::services::request_refund::{self, Asked, Preview, RequestRefund};
use crate::services::{Code, Context, Desk, KeyScope, Refusal, StoredAnswer};
use crate::telemetry::metrics;

const PARAMETERS: &[Parameter] = &[
    Parameter::header("Idempotency-Key").required(),
    Parameter::header("X-Correlation-Id"),
    Parameter::query("dry_run"),
];

/// The route of this module.
pub fn route() -> Route {
    Route {
        method: Method::POST,
        path: REFUNDS_OF_ORDER,
        access: Access::Token(Scope::RefundsCreate, Permission::RefundCreate),
        work: Work::Create,
        replays: true,
        about: About::new("refunds", "request-refund")
            .parameters(PARAMETERS)
            .body::<RefundRequest>(example)
            .answers::<RefundAccepted>(202)
            .answers::<RefundPreview>(200)
            .refuses(&[
                Code::AmountRange,
                Code::Currency,
                Code::Reason,
                Code::Evidence,
                Code::Metadata,
                Code::IdempotencyKey,
                Code::ExceedsRemaining,
                Code::NotCaptured,
                Code::ChargedBack,
                Code::SplitTender,
                Code::Idempotency,
                Code::InProgress,
                Code::Remaining,
                Code::OrderNotFound,
            ]),
        handle: |call| Box::pin(create(call)),
    }
}

fn example() -> Value {
    json!({"amount_minor": 2500, "currency": "USD", "reason": "not_received", "note": "It never came."})
}

async fn create(call: Call) -> Result<HttpResponse, Refusal> {
    let started = Instant::now();
    let query = call.query(&["dry_run"])?;
    let dry_run = query.switch("dry_run");
    query.finish(())?;
    let key = if dry_run { None } else { Some(call.required_idempotency_key()?) };
    if let Some(over_limit) = call.over_limit.clone().filter(|_| dry_run) {
        return Err(over_limit);
    }
    let (body, request) = call.json(refund_body::request)?;
    let order_id = call.order_id()?;
    let (desk, context) = (call.desk()?, call.context()?);
    let path = format!("/v1/orders/{order_id}/refunds");
    let mut command = command(order_id, request);
    let Some(key) = key else {
        return preview(&desk, &context, command).await;
    };
    let scope = KeyScope {
        principal: context.actor.principal.to_string(),
        route: format!("POST {REFUNDS_OF_ORDER}"),
        key: key.as_str().to_owned(),
    };
    let digest = fingerprint(&path, &body).map_err(|error| Refusal::new(Code::Body).because(error))?;
    if let Some(over_limit) = call.over_limit {
        // A repeated request is answered whatever the limits say; anything else is over them.
        let stored = request_refund::replay(&desk, scope, &digest).await?;
        return stored.map(|answer| replayed(&answer)).ok_or(over_limit);
    }
    command.key = Some((scope, digest));
    let answer = match request_refund::request_refund(&desk, &context, command).await? {
        Asked::Created { answer, .. } => stored(&answer, "created"),
        Asked::Replayed(answer) => replayed(&answer),
    };
    metrics::refund_created(started.elapsed());
    Ok(answer)
}

fn command(order_id: String, request: RefundRequest) -> RequestRefund {
    RequestRefund {
        order_id,
        amount_minor: request.amount_minor,
        currency: Some(request.currency),
        reason: request.reason,
        lines: request.lines.unwrap_or_default(),
        note: request.note,
        evidence: request.evidence,
        metadata: request.metadata,
        expected_remaining_minor: request.expected_remaining_minor,
        key: None,
    }
}

/// The answer to a repeated request.
pub fn replayed(answer: &StoredAnswer) -> HttpResponse {
    stored(answer, "replayed")
}

/// The stored answer, byte for byte; only the header tells the first time from the others.
pub fn stored(answer: &StoredAnswer, status: &'static str) -> HttpResponse {
    let code = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::ACCEPTED);
    let mut response = HttpResponse::build(code);
    response.insert_header((IDEMPOTENCY_STATUS, status)).content_type("application/json");
    if let Some(location) = &answer.location {
        response.insert_header((header::LOCATION, location.as_str()));
    }
    response.body(answer.body.clone())
}

async fn preview(desk: &Arc<Desk>, context: &Context, command: RequestRefund) -> Result<HttpResponse, Refusal> {
    let preview = request_refund::preview_refund(desk, context, command).await?;
    Ok(HttpResponse::Ok().json(RefundPreview::from(preview)))
}

impl From<Preview> for RefundPreview {
    fn from(preview: Preview) -> Self {
        let Preview { amount, remaining_after_minor, verdict } = preview;
        let unchanged_minor = remaining_after_minor.saturating_add(amount.minor);
        let accepted = "refund.request.accepted".to_owned();
        let (state, qualifier, remaining_refundable_minor, approvals_needed, message_id) = match verdict.outcome {
            Outcome::AutoApprove => (State::Approved, None, remaining_after_minor, 0, accepted),
            Outcome::Review(requirement) => {
                (State::Requested, Some(Qualifier::AwaitingFirst), unchanged_minor, requirement.approvals, accepted)
            }
            Outcome::Deny { message_id } => {
                (State::Canceled, Some(Closure::Denied.as_qualifier()), unchanged_minor, 0, message_id)
            }
        };
        let decided = state != State::Requested;
        Self {
            state,
            qualifier,
            amount_minor: amount.minor,
            currency: amount.currency.code(),
            remaining_refundable_minor,
            decision: DecisionView {
                by: decided.then(|| format!("policy:{}", verdict.policy_version)),
                rule: verdict.rule_id,
                policy_version: verdict.policy_version,
                trace: serde_json::to_value(&verdict.trace).unwrap_or_default(),
                approvals: Vec::new(),
            },
            approvals_needed,
            message_id,
        }
    }
}
