//! A refund asked for: guards, facts under lock, the policy's decision, and everything that follows from it, in one
//! transaction. Source: SPEC sections 3 to 6.

use std::collections::BTreeMap;

use serde_json::json;
use tracing::info;

use super::attach_evidence;
use super::context::Context;
use super::desk::Desk;
use super::facts::Reading;
use super::moves::{self, Cause, Moved};
use super::refund_lines;
use super::refusal::{Code, Refusal};
use crate::crash::{Point, point};
use crate::domain::access::{Permission, Principal};
use crate::domain::allocation::Wanted;
use crate::domain::currency::Currency;
use crate::domain::flag::FlagName;
use crate::domain::id::{EvidenceId, Mint, RefundId};
use crate::domain::money::Money;
use crate::domain::order::PaymentStatus;
use crate::domain::policy::{self, Outcome, Verdict};
use crate::domain::refund::{Event, Reason, Refund, RefundLine, State};
use crate::domain::review;
use crate::domain::risk::{self, Facts};
use crate::store::decisions::{self, DecisionRow, Note};
use crate::store::idempotency::{self, Claim, KeyScope, StoredAnswer};
use crate::store::orders::{self, OrderRow, PaymentRow};
use crate::store::{StoreError, Tx, customers, refunds, reviews};
use crate::telemetry::metrics::{self, Prevented};
use crate::telemetry::msgid;

/// Metadata keys at most. Source: SPEC section 5.
pub const METADATA_KEYS_MAX: usize = 20;

/// Characters of a note at most.
pub const NOTE_LENGTH_MAX: usize = 2_000;

/// A request for money back, as parsed at the edge.
#[derive(Clone, Debug)]
pub struct RequestRefund {
    /// The merchant's order.
    pub order_id: String,
    /// How much in minor units; nothing means all that remains, or what the lines come to.
    pub amount_minor: Option<i64>,
    /// The currency that the caller believes the order to be in.
    pub currency: Option<Currency>,
    /// Why.
    pub reason: Reason,
    /// For which lines; nothing means by amount.
    pub lines: Vec<Wanted>,
    /// What the customer says.
    pub note: Option<String>,
    /// Files that were uploaded before.
    pub evidence: Vec<EvidenceId>,
    /// The integrator's own facts.
    pub metadata: BTreeMap<String, String>,
    /// What the caller believes to remain; `412` where it does not.
    pub expected_remaining_minor: Option<i64>,
    /// The idempotency key with the digest of the payload, where the caller gave one.
    pub key: Option<(KeyScope, String)>,
}

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Recorded now.
    Created {
        /// Its id.
        refund_id: RefundId,
        /// The answer that is given now and to every repeat.
        answer: StoredAnswer,
    },
    /// Recorded earlier under the same key; the same answer, byte for byte.
    Replayed(StoredAnswer),
}

impl Asked {
    /// Which refund it is about, made now or at the first press.
    pub fn refund_id(&self) -> Result<RefundId, Refusal> {
        match self {
            Asked::Created { refund_id, .. } => Ok(refund_id.clone()),
            Asked::Replayed(answer) => {
                let id = answer.location.as_deref().and_then(|location| location.rsplit('/').next());
                RefundId::parse(id.unwrap_or_default()).map_err(|error| Refusal::new(Code::Internal).because(error))
            }
        }
    }
}

/// What a request would come to, without recording it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How much it would be.
    pub amount: Money,
    /// What would remain after an approval.
    pub remaining_after_minor: i64,
    /// What the policy would decide, with its trace.
    pub verdict: Verdict,
}

/// Records a request and decides it.
pub async fn request_refund(
    desk: &std::sync::Arc<Desk>,
    context: &Context,
    command: RequestRefund,
) -> Result<Asked, Refusal> {
    context.require(Permission::RefundCreate)?;
    check(&command)?;
    let mint = context.mint();
    let (asked, moves, suspicion) = {
        let (desk, context, command) = (std::sync::Arc::clone(desk), context.clone(), command.clone());
        let db = desk.db.clone();
        db.write(move |tx| record(&desk, tx, &context, &command, false, &mut mint.clone())).await
    }
    .inspect_err(|refusal| announce_refused(context, &command.order_id, refusal))?;
    point(Point::CreateCommitted);
    suspicion.count();
    moves::announce(desk, context, &moves);
    Ok(asked)
}

/// The answer stored under a key, if this very payload was answered before; asked before limits are looked at.
pub async fn replay(desk: &Desk, scope: KeyScope, fingerprint: &str) -> Result<Option<StoredAnswer>, Refusal> {
    let fingerprint = fingerprint.to_owned();
    desk.db
        .read(move |conn| match idempotency::find(conn, &scope)? {
            Some(answer) => same_payload(answer, &fingerprint).map(Some),
            None => Ok(None),
        })
        .await
}

/// Decides without recording: the same guards, facts and policy.
pub async fn preview_refund(
    desk: &std::sync::Arc<Desk>,
    context: &Context,
    command: RequestRefund,
) -> Result<Preview, Refusal> {
    context.require(Permission::RefundCreate)?;
    check(&command)?;
    let (desk, context, mint) = (std::sync::Arc::clone(desk), context.clone(), context.mint());
    let db = desk.db.clone();
    let outcome: Result<(), DryRun> = db
        .write(move |tx| {
            let case = examine(&desk, tx, &context, &command, false, &mut mint.clone())?;
            let remaining_after_minor =
                case.payment.usage.remaining_refundable_minor().saturating_sub(case.refund.amount.minor);
            // Nothing is kept: the transaction ends with what was found instead of a commit.
            Err(DryRun::Found(Box::new(Preview {
                amount: case.refund.amount,
                remaining_after_minor,
                verdict: case.verdict,
            })))
        })
        .await;
    match outcome {
        Err(DryRun::Found(preview)) => Ok(*preview),
        Err(DryRun::Refused(refusal)) => Err(refusal),
        Ok(()) => Err(Refusal::new(Code::Internal).because("a dry run was committed")),
    }
}

/// How a dry run ends: always without a commit.
enum DryRun {
    Found(Box<Preview>),
    Refused(Refusal),
}

impl From<Refusal> for DryRun {
    fn from(refusal: Refusal) -> Self {
        DryRun::Refused(refusal)
    }
}

impl From<crate::store::StoreError> for DryRun {
    fn from(error: crate::store::StoreError) -> Self {
        DryRun::Refused(error.into())
    }
}

impl crate::store::Failure for DryRun {
    fn store_error(&self) -> Option<&crate::store::StoreError> {
        match self {
            DryRun::Refused(refusal) => refusal.store_error(),
            DryRun::Found(_) => None,
        }
    }
}

/// A request that passed every guard, with what the policy says.
struct Case {
    refund: Refund,
    lines: Vec<RefundLine>,
    payment: PaymentRow,
    facts: Facts,
    verdict: Verdict,
}

/// Records a request within a transaction; `appeal` where it asks to look again at what was denied.
pub(super) fn record(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    command: &RequestRefund,
    appeal: bool,
    mint: &mut Mint,
) -> Result<(Asked, Vec<Moved>, Suspicion), Refusal> {
    if let Some((scope, fingerprint)) = &command.key {
        match idempotency::claim(tx, scope, fingerprint, context.now).map_err(in_progress)? {
            Claim::Fresh => {}
            Claim::Answered(answer) => {
                return Ok((Asked::Replayed(same_payload(answer, fingerprint)?), Vec::new(), Suspicion::default()));
            }
        }
    }
    let mut case = examine(desk, tx, context, command, appeal, mint)?;
    let moves = decide(tx, context, command, mint, &mut case)?;
    let denied = case.refund.state == State::Canceled;
    let message_id = if denied { case.refund.message_id.as_str() } else { "refund.request.accepted" };
    let body = json!({
        "refund_id": case.refund.refund_id,
        "state": case.refund.state,
        "qualifier": case.refund.qualifier,
        "remaining_refundable_minor": case.payment.usage.remaining_refundable_minor(),
        "message_id": message_id,
    });
    let answer = StoredAnswer {
        fingerprint: command.key.as_ref().map(|(_, fingerprint)| fingerprint.clone()).unwrap_or_default(),
        status: 202,
        location: Some(format!("/v1/refunds/{}", case.refund.refund_id)),
        body: body.to_string(),
    };
    if let Some((scope, _)) = &command.key {
        idempotency::store_answer(tx, scope, &answer, context.now)?;
    }
    point(Point::CreateRecorded);
    let suspicion = Suspicion { duplicate: !case.facts.twins.is_empty(), velocity: risk::velocity_flag(&case.facts) };
    Ok((Asked::Created { refund_id: case.refund.refund_id.clone(), answer }, moves, suspicion))
}

/// Who waits too long for a key waits for the first request with it.
fn in_progress(error: StoreError) -> Refusal {
    if error == StoreError::Busy {
        return Refusal { store: Some(error), ..Refusal::new(Code::InProgress).retry_after_s(1) };
    }
    error.into()
}

/// Writes the request, what the policy decided of it, and the move that this decision is.
fn decide(
    tx: &mut Tx<'_>,
    context: &Context,
    command: &RequestRefund,
    mint: &mut Mint,
    case: &mut Case,
) -> Result<Vec<Moved>, Refusal> {
    let verdict = &case.verdict;
    let asked = Cause { context, actor: context.actor.principal.clone(), reason: &verdict.rule_id, note: None };
    let mut moves = vec![moves::create(tx, mint, &mut case.refund, &asked)?];
    refunds::insert_lines(tx, &case.refund.refund_id, &case.lines)?;
    let whose = (&case.refund.refund_id, &case.refund.customer_id);
    attach_evidence::give(tx, context, whose, &command.evidence, 0)?;
    if let Some(note) = &command.note {
        let note = Note {
            kind: "request".to_owned(),
            author: asked.actor.to_string(),
            body: note.clone(),
            created_at: context.now,
        };
        decisions::insert_note(tx, &mint.next_ulid().to_string(), &case.refund.refund_id, &note)?;
    }
    let actor = Principal::Policy(verdict.policy_version);
    let by_policy = Cause { context, actor: actor.clone(), reason: &verdict.rule_id, note: None };
    let event = match &verdict.outcome {
        Outcome::AutoApprove => Some(Event::Approve),
        Outcome::Deny { .. } => Some(Event::Deny),
        Outcome::Review(_) => None,
    };
    let decision = DecisionRow {
        refund_id: case.refund.refund_id.clone(),
        policy_version: verdict.policy_version,
        rule: verdict.rule_id.clone(),
        outcome: to_json(&verdict.outcome)?,
        facts: to_json(&case.facts)?,
        decided_by: event.map(|_| actor.to_string()),
        decided_at: context.now,
    };
    decisions::insert_decision(tx, &decision)?;
    if let Outcome::Review(_) = verdict.outcome {
        let due_at = review::due_at(case.refund.reason, case.refund.created_at);
        reviews::insert(tx, &case.refund.refund_id, due_at, case.refund.amount.minor)?;
    }
    if let Some(event) = event {
        moves.extend(moves::apply(tx, mint, &mut case.refund, &mut case.payment, event, &by_policy)?);
    }
    if let Outcome::Deny { message_id } = &verdict.outcome {
        case.refund.message_id.clone_from(message_id);
        moves::touch(tx, &mut case.refund, context)?;
    }
    Ok(moves)
}

/// Guards, amounts and facts, read under lock: customer, order, payment, in this order.
fn examine(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    command: &RequestRefund,
    appeal: bool,
    mint: &mut Mint,
) -> Result<Case, Refusal> {
    let not_found = || Refusal::new(Code::OrderNotFound);
    let found = orders::find(tx, &command.order_id)?.ok_or_else(not_found)?;
    if !context.may_see(&found.customer_id) {
        return Err(not_found());
    }
    let flags = desk.flags(tx)?;
    if !flags.is_on(FlagName::Refunds, &found.order_id)? {
        return Err(Refusal::new(Code::Unavailable).retry_after_s(60).with("flag", FlagName::Refunds.as_str()));
    }
    let customer_blocked = customers::lock(tx, &found.customer_id)?;
    let order = orders::lock(tx, &command.order_id)?.ok_or_else(not_found)?;
    let payment = one_captured(orders::lock_payments(tx, &order.order_id)?)?;
    guard(desk, command, &payment)?;
    let earlier = refunds::of_order(tx, &order.order_id)?;
    let (amount_minor, lines) = refund_lines::share_out(tx, &order, &payment, &earlier, command)?;
    let amount = Money::new(amount_minor, order.currency);
    if amount_minor > payment.usage.remaining_refundable_minor() {
        return Err(moves::exceeds_remaining(&payment));
    }
    if desk.providers.get(&payment.provider_account).is_some_and(|provider| !provider.can_carry(amount)) {
        return Err(Refusal::field(Code::AmountRange, "/amount_minor", "field-amount-not-carried"));
    }
    attach_evidence::named(desk, tx, context, &command.evidence)?;
    let policy = desk.active_policy(tx)?;
    let reading = Reading {
        limits: desk.limits,
        goodwill_dual_control: flags.is_on(FlagName::GoodwillDualControl, &order.order_id)?,
        appeal,
        context,
        command,
        order: &order,
        payment: &payment,
        earlier: &earlier,
        lines: &lines,
    };
    let facts = reading.facts(tx, amount, customer_blocked, &policy)?;
    let verdict = {
        let _span = tracing::info_span!("policy.evaluate", policy_version = policy.version()).entered();
        policy::decide(&policy, &facts)
    };
    let refund = new_refund(context, command, mint, &order, &payment, amount);
    Ok(Case { refund, lines, payment, facts, verdict })
}

/// The one captured payment, or why there is none that a refund could come from. Source: SPEC sections 4 and 5.
fn one_captured(payments: Vec<PaymentRow>) -> Result<PaymentRow, Refusal> {
    let has_chargeback = payments.iter().any(|payment| payment.status == PaymentStatus::ChargedBack);
    let mut captured = payments.into_iter().filter(|payment| payment.status == PaymentStatus::Captured);
    match (captured.next(), captured.next()) {
        (Some(payment), None) => Ok(payment),
        (Some(_), Some(_)) => Err(Refusal::new(Code::SplitTender)),
        (None, _) if has_chargeback => Err(Refusal::new(Code::ChargedBack)),
        (None, _) => Err(Refusal::new(Code::NotCaptured)),
    }
}

fn guard(desk: &Desk, command: &RequestRefund, payment: &PaymentRow) -> Result<(), Refusal> {
    if command.currency.is_some_and(|currency| currency != payment.currency) {
        return Err(Refusal::new(Code::Currency).and_field(
            "/currency",
            "field-currency-differs",
            &[("currency", payment.currency.to_string())],
        ));
    }
    if desk.providers.get(&payment.provider_account).is_none() {
        return Err(Refusal::new(Code::Unavailable)
            .retry_after_s(60)
            .because(format!("no provider account {:?} is configured", payment.provider_account)));
    }
    let remaining = payment.usage.remaining_refundable_minor();
    match command.expected_remaining_minor {
        Some(expected) if expected != remaining => Err(Refusal::new(Code::Remaining)
            .with("remaining_refundable_minor", remaining)
            .with("currency", payment.currency.code())),
        _ if remaining == 0 => Err(moves::exceeds_remaining(payment)),
        _ => Ok(()),
    }
}

fn new_refund(
    context: &Context,
    command: &RequestRefund,
    mint: &mut Mint,
    order: &OrderRow,
    payment: &PaymentRow,
    amount: Money,
) -> Refund {
    let mut refund = Refund {
        refund_id: RefundId::from_ulid(mint.next_ulid()),
        order_id: order.order_id.clone(),
        payment_id: payment.payment_id.clone(),
        customer_id: order.customer_id.clone(),
        amount,
        reason: command.reason,
        state: State::Requested,
        qualifier: None,
        closure: None,
        retryable: false,
        held: false,
        dead_lettered: false,
        provider_account: payment.provider_account.clone(),
        rail: payment.rail,
        connector_transaction_id: payment.connector_transaction_id.clone(),
        provider_refund_id: None,
        provider_reference: None,
        ledger_entry_id: None,
        attempt: 0,
        created_by: context.actor.principal.to_string(),
        correlation_id: context.correlation_id.clone(),
        error: None,
        metadata: command.metadata.clone(),
        message_id: State::Requested.message_id().to_owned(),
        approved_at: None,
        completed_at: None,
        version: 1,
        created_at: context.now,
        updated_at: context.now,
    };
    moves::requalify(&mut refund, |_| {});
    refund
}

/// What is wrong with a request whatever the order.
pub(super) fn check(command: &RequestRefund) -> Result<(), Refusal> {
    if command.amount_minor.is_some_and(|amount| amount <= 0) {
        return Err(Refusal::field(Code::AmountRange, "/amount_minor", "field-amount-not-positive"));
    }
    if command.metadata.len() > METADATA_KEYS_MAX {
        return Err(Refusal::field(Code::Metadata, "/metadata", "field-metadata-too-many"));
    }
    if command.note.as_ref().is_some_and(|note| note.chars().count() > NOTE_LENGTH_MAX) {
        return Err(Refusal::field(Code::Body, "/note", "field-note-too-long"));
    }
    Ok(())
}

/// The stored answer, where it was given to this very payload.
pub(super) fn same_payload(answer: StoredAnswer, fingerprint: &str) -> Result<StoredAnswer, Refusal> {
    if answer.fingerprint == fingerprint { Ok(answer) } else { Err(Refusal::new(Code::Idempotency)) }
}

/// Tells logs and metrics of a request that a guard refused, which leaves no row behind. Other refusals are no denials:
/// a malformed body, an order that is not there, a database that does not answer.
fn announce_refused(context: &Context, order_id: &str, refusal: &Refusal) {
    let guards = [Code::ExceedsRemaining, Code::NotCaptured, Code::ChargedBack, Code::SplitTender];
    if !guards.contains(&refusal.code) {
        return;
    }
    if refusal.code == Code::ExceedsRemaining {
        metrics::refund_prevented(Prevented::OverRefund);
    }
    info!(
        msgid = msgid::REFUND_REQUESTED,
        order_id,
        correlation_id = %context.correlation_id,
        reason = refusal.code.as_str(),
        "a requested refund was refused"
    );
}

/// What kept a request from being approved by itself, to be counted after the commit.
#[derive(Default)]
pub(super) struct Suspicion {
    duplicate: bool,
    velocity: bool,
}

impl Suspicion {
    pub(super) fn count(&self) {
        if self.duplicate {
            metrics::refund_prevented(Prevented::Duplicate);
        }
        if self.velocity {
            metrics::refund_prevented(Prevented::Velocity);
        }
    }
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|error| Refusal::new(Code::Internal).because(error))
}
