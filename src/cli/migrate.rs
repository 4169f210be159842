//! `makegood migrate`: brings the database's schema up to date.

use clap::Args;

use super::{Failure, Global, print, running};
use crate::app;

/// Brings the database up to date
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  makegood migrate\n  makegood migrate --config /etc/makegood.toml")]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let config = global.load()?.config;
        let applied = running::to_end(async { Ok(app::migrate(&config).await?) })?;
        if applied.is_empty() {
            return print::text("The database is up to date.\n");
        }
        let lines: String = applied.iter().map(|name| format!("applied {name}\n")).collect();
        print::text(&lines)
    }
}
