//! Places where this program can be made to die as abruptly as by `kill -9`, to prove that it may die anywhere.
//!
//! `MAKEGOOD_TEST_CRASH=submit.called` ends the process the first time that it comes to that place, `submit.called:2` lets
//! two passes through. Only a program that is built with debug assertions can do it: in a release [`point`] is empty and
//! nothing else of this is left. The suite walks through all of them (`tests/suite/crash/points.rs`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::refund::{UnknownWord, words};

/// The variable of the environment that names the place.
pub const VARIABLE: &str = "MAKEGOOD_TEST_CRASH";

words! {
    /// A step of a way on which something is written. `recorded` is the last moment before the commit, `committed` the
    /// first one after it, when nobody has been told yet.
    Point {
        /// A start has brought the schema up to date.
        StartMigrated = "start.migrated",
        /// A start has written the first policy and ended the leases of the last run.
        StartPrepared = "start.prepared",
        /// An order is written.
        OrderRecorded = "order.recorded",
        /// An order stands, unanswered.
        OrderCommitted = "order.committed",
        /// A refund is written with its decision, its entry, its letters and its answer.
        CreateRecorded = "create.recorded",
        /// A refund stands, unanswered.
        CreateCommitted = "create.committed",
        /// A decision, a cancellation or a retry is written with its answer.
        MoveRecorded = "move.recorded",
        /// A decision, a cancellation or a retry stands, unanswered.
        MoveCommitted = "move.committed",
        /// An approval that can no longer be undone is carried out.
        SettleRecorded = "settle.recorded",
        /// An approval that can no longer be undone stands.
        SettleCommitted = "settle.committed",
        /// A row to be sent is leased.
        SubmitLeased = "submit.leased",
        /// The refund is submitting, its attempt and key are written.
        SubmitRecorded = "submit.recorded",
        /// The refund is submitting, its attempt and key are stored, the processor was not called.
        SubmitCommitted = "submit.committed",
        /// An attempt of unknown outcome was looked up, and what that proved is not recorded.
        SubmitLookedUp = "submit.looked_up",
        /// The processor was called, and its answer is not recorded.
        SubmitCalled = "submit.called",
        /// What became of an attempt is written, and the row that asked is ended.
        OutcomeRecorded = "outcome.recorded",
        /// What became of an attempt stands.
        OutcomeCommitted = "outcome.committed",
        /// A question to the processor is leased.
        PollLeased = "poll.leased",
        /// The processor was asked, and its answer is not recorded.
        PollAnswered = "poll.answered",
        /// A webhook is written.
        WebhookRecorded = "webhook.recorded",
        /// A webhook is stored, and not acknowledged.
        WebhookCommitted = "webhook.committed",
        /// An event is leased.
        InboxLeased = "inbox.leased",
        /// An event is applied, and its row ended.
        InboxRecorded = "inbox.recorded",
        /// What an event brought stands.
        InboxCommitted = "inbox.committed",
        /// A letter is leased, and not handed over.
        MailLeased = "mail.leased",
        /// A letter was handed over, and that is not recorded.
        MailSent = "mail.sent",
        /// What became of a letter stands.
        MailCommitted = "mail.committed",
        /// New audit records are sealed.
        SealRecorded = "seal.recorded",
        /// A seal stands.
        SealCommitted = "seal.committed",
    }
}

/// Marks a place; ends the process there where the environment says so.
#[cfg(debug_assertions)]
pub fn point(here: Point) {
    use std::sync::OnceLock;

    static CHOSEN: OnceLock<Option<Chosen>> = OnceLock::new();
    if CHOSEN.get_or_init(Chosen::from_environment).as_ref().is_some_and(|chosen| chosen.is_due(here)) {
        // Nothing is unwound, flushed or closed.
        std::process::abort();
    }
}

/// Marks a place.
#[cfg(not(debug_assertions))]
#[inline]
pub fn point(_here: Point) {}

#[cfg(debug_assertions)]
struct Chosen {
    point: Point,
    /// Passes that are still let through.
    passes: std::sync::atomic::AtomicU32,
}

#[cfg(debug_assertions)]
impl Chosen {
    fn from_environment() -> Option<Self> {
        let text = std::env::var(VARIABLE).ok()?;
        let (name, passes) = text.split_once(':').unwrap_or((&text, "0"));
        match (name.parse(), passes.parse()) {
            (Ok(point), Ok(passes)) => Some(Self { point, passes: std::sync::atomic::AtomicU32::new(passes) }),
            _ => {
                tracing::error!(text, "{VARIABLE} names no place to crash at");
                None
            }
        }
    }

    fn is_due(&self, here: Point) -> bool {
        use std::sync::atomic::Ordering::SeqCst;

        here == self.point && self.passes.fetch_update(SeqCst, SeqCst, |passes| passes.checked_sub(1)).is_err()
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::*;

    #[test]
    fn passes_are_let_through_as_often_as_asked() {
        let chosen = Chosen { point: Point::MailSent, passes: 2.into() };
        assert!(!chosen.is_due(Point::MailLeased));
        let passes: Vec<bool> = (0..4).map(|_| chosen.is_due(Point::MailSent)).collect();
        assert_eq!(passes, [false, false, true, true]);
    }
}
