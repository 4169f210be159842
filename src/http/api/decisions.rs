//! What moves a refund on: a decision, a hint to hurry, taking it back, trying it again.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::call::{Call, etag};
use super::create::{replayed, stored};
use super::refund_body::{self, DecisionBody, Verdict};
use super::refund_view::RefundView;
use super::refunds::shown;
use super::routes::{About, Access, Answer, Parameter, Route};
use crate::domain::access::{Actor, Permission, Scope};
use crate::domain::id::RefundId;
use crate::domain::idempotency::fingerprint;
use crate::http::limits::Work;
use crate::services::decide_refund::{self, DecideRefund};
use crate::services::move_refund::{self, Move, Once, Told};
use crate::services::{Code, KeyScope, Refusal, read_refunds, request_refund};

const PARAMETERS: &[Parameter] =
    &[Parameter::header("If-Match"), Parameter::header("Idempotency-Key"), Parameter::header("X-Correlation-Id")];

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    let route = |path, scope, permission, about: About, handle: fn(Call) -> Answer| Route {
        method: Method::POST,
        path,
        access: Access::Token(scope, permission),
        work: Work::Decide,
        replays: true,
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
                Code::Idempotency,
                Code::IdempotencyKey,
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
    let expected_version = call.expected_version(&refund_id)?;
    let (body, decision) = call.json(refund_body::decision)?;
    let verdict = match decision.decision {
        Verdict::Approve => decide_refund::Verdict::Approve { amount_minor: decision.amount_minor },
        Verdict::Deny => decide_refund::Verdict::Deny { told: None },
    };
    let command = DecideRefund {
        refund_id: refund_id.clone(),
        verdict,
        note: decision.note,
        expected_version,
        expected_remaining_minor: None,
        heeds_claims: false,
        undo_window_s: 0,
    };
    carry_out(&call, "decision", &refund_id, Move::Decide(command), body).await
}

async fn submit(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    call.nothing()?;
    carry_out(&call, "submit", &refund_id, Move::Submit(refund_id.clone()), Value::Null).await
}

async fn cancel(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    let expected_version = call.expected_version(&refund_id)?;
    call.nothing()?;
    carry_out(&call, "cancel", &refund_id, Move::Cancel(refund_id.clone(), expected_version), Value::Null).await
}

async fn retry(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    let expected_version = call.expected_version(&refund_id)?;
    call.nothing()?;
    carry_out(&call, "retry", &refund_id, Move::Retry(refund_id.clone(), expected_version), Value::Null).await
}

/// Carries out a move, once where it comes with a key. Who may move a refund is told what became of it, whether or not it
/// may read others.
async fn carry_out(
    call: &Call,
    verb: &str,
    refund_id: &RefundId,
    asked: Move,
    body: Value,
) -> Result<HttpResponse, Refusal> {
    let status = match asked {
        Move::Decide(_) | Move::Cancel(..) => StatusCode::OK,
        Move::Submit(_) | Move::Retry(..) => StatusCode::ACCEPTED,
    };
    let (desk, context) = (call.desk()?, call.context()?);
    let Some(key) = call.idempotency_key()? else {
        if let Some(over_limit) = &call.over_limit {
            return Err(over_limit.clone());
        }
        move_refund::move_refund(&desk, &context, asked).await?;
        let teller = call.context_of(Actor::internal(context.actor.principal));
        let mut response = shown(read_refunds::read_refund(&desk, &teller, refund_id).await?);
        *response.status_mut() = status;
        return Ok(response);
    };
    let scope = KeyScope {
        principal: context.actor.principal.to_string(),
        route: format!("POST /v1/refunds/{{refund_id}}/{verb}"),
        key: key.as_str().to_owned(),
    };
    let path = format!("/v1/refunds/{refund_id}/{verb}");
    let fingerprint = fingerprint(&path, &body).map_err(|error| Refusal::new(Code::Body).because(error))?;
    if let Some(over_limit) = &call.over_limit {
        let stored = request_refund::replay(&desk, scope, &fingerprint).await?;
        return stored.map(|answer| replayed(&answer)).ok_or_else(|| over_limit.clone());
    }
    let tell = |view| json!(RefundView::from(view)).to_string();
    let once = Once { scope, fingerprint, status: status.as_u16(), tell };
    Ok(match move_refund::move_once(&desk, &context, asked, once).await? {
        Told::Now(answer, version) => {
            let mut response = stored(&answer, "created");
            if let Ok(tag) = HeaderValue::from_str(&etag(refund_id, version)) {
                response.headers_mut().insert(header::ETAG, tag);
            }
            response
        }
        Told::Again(answer) => replayed(&answer),
    })
}
