//! `makegood doctor`: whether everything that the desk needs is there and answers, and with `--invariants` whether what it
//! holds is right.

use clap::Args;

use super::open::{on_desk, sentence};
use super::report::{self, Report};
use super::{Exit, Failure, Global, checks, print};
use crate::app::App;
use crate::app::doctor::as_text;
use crate::domain::access::Principal;
use crate::services::{Context, Refusal};

/// Checks configuration, database, mail, scanner, processors and clock
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  makegood doctor\n  makegood doctor --invariants --json")]
pub(super) struct Arguments {
    /// Also prove the books, the state changes, the audit trail and the decisions
    #[arg(long)]
    invariants: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Self { invariants, json } = self;
        let (findings, reports) = on_desk(global, async |app| {
            let context = app.context(Principal::Shell);
            let findings = app.look_around(&context).await;
            let reports = if invariants { prove(&app, &context).await } else { Vec::new() };
            Ok((findings, reports))
        })?;
        let sick = findings.iter().filter(|finding| !finding.ok).count();
        if json {
            print::json(&serde_json::json!({"parts": findings, "invariants": reports}))?;
        } else {
            print::text(&as_text(&findings))?;
        }
        let proved = if json { report::verdict(&reports) } else { report::tell(&reports, false) };
        match sick {
            0 => proved,
            1 => Err(Failure::new(Exit::Unhealthy, "1 part is not healthy.")),
            sick => Err(Failure::new(Exit::Unhealthy, format!("{sick} parts are not healthy."))),
        }
    }
}

/// The invariants that a live database can show: I1, I5, I6, I7, I9, I10 and I11.
async fn prove(app: &App, context: &Context) -> Vec<Report> {
    let told = |check, report: Result<Report, Refusal>| {
        report.unwrap_or_else(|refusal| Report::failed(check, sentence(app, &refusal)))
    };
    vec![
        told("ledger", checks::books(app, context).await),
        told("moves", checks::moves(app, context).await),
        told("audit", checks::trail(app, context, None).await),
        told("policy", checks::decisions(app, context).await),
    ]
}
