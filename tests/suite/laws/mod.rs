//! The laws of the house, as tests: each reads the sources and names what breaks it, and where.
//!
//! Every law has a checker that takes text, and a test of that checker with a bad sample: a law that cannot fail is none.

mod arrows;
mod migrations;
mod pages;
mod plot;
mod sources;
mod stylesheets;
mod templates;
mod tokens;
mod words;

/// Fails with one line for each violation.
#[track_caller]
fn assert_none(law: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{law}:\n  {}", violations.join("\n  "));
}
