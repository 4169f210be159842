//! `makegood audit verify|export`: the trail proved, and as JSON lines.

use clap::{Args, Subcommand};

use super::open::{on_desk, refused};
use super::{Failure, Global, checks, print, report};
use crate::domain::access::Principal;
use crate::domain::audit::Hash;
use crate::services::export_audit::{Texts, export_audit};

/// Proves and exports the audit trail
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks every record and seal, and prints the newest seal; exit code 3 where something was touched
    #[command(after_help = "Examples:\n  makegood audit verify\n  makegood audit verify --since-head \
                      0000000000000000000000000000000000000000000000000000000000000000")]
    Verify {
        /// A head that was noted earlier: also finds a tail that was cut off since
        #[arg(long, value_name = "HASH")]
        since_head: Option<Hash>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Writes every record to standard output as JSON lines
    #[command(
        after_help = "Examples:\n  makegood audit export > audit.jsonl\n  makegood audit export --with-texts > audit.jsonl"
    )]
    Export {
        /// Also what people wrote, with the salts of its digests
        #[arg(long)]
        with_texts: bool,
    },
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.command {
            Command::Verify { since_head, json } => {
                let found = on_desk(global, async |app| {
                    let context = app.context(Principal::Shell);
                    checks::trail(&app, &context, since_head).await.map_err(|refusal| refused(&app, &refusal))
                })?;
                report::tell(&[found], json)
            }
            Command::Export { with_texts } => on_desk(global, async |app| {
                let context = app.context(Principal::Shell);
                let texts = if with_texts { Texts::Included } else { Texts::LeftOut };
                let exported = export_audit(&app.desk, &context, texts, print::stream()).await;
                print::streamed(exported.map_err(|refusal| refused(&app, &refusal))?)
            }),
        }
    }
}
