//! Evidence that goes: files that no request named in time, that were dismissed or erased ([`super::erase_evidence`]), or
//! that a crash left half kept. A file is marked first, its bytes are removed, then its row, unless a refund has it:
//! whatever breaks off in between is gone on with the next time.

use std::sync::Arc;

use jiff::SignedDuration;

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use crate::store::evidence;

/// Files of one round at most.
const ROUND_MAX: i64 = 100;

/// Bytes are put into their place within this time, or never.
const ARRIVES_WITHIN_MINUTES: i64 = 60;

/// Removes what is over; how many files.
pub async fn remove_over(desk: &Arc<Desk>, context: &Context) -> Result<usize, Refusal> {
    let now = context.now;
    let arrived_by = now.checked_sub(SignedDuration::from_mins(ARRIVES_WITHIN_MINUTES)).unwrap_or(now);
    desk.db.write(move |tx| evidence::expire(tx, now, arrived_by, ROUND_MAX)).await?;
    remove_leaving(desk, context).await
}

/// Removes the bytes of files that are marked, and the rows of those that no refund has; how many.
pub async fn remove_leaving(desk: &Arc<Desk>, context: &Context) -> Result<usize, Refusal> {
    let leaving = desk.db.read(|conn| evidence::leaving(conn, ROUND_MAX)).await?;
    let mut gone = Vec::with_capacity(leaving.len());
    for id in leaving {
        match desk.blobs.remove(id.as_str()).await {
            Ok(()) => gone.push(id),
            Err(error) => {
                tracing::warn!(evidence_id = %id, %error, "a file of evidence cannot be removed; tried again")
            }
        }
    }
    let (count, now) = (gone.len(), context.now);
    if count > 0 {
        desk.db.write(move |tx| evidence::removed(tx, &gone, now)).await?;
    }
    Ok(count)
}

/// Removes what processes that are gone left half received; how many files.
pub async fn sweep(desk: &Arc<Desk>, context: &Context) -> Result<usize, Refusal> {
    let (blobs, now) = (Arc::clone(&desk.blobs), std::time::SystemTime::from(context.system_now));
    let swept = tokio::task::spawn_blocking(move || blobs.sweep(now)).await;
    let internal = |error: &dyn std::fmt::Display| Refusal::new(Code::Unavailable).because(error);
    swept.map_err(|error| internal(&error))?.map_err(|error| internal(&error))
}
