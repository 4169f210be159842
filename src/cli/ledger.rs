//! `makegood ledger check|export`: the books proved, and as CSV.

use clap::{Args, Subcommand};

use super::open::{on_desk, refused};
use super::{Failure, Global, checks, print, report};
use crate::domain::access::Principal;
use crate::services::export_ledger::export_ledger;

/// Proves and exports the books
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks every entry, refund and payment against each other; exit code 3 where one is wrong
    #[command(after_help = "Examples:\n  makegood ledger check\n  makegood ledger check --json")]
    Check {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Writes every posting to standard output as CSV
    #[command(
        after_help = "Examples:\n  makegood ledger export > ledger.csv\n  makegood ledger export --config live.toml > \
                      ledger.csv"
    )]
    Export,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.command {
            Command::Check { json } => {
                let found = on_desk(global, async |app| {
                    let context = app.context(Principal::Shell);
                    checks::books(&app, &context).await.map_err(|refusal| refused(&app, &refusal))
                })?;
                report::tell(&[found], json)
            }
            Command::Export => on_desk(global, async |app| {
                let context = app.context(Principal::Shell);
                let exported = export_ledger(&app.desk, &context, print::stream()).await;
                print::streamed(exported.map_err(|refusal| refused(&app, &refusal))?)
            }),
        }
    }
}
