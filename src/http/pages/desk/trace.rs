//! The policy's reasoning in words: which rules were read, what each asked for and what it saw, and which decided.

use crate::domain::policy::{Because, Floor, Verdict};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::l10n::Args;

/// A rule that was read, or a floor that held.
pub struct TraceLine {
    /// What it asked and what it found.
    pub words: String,
    /// Whether it decided.
    pub hit: bool,
}

/// Every rule that was read, in order, then the floors that raised what it said.
pub fn lines(page: &Page, verdict: &Verdict) -> Vec<TraceLine> {
    let rules = verdict.trace.iter().map(|line| {
        let because = line.because.iter().map(|because| condition(page, because));
        let listed = because.reduce(|first, next| page.t2("desk-trace-and", "first", first, "next", next));
        let conditions = listed.unwrap_or_else(|| page.t("desk-trace-always"));
        let words = page.t2("desk-trace-rule", "rule", line.rule.as_str(), "conditions", conditions);
        TraceLine { words, hit: line.matched }
    });
    let floors = verdict
        .raised_by
        .iter()
        .map(|floor: &Floor| TraceLine { words: page.t(term("desk-floor-", floor.as_str())), hit: true });
    rules.chain(floors).collect()
}

/// A condition that asks for yes or no tells what it saw; any other tells what it asked for too.
fn condition(page: &Page, because: &Because) -> String {
    let name = page.t(term("desk-condition-", because.condition.as_str()));
    match because.seen.as_str() {
        "true" => page.t1("desk-trace-yes", "condition", name),
        "false" => page.t1("desk-trace-no", "condition", name),
        seen => {
            let args = Args::new().with("condition", name).with("wanted", because.wanted.as_str());
            page.lang().text("desk-trace-condition", &args.with("seen", seen))
        }
    }
}
