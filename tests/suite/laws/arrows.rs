//! Who may know whom: the arrows between the rooms, and which room may know which library.

use super::assert_none;
use super::sources::{Source, files};
use super::tokens::{Tokens, is_test_file, module_of, without_tests};

/// A room and the rooms that it may know besides itself. `telemetry` may be known by every room but `domain`.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("providers", &["domain"]),
    ("blobs", &["domain"]),
    ("l10n", &["domain"]),
    // A message is written in its reader's language.
    ("mail", &["domain", "l10n"]),
    // Where it can be made to die; only rooms that write know it.
    ("crash", &["domain"]),
    ("services", &["store", "providers", "mail", "blobs", "l10n", "domain", "crash"]),
    // Settings are spoken of in the processors' words.
    ("config", &["domain", "providers"]),
    ("telemetry", &["config", "domain"]),
    // The page /dev/mail shows the folder that mail lands in.
    ("http", &["app", "config", "services", "mail", "l10n", "domain"]),
    // Workers make the calls that services must not make inside a transaction.
    ("workers", &["app", "config", "services", "providers", "mail", "blobs", "l10n", "domain", "crash"]),
    // The program draws files in a process of its own, which is a hidden command.
    ("cli", &["app", "config", "services", "providers", "blobs", "http", "workers", "l10n", "domain"]),
    (
        "app",
        &["config", "store", "services", "providers", "mail", "blobs", "l10n", "domain", "http", "workers", "crash"],
    ),
];

/// A library, by how its crates' names begin, and the rooms that may name it.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("diesel", &["store"]),
    ("actix", &["http", "workers", "app", "providers", "cli"]),
    ("askama", &["http", "mail"]),
    ("clap", &["cli"]),
    ("lettre", &["mail", "config"]),
    ("fluent", &["l10n"]),
    ("icu", &["l10n"]),
];

/// What must not be named in `domain`, which is pure: no runtime, no randomness, no clock, no machine.
const IMPURE: &[&str] = &[
    "tokio",
    "rand",
    "std::fs",
    "std::env",
    "std::net",
    "std::io",
    "std::process",
    "std::thread",
    "std::time::SystemTime",
    "std::time::Instant",
    "SystemTime",
    "Instant",
    "async",
    "await",
    "reqwest",
    "tracing",
    "metrics",
];

/// The file that reads the time of day.
const CLOCK: &str = "src/app/clock.rs";

fn arrows_broken(source: &Source) -> Vec<String> {
    let module = module_of(&source.path);
    let Some(room) = room_of(&source.path) else { return Vec::new() };
    let Some((_, known)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: the room {room} is not in the plan", source.path)];
    };
    let rooms = || ARROWS.iter().map(|(name, _)| *name);
    let tokens = without_tests(&source.text, &module);
    named_rooms(&tokens)
        .filter(|named| rooms().any(|room| room == *named))
        .filter(|named| *named != room && !known.contains(named) && (*named != "telemetry" || room == "domain"))
        .map(|named| format!("{}: {room} must not know {named}", source.path))
        .collect()
}

fn libraries_misplaced(source: &Source) -> Vec<String> {
    let Some(room) = room_of(&source.path) else { return Vec::new() };
    let tokens = without_tests(&source.text, &module_of(&source.path));
    let firsts = tokens.paths.iter().filter(|path| path.parts.len() > 1).filter_map(|path| path.parts.first());
    let firsts: Vec<&String> = firsts.collect();
    LIBRARIES
        .iter()
        .filter(|(_, rooms)| !rooms.contains(&room))
        .filter_map(|(library, _)| firsts.iter().find(|first| is_crate_of(first, library)))
        .map(|named| format!("{}: {room} must not know {named}", source.path))
        .collect()
}

fn impurities(source: &Source) -> Vec<String> {
    if room_of(&source.path) != Some("domain") {
        return Vec::new();
    }
    let tokens = without_tests(&source.text, &module_of(&source.path));
    let named = tokens.paths.iter().map(|path| path.parts.join("::"));
    named
        .filter(|path| IMPURE.iter().any(|impure| path == impure || path.starts_with(&format!("{impure}::"))))
        .map(|path| format!("{}: domain is pure and must not name {path}", source.path))
        .collect()
}

fn clocks_read(source: &Source) -> Vec<String> {
    if source.path == CLOCK || is_test_file(&source.path) {
        return Vec::new();
    }
    let tokens = without_tests(&source.text, &module_of(&source.path));
    let reads = |parts: &[String]| {
        let tail = parts.iter().rev().take(2).rev().map(String::as_str).collect::<Vec<_>>();
        matches!(tail.as_slice(), ["Timestamp" | "Zoned" | "SystemTime" | "Utc", "now"])
    };
    tokens
        .paths
        .iter()
        .filter(|path| reads(&path.parts))
        .map(|path| format!("{}: {} is the business of {CLOCK}", source.path, path.parts.join("::")))
        .collect()
}

fn room_of(path: &str) -> Option<&str> {
    let inner = path.strip_prefix("src/")?;
    match inner {
        "lib.rs" | "main.rs" => None,
        _ => inner.split('/').next().map(|first| first.trim_end_matches(".rs")),
    }
}

fn named_rooms(tokens: &Tokens) -> impl Iterator<Item = &str> {
    tokens.paths.iter().filter_map(|path| match path.parts.as_slice() {
        [root, room, ..] if root == "crate" || root == "makegood" => Some(room.as_str()),
        _ => None,
    })
}

fn is_crate_of(name: &str, library: &str) -> bool {
    name == library || name.strip_prefix(library).is_some_and(|rest| rest.starts_with('_'))
}

fn each(check: fn(&Source) -> Vec<String>) -> Vec<String> {
    let sources = files("src", &[".rs"]);
    assert!(sources.len() > 30, "the sources were not found");
    let mut violations: Vec<String> = sources.iter().flat_map(check).collect();
    violations.dedup();
    violations
}

#[test]
fn the_rooms_know_each_other_along_the_arrows_only() {
    assert_none("An arrow points the wrong way", &each(arrows_broken));
}

#[test]
fn libraries_stay_in_their_rooms() {
    assert_none("A library is named in the wrong room", &each(libraries_misplaced));
}

#[test]
fn the_domain_is_pure() {
    assert_none("The domain names what is impure", &each(impurities));
}

#[test]
fn one_file_reads_the_clock() {
    assert_none("The time is read beside the clock", &each(clocks_read));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    #[test]
    fn wrong_arrows_are_found() {
        for (path, text) in [
            ("src/domain/money.rs", "use crate::store::Db;"),
            ("src/domain/money.rs", "use super::super::services;"),
            ("src/domain/money.rs", "use crate::telemetry::metrics;"),
            ("src/store/db.rs", "fn f() { crate::services::x() }"),
            ("src/providers/stripe/mod.rs", "use crate::{domain::money, store::Db};"),
            ("src/services/refund.rs", "use crate::http::problem;"),
            ("src/http/api/refunds.rs", "use crate::store::refunds;"),
            ("src/garage/mod.rs", "use crate::domain::money;"),
        ] {
            assert_eq!(arrows_broken(&source(path, text)).len(), 1, "{path}: {text}");
        }
        let right =
            "use crate::store::Db; use crate::telemetry::metrics; #[cfg(test)] mod tests { use crate::http::x; }";
        assert!(arrows_broken(&source("src/services/refund.rs", right)).is_empty());
    }

    #[test]
    fn misplaced_libraries_are_found() {
        for (path, text) in [
            ("src/services/x.rs", "use diesel::prelude::*;"),
            ("src/http/x.rs", "#[derive(diesel::Queryable)] struct X;"),
            ("src/app/mod.rs", "fn f() { diesel_migrations::run() }"),
            ("src/services/x.rs", "use actix_web::web;"),
        ] {
            assert_eq!(libraries_misplaced(&source(path, text)).len(), 1, "{path}: {text}");
        }
        assert!(libraries_misplaced(&source("src/store/x.rs", "use diesel::prelude::*;")).is_empty());
    }

    #[test]
    fn impurities_are_found() {
        for text in [
            "use tokio::time;",
            "use std::time::SystemTime;",
            "fn f() { rand::rng() }",
            "async fn f() {}",
            "use std::{fs, fmt};",
        ] {
            assert!(!impurities(&source("src/domain/x.rs", text)).is_empty(), "{text}");
        }
        assert!(impurities(&source("src/domain/x.rs", "use std::fmt; use jiff::Timestamp;")).is_empty());
    }

    #[test]
    fn clocks_are_found() {
        for text in ["fn f() { jiff::Timestamp::now() }", "const F: X = SystemTime::now;", "fn f() { Zoned::now() }"] {
            assert_eq!(clocks_read(&source("src/services/x.rs", text)).len(), 1, "{text}");
        }
        assert!(clocks_read(&source("src/services/x.rs", "fn f(ctx: &C) { ctx.now }")).is_empty());
    }
}
