//! The composition root: what the rest of the program is handed, built here and nowhere else.
//!
//! `App::build` opens the database, derives keys, starts the embedded simulator and puts the desk together; [`health`]
//! is where background loops say how they are, `accounts` makes processors of the configuration, `book` keeps the
//! simulator's memory in the database. What is done with all of it is the business of `http`, `workers` and `cli`.

mod accounts;
mod book;
pub mod clock;
pub mod doctor;
mod failure;
mod guard;
pub mod health;
pub mod ids;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::blobs::{self, Blobs, KeySource, Scanner};
use crate::config::{Clamd, Config, DataFolder, DatabaseUrl};
use crate::crash::{Point, point};
use crate::domain::access::Principal;
use crate::domain::calendar::Timelines;
use crate::domain::risk::Limits;
use crate::domain::secret::SecretKey;
use crate::l10n::L10n;
use crate::mail::{Mailer, Sender, Server};
use crate::providers::simulator;
use crate::services::desk::Keys;
use crate::services::{Context, Desk, first_start};
use crate::store::{Db, Engine, Location, StoreError, Tx, inbox, leases, outbox};

pub use book::StoredBook;
pub use clock::Clock;
pub use failure::BuildError;
pub use health::Health;
pub use ids::Ids;

use guard::FolderGuard;

/// What a process is for; decides what it may take for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Serving at this address: migrates; on SQLite it is alone on its data folder.
    Serve {
        /// Where it listens, with the port that the system chose if none was asked for.
        address: SocketAddr,
    },
    /// Background work beside nodes that serve.
    Work,
    /// One command, beside a desk that may be running: neither migrates nor takes anything for itself.
    Command,
}

/// Everything, put together.
pub struct App {
    /// The configuration that it was built from.
    pub config: Config,
    /// The desk, which use cases work with.
    pub desk: Arc<Desk>,
    /// Texts for people.
    pub l10n: Arc<L10n>,
    /// The way out for letters.
    pub mailer: Arc<Mailer>,
    /// Business time.
    pub clock: Clock,
    /// Mints identifiers.
    pub ids: Ids,
    /// The key that every other key is derived from.
    pub secret_key: SecretKey,
    /// How the background loops are.
    pub health: Health,
    simulator: Mutex<Option<simulator::Running>>,
    _guard: Option<FolderGuard>,
}

impl App {
    /// Builds everything, or says in a sentence what is in the way. To be called inside a Tokio runtime.
    pub async fn build(config: Config, purpose: Purpose) -> Result<Arc<Self>, BuildError> {
        let folder = DataFolder::prepare(&config)?;
        let secret_key = folder.secret_key;
        let clock = Clock::shifted(config.clock_offset);
        let ids = Ids::new(clock.clone());
        let location = location(&config.database);
        let guard = match (purpose, &location) {
            (Purpose::Serve { .. }, Location::File(_)) => Some(FolderGuard::take(&folder.path)?),
            (Purpose::Work, Location::File(_)) => return Err(BuildError::NeedsServer),
            (Purpose::Serve { .. } | Purpose::Work | Purpose::Command, _) => None,
        };
        let db = open(&location, purpose).await?;
        let public_url = public_url(&config, purpose);
        let l10n = Arc::new(L10n::embedded()?);
        let mailer = Arc::new(mailer(&config, &l10n)?);
        let book = Arc::new(StoredBook::new(db.clone()));
        let (providers, simulator) = accounts::open(&config, purpose, &secret_key, &public_url, book, &clock)?;
        // A key of the desk's own, so that no purpose of it can ever meet one of the key that was configured.
        let keys = Keys::derive(&secret_key.derive("desk"));
        let blobs = Arc::new(Blobs::open(blob_settings(&config, &secret_key))?);
        if purpose != Purpose::Command && matches!(location, Location::Server(_)) && config.evidence.url.is_none() {
            tracing::warn!("evidence is kept in this node's data folder; where there are more nodes, set evidence_url");
        }
        let mut desk =
            Desk::new(db, Arc::new(providers), blobs, Limits::default(), Timelines::default(), keys, &public_url);
        desk.undo_window_s = i64::from(config.undo_seconds);
        desk.evidence_kept_days = config.evidence.kept_days.map(i64::from);
        let app = Arc::new(Self {
            config,
            desk: Arc::new(desk),
            l10n,
            mailer,
            clock,
            ids,
            secret_key,
            health: Health::default(),
            simulator: Mutex::new(simulator),
            _guard: guard,
        });
        if purpose != Purpose::Command {
            app.first_start().await?;
        }
        Ok(app)
    }

    /// The context of what this process does by itself, now.
    pub fn context(&self, principal: Principal) -> Context {
        Context::internal(principal, self.clock.now(), Clock::system(), self.ids.mint())
    }

    /// Whether another process serves from the same embedded database now, so that a command gives it way.
    pub fn is_served(&self) -> bool {
        self.desk.db.engine() == Engine::Sqlite && guard::is_taken(&self.config.data_dir)
    }

    /// Where the desk is reached, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.desk.public_url
    }

    /// Where the embedded simulator listens, if there is one.
    pub fn simulator_address(&self) -> Option<SocketAddr> {
        let running = self.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(simulator::Running::address)
    }

    /// Ends what was started here; the workers are the caller's to stop before.
    pub async fn stop(&self) {
        let running = self.simulator.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            running.stop().await;
        }
    }

    async fn first_start(&self) -> Result<(), BuildError> {
        let context = self.context(Principal::System);
        first_start::ensure_policy(&self.desk, &context).await.map_err(BuildError::FirstStart)?;
        if self.desk.db.engine() == Engine::Sqlite {
            // Whoever held leases here is gone: this process is alone on the file.
            self.desk.db.write(void_leases).await?;
        }
        point(Point::StartPrepared);
        Ok(())
    }
}

/// Brings the configured database up to date; the names of the migrations that were applied.
pub async fn migrate(config: &Config) -> Result<Vec<String>, BuildError> {
    DataFolder::prepare(config)?;
    Ok(Db::open(&location(&config.database))?.migrate().await?)
}

fn void_leases(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let now = outbox::lease_clock(tx)?;
    let voided = outbox::void_leases(tx, now)? + inbox::void_leases(tx, now)? + leases::void_leases(tx, now)?;
    if voided > 0 {
        tracing::info!(voided, "work that the last run left is taken up again");
    }
    Ok(())
}

fn location(database: &DatabaseUrl) -> Location {
    match database {
        DatabaseUrl::Sqlite(path) => Location::File(path.clone()),
        DatabaseUrl::Postgres(url) => Location::Server(url.reveal().to_owned()),
    }
}

async fn open(location: &Location, purpose: Purpose) -> Result<Db, BuildError> {
    let db = Db::open(location)?;
    match purpose {
        Purpose::Serve { .. } | Purpose::Work => {
            let applied = db.migrate().await?;
            if !applied.is_empty() {
                tracing::info!(migrations = applied.join(" "), "the database was migrated");
            }
            point(Point::StartMigrated);
        }
        Purpose::Command => {
            let pending = db.pending_migrations().await?;
            if !pending.is_empty() {
                return Err(BuildError::NeedsMigration(pending));
            }
        }
    }
    Ok(db)
}

/// The configured address; where the system chose the port, with that one.
fn public_url(config: &Config, purpose: Purpose) -> String {
    let mut url = config.public_url.clone();
    if let (Some(0), Purpose::Serve { address }) = (url.port(), purpose)
        && url.set_port(Some(address.port())).is_err()
    {
        tracing::warn!("the public address cannot be given a port");
    }
    url.as_str().trim_end_matches('/').to_owned()
}

fn mailer(config: &Config, l10n: &Arc<L10n>) -> Result<Mailer, BuildError> {
    let host = config.public_url.host_str().unwrap_or("localhost");
    let sender = Sender::parse(&config.mail_from, host)?;
    match &config.smtp_url {
        Some(url) => Ok(Mailer::to_server(Arc::clone(l10n), sender, Server::parse(url.reveal())?)),
        None => {
            let path = config.mail_folder();
            Mailer::to_folder(Arc::clone(l10n), sender, &path).map_err(|source| BuildError::MailFolder { path, source })
        }
    }
}

fn blob_settings(config: &Config, secret_key: &SecretKey) -> blobs::Settings {
    let evidence = &config.evidence;
    let bucket = &evidence.bucket;
    blobs::Settings {
        url: evidence.url.clone(),
        folder: config.evidence_folder(),
        bucket: blobs::Bucket {
            endpoint: bucket.endpoint.clone(),
            region: bucket.region.clone(),
            access_key_id: bucket.access_key_id.clone(),
            secret_access_key: bucket.secret_access_key.clone(),
        },
        keys: evidence.keys.clone().map_or_else(|| KeySource::Kept(config.evidence_key_file()), KeySource::Given),
        derived_key: SecretKey::from_bytes(*secret_key.derive("evidence")),
        scanner: config.clamd.as_ref().map(|clamd| match clamd {
            Clamd::Tcp(address) => Scanner::Tcp(address.clone()),
            Clamd::Unix(path) => Scanner::Unix(path.clone()),
        }),
        program: evidence.program.clone(),
        limits: evidence.limits,
    }
}

/// The simulator's time: business time, so that a shifted desk and its processor agree.
fn simulator_clock(clock: &Clock) -> simulator::Clock {
    let clock = clock.clone();
    Arc::new(move || -> Timestamp { clock.now() })
}
