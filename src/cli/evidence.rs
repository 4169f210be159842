//! `makegood evidence rekey`: every file's key wrapped by the current master key, the files stay as they are.
//! `makegood evidence erase`: what a customer has sent made unreadable for good.

use std::io::IsTerminal as _;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::open::{on_desk, refused};
use super::{Failure, Global, print};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::erase_evidence::{self, Erased};
use crate::services::rekey_evidence::{self, State};

/// Works on evidence: its keys, and what customers want erased
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
    /// Erases what a customer has sent, for good: keys and descriptions at once, the bytes within a minute
    ///
    /// Type, size, digest and the trail stay, so that decisions can still be explained. Files of requests that are still
    /// open stay until those have ended; run it again then. Without --yes it only tells how many files there are.
    #[command(
        after_help = "Examples:\n  makegood evidence erase --customer ana@buyers.example\n  makegood evidence erase --customer ana@buyers.example --yes"
    )]
    Erase {
        /// The customer's e-mail address
        #[arg(long, value_name = "E-MAIL")]
        customer: String,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
}

impl Arguments {
    /// Runs it.
    pub(super) fn run(&self, global: &Global) -> Result<(), Failure> {
        let text = match &self.command {
            Command::Rekey { new } => {
                let new = *new;
                on_desk(global, move |app| async move { rekey(&app, new).await })?
            }
            Command::Erase { customer, yes } => {
                let (customer, yes) = (customer.clone(), *yes);
                on_desk(global, move |app| async move { erase(&app, &customer, yes).await })?
            }
        };
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

async fn erase(app: &Arc<App>, customer: &str, yes: bool) -> Result<String, Failure> {
    let context = app.context(Principal::Shell);
    let found = match yes {
        true => erase_evidence::erase_of_customer(&app.desk, &context, customer).await,
        false => erase_evidence::count_of_customer(&app.desk, &context, customer).await,
    };
    match found.map_err(|refusal| refused(app, &refusal))? {
        Some(erased) => Ok(told_of_erasing(&erased, yes)),
        None => Err(Failure::failed(format!("There is no customer with the address {customer}."))),
    }
}

fn told_of_erasing(erased: &Erased, done: bool) -> String {
    let Erased { files, open } = erased;
    let mut text = match done {
        true => format!("{files} files are erased: nobody can read them any more.\n"),
        false => format!("{files} files would be erased. Run it again with --yes to erase them.\n"),
    };
    if *open > 0 {
        text.push_str(&format!(
            "{open} files belong to requests that are still open: run it again when those have ended.\n"
        ));
    }
    text
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
    fn what_erasing_comes_to_is_told() {
        let erased = Erased { files: 2, open: 1 };
        assert!(
            told_of_erasing(&erased, true).starts_with("2 files are erased: nobody can read them any more.\n1 files")
        );
        let nothing = Erased::default();
        assert_eq!(
            told_of_erasing(&nothing, false),
            "0 files would be erased. Run it again with --yes to erase them.\n"
        );
    }

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
