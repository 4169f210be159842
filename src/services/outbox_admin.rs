//! What waits to leave the house and what stopped: for people who operate the desk. Source: SPEC section 16.

use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::locks::locked;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::domain::access::Permission;
use crate::domain::id::RefundId;
use crate::store::Tx;
use crate::store::outbox;

pub use crate::store::outbox::OutboxRow;

/// A page of what is open, oldest first: waiting, under way, dead, or a letter of unknown fate. `after` is the id that the
/// page before ended with.
pub async fn list(desk: &Arc<Desk>, context: &Context, after: &str, limit: i64) -> Result<Vec<OutboxRow>, Refusal> {
    context.require(Permission::Operate)?;
    let after = after.to_owned();
    desk.db.read(move |conn| Ok(outbox::open_after(conn, &after, limit)?)).await
}

/// Gives what died, or a letter of unknown fate, another chance: under the same key at the processor, so that nothing is
/// done twice. Answers with the row as it stands.
pub async fn requeue(desk: &Arc<Desk>, context: &Context, outbox_id: &str) -> Result<OutboxRow, Refusal> {
    context.require(Permission::Operate)?;
    let mint = context.mint();
    let row = {
        let (context, outbox_id) = (context.clone(), outbox_id.to_owned());
        desk.db
            .write(move |tx| {
                let unknown = || Refusal::new(Code::Body).with("outbox_id", outbox_id.as_str());
                let before = outbox::find(tx, &outbox_id)?.ok_or_else(unknown)?;
                // The refund's locks come before the row's.
                revive_refund(tx, &context, &before)?;
                let now = outbox::lease_clock(tx)?;
                if !outbox::requeue(tx, &outbox_id, now)? {
                    return Err(Refusal::new(Code::State)
                        .with("outbox_id", outbox_id.as_str())
                        .with("status", before.status.as_str()));
                }
                let cause = Cause {
                    context: &context,
                    actor: context.actor.principal.clone(),
                    reason: "requeued",
                    note: None,
                };
                let shape = |row: &OutboxRow| {
                    json!({"kind": row.kind, "status": row.status, "attempts": row.attempts, "refund_id": row.refund_id})
                        .to_string()
                };
                let after = outbox::find(tx, &outbox_id)?.ok_or_else(unknown)?;
                let subject = format!("outbox:{outbox_id}");
                let (was, is) = (Some(shape(&before)), Some(shape(&after)));
                moves::audit(tx, &mut mint.clone(), &cause, "outbox.requeue", &subject, was, is)?;
                Ok::<_, Refusal>(after)
            })
            .await?
    };
    desk.bells.submit.notify_one();
    desk.bells.mail.notify_one();
    Ok(row)
}

/// Takes the mark of a dead letter from the row's refund, where it bears one.
fn revive_refund(tx: &mut Tx<'_>, context: &Context, row: &OutboxRow) -> Result<(), Refusal> {
    let Some(refund_id) = row.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok()) else { return Ok(()) };
    let Some((mut refund, _)) = locked(tx, &refund_id)? else { return Ok(()) };
    if !refund.dead_lettered {
        return Ok(());
    }
    refund.dead_lettered = false;
    moves::requalify(&mut refund, |_| {});
    moves::touch(tx, &mut refund, context)
}
