//! Events from processors: raw bytes and headers in, one answer out. What they mean is read later, by workers.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Value, json};

use crate::domain::access::{Actor, Principal};
use crate::http::api::call::Call;
use crate::http::api::routes::{About, Access, Answer, Route};
use crate::http::limits::Work;
use crate::services::receive_webhook::{self, Addressee, WebhookHeaders};
use crate::services::{Code, Refusal};

/// The connector whose events arrive without an account in the address. Source: SPEC section 5.
const SIMULATOR: &str = "simulator";

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    let route = |path, id, handle: fn(Call) -> Answer| Route {
        method: Method::POST,
        path,
        access: Access::Public("the processor's signature over the body is its token"),
        work: Work::Unlimited,
        replays: false,
        about: About::new("events", id).raw_body(example).answers_plainly(200).refuses(&[
            Code::Authentication,
            Code::AccountNotFound,
            Code::TooLarge,
            Code::Unavailable,
        ]),
        handle,
    };
    vec![
        route("/webhooks/payments", "receive-payments-webhook", |call| {
            Box::pin(receive(call, Addressee::Connector(SIMULATOR)))
        }),
        route("/webhooks/{provider_account}", "receive-account-webhook", |call| {
            let account = call.path("provider_account");
            Box::pin(receive(call, Addressee::Account(account)))
        }),
    ]
}

fn example() -> Value {
    json!({
        "type": "refund.succeeded",
        "timestamp": "2026-11-20T21:50:45Z",
        "data": {
            "connector_refund_id": "sim_re_1", "merchant_refund_id": "rf_01KAHZ3V4T8Q6N2M5R7W9Y1B3D",
            "connector_transaction_id": "sim_succeeded_1001", "status": "SUCCEEDED",
            "amount": {"minor_amount": 2500, "currency": "USD"}
        }
    })
}

async fn receive(call: Call, addressee: Addressee) -> Result<HttpResponse, Refusal> {
    let headers =
        WebhookHeaders::new(call.request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    let principal = match &addressee {
        Addressee::Account(account) => Principal::Provider(account.clone()),
        Addressee::Connector(connector) => Principal::Provider((*connector).to_owned()),
    };
    let desk = call.desk()?;
    let context = call.context_of(Actor::internal(principal));
    let acknowledgement = receive_webhook::receive_webhook(&desk, &context, &addressee, &headers, &call.body).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(acknowledgement))
}
