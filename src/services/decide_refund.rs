//! A person decides: approve, approve a lower amount, deny. The approval that completes it takes the same path as the
//! policy's. Source: SPEC sections 2 and 6.

use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::locks::to_move;
use super::moves::{self, Cause, Moved};
use super::refusal::{Code, Refusal};
use super::request_refund::NOTE_LENGTH_MAX;
use super::retry_refund::guard;
use crate::domain::access::Principal;
use crate::domain::allocation;
use crate::domain::decision::{self, Approval, Approver, Case, Given, MinRole, Refused, Requirement};
use crate::domain::id::{Mint, RefundId};
use crate::domain::policy::{Outcome, floors};
use crate::domain::refund::{Event, Refund, RefundLine, State};
use crate::domain::risk::Facts;
use crate::store::decisions::{self, ApprovalRow, Note};
use crate::store::orders::PaymentRow;
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
    Deny,
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
    if refund.state != State::Requested {
        return Err(moves::illegal(&refund));
    }
    let actor = context.actor.principal.clone();
    if let Some(note) = &command.note {
        let note = Note {
            kind: "decision".to_owned(),
            author: actor.to_string(),
            body: note.clone(),
            created_at: context.now,
        };
        decisions::insert_note(tx, &mint.next_ulid().to_string(), &refund.refund_id, &note)?;
    }
    let note = command.note.as_deref();
    let moved = match &command.verdict {
        Verdict::Deny => {
            let cause = Cause { context, actor: actor.clone(), reason: "denied_by_person", note };
            decisions::set_decided_by(tx, &refund.refund_id, &actor.to_string())?;
            moves::apply(tx, mint, &mut refund, &mut payment, Event::Deny, &cause)?
        }
        Verdict::Approve { amount_minor } => {
            let cause = Cause { context, actor, reason: "approved_by_person", note };
            approve(desk, tx, mint, &mut refund, &mut payment, *amount_minor, &cause)?
        }
    };
    Ok((refund, moved))
}

fn approve(
    desk: &Desk,
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    payment: &mut PaymentRow,
    lowered_to_minor: Option<i64>,
    cause: &Cause<'_>,
) -> Result<Option<Moved>, Refusal> {
    guard(payment.status)?;
    let decision = decisions::decisions_of(tx, std::slice::from_ref(&refund.refund_id))?.pop();
    let decision = decision.ok_or_else(|| Refusal::new(Code::Internal).because("a refund without a decision"))?;
    let facts: Facts = read_json(&decision.facts)?;
    let outcome: Outcome = read_json(&decision.outcome)?;
    // The floors are judged again under the limits of today; what the table said stays as it was decided.
    let facts = Facts { limits: desk.limits, ..facts };
    let requirement = requirement(&outcome, &facts);
    let given = judge(tx, refund, &facts, requirement, lowered_to_minor, cause)?;
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
        digest: digest(refund),
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
    moves::requalify(refund, |marks| marks.approvals = 1);
    moves::touch(tx, refund, cause.context)?;
    Ok(None)
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
    let approvals = approvals(tx, refund)?;
    let case = Case {
        requirement,
        creator: &creator,
        adjusters: &[],
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

fn approvals(tx: &mut Tx<'_>, refund: &Refund) -> Result<Vec<Approval>, Refusal> {
    decisions::approvals_of(tx, std::slice::from_ref(&refund.refund_id))?
        .into_iter()
        .map(|(_, row)| {
            let principal = row.principal.parse().map_err(|error| Refusal::new(Code::Internal).because(error))?;
            Ok(Approval {
                principal,
                rank: row.approval_rank,
                amount_minor: row.amount_minor,
                at: row.created_at,
                voided: row.voided,
            })
        })
        .collect()
}

/// Lowers the amount, and what it takes from each line.
fn lower(tx: &mut Tx<'_>, refund: &mut Refund, amount_minor: i64) -> Result<(), Refusal> {
    let lines = refunds::lines_of(tx, std::slice::from_ref(&refund.refund_id))?;
    let by_line = lines.iter().any(|(_, line)| line.by_line);
    let shares: Vec<_> = lines.into_iter().map(|(_, line)| line.share).collect();
    let lowered: Vec<RefundLine> =
        allocation::lowered(&shares, amount_minor).into_iter().map(|share| RefundLine { share, by_line }).collect();
    refunds::replace_lines(tx, &refund.refund_id, &lowered)?;
    refund.amount.minor = amount_minor;
    Ok(())
}

/// What an approval is bound to: amount, currency and reason.
fn digest(refund: &Refund) -> String {
    let text = format!("{}|{}|{}", refund.amount.minor, refund.amount.currency, refund.reason);
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn read_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::new(Code::Internal).because(error))
}
