//! How refunds look in answers. Member names are the wire contract of SPEC section 5.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::schema;
use crate::domain::calendar::Basis;
use crate::domain::evidence::{LINK, Scan};
use crate::domain::order::Rail;
use crate::domain::provider::ErrorInfo;
use crate::domain::refund::{Closure, Qualifier, Reason, State};
use crate::services::read_refunds::{self, ApprovalRow, EvidenceRow};

/// One request to give money back, as it stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundView {
    /// Its id.
    #[schema(schema_with = schema::refund_id)]
    pub refund_id: String,
    /// Your order.
    pub order_id: String,
    /// Whose order it is.
    pub user_id: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(schema_with = schema::currency)]
    pub currency: &'static str,
    /// Why.
    #[schema(schema_with = schema::reason)]
    pub reason: Reason,
    /// What the customer says.
    pub note: Option<String>,
    /// Where it stands.
    #[schema(schema_with = schema::state)]
    pub state: State,
    /// What is special now.
    #[schema(schema_with = schema::optional_qualifier)]
    pub qualifier: Option<Qualifier>,
    /// Why it ended, where people, the policy, a guard or a reversal ended it.
    #[schema(schema_with = schema::optional_closure)]
    pub closure: Option<Closure>,
    /// Whether another attempt may be started.
    pub retryable: bool,
    /// The account that gives the money back.
    pub provider_account: String,
    /// How the payer paid.
    #[schema(schema_with = schema::rail)]
    pub rail: Rail,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// The processor's id of the refund, once told.
    pub provider_refund_id: Option<String>,
    /// Trace number for the payer's bank (ARN and the like), once told.
    pub provider_reference: Option<String>,
    /// The newest ledger entry.
    pub ledger_entry_id: Option<String>,
    /// Files that belong to it.
    pub evidence: Vec<EvidenceView>,
    /// Your own facts.
    pub metadata: BTreeMap<String, String>,
    /// How it was decided.
    pub decision: Option<DecisionView>,
    /// Why the processor refused it, where it did.
    #[schema(value_type = Option<ErrorView>)]
    pub error: Option<ErrorInfo>,
    /// When the payer should see the money.
    pub expected_completion: Option<ExpectedView>,
    /// Dotted id of the message that tells how it stands.
    pub message_id: String,
    /// Grows by one with every change; also in `ETag`.
    pub version: i64,
    /// When it was asked.
    #[schema(schema_with = schema::moment)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[schema(schema_with = schema::moment)]
    pub updated_at: Timestamp,
}

/// A file that belongs to a refund. Its bytes are shown to the desk only.
#[derive(Serialize, ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceView {
    /// What it is.
    #[schema(schema_with = schema::evidence_kind)]
    pub r#type: &'static str,
    /// Its address.
    pub uri: String,
    /// Its media type, by its content.
    pub media_type: &'static str,
    /// How long it is.
    pub size_bytes: i64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
    /// What the virus scanner says.
    #[schema(schema_with = schema::scan)]
    pub scan: Scan,
    /// What it shows, in words.
    pub alt: Option<String>,
}

/// How a request was decided, with what the policy saw.
#[derive(Serialize, ToSchema)]
#[schema(as = RefundDecision)]
pub struct DecisionView {
    /// Who decided: `policy:1`, `user:us_…`, `token:name`; null while it waits.
    pub by: Option<String>,
    /// The rule that matched.
    pub rule: String,
    /// The version of the policy.
    pub policy_version: i64,
    /// Every rule that was read, in order; the last one matched.
    #[schema(value_type = Vec<TraceLineView>)]
    pub trace: Value,
    /// The approvals that people gave.
    pub approvals: Vec<ApprovalView>,
}

/// One rule as it was read.
#[derive(ToSchema)]
#[schema(as = TraceLine)]
pub struct TraceLineView {
    /// Which rule.
    pub rule: String,
    /// Whether it applied.
    pub matched: bool,
    /// All its conditions where it applied, else the first that did not hold.
    #[schema(value_type = Vec<Object>)]
    pub because: Vec<Value>,
}

/// One person's yes.
#[derive(Serialize, ToSchema)]
#[schema(as = Approval)]
pub struct ApprovalView {
    /// Who; an API token is its owner.
    pub by: String,
    /// The amount that they said yes to.
    pub amount_minor: i64,
    /// When.
    #[schema(schema_with = schema::moment)]
    pub at: Timestamp,
    /// Whether a later change made it void.
    pub voided: bool,
}

/// Why a processor refused.
#[derive(ToSchema)]
#[schema(as = ProcessorError)]
pub struct ErrorView {
    /// Our word for it, stable.
    pub code: String,
    /// A sentence in English.
    pub message: String,
    /// Whether another attempt may pass later.
    pub retryable: bool,
    /// The processor's own code.
    #[schema(nullable = false)]
    pub processor_code: Option<String>,
    /// The processor's own words.
    #[schema(nullable = false)]
    pub processor_message: Option<String>,
}

/// Between which days the payer should see the money.
#[derive(Serialize, ToSchema)]
#[schema(as = ExpectedCompletion)]
pub struct ExpectedView {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// How the days are counted: `business_days`, `days` or `hours`.
    #[schema(value_type = String)]
    pub basis: Basis,
}

/// What a create answers.
#[derive(ToSchema)]
pub struct RefundAccepted {
    /// Its id.
    #[schema(schema_with = schema::refund_id)]
    pub refund_id: String,
    /// The state that the create ended in.
    #[schema(schema_with = schema::state)]
    pub state: String,
    /// What is special now.
    #[schema(schema_with = schema::optional_qualifier)]
    pub qualifier: Option<String>,
    /// What remains of the order's payment after it.
    pub remaining_refundable_minor: i64,
    /// `refund.request.accepted`, or the message of the rule that denied it.
    pub message_id: String,
}

/// What a dry run answers: the decision that would be taken.
#[derive(Serialize, ToSchema)]
pub struct RefundPreview {
    /// The state that the create would end in.
    #[schema(schema_with = schema::state)]
    pub state: State,
    /// What would be special.
    #[schema(schema_with = schema::optional_qualifier)]
    pub qualifier: Option<Qualifier>,
    /// How much it would be, in minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(schema_with = schema::currency)]
    pub currency: &'static str,
    /// What would remain.
    pub remaining_refundable_minor: i64,
    /// How it would be decided.
    pub decision: DecisionView,
    /// Approvals that it would need; 0 where the policy decides alone.
    pub approvals_needed: u8,
    /// What the customer would be told.
    pub message_id: String,
}

/// A page of refunds.
#[derive(Serialize, ToSchema)]
pub struct RefundList {
    /// The refunds, newest first.
    pub data: Vec<RefundView>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

impl From<read_refunds::RefundView> for RefundView {
    fn from(shown: read_refunds::RefundView) -> Self {
        let note = shown.request_note().map(str::to_owned);
        let decision = shown.decision.map(|decision| DecisionView {
            by: decision.decided_by,
            rule: decision.rule,
            policy_version: decision.policy_version,
            trace: shown.verdict.map(|verdict| json!(verdict.trace)).unwrap_or_else(|| json!([])),
            approvals: shown.approvals.into_iter().map(ApprovalView::from).collect(),
        });
        let refund = shown.refund;
        Self {
            refund_id: refund.refund_id.into(),
            order_id: refund.order_id,
            user_id: refund.customer_id.into(),
            amount_minor: refund.amount.minor,
            currency: refund.amount.currency.code(),
            reason: refund.reason,
            note,
            state: refund.state,
            qualifier: refund.qualifier,
            closure: refund.closure,
            retryable: refund.retryable,
            provider_account: refund.provider_account,
            rail: refund.rail,
            connector_transaction_id: refund.connector_transaction_id,
            provider_refund_id: refund.provider_refund_id,
            provider_reference: refund.provider_reference,
            ledger_entry_id: refund.ledger_entry_id.map(String::from),
            evidence: shown.evidence.into_iter().map(EvidenceView::from).collect(),
            metadata: refund.metadata,
            decision,
            error: refund.error,
            expected_completion: shown.expected.map(|expected| ExpectedView {
                from: expected.from,
                to: expected.to,
                basis: expected.basis,
            }),
            message_id: refund.message_id,
            version: refund.version,
            created_at: refund.created_at,
            updated_at: refund.updated_at,
        }
    }
}

impl From<EvidenceRow> for EvidenceView {
    fn from(file: EvidenceRow) -> Self {
        Self {
            r#type: file.kind.class(),
            uri: format!("{LINK}{}", file.evidence_id),
            media_type: file.kind.media_type(),
            size_bytes: file.size_bytes,
            sha256: file.sha256,
            scan: file.scan,
            alt: Some(file.alt).filter(|alt| !alt.is_empty()),
        }
    }
}

impl From<ApprovalRow> for ApprovalView {
    fn from(approval: ApprovalRow) -> Self {
        Self {
            by: approval.principal,
            amount_minor: approval.amount_minor,
            at: approval.created_at,
            voided: approval.voided,
        }
    }
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn a_refund_has_the_members_of_the_contract() {
        let schema = serde_json::to_value(RefundView::schema()).unwrap();
        let members: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut contract = [
            "refund_id",
            "order_id",
            "user_id",
            "amount_minor",
            "currency",
            "reason",
            "note",
            "state",
            "qualifier",
            "closure",
            "retryable",
            "provider_account",
            "rail",
            "connector_transaction_id",
            "provider_refund_id",
            "provider_reference",
            "ledger_entry_id",
            "evidence",
            "metadata",
            "decision",
            "error",
            "expected_completion",
            "message_id",
            "version",
            "created_at",
            "updated_at",
        ];
        contract.sort_unstable();
        let mut sorted = members.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, contract);
    }
}
