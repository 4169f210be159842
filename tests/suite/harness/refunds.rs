//! Refunds: asked for over HTTP, and followed until they are where a test wants them.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::Answer;
use super::app::TestApp;
use super::caller::{Caller, fresh_key};
use super::orders::Order;
use super::quiet::eventually;

/// A refund moves within a second; time-outs and backoff of troubled processors take several.
const STATE_TIMEOUT: Duration = Duration::from_secs(60);

/// How often a good client comes back to a busy desk.
const BUSY_MAX: usize = 30;

/// How long it waits each time.
const BUSY_PAUSE: Duration = Duration::from_millis(300);

/// A refund that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refund {
    /// Its id.
    pub(crate) id: String,
}

/// A request for a refund that is being put together: everything that remains, because it was not received.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    caller: Caller,
    path: String,
    key: String,
    body: Value,
}

impl Ask {
    pub(super) fn new(caller: &Caller, order: &Order) -> Self {
        let body = json!({"currency": order.currency, "reason": "not_received"});
        Self { caller: caller.clone(), path: order.refunds_path(), key: fresh_key(), body }
    }

    /// How much, in minor units.
    pub(crate) fn amount(self, amount_minor: i64) -> Self {
        self.with("amount_minor", json!(amount_minor))
    }

    /// Why.
    pub(crate) fn reason(self, reason: &str) -> Self {
        self.with("reason", json!(reason))
    }

    /// One more line that it is for.
    pub(crate) fn line(mut self, line: Value) -> Self {
        match self.body["lines"].as_array_mut() {
            Some(lines) => lines.push(line),
            None => self.body["lines"] = json!([line]),
        }
        self
    }

    /// Any member of the body.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.body[name] = value;
        self
    }

    /// Under this idempotency key.
    pub(crate) fn key(mut self, key: &str) -> Self {
        self.key = key.to_owned();
        self
    }

    /// At another node.
    pub(crate) fn at(mut self, base: &str) -> Self {
        self.caller = self.caller.at(base);
        self
    }

    /// Sends it, whatever is answered.
    pub(crate) async fn send(&self) -> Answer {
        let request = self.caller.request("POST", &self.path);
        request.header("idempotency-key", self.key.as_str()).json(&self.body).send().await
    }

    /// Sends it, and again under its key where the desk is too busy, as every good client does.
    pub(crate) async fn insist(&self) -> Answer {
        let mut answer = self.send().await;
        for _ in 0..BUSY_MAX {
            if answer.header("retry-after").is_empty() {
                break;
            }
            tokio::time::sleep(BUSY_PAUSE).await;
            answer = self.send().await;
        }
        answer
    }

    /// Asks what would become of it.
    pub(crate) async fn dry_run(&self) -> Answer {
        self.caller.request("POST", &format!("{}?dry_run=true", self.path)).json(&self.body).send().await
    }

    /// Sends it; it has to be recorded.
    pub(crate) async fn accepted(&self) -> Refund {
        Refund::of(&self.send().await.expect(202))
    }
}

impl Refund {
    /// The refund that an answer tells of.
    pub(crate) fn of(answer: &Answer) -> Self {
        let id = answer.json()["refund_id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Self { id }
    }

    /// Where it is read.
    pub(crate) fn path(&self) -> String {
        format!("/v1/refunds/{}", self.id)
    }
}

impl TestApp {
    /// Waits until the refund is in this state; the refund as it stands then.
    pub(crate) async fn until(&self, refund: &Refund, state: &str) -> Value {
        self.until_shown(refund, &format!("state {state}"), |shown| shown["state"] == state).await
    }

    /// Waits until the refund has this state and qualifier.
    pub(crate) async fn until_qualified(&self, refund: &Refund, state: &str, qualifier: &str) -> Value {
        let wanted = format!("state {state}, qualifier {qualifier}");
        self.until_shown(refund, &wanted, |shown| shown["state"] == state && shown["qualifier"] == qualifier).await
    }

    /// Waits until the refund is as wanted.
    pub(crate) async fn until_shown(&self, refund: &Refund, wanted: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let found = eventually(STATE_TIMEOUT, async || {
            last = self.shop.show(refund).await;
            is_so(&last)
        })
        .await;
        assert!(found, "{} never came to {wanted}; it is {last:#}", refund.id);
        last
    }
}
