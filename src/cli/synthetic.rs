//! `makegood synthetic`: one whole journey against a desk that runs somewhere, for schedulers: an order, a refund of it,
//! and its completion, with how long each took.

use std::time::{Duration, Instant};

use clap::Args;
use reqwest::{Client, Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::{Exit, Failure, Global, print, running};
use crate::app::{Clock, Ids};

/// How long one call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause between two looks at the refund.
const POLL_PAUSE: Duration = Duration::from_millis(200);

/// Small enough for every policy that approves anything by itself.
const AMOUNT_MINOR: i64 = 100;

/// Walks one refund through a desk that runs and prints how long it took
#[derive(Debug, Args)]
#[command(
    after_help = "The token needs orders:write, refunds:create and refunds:read; the desk needs an account at the \
                  simulator. Exit code 3: the desk did not complete the refund.\n\nExamples:\n  makegood synthetic --url \
                  https://refunds.shop.example --token mg_x --region eu-1\n  makegood synthetic --url \
                  http://127.0.0.1:8080 --token mg_x --region local --timeout 30"
)]
pub(super) struct Arguments {
    /// Where the desk is reached
    #[arg(long)]
    url: Url,
    /// An API token
    #[arg(long, env = "MAKEGOOD_SYNTHETIC_TOKEN", hide_env_values = true)]
    token: String,
    /// From where this runs; stands in the output
    #[arg(long)]
    region: String,
    /// The desk's account at the simulator
    #[arg(long, default_value = "simulator")]
    account: String,
    /// Where its letters go; each journey has an address of its own, with its id before the @
    #[arg(long, default_value = "synthetic@makegood.invalid")]
    email: String,
    /// How many seconds completion may take
    #[arg(long, default_value_t = 60)]
    timeout: u64,
}

/// What the journey came to.
#[derive(Debug, Default, Serialize)]
struct Journey {
    region: String,
    url: String,
    started_at: String,
    ok: bool,
    failed_at: Option<&'static str>,
    detail: Option<String>,
    order_id: String,
    refund_id: Option<String>,
    state: Option<String>,
    polls: u32,
    push_ms: Option<u64>,
    create_ms: Option<u64>,
    complete_ms: Option<u64>,
    total_ms: u64,
}

/// Where the journey ended early, and why.
struct Broken {
    step: &'static str,
    detail: String,
    /// Whether nobody answered.
    unreachable: bool,
}

impl Arguments {
    pub(super) fn run(self, _global: &Global) -> Result<(), Failure> {
        let id = Ids::new(Clock::default()).mint().to_string();
        let mut journey = Journey {
            region: self.region.clone(),
            url: self.url.to_string(),
            started_at: Clock::system().to_string(),
            order_id: format!("synthetic-{id}"),
            ..Journey::default()
        };
        let begun = Instant::now();
        let result = running::to_end(async { Ok(self.walk(&mut journey, &id).await) })?;
        journey.total_ms = elapsed_ms(begun);
        let failure = result.err().map(|broken| {
            let exit = if broken.unreachable { Exit::Failed } else { Exit::Unhealthy };
            let failure = Failure::new(exit, format!("The journey ended at {}: {}", broken.step, broken.detail));
            journey.failed_at = Some(broken.step);
            journey.detail = Some(broken.detail);
            failure
        });
        journey.ok = failure.is_none();
        print::json(&journey)?;
        failure.map_or(Ok(()), Err)
    }

    async fn walk(&self, journey: &mut Journey, id: &str) -> Result<(), Broken> {
        let client = client(&self.url)?;
        let (begun, order_path) = (Instant::now(), format!("v1/orders/{}", journey.order_id));
        let order = self.order(id, &journey.started_at);
        let pushed = self.call(&client, "push", Method::PUT, &order_path, Some(&order), id).await?;
        expect("push", pushed, &[StatusCode::CREATED, StatusCode::OK])?;
        journey.push_ms = Some(elapsed_ms(begun));

        let begun = Instant::now();
        let body = json!({"amount_minor": AMOUNT_MINOR, "currency": "USD", "reason": "pricing_error"});
        let path = format!("{order_path}/refunds");
        let created = self.call(&client, "create", Method::POST, &path, Some(&body), id).await?;
        let created = expect("create", created, &[StatusCode::ACCEPTED])?;
        journey.create_ms = Some(elapsed_ms(begun));
        let refund_id = text(&created, "refund_id");
        journey.refund_id.clone_from(&refund_id);
        let Some(refund_id) = refund_id else { return Err(broken("create", "the answer names no refund")) };

        let path = format!("v1/refunds/{refund_id}");
        while begun.elapsed() < Duration::from_secs(self.timeout) {
            let shown = self.call(&client, "poll", Method::GET, &path, None, id).await?;
            let shown = expect("poll", shown, &[StatusCode::OK])?;
            journey.polls += 1;
            journey.state = text(&shown, "state");
            match journey.state.as_deref() {
                Some("completed") => {
                    journey.complete_ms = Some(elapsed_ms(begun));
                    return Ok(());
                }
                Some(ended @ ("failed" | "canceled")) => {
                    return Err(broken("poll", &format!("the refund is {ended}")));
                }
                _ => tokio::time::sleep(POLL_PAUSE).await,
            }
        }
        let state = journey.state.as_deref().unwrap_or("unknown");
        Err(broken("poll", &format!("the refund is still {state} after {} s", self.timeout)))
    }

    /// An order of one line, captured at the simulator, which completes what is asked of it.
    fn order(&self, id: &str, now: &str) -> Value {
        // A customer of its own, so that no journey makes the next one look suspicious.
        let email = match self.email.rsplit_once('@') {
            Some((local, domain)) => format!("{local}+{}@{domain}", id.to_lowercase()),
            None => self.email.clone(),
        };
        json!({
            "customer": {"email": email, "name": "Synthetic", "locale": "en"},
            "currency": "USD", "placed_at": now,
            "lines": [{"line_id": "1", "description": "Synthetic", "quantity": 1, "unit_amount_minor": AMOUNT_MINOR}],
            "payments": [{
                "payment_id": "p1", "provider_account": self.account,
                "connector_transaction_id": format!("sim_succeeded_{id}"), "rail": "card", "status": "captured",
                "captured_minor": AMOUNT_MINOR, "captured_at": now,
            }],
        })
    }

    async fn call(
        &self,
        client: &Client,
        step: &'static str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        id: &str,
    ) -> Result<(StatusCode, Value), Broken> {
        let url = format!("{}/{path}", self.url.as_str().trim_end_matches('/'));
        let mut request = client
            .request(method, url)
            .bearer_auth(&self.token)
            .header("X-Correlation-Id", format!("synthetic-{id}"))
            .header("Idempotency-Key", format!("synthetic-{id}"));
        if let Some(body) = body {
            request = request.json(body);
        }
        let lost = |error: reqwest::Error| Broken {
            step,
            detail: format!("no answer: {}", error.without_url()),
            unreachable: true,
        };
        let answer = request.send().await.map_err(lost)?;
        let status = answer.status();
        Ok((status, answer.json().await.unwrap_or_default()))
    }
}

fn client(url: &Url) -> Result<Client, Broken> {
    // A provider that somebody installed before is as good; the error says only that there is one.
    drop(rustls::crypto::ring::default_provider().install_default());
    let builder = Client::builder().timeout(CALL_TIMEOUT).redirect(reqwest::redirect::Policy::none());
    // Plain http needs no certificates, and a bare machine may have none to load.
    let builder = if url.scheme() == "https" { builder } else { builder.tls_certs_only([]) };
    builder.build().map_err(|error| broken("start", &error.to_string()))
}

/// The body of an answer with one of these statuses.
fn expect(step: &'static str, answer: (StatusCode, Value), wanted: &[StatusCode]) -> Result<Value, Broken> {
    let (status, body) = answer;
    if wanted.contains(&status) {
        return Ok(body);
    }
    let mut why = vec![format!("the desk answered {status}.")];
    why.extend(text(&body, "detail"));
    for fault in body.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let (pointer, detail) = (text(fault, "pointer").unwrap_or_default(), text(fault, "detail").unwrap_or_default());
        why.push(format!("{pointer}: {detail}"));
    }
    Err(broken(step, &why.join(" ")))
}

fn broken(step: &'static str, detail: &str) -> Broken {
    Broken { step, detail: detail.to_owned(), unreachable: false }
}

fn text(body: &Value, member: &str) -> Option<String> {
    body.get(member).and_then(Value::as_str).map(str::to_owned)
}

fn elapsed_ms(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
