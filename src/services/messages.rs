//! What customer and desk write to each other about a refund. Colleagues' notes are another matter, and another table.
//!
//! The same text from the same form is written once, however often its button is pressed. Source: SPEC sections 11, 12.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::decide_refund::{cause, standing_approvals};
use super::desk::Desk;
use super::locks::to_move;
use super::moves;
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{Mint, OutboxId, RefundId};
use crate::domain::message::{MessageKind, takes_answers};
use crate::domain::refund::{Refund, State};
use crate::store::decisions::{self, Note};
use crate::store::idempotency::{self, Claim, KeyScope, StoredAnswer};
use crate::store::messages::{self, MessageRow};
use crate::store::outbox::{self, NewWork, Work};
use crate::store::{Tx, reviews};

pub use crate::store::messages::MessageRow as Message;

/// Characters of a message at most.
pub const MESSAGE_LENGTH_MAX: usize = 4_000;

/// The forms of messages, as keys know them.
const ROUTE: &str = "POST messages";

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
    /// The form that it was written in, by the word that was made with it; none where it cannot come twice.
    pub form: Option<String>,
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
                let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
                if !claim(tx, &context, &write)? {
                    return Ok(to_move(tx, &context, &write.refund_id, None)?.0);
                }
                let (mut refund, _) = to_move(tx, &context, &write.refund_id, write.expected_version)?;
                let review = reviews::lock(tx, &refund.refund_id)?;
                let is_decided = review.is_some_and(|review| review.decided.is_some());
                if write.asks && (refund.state != State::Requested || is_decided) {
                    return Err(moves::illegal(&refund));
                }
                let message_id = keep(tx, &context, &mut mint, &refund, &write.body, true)?;
                messages::take_off(tx, &refund.refund_id)?;
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
    desk.bells.feed.notify_waiters();
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
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
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

/// Takes what a customer writes while their refund may still move; a request that waited for it waits for people again.
pub async fn write_to_desk(desk: &Arc<Desk>, context: &Context, write: Write) -> Result<Refund, Refusal> {
    context.require(Permission::RefundCreate)?;
    check(&write.body)?;
    let mint = context.mint();
    let refund = {
        let context = context.clone();
        desk.db
            .write(move |tx| {
                let mut mint = mint.clone();
                let is_new = claim(tx, &context, &write)?;
                let (mut refund, _) = to_move(tx, &context, &write.refund_id, None)?;
                if !is_new {
                    return Ok(refund);
                }
                if !takes_answers(&refund) {
                    return Err(moves::illegal(&refund));
                }
                keep(tx, &context, &mut mint, &refund, &write.body, false)?;
                messages::put_on(tx, &refund.refund_id, context.now)?;
                answered(tx, &context, &mut refund)?;
                Ok::<_, Refusal>(refund)
            })
            .await?
    };
    desk.bells.feed.notify_waiters();
    Ok(refund)
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

/// Whether this text comes from its form for the first time.
fn claim(tx: &mut Tx<'_>, context: &Context, write: &Write) -> Result<bool, Refusal> {
    let Some(form) = &write.form else { return Ok(true) };
    let fingerprint = hex::encode(Sha256::digest(format!("{}|{}|{}", write.refund_id, write.asks, write.body)));
    // The text is a part of the key: who goes back and writes something else has something else to say.
    let key = format!("{form}:{fingerprint}");
    let scope = KeyScope { principal: context.actor.principal.to_string(), route: ROUTE.to_owned(), key };
    match idempotency::claim(tx, &scope, &fingerprint, context.now)? {
        Claim::Answered(_) => Ok(false),
        Claim::Fresh => {
            let answer = StoredAnswer { fingerprint, status: 303, location: None, body: String::new() };
            idempotency::store_answer(tx, &scope, &answer, context.now)?;
            Ok(true)
        }
    }
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
