//! Sending: what a worker does with a leased row before and after the call. Source: SPEC sections 3 and 7.
//!
//! Before the call the refund is `submitting`, its attempt and key are stored and the guards have been looked at once
//! more; no transaction is open while the processor is asked. What it says goes to `record_outcome`.

use std::sync::Arc;
use std::time::Duration;

use super::context::Context;
use super::desk::Desk;
use super::locks::locked;
use super::moves::{self, Cause, Moved};
use super::record_outcome::end_of_row;
use super::refusal::{Code, Refusal};
use crate::crash::{Point, point};
use crate::domain::flag::FlagName;
use crate::domain::id::{Mint, RefundId};
use crate::domain::order::PaymentStatus;
use crate::domain::provider::RefundOrder;
use crate::domain::refund::{Event, Refund, State};
use crate::store::attempts::{self, AttemptRow};
use crate::store::orders::PaymentRow;
use crate::store::outbox::{self, End, OutboxRow, Work};
use crate::store::{Conn, StoreError, Tx, refunds};

/// Rows of one lease at most: as many calls as one node makes at once.
pub const LEASE_ROWS_MAX: i64 = 64;

/// A lease outlasts the longest call with its recording by far; a worker that sleeps past it has lost the row.
pub const LEASE: Duration = Duration::from_secs(60);

const LEASE_US: i64 = 60_000_000;

/// How long a refund waits while its feature is off for the order, or its account is not configured.
const WAIT_US: i64 = 5_000_000;

/// An attempt that may be sent now.
#[derive(Clone, Debug)]
pub struct Sendable {
    /// The leased row.
    pub row: OutboxRow,
    /// The refund.
    pub refund_id: RefundId,
    /// The account to ask.
    pub account: String,
    /// What to ask.
    pub order: RefundOrder,
    /// The attempt, with this call counted; where it is not the first, look it up before asking again.
    pub attempt: AttemptRow,
}

/// Leases what is due, but nothing for the accounts in `except`. A write of its own: rows of the outbox are locked after
/// their refunds everywhere else, and nobody waits for a refund while holding its row.
pub async fn lease(desk: &Desk, owner: &str, except: &[String]) -> Result<Vec<OutboxRow>, Refusal> {
    let (owner, except) = (owner.to_owned(), except.to_vec());
    let rows = desk
        .db
        .write(move |tx| {
            let now = outbox::lease_clock(tx)?;
            Ok::<_, Refusal>(outbox::lease(tx, Work::Submit, &owner, now, LEASE_US, LEASE_ROWS_MAX, &except)?)
        })
        .await?;
    if !rows.is_empty() {
        point(Point::SubmitLeased);
    }
    Ok(rows)
}

/// Makes a leased row ready to be sent; none where there is nothing to send now.
pub async fn prepare(desk: &Arc<Desk>, context: &Context, row: OutboxRow) -> Result<Option<Sendable>, Refusal> {
    let mint = context.mint();
    let (sendable, moved) = {
        let (desk, context) = (Arc::clone(desk), context.clone());
        let db = desk.db.clone();
        db.write(move |tx| make_ready(&desk, tx, &context, &mut mint.clone(), row.clone())).await?
    };
    if let Some(moved) = &moved {
        moves::announce(desk, &context.in_conversation(&moved.refund.correlation_id), std::slice::from_ref(moved));
    }
    if sendable.is_some() {
        point(Point::SubmitCommitted);
    }
    Ok(sendable)
}

/// When a new attempt may be sent: not while an earlier one can still be on the wire.
pub(super) fn sendable_from(conn: &mut Conn, refund: &Refund, now: i64) -> Result<i64, StoreError> {
    if refund.attempt <= 1 {
        return Ok(now);
    }
    let earlier = attempts::of_refund(conn, &refund.refund_id)?;
    Ok(earlier.iter().filter_map(|attempt| attempt.call_deadline_at).max().map_or(now, |deadline| deadline.max(now)))
}

/// What stands between a leased row and its call.
enum Readiness {
    /// Nothing: the call ends within this time.
    Send { deadline: Duration },
    /// The refund needs no call any more, or another attempt of it has a row of its own.
    Over,
    /// Surely not sent now; looked at again soon.
    Wait { why: String },
    /// A guard broke: it will not be sent.
    Stop { why: &'static str },
}

fn make_ready(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    row: OutboxRow,
) -> Result<(Option<Sendable>, Option<Moved>), Refusal> {
    let found = row_refund(tx, &row)?;
    let now = outbox::lease_clock(tx)?;
    let Some((mut refund, mut payment)) = found else {
        outbox::finish(tx, &row, &End::Dead { error: "the refund of this row does not exist".to_owned() }, now)?;
        return Ok((None, None));
    };
    if !outbox::is_held(tx, &row)? {
        // Whoever slept past the end of the lease leaves the row to who has it now.
        return Ok((None, None));
    }
    let context = &context.in_conversation(&refund.correlation_id);
    let actor = context.actor.principal.clone();
    match readiness(desk, tx, &refund, &payment, &row)? {
        Readiness::Over => {
            outbox::finish(tx, &row, &End::Done, now)?;
            Ok((None, None))
        }
        Readiness::Wait { why } => {
            defer(tx, context, &mut refund, &why)?;
            outbox::finish(tx, &row, &End::Again { due_at: now + WAIT_US, error: why }, now)?;
            Ok((None, None))
        }
        Readiness::Stop { why } => {
            let cause = Cause { context, actor, reason: why, note: None };
            let moved = moves::apply(tx, mint, &mut refund, &mut payment, Event::GuardFailed, &cause)?;
            outbox::finish(tx, &row, &End::Done, now)?;
            Ok((None, moved))
        }
        Readiness::Send { deadline } => {
            let attempt = begin_call(tx, &refund, now, deadline)?;
            let cause = Cause { context, actor, reason: "submit", note: None };
            let moved = moves::apply(tx, mint, &mut refund, &mut payment, Event::Submit, &cause)?;
            point(Point::SubmitRecorded);
            Ok((Some(sendable(row, &refund, attempt)), moved))
        }
    }
}

fn readiness(
    desk: &Desk,
    tx: &mut Tx<'_>,
    refund: &Refund,
    payment: &PaymentRow,
    row: &OutboxRow,
) -> Result<Readiness, Refusal> {
    let open = refund.state == State::Approved || moves::is_on_the_wire(refund.state);
    let current = row.dedupe_key == moves::work_key(Work::Submit, refund);
    if !open || !current || refund.held {
        return Ok(Readiness::Over);
    }
    // What may be at the processor already is followed to its end, whatever flags and guards say now.
    if refund.state == State::Approved {
        if !desk.flags(tx)?.is_on(FlagName::Refunds, &refund.order_id)? {
            return Ok(Readiness::Wait { why: "refunds.v1 is off for this order".to_owned() });
        }
        if let Some(why) = broken_guard(payment) {
            return Ok(Readiness::Stop { why });
        }
    }
    Ok(match desk.providers.get(&refund.provider_account) {
        Some(provider) => Readiness::Send { deadline: provider.call_deadline() },
        None => Readiness::Wait { why: format!("no provider account {:?} is configured", refund.provider_account) },
    })
}

fn sendable(row: OutboxRow, refund: &Refund, attempt: AttemptRow) -> Sendable {
    let order = RefundOrder {
        reference: attempt.reference.clone(),
        connector_transaction_id: refund.connector_transaction_id.clone(),
        amount: refund.amount,
        reason: refund.reason.to_string(),
        correlation_id: refund.correlation_id.clone(),
    };
    Sendable { row, refund_id: refund.refund_id.clone(), account: refund.provider_account.clone(), order, attempt }
}

fn row_refund(tx: &mut Tx<'_>, row: &OutboxRow) -> Result<Option<(Refund, PaymentRow)>, Refusal> {
    let Some(refund_id) = row.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok()) else {
        return Ok(None);
    };
    locked(tx, &refund_id)
}

/// Guards that no table can switch off, looked at once more before anything is sent.
fn broken_guard(payment: &PaymentRow) -> Option<&'static str> {
    match payment.status {
        PaymentStatus::ChargedBack => Some("charged_back"),
        PaymentStatus::Pending | PaymentStatus::Failed | PaymentStatus::Voided => Some("not_captured"),
        PaymentStatus::Captured if payment.usage.shortfall_minor() > 0 => Some("capture_shrunk"),
        PaymentStatus::Captured => None,
    }
}

/// Notes that it is surely not sent yet, where that is news.
pub(super) fn defer(tx: &mut Tx<'_>, context: &Context, refund: &mut Refund, why: &str) -> Result<(), Refusal> {
    let before = refund.qualifier;
    moves::requalify(refund, |marks| marks.deferred = true);
    if refund.qualifier == before {
        return Ok(());
    }
    tracing::warn!(refund_id = %refund.refund_id, account = %refund.provider_account, why, "a refund is deferred");
    moves::touch(tx, refund, context)
}

/// Stores the attempt and that a call is about to be made under its key.
fn begin_call(tx: &mut Tx<'_>, refund: &Refund, now: i64, deadline: Duration) -> Result<AttemptRow, Refusal> {
    let deadline_us =
        i64::try_from(deadline.as_micros()).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let call_deadline_at = Some(now.saturating_add(deadline_us));
    let known =
        attempts::of_refund(tx, &refund.refund_id)?.into_iter().find(|attempt| attempt.attempt == refund.attempt);
    match known {
        Some(mut attempt) => {
            attempt.calls += 1;
            attempt.call_deadline_at = call_deadline_at;
            attempt.first_sent_at = attempt.first_sent_at.or(Some(now));
            attempts::update(tx, &attempt)?;
            Ok(attempt)
        }
        None => {
            let attempt = AttemptRow {
                refund_id: refund.refund_id.clone(),
                attempt: refund.attempt,
                reference: reference(&refund.refund_id, refund.attempt),
                calls: 1,
                first_sent_at: Some(now),
                call_deadline_at,
                lookups_absent: 0,
                absent_since: None,
                unknowns: 0,
                outcome: None,
            };
            attempts::insert(tx, &attempt)?;
            Ok(attempt)
        }
    }
}

/// Our reference at the processor, which is also the attempt's idempotency key. Source: SPEC section 7.
fn reference(refund_id: &RefundId, attempt: i64) -> String {
    if attempt <= 1 { refund_id.to_string() } else { format!("{refund_id}.{attempt}") }
}

/// Gives a leased row back: it is due again at `due_at`, for the reason given, unless its refund needs it no more.
pub async fn give_back(desk: &Desk, row: OutboxRow, due_at: i64, why: &str) -> Result<(), Refusal> {
    let end = End::Again { due_at, error: why.to_owned() };
    desk.db
        .write(move |tx| {
            let found = row_refund(tx, &row)?;
            let now = outbox::lease_clock(tx)?;
            outbox::finish(tx, &row, &end_of_row(&end, found.as_ref().map(|(refund, _)| refund)), now)?;
            Ok(())
        })
        .await
}

/// A hint to hurry: what waits is due now. Answers with the refund as it stands.
pub(super) fn hurry(tx: &mut Tx<'_>, context: &Context, refund_id: &RefundId) -> Result<Refund, Refusal> {
    let refund = refunds::find(tx, refund_id)?.ok_or_else(|| Refusal::new(Code::RefundNotFound))?;
    if !context.may_see(&refund.customer_id) {
        return Err(Refusal::new(Code::RefundNotFound));
    }
    if !refund.state.is_pending_liability() {
        return Err(moves::illegal(&refund));
    }
    let now = context.system_now.as_microsecond();
    let sendable_from = sendable_from(tx, &refund, now)?;
    outbox::hurry(tx, refund_id.as_str(), Work::Submit, sendable_from)?;
    outbox::hurry(tx, refund_id.as_str(), Work::Poll, now)?;
    Ok(refund)
}
