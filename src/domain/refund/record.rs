//! What is recorded of one refund.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::words::{Closure, Qualifier, Reason, State};
use crate::domain::allocation::Share;
use crate::domain::id::{CustomerId, LedgerEntryId, RefundId};
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::domain::provider::ErrorInfo;

/// One request to give money back, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its id.
    pub refund_id: RefundId,
    /// The merchant's order.
    pub order_id: String,
    /// The merchant's payment of that order.
    pub payment_id: String,
    /// Whose order it is.
    pub customer_id: CustomerId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub state: State,
    /// What is special now.
    pub qualifier: Option<Qualifier>,
    /// Why it ended.
    pub closure: Option<Closure>,
    /// Whether another attempt may be started.
    pub retryable: bool,
    /// Stopped until a person looks.
    pub held: bool,
    /// Automatic retries ran out.
    pub dead_lettered: bool,
    /// The account that captured the payment and gives the money back.
    pub provider_account: String,
    /// How the payer paid.
    pub rail: Rail,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// The processor's id of the refund, once told.
    pub provider_refund_id: Option<String>,
    /// Trace number for the payer's bank, once told.
    pub provider_reference: Option<String>,
    /// The newest ledger entry.
    pub ledger_entry_id: Option<LedgerEntryId>,
    /// Number of the newest attempt; 0 before the first.
    pub attempt: i64,
    /// Who asked, as a principal's text.
    pub created_by: String,
    /// The conversation in which it was asked.
    pub correlation_id: String,
    /// Why the processor refused it, where it did.
    pub error: Option<ErrorInfo>,
    /// The integrator's own facts.
    pub metadata: BTreeMap<String, String>,
    /// Dotted id of the message that tells how it stands.
    pub message_id: String,
    /// When it was approved last.
    pub approved_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// Grows by one with every change.
    pub version: i64,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// What of one order line a refund gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// Line, units, amount and what it is made of.
    pub share: Share,
    /// Whether the request named the line, or the amount was spread over all lines.
    pub by_line: bool,
}
