//! Moving a refund: the one place where a state change is written, with everything that belongs to it.
//!
//! One transaction holds the payment's committed total, the ledger entries, the transition, the audit record, the
//! refund itself, and what has to leave the house: a letter, an attempt to send, a question to ask later. All of them
//! or none (QUALITY I6). What is told to logs, metrics and live pages is told after the commit, by [`announce`].

use serde_json::json;
use tracing::info;

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use super::work_trace;
use crate::domain::access::Principal;
use crate::domain::audit::{Record, text_digest};
use crate::domain::calendar::utc_date;
use crate::domain::id::{AuditId, LedgerEntryId, Mint, OutboxId};
use crate::domain::ledger::{EntryKind, posting};
use crate::domain::message::{self, MessageKind};
use crate::domain::refund::{Answer, Commitment, Event, Marks, Refund, State, Step, next, qualifier};
use crate::store::ledger::EntryRow;
use crate::store::orders::PaymentRow;
use crate::store::outbox::{self, NewWork, Work};
use crate::store::trail::{self, AuditRow, TransitionRow};
use crate::store::{StoreError, Tx, ledger, orders, refunds, reviews};
use crate::telemetry::{metrics, msgid};

/// Why a refund moves, for the trail.
pub(super) struct Cause<'a> {
    /// The call that it moves in.
    pub(super) context: &'a Context,
    /// Who moves it; the policy and processors act within somebody else's call.
    pub(super) actor: Principal,
    /// Why, as a code: a rule, a verdict, a processor's error code.
    pub(super) reason: &'a str,
    /// What people wrote; it stands in an erasable row, and as a salted digest in the trail.
    pub(super) note: Option<&'a str>,
}

/// A state change that was written, to be announced after the commit.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) refund: Refund,
    pub(super) event: Option<Event>,
    pub(super) reason: String,
}

/// Moves the refund by `event`, or refuses with `409 ERR.CONFLICT.state`. `None` where the event changes nothing.
///
/// The payment is locked and as read; both are brought up to date.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    payment: &mut PaymentRow,
    event: Event,
    cause: &Cause<'_>,
) -> Result<Option<Moved>, Refusal> {
    let step = match next(refund.state, event) {
        Answer::Move(step) => step,
        Answer::Stay => return Ok(None),
        Answer::Illegal => return Err(illegal(refund)),
    };
    let before = refund.clone();
    commit(tx, refund, payment, step)?;
    refund.state = step.to;
    refund.closure = step.closure;
    refund.retryable = step.retryable.unwrap_or(false);
    match event {
        Event::Approve | Event::Retry => {
            refund.attempt += 1;
            refund.approved_at = Some(cause.context.now);
            refund.dead_lettered = false;
            refund.error = None;
        }
        Event::Succeeded | Event::TurnedOutPaid => {
            refund.completed_at = Some(cause.context.now);
            refund.error = None;
            refund.dead_lettered = false;
        }
        Event::Deny
        | Event::Withdraw
        | Event::Cancel
        | Event::GuardFailed
        | Event::Submit
        | Event::Defer
        | Event::Accepted
        | Event::OutcomeUnknown
        | Event::Failed { .. }
        | Event::Reversed => {}
    }
    refund.message_id = step.to.message_id().to_owned();
    requalify(refund, |marks| marks.unknown = event == Event::OutcomeUnknown);
    for &kind in step.entries {
        post(tx, mint, refund, kind, cause)?;
    }
    write(tx, mint, Some(&before), refund, event.as_str(), cause)?;
    if before.state == State::Requested && !matches!(cause.actor, Principal::Policy(_)) {
        reviews::close(tx, &refund.refund_id, &cause.actor, cause.context.now)?;
    }
    enqueue(tx, mint, refund, event, cause)?;
    Ok(Some(Moved { refund: refund.clone(), event: Some(event), reason: cause.reason.to_owned() }))
}

/// Writes a refund that is new: always recorded first, whatever is decided next.
pub(super) fn create(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    cause: &Cause<'_>,
) -> Result<Moved, Refusal> {
    refunds::insert(tx, refund)?;
    record(tx, mint, None, refund, "create", cause)?;
    enqueue_mail(tx, mint, refund, message::FOR_CREATION, cause)?;
    Ok(Moved { refund: refund.clone(), event: None, reason: cause.reason.to_owned() })
}

/// Writes a change of the refund that is no state change: a mark, a processor's id. It has no transition; where a person
/// or a guard caused it, the caller writes an audit record of its own.
pub(super) fn touch(tx: &mut Tx<'_>, refund: &mut Refund, context: &Context) -> Result<(), Refusal> {
    refund.version += 1;
    refund.updated_at = context.now;
    refunds::update(tx, refund)?;
    Ok(())
}

/// Chooses the qualifier anew from what the refund carries, after `mark` has set what only the caller knows.
pub(super) fn requalify(refund: &mut Refund, mark: impl FnOnce(&mut Marks)) {
    let mut marks = Marks {
        held: refund.held,
        dead_lettered: refund.dead_lettered,
        closure: refund.closure,
        retryable: refund.retryable,
        ..Marks::default()
    };
    mark(&mut marks);
    refund.qualifier = qualifier(refund.state, marks);
}

/// The refusal of what is not allowed from here.
pub(super) fn illegal(refund: &Refund) -> Refusal {
    Refusal::new(Code::State)
        .with("state", refund.state.as_str())
        .with("qualifier", refund.qualifier.map(|qualifier| qualifier.as_str()))
        .with("refund_id", refund.refund_id.as_str())
}

/// The refusal of more than remains.
pub(super) fn exceeds_remaining(payment: &PaymentRow) -> Refusal {
    Refusal::field(Code::ExceedsRemaining, "/amount_minor", "field-exceeds-remaining")
        .with("remaining_refundable_minor", payment.usage.remaining_refundable_minor())
        .with("currency", payment.currency.code())
}

/// Writes an audit record about something other than a state change.
pub(super) fn audit(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    cause: &Cause<'_>,
    action: &str,
    subject: &str,
    before: Option<String>,
    after: Option<String>,
) -> Result<AuditId, StoreError> {
    let id = AuditId::from_ulid(mint.next_ulid());
    let salt = mint.next_ulid().to_string();
    let record = Record {
        audit_id: id.to_string(),
        at_us: cause.context.now.as_microsecond(),
        actor: cause.actor.to_string(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        reason_code: cause.reason.to_owned(),
        correlation_id: cause.context.correlation_id.clone(),
        origin_digest: cause.context.origin.clone(),
        before_json: before.unwrap_or_default(),
        after_json: after.unwrap_or_default(),
        text_digest: cause.note.map(|note| text_digest(salt.as_bytes(), note).to_string()).unwrap_or_default(),
    };
    let row = AuditRow::new(record);
    trail::insert_audit(tx, &row)?;
    if let Some(note) = cause.note {
        trail::insert_audit_note(tx, id.as_str(), &salt, note)?;
    }
    Ok(id)
}

/// Tells logs, metrics, workers and live pages what was committed.
pub(super) fn announce(desk: &Desk, context: &Context, moves: &[Moved]) {
    for moved in moves {
        let refund = &moved.refund;
        metrics::refund_reached(refund.state.as_str());
        let Some((msgid, sentence)) = message_of(moved) else { continue };
        info!(
            msgid,
            refund_id = %refund.refund_id,
            order_id = %refund.order_id,
            correlation_id = %context.correlation_id,
            state = refund.state.as_str(),
            reason = %moved.reason,
            amount_minor = refund.amount.minor,
            currency = refund.amount.currency.code(),
            "{sentence}"
        );
    }
    let is_to_be_sent = |moved: &Moved| matches!(moved.event, Some(Event::Approve | Event::Retry));
    if moves.iter().any(is_to_be_sent) {
        desk.bells.submit.notify_one();
    }
    if !moves.is_empty() {
        desk.bells.mail.notify_one();
        desk.bells.feed.notify_waiters();
    }
}

fn message_of(moved: &Moved) -> Option<(&'static str, &'static str)> {
    match moved.event {
        None => Some((msgid::REFUND_REQUESTED, "a refund was requested")),
        Some(Event::Deny) => Some((msgid::REFUND_REQUESTED, "a requested refund was denied")),
        Some(Event::Approve | Event::Retry) => Some((msgid::REFUND_APPROVED, "a refund was approved")),
        Some(Event::Submit) => Some((msgid::REFUND_SUBMITTED, "a refund is sent to its processor")),
        Some(Event::Succeeded | Event::TurnedOutPaid) => Some((msgid::REFUND_COMPLETED, "a refund was completed")),
        Some(Event::Failed { .. } | Event::Reversed) => Some((msgid::REFUND_FAILED, "a refund failed")),
        Some(
            Event::Withdraw
            | Event::Cancel
            | Event::GuardFailed
            | Event::Defer
            | Event::Accepted
            | Event::OutcomeUnknown,
        ) => None,
    }
}

fn commit(tx: &mut Tx<'_>, refund: &Refund, payment: &mut PaymentRow, step: Step) -> Result<(), Refusal> {
    let amount_minor = refund.amount.minor;
    match step.commitment {
        Commitment::Keep => {}
        Commitment::Commit => {
            if !orders::commit_amount(tx, &refund.order_id, &refund.payment_id, amount_minor)? {
                return Err(exceeds_remaining(payment));
            }
            payment.usage.committed_minor = payment.usage.committed_minor.saturating_add(amount_minor);
        }
        Commitment::CommitPaid => payment.usage = orders::commit_paid_amount(tx, payment, amount_minor)?,
        Commitment::Release => payment.usage = orders::release_amount(tx, payment, amount_minor)?,
    }
    Ok(())
}

fn post(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    kind: EntryKind,
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    let _span = tracing::info_span!("ledger.post", kind = kind.as_str()).entered();
    let posting = posting(kind, refund.amount, &refund.provider_account)
        .ok_or_else(|| Refusal::new(Code::Internal).because("a move cannot post an adjustment"))?;
    // A refund's entries sort as they were committed: the refund is locked, and names the last one.
    let entry_id = LedgerEntryId::from_ulid(match &refund.ledger_entry_id {
        Some(last) => mint.next_ulid_behind(last.ulid()),
        None => mint.next_ulid(),
    });
    let entry = EntryRow {
        entry_id: entry_id.clone(),
        posting,
        refund_id: Some(refund.refund_id.clone()),
        period: utc_date(cause.context.now).strftime("%Y-%m").to_string(),
        posted_at: cause.context.now,
        occurred_at: cause.context.now,
    };
    ledger::append(tx, &entry)?;
    refund.ledger_entry_id = Some(entry_id);
    Ok(())
}

fn write(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    before: Option<&Refund>,
    refund: &mut Refund,
    event: &str,
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    touch(tx, refund, cause.context)?;
    record(tx, mint, before, refund, event, cause)
}

/// The transition and the audit record of one change.
fn record(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    before: Option<&Refund>,
    refund: &Refund,
    event: &str,
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    let shape = |refund: &Refund| {
        json!({"state": refund.state, "qualifier": refund.qualifier, "amount_minor": refund.amount.minor, "attempt": refund.attempt})
            .to_string()
    };
    let action = format!("refund.{event}");
    let subject = format!("refund:{}", refund.refund_id);
    let audit_id = audit(tx, mint, cause, &action, &subject, before.map(shape), Some(shape(refund)))?;
    let row = TransitionRow {
        seq: 0,
        refund_id: refund.refund_id.clone(),
        position: refund.version,
        from_state: before.map(|before| before.state),
        to_state: refund.state,
        event: event.to_owned(),
        actor: cause.actor.to_string(),
        correlation_id: cause.context.correlation_id.clone(),
        audit_id: audit_id.to_string(),
        at: cause.context.now,
    };
    trail::insert_transition(tx, &row)?;
    Ok(())
}

/// What leaves the house because of a move.
fn enqueue(tx: &mut Tx<'_>, mint: &mut Mint, refund: &Refund, event: Event, cause: &Cause<'_>) -> Result<(), Refusal> {
    let now = cause.context.system_now.as_microsecond();
    match event {
        Event::Approve | Event::Retry => {
            let not_before = super::submit_refund::sendable_from(tx, refund, now)?;
            enqueue_work(tx, mint, refund, Work::Submit, not_before)?;
        }
        Event::Accepted | Event::OutcomeUnknown => {
            enqueue_work(tx, mint, refund, Work::Poll, now + super::poll_refund::FIRST_POLL_AFTER_US)?;
        }
        Event::Deny
        | Event::Withdraw
        | Event::Cancel
        | Event::GuardFailed
        | Event::Submit
        | Event::Defer
        | Event::Succeeded
        | Event::Failed { .. }
        | Event::TurnedOutPaid
        | Event::Reversed => {}
    }
    if !refund.state.is_pending_liability() {
        outbox::void_of_refund(tx, refund.refund_id.as_str(), now)?;
    }
    match message::for_move(event) {
        Some(kind) => enqueue_mail(tx, mint, refund, kind, cause),
        None => Ok(()),
    }
}

fn enqueue_work(tx: &mut Tx<'_>, mint: &mut Mint, refund: &Refund, work: Work, due_at: i64) -> Result<(), Refusal> {
    let new = NewWork {
        outbox_id: OutboxId::from_ulid(mint.next_ulid()).to_string(),
        work,
        dedupe_key: work_key(work, refund),
        refund_id: Some(refund.refund_id.to_string()),
        account: Some(refund.provider_account.clone()),
        payload: work_trace::payload(refund.attempt).map_err(|error| Refusal::new(Code::Internal).because(error))?,
        due_at,
    };
    outbox::enqueue(tx, new)?;
    Ok(())
}

/// The key of the work that a refund's current attempt has: one row of each kind.
pub(super) fn work_key(work: Work, refund: &Refund) -> String {
    format!("{work}:{}:{}", refund.refund_id, refund.attempt)
}

fn enqueue_mail(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &Refund,
    kind: MessageKind,
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    let new = NewWork {
        outbox_id: OutboxId::from_ulid(mint.next_ulid()).to_string(),
        work: Work::Mail,
        // One change of one refund has one letter.
        dedupe_key: format!("mail:{}:{}", refund.refund_id, refund.version),
        refund_id: Some(refund.refund_id.to_string()),
        account: None,
        payload: json!({"kind": kind, "version": refund.version}).to_string(),
        due_at: cause.context.system_now.as_microsecond(),
    };
    outbox::enqueue(tx, new)?;
    Ok(())
}

/// The state that the refund is in says whether the processor may have it now.
pub(super) fn is_on_the_wire(state: State) -> bool {
    match state {
        State::Submitting | State::ProviderPending => true,
        State::Requested | State::Approved | State::Completed | State::Failed | State::Canceled => false,
    }
}
