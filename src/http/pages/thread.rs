//! What customer and desk wrote to each other, as both see it: one's own words at the end of the line, the other's at its
//! start. Only the desk sees what became of its letters.

use super::frame::Page;
use super::parts::Moment;
use crate::services::messages::Message;

/// One entry of a thread.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `own` or `other`: on which side it stands; `letter` for one that the desk sent by itself.
    pub side: &'static str,
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: Moment,
    /// What was written; for a letter that the desk sent by itself, what it was about.
    pub words: String,
    /// What became of it, where that is to be told.
    pub fate: Option<FateLine>,
}

/// What became of a letter.
#[derive(Clone, Debug)]
pub struct FateLine {
    /// `fine`, `waiting` or `trouble`.
    pub kind: &'static str,
    /// In a sentence.
    pub words: String,
    /// The row of the outbox, where it can be sent again.
    pub again: Option<String>,
}

/// The thread as the customer sees it. Who at the desk wrote is the desk's own business.
pub fn for_customer(page: &Page, messages: &[Message]) -> Vec<Entry> {
    let entry = |message: &Message| {
        let (side, who) = if message.to_customer { ("other", "thread-the-desk") } else { ("own", "thread-you") };
        Entry {
            side,
            who: page.t(who),
            at: Moment::of(&page.lang(), message.created_at),
            words: message.body.clone(),
            fate: None,
        }
    };
    messages.iter().map(entry).collect()
}

/// Name of the symbol of a fate.
pub fn fate_icon(kind: &str) -> &'static str {
    match kind {
        "fine" => "check",
        "waiting" => "clock",
        _ => "triangle-alert",
    }
}
