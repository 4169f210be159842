//! The state machine: one total function over states and events.
//!
//! Source: SPEC section 3. The function [`next`] answers for every pair of state and event; what money does and which
//! ledger entries a move posts stand in the same table, so that no caller decides it a second time. Who may cause an
//! event is the business of `access`; what a policy says is the business of `policy`.

use serde::{Deserialize, Serialize};

use super::words::{Closure, State};
use crate::domain::ledger::EntryKind;

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
}
