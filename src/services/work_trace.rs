//! The trace that a piece of work belongs to. It stands in the work's row, so that what is done later, by another worker
//! or on another node, goes on in the trace of whoever caused it.

use serde::{Deserialize, Serialize};

use crate::domain::id::RefundId;
use crate::store::outbox::{self, OutboxRow, Work};
use crate::store::{Conn, StoreError};
use crate::telemetry::{TraceParent, traces};

/// What stands in the row of work at a processor.
#[derive(Serialize, Deserialize)]
struct Payload {
    attempt: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    traceparent: Option<String>,
}

/// The payload of work for this attempt, caused by what is done now.
pub(super) fn payload(attempt: i64) -> Result<String, serde_json::Error> {
    let traceparent = traces::current().map(|parent| parent.to_string());
    serde_json::to_string(&Payload { attempt, traceparent })
}

/// The trace of this row's work; none where nobody traced what caused it.
pub fn of(row: &OutboxRow) -> Option<TraceParent> {
    let payload: Payload = serde_json::from_str(&row.payload).ok()?;
    payload.traceparent?.parse().ok()
}

/// The trace in which a refund was last sent to its processor.
pub(super) fn of_refund(conn: &mut Conn, refund_id: &RefundId) -> Result<Option<TraceParent>, StoreError> {
    let rows = outbox::of_refunds(conn, std::slice::from_ref(refund_id), Work::Submit)?;
    Ok(rows.last().and_then(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(payload: &str) -> OutboxRow {
        OutboxRow {
            outbox_id: String::new(),
            kind: Work::Submit.to_string(),
            dedupe_key: String::new(),
            refund_id: None,
            account: None,
            payload: payload.to_owned(),
            status: "waiting".to_owned(),
            attempts: 0,
            due_at: 0,
            lease_owner: None,
            fence: 0,
            lease_until: None,
            last_error: None,
            created_at: 0,
            finished_at: None,
        }
    }

    #[test]
    fn a_row_tells_its_trace_or_none() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let traced = row(&format!(r#"{{"attempt":1,"traceparent":"{text}"}}"#));
        assert_eq!(of(&traced).map(|parent| parent.to_string()).as_deref(), Some(text));
        for untraced in [r#"{"attempt":1}"#, r#"{"attempt":1,"traceparent":"nonsense"}"#, "{}", ""] {
            assert_eq!(of(&row(untraced)), None, "{untraced}");
        }
        assert_eq!(payload(2).unwrap(), r#"{"attempt":2}"#, "nothing is exported here");
    }
}
