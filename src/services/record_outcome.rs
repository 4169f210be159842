//! What became of a refund at its processor: the one place where it becomes completed or failed.
//!
//! A call's answer, a webhook and a poll all end here. The first fact wins; what comes later and says the same changes
//! nothing, in whatever order and number the news arrive (QUALITY I7). Source: SPEC sections 3 and 7.

use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::locks::locked;
use super::moves::{self, Cause, Moved};
use super::refusal::Refusal;
use super::submit_refund;
use crate::crash::{Point, point};
use crate::domain::access::Principal;
use crate::domain::id::Mint;
use crate::domain::provider::{ErrorInfo, NotDone, ProviderRefund, UnifiedStatus, Unknown};
use crate::domain::refund::{Event, Refund, State};
use crate::store::Tx;
use crate::store::attempts::{self, AttemptRow, CallRow};
use crate::store::orders::PaymentRow;
use crate::store::outbox::{self, End, OutboxRow};

/// Something that is now known, or known to be unknown, about one attempt.
#[derive(Clone, Debug)]
pub enum Fact {
    /// The processor shows the refund so.
    Shown(ProviderRefund),
    /// The processor took a success back.
    TakenBack(ProviderRefund),
    /// The processor refused the attempt.
    Refused(ErrorInfo),
    /// Surely not done; asked again later with the same key.
    NotDone(NotDone),
    /// It may have been done.
    Unknown(Unknown),
    /// A conclusive look-up found nothing under the attempt's reference.
    Absent,
    /// Given up after conclusive look-ups: not done, without the processor's own word.
    GivenUp(ErrorInfo),
    /// It may have been done, and the processor may have forgotten the attempt's key: asking again could pay twice.
    KeyExpired,
}

/// Where a fact comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The account whose word it is.
    pub account: String,
    /// The call that it is the answer to: kind, how long it took in milliseconds; none for an event.
    pub call: Option<(&'static str, i64)>,
}

/// What is to become of the leased row that the fact answers.
pub type RowEnd = (OutboxRow, End);

/// Records a fact about the attempt with this reference, and ends the row that asked for it; whether the refund is known.
/// A row that dies leaves its refund marked, so that people see it.
pub async fn record_outcome(
    desk: &Arc<Desk>,
    context: &Context,
    reference: &str,
    fact: Fact,
    source: Source,
    row: Option<RowEnd>,
) -> Result<bool, Refusal> {
    let mint = context.mint();
    let recorded = {
        let (context, reference) = (context.clone(), reference.to_owned());
        desk.db
            .write(move |tx| {
                let mut mint = mint.clone();
                let recorded = record(tx, &context, &mut mint, &reference, &fact, &source)?;
                if let Some((row, end)) = &row {
                    let now = outbox::lease_clock(tx)?;
                    let end = end_of_row(end, recorded.refund.as_ref());
                    let was_held = outbox::finish(tx, row, &end, now)?;
                    if let (true, End::Dead { error }) = (was_held, &end) {
                        mark_dead(tx, &context, &mut mint, &reference, &source, error)?;
                    }
                }
                point(Point::OutcomeRecorded);
                Ok::<_, Refusal>(recorded)
            })
            .await?
    };
    point(Point::OutcomeCommitted);
    moves::announce(desk, context, recorded.moved.as_slice());
    Ok(recorded.refund.is_some())
}

/// What becomes of a row about this refund: one that needs its processor no more has nothing left to be tried.
pub(super) fn end_of_row(end: &End, refund: Option<&Refund>) -> End {
    match refund {
        Some(refund) if !refund.state.is_pending_liability() => End::Done,
        Some(_) | None => end.clone(),
    }
}

/// What came of recording a fact.
#[derive(Default)]
pub(super) struct Recorded {
    /// The refund as it stands then; none where none of ours is known under the reference.
    pub(super) refund: Option<Refund>,
    /// How it moved, if it did.
    pub(super) moved: Option<Moved>,
}

/// Records a fact inside a transaction that the caller opened.
pub(super) fn record(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    reference: &str,
    fact: &Fact,
    source: &Source,
) -> Result<Recorded, Refusal> {
    let Some(attempt) = attempts::find_by_reference(tx, reference)? else { return Ok(Recorded::default()) };
    let Some((mut refund, mut payment)) = locked(tx, &attempt.refund_id)? else { return Ok(Recorded::default()) };
    if refund.provider_account != source.account {
        return Ok(Recorded::default());
    }
    // Read again under the lock: another node may have recorded something in between.
    let Some(mut attempt) = attempts::find_by_reference(tx, reference)? else { return Ok(Recorded::default()) };
    if let Some((kind, latency_ms)) = source.call {
        let (outcome, detail) = in_words(fact);
        let call = CallRow {
            call_id: mint.next_ulid().to_string(),
            refund_id: refund.refund_id.clone(),
            attempt: attempt.attempt,
            kind: kind.to_owned(),
            outcome: outcome.to_owned(),
            detail,
            latency_ms,
            at: context.now,
        };
        attempts::insert_call(tx, &call)?;
    }
    let mut news = News {
        tx,
        context,
        mint,
        refund: &mut refund,
        payment: &mut payment,
        attempt: &mut attempt,
        account: &source.account,
    };
    let moved = news.record(fact)?;
    Ok(Recorded { refund: Some(refund), moved })
}

/// Marks the refund whose attempt has no automatic tries left.
fn mark_dead(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    reference: &str,
    source: &Source,
    error: &str,
) -> Result<(), Refusal> {
    let Some(attempt) = attempts::find_by_reference(tx, reference)? else { return Ok(()) };
    let Some((mut refund, _)) = locked(tx, &attempt.refund_id)? else { return Ok(()) };
    if refund.attempt != attempt.attempt || !moves::is_on_the_wire(refund.state) || refund.dead_lettered {
        return Ok(());
    }
    tracing::error!(refund_id = %refund.refund_id, account = %source.account, error, "a refund is out of automatic tries");
    refund.dead_lettered = true;
    moves::requalify(&mut refund, |marks| marks.unknown = attempt.outcome.as_deref() == Some("unknown"));
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: "dead_lettered", note: Some(error) };
    let subject = format!("refund:{}", refund.refund_id);
    moves::audit(tx, mint, &cause, "refund.dead_letter", &subject, None, None)?;
    moves::touch(tx, &mut refund, context)
}

/// One fact about one locked refund.
struct News<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    context: &'a Context,
    mint: &'a mut Mint,
    refund: &'a mut Refund,
    payment: &'a mut PaymentRow,
    attempt: &'a mut AttemptRow,
    account: &'a str,
}

impl News<'_, '_> {
    fn record(&mut self, fact: &Fact) -> Result<Option<Moved>, Refusal> {
        match fact {
            Fact::Shown(shown) if self.differs(shown) => self.hold("the processor shows another amount or currency"),
            Fact::Shown(shown) => self.shown(shown),
            Fact::TakenBack(shown) => {
                self.remember(shown)?;
                self.refund.error.clone_from(&shown.error);
                self.close("failed", Event::Reversed, reason_of(shown.error.as_ref(), "reversed"))
            }
            Fact::Refused(error) => self.failed(error, "failed"),
            Fact::GivenUp(error) => self.failed(error, "given_up"),
            Fact::NotDone(not_done) if self.is_current() && self.refund.state == State::Submitting => {
                submit_refund::defer(self.tx, self.context, self.refund, &not_done.detail)?;
                Ok(None)
            }
            Fact::NotDone(_) => Ok(None),
            Fact::Unknown(unknown) => self.unknown(unknown),
            Fact::Absent => {
                self.attempt.lookups_absent += 1;
                self.attempt.absent_since =
                    self.attempt.absent_since.or(Some(self.context.system_now.as_microsecond()));
                attempts::update(self.tx, self.attempt)?;
                Ok(None)
            }
            Fact::KeyExpired if self.is_current() && moves::is_on_the_wire(self.refund.state) => {
                self.hold("the processor may have forgotten the key, and whether it paid is not known")
            }
            Fact::KeyExpired => Ok(None),
        }
    }

    fn shown(&mut self, shown: &ProviderRefund) -> Result<Option<Moved>, Refusal> {
        self.remember(shown)?;
        match shown.status {
            UnifiedStatus::Succeeded => self.succeeded(),
            UnifiedStatus::Failed => {
                let error = shown.error.clone().unwrap_or_else(unexplained);
                self.failed(&error, "failed")
            }
            UnifiedStatus::Pending if self.is_current() => {
                self.conclude("pending")?;
                let known_before = self.refund.state == State::ProviderPending;
                let moved = self.apply(Event::Accepted, "accepted")?;
                if known_before && self.refund.qualifier == Some(crate::domain::refund::Qualifier::Unknown) {
                    moves::requalify(self.refund, |_| {});
                    moves::touch(self.tx, self.refund, self.context)?;
                }
                Ok(moved)
            }
            UnifiedStatus::Pending => Ok(None),
        }
    }

    fn succeeded(&mut self) -> Result<Option<Moved>, Refusal> {
        let given_up = self.attempt.outcome.as_deref() == Some("given_up");
        match self.refund.state {
            State::Submitting | State::ProviderPending if self.is_current() => {
                self.close("succeeded", Event::Succeeded, "succeeded")
            }
            State::Failed | State::Approved | State::Submitting | State::ProviderPending if given_up => {
                if self.newer_attempt_was_sent()? {
                    return self.hold("an attempt that was given up turned out to be paid after another one was sent");
                }
                self.close("succeeded", Event::TurnedOutPaid, "turned_out_paid")
            }
            State::Requested | State::Approved | State::Submitting | State::ProviderPending => Ok(None),
            // Known already, or overtaken by a reversal or by a failure in the processor's own words.
            State::Completed | State::Failed | State::Canceled => Ok(None),
        }
    }

    fn failed(&mut self, error: &ErrorInfo, outcome: &str) -> Result<Option<Moved>, Refusal> {
        if !self.is_current() || !(moves::is_on_the_wire(self.refund.state) || self.refund.state == State::Completed) {
            return Ok(None);
        }
        self.refund.error = Some(error.clone());
        self.close(outcome, Event::Failed { retryable: error.retryable }, &error.code)
    }

    fn unknown(&mut self, unknown: &Unknown) -> Result<Option<Moved>, Refusal> {
        if !self.is_current() || !moves::is_on_the_wire(self.refund.state) {
            return Ok(None);
        }
        self.attempt.unknowns += 1;
        self.attempt.outcome = Some("unknown".to_owned());
        attempts::update(self.tx, self.attempt)?;
        self.apply(Event::OutcomeUnknown, unknown.cause.as_str())
    }

    /// Ends the attempt and moves the refund.
    fn close(&mut self, outcome: &str, event: Event, reason: &str) -> Result<Option<Moved>, Refusal> {
        self.conclude(outcome)?;
        self.apply(event, reason)
    }

    fn conclude(&mut self, outcome: &str) -> Result<(), Refusal> {
        if self.attempt.outcome.as_deref() != Some(outcome) {
            self.attempt.outcome = Some(outcome.to_owned());
            attempts::update(self.tx, self.attempt)?;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event, reason: &str) -> Result<Option<Moved>, Refusal> {
        let actor = Principal::Provider(self.account.to_owned());
        let cause = Cause { context: self.context, actor, reason, note: None };
        moves::apply(self.tx, self.mint, self.refund, self.payment, event, &cause)
    }

    /// Keeps the processor's ids; what is known is never replaced by nothing or by another.
    fn remember(&mut self, shown: &ProviderRefund) -> Result<(), Refusal> {
        let mut learned = false;
        if self.refund.provider_refund_id.is_none() && !shown.connector_refund_id.is_empty()
            || self.is_news_of_newer_attempt(shown)
        {
            self.refund.provider_refund_id = Some(shown.connector_refund_id.clone());
            learned = true;
        }
        if let (None, Some(reference)) = (&self.refund.provider_reference, &shown.bank_reference) {
            self.refund.provider_reference = Some(reference.clone());
            learned = true;
        }
        if learned { moves::touch(self.tx, self.refund, self.context) } else { Ok(()) }
    }

    fn is_news_of_newer_attempt(&self, shown: &ProviderRefund) -> bool {
        self.is_current()
            && self.attempt.attempt > 1
            && !shown.connector_refund_id.is_empty()
            && self.refund.provider_refund_id.as_deref() != Some(shown.connector_refund_id.as_str())
    }

    fn is_current(&self) -> bool {
        self.attempt.attempt == self.refund.attempt
    }

    fn newer_attempt_was_sent(&mut self) -> Result<bool, Refusal> {
        let all = attempts::of_refund(self.tx, &self.refund.refund_id)?;
        Ok(all.iter().any(|other| other.attempt > self.attempt.attempt && other.first_sent_at.is_some()))
    }

    fn differs(&self, shown: &ProviderRefund) -> bool {
        shown.amount.is_some_and(|amount| amount != self.refund.amount)
    }

    /// Stops the refund until a person looks: what the processor says does not fit what we asked.
    fn hold(&mut self, why: &str) -> Result<Option<Moved>, Refusal> {
        if self.refund.held {
            return Ok(None);
        }
        tracing::error!(refund_id = %self.refund.refund_id, account = %self.account, why, "a refund is held for a person");
        let moved = match self.refund.state {
            State::Submitting => self.apply(Event::OutcomeUnknown, "held")?,
            State::Requested
            | State::Approved
            | State::ProviderPending
            | State::Completed
            | State::Failed
            | State::Canceled => None,
        };
        self.refund.held = true;
        moves::requalify(self.refund, |_| {});
        let actor = Principal::Provider(self.account.to_owned());
        let cause = Cause { context: self.context, actor, reason: "held", note: Some(why) };
        let subject = format!("refund:{}", self.refund.refund_id);
        moves::audit(self.tx, self.mint, &cause, "refund.hold", &subject, None, None)?;
        moves::touch(self.tx, self.refund, self.context)?;
        Ok(moved)
    }
}

fn reason_of<'a>(error: Option<&'a ErrorInfo>, otherwise: &'a str) -> &'a str {
    error.map_or(otherwise, |error| error.code.as_str())
}

fn unexplained() -> ErrorInfo {
    ErrorInfo {
        code: "unexplained".to_owned(),
        message: "The processor failed the refund without saying why.".to_owned(),
        retryable: false,
        processor_code: None,
        processor_message: None,
    }
}

/// A word and a sentence for the story of the refund.
fn in_words(fact: &Fact) -> (&'static str, String) {
    match fact {
        Fact::Shown(shown) => {
            (shown.status.as_str(), shown.error.as_ref().map(|error| error.message.clone()).unwrap_or_default())
        }
        Fact::TakenBack(_) => ("REVERSED", String::new()),
        Fact::Refused(error) => ("refused", error.message.clone()),
        Fact::NotDone(not_done) => (not_done.cause.as_str(), not_done.detail.clone()),
        Fact::Unknown(unknown) => (unknown.cause.as_str(), unknown.detail.clone()),
        Fact::Absent => ("absent", String::new()),
        Fact::GivenUp(error) => ("given_up", error.message.clone()),
        Fact::KeyExpired => ("key_expired", String::new()),
    }
}
