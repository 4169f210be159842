//! The command line: one file a command, one table of exit codes, errors as one sentence on standard error.
//!
//! Source: SPEC section 16. Commands print what was asked for on standard output and everything else on standard error,
//! so that pipes stay clean.

mod audit;
mod checks;
mod completions;
mod config;
mod demo;
mod doctor;
mod draw;
mod evidence;
mod failure;
mod ledger;
mod man;
mod migrate;
mod open;
mod openapi;
mod orders;
mod outbox;
mod policy;
mod print;
mod report;
mod running;
mod serve;
mod setup_link;
mod simulator;
mod synthetic;
mod token;
mod user;
mod worker;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::config::{Config, Loaded, Sources};

pub use failure::{Exit, Failure};

/// A self-hosted refund desk: requests, policy, dual control, processors, and books that close to the cent.
#[derive(Debug, Parser)]
#[command(
    name = "makegood",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done · 1 failed · 2 wrong usage or configuration · 3 breaks or unhealthy · 4 the \
                  database needs migration.\n\nExamples:\n  makegood\n  makegood config example > \
                  makegood.toml\n  makegood config print --origin"
)]
struct CommandLine {
    #[command(flatten)]
    global: Global,

    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Global {
    /// The configuration file, instead of makegood.toml in the working folder
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Demo(demo::Arguments),
    Worker(worker::Arguments),
    Migrate(migrate::Arguments),
    Simulator(simulator::Arguments),
    Doctor(doctor::Arguments),
    SetupLink(setup_link::Arguments),
    User(user::Arguments),
    Token(token::Arguments),
    Orders(orders::Arguments),
    Outbox(outbox::Arguments),
    Evidence(evidence::Arguments),
    Ledger(ledger::Arguments),
    Audit(audit::Arguments),
    Policy(policy::Arguments),
    Synthetic(synthetic::Arguments),
    Openapi(openapi::Arguments),
    Config(config::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    DrawEvidence(draw::Arguments),
}

/// Runs the program with these arguments, the program's own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let command_line = match CommandLine::try_parse_from(arguments) {
        Ok(command_line) => command_line,
        Err(message) => return exit_of_parser(&message),
    };
    let global = &command_line.global;
    let result = match command_line.command.unwrap_or_else(|| Command::Serve(serve::Arguments::default())) {
        Command::Serve(arguments) => arguments.run(global),
        Command::Demo(arguments) => arguments.run(),
        Command::Worker(arguments) => arguments.run(global),
        Command::Migrate(arguments) => arguments.run(global),
        Command::Simulator(arguments) => arguments.run(global),
        Command::Doctor(arguments) => arguments.run(global),
        Command::SetupLink(arguments) => arguments.run(global),
        Command::User(arguments) => arguments.run(global),
        Command::Token(arguments) => arguments.run(global),
        Command::Orders(arguments) => arguments.run(global),
        Command::Outbox(arguments) => arguments.run(global),
        Command::Evidence(arguments) => arguments.run(global),
        Command::Ledger(arguments) => arguments.run(global),
        Command::Audit(arguments) => arguments.run(global),
        Command::Policy(arguments) => arguments.run(global),
        Command::Synthetic(arguments) => arguments.run(global),
        Command::Openapi(arguments) => arguments.run(global),
        Command::Config(arguments) => arguments.run(global),
        Command::Completions(arguments) => arguments.run(),
        Command::Man(arguments) => arguments.run(),
        Command::DrawEvidence(arguments) => return arguments.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

impl Global {
    /// The configuration, from file and environment; warnings go to standard error.
    pub fn load(&self) -> Result<Loaded, Failure> {
        self.load_from(Sources::of_process(self.config.clone()))
    }

    /// The same with settings of the command's own flags.
    pub fn load_from(&self, sources: Sources) -> Result<Loaded, Failure> {
        let loaded = Config::load(&sources).map_err(|refusal| Failure::usage(refusal.to_string()))?;
        for warning in &loaded.warnings {
            failure::complain(warning);
        }
        Ok(loaded)
    }
}

/// The whole command tree, for manuals and completions.
fn tree() -> clap::Command {
    CommandLine::command()
}

/// `--help` and `--version` are answers, everything else is wrong usage.
fn exit_of_parser(message: &clap::Error) -> ExitCode {
    let _ = message.print();
    if message.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS }
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        let path = format!("{path} {}", command.get_name());
        if command.has_subcommands() {
            for inner in command.get_subcommands() {
                leaves(inner, &path, found);
            }
        } else {
            found.push((path.trim().to_owned(), command.clone()));
        }
    }

    #[test]
    fn the_tree_is_sound() {
        tree().debug_assert();
    }

    #[test]
    fn every_command_has_help_with_two_examples_that_parse() {
        let mut found = Vec::new();
        leaves(&tree(), "", &mut found);
        assert!(found.len() >= 4);
        for (path, command) in found {
            assert!(command.get_about().is_some(), "{path} does not say what it does");
            let help = command.get_after_help().unwrap_or_else(|| panic!("{path} has no examples")).to_string();
            let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  ")).collect();
            assert!(examples.len() >= 2, "{path} needs two examples");
            for example in examples {
                let words: Vec<&str> =
                    example.split_whitespace().take_while(|word| !matches!(*word, ">" | "|" | "<" | "&&")).collect();
                assert!(example.starts_with(&path), "{path}: {example}");
                assert!(tree().try_get_matches_from(&words).is_ok(), "{path}: the example does not parse: {example}");
                let matches = tree().get_matches_from(&words);
                assert!(CommandLine::from_arg_matches(&matches).is_ok(), "{path}: {example}");
            }
        }
    }
}
