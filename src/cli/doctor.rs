//! `makegood doctor`: whether everything that the desk needs is there and answers, and with `--invariants` whether what it
//! holds is right.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::Args;
use jiff::SignedDuration;
use serde::Serialize;

use super::open::{on_desk, sentence};
use super::report::{self, Report};
use super::{Exit, Failure, Global, checks, print};
use crate::app::App;
use crate::domain::access::Principal;
use crate::domain::provider::LookUp;
use crate::providers::Provider;
use crate::services::read_clock::read_clock;
use crate::services::{Context, Refusal};

/// How far this machine's clock may be from the database's.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(5);

/// An id that no processor has given out.
const PROBE: &str = "makegood-doctor";

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

/// What was found of one thing.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at.
    part: String,
    /// Whether it is fine.
    ok: bool,
    /// What it is, or what is wrong with it.
    detail: String,
}

impl Finding {
    fn of(part: impl Into<String>, result: Result<String, String>) -> Self {
        let ok = result.is_ok();
        Self { part: part.into(), ok, detail: result.unwrap_or_else(|why| why) }
    }
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let Self { invariants, json } = self;
        let (findings, reports) = on_desk(global, async |app| {
            let context = app.context(Principal::Shell);
            let findings = look_around(&app, &context).await;
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

fn as_text(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.part.chars().count()).max().unwrap_or(0);
    findings.iter().fold(String::new(), |mut text, Finding { part, ok, detail }| {
        let mark = if *ok { "ok  " } else { "SICK" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{mark}  {part:width$}  {detail}");
        text
    })
}

async fn look_around(app: &Arc<App>, context: &Context) -> Vec<Finding> {
    let config = &app.config;
    let mut findings = vec![
        Finding::of("configuration", Ok(format!("{}, reached at {}", config.environment, app.public_url()))),
        // Opening the desk has compared the migrations.
        Finding::of("database", Ok(format!("{:?}, every migration applied", app.desk.db.engine()))),
        clock(app, context).await,
    ];
    let mail = match app.mailer.folder() {
        Some(_) => format!("letters are kept in {}", config.mail_folder().display()),
        None => "the server takes letters".to_owned(),
    };
    findings.push(Finding::of("mail", app.mailer.check().await.map(|()| mail)));
    let place = app.desk.blobs.probe().await.map(|()| "the place of files answers".to_owned());
    findings.push(Finding::of("evidence", place.map_err(|error| error.to_string())));
    if let Some(answer) = app.desk.blobs.probe_scanner().await {
        let answer = answer.map(|()| "clamd answers".to_owned());
        findings.push(Finding::of("scanner", answer.map_err(|error| error.to_string())));
    }
    for account in config.providers.iter().filter(|account| account.is_embedded()) {
        let where_it_is = "simulated by makegood serve itself".to_owned();
        findings.push(Finding::of(format!("account {}", account.name()), Ok(where_it_is)));
    }
    for provider in app.desk.providers.all() {
        findings.push(Finding::of(format!("account {}", provider.account()), reach(provider.as_ref()).await));
    }
    findings
}

async fn clock(app: &App, context: &Context) -> Finding {
    let result = match read_clock(&app.desk, context).await {
        Err(refusal) => Err(sentence(app, &refusal)),
        Ok(clock) => {
            let drift = context.system_now.duration_since(clock.now);
            let ahead = clock.newest_record.map(|newest| newest.duration_since(context.now));
            if drift.abs() > CLOCK_TOLERANCE {
                Err(format!("this machine and the database differ by {} s", drift.as_secs()))
            } else if let Some(ahead) = ahead.filter(|ahead| *ahead > CLOCK_TOLERANCE) {
                Err(format!("the newest audit record is {} s ahead of the clock", ahead.as_secs()))
            } else if app.config.clock_offset.is_zero() {
                Ok("agrees with the database".to_owned())
            } else {
                Ok(format!("business time is shifted by {} s", app.config.clock_offset.as_secs()))
            }
        }
    };
    Finding::of("clock", result)
}

/// Whether an account answers with the credentials that are configured: it is asked for what it cannot have.
async fn reach(provider: &dyn Provider) -> Result<String, String> {
    let answer = match provider.get(PROBE).await {
        LookUp::Unsupported => provider.look_up(PROBE, PROBE).await,
        answer @ (LookUp::Found(_) | LookUp::Absent | LookUp::Unavailable { .. }) => answer,
    };
    match answer {
        LookUp::Found(_) | LookUp::Absent => Ok(format!("{} answers", provider.connector())),
        LookUp::Unsupported => Ok(format!("{} cannot be asked without a refund", provider.connector())),
        LookUp::Unavailable { detail } => Err(detail),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stand_in_columns() {
        let findings = [Finding::of("mail", Ok("fine".into())), Finding::of("account x", Err("no answer".into()))];
        assert_eq!(as_text(&findings), "ok    mail       fine\nSICK  account x  no answer\n");
    }
}
