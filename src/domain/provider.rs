//! The unified vocabulary of processors: what is asked, what they may answer, and what that means.
//!
//! Source: SPEC section 7. Each connector maps its processor's own words into these, totally; a word that it does not
//! know is a value ([`UnifiedStatus::Pending`] with the raw word kept), never a default that moves money.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::money::Money;
use super::refund::{UnknownWord, words};

words! {
    /// Where a refund stands at its processor.
    UnifiedStatus {
        /// Taken, not finished; also what cannot be told.
        Pending = "PENDING",
        /// Done.
        Succeeded = "SUCCEEDED",
        /// Definitely not done, or taken back.
        Failed = "FAILED",
    }
}

/// Why a processor refused or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorInfo {
    /// Our word for it, lower case with underscores, stable.
    pub code: String,
    /// A sentence for people, in English.
    pub message: String,
    /// Whether another attempt may succeed later.
    pub retryable: bool,
    /// The processor's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processor_code: Option<String>,
    /// The processor's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processor_message: Option<String>,
}

/// What a worker asks a processor to do: one attempt of one refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundOrder {
    /// Our reference at the processor and the attempt's idempotency key: the refund id, with `.2`, `.3` … after definite failures.
    pub reference: String,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// How much, in the payment's currency.
    pub amount: Money,
    /// The reason's word.
    pub reason: String,
    /// Correlation id, for the processor's metadata and for traces.
    pub correlation_id: String,
}

/// A refund as a processor shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRefund {
    /// The processor's id of the refund.
    pub connector_refund_id: String,
    /// Our reference, where the processor knows it.
    pub reference: Option<String>,
    /// The processor's id of the payment, where told.
    pub connector_transaction_id: Option<String>,
    /// Where it stands.
    pub status: UnifiedStatus,
    /// How much, where told.
    pub amount: Option<Money>,
    /// Why it failed, where it did.
    pub error: Option<ErrorInfo>,
    /// Trace number for the payer's bank (ARN and the like), where told.
    pub bank_reference: Option<String>,
}

/// What came of one call. Time-outs are `Unknown`, never failures. Source: SPEC section 3, PROVIDERS.md.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The processor answered with the refund as it now stands.
    Answered(ProviderRefund),
    /// The processor refused this attempt for good; `retryable` tells whether a new attempt may pass.
    Refused(ErrorInfo),
    /// Surely not done: ask again later with the same key.
    NotDone(NotDone),
    /// It may have been done.
    Unknown(Unknown),
}

/// Why a call surely had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDone {
    /// What kind.
    pub cause: NotDoneCause,
    /// What happened, in English, without secrets.
    pub detail: String,
    /// When the processor asks to be called again, in milliseconds from now.
    pub retry_after_ms: Option<u64>,
}

words! {
    /// Kinds of calls that surely had no effect.
    NotDoneCause {
        /// 429 or the processor's own word for it.
        RateLimited = "rate_limited",
        /// 401 or 403: the account's credentials do not work.
        Credentials = "credentials",
        /// The connection was refused or could not be made.
        Unreachable = "unreachable",
        /// Our breaker is open: nothing was sent.
        BreakerOpen = "breaker_open",
    }
}

/// Why the outcome of a call is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What kind.
    pub cause: UnknownCause,
    /// What happened, in English, without secrets.
    pub detail: String,
}

words! {
    /// Kinds of calls whose outcome is not known.
    UnknownCause {
        /// No answer in time.
        Timeout = "timeout",
        /// A server error: 5xx.
        ServerError = "server_error",
        /// The connection broke after the request may have been sent.
        ConnectionLost = "connection_lost",
        /// An answer that cannot be understood.
        Unintelligible = "unintelligible",
    }
}

/// What a look-up by our reference found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// The processor has it.
    Found(ProviderRefund),
    /// The processor answered, and has none under this reference.
    Absent,
    /// The processor has no such look-up (Adyen).
    Unsupported,
    /// The look-up itself did not work.
    Unavailable {
        /// What happened, in English, without secrets.
        detail: String,
    },
}

/// A verified event of a processor, in unified form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The processor's id of the event, for dedupe.
    pub event_id: String,
    /// The processor's word for its type.
    pub event_type: String,
    /// When it happened, by the processor's clock.
    pub occurred_at: Timestamp,
    /// Whether it comes from the processor's live environment, where told.
    pub live: Option<bool>,
    /// What it says about a refund, where it is about one.
    pub news: Option<News>,
    /// Why it could not be read, where its signature holds and its body makes no sense. Kept for a person, and taken:
    /// one that is sent again and again would hold up all others.
    pub unreadable: Option<String>,
}

/// What an event says about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The refund as the event shows it.
    pub refund: ProviderRefund,
    /// Whether this is a success taken back.
    pub reversal: bool,
}

/// What one incoming webhook holds, once its signatures were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The events that are believed, in the order of the body; never empty.
    pub events: Vec<ProviderEvent>,
    /// Items of a batch whose own signature does not hold: to be counted, never applied.
    pub forged_items: u32,
}

/// Why an incoming webhook is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// A header that the signature needs is missing.
    #[error("the webhook carries no {0} header")]
    MissingHeader(&'static str),
    /// The signature does not match the bytes.
    #[error("the webhook's signature does not match its body")]
    BadSignature,
    /// The time stamp is too far from now; replayed or a clock is wrong.
    #[error("the webhook's time stamp is more than {tolerance_s} s away from now")]
    Stale {
        /// Tolerance in seconds.
        tolerance_s: i64,
    },
}
