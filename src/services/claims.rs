//! Who works on which request: claims that end by themselves, the next case, what is put aside, and what is handed on.
//!
//! A claim changes nothing about the refund; the refund is not locked for it. Whether somebody may still decide is asked
//! again in the transaction that writes the claim. Source: SPEC sections 1 and 12, UX section 1a.

use std::sync::Arc;

use jiff::SignedDuration;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::{Permission, Principal, Role};
use crate::domain::id::{Mint, RefundId, UserId};
use crate::domain::review::{self, BULK_MAX, Claim, SKIP_S, Taking, View};
use crate::store::decisions::{self, Note};
use crate::store::people::UserRow;
use crate::store::queue::{self, Narrowed, Reader};
use crate::store::{Tx, people, refunds, reviews};

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
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            take(tx, &context, &mut mint.clone(), &refund_id, reason.as_deref())
        })
        .await
}

/// Renews a claim of theirs that still stands, and does nothing else. Whether it is theirs.
pub async fn renew(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<bool, Refusal> {
    context.require(Permission::RefundDecide)?;
    // Most requests of a page are made by who holds the case; of the others this one look is all.
    let (reader, id) = (context.clone(), refund_id.clone());
    let is_theirs = move |claim: &Claim| claim.holder == reader.actor.principal && claim.stands(reader.system_now);
    let theirs = is_theirs.clone();
    let found = desk.db.read(move |conn| Ok::<_, Refusal>(reviews::find(conn, &id)?)).await?;
    if !found.and_then(|review| review.claim).as_ref().is_some_and(theirs) {
        return Ok(false);
    }
    let (context, refund_id) = (context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let found = reviews::lock(tx, &refund_id)?.filter(|review| review.closed_at.is_none());
            if !found.and_then(|review| review.claim).as_ref().is_some_and(is_theirs.clone()) {
                return Ok(false);
            }
            let claim = Claim::starting(context.actor.principal.clone(), context.system_now);
            reviews::set_claim(tx, &refund_id, Some(&claim))?;
            Ok::<_, Refusal>(true)
        })
        .await
}

/// Claims several at once, at most [`BULK_MAX`]; those that others hold stay theirs. How many were got.
pub async fn claim_all(desk: &Arc<Desk>, context: &Context, refund_ids: &[RefundId]) -> Result<usize, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_ids) = (context.clone(), refund_ids.to_vec());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
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
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let Some(found) = reviews::lock(tx, &refund_id)? else { return Ok(()) };
            if found.claim.is_some_and(|claim| claim.holder == context.actor.principal) {
                reviews::set_claim(tx, &refund_id, None)?;
                record(tx, &context, &mut mint.clone(), &refund_id, "refund.release", "released", None)?;
            }
            Ok::<_, Refusal>(())
        })
        .await
}

/// Claims what is due next, nobody holds and this person may decide; `None` where nothing waits.
pub async fn claim_next(desk: &Arc<Desk>, context: &Context) -> Result<Option<RefundId>, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let context = context.clone();
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let reader = Reader { principal: context.actor.principal.clone(), now: context.system_now };
            let mut after = None;
            loop {
                let found = queue::waiting(tx, View::Unclaimed, &Narrowed::default(), &reader, after.as_ref(), 1)?;
                let Some(next) = found.into_iter().next() else { return Ok(None) };
                if !may_be_theirs(tx, &reader.principal, &next.refund_id)? {
                    after = Some(next.mark());
                    continue;
                }
                // On PostgreSQL another node may have taken it since it was read.
                match take(tx, &context, &mut mint.clone(), &next.refund_id, None)? {
                    Claimed::Yours(_) => return Ok::<_, Refusal>(Some(next.refund_id)),
                    Claimed::Theirs(_) | Claimed::Over => after = Some(next.mark()),
                }
            }
        })
        .await
}

/// Whether somebody is neither who asked nor who approved already, and so may be the one who decides.
fn may_be_theirs(tx: &mut Tx<'_>, who: &Principal, refund_id: &RefundId) -> Result<bool, Refusal> {
    let me = who.to_string();
    let asked = refunds::find(tx, refund_id)?.is_some_and(|refund| refund.created_by == me);
    let approvals = decisions::approvals_of(tx, std::slice::from_ref(refund_id))?;
    Ok(!asked && !approvals.iter().any(|(_, approval)| approval.principal == me && !approval.voided))
}

/// Puts a request aside for this person, with a reason, and gives their claim back.
pub async fn skip(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId, reason: &str) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id, reason) = (context.clone(), refund_id.clone(), reason.to_owned());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
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

/// Gives every claim of one person to another: their own, before they leave for the day, or somebody's who is gone. How
/// many there were.
pub async fn hand_over(
    desk: &Arc<Desk>,
    context: &Context,
    from: &Principal,
    to: &Principal,
) -> Result<usize, Refusal> {
    let permission = if *from == context.actor.principal { Permission::RefundDecide } else { Permission::Operate };
    context.require(permission)?;
    let mint = context.mint();
    let (context, from, to) = (context.clone(), from.clone(), to.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, permission)?;
            must_decide(tx, &to)?;
            let moved = reviews::hand_over(tx, &from, &Claim::starting(to.clone(), context.system_now))?;
            let cause = Cause { context: &context, actor: context.actor.principal.clone(), reason: "left", note: None };
            let after = serde_json::json!({"to": to.to_string(), "claims": moved}).to_string();
            moves::audit(tx, &mut mint.clone(), &cause, "claims.hand_over", &from.to_string(), None, Some(after))?;
            Ok::<_, Refusal>(moved)
        })
        .await
}

/// Gives one case to a colleague who may decide, with a few words for them. By who holds it, or while nobody does.
pub async fn hand_on(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    to: &Principal,
    note: Option<&str>,
) -> Result<Claimed, Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id, to, note) = (context.clone(), refund_id.clone(), to.clone(), note.map(str::to_owned));
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            must_decide(tx, &to)?;
            let not_found = || Refusal::new(Code::RefundNotFound);
            let found = reviews::lock(tx, &refund_id)?.ok_or_else(not_found)?;
            if found.closed_at.is_some() {
                return Ok(Claimed::Over);
            }
            let me = &context.actor.principal;
            if let Some(theirs) = found.claim.filter(|claim| claim.stands(context.system_now) && claim.holder != *me) {
                return Ok(Claimed::Theirs(theirs));
            }
            let claim = Claim::starting(to.clone(), context.system_now);
            reviews::set_claim(tx, &refund_id, Some(&claim))?;
            let after = serde_json::json!({"to": to.to_string()}).to_string();
            let mut mint = mint.clone();
            let cause = Cause { context: &context, actor: me.clone(), reason: "handed_on", note: note.as_deref() };
            let subject = format!("refund:{refund_id}");
            moves::audit(tx, &mut mint, &cause, "refund.hand_on", &subject, None, Some(after))?;
            tell_colleagues(tx, &context, &mut mint, &refund_id, note.as_deref())?;
            Ok::<_, Refusal>(Claimed::Yours(claim))
        })
        .await
}

/// The colleagues to whom a case can be given, by name.
pub async fn colleagues(desk: &Arc<Desk>, context: &Context) -> Result<Vec<(UserId, String)>, Refusal> {
    context.require(Permission::RefundDecide)?;
    let me = context.actor.principal.clone();
    desk.db
        .read(move |conn| {
            let roles: Vec<Role> = Role::ALL
                .iter()
                .copied()
                .filter(|role| role.permissions().contains(&Permission::RefundDecide))
                .collect();
            let mut found = people::names_with_roles(conn, &roles)?;
            found.retain(|(user_id, _)| me.user_id() != Some(user_id));
            found.sort_by(|(_, one), (_, other)| one.cmp(other));
            Ok(found)
        })
        .await
}

/// Refuses somebody who is no longer there, or could not decide what they are given.
fn must_decide(tx: &mut Tx<'_>, to: &Principal) -> Result<(), Refusal> {
    let may = |user: &UserRow| {
        user.active && user.roles.iter().any(|role| role.permissions().contains(&Permission::RefundDecide))
    };
    let user = to.user_id().map(|user_id| people::hold_user(tx, user_id)).transpose()?.flatten();
    if user.as_ref().is_some_and(may) { Ok(()) } else { Err(Refusal::field(Code::Body, "/to", "field-required")) }
}

/// Writes into the story of the case what a colleague has to read.
fn tell_colleagues(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    refund_id: &RefundId,
    body: Option<&str>,
) -> Result<(), Refusal> {
    let Some(body) = body else { return Ok(()) };
    let note = Note {
        kind: "staff".to_owned(),
        author: context.actor.principal.to_string(),
        body: body.to_owned(),
        created_at: context.now,
    };
    Ok(decisions::insert_note(tx, &mint.next_ulid().to_string(), refund_id, &note)?)
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
        Taking::TakenOver => {
            record(tx, context, mint, refund_id, "refund.take_over", "taken_over", reason)?;
            tell_colleagues(tx, context, mint, refund_id, reason)?;
        }
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
