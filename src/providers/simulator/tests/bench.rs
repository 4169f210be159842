//! The bench that the simulator's tests stand on: a simulator, its connector, and a small desk that hears webhooks.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use jiff::Timestamp;

use crate::domain::money::Money;
use crate::domain::provider::{Forged, Outcome, ProviderEvent, RefundOrder, UnifiedStatus};
use crate::domain::secret::Secret;
use crate::providers::{Provider, ProviderConfig, Registry, WebhookHeaders};

use super::super::book::SimulatedRefund;
use super::super::memory::MemoryBook;
use super::super::mode::Behaviour;
use super::super::{ListedRefund, Running, SimulatorAccount, SimulatorConfig, start};

pub(super) const KEY: &str = "key-of-the-account";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// How long the connector waits here for an answer: short for what never comes, long enough for a busy machine.
const CALL_DEADLINE: Duration = Duration::from_secs(2);

/// A webhook that has not come by then will not come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the small desk was told.
#[derive(Clone)]
pub(super) enum Heard {
    Event(Box<ProviderEvent>),
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
                ear.heard.lock().unwrap().extend(verified.events.into_iter().map(Box::new).map(Heard::Event));
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
pub(super) struct Bench {
    pub(super) book: Arc<MemoryBook>,
    pub(super) simulator: Running,
    pub(super) config: SimulatorConfig,
    pub(super) provider: Arc<dyn Provider>,
    ear: web::Data<Ear>,
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with_behaviour(Behaviour::default()).await
    }

    pub(super) async fn with_behaviour(behaviour: Behaviour) -> Self {
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

    pub(super) async fn refund(&self, payment: &str) -> Outcome {
        self.provider.refund(&order("rf_1", payment)).await
    }

    /// The only refund in the book.
    pub(super) fn only_refund(&self) -> SimulatedRefund {
        let refunds = self.book.refunds();
        assert_eq!(refunds.len(), 1, "the book holds {refunds:?}");
        refunds.into_iter().next().unwrap()
    }

    /// What the public listing shows of the only refund.
    pub(super) fn shown_status(&self) -> UnifiedStatus {
        ListedRefund::at(&self.only_refund(), Timestamp::now()).status
    }

    /// What the desk has heard by now.
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.ear.heard.lock().unwrap().clone()
    }

    /// Lets the desk refuse so many webhooks before it takes one.
    pub(super) fn refuse_webhooks(&self, times: u32) {
        *self.ear.refuses.lock().unwrap() = times;
    }

    /// Waits until every webhook was taken, then tells what the desk heard.
    pub(super) async fn everything_heard(&self) -> Vec<Heard> {
        let drained = async {
            while self.book.waiting_webhooks() > 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(PATIENCE, drained).await.expect("webhooks are left");
        self.heard()
    }

    /// The one event that the desk heard.
    pub(super) async fn only_event(&self) -> ProviderEvent {
        match self.everything_heard().await.as_slice() {
            [Heard::Event(event)] => (**event).clone(),
            heard => panic!("heard {} things", heard.len()),
        }
    }
}

pub(super) fn run(book: &Arc<MemoryBook>, config: &SimulatorConfig) -> Running {
    let listen = "127.0.0.1:0".parse().unwrap();
    start(listen, Arc::<MemoryBook>::clone(book), config.clone(), Arc::new(Timestamp::now)).unwrap()
}

pub(super) fn connect(simulator: &Running, key: &str) -> Arc<dyn Provider> {
    connect_to(&simulator.api_base(), key)
}

pub(super) fn connect_to(api_base: &str, key: &str) -> Arc<dyn Provider> {
    let config = ProviderConfig {
        api_base: Some(api_base.to_owned()),
        secret_key: Some(Secret::new(key)),
        webhook_secret: Some(Secret::new(WEBHOOK_SECRET)),
        call_deadline: Some(CALL_DEADLINE),
        ..ProviderConfig::new("simulator", "simulator")
    };
    Arc::clone(Registry::from(&[config]).unwrap().get("simulator").unwrap())
}

pub(super) fn order(reference: &str, payment: &str) -> RefundOrder {
    RefundOrder {
        reference: reference.to_owned(),
        connector_transaction_id: payment.to_owned(),
        amount: Money::new(4500, "USD".parse().unwrap()),
        reason: "quality".to_owned(),
        correlation_id: "co_1".to_owned(),
    }
}
