//! Why a use case did not do what was asked: one closed list of codes, with the facts that a caller needs to mend it.
//!
//! The code is the wire contract of SPEC section 5. How a refusal becomes a status, a problem document or a page is the
//! edge's business (`http::problem`), by a total match over [`Code`].

use std::collections::BTreeMap;

use crate::domain::refund::UnknownWord;
use crate::domain::refund::words;
use crate::store::{Failure, StoreError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

words! {
    /// The stable code of a refusal. Source: SPEC section 5.
    Code {
        /// Malformed body or parameters; `errors` names each field.
        Body = "ERR.VALIDATION.body",
        /// An amount that is not positive, too large, or that the processor cannot carry.
        AmountRange = "ERR.VALIDATION.amount.range",
        /// Another currency than the payment's, or none at all.
        Currency = "ERR.VALIDATION.currency",
        /// Not in the taxonomy of reasons.
        Reason = "ERR.VALIDATION.reason",
        /// Evidence that does not exist, is not the caller's, or is not of an allowed kind.
        Evidence = "ERR.VALIDATION.evidence",
        /// Evidence that is too large, or too many.
        EvidenceSize = "ERR.VALIDATION.evidence.size",
        /// Evidence of a type that is not allowed.
        EvidenceType = "ERR.VALIDATION.evidence.type",
        /// More than 20 keys, or values that are not short text.
        Metadata = "ERR.VALIDATION.metadata",
        /// The idempotency key is missing or not 1 to 255 visible ASCII characters.
        IdempotencyKey = "ERR.VALIDATION.idempotency_key",
        /// More than remains refundable.
        ExceedsRemaining = "ERR.BUSINESS.refund.exceeds_remaining",
        /// The payment is pending, failed or voided.
        NotCaptured = "ERR.BUSINESS.refund.not_captured",
        /// A chargeback stands on the payment.
        ChargedBack = "ERR.BUSINESS.refund.charged_back",
        /// The order was paid by several tenders.
        SplitTender = "ERR.BUSINESS.refund.split_tender",
        /// The policy denies it, where a denial is an error (connector API).
        Denied = "ERR.BUSINESS.refund.denied",
        /// The same idempotency key came with another payload.
        Idempotency = "ERR.CONFLICT.idempotency",
        /// The first request with this key is still running.
        InProgress = "ERR.CONFLICT.in_progress",
        /// Not allowed from this state, or decided already.
        State = "ERR.CONFLICT.state",
        /// `If-Match` no longer holds.
        Version = "ERR.CONFLICT.version",
        /// `expected_remaining_minor` no longer holds.
        Remaining = "ERR.CONFLICT.remaining",
        /// The processor's payment belongs to another order, or its identity is fixed.
        Payment = "ERR.CONFLICT.payment",
        /// Not signed in, or the token is not valid.
        Authentication = "ERR.AUTHN.required",
        /// The token lacks the scope, or the person the permission.
        Scope = "ERR.AUTHZ.scope",
        /// Another person has to do this.
        DualControl = "ERR.AUTHZ.dual_control",
        /// Above this person's limit.
        Limit = "ERR.AUTHZ.limit",
        /// No such order, or not one that the caller may see.
        OrderNotFound = "ERR.NOT_FOUND.order",
        /// No such refund, or not one that the caller may see.
        RefundNotFound = "ERR.NOT_FOUND.refund",
        /// No such payment at this processor account.
        PaymentNotFound = "ERR.NOT_FOUND.payment",
        /// No such provider account.
        AccountNotFound = "ERR.NOT_FOUND.provider_account",
        /// No such file of evidence, or not on this refund.
        EvidenceNotFound = "ERR.NOT_FOUND.evidence",
        /// Nothing lives at this address.
        PathNotFound = "ERR.NOT_FOUND.path",
        /// The path exists, the method does not.
        Method = "ERR.VALIDATION.method",
        /// The body is longer than allowed.
        TooLarge = "ERR.VALIDATION.size",
        /// The body is not of a media type that is understood.
        MediaType = "ERR.VALIDATION.media_type",
        /// Too many requests.
        Rate = "ERR.LIMIT.rate",
        /// The database does not answer, or the feature is off for this order.
        Unavailable = "ERR.UNAVAILABLE",
        /// A defect of ours; nothing was changed.
        Internal = "ERR.INTERNAL",
    }
}

/// One field that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// JSON pointer into the body, such as `/amount_minor`, or the parameter's or header's name.
    pub pointer: String,
    /// The code of this field's fault; the refusal's own where all its fields agree.
    pub code: Code,
    /// The Fluent id that says what is wrong and what is allowed.
    pub message_id: &'static str,
    /// Arguments of the message.
    pub args: BTreeMap<&'static str, String>,
}

/// A use case that was not carried out. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// The fields at fault, where there are any.
    pub errors: Vec<FieldError>,
    /// Facts that help to mend it, sent beside the code: `remaining_refundable_minor`, `currency`, `state`, `version` …
    pub facts: BTreeMap<&'static str, serde_json::Value>,
    /// When asking again makes sense, in seconds.
    pub retry_after_s: Option<u64>,
    /// What happened, for the log only.
    pub cause: Option<String>,
    /// The store's own error, where that is what it is.
    pub store: Option<StoreError>,
}

impl Refusal {
    /// A refusal with its code alone.
    pub fn new(code: Code) -> Self {
        Self { code, errors: Vec::new(), facts: BTreeMap::new(), retry_after_s: None, cause: None, store: None }
    }

    /// A refusal of one field.
    pub fn field(code: Code, pointer: &str, message_id: &'static str) -> Self {
        Self::new(code).and_field(pointer, message_id, &[])
    }

    /// Adds a field at fault.
    #[must_use]
    pub fn and_field(mut self, pointer: &str, message_id: &'static str, args: &[(&'static str, String)]) -> Self {
        let args = args.iter().cloned().collect();
        self.errors.push(FieldError { pointer: pointer.to_owned(), code: self.code, message_id, args });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<serde_json::Value>) -> Self {
        self.facts.insert(name, value.into());
        self
    }

    /// Says when asking again makes sense.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Keeps what happened for the log.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let refusal = match &error {
            StoreError::Unavailable(_) | StoreError::Transient(_) | StoreError::Busy => {
                Refusal::new(Code::Unavailable).retry_after_s(1)
            }
            StoreError::Stale => Refusal::new(Code::Version),
            StoreError::Corrupt(_) | StoreError::Query(_) => Refusal::new(Code::Internal),
        };
        Refusal { store: Some(error.clone()), ..refusal.because(error) }
    }
}

impl Failure for Refusal {
    fn store_error(&self) -> Option<&StoreError> {
        self.store.as_ref()
    }
}
