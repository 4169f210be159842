//! A person decides: approve, approve a lower amount, deny. The approval that completes it takes the same path as the
//! policy's. Source: SPEC sections 2 and 6.

use jiff::SignedDuration;

use super::appeal::refuse_who_denied;
use super::attach_evidence;
use super::context::Context;
use super::desk::Desk;
use super::locks::to_move;
use super::moves::{self, Cause, Moved};
use super::refusal::{Code, Refusal};
use super::request_refund::NOTE_LENGTH_MAX;
use super::retry_refund::guard;
use crate::domain::access::Principal;
use crate::domain::allocation;
use crate::domain::comparison::Terms;
use crate::domain::decision::{self, Approval, Approver, Case, Given, MinRole, Refused, Requirement};
use crate::domain::id::{Mint, RefundId};
use crate::domain::message::Denial;
use crate::domain::policy::{Outcome, floors};
use crate::domain::refund::{Event, Refund, RefundLine, State};
use crate::domain::risk::Facts;
use crate::store::decisions::{self, ApprovalRow, Note};
use crate::store::evidence::{self, EvidenceRow};
use crate::store::messages;
use crate::store::orders::PaymentRow;
use crate::store::reviews::{self, Decided, ReviewRow};
use crate::store::{Tx, refunds};

/// What a person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, to a lower amount where one is given.
    Approve {
        /// The lower amount in minor units.
        amount_minor: Option<i64>,
    },
    /// No.
    Deny {
        /// The sentence that the customer is told; one that goes by the reason of the request where none is chosen.
        told: Option<Denial>,
    },
}

/// A decision, as parsed at the edge.
#[derive(Clone, Debug)]
pub struct DecideRefund {
    /// Which.
    pub refund_id: RefundId,
    /// What.
    pub verdict: Verdict,
    /// Why, in the person's words.
    pub note: Option<String>,
    /// The version that the person has seen.
    pub expected_version: Option<i64>,
    /// What they saw left on the payment, in minor units.
    pub expected_remaining_minor: Option<i64>,
    /// Whether a colleague who works on it now keeps this from being done: on pages, where people see each other.
    pub heeds_claims: bool,
    /// For how long the last approval can be undone, in seconds; 0 carries it out at once, as the API does.
    pub undo_window_s: i64,
}

/// Decides within a transaction.
pub(super) fn decide(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    command: &DecideRefund,
    mint: &mut Mint,
) -> Result<(Refund, Option<Moved>), Refusal> {
    if command.note.as_ref().is_some_and(|note| note.chars().count() > NOTE_LENGTH_MAX) {
        return Err(Refusal::field(Code::Body, "/note", "field-note-too-long"));
    }
    let (mut refund, mut payment) = to_move(tx, context, &command.refund_id, command.expected_version)?;
    let review = reviews::lock(tx, &refund.refund_id)?;
    let is_decided = review.as_ref().is_some_and(|review| review.decided.is_some());
    if refund.state != State::Requested || is_decided {
        return Err(moves::illegal(&refund));
    }
    if command.heeds_claims {
        mine_or_free(review.as_ref(), &refund, context)?;
    }
    let remaining_minor = payment.usage.remaining_refundable_minor();
    if command.expected_remaining_minor.is_some_and(|seen| seen != remaining_minor) {
        return Err(Refusal::new(Code::Remaining)
            .with("remaining_refundable_minor", remaining_minor)
            .with("currency", payment.currency.code()));
    }
    refuse_who_denied(tx, context, &refund)?;
    // Who decides has read what the customer wrote.
    messages::take_off(tx, &refund.refund_id)?;
    let moved = match &command.verdict {
        Verdict::Deny { told } => {
            let cause = cause(context, "denied_by_person", command.note.as_deref());
            write_note(tx, mint, &refund, &cause)?;
            decisions::set_decided_by(tx, &refund.refund_id, &cause.actor.to_string())?;
            let moved = moves::apply(tx, mint, &mut refund, &mut payment, Event::Deny, &cause)?;
            if let Some(denial) = told {
                refund.message_id = denial.message_id();
                moves::touch(tx, &mut refund, context)?;
            }
            moved
        }
        Verdict::Approve { amount_minor } => {
            let cause = cause(context, "approved_by_person", command.note.as_deref());
            let given = weigh(desk, tx, &refund, &payment, *amount_minor, &cause)?;
            if given.complete && command.undo_window_s > 0 {
                wait(tx, mint, &mut refund, &payment, &given, command.undo_window_s, &cause)?;
                None
            } else {
                approve(tx, mint, &mut refund, &mut payment, &given, &cause)?
            }
        }
    };
    Ok((refund, moved))
}

/// The fact by which a page knows that a colleague works on it.
pub const HELD_BY: &str = "held_by";

/// Refuses where a colleague works on it now.
fn mine_or_free(review: Option<&ReviewRow>, refund: &Refund, context: &Context) -> Result<(), Refusal> {
    let claim = review.and_then(|review| review.claim.as_ref());
    let theirs = claim.filter(|claim| claim.stands(context.system_now) && claim.holder != context.actor.principal);
    match theirs {
        Some(theirs) => Err(moves::illegal(refund).with(HELD_BY, theirs.holder.to_string())),
        None => Ok(()),
    }
}

/// Why a person's word moves a refund.
pub(super) fn cause<'a>(context: &'a Context, reason: &'a str, note: Option<&'a str>) -> Cause<'a> {
    Cause { context, actor: context.actor.principal.clone(), reason, note }
}

/// Keeps what somebody wrote with their decision.
fn write_note(tx: &mut Tx<'_>, mint: &mut Mint, refund: &Refund, cause: &Cause<'_>) -> Result<(), Refusal> {
    let Some(body) = cause.note else { return Ok(()) };
    let note = Note {
        kind: "decision".to_owned(),
        author: cause.actor.to_string(),
        body: body.to_owned(),
        created_at: cause.context.now,
    };
    Ok(decisions::insert_note(tx, &mint.next_ulid().to_string(), &refund.refund_id, &note)?)
}

/// What this person's yes would come to now: every guard, floor and limit as it stands.
pub(super) fn weigh(
    desk: &Desk,
    tx: &mut Tx<'_>,
    refund: &Refund,
    payment: &PaymentRow,
    lowered_to_minor: Option<i64>,
    cause: &Cause<'_>,
) -> Result<Given, Refusal> {
    guard(payment.status)?;
    let decision = decisions::decisions_of(tx, std::slice::from_ref(&refund.refund_id))?.pop();
    let decision = decision.ok_or_else(|| Refusal::new(Code::Internal).because("a refund without a decision"))?;
    let facts: Facts = read_json(&decision.facts)?;
    let outcome: Outcome = read_json(&decision.outcome)?;
    // The floors are judged again under the limits of today; what the table said stays as it was decided.
    let facts = Facts { limits: desk.limits, ..facts };
    let requirement = requirement(&outcome, &facts);
    judge(tx, refund, &facts, requirement, lowered_to_minor, cause)
}

/// The last approval waits until it can no longer be undone: nothing is mailed, posted or sent before.
fn wait(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    payment: &PaymentRow,
    given: &Given,
    window_s: i64,
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    if given.amount_minor > payment.usage.remaining_refundable_minor() {
        return Err(moves::exceeds_remaining(payment));
    }
    let now = cause.context.system_now;
    let decided = Decided {
        by: cause.actor.clone(),
        until: now.checked_add(SignedDuration::from_secs(window_s)).unwrap_or(now),
        amount_minor: Some(given.amount_minor).filter(|amount| *amount != refund.amount.minor),
        note: cause.note.map(str::to_owned),
    };
    reviews::set_decided(tx, &refund.refund_id, Some(&decided))?;
    reviews::set_claim(tx, &refund.refund_id, None)?;
    let subject = format!("refund:{}", refund.refund_id);
    let silent = Cause { context: cause.context, actor: cause.actor.clone(), reason: cause.reason, note: None };
    moves::audit(tx, mint, &silent, "refund.decide", &subject, None, None)?;
    moves::requalify(refund, |marks| marks.decided = true);
    moves::touch(tx, refund, cause.context)
}

/// Gives the approval; the last one that is needed moves the refund.
pub(super) fn approve(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    payment: &mut PaymentRow,
    given: &Given,
    cause: &Cause<'_>,
) -> Result<Option<Moved>, Refusal> {
    write_note(tx, mint, refund, cause)?;
    let earlier = approvals(tx, refund)?.len();
    if given.voids_others {
        decisions::void_approvals(tx, &refund.refund_id)?;
    }
    if given.amount_minor != refund.amount.minor {
        lower(tx, refund, given.amount_minor)?;
    }
    let row = ApprovalRow {
        principal: cause.actor.to_string(),
        approval_rank: cause.context.actor.approval_rank(),
        amount_minor: given.amount_minor,
        digest: digest(refund, &files(tx, refund)?),
        voided: false,
        created_at: cause.context.now,
    };
    decisions::insert_approval(tx, &refund.refund_id, i64::try_from(earlier).unwrap_or(i64::MAX), &row)?;
    if given.complete {
        decisions::set_decided_by(tx, &refund.refund_id, &cause.actor.to_string())?;
        return moves::apply(tx, mint, refund, payment, Event::Approve, cause);
    }
    let subject = format!("refund:{}", refund.refund_id);
    moves::audit(
        tx,
        mint,
        cause,
        "refund.first_approval",
        &subject,
        None,
        Some(format!("{{\"amount_minor\":{}}}", given.amount_minor)),
    )?;
    reviews::set_needs_info(tx, &refund.refund_id, false)?;
    reviews::set_claim(tx, &refund.refund_id, None)?;
    moves::requalify(refund, |marks| marks.approvals = 1);
    moves::touch(tx, refund, cause.context)?;
    Ok(None)
}

/// Approvals that still count.
pub(super) fn standing_approvals(tx: &mut Tx<'_>, refund: &Refund) -> Result<u32, Refusal> {
    let standing = approvals(tx, refund)?.into_iter().filter(|approval| !approval.voided).count();
    Ok(u32::try_from(standing).unwrap_or(u32::MAX))
}

/// What the request needs: the table's word, raised by the floors.
fn requirement(outcome: &Outcome, facts: &Facts) -> Requirement {
    let table = match outcome {
        Outcome::Review(requirement) => *requirement,
        Outcome::AutoApprove | Outcome::Deny { .. } => Requirement { approvals: 1, min_role: MinRole::Agent },
    };
    floors(facts).into_iter().fold(table, |held, (_, floor)| held.at_least(floor))
}

fn judge(
    tx: &mut Tx<'_>,
    refund: &Refund,
    facts: &Facts,
    requirement: Requirement,
    lowered_to_minor: Option<i64>,
    cause: &Cause<'_>,
) -> Result<Given, Refusal> {
    let creator: Principal = refund.created_by.parse().map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let adjusters = attach_evidence::adders(refund, &files(tx, refund)?)?;
    let approvals = approvals(tx, refund)?;
    let case = Case {
        requirement,
        creator: &creator,
        adjusters: &adjusters,
        approvals: &approvals,
        amount_minor: refund.amount.minor,
        limit_sum_minor: facts.limit_sum_minor(),
    };
    let rank = cause.context.actor.approval_rank();
    let limit_minor = decision::limit_minor(rank, &facts.limits, refund.amount.currency);
    let approver = Approver { principal: &cause.actor, rank, limit_minor };
    decision::approve(&case, &approver, lowered_to_minor).map_err(|refused| refuse(refused, refund))
}

fn refuse(refused: Refused, refund: &Refund) -> Refusal {
    let refusal = match refused {
        Refused::NotAnApprover | Refused::RoleTooLow => Refusal::new(Code::Scope),
        Refused::OwnRequest | Refused::Adjusted | Refused::AlreadyApproved => Refusal::new(Code::DualControl),
        Refused::OverLimit => Refusal::new(Code::Limit),
        Refused::NotLower => Refusal::new(Code::AmountRange).and_field(
            "/amount_minor",
            "field-amount-not-lower",
            &[("amount", refund.amount.minor.to_string())],
        ),
    };
    refusal.with("refund_id", refund.refund_id.as_str()).because(refused)
}

/// The approvals given so far. One that was given to another amount, reason or evidence is void, marked or not.
fn approvals(tx: &mut Tx<'_>, refund: &Refund) -> Result<Vec<Approval>, Refusal> {
    let digest = digest(refund, &files(tx, refund)?);
    decisions::approvals_of(tx, std::slice::from_ref(&refund.refund_id))?
        .into_iter()
        .map(|(_, row)| {
            let principal = row.principal.parse().map_err(|error| Refusal::new(Code::Internal).because(error))?;
            Ok(Approval {
                principal,
                rank: row.approval_rank,
                amount_minor: row.amount_minor,
                at: row.created_at,
                voided: row.voided || row.digest != digest,
            })
        })
        .collect()
}

/// The files that were given with the request.
fn files(tx: &mut Tx<'_>, refund: &Refund) -> Result<Vec<EvidenceRow>, Refusal> {
    let files = evidence::of_refunds(tx, std::slice::from_ref(&refund.refund_id))?;
    Ok(files.into_iter().map(|(_, file)| file).collect())
}

/// Lowers the amount, and what it takes from each line.
fn lower(tx: &mut Tx<'_>, refund: &mut Refund, amount_minor: i64) -> Result<(), Refusal> {
    let lines = refunds::lines_of(tx, std::slice::from_ref(&refund.refund_id))?;
    let by_line = lines.iter().any(|(_, line)| line.by_line);
    let shares: Vec<_> = lines.into_iter().map(|(_, line)| line.share).collect();
    let lowered: Vec<RefundLine> =
        allocation::lowered(&shares, amount_minor).into_iter().map(|share| RefundLine { share, by_line }).collect();
    refunds::replace_lines(tx, &refund.refund_id, &lowered)?;
    reviews::set_amount(tx, &refund.refund_id, amount_minor)?;
    refund.amount.minor = amount_minor;
    Ok(())
}

/// What an approval is bound to: amount, currency, reason and evidence.
fn digest(refund: &Refund, files: &[EvidenceRow]) -> String {
    let files: Vec<String> = files.iter().map(|file| file.sha256.clone()).collect();
    Terms { amount: refund.amount, reason: refund.reason, files: &files }.digest()
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::new(Code::Internal).because(error))
}
