//! Configuration: `makegood.toml` and the environment into one [`Config`], or a sentence that says what is wrong.
//!
//! Source: SPEC section 16. [`table`] names every setting once; `source` finds its text and origin, `parse` reads it,
//! `account` reads the processors' accounts, `live` refuses what live mode must not have, `show` prints. Loading has no
//! effect on the disk; [`DataFolder::prepare`] makes the data folder and the secret key when something starts.

mod account;
mod folder;
mod live;
mod parse;
mod show;
mod source;
pub mod table;

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use jiff::SignedDuration;
use url::Url;

pub use account::ProviderAccount;
pub use folder::DataFolder;
pub use show::{Line, example};
pub use source::{FILE_NAME, Origin, Sources};

use crate::domain::access::Role;
use crate::domain::evidence;
use crate::domain::secret::{Secret, SecretKey};
use crate::providers::simulator::mode::Behaviour;
use parse::Reading;
use source::{Found, Said};
use table::{Secrecy, Setting};

/// Everything that can be configured, read and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Test or live.
    pub environment: Environment,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The address under which others reach the desk: scheme, host and port.
    pub public_url: Url,
    /// Folder of the embedded database, evidence, mail and keys.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseUrl,
    /// The desk's key, where it was given; otherwise it is kept in the data folder.
    pub secret_key: Option<SecretKey>,
    /// Where evidence is kept, and how much of it.
    pub evidence: Evidence,
    /// The virus scanner.
    pub clamd: Option<Clamd>,
    /// The mail server; none means that messages land in the data folder.
    pub smtp_url: Option<Secret>,
    /// Sender of all mail, as `Name <address>`.
    pub mail_from: String,
    /// Proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether this process does background work.
    pub workers: bool,
    /// How far business time is from the system's clock.
    pub clock_offset: SignedDuration,
    /// Directives for the log's filter.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Where traces go.
    pub otlp_endpoint: Option<Url>,
    /// Rates.
    pub limits: Limits,
    /// For how long the last approval on a page can be undone, in seconds.
    pub undo_seconds: u32,
    /// Roles whose people cannot work without a second factor.
    pub totp_required_roles: BTreeSet<Role>,
    /// Accounts at processors, the simulator's own among them.
    pub providers: Vec<ProviderAccount>,
    /// What the simulated processor does.
    pub simulator: Simulator,
    /// Every setting with its value, secrets masked, and its origin.
    pub lines: Vec<Line>,
}

/// A configuration with what is worth telling about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file that was read, where one was.
    pub file: Option<PathBuf>,
    /// Sentences about what is probably a mistake and does not stop the start.
    pub warnings: Vec<String>,
}

/// Whether money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Nothing is real; the simulator exists.
    Test,
    /// Money is real.
    Live,
}

/// The database and with it the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded engine, in this file.
    Sqlite(PathBuf),
    /// PostgreSQL; the URL may carry a password.
    Postgres(Secret),
}

/// How to reach the virus scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// Host and port.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Pretty on a terminal, otherwise JSON.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Where evidence is kept, and how much of it.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// A folder or bucket; none means the data folder.
    pub url: Option<Url>,
    /// Access to the bucket.
    pub bucket: Bucket,
    /// Keys that wrap the files' keys, the current one first; none means those in the data folder.
    pub keys: Option<Vec<SecretKey>>,
    /// How much is taken.
    pub limits: evidence::Limits,
    /// For how many days after a refund has ended it is kept; nothing where it is kept for ever.
    pub kept_days: Option<u32>,
    /// This program, which draws files in a process of its own; no setting.
    pub program: PathBuf,
}

/// Access to a bucket; what is not said is taken from the variables that all S3 clients know.
#[derive(Clone, Debug, Default)]
pub struct Bucket {
    /// Address of the store, where it is not Amazon's own.
    pub endpoint: Option<Url>,
    /// The region.
    pub region: Option<String>,
    /// Name of the access key.
    pub access_key_id: Option<String>,
    /// The access key.
    pub secret_access_key: Option<Secret>,
}

/// Rates per caller; 0 is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Refunds asked for, per second.
    pub create_per_second: u32,
    /// Decisions, per second.
    pub decide_per_second: u32,
    /// Reads, per second.
    pub read_per_second: u32,
    /// Failed sign-ins, per minute.
    pub sign_in_per_minute: u32,
}

/// What the simulated processor does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulator {
    /// How long it thinks before it answers, in milliseconds.
    pub delay_ms: u64,
    /// How long after its answer the webhook leaves, in milliseconds.
    pub webhook_delay_ms: u64,
    /// How payments behave where neither they nor their account say it.
    pub behaviour: Behaviour,
}

/// A setting that cannot be: which, where it was said, why, and what is allowed. One sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting} ({origin}) {why}; allowed is {allowed}.")]
pub struct Refusal {
    /// The setting's key.
    pub setting: String,
    /// Where it was said.
    pub origin: Origin,
    /// What is wrong, as a predicate: "is …".
    pub why: String,
    /// What is allowed.
    pub allowed: String,
}

impl Config {
    /// Reads and checks everything.
    pub fn load(sources: &Sources) -> Result<Loaded, Refusal> {
        let said = Said::gather(sources)?;
        let mut reader = Reader { said: &said, secrets: Vec::new() };
        let mut config = reader.config()?;
        let secrets = reader.secrets;
        if config.environment == Environment::Live {
            live::check(&config, &said, &secrets)?;
        }
        config.lines = show::lines(&config, &said)?;
        Ok(Loaded { warnings: said.misspelt_variables(), file: said.file.clone(), config })
    }

    /// The folder in which evidence is kept where no URL says otherwise.
    pub fn evidence_folder(&self) -> PathBuf {
        self.data_dir.join("evidence")
    }

    /// The file in which keys of evidence are kept that nobody configured.
    pub fn evidence_key_file(&self) -> PathBuf {
        self.data_dir.join("secrets").join("evidence-keys")
    }

    /// The folder in which mail lands where no mail server is set.
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// Whether money is real.
    pub fn is_live(&self) -> bool {
        self.environment == Environment::Live
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Test => "test",
            Self::Live => "live",
        })
    }
}

/// Where a secret was found, for the checks of live mode.
struct SecretUse {
    setting: String,
    origin: Origin,
}

struct Reader<'a> {
    said: &'a Said,
    secrets: Vec<SecretUse>,
}

impl Reader<'_> {
    fn config(&mut self) -> Result<Config, Refusal> {
        let environment = self.required(&table::ENVIRONMENT, parse::environment)?;
        let listen = self.required(&table::LISTEN, parse::socket_address)?;
        let data_dir = self.required(&table::DATA_DIR, parse::folder)?;
        let public_url = match self.optional(&table::PUBLIC_URL, parse::public_url)? {
            Some(url) => url,
            None => own_url(listen)?,
        };
        let database = self
            .optional(&table::DATABASE_URL, parse::database_url)?
            .unwrap_or_else(|| DatabaseUrl::Sqlite(data_dir.join("makegood.db")));
        let providers = account::read(self.said, environment, &mut self.secrets)?;
        Ok(Config {
            environment,
            listen,
            public_url,
            database,
            secret_key: self.optional(&table::SECRET_KEY, parse::secret_key)?,
            evidence: Evidence {
                url: self.optional(&table::EVIDENCE_URL, parse::evidence_url)?,
                bucket: Bucket {
                    endpoint: self.optional(&table::EVIDENCE_S3_ENDPOINT, parse::web_url)?,
                    region: self.optional(&table::EVIDENCE_S3_REGION, parse::region)?,
                    access_key_id: self.optional(&table::EVIDENCE_S3_ACCESS_KEY_ID, parse::access_key_id)?,
                    secret_access_key: self.optional(&table::EVIDENCE_S3_SECRET_ACCESS_KEY, parse::access_key)?,
                },
                keys: self.optional(&table::EVIDENCE_KEY, parse::secret_keys)?,
                limits: evidence::Limits {
                    bytes_max: self.required(&table::EVIDENCE_BYTES_MAX, parse::evidence_bytes)?,
                    files_max: self.required(&table::EVIDENCE_FILES_MAX, parse::evidence_files)?,
                },
                kept_days: self.required(&table::EVIDENCE_KEPT_DAYS, parse::evidence_days)?,
                program: own_program(),
            },
            clamd: self.optional(&table::CLAMD, parse::clamd)?,
            smtp_url: self.optional(&table::SMTP_URL, parse::smtp_url)?,
            mail_from: self.required(&table::MAIL_FROM, parse::mailbox)?,
            trusted_proxies: self.required(&table::TRUSTED_PROXIES, parse::networks)?,
            workers: self.required(&table::WORKERS, parse::switch)?,
            clock_offset: self.required(&table::CLOCK_OFFSET, parse::clock_offset)?,
            log: self.required(&table::LOG, parse::log_filter)?,
            log_format: self.required(&table::LOG_FORMAT, parse::log_format)?,
            otlp_endpoint: self.optional(&table::OTLP_ENDPOINT, parse::web_url)?,
            limits: Limits {
                create_per_second: self.required(&table::CREATE_PER_SECOND, parse::rate)?,
                decide_per_second: self.required(&table::DECIDE_PER_SECOND, parse::rate)?,
                read_per_second: self.required(&table::READ_PER_SECOND, parse::rate)?,
                sign_in_per_minute: self.required(&table::SIGN_IN_PER_MINUTE, parse::rate)?,
            },
            undo_seconds: self.required(&table::UNDO_SECONDS, parse::undo_seconds)?,
            totp_required_roles: self.required(&table::TOTP_REQUIRED_ROLES, parse::roles)?,
            simulator: Simulator {
                delay_ms: self.required(&table::SIMULATOR_DELAY_MS, parse::delay_ms)?,
                webhook_delay_ms: self.required(&table::SIMULATOR_WEBHOOK_DELAY_MS, parse::delay_ms)?,
                behaviour: Behaviour {
                    default: self.required(&table::SIMULATOR_MODE, parse::simulator_mode)?,
                    odds: self.required(&table::SIMULATOR_ODDS, parse::odds)?,
                },
            },
            providers,
            data_dir,
            // Told once all of it is read.
            lines: Vec::new(),
        })
    }

    fn required<T>(&mut self, setting: &Setting, read: fn(&str) -> Reading<T>) -> Result<T, Refusal> {
        self.optional(setting, read)?.ok_or_else(|| refuse(setting, Origin::Default, "is missing"))
    }

    fn optional<T>(&mut self, setting: &Setting, read: fn(&str) -> Reading<T>) -> Result<Option<T>, Refusal> {
        let Found { text, origin } = self.said.find(setting)?;
        let Some(text) = text else { return Ok(None) };
        let value = read(&text).map_err(|why| refuse(setting, origin.clone(), &why))?;
        let is_secret = match setting.secrecy {
            Secrecy::Open => false,
            Secrecy::Whole => true,
            Secrecy::UrlPassword => has_password(&text),
        };
        if is_secret {
            self.secrets.push(SecretUse { setting: setting.key.to_owned(), origin });
        }
        Ok(Some(value))
    }
}

fn refuse(setting: &Setting, origin: Origin, why: &str) -> Refusal {
    Refusal { setting: setting.key.into(), origin, why: why.into(), allowed: setting.allowed.into() }
}

/// The address that a browser on this machine reaches the desk by.
fn own_url(listen: SocketAddr) -> Result<Url, Refusal> {
    let host = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    parse::public_url(&format!("http://{}", SocketAddr::new(host, listen.port())))
        .map_err(|why| refuse(&table::PUBLIC_URL, Origin::Default, &why))
}

/// This program, by a name that keeps naming it after an upgrade has put another into its place.
fn own_program() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { running } else { std::env::current_exe().unwrap_or_else(|_| PathBuf::from("makegood")) }
}

fn has_password(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        url.password().is_some() || url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case("password"))
    })
}

/// Whether others than owner and group may read the file.
fn is_world_readable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o007 != 0)
}

#[cfg(test)]
mod tests;
