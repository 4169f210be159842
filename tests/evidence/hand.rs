//! Webhooks that the driver writes itself, with the processor's key or with another's.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use standardwebhooks::Webhook as Signer;

use crate::desk::WEBHOOK_SECRET;
use crate::exchange::{Answer, Call};
use crate::story::Stage;

/// An event with what it is signed with.
#[derive(Clone)]
pub(crate) struct Signed {
    id: String,
    body: String,
    sent_at_s: i64,
    secret: String,
}

impl Signed {
    /// Signed now, with the processor's own key.
    pub(crate) fn new(id: &str, event: &Value) -> Self {
        let sent_at_s = Timestamp::now().as_second();
        Self { id: id.to_owned(), body: event.to_string(), sent_at_s, secret: WEBHOOK_SECRET.to_owned() }
    }

    /// The same, signed with another key.
    pub(crate) fn with_key(&self, secret: &str) -> Self {
        Self { secret: secret.to_owned(), ..self.clone() }
    }

    /// The same, signed as if it were sent so many seconds later.
    pub(crate) fn later_by(&self, seconds: i64) -> Self {
        Self { sent_at_s: self.sent_at_s + seconds, ..self.clone() }
    }

    /// Delivers it.
    pub(crate) async fn deliver(&self, stage: &Stage) -> Result<Answer> {
        self.call(stage, &self.body).header("webhook-signature", &self.signature()?).send().await
    }

    /// Delivers another body under its signature.
    pub(crate) async fn deliver_changed(&self, stage: &Stage) -> Result<Answer> {
        let body = self.body.replace("\"minor_amount\":", "\"minor_amount\":1");
        self.call(stage, &body).header("webhook-signature", &self.signature()?).send().await
    }

    /// Delivers it without a signature.
    pub(crate) async fn deliver_unsigned(&self, stage: &Stage) -> Result<Answer> {
        self.call(stage, &self.body).send().await
    }

    fn call<'a>(&self, stage: &'a Stage, body: &str) -> Call<'a> {
        let call = stage.door.call(Method::POST, "/webhooks/payments").raw(body.to_owned());
        call.header("webhook-id", &self.id).header("webhook-timestamp", &self.sent_at_s.to_string())
    }

    fn signature(&self) -> Result<String> {
        let signer = Signer::new(&self.secret).context("the key is none")?;
        signer.sign(&self.id, self.sent_at_s, self.body.as_bytes()).context("nothing can be signed")
    }
}

/// What the processor would tell of a refund at this status.
pub(crate) async fn event(stage: &Stage, refund_id: &str, status: &str) -> Result<Value> {
    let shown = stage.shop.get(&format!("/v1/refunds/{refund_id}")).await?.expect(200)?.json()?;
    let connector_refund_id =
        shown["provider_refund_id"].as_str().map_or_else(|| format!("sre_{refund_id}"), str::to_owned);
    let event_type = if status == "FAILED" { "refund.failed" } else { "refund.succeeded" };
    Ok(json!({
        "type": event_type, "timestamp": Timestamp::now().to_string(),
        "data": {
            "connector_refund_id": connector_refund_id, "merchant_refund_id": refund_id,
            "connector_transaction_id": shown["connector_transaction_id"], "status": status,
            "amount": {"minor_amount": shown["amount_minor"], "currency": shown["currency"]},
        }
    }))
}
