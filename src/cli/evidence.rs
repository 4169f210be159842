//! `makegood evidence rekey`: every file's key wrapped by the current master key. The files stay as they are.

use std::io::IsTerminal as _;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::open::{on_desk, refused};
use super::{Failure, Global, print};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::rekey_evidence::{self, State};

/// Works on the keys of evidence
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Wraps every file's key by the current master key, beside a desk that serves
    ///
    /// With --new a key is made first and put before those in secrets/evidence-keys of the data folder. Where keys come
    /// from the environment, put the new one first in MAKEGOOD_EVIDENCE_KEY, start the desk again, and run this without
    /// --new. It can be broken off and run again at any time.
    #[command(after_help = "Examples:\n  makegood evidence rekey --new\n  makegood evidence rekey")]
    Rekey {
        /// Make a new master key first
        #[arg(long)]
        new: bool,
    },
}

impl Arguments {
    /// Runs it.
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let Command::Rekey { new } = self.command;
        let text = on_desk(global, |app| async move { rekey(&app, new).await })?;
        print::text(&text)
    }
}

async fn rekey(app: &Arc<App>, new: bool) -> Result<String, Failure> {
    let context = app.context(Principal::Shell);
    if new {
        rekey_evidence::renew(&app.desk, &context).await.map_err(|refusal| refused(app, &refusal))?;
    }
    let before = rekey_evidence::state(&app.desk, &context).await.map_err(|refusal| refused(app, &refusal))?;
    let bar = bar(before.left());
    let (mut after, mut done) = (String::new(), 0);
    loop {
        let batch = rekey_evidence::rewrap_batch(&app.desk, &context, &after).await;
        let Some((last, count)) = batch.map_err(|refusal| refused(app, &refusal))? else { break };
        (after, done) = (last, done + count);
        bar.inc(u64::try_from(count).unwrap_or(0));
    }
    bar.finish_and_clear();
    let state = rekey_evidence::state(&app.desk, &context).await.map_err(|refusal| refused(app, &refusal))?;
    Ok(told(done, &state))
}

fn told(done: usize, state: &State) -> String {
    let State { current, in_use: _ } = state;
    let mut text = format!("{done} file keys were wrapped anew by the master key {current}.\n");
    match state.left() {
        0 => text.push_str("No file needs an earlier key any more: earlier ones can be removed once backups that need them are gone.\n"),
        left => text.push_str(&format!("{left} files came meanwhile under an earlier key: run it again.\n")),
    }
    text
}

fn bar(files: i64) -> ProgressBar {
    let files = u64::try_from(files).unwrap_or(0);
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(files) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} files  {per_sec}  {eta}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told() {
        let state = |in_use: &[(&str, i64)]| State {
            current: "b".to_owned(),
            in_use: in_use.iter().map(|(id, files)| ((*id).to_owned(), *files)).collect(),
        };
        assert!(told(2, &state(&[("b", 2)])).contains("2 file keys were wrapped anew by the master key b.\nNo file"));
        assert!(
            told(2, &state(&[("a", 1), ("b", 2)]))
                .ends_with("1 files came meanwhile under an earlier key: run it again.\n")
        );
    }
}
