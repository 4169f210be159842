//! Giving up what stopped. Where money may have moved, one person says that it did not and another confirms it; only then is
//! the refund failed, and a success that shows later still counts. Source: SPEC sections 3 and 7.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::locks::locked;
use super::moves::{self, Cause, Moved};
use super::outbox_admin::{is_call, shape, stands_otherwise};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{Mint, RefundId};
use crate::domain::provider::ErrorInfo;
use crate::domain::refund::{Event, Refund, State};
use crate::store::orders::PaymentRow;
use crate::store::outbox::{self, OutboxRow};
use crate::store::{Tx, attempts, discards, outbox_list};

/// Characters of a reason at least, so that whoever confirms learns something.
pub const REASON_LENGTH_MIN: usize = 10;
/// Characters of a reason at most.
pub const REASON_LENGTH_MAX: usize = 2_000;

/// What giving something up came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// Nobody tries it again.
    Done,
    /// Money may have moved: another person has to confirm that it did not.
    Proposed,
}

/// Gives up what stopped, for a reason; where money may have moved, proposes it.
pub async fn give_up(desk: &Arc<Desk>, context: &Context, outbox_id: &str, reason: &str) -> Result<GivenUp, Refusal> {
    context.require(Permission::Operate)?;
    let (mint, context, outbox_id, reason) = (context.mint(), context.clone(), outbox_id.to_owned(), reason.to_owned());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let mut mint = mint.clone();
            let (row, found) = stopped(tx, &outbox_id)?;
            let cause = Cause {
                context: &context,
                actor: context.actor.principal.clone(),
                reason: "given_up",
                note: Some(&reason),
            };
            let subject = format!("outbox:{outbox_id}");
            if found.as_ref().is_some_and(|(refund, _)| is_call(&row) && refund.state == State::Approved) {
                // Nothing was sent, and without this row nothing would be: such a refund is canceled.
                return Err(stands_otherwise(&row));
            }
            match found.filter(|(refund, _)| may_have_moved(&row, refund)) {
                Some((refund, _)) => {
                    if discards::find(tx, &outbox_id)?.is_some_and(|proposal| proposal.confirmed.is_none()) {
                        return Err(stands_otherwise(&row));
                    }
                    let (by, now) = (&cause.actor, context.now);
                    discards::propose(tx, &outbox_id, &refund.refund_id, by, &reason, now)?;
                    let after = json!({ "refund_id": refund.refund_id }).to_string();
                    moves::audit(tx, &mut mint, &cause, "outbox.propose_give_up", &subject, None, Some(after))?;
                    Ok(GivenUp::Proposed)
                }
                None => {
                    let now = outbox::lease_clock(tx)?;
                    outbox_list::give_up(tx, &outbox_id, now)?;
                    let after = outbox::find(tx, &outbox_id)?.map(|row| shape(&row));
                    moves::audit(tx, &mut mint, &cause, "outbox.give_up", &subject, Some(shape(&row)), after)?;
                    Ok(GivenUp::Done)
                }
            }
        })
        .await
}

/// Confirms that the money did not move, as another person said at `seen`: the refund has failed for good.
pub async fn confirm(desk: &Arc<Desk>, context: &Context, outbox_id: &str, seen: Timestamp) -> Result<(), Refusal> {
    context.require(Permission::Operate)?;
    let mint = context.mint();
    let moved = {
        let (context, outbox_id) = (context.clone(), outbox_id.to_owned());
        desk.db
            .write(move |tx| {
                let context = standing::confirm(tx, &context, Permission::Operate)?;
                let (row, found) = stopped(tx, &outbox_id)?;
                let found = found.filter(|(refund, _)| may_have_moved(&row, refund));
                let (refund, payment) = found.ok_or_else(|| stands_otherwise(&row))?;
                let proposal = discards::find(tx, &outbox_id)?.ok_or_else(|| stands_otherwise(&row))?;
                if proposal.proposed_by == context.actor.principal {
                    return Err(Refusal::new(Code::DualControl));
                }
                if !discards::confirm(tx, &outbox_id, seen, &context.actor.principal, context.now)? {
                    return Err(stands_otherwise(&row));
                }
                let mut mint = mint.clone();
                let actor = context.actor.principal.clone();
                let cause = Cause { context: &context, actor, reason: "given_up", note: Some(&proposal.reason) };
                let said = json!({ "proposed_by": proposal.proposed_by.to_string(), "proposed_at": seen });
                let (subject, before) = (format!("outbox:{outbox_id}"), Some(said.to_string()));
                let after = Some(json!({ "refund_id": refund.refund_id }).to_string());
                moves::audit(tx, &mut mint, &cause, "outbox.give_up", &subject, before, after)?;
                fail(tx, &mut mint, refund, payment, &cause)
            })
            .await?
    };
    moves::announce(desk, context, moved.as_slice());
    Ok(())
}

/// Takes a proposal back that nobody confirmed; anybody who could confirm it may.
pub async fn withdraw(desk: &Arc<Desk>, context: &Context, outbox_id: &str) -> Result<(), Refusal> {
    context.require(Permission::Operate)?;
    let (mint, context, outbox_id) = (context.mint(), context.clone(), outbox_id.to_owned());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            if !discards::withdraw(tx, &outbox_id)? {
                return Err(Refusal::new(Code::State));
            }
            let actor = context.actor.principal.clone();
            let cause = Cause { context: &context, actor, reason: "withdrawn", note: None };
            let subject = format!("outbox:{outbox_id}");
            moves::audit(tx, &mut mint.clone(), &cause, "outbox.keep", &subject, None, None)?;
            Ok(())
        })
        .await
}

/// Whether giving the row up decides about money: a call that may have reached its processor, for a refund that waits for it.
pub(super) fn may_have_moved(row: &OutboxRow, refund: &Refund) -> bool {
    is_call(row) && moves::is_on_the_wire(refund.state)
}

/// A row that stopped, and its refund with the payment, locked.
fn stopped(tx: &mut Tx<'_>, outbox_id: &str) -> Result<(OutboxRow, Option<(Refund, PaymentRow)>), Refusal> {
    let not_found = || Refusal::new(Code::PathNotFound);
    let found = outbox::find(tx, outbox_id)?.ok_or_else(not_found)?;
    // The refund's locks come before the row's.
    let refund_id = found.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok());
    let refund = refund_id.map(|refund_id| locked(tx, &refund_id)).transpose()?.flatten();
    let row = outbox::find(tx, outbox_id)?.ok_or_else(not_found)?;
    if ["dead", "unknown"].contains(&row.status.as_str()) { Ok((row, refund)) } else { Err(stands_otherwise(&row)) }
}

/// The refund has failed on people's word: for good, and without the processor's own.
fn fail(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    mut refund: Refund,
    mut payment: PaymentRow,
    cause: &Cause<'_>,
) -> Result<Option<Moved>, Refusal> {
    let attempts = attempts::of_refund(tx, &refund.refund_id)?;
    if let Some(mut attempt) = attempts.into_iter().find(|attempt| attempt.attempt == refund.attempt) {
        attempt.outcome = Some("given_up".to_owned());
        attempts::update(tx, &attempt)?;
    }
    refund.held = false;
    refund.dead_lettered = false;
    refund.error = Some(ErrorInfo {
        code: "given_up".to_owned(),
        message: "Two people stated that the processor did not pay it.".to_owned(),
        retryable: false,
        processor_code: None,
        processor_message: None,
    });
    moves::apply(tx, mint, &mut refund, &mut payment, Event::Failed { retryable: false }, cause)
}
