//! What became of the letters about a refund, and sending one again that did not arrive. Source: SPEC section 11.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::locks::to_move;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{OutboxId, RefundId};
use crate::domain::message::MessageKind;
use crate::store::outbox::{self, OutboxRow, Work};

/// A letter about a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The row of the outbox that it leaves by.
    pub outbox_id: String,
    /// What it says.
    pub kind: MessageKind,
    /// The message that it carries, where an agent wrote it.
    pub message_id: Option<String>,
    /// The refund's version after the change that it tells of, where it tells of one.
    pub version: Option<i64>,
    /// What is known of it.
    pub fate: Fate,
}

/// What is known of a letter. Reasons are the mail server's own words, without addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It waits to be sent, or is being handed over.
    OnItsWay,
    /// It was surely not taken so far, and is tried again by itself.
    Delayed {
        /// What was said last.
        why: String,
    },
    /// The mail server has taken it.
    Sent {
        /// When.
        at: Option<Timestamp>,
    },
    /// It cannot be delivered; a person may send it again.
    Undeliverable {
        /// What was said.
        why: String,
    },
    /// It was handed over and nobody knows whether it was taken; a person may send it again.
    Unknown {
        /// What happened.
        why: String,
    },
}

/// What is read of a letter's payload.
#[derive(Deserialize)]
struct Payload {
    kind: MessageKind,
    message_id: Option<String>,
    version: Option<i64>,
}

/// The letters among the work of a refund, in the order in which they were written.
pub fn letters_of(work: &[OutboxRow]) -> Vec<Letter> {
    work.iter().filter(|row| row.kind == Work::Mail.as_str()).filter_map(letter).collect()
}

fn letter(row: &OutboxRow) -> Option<Letter> {
    let payload: Payload = serde_json::from_str(&row.payload).ok()?;
    let why = || row.last_error.clone().unwrap_or_default();
    let fate = match row.status.as_str() {
        "done" => Fate::Sent { at: row.finished_at.and_then(|at| Timestamp::from_microsecond(at).ok()) },
        "dead" => Fate::Undeliverable { why: why() },
        "unknown" => Fate::Unknown { why: why() },
        _waiting if row.last_error.is_some() => Fate::Delayed { why: why() },
        _waiting => Fate::OnItsWay,
    };
    let (kind, message_id, version) = (payload.kind, payload.message_id, payload.version);
    Some(Letter { outbox_id: row.outbox_id.clone(), kind, message_id, version, fate })
}

/// Sends a letter of this refund again that could not be delivered, or of which nobody knows whether it was. One that is on
/// its way, or was taken, is refused: `409 ERR.CONFLICT.state`.
pub async fn send_again(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    outbox_id: &OutboxId,
) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    {
        let (context, refund_id, outbox_id) = (context.clone(), refund_id.clone(), outbox_id.to_string());
        desk.db
            .write(move |tx| {
                let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
                let (refund, _) = to_move(tx, &context, &refund_id, None)?;
                let is_ours = |row: &OutboxRow| {
                    row.kind == Work::Mail.as_str() && row.refund_id.as_deref() == Some(refund.refund_id.as_str())
                };
                let row = outbox::find(tx, &outbox_id)?.filter(is_ours);
                let row = row.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
                let now = outbox::lease_clock(tx)?;
                if !outbox::requeue(tx, &outbox_id, now)? {
                    return Err(Refusal::new(Code::State).with("status", row.status.as_str()));
                }
                let actor = context.actor.principal.clone();
                let cause = Cause { context: &context, actor, reason: "sent_again", note: None };
                let shape = |status: &str| json!({"status": status, "refund_id": refund.refund_id}).to_string();
                let (was, is) = (Some(shape(&row.status)), Some(shape("waiting")));
                let subject = format!("outbox:{outbox_id}");
                moves::audit(tx, &mut mint.clone(), &cause, "letter.send_again", &subject, was, is)?;
                Ok::<_, Refusal>(())
            })
            .await?;
    }
    desk.bells.mail.notify_one();
    Ok(())
}
