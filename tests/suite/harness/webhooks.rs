//! Webhooks as a processor sends them, and as forgers do.

use jiff::Timestamp;
use serde_json::{Value, json};
use standardwebhooks::Webhook as Signer;

use super::answer::Answer;
use super::app::{TestApp, WEBHOOK_SECRET};
use super::caller::Request;
use super::refunds::Refund;

/// A webhook of the simulator's kind that is being put together.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    /// The event's id.
    pub(crate) id: String,
    /// When it claims to be sent, in seconds since 1970.
    pub(crate) sent_at_s: i64,
    /// Its body.
    pub(crate) body: String,
    /// What it is signed with.
    pub(crate) secret: String,
}

impl Webhook {
    /// Signed now, as the configured account does it.
    pub(crate) fn new(id: &str, body: &Value, now: Timestamp) -> Self {
        let secret = WEBHOOK_SECRET.to_owned();
        Self { id: id.to_owned(), sent_at_s: now.as_second(), body: body.to_string(), secret }
    }

    /// The signature over its parts.
    pub(crate) fn signature(&self) -> String {
        let signer = Signer::new(&self.secret).expect("a secret");
        signer.sign(&self.id, self.sent_at_s, self.body.as_bytes()).expect("a signature")
    }
}

impl TestApp {
    /// The body of an event about a refund: what it shows is what we asked for, at this status.
    pub(crate) async fn event(&self, refund: &Refund, status: &str) -> Value {
        let shown = self.shop.show(refund).await;
        let event_type = if status == "FAILED" { "refund.failed" } else { "refund.succeeded" };
        let connector_refund_id =
            shown["provider_refund_id"].as_str().map_or_else(|| format!("sre_{}", refund.id), str::to_owned);
        json!({
            "type": event_type, "timestamp": self.now().to_string(),
            "data": {
                "connector_refund_id": connector_refund_id, "merchant_refund_id": refund.id,
                "connector_transaction_id": shown["connector_transaction_id"], "status": status,
                "amount": {"minor_amount": shown["amount_minor"], "currency": shown["currency"]},
            }
        })
    }

    /// Delivers a webhook with its own signature.
    pub(crate) async fn deliver(&self, webhook: &Webhook) -> Answer {
        self.deliver_signed(webhook, &webhook.signature()).await
    }

    /// Delivers a webhook with another signature.
    pub(crate) async fn deliver_signed(&self, webhook: &Webhook, signature: &str) -> Answer {
        self.delivery(webhook, signature, &self.node().base).send().await
    }

    /// The request that delivers a webhook to one of the nodes.
    pub(crate) fn delivery(&self, webhook: &Webhook, signature: &str, base: &str) -> Request {
        let request = self.stranger().at(base).request("POST", "/webhooks/payments");
        request
            .header("content-type", "application/json")
            .header("webhook-id", webhook.id.as_str())
            .header("webhook-timestamp", webhook.sent_at_s.to_string())
            .header("webhook-signature", signature)
            .bytes(webhook.body.clone())
    }
}
