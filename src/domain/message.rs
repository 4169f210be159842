//! Messages to people: their kinds, and which change of a refund sends which.
//!
//! At most one message follows a change, so a customer is never told twice. Words, languages and letters are the
//! business of `l10n` and `mail`; that a message leaves at most once, of `services` and the outbox. Source: SPEC
//! section 11.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refund::{Event, UnknownWord, words};

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
    use crate::domain::refund::{Answer, State, next};

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
