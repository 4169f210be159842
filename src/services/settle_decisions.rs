//! The last approval of a request, once it can no longer be undone; and the undoing. Source: SPEC section 3.
//!
//! When the time has passed, everything is asked again in the transaction of the move: whether the person is still there
//! and may approve, limits, floors, and what remains. Where an answer has changed, the request waits for people as before.

use std::sync::Arc;

use super::context::Context;
use super::decide_refund::{approve, cause, standing_approvals, weigh};
use super::desk::Desk;
use super::locks::{locked, to_move};
use super::moves::{self, Cause, Moved};
use super::refusal::{Code, Refusal};
use crate::crash::{Point, point};
use crate::domain::access::{Actor, Permission, Principal};
use crate::domain::id::{Mint, RefundId};
use crate::domain::refund::{Refund, State};
use crate::store::reviews::{self, Decided, ReviewRow};
use crate::store::{Tx, people};

/// Requests that are settled in one go.
const BATCH: i64 = 64;

/// Carries out the approvals whose time to be undone has passed; how many there were.
pub async fn settle_due(desk: &Arc<Desk>, context: &Context) -> Result<usize, Refusal> {
    let now = context.system_now;
    let due = desk.db.read(move |conn| Ok::<_, Refusal>(reviews::decided_before(conn, now, BATCH)?)).await?;
    for refund_id in &due {
        match settle(desk, context, refund_id).await {
            Err(refusal) if refusal.store.is_none() => lapse(desk, context, refund_id, &refusal).await?,
            settled => settled?,
        }
    }
    Ok(due.len())
}

/// Takes one's own last approval back while it can be undone; answers with the refund as it stands. `409` later.
pub async fn undo_decision(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<Refund, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id) = (context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let (mut refund, _) = to_move(tx, &context, &refund_id, None)?;
            let review = reviews::lock(tx, &refund_id)?;
            let mine = review.and_then(|review| review.decided).filter(|decided| decided.by == context.actor.principal);
            if mine.is_none_or(|decided| decided.until <= context.system_now) {
                return Err(moves::illegal(&refund));
            }
            give_up(tx, &mut mint.clone(), &mut refund, "refund.undo", &cause(&context, "undone", None))?;
            Ok(refund)
        })
        .await
}

async fn settle(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<(), Refusal> {
    let mint = context.mint();
    let moved = {
        let (desk_, context, refund_id) = (Arc::clone(desk), context.clone(), refund_id.clone());
        desk.db.write(move |tx| carry_out(&desk_, tx, &context, &mut mint.clone(), &refund_id)).await?
    };
    point(Point::SettleCommitted);
    moves::announce(desk, context, moved.as_slice());
    Ok(())
}

fn carry_out(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    refund_id: &RefundId,
) -> Result<Option<Moved>, Refusal> {
    let Some((mut refund, mut payment)) = locked(tx, refund_id)? else { return Ok(None) };
    let Some(decided) = due(reviews::lock(tx, refund_id)?, &refund, context) else { return Ok(None) };
    let context = context.in_conversation(&refund.correlation_id).acting_as(actor_now(tx, &decided.by)?);
    context.require(Permission::RefundDecide)?;
    let cause = cause(&context, "approved_by_person", decided.note.as_deref());
    let given = weigh(desk, tx, &refund, &payment, decided.amount_minor, &cause)?;
    let moved = approve(tx, mint, &mut refund, &mut payment, &given, &cause)?;
    point(Point::SettleRecorded);
    Ok(moved)
}

/// The approval, where it still waits and its time has passed: it may have been undone, or settled by another node.
fn due(review: Option<ReviewRow>, refund: &Refund, context: &Context) -> Option<Decided> {
    let decided = review.and_then(|review| review.decided)?;
    (refund.state == State::Requested && decided.until <= context.system_now).then_some(decided)
}

/// The person with the roles that they have now.
fn actor_now(tx: &mut Tx<'_>, principal: &Principal) -> Result<Actor, Refusal> {
    let gone = || Refusal::new(Code::Scope).because("the person who approved was suspended since");
    let Principal::User(user_id) = principal else { return Err(gone()) };
    let user = people::find_user(tx, user_id)?.filter(|user| user.active).ok_or_else(gone)?;
    Ok(Actor::user(user.user_id, user.roles))
}

/// Lets an approval go that can no longer be given; people decide again.
async fn lapse(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId, refusal: &Refusal) -> Result<(), Refusal> {
    tracing::warn!(%refund_id, code = refusal.code.as_str(), "an approval lapsed before it was carried out");
    let mint = context.mint();
    let (context, refund_id, code) = (context.clone(), refund_id.clone(), refusal.code);
    desk.db
        .write(move |tx| {
            let Some((mut refund, _)) = locked(tx, &refund_id)? else { return Ok(()) };
            if due(reviews::lock(tx, &refund_id)?, &refund, &context).is_none() {
                return Ok(());
            }
            let cause = cause(&context, code.as_str(), None);
            give_up(tx, &mut mint.clone(), &mut refund, "refund.decision_lapsed", &cause)
        })
        .await
}

fn give_up(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    refund: &mut Refund,
    action: &str,
    cause: &Cause<'_>,
) -> Result<(), Refusal> {
    reviews::set_decided(tx, &refund.refund_id, None)?;
    moves::audit(tx, mint, cause, action, &format!("refund:{}", refund.refund_id), None, None)?;
    let approvals = standing_approvals(tx, refund)?;
    let needs_info = reviews::find(tx, &refund.refund_id)?.is_some_and(|review| review.needs_info);
    moves::requalify(refund, |marks| {
        marks.approvals = approvals;
        marks.needs_info = needs_info;
    });
    moves::touch(tx, refund, cause.context)
}
