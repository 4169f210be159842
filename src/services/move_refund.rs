//! A move that somebody asks for: decision, submission, cancellation or retry; under an idempotency key it is done once,
//! however often it is asked for.
//!
//! The answer is stored in the transaction of the move, as a create's is, and only an accepted move burns its key.
//! Source: SPEC section 5.

use std::sync::Arc;

use super::context::Context;
use super::decide_refund::{self, DecideRefund};
use super::desk::Desk;
use super::moves::{self, Moved};
use super::read_refunds::{self, RefundView};
use super::refusal::Refusal;
use super::request_refund::same_payload;
use super::{cancel_refund, retry_refund, standing, submit_refund};
use crate::crash::{Point, point};
use crate::domain::access::Permission;
use crate::domain::id::{Mint, RefundId};
use crate::domain::refund::Refund;
use crate::store::Tx;
use crate::store::idempotency::{self, Claim, KeyScope, StoredAnswer};

/// What is asked.
#[derive(Clone, Debug)]
pub enum Move {
    /// Approve or deny.
    Decide(DecideRefund),
    /// Hurry.
    Submit(RefundId),
    /// Take back, where this version still stands.
    Cancel(RefundId, Option<i64>),
    /// Try again, where this version still stands.
    Retry(RefundId, Option<i64>),
}

/// Under which key, and how the refund is told.
#[derive(Clone, Debug)]
pub struct Once {
    /// Whose key, and where.
    pub scope: KeyScope,
    /// Digest of the payload.
    pub fingerprint: String,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer.
    pub tell: fn(RefundView) -> String,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Told {
    /// Done now; with the version that the refund has after it.
    Now(StoredAnswer, i64),
    /// Done earlier under the same key; the same answer, byte for byte.
    Again(StoredAnswer),
}

/// Carries out a move without a key; answers with the refund as it stands.
pub async fn move_refund(desk: &Arc<Desk>, context: &Context, asked: Move) -> Result<Refund, Refusal> {
    context.require(asked.permission())?;
    let mint = context.mint();
    let (refund, moved) = {
        let (desk, context) = (Arc::clone(desk), context.clone());
        let db = desk.db.clone();
        db.write(move |tx| asked.carry_out(&desk, tx, &context, &mut mint.clone())).await?
    };
    moves::announce(desk, context, moved.as_slice());
    desk.bells.submit.notify_one();
    Ok(refund)
}

/// Carries out a move once.
pub async fn move_once(desk: &Arc<Desk>, context: &Context, asked: Move, once: Once) -> Result<Told, Refusal> {
    context.require(asked.permission())?;
    let mint = context.mint();
    let (told, moved) = {
        let (desk, context) = (Arc::clone(desk), context.clone());
        let db = desk.db.clone();
        db.write(move |tx| carry_out_once(&desk, tx, &context, &asked, &once, &mut mint.clone())).await?
    };
    point(Point::MoveCommitted);
    moves::announce(desk, context, moved.as_slice());
    desk.bells.submit.notify_one();
    Ok(told)
}

impl Move {
    fn permission(&self) -> Permission {
        match self {
            Move::Decide(_) => Permission::RefundDecide,
            Move::Submit(_) | Move::Retry(..) => Permission::RefundSubmit,
            Move::Cancel(..) => Permission::RefundCancel,
        }
    }

    fn carry_out(
        &self,
        desk: &Desk,
        tx: &mut Tx<'_>,
        context: &Context,
        mint: &mut Mint,
    ) -> Result<(Refund, Option<Moved>), Refusal> {
        let context = &standing::confirm(tx, context, self.permission())?;
        match self {
            Move::Decide(command) => decide_refund::decide(desk, tx, context, command, mint),
            Move::Submit(refund_id) => Ok((submit_refund::hurry(tx, context, refund_id)?, None)),
            Move::Cancel(refund_id, version) => cancel_refund::cancel(tx, context, refund_id, *version, mint),
            Move::Retry(refund_id, version) => retry_refund::retry(tx, context, refund_id, *version, mint),
        }
    }
}

fn carry_out_once(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    asked: &Move,
    once: &Once,
    mint: &mut Mint,
) -> Result<(Told, Option<Moved>), Refusal> {
    match idempotency::claim(tx, &once.scope, &once.fingerprint, context.now)? {
        Claim::Fresh => {}
        Claim::Answered(answer) => return Ok((Told::Again(same_payload(answer, &once.fingerprint)?), None)),
    }
    let (refund, moved) = asked.carry_out(desk, tx, context, mint)?;
    let view = read_refunds::find(desk, tx, context, &refund.refund_id)?;
    let version = view.refund.version;
    let answer = StoredAnswer {
        fingerprint: once.fingerprint.clone(),
        status: once.status,
        location: None,
        body: (once.tell)(view),
    };
    idempotency::store_answer(tx, &once.scope, &answer, context.now)?;
    point(Point::MoveRecorded);
    Ok((Told::Now(answer, version), moved))
}
