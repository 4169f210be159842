//! The bodies that the simulator's server and its connector exchange, and the two that it shows to the world: its
//! webhooks' and the public listing's.

use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::money::Money;
use crate::domain::provider::{ErrorInfo, ProviderRefund, UnifiedStatus};

use super::book::SimulatedRefund;
use super::failure::{self, Failure};

/// An amount on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireAmount {
    /// Minor units of the currency.
    pub minor_amount: i64,
    /// ISO 4217 code.
    pub currency: Currency,
}

/// An item of the public listing of what the simulator's book holds. Source: SPEC section 7.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRefund {
    /// The simulator's id of the refund.
    pub connector_refund_id: String,
    /// Our reference.
    pub merchant_refund_id: String,
    /// `PENDING`, `SUCCEEDED` or `FAILED`, as of now; a reversed refund shows as `FAILED`.
    pub status: UnifiedStatus,
    /// How much.
    pub amount: WireAmount,
}

impl ListedRefund {
    /// The refund as it stands at `now`.
    pub fn at(refund: &SimulatedRefund, now: jiff::Timestamp) -> Self {
        Self {
            connector_refund_id: refund.connector_refund_id.clone(),
            merchant_refund_id: refund.reference.clone(),
            status: refund.standing_at(now).status,
            amount: refund.amount.into(),
        }
    }
}

/// The order of a refund.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RefundRequest {
    pub(super) merchant_refund_id: String,
    pub(super) connector_transaction_id: String,
    pub(super) amount: WireAmount,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) metadata: Metadata,
}

/// What travels with an order for people who search.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) correlation_id: String,
}

/// A refund as the simulator shows it, in answers and in webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RefundBody {
    pub(super) connector_refund_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) merchant_refund_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) connector_transaction_id: Option<String>,
    pub(super) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<WireAmount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<WireError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<jiff::Timestamp>,
}

/// Why, on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WireError {
    pub(super) code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
}

/// The body of a refused call.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ErrorBody {
    pub(super) error: WireError,
}

/// A page of refunds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ListBody {
    pub(super) data: Vec<RefundBody>,
    #[serde(default)]
    pub(super) next_cursor: Option<String>,
}

/// The simulator's own status words. What it may learn to say in a later version is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(super) enum Status {
    Pending,
    Succeeded,
    Failed,
    Other(String),
}

impl Status {
    /// The unified status; a word that we do not know moves no money.
    pub(super) fn unified(&self) -> UnifiedStatus {
        match self {
            Status::Pending | Status::Other(_) => UnifiedStatus::Pending,
            Status::Succeeded => UnifiedStatus::Succeeded,
            Status::Failed => UnifiedStatus::Failed,
        }
    }
}

impl From<String> for Status {
    fn from(word: String) -> Self {
        match word.as_str() {
            "PENDING" => Status::Pending,
            "SUCCEEDED" => Status::Succeeded,
            "FAILED" => Status::Failed,
            _ => Status::Other(word),
        }
    }
}

impl From<Status> for String {
    fn from(status: Status) -> String {
        match status {
            Status::Pending => "PENDING".to_owned(),
            Status::Succeeded => "SUCCEEDED".to_owned(),
            Status::Failed => "FAILED".to_owned(),
            Status::Other(word) => word,
        }
    }
}

impl From<UnifiedStatus> for Status {
    fn from(status: UnifiedStatus) -> Self {
        match status {
            UnifiedStatus::Pending => Status::Pending,
            UnifiedStatus::Succeeded => Status::Succeeded,
            UnifiedStatus::Failed => Status::Failed,
        }
    }
}

impl From<Money> for WireAmount {
    fn from(money: Money) -> Self {
        Self { minor_amount: money.minor, currency: money.currency }
    }
}

impl From<WireAmount> for Money {
    fn from(amount: WireAmount) -> Self {
        Money::new(amount.minor_amount, amount.currency)
    }
}

impl From<&Failure> for WireError {
    fn from(failure: &Failure) -> Self {
        Self { code: failure.code.to_owned(), message: Some(failure.message.to_owned()) }
    }
}

impl WireError {
    /// The error in our words.
    pub(super) fn unified(&self) -> ErrorInfo {
        failure::to_error_info(&self.code, self.message.as_deref())
    }
}

impl RefundBody {
    /// The refund in our words. A failure without a code is one that we cannot judge: final, and shown as unknown.
    pub(super) fn unified(self) -> ProviderRefund {
        let status = self.status.unified();
        let error = match (status, &self.error) {
            (_, Some(error)) => Some(error.unified()),
            (UnifiedStatus::Failed, None) => Some(failure::to_error_info("", None)),
            (UnifiedStatus::Pending | UnifiedStatus::Succeeded, None) => None,
        };
        ProviderRefund {
            connector_refund_id: self.connector_refund_id,
            reference: self.merchant_refund_id,
            connector_transaction_id: self.connector_transaction_id,
            status,
            amount: self.amount.map(Money::from),
            error,
            bank_reference: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<ProviderRefund> {
        serde_json::from_str::<RefundBody>(json).ok().map(RefundBody::unified)
    }

    #[test]
    fn f32_an_unknown_status_moves_no_money() {
        let refund = read(r#"{"connector_refund_id":"a","status":"TELEPORTED"}"#).unwrap();
        assert_eq!(refund.status, UnifiedStatus::Pending);
        assert_eq!(Status::from("TELEPORTED".to_owned()), Status::Other("TELEPORTED".to_owned()));
    }

    #[test]
    fn a_failure_without_a_reason_is_final() {
        let refund = read(r#"{"connector_refund_id":"a","status":"FAILED"}"#).unwrap();
        assert_eq!(refund.error.map(|error| error.retryable), Some(false));
    }

    #[test]
    fn an_amount_is_whole_or_the_body_is_not_understood() {
        for amount in ["1.5", r#""15""#, "1e2", "null"] {
            let amount = format!(r#"{{"minor_amount":{amount},"currency":"USD"}}"#);
            assert_eq!(
                read(&format!(r#"{{"connector_refund_id":"a","status":"SUCCEEDED","amount":{amount}}}"#)),
                None,
                "{amount}"
            );
        }
    }
}
