//! `makegood config print|example`: what holds, and what could.

use clap::{Args, Subcommand};

use super::{Failure, Global, print};
use crate::config::{self, Line};

/// Shows the configuration
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints every setting as it holds, secrets masked; fails where a setting is wrong
    #[command(
        after_help = "Examples:\n  makegood config print --origin\n  makegood config print --json --config live.toml"
    )]
    Print {
        /// Also say where each value comes from
        #[arg(long)]
        origin: bool,
        /// As JSON, with origins
        #[arg(long)]
        json: bool,
    },
    /// Prints a makegood.toml with every setting, its default and what it is for
    #[command(after_help = "Examples:\n  makegood config example\n  makegood config example > makegood.toml")]
    Example,
}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        match self.command {
            Command::Print { json: true, .. } => print::json(&global.load()?.config.lines),
            Command::Print { origin, json: false } => print::text(&as_text(&global.load()?.config.lines, origin)),
            Command::Example => print::text(&config::example()),
        }
    }
}

/// Columns; what is not set shows as a dash.
fn as_text(lines: &[Line], with_origin: bool) -> String {
    let width = |column: fn(&Line) -> &str| lines.iter().map(|line| column(line).chars().count()).max().unwrap_or(0);
    let keys = width(|line| &line.key);
    let values = width(value);
    let row = |line: &Line| {
        let row =
            format!("{:keys$}  {:values$}  {}", line.key, value(line), if with_origin { &line.origin } else { "" });
        format!("{}\n", row.trim_end())
    };
    lines.iter().map(row).collect()
}

fn value(line: &Line) -> &str {
    match line.value.as_deref() {
        Some("") | None => "–",
        Some(value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_in_columns() {
        let line = |key: &str, value: Option<&str>, origin: &str| Line {
            key: key.into(),
            value: value.map(Into::into),
            origin: origin.into(),
        };
        let lines = [line("listen", Some("[::]:80"), "MAKEGOOD_LISTEN"), line("log", None, "default")];
        assert_eq!(as_text(&lines, true), "listen  [::]:80  MAKEGOOD_LISTEN\nlog     –        default\n");
        assert_eq!(as_text(&lines, false), "listen  [::]:80\nlog     –\n");
    }
}
