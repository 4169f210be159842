//! Messages to people: their kinds, and which change of a refund sends which.
//!
//! At most one message follows a change, so a customer is never told twice. Words, languages and letters are the
//! business of `l10n` and `mail`; that a message leaves at most once, of `services` and the outbox. Source: SPEC
//! section 11.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refund::{Closure, Event, Refund, State, UnknownWord, words};

words! {
    /// What a message says; stands in its `X-Makegood-Message` header.
    MessageKind {
        /// The request was recorded.
        Received = "received",
        /// It was approved.
        Approved = "approved",
        /// It was denied, or stopped by a guard after approval.
        Denied = "denied",
        /// Sending waits for the processor to work again.
        Delayed = "delayed",
        /// The processor took it; with the timeline of the rail.
        Submitted = "submitted",
        /// The money was given back.
        Completed = "completed",
        /// The money could not be given back, or came back.
        Failed = "failed",
        /// A one-time link to sign in.
        SignInLink = "sign_in_link",
        /// A message that an agent wrote.
        AgentMessage = "agent_message",
        /// To somebody at the desk: a link to choose their first password.
        Invitation = "invitation",
        /// To somebody at the desk: a link to choose a new password.
        PasswordLink = "password_link",
    }
}

words! {
    /// A sentence that a person chooses for the customer with their denial. What they write to colleagues is never it.
    Denial {
        /// The time for it is over.
        CoolingOff = "cooling_off",
        /// It was given back already.
        Duplicate = "duplicate",
        /// What was sent does not show it.
        Evidence = "evidence",
        /// The policy does not cover it.
        Policy = "policy",
    }
}

/// What the message id of a sentence that says why begins with, whoever chose it: a policy or a person.
const DENIED: &str = "refund.denied.";

impl Denial {
    /// The id of the sentence, as it stands in the refund.
    pub fn message_id(self) -> String {
        format!("{DENIED}{self}")
    }
}

/// The id of the sentence that tells a customer why it was denied: the one that policy or person chose, else one that goes
/// by the reason of the request. Nothing where it was not denied.
pub fn denial_id(refund: &Refund) -> Option<String> {
    match refund.closure {
        Some(Closure::Denied) if refund.message_id.starts_with(DENIED) => Some(refund.message_id.clone()),
        Some(Closure::Denied) => Some(format!("customer-denied-{}", refund.reason)),
        Some(Closure::Guard) => Some(format!("{DENIED}guard")),
        Some(Closure::Withdrawn | Closure::Canceled | Closure::Reversed) | None => None,
    }
}

/// Whether a customer can still write on the page of their refund: while it may move, by itself or by people.
pub fn takes_answers(refund: &Refund) -> bool {
    match refund.state {
        State::Requested | State::Approved | State::Submitting | State::ProviderPending => true,
        State::Failed => refund.retryable,
        State::Completed | State::Canceled => false,
    }
}

/// What the customer is told when a request has been recorded.
pub const FOR_CREATION: MessageKind = MessageKind::Received;

/// What the customer is told when `event` has moved a refund; `None` where they did it themselves or nothing changed
/// for them. Only for moves: an event that left the refund where it was sends nothing.
pub fn for_move(event: Event) -> Option<MessageKind> {
    match event {
        Event::Approve => Some(MessageKind::Approved),
        Event::Deny | Event::GuardFailed => Some(MessageKind::Denied),
        Event::Accepted => Some(MessageKind::Submitted),
        Event::Succeeded | Event::TurnedOutPaid => Some(MessageKind::Completed),
        Event::Failed { retryable: true | false } | Event::Reversed => Some(MessageKind::Failed),
        // A letter about an attempt whose outcome nobody knows would promise too much; what it becomes is told.
        Event::OutcomeUnknown => None,
        // Another attempt after a failure is told by its end.
        Event::Retry => None,
        Event::Withdraw | Event::Cancel | Event::Submit | Event::Defer => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refund::{Answer, next};

    #[test]
    fn f94_the_letter_says_what_the_state_is() {
        for &state in State::ALL {
            for &event in Event::ALL {
                let Answer::Move(step) = next(state, event) else { continue };
                let allowed = match step.to {
                    State::Requested => Some(MessageKind::Received),
                    State::Approved => Some(MessageKind::Approved),
                    State::Submitting => None,
                    State::ProviderPending => Some(MessageKind::Submitted),
                    State::Completed => Some(MessageKind::Completed),
                    State::Failed => Some(MessageKind::Failed),
                    State::Canceled => Some(MessageKind::Denied),
                };
                let told = for_move(event);
                assert!(told.is_none() || told == allowed, "{state} {} tells {told:?}", event.as_str());
            }
        }
    }

    #[test]
    fn every_end_that_the_customer_did_not_cause_is_told() {
        for &state in State::ALL {
            for &event in Event::ALL {
                let Answer::Move(step) = next(state, event) else { continue };
                if [State::Completed, State::Failed].contains(&step.to) {
                    assert!(for_move(event).is_some(), "{state} {}", event.as_str());
                }
            }
        }
        assert_eq!(for_move(Event::Deny), Some(MessageKind::Denied));
        assert_eq!(for_move(Event::GuardFailed), Some(MessageKind::Denied));
        assert_eq!(for_move(Event::Withdraw), None);
    }
}
