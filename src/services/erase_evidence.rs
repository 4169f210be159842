//! Erasing evidence: when its time is over, or because its customer asks for it. The key of the file and what people wrote
//! about it go at once, so that nobody can read it any more, also where a copy of its bytes lies; the bytes go after it
//! ([`super::tidy_evidence`]). What is known of it stays, so that approvals and the trail still say what they were given
//! to. Source: SPEC sections 10 and 14.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::id::{EvidenceId, Mint};
use crate::store::{Tx, customers, evidence_erasing};

/// Files of one write at most.
const BATCH: i64 = 100;

/// What erasing a customer's evidence comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Files of refunds that ended, and files that no request named.
    pub files: usize,
    /// Files that stay for now: somebody still decides or carries out what they were given for.
    pub open: usize,
}

/// Erases the files whose time is over; how many.
pub async fn erase_over(desk: &Arc<Desk>, context: &Context) -> Result<usize, Refusal> {
    let Some(days) = desk.evidence_kept_days else { return Ok(0) };
    let kept = SignedDuration::from_hours(24 * days);
    let Ok(before) = context.now.checked_sub(kept) else { return Ok(0) };
    let mut erased = 0;
    loop {
        let over = desk.db.read(move |conn| evidence_erasing::over(conn, before, BATCH)).await?;
        let found = over.len();
        erased += erase(desk, context, over, "retention").await?;
        if i64::try_from(found).is_ok_and(|found| found < BATCH) {
            return Ok(erased);
        }
    }
}

/// What erasing the evidence of the customer with this address would come to; nothing where there is no such customer.
pub async fn count_of_customer(desk: &Arc<Desk>, context: &Context, email: &str) -> Result<Option<Erased>, Refusal> {
    let found = files_of(desk, context, email).await?;
    Ok(found.map(|files| Erased { files: files.ended.len() + files.waiting.len(), open: files.open.len() }))
}

/// Erases the evidence of the customer with this address; what came of it, or nothing where there is no such customer.
pub async fn erase_of_customer(desk: &Arc<Desk>, context: &Context, email: &str) -> Result<Option<Erased>, Refusal> {
    let Some(files) = files_of(desk, context, email).await? else { return Ok(None) };
    let (waiting, open) = (files.waiting, files.open.len());
    let dismissed = desk.db.write(move |tx| evidence_erasing::dismiss_all(tx, &waiting)).await?;
    let erased = erase(desk, context, files.ended, "customer").await?;
    Ok(Some(Erased { files: erased + dismissed, open }))
}

async fn files_of(
    desk: &Arc<Desk>,
    context: &Context,
    email: &str,
) -> Result<Option<evidence_erasing::OfCustomer>, Refusal> {
    context.require(Permission::Operate)?;
    let email = email.to_owned();
    desk.db
        .read(move |conn| {
            let Some(customer_id) = customers::find_by_email(conn, &email)? else { return Ok(None) };
            Ok::<_, Refusal>(Some(evidence_erasing::of_customer(conn, &customer_id)?))
        })
        .await
}

async fn erase(
    desk: &Arc<Desk>,
    context: &Context,
    ids: Vec<EvidenceId>,
    reason: &'static str,
) -> Result<usize, Refusal> {
    if ids.is_empty() {
        return Ok(0);
    }
    let (mint, context) = (context.mint(), context.clone());
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            let mut erased = 0;
            for id in &ids {
                erased += usize::from(erase_one(tx, &mut mint, &context, id, reason)?);
            }
            Ok::<_, Refusal>(erased)
        })
        .await
}

fn erase_one(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    context: &Context,
    id: &EvidenceId,
    reason: &str,
) -> Result<bool, Refusal> {
    let Some(refund_id) = evidence_erasing::erase(tx, id, context.now)? else { return Ok(false) };
    let cause = Cause { context, actor: context.actor.principal.clone(), reason, note: None };
    let after = json!({ "refund_id": refund_id, "erased": true }).to_string();
    moves::audit(tx, mint, &cause, "evidence.erase", &format!("evidence:{id}"), None, Some(after))?;
    Ok(true)
}
