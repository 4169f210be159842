//! A refund's history as one list: what happened, oldest first, whatever table it stands in.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::schema;
use crate::services::read_refunds::{ApprovalRow, CallRow, DecisionRow, EntryRow, InboxRow, Story, TransitionRow};

/// A refund's history.
#[derive(Serialize, ToSchema)]
pub struct RefundEvents {
    /// What happened, oldest first.
    pub data: Vec<EventView>,
    /// Whether there is more; a history comes whole.
    pub has_more: bool,
    /// Always null.
    pub next_cursor: Option<String>,
}

/// One thing that happened to a refund.
#[derive(Serialize, ToSchema)]
#[schema(as = RefundEvent)]
pub struct EventView {
    /// What kind: `transition`, `decision`, `approval`, `provider_call`, `webhook`, `posting`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// When.
    #[schema(schema_with = schema::moment)]
    pub at: Timestamp,
    /// Who.
    pub actor: Option<String>,
    /// The conversation that it belongs to.
    pub correlation_id: Option<String>,
    /// The place among what happened in the same moment: causes before effects.
    #[serde(skip)]
    #[schema(ignore)]
    rank: u8,
    /// The facts, by kind.
    #[schema(value_type = Object)]
    pub details: Value,
}

impl RefundEvents {
    /// The whole story.
    pub fn new(story: Story) -> Self {
        let mut data: Vec<EventView> = story.transitions.into_iter().map(EventView::from).collect();
        data.extend(story.view.decision.map(EventView::from));
        data.extend(story.view.approvals.into_iter().map(EventView::from));
        data.extend(story.calls.into_iter().map(EventView::from));
        data.extend(story.events.into_iter().map(EventView::from));
        data.extend(story.entries.into_iter().map(EventView::from));
        data.sort_by_key(|event| (event.at, event.rank));
        Self { data, has_more: false, next_cursor: None }
    }
}

impl From<TransitionRow> for EventView {
    fn from(row: TransitionRow) -> Self {
        Self {
            kind: "transition",
            rank: if row.from_state.is_none() { 0 } else { 5 },
            at: row.at,
            actor: Some(row.actor),
            correlation_id: Some(row.correlation_id),
            details: json!({ "event": row.event, "from": row.from_state, "to": row.to_state }),
        }
    }
}

impl From<DecisionRow> for EventView {
    fn from(row: DecisionRow) -> Self {
        let outcome: Value = serde_json::from_str(&row.outcome).unwrap_or_default();
        Self {
            kind: "decision",
            rank: 1,
            at: row.decided_at,
            actor: Some(format!("policy:{}", row.policy_version)),
            correlation_id: None,
            details: json!({ "policy_version": row.policy_version, "rule": row.rule, "outcome": outcome }),
        }
    }
}

impl From<ApprovalRow> for EventView {
    fn from(row: ApprovalRow) -> Self {
        Self {
            kind: "approval",
            rank: 2,
            at: row.created_at,
            actor: Some(row.principal),
            correlation_id: None,
            details: json!({ "amount_minor": row.amount_minor, "voided": row.voided }),
        }
    }
}

impl From<CallRow> for EventView {
    fn from(row: CallRow) -> Self {
        Self {
            kind: "provider_call",
            rank: 3,
            at: row.at,
            actor: None,
            correlation_id: None,
            details: json!({
                "attempt": row.attempt, "call": row.kind, "outcome": row.outcome, "detail": row.detail,
                "latency_ms": row.latency_ms,
            }),
        }
    }
}

impl From<InboxRow> for EventView {
    fn from(row: InboxRow) -> Self {
        Self {
            kind: "webhook",
            rank: 4,
            at: Timestamp::from_microsecond(row.received_at).unwrap_or(Timestamp::UNIX_EPOCH),
            actor: Some(format!("provider:{}", row.account)),
            correlation_id: Some(row.correlation_id),
            details: json!({
                "event_id": row.event_id, "type": row.event_type, "status": row.status,
                "occurred_at": Timestamp::from_microsecond(row.occurred_at).ok(),
            }),
        }
    }
}

impl From<EntryRow> for EventView {
    fn from(row: EntryRow) -> Self {
        let posting = row.posting;
        Self {
            kind: "posting",
            rank: 6,
            at: row.posted_at,
            actor: None,
            correlation_id: None,
            details: json!({
                "ledger_entry_id": row.entry_id, "entry": posting.kind, "debit": posting.debit,
                "credit": posting.credit, "amount_minor": posting.amount.minor,
                "currency": posting.amount.currency, "period": row.period,
            }),
        }
    }
}
