//! The program's own proofs, each with its exit code, and the search for words that must not stand anywhere.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::cases::Told;
use crate::desk::{Desk, SECRET_KEY, WEBHOOK_SECRET};
use crate::story::{CANARY, CARD_NUMBER, Stage};

/// File, command, meaning. Each has to end with 0.
const PROOFS: &[(&str, &[&str], &str)] = &[
    (
        "ledger-check",
        &["ledger", "check"],
        "Trial balance; every entry, refund and payment against each other (I1, I5)",
    ),
    ("audit-verify", &["audit", "verify"], "Every audit record and seal (I6, I9); prints the head"),
    ("policy-replay", &["policy", "replay"], "Every decision made again from its stored facts (I10)"),
    (
        "doctor-invariants",
        &["doctor", "--invariants"],
        "Configuration, database, mail, processors, clock; all invariants",
    ),
    ("outbox-list", &["outbox", "list", "--json"], "What waits, and what died"),
];

/// Runs the proofs and exports the trail.
pub(crate) fn write(bundle: &Bundle, desk: &Desk, told: &Told) -> Result<()> {
    let mut codes = Vec::new();
    let mut failed = Vec::new();
    for (file, arguments, meaning) in PROOFS {
        let said = desk.say(arguments)?;
        let command = format!("makegood {}", arguments.join(" "));
        let mut text = format!("$ {command}\n{}", said.output);
        if !said.complaints.is_empty() {
            let _ = write!(text, "\n(standard error)\n{}", said.complaints);
        }
        let _ = writeln!(text, "\nexit code {}", said.code);
        bundle.write(&format!("proofs/{file}.txt"), meaning, &text)?;
        codes.push(json!({"command": command, "exit_code": said.code}));
        if said.code != 0 {
            failed.push(format!("`{command}` ended with {}: {}", said.code, said.complaints));
        }
    }
    bundle.write_json("proofs/exit-codes.json", "Every proof with its exit code", &json!(codes))?;
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    let trail = desk.done(&["audit", "export"])?;
    let about = |line: &&str| line.contains(&told.reviewed_refund);
    let reviewed: String = desk
        .done(&["audit", "export", "--with-texts"])?
        .lines()
        .filter(about)
        .map(|line| format!("{line}\n"))
        .collect();
    ensure!(reviewed.contains("A loyal customer."), "the approver's note does not stand in the trail");
    bundle.write(
        "proofs/audit.jsonl",
        "`makegood audit export`: who, when, what, why, without personal text",
        &trail,
    )?;
    bundle.write(
        "proofs/audit-goodwill-review.jsonl",
        "The reviewed refund's records, with what people wrote",
        &reviewed,
    )
}

/// Looks for addresses, names, notes and card numbers where only codes and ids belong, and for secrets everywhere.
pub(crate) fn nothing_leaked(bundle: &Bundle, stage: &Stage) -> Result<()> {
    let personal = [CANARY, CARD_NUMBER];
    let mut secrets: Vec<&str> = stage.secrets.iter().map(String::as_str).collect();
    secrets.extend([WEBHOOK_SECRET, SECRET_KEY]);
    let bare = ["telemetry/", "books/", "proofs/", "webhooks/"];
    let mut leaks: Vec<Value> = Vec::new();
    let texts = bundle.texts()?;
    for (path, text) in &texts {
        let is_bare = bare.iter().any(|chapter| path.starts_with(chapter));
        let wanted = secrets.iter().chain(personal.iter().filter(|_| is_bare));
        leaks.extend(wanted.filter(|word| text.contains(**word)).map(|word| json!({"file": path, "word": mask(word)})));
    }
    ensure!(leaks.is_empty(), "what must not be told was told: {}", json!(leaks));
    let searched = json!({
        "files": texts.len(), "secrets_searched": secrets.len(), "personal_words_searched": personal,
        "without_personal_words": bare, "found": leaks,
    });
    bundle.write_json(
        "proofs/leaks.json",
        "The search for secrets in all files, and for personal data in telemetry, books and proofs",
        &searched,
    )
}

/// Enough of a word to know which it is.
fn mask(word: &str) -> String {
    format!("{}…", word.chars().take(6).collect::<String>())
}
