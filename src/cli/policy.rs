//! `makegood policy replay`: every decision again.

use clap::{Args, Subcommand};

use super::open::{on_desk, refused};
use super::{Failure, Global, checks, report};
use crate::domain::access::Principal;

/// Proves the policy's decisions
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes every decision again from its stored facts and version; exit code 3 where one differs
    #[command(after_help = "Examples:\n  makegood policy replay\n  makegood policy replay --json")]
    Replay {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Command::Replay { json } = self.command;
        let found = on_desk(global, async |app| {
            let context = app.context(Principal::Shell);
            checks::decisions(&app, &context).await.map_err(|refusal| refused(&app, &refusal))
        })?;
        report::tell(&[found], json)
    }
}
