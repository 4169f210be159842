//! Scanning evidence: the scanner is asked from the outbox until it answers, and until it calls a file clean nobody sees
//! it. A scanner that is down stops no request. Source: SPEC section 10, CASES F92.

use std::sync::Arc;

use futures_util::StreamExt;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::blobs::{Unreadable, Verdict, WrappedKey};
use crate::domain::evidence::Scan;
use crate::domain::id::{EvidenceId, Mint, OutboxId};
use crate::store::evidence::{self, EvidenceRow, Place};
use crate::store::outbox::{self, End, NewWork, OutboxRow, Work};
use crate::store::{StoreError, Tx, refunds};

/// Files of one lease at most.
const LEASE_ROWS_MAX: i64 = 16;

/// Files that the scanner is asked about at the same time.
const AT_ONCE_MAX: usize = 4;

/// A lease outlasts all its scans: four rounds of the longest, and room.
const LEASE_US: i64 = 600_000_000;

/// The first pause before the scanner is asked again, in microseconds.
const FIRST_PAUSE_US: i64 = 1_000_000;

/// The longest pause: the scanner is asked for ever, since only its word makes a file visible.
const PAUSE_MAX_US: i64 = 300_000_000;

/// Files that are taken up in one write when a scanner is there at last.
const TAKEN_UP_MAX: i64 = 200;

/// Asks about the files that are due; how many there were.
pub async fn scan_due(desk: &Arc<Desk>, context: &Context, owner: &str) -> Result<usize, Refusal> {
    let leased = {
        let owner = owner.to_owned();
        desk.db
            .write(move |tx| {
                let now = outbox::lease_clock(tx)?;
                outbox::lease(tx, Work::Scan, &owner, now, LEASE_US, LEASE_ROWS_MAX, &[])
            })
            .await?
    };
    let count = leased.len();
    let asked = futures_util::stream::iter(leased).map(|row| scan(desk, context, row));
    let mut asked = asked.buffer_unordered(AT_ONCE_MAX);
    while let Some(told) = asked.next().await {
        told?;
    }
    Ok(count)
}

/// Takes up the files that came when there was no scanner, now that there is one; how many.
pub async fn take_up(desk: &Arc<Desk>, context: &Context) -> Result<usize, Refusal> {
    if !desk.blobs.has_scanner() {
        return Ok(0);
    }
    let mint = context.mint();
    let context = context.clone();
    let taken_up = desk.db.write(move |tx| {
        let mut mint = mint.clone();
        let ids = evidence::await_scan(tx, TAKEN_UP_MAX)?;
        for id in &ids {
            enqueue(tx, &mut mint, &context, id)?;
        }
        Ok::<_, Refusal>(ids.len())
    });
    taken_up.await
}

/// Writes that the scanner is to be asked.
pub(super) fn enqueue(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    context: &Context,
    evidence_id: &EvidenceId,
) -> Result<(), StoreError> {
    let outbox_id = OutboxId::from_ulid(mint.next_ulid()).to_string();
    let work = NewWork {
        // A file may be asked about again, when a scanner was taken away and came back.
        dedupe_key: format!("scan:{evidence_id}:{outbox_id}"),
        outbox_id,
        work: Work::Scan,
        refund_id: None,
        account: None,
        payload: json!({ "evidence_id": evidence_id }).to_string(),
        due_at: context.system_now.as_microsecond(),
    };
    outbox::enqueue(tx, work)
}

async fn scan(desk: &Arc<Desk>, context: &Context, row: OutboxRow) -> Result<(), Refusal> {
    let id = evidence_id(&row)?;
    let found = {
        let id = id.clone();
        desk.db.read(move |conn| evidence::find(conn, &id)).await?
    };
    let file = found.filter(|file| file.place == Place::Kept && file.scan == Scan::Pending);
    let (scan, end) = match &file {
        // Removed or told meanwhile.
        None => (None, End::Done),
        Some(file) => {
            let key = WrappedKey { key_id: file.key_id.clone(), wrapped: file.wrapped_key.clone() };
            outcome(desk.blobs.scan(id.as_str(), &key).await, &row, context)
        }
    };
    let mint = context.mint();
    let context = context.clone();
    let recorded = desk.db.write(move |tx| {
        let now = outbox::lease_clock(tx)?;
        if let (Some(file), Some(scan)) = (&file, &scan) {
            record(tx, &mut mint.clone(), &context, file, scan)?;
        }
        outbox::finish(tx, &row, &end, now)?;
        Ok::<_, Refusal>(())
    });
    recorded.await
}

/// What is written of the scanner's word: nothing where it gave none.
fn outcome(
    told: Result<Option<Verdict>, Unreadable>,
    row: &OutboxRow,
    context: &Context,
) -> (Option<(Scan, Option<String>)>, End) {
    match told {
        Ok(Some(Verdict::Clean)) => (Some((Scan::Clean, None)), End::Done),
        Ok(Some(Verdict::Infected(found))) => (Some((Scan::Infected, Some(found))), End::Done),
        // The scanner was taken out of the configuration.
        Ok(None) => (Some((Scan::Unscanned, None)), End::Done),
        Err(error) => {
            let doublings = u32::try_from(row.attempts.saturating_sub(1)).unwrap_or(0).min(20);
            let pause = (FIRST_PAUSE_US << doublings).min(PAUSE_MAX_US);
            let due_at = context.system_now.as_microsecond().saturating_add(pause);
            (None, End::Again { due_at, error: error.to_string() })
        }
    }
}

fn record(
    tx: &mut Tx<'_>,
    mint: &mut Mint,
    context: &Context,
    file: &EvidenceRow,
    (scan, found): &(Scan, Option<String>),
) -> Result<(), Refusal> {
    // The refund's lock comes before the row's.
    let refund = match &file.refund_id {
        Some(refund_id) => refunds::lock(tx, refund_id)?,
        None => None,
    };
    if !evidence::set_scan(tx, &file.evidence_id, *scan, found.as_deref(), context.now)? {
        return Ok(());
    }
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: scan.as_str(), note: None };
    let after = json!({"scan": scan, "found": found}).to_string();
    let subject = format!("evidence:{}", file.evidence_id);
    moves::audit(tx, mint, &cause, "evidence.scan", &subject, None, Some(after))?;
    if let Some(mut refund) = refund {
        // Whoever looks at the refund has looked at something else: the tag of its version changes.
        moves::touch(tx, &mut refund, context)?;
    }
    Ok(())
}

fn evidence_id(row: &OutboxRow) -> Result<EvidenceId, Refusal> {
    #[derive(serde::Deserialize)]
    struct Payload {
        evidence_id: EvidenceId,
    }
    let payload: Payload =
        serde_json::from_str(&row.payload).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    Ok(payload.evidence_id)
}
