//! The desk's pages over many refunds: how long a person waits for them.
//!
//! ```text
//! cargo bench -- pages                               # 100,000 refunds
//! MAKEGOOD_BENCH_REFUNDS=5000 cargo bench -- pages   # fewer
//! ```
//!
//! Orders are imported as a shop imports them. Two refunds are asked for over HTTP, one that the policy approves and one
//! that waits for people; all others are copies of them, dated over ninety days and in every state that refunds come to
//! rest in. One person is signed in and looks at one page after the other.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use makegood::domain::access::Principal;
use makegood::domain::id::RefundId;
use makegood::domain::ledger::{EntryKind, posting};
use makegood::domain::refund::{Closure, Qualifier, Refund, State};
use makegood::domain::review::{self, Claim};
use makegood::store::decisions::{self, DecisionRow};
use makegood::store::ledger::{self, EntryRow};
use makegood::store::trail::{self, TransitionRow};
use makegood::store::{Db, Location, StoreError, Tx, order_batch, orders, refunds, reviews};
use reqwest::Client;
use serde_json::{Value, json};

use super::desk::{Desk, Engine, Running};
use super::figures::Figures;

/// Refunds, unless the environment says otherwise.
const REFUNDS: usize = 100_000;
/// Refunds that are written in one transaction.
const BATCH: usize = 500;
/// Over how many days they are spread.
const DAYS: i64 = 90;
/// Looks at each page; and before them, looks that do not count.
const LOOKS: usize = 200;
const WARM_UP: usize = 20;
/// Cases that are looked at in turn.
const CASES: usize = 50;

const EMAIL: &str = "pages@desk.example";

/// Fills a desk, looks at its pages, and adds what that took.
pub(crate) async fn measure(engine: Engine, figures: &mut Figures) {
    let count = std::env::var("MAKEGOOD_BENCH_REFUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(REFUNDS);
    let name = engine.name();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let desk = Desk::prepare(engine, folder.path()).await;
    eprintln!("{name}: importing {count} orders");
    desk.import(count);
    let password = desk.add_person(EMAIL);
    let running = desk.serve("off").await;
    let models = [ask(&running, 0, "quality").await, ask(&running, 1, "other").await];
    running.stop().await;
    eprintln!("{name}: writing {count} refunds");
    let begun = Instant::now();
    let cases = fill(&desk.location(folder.path()), &models, count).await;
    eprintln!("{name}: written in {:.1} s", begun.elapsed().as_secs_f64());
    desk.settle_statistics();

    let running = desk.serve("off").await;
    let mut person = Person::sign_in(&running, &password).await;
    for page in pages(count) {
        let looked = person.look(std::slice::from_ref(&page)).await;
        figures.add(name, &page, looked, "p95 ≤ 50 ms");
    }
    let looked = person.look(&cases).await;
    figures.add(name, "a case", looked, "p95 ≤ 50 ms");
    running.stop().await;
}

fn pages(count: usize) -> Vec<String> {
    let mut pages: Vec<String> = [
        "/desk",
        "/desk/queue",
        "/desk/queue?view=mine",
        "/desk/queue?view=second",
        "/desk/queue?view=info",
        "/desk/queue?view=failed",
        "/desk/queue?reason=other&currency=USD&min=10&max=20",
        "/desk/refunds",
        "/desk/refunds?state=completed",
        "/desk/refunds?state=failed&state=canceled",
        "/desk/refunds?currency=USD&min=24&max=26",
        "/desk/refunds?currency=USD&min=99",
    ]
    .map(str::to_owned)
    .into();
    pages.push(format!("/desk/refunds?q=order-{}", count / 2));
    pages
}

/// Asks for a refund over HTTP; its id.
async fn ask(running: &Running, number: usize, reason: &str) -> RefundId {
    let answer = client()
        .post(format!("http://{}/v1/orders/order-{number}/refunds", running.address))
        .bearer_auth(&running.token)
        .header("content-type", "application/json")
        .header("idempotency-key", format!("model-{number}"))
        .body(json!({"amount_minor": 2_500, "currency": "USD", "reason": reason}).to_string())
        .send()
        .await
        .expect("an answer");
    let body: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
    RefundId::parse(body["refund_id"].as_str().expect("an id")).expect("an id")
}

/// What is copied: a refund and what the policy decided of it.
#[derive(Clone)]
struct Model {
    refund: Refund,
    decision: DecisionRow,
}

/// Writes so many refunds; the pages of some of them.
async fn fill(location: &Location, models: &[RefundId; 2], count: usize) -> Vec<String> {
    let db = Db::open(location).expect("a database");
    let ids = models.to_vec();
    let read = db.read(move |conn| {
        let mut models = Vec::new();
        for id in &ids {
            let refund = refunds::find(conn, id)?.expect("a refund");
            let decision = decisions::decisions_of(conn, std::slice::from_ref(id))?.pop().expect("a decision");
            models.push(Model { refund, decision });
        }
        Ok::<_, StoreError>(models)
    });
    let models = read.await.expect("two refunds");
    let now = Timestamp::now();
    let mut cases = Vec::new();
    let mut first = 2;
    while first < count {
        let numbers: Vec<usize> = (first..count.min(first + BATCH)).collect();
        first += BATCH;
        let models = models.clone();
        let write = db.write(move |tx| {
            let order_ids: Vec<String> = numbers.iter().map(|number| format!("order-{number}")).collect();
            let found = order_batch::find_orders(tx, &order_ids.iter().map(String::as_str).collect::<Vec<_>>())?;
            let mut ids = Vec::new();
            for number in &numbers {
                let customer_id = found[&format!("order-{number}")].customer_id.clone();
                let mut model = models[usize::from(number % 100 < 8)].clone();
                model.refund.customer_id = customer_id;
                ids.push(copy(tx, model, *number, now, count)?);
            }
            Ok::<_, StoreError>(ids)
        });
        let ids = write.await.expect("refunds are written");
        cases.extend(ids.into_iter().step_by(BATCH / 2).map(|id| format!("/desk/refunds/{id}")));
    }
    let step = (cases.len() / CASES).max(1);
    cases.into_iter().step_by(step).take(CASES).collect()
}

/// Where the copy of this number stands: of a hundred, eight wait for people, a few failed, and most are done.
fn standing(number: usize) -> (State, Option<Qualifier>, Option<Closure>) {
    match number % 100 {
        0..2 => (State::Requested, Some(Qualifier::AwaitingSecond), None),
        2..8 => (State::Requested, Some(Qualifier::AwaitingFirst), None),
        8..10 => (State::ProviderPending, None, None),
        10 => (State::Failed, Some(Qualifier::Final), None),
        11 if number % 1_000 == 11 => (State::Failed, Some(Qualifier::Retryable), None),
        11..20 => (State::Canceled, Some(Qualifier::Denied), Some(Closure::Denied)),
        _ => (State::Completed, None, None),
    }
}

fn copy(tx: &mut Tx<'_>, model: Model, number: usize, now: Timestamp, count: usize) -> Result<RefundId, StoreError> {
    let Model { mut refund, mut decision } = model;
    let age_s =
        DAYS * 86_400 * i64::try_from(count - number).expect("a number") / i64::try_from(count).expect("a number");
    let at = now.checked_sub(SignedDuration::from_secs(age_s)).expect("a moment");
    let at_ms = u64::try_from(at.as_millisecond()).expect("after 1970");
    let refund_id = RefundId::from_ulid(ulid::Ulid::from_parts(at_ms, u128::try_from(number).expect("a number")));
    let (state, qualifier, closure) = standing(number);
    refund.refund_id = refund_id.clone();
    refund.order_id = format!("order-{number}");
    refund.connector_transaction_id = format!("sim_succeeded_{number}");
    refund.amount.minor = 500 + i64::try_from(number * 7_919 % 9_500).expect("an amount");
    (refund.state, refund.qualifier, refund.closure) = (state, qualifier, closure);
    refund.retryable = qualifier == Some(Qualifier::Retryable);
    refund.correlation_id = format!("co_{number}");
    (refund.created_at, refund.updated_at) = (at, at);
    refund.completed_at = (state == State::Completed).then_some(at);
    refunds::insert(tx, &refund)?;
    decision.refund_id = refund_id.clone();
    decision.decided_at = at;
    decisions::insert_decision(tx, &decision)?;
    let mut before = None;
    for (position, (event, to_state)) in (1..).zip(course(state)) {
        trail::insert_transition(
            tx,
            &TransitionRow {
                seq: 0,
                refund_id: refund_id.clone(),
                position,
                from_state: before,
                to_state,
                event: event.to_owned(),
                actor: "system".to_owned(),
                correlation_id: refund.correlation_id.clone(),
                audit_id: format!("au_{number}_{position}"),
                at,
            },
        )?;
        before = Some(to_state);
    }
    if state.counts_against_remaining() {
        orders::commit_amount(tx, &refund.order_id, &refund.payment_id, refund.amount.minor)?;
        let pending = posting(EntryKind::RefundPending, refund.amount, &refund.provider_account).expect("a posting");
        let entry = EntryRow {
            entry_id: makegood::domain::id::LedgerEntryId::from_ulid(refund_id.ulid()),
            posting: pending,
            refund_id: Some(refund_id.clone()),
            period: at.strftime("%Y-%m").to_string(),
            posted_at: at,
            occurred_at: at,
        };
        ledger::append(tx, &entry)?;
    }
    if state == State::Requested {
        reviews::insert(tx, &refund_id, review::due_at(refund.reason, at), refund.amount.minor)?;
        if number % 10 == 3 {
            reviews::set_needs_info(tx, &refund_id, true)?;
        }
        if number % 500 == 5 {
            let holder = Principal::Token(format!("holder {}", number % 7));
            reviews::set_claim(tx, &refund_id, Some(&Claim::starting(holder, Timestamp::now())))?;
        }
    }
    Ok(refund_id)
}

/// The changes that lead to a state.
fn course(state: State) -> Vec<(&'static str, State)> {
    let sent = [
        ("create", State::Requested),
        ("approve", State::Approved),
        ("submit", State::Submitting),
        ("accepted", State::ProviderPending),
    ];
    match state {
        State::Requested => sent[..1].to_vec(),
        State::Canceled => vec![sent[0], ("deny", State::Canceled)],
        State::Failed => [&sent[..], &[("failed_final", State::Failed)]].concat(),
        State::Completed => [&sent[..], &[("succeeded", State::Completed)]].concat(),
        State::Approved | State::Submitting | State::ProviderPending => sent.to_vec(),
    }
}

/// Somebody of the desk who is signed in.
struct Person {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
}

impl Person {
    async fn sign_in(running: &Running, password: &str) -> Self {
        let base = format!("http://{}", running.address);
        let mut person = Self { client: client(), base, cookies: BTreeMap::new() };
        let page = person.get("/login").await;
        let token =
            page.split_once("name=\"csrf\" value=\"").and_then(|(_, rest)| rest.split_once('"')).expect("a token").0;
        let fields = [("email", EMAIL), ("password", password), ("csrf", token)];
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = person.client.post(format!("{}/login", person.base)).body(form);
        person.send(request.header("content-type", "application/x-www-form-urlencoded"), 303).await;
        person
    }

    /// Looks at these pages in turn; how long that took.
    async fn look(&mut self, pages: &[String]) -> String {
        let mut took = Vec::new();
        let mut bytes = 0;
        for (nth, page) in pages.iter().cycle().take(WARM_UP + LOOKS).enumerate() {
            let begun = Instant::now();
            bytes = self.get(page).await.len();
            if nth >= WARM_UP {
                took.push(begun.elapsed());
            }
        }
        took.sort_unstable();
        let at = |percent: usize| milliseconds(took[took.len() * percent / 100]);
        format!("p50 {:.1} ms, p95 {:.1} ms, {} KiB", at(50), at(95), bytes / 1024)
    }

    async fn get(&mut self, page: &str) -> String {
        self.send(self.client.get(format!("{}{page}", self.base)), 200).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder, expected: u16) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), expected, "{}", answer.url());
        for set in answer.headers().get_all("set-cookie") {
            let pair = set.to_str().expect("text").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer.text().await.expect("a page")
    }
}

fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

fn client() -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
    builder.build().expect("a client")
}

/// Where the desk's database is.
impl Desk {
    fn location(&self, folder: &Path) -> Location {
        match self.database_url().strip_prefix("sqlite://") {
            Some(_) => Location::File(folder.join("makegood.db")),
            None => Location::Server(self.database_url().to_owned()),
        }
    }
}
