//! Requests and answers, each kept as an entry of an HTTP archive (HAR 1.2) as it happens, without secrets.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use jiff::Timestamp;
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// What stands instead of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// Headers whose values let somebody in.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "set-cookie"];

/// The longest that a refund takes to come where a case waits for it: time-outs of calls are a part of it.
const PATIENCE: Duration = Duration::from_secs(45);

const POLL_PAUSE: Duration = Duration::from_millis(250);

/// The archive while it is written.
#[derive(Default)]
pub(crate) struct Archive {
    content: Mutex<Content>,
}

#[derive(Default)]
struct Content {
    pages: Vec<Value>,
    entries: Vec<Value>,
}

impl Archive {
    /// What follows belongs to this case.
    pub(crate) fn begin(&self, case: &str, title: &str) {
        let page =
            json!({"startedDateTime": Timestamp::now().to_string(), "id": case, "title": title, "pageTimings": {}});
        self.content.lock().expect("nobody panicked with it").pages.push(page);
    }

    /// The whole archive.
    pub(crate) fn whole(&self) -> Value {
        let content = self.content.lock().expect("nobody panicked with it");
        json!({"log": {
            "version": "1.2", "creator": {"name": "makegood tests/evidence", "version": env!("CARGO_PKG_VERSION")},
            "pages": content.pages, "entries": content.entries,
        }})
    }

    fn add(&self, mut entry: Value, answer: &Answer, took_ms: u64) {
        let mut content = self.content.lock().expect("nobody panicked with it");
        entry["pageref"] = content.pages.last().map(|page| page["id"].clone()).unwrap_or_default();
        entry["time"] = json!(took_ms);
        entry["timings"] = json!({"send": 0, "wait": took_ms, "receive": 0});
        entry["cache"] = json!({});
        entry["response"] = json!({
            "status": answer.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": shown(&answer.headers),
            "content": {"size": answer.bytes.len(), "mimeType": answer.header("content-type"), "text": answer.text()},
            "redirectURL": "", "headersSize": -1, "bodySize": answer.bytes.len(),
        });
        content.entries.push(entry);
    }
}

/// Somebody who calls the API.
#[derive(Clone)]
pub(crate) struct Caller {
    name: String,
    token: Option<String>,
    base: String,
    client: Client,
    archive: Arc<Archive>,
}

/// A request that is being put together.
pub(crate) struct Call<'a> {
    caller: &'a Caller,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

/// What was answered.
#[derive(Clone)]
pub(crate) struct Answer {
    asked: String,
    /// The status.
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub(crate) bytes: Vec<u8>,
}

impl Caller {
    /// Somebody with a token, or with none.
    pub(crate) fn new(name: &str, token: Option<&str>, base: &str, archive: &Arc<Archive>) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            token: token.map(str::to_owned),
            base: base.to_owned(),
            client: client()?,
            archive: Arc::clone(archive),
        })
    }

    /// Begins a request.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call { caller: self, method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.call(Method::GET, path).send().await
    }

    /// Posts JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.call(Method::POST, path).json(body).send().await
    }

    /// Approves, or denies.
    pub(crate) async fn decide(&self, refund_id: &str, decision: &str, note: &str) -> Result<Answer> {
        self.post(&format!("/v1/refunds/{refund_id}/decision"), &json!({"decision": decision, "note": note})).await
    }

    /// Reads a refund until it is as wanted.
    pub(crate) async fn until(&self, refund_id: &str, state: &str, qualifier: Option<&str>) -> Result<Value> {
        let begun = Instant::now();
        loop {
            let shown = self.get(&format!("/v1/refunds/{refund_id}")).await?.expect(200)?.json()?;
            if shown["state"] == state && qualifier.is_none_or(|qualifier| shown["qualifier"] == qualifier) {
                return Ok(shown);
            }
            if begun.elapsed() > PATIENCE {
                bail!("{refund_id} did not come to {state} {}; it is {shown:#}", qualifier.unwrap_or_default());
            }
            tokio::time::sleep(POLL_PAUSE).await;
        }
    }

    /// What happened to a refund, oldest first.
    pub(crate) async fn events(&self, refund_id: &str) -> Result<Vec<Value>> {
        let story = self.get(&format!("/v1/refunds/{refund_id}/events")).await?.expect(200)?.json()?;
        Ok(story["data"].as_array().cloned().unwrap_or_default())
    }
}

impl Call<'_> {
    /// A header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw(body.to_string())
    }

    /// A body as it stands.
    pub(crate) fn raw(mut self, body: String) -> Self {
        self.body = Some(body);
        self.header("content-type", "application/json")
    }

    /// Sends it, and keeps it with its answer.
    pub(crate) async fn send(mut self) -> Result<Answer> {
        if let Some(token) = &self.caller.token {
            self.headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        let asked = format!("{} {}", self.method, self.path);
        let url = format!("{}{}", self.caller.base, self.path);
        let mut request = self.caller.client.request(self.method.clone(), &url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        let (started_at, begun) = (Timestamp::now(), Instant::now());
        let response = request.send().await.with_context(|| asked.clone())?;
        let mut answer =
            Answer { asked, status: response.status().as_u16(), headers: pairs(response.headers()), bytes: Vec::new() };
        answer.bytes = response.bytes().await?.to_vec();
        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.caller.archive.add(self.entry(&url, started_at), &answer, took_ms);
        Ok(answer)
    }

    fn entry(&self, url: &str, started_at: Timestamp) -> Value {
        let query =
            url::Url::parse(url).map(|url| url.query_pairs().into_owned().collect::<Vec<_>>()).unwrap_or_default();
        let mut request = json!({
            "method": self.method.as_str(), "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": shown(&self.headers),
            "queryString": query.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
            "headersSize": -1, "bodySize": self.body.as_ref().map_or(0, String::len),
        });
        if let Some(body) = &self.body {
            request["postData"] = json!({"mimeType": "application/json", "text": body});
        }
        json!({"startedDateTime": started_at.to_string(), "comment": format!("by {}", self.caller.name), "request": request})
    }
}

impl Answer {
    /// A header's value; empty where it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.bytes).with_context(|| self.told())
    }

    /// The same, where the status is this one.
    pub(crate) fn expect(self, status: u16) -> Result<Self> {
        ensure!(self.status == status, "{}; {status} was due", self.told());
        Ok(self)
    }

    /// The problem document, where this is a refusal with this status and code.
    pub(crate) fn refused(self, status: u16, code: &str) -> Result<Value> {
        let document = self.json().unwrap_or_default();
        ensure!(self.status == status && document["code"] == code, "{}; {status} {code} was due", self.told());
        ensure!(self.header("content-type") == "application/problem+json", "{} is no problem document", self.told());
        Ok(document)
    }

    fn told(&self) -> String {
        format!("{} was answered {} {}", self.asked, self.status, self.text())
    }
}

/// A client that follows nothing and asks no proxy.
pub(crate) fn client() -> Result<Client> {
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
    builder.build().context("no HTTP client")
}

/// Headers as text, in order.
pub(crate) fn pairs(headers: &reqwest::header::HeaderMap) -> Vec<(String, String)> {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn shown(headers: &[(String, String)]) -> Vec<Value> {
    let value =
        |name: &str, value: &str| if SECRET_HEADERS.contains(&name) { REDACTED.to_owned() } else { value.to_owned() };
    headers.iter().map(|(name, text)| json!({"name": name, "value": value(name, text)})).collect()
}
