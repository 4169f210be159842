//! The refund's state machine: seven states, one total function, and the one word that qualifies a state.
//!
//! Source: SPEC section 3. The function [`next`] answers for every pair of state and event; what money does and which
//! ledger entries a move posts stand in the same table, so that no caller decides it a second time. Who may cause an
//! event is the business of `access`; what a policy says is the business of `policy`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ledger::EntryKind;

/// Declares an enum that is stored and sent as one lower-case word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word that stands in data, in the API and in pages' attributes.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err(UnknownWord { what: stringify!($name), word: text.chars().take(40).collect(), allowed: &[$($word),+] }),
                }
            }
        }
    };
}
pub(crate) use words;

/// A word that is none of those allowed where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not a {what}; allowed are {}", allowed.join(", "))]
pub struct UnknownWord {
    /// What the word should have been, as the type is called.
    pub what: &'static str,
    /// The word, cut to a length that is safe to show.
    pub word: String,
    /// The words that are allowed.
    pub allowed: &'static [&'static str],
}

words! {
    /// Where a refund stands.
    State {
        /// Recorded; policy or people have not said yes.
        Requested = "requested",
        /// Decided: the money is committed, nothing was sent.
        Approved = "approved",
        /// A worker has it in hand; the attempt's key is stored.
        Submitting = "submitting",
        /// The processor has it, or may have it.
        ProviderPending = "provider_pending",
        /// The processor gave the money back.
        Completed = "completed",
        /// The processor definitely did not, or took it back.
        Failed = "failed",
        /// Ended by people, policy or a guard before anything was sent.
        Canceled = "canceled",
    }
}

words! {
    /// Why a refund ended before or after its time.
    Closure {
        /// Policy or people said no.
        Denied = "denied",
        /// Its customer took the request back.
        Withdrawn = "withdrawn",
        /// Taken back by staff or the merchant after approval.
        Canceled = "canceled",
        /// A guard failed between approval and sending.
        Guard = "guard",
        /// The processor reversed it after success.
        Reversed = "reversed",
    }
}

words! {
    /// The one word beside a state that says what is special now.
    Qualifier {
        /// Waits for the first approval.
        AwaitingFirst = "awaiting_first",
        /// Waits for the second person's approval.
        AwaitingSecond = "awaiting_second",
        /// Waits for the customer's answer.
        NeedsInfo = "needs_info",
        /// Approved, and still inside the undo window.
        Decided = "decided",
        /// Surely not sent yet; will be.
        Deferred = "deferred",
        /// Sent, and whether it was done is not known.
        Unknown = "unknown",
        /// Takes longer than this rail usually does.
        Overdue = "overdue",
        /// The processor waits for the customer.
        NeedsCustomer = "needs_customer",
        /// Failed in a way that may pass later.
        Retryable = "retryable",
        /// Failed for good.
        Final = "final",
        /// Closure: denied.
        Denied = "denied",
        /// Closure: withdrawn.
        Withdrawn = "withdrawn",
        /// Closure: canceled.
        Canceled = "canceled",
        /// Closure: guard.
        Guard = "guard",
        /// Closure: reversed.
        Reversed = "reversed",
        /// Stopped until a person looks.
        Held = "held",
        /// Automatic retries ran out.
        DeadLettered = "dead_lettered",
    }
}

words! {
    /// Why the money is asked back; the taxonomy of the brief.
    Reason {
        /// The item did not arrive.
        NotReceived = "not_received",
        /// Something is wrong with the item.
        Quality = "quality",
        /// Charged or ordered twice.
        Duplicate = "duplicate",
        /// The price was wrong.
        PricingError = "pricing_error",
        /// A gesture to keep the customer.
        Goodwill = "goodwill",
        /// None of these.
        Other = "other",
    }
}

/// What happens to a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Policy, or the last approval needed.
    Approve,
    /// Policy or people say no.
    Deny,
    /// The customer takes the request back.
    Withdraw,
    /// Staff or the merchant take an approved refund back before it is sent.
    Cancel,
    /// A guard failed before sending: chargeback, shrunk capture.
    GuardFailed,
    /// A worker holds the lease and is about to send.
    Submit,
    /// Surely not done: rate limit, credentials, connection refused.
    Defer,
    /// The processor took it and will tell.
    Accepted,
    /// Time-out, server error or a lost connection: it may have been done.
    OutcomeUnknown,
    /// The processor says that it was done.
    Succeeded,
    /// The processor says, or a conclusive look-up shows, that it was not done.
    Failed {
        /// Whether the refusal may pass later.
        retryable: bool,
    },
    /// A person or token starts another attempt.
    Retry,
    /// An attempt that was given up without the processor's own word turns out to have succeeded.
    TurnedOutPaid,
    /// The processor took a success back.
    Reversed,
}

impl Event {
    /// One of each, for tables and pictures; `Failed` stands twice.
    pub const ALL: &'static [Event] = &[
        Event::Approve,
        Event::Deny,
        Event::Withdraw,
        Event::Cancel,
        Event::GuardFailed,
        Event::Submit,
        Event::Defer,
        Event::Accepted,
        Event::OutcomeUnknown,
        Event::Succeeded,
        Event::Failed { retryable: true },
        Event::Failed { retryable: false },
        Event::Retry,
        Event::TurnedOutPaid,
        Event::Reversed,
    ];

    /// The word that stands in the transition's row.
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Approve => "approve",
            Event::Deny => "deny",
            Event::Withdraw => "withdraw",
            Event::Cancel => "cancel",
            Event::GuardFailed => "guard_failed",
            Event::Submit => "submit",
            Event::Defer => "defer",
            Event::Accepted => "accepted",
            Event::OutcomeUnknown => "outcome_unknown",
            Event::Succeeded => "succeeded",
            Event::Failed { retryable: true } => "failed_retryable",
            Event::Failed { retryable: false } => "failed_final",
            Event::Retry => "retry",
            Event::TurnedOutPaid => "turned_out_paid",
            Event::Reversed => "reversed",
        }
    }
}

/// What a move does to the payment's committed total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Commitment {
    /// Nothing changes.
    Keep,
    /// The amount is committed, by the conditional update that refuses what exceeds the capture.
    Commit,
    /// The amount is committed though it may exceed: it was paid; a declared shortfall and an alert.
    CommitPaid,
    /// The amount is given back to what remains.
    Release,
}

/// A legal move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The state after it.
    pub to: State,
    /// Why it ended, where it did.
    pub closure: Option<Closure>,
    /// For `failed`: whether a retry is offered.
    pub retryable: Option<bool>,
    /// What happens to the payment's committed total.
    pub commitment: Commitment,
    /// Ledger entries that the move posts, in order.
    pub entries: &'static [EntryKind],
}

/// The answer to one event in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The refund moves, with everything that goes with it in one transaction.
    Move(Step),
    /// Known already, or overtaken: nothing changes and nothing is wrong.
    Stay,
    /// Not allowed from here: `409 ERR.CONFLICT.state`, nothing changes.
    Illegal,
}

/// What `event` does to a refund in `state`. Source: SPEC section 3, row by row.
pub fn next(state: State, event: Event) -> Answer {
    match state {
        State::Requested => from_requested(event),
        State::Approved => from_approved(event),
        State::Submitting => on_the_wire(State::Submitting, event),
        State::ProviderPending => on_the_wire(State::ProviderPending, event),
        State::Completed => from_completed(event),
        State::Failed => from_failed(event),
        State::Canceled => from_canceled(event),
    }
}

fn from_requested(event: Event) -> Answer {
    match event {
        Event::Approve => go(State::Approved, Commitment::Commit, &[EntryKind::RefundPending]),
        Event::Deny => end(Closure::Denied, Commitment::Keep, &[]),
        Event::Withdraw => end(Closure::Withdrawn, Commitment::Keep, &[]),
        Event::Cancel | Event::GuardFailed | Event::Submit | Event::Defer | Event::Retry | Event::TurnedOutPaid => {
            Answer::Illegal
        }
        Event::Accepted | Event::OutcomeUnknown | Event::Succeeded | Event::Failed { .. } | Event::Reversed => {
            Answer::Illegal
        }
    }
}

fn from_approved(event: Event) -> Answer {
    match event {
        Event::Submit => go(State::Submitting, Commitment::Keep, &[]),
        Event::Defer => Answer::Stay,
        Event::Cancel => end(Closure::Canceled, Commitment::Release, &[EntryKind::RefundReleased]),
        Event::GuardFailed => end(Closure::Guard, Commitment::Release, &[EntryKind::RefundReleased]),
        Event::TurnedOutPaid => go(State::Completed, Commitment::Keep, &[EntryKind::RefundSettled]),
        // News of an earlier attempt that the caller could not take for a payment: the new attempt goes its own way.
        Event::Accepted | Event::OutcomeUnknown | Event::Succeeded | Event::Failed { .. } | Event::Reversed => {
            Answer::Stay
        }
        Event::Approve | Event::Deny | Event::Withdraw | Event::Retry => Answer::Illegal,
    }
}

fn on_the_wire(state: State, event: Event) -> Answer {
    match event {
        Event::Accepted | Event::OutcomeUnknown if state == State::Submitting => {
            go(State::ProviderPending, Commitment::Keep, &[])
        }
        Event::Accepted | Event::OutcomeUnknown | Event::Submit | Event::Defer => Answer::Stay,
        Event::Succeeded => go(State::Completed, Commitment::Keep, &[EntryKind::RefundSettled]),
        Event::Failed { retryable } => fail(retryable, None, &[EntryKind::RefundReleased]),
        // A reversal that overtakes its success: the money never arrived, and asking again is for people to decide.
        Event::Reversed => fail(false, None, &[EntryKind::RefundReleased]),
        Event::Approve
        | Event::Deny
        | Event::Withdraw
        | Event::Cancel
        | Event::GuardFailed
        | Event::Retry
        | Event::TurnedOutPaid => Answer::Illegal,
    }
}

fn from_completed(event: Event) -> Answer {
    match event {
        // A failure that is reported after the success is the same fact under the processor's other name.
        Event::Reversed | Event::Failed { .. } => fail(false, Some(Closure::Reversed), &[EntryKind::RefundReversed]),
        Event::Accepted | Event::OutcomeUnknown | Event::Succeeded | Event::TurnedOutPaid => Answer::Stay,
        Event::Approve | Event::Deny | Event::Withdraw | Event::Cancel | Event::GuardFailed => Answer::Illegal,
        Event::Submit | Event::Defer | Event::Retry => Answer::Illegal,
    }
}

fn from_failed(event: Event) -> Answer {
    match event {
        // Whether this failure is retryable is the caller's to check: it is a fact of the refund, not of the state.
        Event::Retry => go(State::Approved, Commitment::Commit, &[EntryKind::RefundPending]),
        Event::TurnedOutPaid => {
            go(State::Completed, Commitment::CommitPaid, &[EntryKind::RefundPending, EntryKind::RefundSettled])
        }
        Event::Accepted | Event::OutcomeUnknown | Event::Succeeded | Event::Failed { .. } | Event::Reversed => {
            Answer::Stay
        }
        Event::Approve
        | Event::Deny
        | Event::Withdraw
        | Event::Cancel
        | Event::GuardFailed
        | Event::Submit
        | Event::Defer => Answer::Illegal,
    }
}

fn from_canceled(event: Event) -> Answer {
    match event {
        Event::Accepted | Event::OutcomeUnknown | Event::Succeeded | Event::Failed { .. } | Event::Reversed => {
            Answer::Stay
        }
        Event::Approve | Event::Deny | Event::Withdraw | Event::Cancel | Event::GuardFailed => Answer::Illegal,
        Event::Submit | Event::Defer | Event::Retry | Event::TurnedOutPaid => Answer::Illegal,
    }
}

fn go(to: State, commitment: Commitment, entries: &'static [EntryKind]) -> Answer {
    Answer::Move(Step { to, closure: None, retryable: None, commitment, entries })
}

fn end(closure: Closure, commitment: Commitment, entries: &'static [EntryKind]) -> Answer {
    Answer::Move(Step { to: State::Canceled, closure: Some(closure), retryable: None, commitment, entries })
}

fn fail(retryable: bool, closure: Option<Closure>, entries: &'static [EntryKind]) -> Answer {
    Answer::Move(Step {
        to: State::Failed,
        closure,
        retryable: Some(retryable),
        commitment: Commitment::Release,
        entries,
    })
}

impl State {
    /// Whether a refund in this state counts against what remains of its payment. Source: SPEC section 4.
    pub fn counts_against_remaining(self) -> bool {
        match self {
            State::Approved | State::Submitting | State::ProviderPending | State::Completed => true,
            State::Requested | State::Failed | State::Canceled => false,
        }
    }

    /// Whether the money is promised and not yet given: the terms of `liability.refunds_pending`. Source: SPEC section 8.
    pub fn is_pending_liability(self) -> bool {
        match self {
            State::Approved | State::Submitting | State::ProviderPending => true,
            State::Requested | State::Completed | State::Failed | State::Canceled => false,
        }
    }

    /// Whether the request counts for splitting and velocity. Source: SPEC section 6: "requested to completed".
    pub fn counts_for_limits(self) -> bool {
        match self {
            State::Requested | State::Approved | State::Submitting | State::ProviderPending | State::Completed => true,
            State::Failed | State::Canceled => false,
        }
    }

    /// The dotted message id of the state; two of them are the brief's own. Source: SPEC section 5.
    pub fn message_id(self) -> &'static str {
        match self {
            State::Requested => "refund.state.requested",
            State::Approved => "refund.state.approved",
            State::Submitting => "refund.state.submitting",
            State::ProviderPending => "refund.state.provider_pending",
            State::Completed => "refund.completed",
            State::Failed => "refund.failed",
            State::Canceled => "refund.state.canceled",
        }
    }
}

/// Everything that can qualify a state, before one word is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Stopped until a person looks.
    pub held: bool,
    /// Automatic retries ran out.
    pub dead_lettered: bool,
    /// Why it ended.
    pub closure: Option<Closure>,
    /// Approved, inside the undo window.
    pub decided: bool,
    /// Waits for the customer's answer to staff.
    pub needs_info: bool,
    /// The processor waits for the customer.
    pub needs_customer: bool,
    /// Longer than this rail usually takes.
    pub overdue: bool,
    /// Surely not sent yet.
    pub deferred: bool,
    /// Sent, outcome not known.
    pub unknown: bool,
    /// Approvals given so far.
    pub approvals: u32,
    /// For `failed`: whether a retry is offered.
    pub retryable: bool,
}

/// The one word shown beside the state. Source: SPEC section 3: the first of `held`, `dead_lettered`, the closure,
/// `decided`, `needs_info`, `needs_customer`, `overdue`, the rest; each only in the states that it belongs to.
pub fn qualifier(state: State, marks: Marks) -> Option<Qualifier> {
    if marks.held {
        return Some(Qualifier::Held);
    }
    if marks.dead_lettered {
        return Some(Qualifier::DeadLettered);
    }
    match state {
        State::Requested if marks.decided => Some(Qualifier::Decided),
        State::Requested if marks.needs_info => Some(Qualifier::NeedsInfo),
        State::Requested if marks.approvals > 0 => Some(Qualifier::AwaitingSecond),
        State::Requested => Some(Qualifier::AwaitingFirst),
        State::Approved | State::Submitting => marks.deferred.then_some(Qualifier::Deferred),
        State::ProviderPending if marks.needs_customer => Some(Qualifier::NeedsCustomer),
        State::ProviderPending if marks.overdue => Some(Qualifier::Overdue),
        State::ProviderPending => marks.unknown.then_some(Qualifier::Unknown),
        State::Completed => None,
        State::Failed if marks.closure == Some(Closure::Reversed) => Some(Qualifier::Reversed),
        State::Failed if marks.retryable => Some(Qualifier::Retryable),
        State::Failed => Some(Qualifier::Final),
        State::Canceled => marks.closure.map(Closure::as_qualifier),
    }
}

impl Closure {
    /// The closure as the qualifier of its state.
    pub fn as_qualifier(self) -> Qualifier {
        match self {
            Closure::Denied => Qualifier::Denied,
            Closure::Withdrawn => Qualifier::Withdrawn,
            Closure::Canceled => Qualifier::Canceled,
            Closure::Guard => Qualifier::Guard,
            Closure::Reversed => Qualifier::Reversed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_event() {
        let mut table = String::new();
        for &state in State::ALL {
            for &event in Event::ALL {
                let answer = match next(state, event) {
                    Answer::Move(step) => {
                        let entries: Vec<_> = step.entries.iter().map(|kind| kind.as_str()).collect();
                        format!(
                            "{} {:?} closure={} retryable={:?} {}",
                            step.to,
                            step.commitment,
                            step.closure.map_or("-", Closure::as_str),
                            step.retryable,
                            entries.join("+"),
                        )
                    }
                    Answer::Stay => "stay".to_owned(),
                    Answer::Illegal => "illegal".to_owned(),
                };
                table.push_str(&format!("{:<17}{:<18}{}\n", state.as_str(), event.as_str(), answer.trim_end()));
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn a_move_commits_exactly_where_the_counting_of_states_changes() {
        for &state in State::ALL {
            for &event in Event::ALL {
                let Answer::Move(step) = next(state, event) else { continue };
                let expected = match (state.counts_against_remaining(), step.to.counts_against_remaining()) {
                    (false, true) => [Commitment::Commit, Commitment::CommitPaid].contains(&step.commitment),
                    (true, false) => step.commitment == Commitment::Release,
                    (true, true) | (false, false) => step.commitment == Commitment::Keep,
                };
                assert!(expected, "{state} {}", event.as_str());
            }
        }
    }

    #[test]
    fn the_pending_liability_follows_the_states() {
        for &state in State::ALL {
            for &event in Event::ALL {
                let Answer::Move(step) = next(state, event) else { continue };
                let before = i32::from(state.is_pending_liability());
                let moved: i32 = step.entries.iter().map(|kind| kind.effect_on_pending()).sum();
                assert_eq!(before + moved, i32::from(step.to.is_pending_liability()), "{state} {}", event.as_str());
            }
        }
    }

    #[test]
    fn the_first_mark_wins() {
        let marks = Marks { held: true, dead_lettered: true, overdue: true, ..Marks::default() };
        assert_eq!(qualifier(State::ProviderPending, marks), Some(Qualifier::Held));
        assert_eq!(qualifier(State::ProviderPending, Marks { held: false, ..marks }), Some(Qualifier::DeadLettered));
        assert_eq!(qualifier(State::Completed, Marks::default()), None);
        assert_eq!(
            qualifier(State::Requested, Marks { approvals: 1, ..Marks::default() }),
            Some(Qualifier::AwaitingSecond)
        );
    }
}
