//! `makegood simulator`: the simulated processor as a process of its own, with a book of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use url::Url;

use super::running::{self, Signals};
use super::{Failure, Global};
use crate::app::{Clock, StoredBook};
use crate::config::Config;
use crate::domain::secret::Secret;
use crate::providers::simulator::{self, SimulatorAccount, SimulatorConfig};

/// Runs the simulated payment processor as a process of its own
#[derive(Clone, Debug, Args)]
#[command(after_help = "Examples:\n  makegood simulator --webhook-secret some-secret\n  makegood simulator --listen \
                  127.0.0.1:8090 --webhook-url http://127.0.0.1:8080/webhooks/payments --webhook-secret some-secret \
                  --book simulator.db")]
pub(super) struct Arguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,

    /// Where its webhooks go
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/webhooks/payments")]
    webhook_url: Url,

    /// What they are signed with: whsec_ and base64, or any other text
    #[arg(long, value_name = "SECRET")]
    webhook_secret: String,

    /// The file that it remembers in; made where it is missing
    #[arg(long, value_name = "FILE", default_value = "simulator.db")]
    book: PathBuf,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let config = global.load()?.config;
        running::with_telemetry(&config.clone(), simulate(self, config))
    }
}

async fn simulate(arguments: Arguments, config: Config) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let book = StoredBook::open(&arguments.book).await?;
    let account = SimulatorAccount {
        account: simulator::CONNECTOR.to_owned(),
        // It does not know the desk's keys: whoever reaches it may call.
        secret: None,
        webhook_url: arguments.webhook_url,
        webhook_secret: Secret::new(arguments.webhook_secret),
        behaviour: config.simulator.behaviour.clone(),
    };
    let clock = Clock::shifted(config.clock_offset);
    let behaviour = SimulatorConfig {
        accounts: vec![account],
        delay: Duration::from_millis(config.simulator.delay_ms),
        webhook_delay: Duration::from_millis(config.simulator.webhook_delay_ms),
        ..SimulatorConfig::default()
    };
    let running = simulator::start(arguments.listen, Arc::new(book), behaviour, Arc::new(move || clock.now()))
        .map_err(|error| Failure::failed(format!("{error}.")))?;
    running::tell(&format!(
        "The simulated processor answers on {}; its book is {}\n",
        running.api_base(),
        arguments.book.display()
    ));
    signals.heard().await;
    running::stop(running.stop()).await;
    Ok(())
}
