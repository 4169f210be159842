//! What customer and desk write to each other about a refund. Colleagues' notes are another matter, and another table.
//! Source: SPEC sections 11 and 12.

use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::decide_refund::{cause, standing_approvals};
use super::desk::Desk;
use super::locks::to_move;
use super::moves;
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{Mint, OutboxId, RefundId};
use crate::domain::message::MessageKind;
use crate::domain::refund::{Refund, State};
use crate::store::decisions::{self, Note};
use crate::store::messages::{self, MessageRow};
use crate::store::outbox::{self, NewWork, Work};
use crate::store::{Tx, reviews};

pub use crate::store::messages::MessageRow as Message;

/// Characters of a message at most.
pub const MESSAGE_LENGTH_MAX: usize = 4_000;

/// What is written.
#[derive(Clone, Debug)]
pub struct Write {
    /// About which refund.
    pub refund_id: RefundId,
    /// The text.
    pub body: String,
    /// Whether the request waits for the answer.
    pub asks: bool,
    /// The version that the writer has seen.
    pub expected_version: Option<i64>,
}

/// Sends the customer a message; where it asks something, the request waits for their answer and the claim is given back.
pub async fn write_to_customer(desk: &Arc<Desk>, context: &Context, write: Write) -> Result<Refund, Refusal> {
    context.require(Permission::RefundDecide)?;
    check(&write.body)?;
    let mint = context.mint();
    let refund = {
        let context = context.clone();
        desk.db
            .write(move |tx| {
                let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
                let mut mint = mint.clone();
                let (mut refund, _) = to_move(tx, &context, &write.refund_id, write.expected_version)?;
                let review = reviews::lock(tx, &refund.refund_id)?;
                let is_decided = review.is_some_and(|review| review.decided.is_some());
                if write.asks && (refund.state != State::Requested || is_decided) {
                    return Err(moves::illegal(&refund));
                }
                let message_id = keep(tx, &context, &mut mint, &refund, &write.body, true)?;
                mail(tx, &context, &mut mint, &refund, &message_id)?;
                if write.asks {
                    reviews::set_needs_info(tx, &refund.refund_id, true)?;
                    reviews::set_claim(tx, &refund.refund_id, None)?;
                    moves::requalify(&mut refund, |marks| marks.needs_info = true);
                    moves::touch(tx, &mut refund, &context)?;
                }
                Ok::<_, Refusal>(refund)
            })
            .await?
    };
    desk.bells.mail.notify_one();
    Ok(refund)
}

/// Keeps a note that only colleagues read.
pub async fn write_note(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    body: String,
) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let mint = context.mint();
    let (context, refund_id) = (context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let mut mint = mint.clone();
            let (refund, _) = to_move(tx, &context, &refund_id, None)?;
            let note = Note {
                kind: "staff".to_owned(),
                author: context.actor.principal.to_string(),
                body: body.clone(),
                created_at: context.now,
            };
            decisions::insert_note(tx, &mint.next_ulid().to_string(), &refund_id, &note)?;
            let subject = format!("refund:{}", refund.refund_id);
            moves::audit(tx, &mut mint, &cause(&context, "note", None), "refund.note", &subject, None, None)?;
            Ok::<_, Refusal>(())
        })
        .await
}

/// Takes a customer's answer; a request that waited for it waits for people again.
pub async fn write_to_desk(desk: &Arc<Desk>, context: &Context, write: Write) -> Result<Refund, Refusal> {
    context.require(Permission::RefundCreate)?;
    check(&write.body)?;
    let mint = context.mint();
    let context = context.clone();
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            let (mut refund, _) = to_move(tx, &context, &write.refund_id, None)?;
            keep(tx, &context, &mut mint, &refund, &write.body, false)?;
            answered(tx, &context, &mut refund)?;
            Ok::<_, Refusal>(refund)
        })
        .await
}

/// The request waits for people again, where it waited for its customer.
pub(super) fn answered(tx: &mut Tx<'_>, context: &Context, refund: &mut Refund) -> Result<(), Refusal> {
    let waited = reviews::lock(tx, &refund.refund_id)?.is_some_and(|review| review.needs_info);
    if !waited || refund.state != State::Requested {
        return Ok(());
    }
    reviews::set_needs_info(tx, &refund.refund_id, false)?;
    let approvals = standing_approvals(tx, refund)?;
    moves::requalify(refund, |marks| marks.approvals = approvals);
    moves::touch(tx, refund, context)
}

/// The messages about a refund that the caller may see, oldest first.
pub async fn read_messages(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
) -> Result<Vec<MessageRow>, Refusal> {
    context.require(Permission::RefundRead)?;
    let refund_id = refund_id.clone();
    desk.db.read(move |conn| Ok(messages::of_refund(conn, &refund_id)?)).await
}

fn check(body: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(Refusal::field(Code::Body, "/message", "field-required"));
    }
    if body.chars().count() > MESSAGE_LENGTH_MAX {
        return Err(Refusal::field(Code::Body, "/message", "field-note-too-long"));
    }
    Ok(())
}

fn keep(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    refund: &Refund,
    body: &str,
    to_customer: bool,
) -> Result<String, Refusal> {
    let message_id = mint.next_ulid().to_string();
    let row = MessageRow {
        message_id: message_id.clone(),
        author: context.actor.principal.to_string(),
        to_customer,
        body: body.to_owned(),
        created_at: context.now,
    };
    messages::insert(tx, &refund.refund_id, &row)?;
    let action = if to_customer { "refund.message" } else { "refund.answer" };
    let subject = format!("refund:{}", refund.refund_id);
    moves::audit(tx, mint, &cause(context, "message", None), action, &subject, None, None)?;
    Ok(message_id)
}

fn mail(tx: &mut Tx<'_>, context: &Context, mint: &mut Mint, refund: &Refund, message_id: &str) -> Result<(), Refusal> {
    let new = NewWork {
        outbox_id: OutboxId::from_ulid(mint.next_ulid()).to_string(),
        work: Work::Mail,
        dedupe_key: format!("mail:{}:{message_id}", refund.refund_id),
        refund_id: Some(refund.refund_id.to_string()),
        account: None,
        payload: json!({"kind": MessageKind::AgentMessage, "message_id": message_id}).to_string(),
        due_at: context.system_now.as_microsecond(),
    };
    Ok(outbox::enqueue(tx, new)?)
}
