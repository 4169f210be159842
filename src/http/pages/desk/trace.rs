//! The policy's reasoning in words: which rules were read, what each asked for and what it saw, and which decided.

use crate::domain::order::Rail;
use crate::domain::policy::{Because, Floor, Verdict};
use crate::domain::refund::Reason;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{rail_words, reason_words, term};
use crate::l10n::{Args, Lang};

/// A rule that was read, or a floor that held.
pub struct TraceLine {
    /// What it asked and what it found.
    pub words: String,
    /// The rule's name; a floor has none.
    pub rule: Option<String>,
    /// Whether it decided.
    pub hit: bool,
}

/// Every rule that was read, in order, then the floors that raised what it said.
pub fn lines(page: &Page, verdict: &Verdict) -> Vec<TraceLine> {
    let rules = verdict.trace.iter().map(|line| {
        let because = line.because.iter().map(|because| condition(page, because));
        let listed = because.reduce(|first, next| page.t2("desk-trace-and", "first", first, "next", next));
        let conditions = listed.unwrap_or_else(|| page.t("desk-trace-always"));
        TraceLine { words: conditions, rule: Some(line.rule.clone()), hit: line.matched }
    });
    let floors = verdict.raised_by.iter().map(|floor: &Floor| {
        let words = page.t(term("desk-floor-", floor.as_str()));
        TraceLine { words, rule: None, hit: true }
    });
    rules.chain(floors).collect()
}

/// A condition that asks for yes or no tells what it saw; any other tells what it asked for too.
fn condition(page: &Page, because: &Because) -> String {
    let name = page.t(term("desk-condition-", because.condition.as_str()));
    match because.seen.as_str() {
        "true" => page.t1("desk-trace-yes", "condition", name),
        "false" => page.t1("desk-trace-no", "condition", name),
        seen => {
            let lang = page.lang();
            let args = Args::new().with("condition", name).with("wanted", in_words(&lang, &because.wanted));
            lang.text("desk-trace-condition", &args.with("seen", in_words(&lang, seen)))
        }
    }
}

/// The same with reasons and rails in the reader's words; numbers, codes and signs need none.
fn in_words(lang: &Lang<'_>, text: &str) -> String {
    let told = text.split(' ').map(|part| {
        let bare = part.trim_end_matches(',');
        let reason = bare.parse::<Reason>().map(|reason| reason_words(lang, reason));
        let words = reason.or_else(|_| bare.parse::<Rail>().map(|rail| rail_words(lang, rail)));
        words.map_or_else(|_| part.to_owned(), |words| part.replace(bare, &words))
    });
    told.collect::<Vec<_>>().join(" ")
}
