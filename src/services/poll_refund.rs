//! Asking a processor how a pending refund stands, at a growing interval. Age makes nothing failed: it is only asked.

use super::desk::Desk;
use super::refusal::Refusal;
use crate::crash::{Point, point};
use crate::domain::id::RefundId;
use crate::domain::refund::State;
use crate::store::outbox::{self, End, OutboxRow, Work};
use crate::store::{attempts, refunds};

/// The first question, in microseconds after the processor took the refund, or may have.
pub(super) const FIRST_POLL_AFTER_US: i64 = 2_000_000;

/// The longest pause between two questions: an hour is soon enough for what takes days.
const PAUSE_MAX_US: i64 = 3_600_000_000;

/// Rows of one lease at most, so that the end of an outage is no storm.
const LEASE_ROWS_MAX: i64 = 16;

const LEASE_US: i64 = 60_000_000;

/// A question to ask.
#[derive(Clone, Debug)]
pub struct Question {
    /// The leased row.
    pub row: OutboxRow,
    /// The account to ask.
    pub account: String,
    /// The processor's id of the refund, once known.
    pub provider_refund_id: Option<String>,
    /// The current attempt's reference.
    pub reference: String,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// The conversation that the refund belongs to.
    pub correlation_id: String,
}

/// Leases the questions that are due.
pub async fn lease(desk: &Desk, owner: &str) -> Result<Vec<Question>, Refusal> {
    let owner = owner.to_owned();
    let questions = desk
        .db
        .write(move |tx| {
            let now = outbox::lease_clock(tx)?;
            let mut questions = Vec::new();
            for row in outbox::lease(tx, Work::Poll, &owner, now, LEASE_US, LEASE_ROWS_MAX, &[])? {
                let refund_id = row.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok());
                // Read without locks, which would come after the row's: a question that is needless by now does no harm.
                let found = refund_id.map(|refund_id| refunds::find(tx, &refund_id)).transpose()?.flatten();
                let pending = found.filter(|refund| refund.state == State::ProviderPending);
                let attempt = match &pending {
                    Some(refund) => attempts::of_refund(tx, &refund.refund_id)?.pop(),
                    None => None,
                };
                match pending.zip(attempt) {
                    Some((refund, attempt)) => questions.push(Question {
                        row,
                        account: refund.provider_account,
                        provider_refund_id: refund.provider_refund_id,
                        reference: attempt.reference,
                        connector_transaction_id: refund.connector_transaction_id,
                        correlation_id: refund.correlation_id,
                    }),
                    None => {
                        outbox::finish(tx, &row, &End::Done, now)?;
                    }
                }
            }
            Ok::<_, Refusal>(questions)
        })
        .await?;
    if !questions.is_empty() {
        point(Point::PollLeased);
    }
    Ok(questions)
}

/// When to ask again: twice as long after each question, up to an hour.
pub fn again(row: &OutboxRow, now: i64) -> End {
    let doublings = u32::try_from(row.attempts).unwrap_or(u32::MAX).min(20);
    let pause = FIRST_POLL_AFTER_US.saturating_mul(1_i64 << doublings).min(PAUSE_MAX_US);
    End::Again { due_at: now.saturating_add(pause), error: "still pending".to_owned() }
}
