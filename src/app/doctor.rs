//! Whether everything that the desk needs is there and answers: `makegood doctor` and the page of diagnostics.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;

use super::App;
use super::health::LoopState;
use crate::domain::provider::LookUp;
use crate::providers::Provider;
use crate::services::housekeeping::backlog;
use crate::services::read_clock::read_clock;
use crate::services::{Context, Refusal};

/// How far this machine's clock may be from the database's.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(5);

/// What has not answered by then does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An id that no processor has given out.
const PROBE: &str = "makegood-doctor";

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub part: String,
    /// Whether it is fine.
    pub ok: bool,
    /// What it is, or what is wrong with it; in English, without secrets.
    pub detail: String,
}

impl Finding {
    fn of(part: impl Into<String>, result: Result<String, String>) -> Self {
        let ok = result.is_ok();
        Self { part: part.into(), ok, detail: result.unwrap_or_else(|why| why) }
    }
}

/// The findings in columns, to be read in a terminal or sent to somebody.
pub fn as_text(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.part.chars().count()).max().unwrap_or(0);
    findings.iter().fold(String::new(), |mut text, Finding { part, ok, detail }| {
        let mark = if *ok { "ok  " } else { "SICK" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{mark}  {part:width$}  {detail}");
        text
    })
}

impl App {
    /// Looks at everything that the desk needs.
    pub async fn look_around(&self, context: &Context) -> Vec<Finding> {
        let settings = format!("{}, reached at {}", self.config.environment, self.public_url());
        let mut findings = vec![
            Finding::of("version", Ok(env!("CARGO_PKG_VERSION").to_owned())),
            Finding::of("configuration", Ok(settings)),
            self.database().await,
            self.clock_finding(context).await,
            self.outbox().await,
        ];
        findings.extend(self.loops());
        let (mail, evidence, scanner, accounts) =
            tokio::join!(self.mail(), self.evidence(), self.scanner(), self.accounts());
        findings.extend([mail, evidence]);
        findings.extend(scanner);
        findings.extend(accounts);
        findings
    }

    async fn database(&self) -> Finding {
        let engine = self.desk.db.engine();
        let pending = self.desk.db.pending_migrations().await;
        Finding::of(
            "database",
            match pending {
                Ok(pending) if pending.is_empty() => Ok(format!("{engine:?}, every migration applied")),
                Ok(pending) => Err(format!("{engine:?}, to be migrated: {}", pending.join(" "))),
                Err(error) => Err(error.to_string()),
            },
        )
    }

    async fn clock_finding(&self, context: &Context) -> Finding {
        let result = match read_clock(&self.desk, context).await {
            Err(refusal) => Err(cause_of(&refusal)),
            Ok(clock) => {
                let drift = context.system_now.duration_since(clock.now);
                let ahead = clock.newest_record.map(|newest| newest.duration_since(context.now));
                if drift.abs() > CLOCK_TOLERANCE {
                    Err(format!("this machine and the database differ by {} s", drift.as_secs()))
                } else if let Some(ahead) = ahead.filter(|ahead| *ahead > CLOCK_TOLERANCE) {
                    Err(format!("the newest audit record is {} s ahead of the clock", ahead.as_secs()))
                } else if self.config.clock_offset.is_zero() {
                    Ok("agrees with the database".to_owned())
                } else {
                    Ok(format!("business time is shifted by {} s", self.config.clock_offset.as_secs()))
                }
            }
        };
        Finding::of("clock", result)
    }

    async fn outbox(&self) -> Finding {
        let told = backlog(&self.desk).await.map(|backlog| {
            let waiting: i64 = backlog.outbox.iter().map(|(_, rows, _)| rows).sum();
            let stopped = backlog.outbox_dead + backlog.inbox_dead;
            format!("{waiting} wait, {stopped} stopped and wait for a person")
        });
        Finding::of("outbox", told.map_err(|refusal| cause_of(&refusal)))
    }

    /// The background loops of this process, where it has any.
    fn loops(&self) -> Option<Finding> {
        let all = self.health.all();
        let running = all.iter().filter(|(_, line)| line.state == LoopState::Running).count();
        let others: Vec<String> = all
            .iter()
            .filter(|(_, line)| line.state != LoopState::Running)
            .map(|(name, line)| format!("{name} is {}", line.state.as_str()))
            .collect();
        let told = if others.is_empty() { Ok(format!("{running} run")) } else { Err(others.join(", ")) };
        (!all.is_empty()).then(|| Finding::of("background work", told))
    }

    async fn mail(&self) -> Finding {
        let place = match self.mailer.folder() {
            Some(_) => format!("letters are kept in {}", self.config.mail_folder().display()),
            None => "the server takes letters".to_owned(),
        };
        Finding::of("mail", in_time(self.mailer.check()).await.map(|()| place))
    }

    async fn evidence(&self) -> Finding {
        let probe = async { self.desk.blobs.probe().await.map_err(|error| error.to_string()) };
        Finding::of("evidence", in_time(probe).await.map(|()| "the place of files answers".to_owned()))
    }

    async fn scanner(&self) -> Option<Finding> {
        self.config.clamd.as_ref()?;
        let probe = async {
            let answer = self.desk.blobs.probe_scanner().await.unwrap_or(Ok(()));
            answer.map_err(|error| error.to_string())
        };
        Some(Finding::of("scanner", in_time(probe).await.map(|()| "clamd answers".to_owned())))
    }

    async fn accounts(&self) -> Vec<Finding> {
        let embedded = self.config.providers.iter().filter(|account| account.is_embedded());
        let here = "simulated by makegood serve itself";
        let mut findings: Vec<Finding> =
            embedded.map(|account| Finding::of(format!("account {}", account.name()), Ok(here.to_owned()))).collect();
        for provider in self.desk.providers.all() {
            let part = format!("account {}", provider.account());
            // What is simulated here is told above.
            if findings.iter().all(|finding| finding.part != part) {
                findings.push(Finding::of(part, in_time(reach(provider.as_ref())).await));
            }
        }
        findings
    }
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

async fn in_time<T>(probe: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let late = || Err(format!("no answer within {} s", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, probe).await.unwrap_or_else(|_| late())
}

fn cause_of(refusal: &Refusal) -> String {
    refusal.cause.clone().unwrap_or_else(|| refusal.code.to_string())
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
