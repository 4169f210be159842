//! The simulator, its connector and a small desk, over real HTTP: every mode, and what the book holds afterwards.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::future;
use jiff::Timestamp;

use crate::domain::money::Money;
use crate::domain::provider::{
    ErrorInfo, Forged, LookUp, NotDoneCause, Outcome, ProviderEvent, RefundOrder, UnifiedStatus, UnknownCause,
};
use crate::domain::secret::Secret;

use super::book::SimulatedRefund;
use super::failure::FAILURES;
use super::memory::MemoryBook;
use super::mode::{Behaviour, Mode};
use super::{ListedRefund, Running, SimulatorAccount, SimulatorConfig, start};
use crate::providers::{ListWindow, Provider, ProviderConfig, Registry, WebhookHeaders};

const KEY: &str = "key-of-the-account";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How long the connector waits here for an answer.
const CALL_DEADLINE: Duration = Duration::from_millis(300);

/// A webhook that has not come by then will not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the small desk was told.
#[derive(Clone)]
enum Heard {
    Event(ProviderEvent),
    Forgery(Forged),
    RefusedOnPurpose,
}

/// The desk's end of the webhooks.
#[derive(Default)]
struct Ear {
    provider: OnceLock<Arc<dyn Provider>>,
    heard: Mutex<Vec<Heard>>,
    refuses: Mutex<u32>,
}

impl Ear {
    async fn hear(ear: web::Data<Ear>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
        let refuses = {
            let mut refuses = ear.refuses.lock().unwrap();
            let now = *refuses > 0;
            *refuses = refuses.saturating_sub(1);
            now
        };
        if refuses {
            ear.heard.lock().unwrap().push(Heard::RefusedOnPurpose);
            return HttpResponse::ServiceUnavailable().finish();
        }
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let provider = ear.provider.get().unwrap();
        match provider.verify(&WebhookHeaders::new(headers), &body, Timestamp::now()) {
            Ok(verified) => {
                ear.heard.lock().unwrap().extend(verified.events.into_iter().map(Heard::Event));
                HttpResponse::Ok().body(provider.acknowledgement())
            }
            Err(forged) => {
                ear.heard.lock().unwrap().push(Heard::Forgery(forged));
                HttpResponse::Unauthorized().finish()
            }
        }
    }
}

/// Both ends of the wire, and the book.
struct Bench {
    book: Arc<MemoryBook>,
    ear: web::Data<Ear>,
    simulator: Running,
    config: SimulatorConfig,
    provider: Arc<dyn Provider>,
}

impl Bench {
    async fn new() -> Self {
        Self::with_behaviour(Behaviour::default()).await
    }

    async fn with_behaviour(behaviour: Behaviour) -> Self {
        let ear = web::Data::new(Ear::default());
        let shared = ear.clone();
        let app = move || App::new().app_data(shared.clone()).route("/webhooks/payments", web::post().to(Ear::hear));
        let server = HttpServer::new(app).workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
        let webhook_url = format!("http://{}/webhooks/payments", server.addrs()[0]).parse().unwrap();
        drop(tokio::spawn(server.run()));

        let account = SimulatorAccount {
            account: "simulator".to_owned(),
            secret: Some(Secret::new(KEY)),
            webhook_url,
            webhook_secret: Secret::new(WEBHOOK_SECRET),
            behaviour,
        };
        let config = SimulatorConfig {
            accounts: vec![account],
            webhook_delay: Duration::from_millis(20),
            webhook_retry: Duration::from_millis(20),
            slow: Duration::from_millis(100),
            ..SimulatorConfig::default()
        };
        let book = Arc::new(MemoryBook::default());
        let simulator = run(&book, &config);
        let provider = connect(&simulator, KEY);
        assert!(ear.provider.set(Arc::clone(&provider)).is_ok());
        Self { book, ear, simulator, config, provider }
    }

    async fn refund(&self, payment: &str) -> Outcome {
        self.provider.refund(&order("rf_1", payment)).await
    }

    /// The only refund in the book.
    fn only_refund(&self) -> SimulatedRefund {
        let refunds = self.book.refunds();
        assert_eq!(refunds.len(), 1, "the book holds {refunds:?}");
        refunds.into_iter().next().unwrap()
    }

    /// What the public listing shows of the only refund.
    fn shown_status(&self) -> UnifiedStatus {
        ListedRefund::at(&self.only_refund(), Timestamp::now()).status
    }

    /// Waits until every webhook was taken, then tells what the desk heard.
    async fn everything_heard(&self) -> Vec<Heard> {
        let drained = async {
            while self.book.waiting_webhooks() > 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, drained).await.expect("webhooks are left");
        self.ear.heard.lock().unwrap().clone()
    }

    /// The type of the one event that the desk heard.
    async fn only_event(&self) -> ProviderEvent {
        match self.everything_heard().await.as_slice() {
            [Heard::Event(event)] => event.clone(),
            heard => panic!("heard {} things", heard.len()),
        }
    }
}

fn run(book: &Arc<MemoryBook>, config: &SimulatorConfig) -> Running {
    let listen = "127.0.0.1:0".parse().unwrap();
    start(listen, Arc::<MemoryBook>::clone(book), config.clone(), Arc::new(Timestamp::now)).unwrap()
}

fn connect(simulator: &Running, key: &str) -> Arc<dyn Provider> {
    connect_to(&simulator.api_base(), key)
}

fn connect_to(api_base: &str, key: &str) -> Arc<dyn Provider> {
    let config = ProviderConfig {
        api_base: Some(api_base.to_owned()),
        secret_key: Some(Secret::new(key)),
        webhook_secret: Some(Secret::new(WEBHOOK_SECRET)),
        call_deadline: Some(CALL_DEADLINE),
        ..ProviderConfig::new("simulator", "simulator")
    };
    Arc::clone(Registry::from(&[config]).unwrap().get("simulator").unwrap())
}

fn order(reference: &str, payment: &str) -> RefundOrder {
    RefundOrder {
        reference: reference.to_owned(),
        connector_transaction_id: payment.to_owned(),
        amount: Money::new(4500, "USD".parse().unwrap()),
        reason: "quality".to_owned(),
        correlation_id: "co_1".to_owned(),
    }
}

/// The outcome in one word: the status, or why there is none.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered(refund) => refund.status.as_str(),
        Outcome::Refused(_) => "refused",
        Outcome::NotDone(not_done) => not_done.cause.as_str(),
        Outcome::Unknown(unknown) => unknown.cause.as_str(),
    }
}

fn error_of(outcome: Outcome) -> ErrorInfo {
    match outcome {
        Outcome::Answered(refund) => refund.error.unwrap(),
        Outcome::Refused(error) => error,
        Outcome::NotDone(_) | Outcome::Unknown(_) => panic!("no definite failure: {outcome:?}"),
    }
}

#[tokio::test]
async fn succeeded_is_done_once_however_often_it_is_asked() {
    let bench = Bench::new().await;
    let orders: Vec<_> = (0..32).map(|_| bench.refund("sim_succeeded_1")).collect();
    let answers = future::join_all(orders).await;
    assert!(answers.iter().all(|answer| answer == &answers[0] && word(answer) == "SUCCEEDED"));
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
    assert_eq!(bench.only_refund().amount, order("rf_1", "").amount);
    assert!(bench.everything_heard().await.is_empty());
}

#[tokio::test]
async fn failed_fails_with_every_code() {
    let bench = Bench::new().await;
    for failure in FAILURES {
        let order = order(failure.code, &format!("sim_failed_{}_1", failure.code));
        let outcome = bench.provider.refund(&order).await;
        assert_eq!(word(&outcome), if failure.http_status.is_some() { "refused" } else { "FAILED" }, "{outcome:?}");
        let error = error_of(outcome.clone());
        assert_eq!((error.code.as_str(), error.retryable), (failure.code, failure.retryable));
        assert_eq!(bench.provider.refund(&order).await, outcome);
    }
    let refunds = bench.book.refunds();
    assert_eq!(refunds.len(), FAILURES.len());
    assert!(refunds.iter().all(|refund| refund.first.status == UnifiedStatus::Failed));
}

#[tokio::test]
async fn a_retryable_failure_passes_at_the_next_attempt() {
    let bench = Bench::new().await;
    let payment = "sim_failed_insufficient_funds_1";
    assert_eq!(word(&bench.provider.refund(&order("rf_1", payment)).await), "FAILED");
    assert_eq!(word(&bench.provider.refund(&order("rf_1.2", payment)).await), "SUCCEEDED");
}

#[tokio::test]
async fn pending_then_succeeded_ends_by_webhook() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_pending_then_succeeded_1").await), "PENDING");
    let event = bench.only_event().await;
    assert_eq!(event.event_type, "refund.succeeded");
    let news = event.news.unwrap();
    assert_eq!(news.refund.reference.as_deref(), Some("rf_1"));
    assert_eq!(news.refund.connector_transaction_id.as_deref(), Some("sim_pending_then_succeeded_1"));
    assert_eq!(news.refund.amount, Some(bench.only_refund().amount));
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
    assert_eq!(word(&bench.refund("sim_pending_then_succeeded_1").await), "SUCCEEDED");
}

#[tokio::test]
async fn pending_then_failed_ends_by_webhook() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_pending_then_failed_1").await), "PENDING");
    let news = bench.only_event().await.news.unwrap();
    assert_eq!((news.refund.status, news.reversal), (UnifiedStatus::Failed, false));
    assert_eq!(news.refund.error.unwrap().code, "declined");
    assert_eq!(bench.shown_status(), UnifiedStatus::Failed);
}

#[tokio::test]
async fn f19_timeout_done_is_found_by_look_up_and_not_done_again() {
    let bench = Bench::new().await;
    let payment = "sim_timeout_done_1";
    assert_eq!(word(&bench.refund(payment).await), "timeout");
    let LookUp::Found(found) = bench.provider.look_up("rf_1", payment).await else { panic!("not found") };
    assert_eq!(found.status, UnifiedStatus::Succeeded);
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(bench.only_event().await.event_type, "refund.succeeded");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f20_timeout_lost_is_absent_until_it_is_asked_again() {
    let bench = Bench::new().await;
    let payment = "sim_timeout_lost_1";
    assert_eq!(word(&bench.refund(payment).await), "timeout");
    assert_eq!(bench.provider.look_up("rf_1", payment).await, LookUp::Absent);
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn http_500_does_it_at_the_third_call() {
    let bench = Bench::new().await;
    let payment = "sim_http_500_1";
    for _ in 0..2 {
        assert_eq!(word(&bench.refund(payment).await), "server_error");
        assert_eq!(bench.provider.look_up("rf_1", payment).await, LookUp::Absent);
    }
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f21_a_stored_500_heals_only_with_a_new_attempt() {
    let bench = Bench::new().await;
    let payment = "sim_http_500_stored_1";
    for _ in 0..5 {
        assert_eq!(word(&bench.refund(payment).await), "server_error");
    }
    assert!(bench.book.refunds().is_empty());
    assert_eq!(word(&bench.provider.refund(&order("rf_1.2", payment)).await), "SUCCEEDED");
}

#[tokio::test]
async fn slow_is_late_and_done() {
    let bench = Bench::new().await;
    let before = std::time::Instant::now();
    assert_eq!(word(&bench.refund("sim_slow_1").await), "SUCCEEDED");
    assert!(before.elapsed() >= bench.config.slow);
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn late_reversal_takes_the_success_back() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_late_reversal_1").await), "SUCCEEDED");
    let event = bench.only_event().await;
    assert_eq!(event.event_type, "refund.failed");
    let news = event.news.unwrap();
    assert!(news.reversal);
    assert_eq!(news.refund.error.map(|error| error.retryable), Some(false));
    assert_eq!(bench.shown_status(), UnifiedStatus::Failed);
}

#[tokio::test]
async fn duplicate_webhook_tells_one_fact_three_times() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_duplicate_webhook_1").await), "PENDING");
    let heard = bench.everything_heard().await;
    let mut ids: Vec<_> = heard
        .iter()
        .map(|heard| match heard {
            Heard::Event(event) => event.event_id.clone(),
            Heard::Forgery(_) | Heard::RefusedOnPurpose => panic!("something else was heard"),
        })
        .collect();
    assert_eq!(ids.len(), 3);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2);
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f35_out_of_order_webhook_overtakes_the_answer() {
    let bench = Bench::new().await;
    let answer = bench.refund("sim_out_of_order_webhook_1").await;
    assert_eq!(word(&answer), "PENDING");
    assert_eq!(bench.ear.heard.lock().unwrap().len(), 1, "the webhook did not come first");
    assert_eq!(bench.only_event().await.event_type, "refund.succeeded");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn bad_signature_is_refused_once_and_then_good() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_bad_signature_1").await), "PENDING");
    let heard = bench.everything_heard().await;
    assert!(matches!(heard.as_slice(), [Heard::Forgery(Forged::BadSignature), Heard::Event(_)]));
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f25_rate_limited_says_when_to_call_again() {
    let bench = Bench::new().await;
    for _ in 0..2 {
        let Outcome::NotDone(not_done) = bench.refund("sim_rate_limited_1").await else { panic!("was done") };
        assert_eq!((not_done.cause, not_done.retry_after_ms), (NotDoneCause::RateLimited, Some(1000)));
        assert!(bench.book.refunds().is_empty());
    }
    assert_eq!(word(&bench.refund("sim_rate_limited_1").await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn an_account_has_a_mode_of_its_own() {
    let bench = Bench::with_behaviour(Behaviour { default: Mode::Failed, odds: vec![] }).await;
    assert_eq!(word(&bench.refund("pay_1").await), "FAILED");
}

#[tokio::test]
async fn webhooks_are_sent_until_somebody_takes_them() {
    let bench = Bench::new().await;
    *bench.ear.refuses.lock().unwrap() = 3;
    assert_eq!(word(&bench.refund("sim_pending_then_succeeded_1").await), "PENDING");
    let heard = bench.everything_heard().await;
    assert_eq!(heard.len(), 4);
    assert!(matches!(heard.last(), Some(Heard::Event(_))));
}

#[tokio::test]
async fn a_new_start_goes_on_with_the_same_book() {
    let mut bench = Bench::new().await;
    *bench.ear.refuses.lock().unwrap() = 1;
    bench.config.webhook_delay = Duration::from_millis(100);
    let first = run(&bench.book, &bench.config);
    let order = order("rf_9", "sim_pending_then_succeeded_9");
    bench.simulator.stop().await;
    assert_eq!(word(&connect(&first, KEY).refund(&order).await), "PENDING");
    first.stop().await;
    bench.simulator = run(&bench.book, &bench.config);
    assert!(matches!(bench.everything_heard().await.last(), Some(Heard::Event(_))));
    assert_eq!(word(&connect(&bench.simulator, KEY).refund(&order).await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn nobody_there_and_a_wrong_key_are_surely_not_done() {
    let bench = Bench::new().await;
    let stranger = connect(&bench.simulator, "wrong");
    assert_eq!(word(&stranger.refund(&order("rf_1", "pay_1")).await), "credentials");
    assert!(matches!(stranger.look_up("rf_1", "pay_1").await, LookUp::Unavailable { .. }));
    let api_base = bench.simulator.api_base();
    bench.simulator.stop().await;
    let outcome = connect_to(&api_base, KEY).refund(&order("rf_1", "pay_1")).await;
    assert_eq!(word(&outcome), "unreachable", "{outcome:?}");
    assert!(!format!("{outcome:?}").contains(KEY));
    assert!(bench.book.refunds().is_empty());
}

#[tokio::test]
async fn a_reference_stays_with_its_payment_and_amount() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("pay_1").await), "SUCCEEDED");
    let other_amount = RefundOrder { amount: Money::new(1, "USD".parse().unwrap()), ..order("rf_1", "pay_1") };
    for other in [order("rf_1", "pay_2"), other_amount] {
        assert_eq!(word(&bench.provider.refund(&other).await), UnknownCause::Unintelligible.as_str());
    }
    assert_eq!(bench.only_refund().connector_transaction_id, "pay_1");
}

#[tokio::test]
async fn refunds_are_read_by_id_and_listed_page_by_page() {
    let bench = Bench::new().await;
    let from = Timestamp::now();
    let orders = (0..150).map(|number| order(&format!("rf_{number}"), "pay_1"));
    let orders: Vec<_> = orders.collect();
    for answer in future::join_all(orders.iter().map(|order| bench.provider.refund(order))).await {
        let Outcome::Answered(refund) = answer else { panic!("{answer:?}") };
        assert_eq!(bench.provider.get(&refund.connector_refund_id).await, LookUp::Found(refund));
    }
    assert_eq!(bench.provider.get("sre_?/../x").await, LookUp::Absent);

    let to = Timestamp::now() + Duration::from_secs(1);
    let first = bench.provider.list(&ListWindow { from, to, cursor: None }).await.unwrap();
    let rest = bench.provider.list(&ListWindow { from, to, cursor: first.next.clone() }).await.unwrap();
    assert_eq!((first.refunds.len(), rest.refunds.len(), rest.next), (100, 50, None));
    let mut ids: Vec<_> = first.refunds.iter().chain(&rest.refunds).map(|(_, refund)| &refund.reference).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 150);
    let none = bench.provider.list(&ListWindow { from: to, to, cursor: None }).await.unwrap();
    assert!(none.refunds.is_empty());
}
