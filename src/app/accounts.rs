//! From configured accounts to processors that can be called, with the simulator among them where it is embedded.
//!
//! A simulated account without an `api_base` lives in the process that serves; a command beside it has no such account,
//! since it could only speak with a processor of its own. What nobody configured for it, its key and the secret
//! of its webhooks, is derived from the desk's key, so that all nodes agree.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::book::StoredBook;
use super::failure::BuildError;
use super::{Clock, Purpose, simulator_clock};
use crate::config::{Config, ProviderAccount};
use crate::domain::secret::{Secret, SecretKey};
use crate::providers::simulator::mode::Behaviour;
use crate::providers::simulator::{self, Running, SimulatorAccount, SimulatorConfig};
use crate::providers::{BadProvider, ProviderConfig, Registry};

/// The path below the desk's public address that the simulator's webhooks go to.
const WEBHOOK_PATH: &str = "/webhooks/payments";

/// Opens every account; starts the simulator where an account lives in it.
pub(super) fn open(
    config: &Config,
    purpose: Purpose,
    secret_key: &SecretKey,
    public_url: &str,
    book: Arc<StoredBook>,
    clock: &Clock,
) -> Result<(Registry, Option<Running>), BuildError> {
    let (embedded, elsewhere): (Vec<_>, Vec<_>) =
        config.providers.iter().partition(|account: &&ProviderAccount| account.is_embedded());
    let mut settings: Vec<ProviderConfig> = elsewhere.into_iter().map(|account| account.settings.clone()).collect();
    if purpose == Purpose::Command {
        return Ok((Registry::from(&settings)?, None));
    }
    let embedded = embedded.into_iter().map(|account| embed(config, account, secret_key, public_url));
    let (ours, theirs): (Vec<_>, Vec<_>) = embedded.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let running = start(config, theirs, book, clock)?;
    let api_base = running.as_ref().map(Running::api_base);
    settings.extend(ours.into_iter().map(|ours| ProviderConfig { api_base: api_base.clone(), ..ours }));
    Ok((Registry::from(&settings)?, running))
}

fn start(
    config: &Config,
    accounts: Vec<SimulatorAccount>,
    book: Arc<StoredBook>,
    clock: &Clock,
) -> Result<Option<Running>, BuildError> {
    if accounts.is_empty() {
        return Ok(None);
    }
    let behaviour = SimulatorConfig {
        accounts,
        delay: Duration::from_millis(config.simulator.delay_ms),
        webhook_delay: Duration::from_millis(config.simulator.webhook_delay_ms),
        ..SimulatorConfig::default()
    };
    // Loopback only and a port of the system's choice: nobody but this process has to find it.
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Ok(Some(simulator::start(listen, book, behaviour, simulator_clock(clock))?))
}

/// Both sides of an account in the embedded simulator: what the desk calls with, and what the simulator knows of it.
fn embed(
    config: &Config,
    account: &ProviderAccount,
    secret_key: &SecretKey,
    public_url: &str,
) -> Result<(ProviderConfig, SimulatorAccount), BuildError> {
    let name = account.name();
    let derived = |purpose: &str| STANDARD.encode(secret_key.derive(&format!("{purpose} {name}")).as_slice());
    let secret = account.settings.secret_key.clone().unwrap_or_else(|| Secret::new(derived("simulator.key")));
    let webhook_secret = account
        .settings
        .webhook_secret
        .clone()
        .unwrap_or_else(|| Secret::new(format!("whsec_{}", derived("simulator.webhook"))));
    let webhook_url = Url::parse(&format!("{public_url}{WEBHOOK_PATH}")).map_err(|error| BadProvider::Setting {
        account: name.to_owned(),
        setting: "public_url",
        why: format!("is no address that webhooks can go to: {error}"),
    })?;
    let behaviour = match account.mode {
        Some(mode) => Behaviour { default: mode, odds: Vec::new() },
        None => config.simulator.behaviour.clone(),
    };
    let ours = ProviderConfig {
        secret_key: Some(secret.clone()),
        webhook_secret: Some(webhook_secret.clone()),
        ..account.settings.clone()
    };
    let theirs =
        SimulatorAccount { account: name.to_owned(), secret: Some(secret), webhook_url, webhook_secret, behaviour };
    Ok((ours, theirs))
}
