//! The simulator's listener: its configuration, its start and its graceful stop. What a call does is in `processor`.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use reqwest::Client;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use super::super::transport;
use super::book::Book;
use super::deliverer::{self, Alarm};
use super::mode::Behaviour;
use super::processor::Processor;
use super::signature::SigningKey;
use super::{Clock, routes};
use crate::domain::secret::Secret;

/// Orders of refunds have a few hundred bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// One thread answers thousands of small requests a second, and an idle desk should stay small.
const THREADS: usize = 1;

/// How long a stop waits for calls in flight; what plays dead is let go at once.
const STOP_TIMEOUT_S: u64 = 2;

/// How the simulator behaves, and for whom.
#[derive(Clone, Debug)]
pub struct SimulatorConfig {
    /// The accounts that may call. Each needs a key of its own, since the key tells who calls.
    pub accounts: Vec<SimulatorAccount>,
    /// How long every call takes at least.
    pub delay: Duration,
    /// How long after the call its webhooks are sent, and what is pending ends.
    pub webhook_delay: Duration,
    /// The first wait before a webhook that was not taken is sent again; it doubles from then on.
    pub webhook_retry: Duration,
    /// How late `slow` answers; below the deadline of the connector's calls.
    pub slow: Duration,
    /// How long what never answers keeps its connection; beyond any client's deadline.
    pub hold: Duration,
}

impl Default for SimulatorConfig {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            delay: Duration::ZERO,
            webhook_delay: Duration::from_millis(200),
            webhook_retry: Duration::from_millis(500),
            slow: Duration::from_secs(2),
            hold: Duration::from_secs(30),
        }
    }
}

/// One account at the simulator.
#[derive(Clone, Debug)]
pub struct SimulatorAccount {
    /// Its name; what it asks for is kept apart from other accounts'.
    pub account: String,
    /// The key that its calls carry; where none is set, every call is taken for this account's.
    pub secret: Option<Secret>,
    /// Where its webhooks go: the desk's `/webhooks/payments`.
    pub webhook_url: Url,
    /// What they are signed with: `whsec_` and base64, or any other text.
    pub webhook_secret: Secret,
    /// How payments behave that name no mode themselves.
    pub behaviour: Behaviour,
}

/// Why the simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("the simulator cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// An account's setting is wrong.
    #[error("simulator account {account:?}: {why}")]
    Account {
        /// The account.
        account: String,
        /// What is wrong and what is allowed.
        why: String,
    },
}

/// A running simulator. Dropping it does not end it; [`Running::stop`] does.
pub struct Running {
    address: SocketAddr,
    server: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
    delivering: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Running {
    /// Where it listens, with the port that the system chose if none was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `api_base` of the accounts that call it.
    pub fn api_base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, answers what is in flight, and returns when nothing of it runs any more.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        self.server.stop(true).await;
        for ended in [self.serving.await.map(drop), self.delivering.await] {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of the simulator did not end well");
            }
        }
    }
}

/// Starts listening and sending webhooks; to be called inside a Tokio or Actix runtime.
pub fn start(
    listen: SocketAddr,
    book: Arc<dyn Book>,
    config: SimulatorConfig,
    clock: Clock,
) -> Result<Running, StartError> {
    let no_listener = |source| StartError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).map_err(no_listener)?;
    let address = listener.local_addr().map_err(no_listener)?;
    let accounts = config.accounts.iter().map(Account::new).collect::<Result<_, _>>()?;
    let (stop, stopping) = watch::channel(false);
    let processor = Arc::new(Processor { accounts, config, book, clock, alarm: Alarm::default(), stopping });

    let shared = web::Data::from(Arc::clone(&processor));
    let app = move || {
        App::new()
            .app_data(shared.clone())
            .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
            .configure(routes::configure)
    };
    let server = HttpServer::new(app).workers(THREADS).shutdown_timeout(STOP_TIMEOUT_S).disable_signals();
    let server = server.listen(listener).map_err(no_listener)?.run();
    Ok(Running {
        address,
        server: server.handle(),
        serving: tokio::spawn(server),
        delivering: tokio::spawn(deliverer::supervise(processor)),
        stop,
    })
}

/// An account, ready to be called and to send.
pub(super) struct Account {
    pub(super) settings: SimulatorAccount,
    pub(super) signing_key: SigningKey,
    pub(super) client: Client,
}

impl Account {
    fn new(settings: &SimulatorAccount) -> Result<Self, StartError> {
        let refuse = |why| StartError::Account { account: settings.account.clone(), why };
        let signing_key = SigningKey::new(&settings.webhook_secret);
        Ok(Self {
            signing_key: signing_key.map_err(|why| refuse(format!("webhook_secret {why}")))?,
            client: transport::client(&settings.webhook_url).map_err(refuse)?,
            settings: settings.clone(),
        })
    }
}
