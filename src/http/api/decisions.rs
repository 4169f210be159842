//! What moves a refund on: a decision, a hint to hurry, taking it back, trying it again.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::refund_body::{self, DecisionBody, Verdict};
use super::refund_view::RefundView;
use super::refunds::shown;
use super::routes::{About, Access, Answer, Parameter, Route};
use crate::domain::access::{Actor, Permission, Scope};
use crate::domain::id::RefundId;
use crate::http::limits::Work;
use crate::services::decide_refund::{self, DecideRefund};
use crate::services::{Code, Refusal, cancel_refund, read_refunds, retry_refund, submit_refund};

const PARAMETERS: &[Parameter] =
    &[Parameter::header("If-Match"), Parameter::header("Idempotency-Key"), Parameter::header("X-Correlation-Id")];

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    let route = |path, scope, permission, about: About, handle: fn(Call) -> Answer| Route {
        method: Method::POST,
        path,
        access: Access::Token(scope, permission),
        work: Work::Decide,
        replays: false,
        about: about.parameters(PARAMETERS),
        handle,
    };
    vec![
        route(
            "/v1/refunds/{refund_id}/decision",
            Scope::RefundsDecide,
            Permission::RefundDecide,
            About::new("refunds", "decide-refund").body::<DecisionBody>(example).answers::<RefundView>(200).refuses(&[
                Code::AmountRange,
                Code::ExceedsRemaining,
                Code::NotCaptured,
                Code::ChargedBack,
                Code::State,
                Code::Version,
                Code::DualControl,
                Code::Limit,
                Code::RefundNotFound,
            ]),
            |call| Box::pin(decide(call)),
        ),
        route(
            "/v1/refunds/{refund_id}/submit",
            Scope::RefundsSubmit,
            Permission::RefundSubmit,
            About::new("refunds", "submit-refund")
                .answers::<RefundView>(202)
                .refuses(&[Code::State, Code::RefundNotFound]),
            |call| Box::pin(submit(call)),
        ),
        route(
            "/v1/refunds/{refund_id}/cancel",
            Scope::RefundsCreate,
            Permission::RefundCancel,
            About::new("refunds", "cancel-refund").answers::<RefundView>(200).refuses(&[
                Code::State,
                Code::Version,
                Code::RefundNotFound,
            ]),
            |call| Box::pin(cancel(call)),
        ),
        route(
            "/v1/refunds/{refund_id}/retry",
            Scope::RefundsSubmit,
            Permission::RefundSubmit,
            About::new("refunds", "retry-refund").answers::<RefundView>(202).refuses(&[
                Code::ExceedsRemaining,
                Code::NotCaptured,
                Code::ChargedBack,
                Code::State,
                Code::Version,
                Code::RefundNotFound,
            ]),
            |call| Box::pin(retry(call)),
        ),
    ]
}

fn example() -> Value {
    json!({"decision": "approve", "note": "Seen the photo; the kettle is broken."})
}

async fn decide(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    call.idempotency_key()?;
    let expected_version = call.expected_version(&refund_id)?;
    let (_, body) = call.json(refund_body::decision)?;
    let verdict = match body.decision {
        Verdict::Approve => decide_refund::Verdict::Approve { amount_minor: body.amount_minor },
        Verdict::Deny => decide_refund::Verdict::Deny,
    };
    let command = DecideRefund { refund_id: refund_id.clone(), verdict, note: body.note, expected_version };
    decide_refund::decide_refund(&call.desk()?, &call.context()?, command).await?;
    told(&call, &refund_id).await
}

async fn submit(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    call.idempotency_key()?;
    call.nothing()?;
    submit_refund::hurry_refund(&call.desk()?, &call.context()?, &refund_id).await?;
    accepted(told(&call, &refund_id).await?)
}

async fn cancel(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    call.idempotency_key()?;
    let expected_version = call.expected_version(&refund_id)?;
    call.nothing()?;
    cancel_refund::cancel_refund(&call.desk()?, &call.context()?, &refund_id, expected_version).await?;
    told(&call, &refund_id).await
}

async fn retry(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    call.idempotency_key()?;
    let expected_version = call.expected_version(&refund_id)?;
    call.nothing()?;
    retry_refund::retry_refund(&call.desk()?, &call.context()?, &refund_id, expected_version).await?;
    accepted(told(&call, &refund_id).await?)
}

/// The refund as it stands after the move. Who may move a refund is told what became of it, whether or not it may read
/// others.
async fn told(call: &Call, refund_id: &RefundId) -> Result<HttpResponse, Refusal> {
    let teller = call.context_of(Actor::internal(call.context()?.actor.principal));
    Ok(shown(read_refunds::read_refund(&call.desk()?, &teller, refund_id).await?))
}

fn accepted(mut response: HttpResponse) -> Result<HttpResponse, Refusal> {
    *response.status_mut() = actix_web::http::StatusCode::ACCEPTED;
    Ok(response)
}
