//! Who works on which request: claims that end by themselves, the next case, and what is put aside.
//!
//! A claim changes nothing about the refund and takes no right from anybody; the refund is not locked for it.
//! Source: SPEC sections 1 and 12.

use std::sync::Arc;

use jiff::SignedDuration;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::domain::access::{Permission, Principal};
use crate::domain::id::{Mint, RefundId};
use crate::domain::review::{self, BULK_MAX, Claim, SKIP_S, Taking, View};
use crate::store::queue::{self, Narrowed, Reader};
use crate::store::{Tx, reviews};

/// What asking for a request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is theirs until then.
    Yours(Claim),
    /// It is another's until then.
    Theirs(Claim),
    /// It waits for nobody any more.
    Over,
}

/// Claims a request, or renews the claim. `reason` takes it over from whoever holds it.
pub async fn claim(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    reason: Option<&str>,
) -> Result<Claimed, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id, reason) = (context.clone(), refund_id.clone(), reason.map(str::to_owned));
    desk.db.write(move |tx| take(tx, &context, &mut mint.clone(), &refund_id, reason.as_deref())).await
}

/// Claims several at once, at most [`BULK_MAX`]; those that others hold stay theirs. How many were got.
pub async fn claim_all(desk: &Arc<Desk>, context: &Context, refund_ids: &[RefundId]) -> Result<usize, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_ids) = (context.clone(), refund_ids.to_vec());
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            let mut got = 0;
            for refund_id in refund_ids.iter().take(BULK_MAX) {
                if let Claimed::Yours(_) = take(tx, &context, &mut mint, refund_id, None)? {
                    got += 1;
                }
            }
            Ok::<_, Refusal>(got)
        })
        .await
}

/// Gives a claim back; nothing happens where it is not theirs.
pub async fn release(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id) = (context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let Some(found) = reviews::lock(tx, &refund_id)? else { return Ok(()) };
            if found.claim.is_some_and(|claim| claim.holder == context.actor.principal) {
                reviews::set_claim(tx, &refund_id, None)?;
                record(tx, &context, &mut mint.clone(), &refund_id, "refund.release", "released", None)?;
            }
            Ok::<_, Refusal>(())
        })
        .await
}

/// Claims what is due next and nobody holds; `None` where nothing waits.
pub async fn claim_next(desk: &Arc<Desk>, context: &Context) -> Result<Option<RefundId>, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let context = context.clone();
    desk.db
        .write(move |tx| {
            let reader = Reader { principal: context.actor.principal.clone(), now: context.system_now };
            let mut after = None;
            loop {
                let found = queue::waiting(tx, View::Unclaimed, &Narrowed::default(), &reader, after.as_ref(), 1)?;
                let Some(next) = found.into_iter().next() else { return Ok(None) };
                // On PostgreSQL another node may have taken it since it was read.
                match take(tx, &context, &mut mint.clone(), &next.refund_id, None)? {
                    Claimed::Yours(_) => return Ok::<_, Refusal>(Some(next.refund_id)),
                    Claimed::Theirs(_) | Claimed::Over => after = Some(next.mark()),
                }
            }
        })
        .await
}

/// Puts a request aside for this person, with a reason, and gives their claim back.
pub async fn skip(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId, reason: &str) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id, reason) = (context.clone(), refund_id.clone(), reason.to_owned());
    desk.db
        .write(move |tx| {
            let not_found = || Refusal::new(Code::RefundNotFound);
            let found = reviews::lock(tx, &refund_id)?.ok_or_else(not_found)?;
            let me = &context.actor.principal;
            let until = context.system_now.checked_add(SignedDuration::from_secs(SKIP_S)).unwrap_or(context.system_now);
            reviews::skip(tx, me, &refund_id, &reason, until)?;
            if found.claim.is_some_and(|claim| claim.holder == *me) {
                reviews::set_claim(tx, &refund_id, None)?;
            }
            record(tx, &context, &mut mint.clone(), &refund_id, "refund.skip", "skipped", Some(&reason))
        })
        .await
}

/// Gives every claim of one person to another, for somebody who leaves; how many there were.
pub async fn hand_over(
    desk: &Arc<Desk>,
    context: &Context,
    from: &Principal,
    to: &Principal,
) -> Result<usize, Refusal> {
    context.require(Permission::Operate)?;
    let mint = context.mint();
    let (context, from, to) = (context.clone(), from.clone(), to.clone());
    desk.db
        .write(move |tx| {
            let moved = reviews::hand_over(tx, &from, &Claim::starting(to.clone(), context.system_now))?;
            let cause = Cause { context: &context, actor: context.actor.principal.clone(), reason: "left", note: None };
            let after = serde_json::json!({"to": to.to_string(), "claims": moved}).to_string();
            moves::audit(tx, &mut mint.clone(), &cause, "claims.hand_over", &from.to_string(), None, Some(after))?;
            Ok::<_, Refusal>(moved)
        })
        .await
}

fn take(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    refund_id: &RefundId,
    reason: Option<&str>,
) -> Result<Claimed, Refusal> {
    let not_found = || Refusal::new(Code::RefundNotFound);
    let found = reviews::lock(tx, refund_id)?.ok_or_else(not_found)?;
    if found.closed_at.is_some() {
        return Ok(Claimed::Over);
    }
    let me = &context.actor.principal;
    let renewed = found.claim.as_ref().is_some_and(|claim| claim.holder == *me && claim.stands(context.system_now));
    match review::take(found.claim.as_ref(), me, context.system_now, reason.is_some()) {
        Taking::Held => return Ok(found.claim.map_or(Claimed::Over, Claimed::Theirs)),
        Taking::TakenOver => record(tx, context, mint, refund_id, "refund.take_over", "taken_over", reason)?,
        Taking::Free if renewed => {}
        Taking::Free => record(tx, context, mint, refund_id, "refund.claim", "claimed", None)?,
    }
    let claim = Claim::starting(me.clone(), context.system_now);
    reviews::set_claim(tx, refund_id, Some(&claim))?;
    Ok(Claimed::Yours(claim))
}

fn record(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    refund_id: &RefundId,
    action: &str,
    code: &str,
    note: Option<&str>,
) -> Result<(), Refusal> {
    let cause = Cause { context, actor: context.actor.principal.clone(), reason: code, note };
    moves::audit(tx, mint, &cause, action, &format!("refund:{refund_id}"), None, None)?;
    Ok(())
}
