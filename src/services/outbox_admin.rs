//! What waits to leave the house and what stopped: for people who operate the desk. Source: SPEC section 16.

use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::locks::locked;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{Mint, RefundId};
use crate::store::outbox::Work;
use crate::store::outbox_list::{self, Cause as WhyStopped};
use crate::store::{Tx, discards, inbox_list, outbox};

pub use crate::store::outbox::OutboxRow;

/// A page of what is open, oldest first: waiting, under way, dead, or a letter of unknown fate. `after` is the id that the
/// page before ended with.
pub async fn list(desk: &Arc<Desk>, context: &Context, after: &str, limit: i64) -> Result<Vec<OutboxRow>, Refusal> {
    context.require(Permission::AdminRead)?;
    let after = after.to_owned();
    desk.db.read(move |conn| Ok(outbox::open_after(conn, &after, limit)?)).await
}

/// Rows that are tried again in one transaction, so that nobody waits long for it.
const GROUP_PART: i64 = 20;

/// Gives what died, or a letter of unknown fate, another chance: under the same key at the processor, so that nothing is
/// done twice. Answers with the row as it stands.
pub async fn requeue(desk: &Arc<Desk>, context: &Context, outbox_id: &str) -> Result<OutboxRow, Refusal> {
    context.require(Permission::Operate)?;
    let mint = context.mint();
    let row = {
        let (context, outbox_id) = (context.clone(), outbox_id.to_owned());
        desk.db
            .write(move |tx| {
                let context = standing::confirm(tx, &context, Permission::Operate)?;
                requeue_one(tx, &context, &mut mint.clone(), &outbox_id)
            })
            .await?
    };
    ring(desk);
    Ok(row)
}

/// The same for everything that stopped for one cause; how many rows. What is held for a person stays.
pub async fn requeue_all(desk: &Arc<Desk>, context: &Context, why: &WhyStopped) -> Result<usize, Refusal> {
    context.require(Permission::Operate)?;
    let (mut again, mut after) = (0, String::new());
    loop {
        let mint = context.mint();
        let (context, why, behind) = (context.clone(), why.clone(), after);
        let (count, last) = desk
            .db
            .write(move |tx| {
                let context = standing::confirm(tx, &context, Permission::Operate)?;
                let mut mint = mint.clone();
                let rows = outbox_list::stopped(tx, Some(&why), &behind, GROUP_PART)?;
                let mut count = 0;
                for row in &rows {
                    match requeue_one(tx, &context, &mut mint, &row.outbox_id) {
                        Ok(_) => count += 1,
                        Err(refusal) if refusal.code == Code::State => {}
                        Err(refusal) => return Err(refusal),
                    }
                }
                Ok::<_, Refusal>((count, rows.last().map(|row| row.outbox_id.clone())))
            })
            .await?;
        again += count;
        let Some(last) = last else { break };
        after = last;
    }
    ring(desk);
    Ok(again)
}

/// Gives an event that could not be applied another chance; it is applied once, however often it is tried.
pub async fn requeue_event(desk: &Arc<Desk>, context: &Context, inbox_id: &str) -> Result<(), Refusal> {
    context.require(Permission::Operate)?;
    let (mint, context, inbox_id) = (context.mint(), context.clone(), inbox_id.to_owned());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::Operate)?;
            let now = outbox::lease_clock(tx)?;
            let event = inbox_list::requeue(tx, &inbox_id, now)?;
            let event = event.ok_or_else(|| Refusal::new(Code::State).with("inbox_id", inbox_id.as_str()))?;
            let actor = context.actor.principal.clone();
            let cause = Cause { context: &context, actor, reason: "requeued", note: None };
            let (subject, after) =
                (format!("inbox:{inbox_id}"), json!({"account": event.account, "type": event.event_type}));
            moves::audit(tx, &mut mint.clone(), &cause, "inbox.requeue", &subject, None, Some(after.to_string()))?;
            Ok::<_, Refusal>(())
        })
        .await?;
    desk.bells.inbox.notify_one();
    Ok(())
}

fn ring(desk: &Desk) {
    desk.bells.submit.notify_one();
    desk.bells.mail.notify_one();
    desk.bells.scan.notify_one();
}

fn requeue_one(tx: &mut Tx<'_>, context: &Context, mint: &mut Mint, outbox_id: &str) -> Result<OutboxRow, Refusal> {
    let unknown = || Refusal::new(Code::Body).with("outbox_id", outbox_id);
    let before = outbox::find(tx, outbox_id)?.ok_or_else(unknown)?;
    // The refund's locks come before the row's.
    revive_refund(tx, context, &before)?;
    let now = outbox::lease_clock(tx)?;
    if !outbox::requeue(tx, outbox_id, now)? {
        return Err(stands_otherwise(&before));
    }
    discards::withdraw(tx, outbox_id)?;
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: "requeued", note: None };
    let after = outbox::find(tx, outbox_id)?.ok_or_else(unknown)?;
    let subject = format!("outbox:{outbox_id}");
    moves::audit(tx, mint, &cause, "outbox.requeue", &subject, Some(shape(&before)), Some(shape(&after)))?;
    Ok(after)
}

/// What the trail keeps of a row.
pub(super) fn shape(row: &OutboxRow) -> String {
    json!({"kind": row.kind, "status": row.status, "attempts": row.attempts, "refund_id": row.refund_id}).to_string()
}

/// The refusal where a row has not stopped, or not any more.
pub(super) fn stands_otherwise(row: &OutboxRow) -> Refusal {
    Refusal::new(Code::State).with("outbox_id", row.outbox_id.as_str()).with("status", row.status.as_str())
}

/// Takes the mark of a dead letter from the row's refund, where it bears one.
fn revive_refund(tx: &mut Tx<'_>, context: &Context, row: &OutboxRow) -> Result<(), Refusal> {
    let Some(refund_id) = row.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok()) else { return Ok(()) };
    let Some((mut refund, _)) = locked(tx, &refund_id)? else { return Ok(()) };
    if refund.held && is_call(row) {
        // The processor may have forgotten the key: asking again could pay twice.
        return Err(stands_otherwise(row).with("qualifier", "held"));
    }
    if !refund.dead_lettered {
        return Ok(());
    }
    refund.dead_lettered = false;
    moves::requalify(&mut refund, |_| {});
    moves::touch(tx, &mut refund, context)
}

/// Whether the row is a call to a processor.
pub(super) fn is_call(row: &OutboxRow) -> bool {
    [Work::Submit, Work::Poll].iter().any(|work| work.as_str() == row.kind)
}
