//! Somebody who calls the API with a token, or with none.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::Value;

use super::answer::Answer;
use super::orders::Order;
use super::refunds::{Ask, Refund};

/// A caller of one node.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// What they are called.
    pub(crate) name: String,
    /// Their token's text; none for anonymous callers.
    pub(crate) token: Option<String>,
    base: String,
    client: Client,
}

/// A request that is being put together.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    caller: Caller,
    method: Method,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

static KEYS: AtomicU64 = AtomicU64::new(1);

/// An idempotency key that no test used before.
pub(crate) fn fresh_key() -> String {
    format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed))
}

impl Caller {
    pub(crate) fn new(name: &str, token: Option<String>, base: &str, client: Client) -> Self {
        Self { name: name.to_owned(), token, base: base.to_owned(), client }
    }

    /// The same caller at another node.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A request with this method and path.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        let method = method.parse().expect("a method");
        Request { caller: self.clone(), method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// Reads a path.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send().await
    }

    /// Posts JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send().await
    }

    /// Asks for a refund of an order.
    pub(crate) fn ask(&self, order: &Order) -> Ask {
        Ask::new(self, order)
    }

    /// The refund as it stands.
    pub(crate) async fn show(&self, refund: &Refund) -> Value {
        self.get(&refund.path()).await.expect(200).json()
    }

    /// Says yes to a request.
    pub(crate) async fn approve(&self, refund: &Refund, note: &str) -> Answer {
        self.decide(refund, serde_json::json!({"decision": "approve", "note": note})).await
    }

    /// Says no to a request.
    pub(crate) async fn deny(&self, refund: &Refund, note: &str) -> Answer {
        self.decide(refund, serde_json::json!({"decision": "deny", "note": note})).await
    }

    /// Decides with a body of one's own.
    pub(crate) async fn decide(&self, refund: &Refund, body: Value) -> Answer {
        self.post(&format!("{}/decision", refund.path()), &body).await
    }

    /// Submits, cancels or retries: moves that have no body.
    pub(crate) async fn act(&self, refund: &Refund, action: &str) -> Answer {
        self.request("POST", &format!("{}/{action}", refund.path())).send().await
    }
}

impl Request {
    /// Adds a header, as often as it is called.
    pub(crate) fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body in JSON.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json").bytes(body.to_string())
    }

    /// With a body as it is.
    pub(crate) fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends it.
    pub(crate) async fn send(self) -> Answer {
        let asked = self.asked();
        self.try_send().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"))
    }

    /// Sends it to a desk that may be gone before it has answered.
    pub(crate) async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let asked = self.asked();
        let mut request = self.caller.client.request(self.method, format!("{}{}", self.caller.base, self.path));
        if let Some(token) = &self.caller.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            request = request.header(name, HeaderValue::from_bytes(&value).expect("a header's value"));
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        Answer::read(asked, request.send().await?).await
    }

    fn asked(&self) -> String {
        format!("{} {} by {}", self.method, self.path, self.caller.name)
    }
}
