//! A customer asks to look again at what was denied: a new request for the same, which people decide. Once, within its
//! term, and not judged by who denied. Source: [`crate::domain::appeal`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause, Moved};
use super::refusal::{Code, Refusal};
use super::request_refund::{self, RequestRefund, Suspicion};
use crate::domain::access::Permission;
use crate::domain::allocation::Wanted;
use crate::domain::appeal::open_until;
use crate::domain::id::{Mint, RefundId};
use crate::domain::refund::Refund;
use crate::store::{Tx, appeals, customers, decisions, refunds};

/// Asks to look again; the request that does. Asked twice, it answers with the first.
pub async fn ask_to_look_again(
    desk: &Arc<Desk>,
    context: &Context,
    denied_id: &RefundId,
    why: String,
) -> Result<RefundId, Refusal> {
    context.require(Permission::RefundCreate)?;
    let mint = context.mint();
    let (appeal, moves, suspicion) = {
        let (desk_, context, denied_id) = (Arc::clone(desk), context.clone(), denied_id.clone());
        desk.db.write(move |tx| ask(&desk_, tx, &context, &denied_id, &why, &mut mint.clone())).await?
    };
    suspicion.count();
    moves::announce(desk, context, &moves);
    Ok(appeal)
}

fn ask(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    denied_id: &RefundId,
    why: &str,
    mint: &mut Mint,
) -> Result<(RefundId, Vec<Moved>, Suspicion), Refusal> {
    let denied = refunds::find(tx, denied_id)?.filter(|refund| context.may_see(&refund.customer_id));
    let denied = denied.ok_or_else(|| Refusal::new(Code::RefundNotFound))?;
    // The customer comes first in the order of locks: a second press waits here for the first, and finds what it wrote.
    customers::lock(tx, &denied.customer_id)?;
    let bond = appeals::bond_of(tx, denied_id)?;
    if let Some(appeal) = bond.appeal {
        return Ok((appeal, Vec::new(), Suspicion::default()));
    }
    let until = open_until(denied.state, denied.closure, denied.updated_at, &bond);
    if until.is_none_or(|until| until <= context.now) {
        return Err(moves::illegal(&denied));
    }
    let command = the_same_again(tx, &denied, why)?;
    request_refund::check(&command)?;
    let (asked, moves, suspicion) = request_refund::record(desk, tx, context, &command, true, mint)?;
    let appeal = asked.refund_id()?;
    appeals::insert(tx, denied_id, &appeal)?;
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: "look_again", note: None };
    let after = json!({ "refund_id": appeal }).to_string();
    moves::audit(tx, mint, &cause, "refund.appeal", &format!("refund:{denied_id}"), None, Some(after))?;
    Ok((appeal, moves, suspicion))
}

/// The request for what was denied, with what its customer adds.
fn the_same_again(tx: &mut Tx<'_>, denied: &Refund, why: &str) -> Result<RequestRefund, Refusal> {
    let lines = refunds::lines_of(tx, std::slice::from_ref(&denied.refund_id))?;
    let by_line = lines.into_iter().filter(|(_, line)| line.by_line);
    let wanted: Vec<Wanted> = by_line
        .map(|(_, line)| Wanted {
            line_id: line.share.line_id,
            quantity: None,
            amount_minor: Some(line.share.amount_minor),
        })
        .collect();
    Ok(RequestRefund {
        order_id: denied.order_id.clone(),
        amount_minor: wanted.is_empty().then_some(denied.amount.minor),
        currency: Some(denied.amount.currency),
        reason: denied.reason,
        lines: wanted,
        note: Some(why.to_owned()),
        evidence: Vec::new(),
        metadata: BTreeMap::new(),
        expected_remaining_minor: None,
        key: None,
    })
}

/// Who denied a request is not the one who looks at it again: `403 ERR.AUTHZ.dual_control`.
pub(super) fn refuse_who_denied(tx: &mut Tx<'_>, context: &Context, refund: &Refund) -> Result<(), Refusal> {
    let Some(denied) = appeals::bond_of(tx, &refund.refund_id)?.denied else { return Ok(()) };
    let who = decisions::decisions_of(tx, &[denied])?.pop().and_then(|decision| decision.decided_by);
    if who == Some(context.actor.principal.to_string()) {
        return Err(Refusal::new(Code::DualControl).with("refund_id", refund.refund_id.as_str()));
    }
    Ok(())
}
