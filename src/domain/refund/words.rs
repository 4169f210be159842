//! The closed lists of words that describe a refund, and the one word that qualifies a state.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
