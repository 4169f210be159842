//! `makegood worker`: background work without a listener, beside nodes that serve from the same PostgreSQL.

use clap::Args;

use super::running::{self, Signals};
use super::{Failure, Global};
use crate::app::{App, Purpose};
use crate::config::Config;
use crate::workers;

/// Does the background work only (PostgreSQL)
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  makegood worker\n  makegood worker --config /etc/makegood.toml")]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let config = global.load()?.config;
        running::with_telemetry(&config.clone(), work(config))
    }
}

async fn work(config: Config) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let app = App::build(config, Purpose::Work).await?;
    let workers = workers::start(&app);
    running::tell(&format!(
        "Makegood {} does the background work of {}\n",
        env!("CARGO_PKG_VERSION"),
        app.public_url()
    ));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "working");
    signals.heard().await;
    running::stop(async {
        workers.stop().await;
        app.stop().await;
    })
    .await;
    Ok(())
}
