//! One refund: its facts, why it was decided as it was, its story, and what this person may do with it.

use askama::Template;

use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Notice, StoryEvent, Tag};

/// The page.
#[derive(Template)]
#[template(path = "desk/refund.html")]
pub struct RefundPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The refund.
    pub refund: RefundView,
}

/// The refund as the desk sees it.
pub struct RefundView {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: Amount,
    /// The same in a sentence.
    pub amount_words: String,
    /// Where it stands.
    pub tag: Tag,
    /// Reason and order, in one line.
    pub summary: String,
    /// What to know now.
    pub notices: Vec<Notice>,
    /// What the customer wrote.
    pub note: Option<String>,
    /// The policy's reasoning.
    pub trace: Vec<TraceLine>,
    /// Which policy and rule.
    pub trace_source: String,
    /// What happened, newest first.
    pub story: Vec<StoryEvent>,
    /// What this person may do.
    pub actions: Vec<Action>,
    /// Why they may not decide, where they may not.
    pub blocked: Option<String>,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// A rule that the policy looked at.
pub struct TraceLine {
    /// What it asked and what it found.
    pub words: String,
    /// Whether it decided.
    pub hit: bool,
}

/// Something that can be done.
pub struct Action {
    /// Last part of its address.
    pub path: &'static str,
    /// Idempotency key of this form.
    pub key: String,
    /// Whether a note can be written.
    pub asks_note: bool,
    /// Name of the note's field.
    pub note_field: &'static str,
    /// What the note is called.
    pub note_label: String,
    /// What was written.
    pub note: String,
    /// `primary` or `danger`, or nothing.
    pub style: &'static str,
    /// What the button says.
    pub words: String,
}
