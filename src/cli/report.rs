//! What the checks print: what was read on standard output, each fault on standard error, and exit code 3 where there are
//! any.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Value, json};

use super::failure::complain;
use super::{Exit, Failure, print};
use crate::services::findings::Findings;

/// What one check found, in words that can be told and in values that can be read by programs.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// What was checked.
    check: &'static str,
    /// Whether nothing is wrong.
    clean: bool,
    /// What was read.
    read: Value,
    /// How many faults there are.
    faults_total: u64,
    /// The first of them, as sentences.
    faults: Vec<String>,
    /// What to print for people.
    #[serde(skip)]
    sentence: String,
}

impl Report {
    pub(super) fn new<T: Display>(
        check: &'static str,
        findings: &Findings<T>,
        read: Value,
        sentence: impl Into<String>,
    ) -> Self {
        Self {
            check,
            clean: findings.is_clean(),
            read,
            faults_total: findings.total(),
            faults: findings.named().iter().map(ToString::to_string).collect(),
            sentence: sentence.into(),
        }
    }

    /// A check that could not be carried out.
    pub(super) fn failed(check: &'static str, why: String) -> Self {
        Self { check, clean: false, read: json!({}), faults_total: 1, faults: vec![why], sentence: String::new() }
    }

    fn tell(&self) -> Result<(), Failure> {
        if !self.sentence.is_empty() {
            print::text(&format!("{}\n", self.sentence))?;
        }
        for fault in &self.faults {
            complain(fault);
        }
        let named = u64::try_from(self.faults.len()).unwrap_or(u64::MAX);
        if self.faults_total > named {
            complain(format_args!("… and {} more", self.faults_total - named));
        }
        Ok(())
    }
}

/// Prints the reports and ends with code 3 where one of them is not clean.
pub(super) fn tell(reports: &[Report], as_json: bool) -> Result<(), Failure> {
    if as_json {
        match reports {
            [only] => print::json(only)?,
            several => print::json(&several)?,
        }
    } else {
        reports.iter().try_for_each(Report::tell)?;
    }
    verdict(reports)
}

/// Code 3 where one of the reports is not clean.
pub(super) fn verdict(reports: &[Report]) -> Result<(), Failure> {
    let faults: u64 = reports.iter().map(|report| report.faults_total).sum();
    match faults {
        0 => Ok(()),
        1 => Err(Failure::new(Exit::Unhealthy, "1 fault was found.")),
        faults => Err(Failure::new(Exit::Unhealthy, format!("{faults} faults were found."))),
    }
}
