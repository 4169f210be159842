//! `makegood outbox list|requeue`: what waits to leave the house, and another chance for what died.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::open::{on_desk, refused, sentence};
use super::{Exit, Failure, Global, print};
use crate::domain::access::Principal;
use crate::services::Code;
use crate::services::outbox_admin::{self, OutboxRow};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// Shows what waits to be sent and gives what died another chance
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists what waits, is under way, or died, for which refund, and why
    #[command(after_help = "Examples:\n  makegood outbox list\n  makegood outbox list --stopped --json")]
    List {
        /// Only what died, and letters of unknown fate
        #[arg(long)]
        stopped: bool,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Tries again what died, under the same key, so that nothing is done twice
    #[command(
        after_help = "Examples:\n  makegood outbox requeue ob_01KAJ8Z4W1T8QJ5V0000000000\n  makegood outbox requeue \
                      ob_01KAJ8Z4W1T8QJ5V0000000000 --json"
    )]
    Requeue {
        /// The row, as outbox list names it
        id: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// One row as it is shown.
struct Row {
    id: String,
    kind: String,
    status: String,
    refund: String,
    due: String,
    attempts: i64,
    why: String,
}

impl Row {
    fn as_json(&self) -> Value {
        json!({
            "outbox_id": self.id, "kind": self.kind, "status": self.status, "refund_id": self.refund, "due_at": self.due,
            "attempts": self.attempts, "last_error": self.why,
        })
    }

    fn as_text(&self) -> String {
        let Self { id, kind, status, refund, due, attempts, why } = self;
        let line = format!("{id}  {kind:6}  {status:7}  {refund:29}  {due:20}  {attempts:>3}  {why}");
        format!("{}\n", line.trim_end())
    }
}

impl From<OutboxRow> for Row {
    fn from(row: OutboxRow) -> Self {
        Self {
            id: row.outbox_id,
            kind: row.kind,
            status: row.status,
            refund: row.refund_id.unwrap_or_default(),
            due: Timestamp::from_microsecond(row.due_at).map(|due| format!("{due:.0}")).unwrap_or_default(),
            attempts: row.attempts,
            why: row.last_error.unwrap_or_default(),
        }
    }
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.command {
            Command::List { stopped, json } => list(global, stopped, json),
            Command::Requeue { id, json } => requeue(global, &id, json),
        }
    }
}

fn list(global: &Global, stopped: bool, as_json: bool) -> Result<(), Failure> {
    let rows = on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        let (mut rows, mut after) = (Vec::new(), String::new());
        loop {
            let page = outbox_admin::list(&app.desk, &context, &after, PAGE).await;
            let page = page.map_err(|refusal| refused(&app, &refusal))?;
            let Some(last) = page.last() else { return Ok(rows) };
            after.clone_from(&last.outbox_id);
            let wanted = |status: &str| !stopped || ["dead", "unknown"].contains(&status);
            rows.extend(page.into_iter().filter(|row| wanted(&row.status)).map(Row::from));
        }
    })?;
    if as_json {
        print::json(&rows.iter().map(Row::as_json).collect::<Vec<_>>())
    } else if rows.is_empty() {
        print::text(if stopped { "Nothing has stopped.\n" } else { "Nothing waits.\n" })
    } else {
        print::text(&rows.iter().map(Row::as_text).collect::<String>())
    }
}

fn requeue(global: &Global, id: &str, as_json: bool) -> Result<(), Failure> {
    let row = on_desk(global, async |app| {
        let context = app.context(Principal::Shell);
        match outbox_admin::requeue(&app.desk, &context, id).await {
            Ok(row) => Ok(Row::from(row)),
            Err(refusal) if refusal.code == Code::Body => {
                Err(Failure::failed(format!("There is no outbox row {id}; makegood outbox list names them.")))
            }
            Err(refusal) if refusal.code == Code::State => {
                let status = refusal.facts.get("status").and_then(Value::as_str).unwrap_or("not stopped");
                Err(Failure::failed(format!("{id} is {status}; only what is dead or unknown can be tried again.")))
            }
            Err(refusal) => Err(Failure::new(Exit::Failed, sentence(&app, &refusal))),
        }
    })?;
    if as_json { print::json(&row.as_json()) } else { print::text(&row.as_text()) }
}
