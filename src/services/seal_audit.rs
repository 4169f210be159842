//! Sealing the audit trail: new records are chained in batches, under a lease, in a table of their own. Source: DESIGN
//! section 4.

use std::sync::Arc;

use jiff::Timestamp;
use ulid::Ulid;

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use crate::crash::{Point, point};
use crate::domain::audit::{GENESIS, Hash, seal};
use crate::domain::id::AuditId;
use crate::store::trail::{self, SealRow};
use crate::store::{leases, outbox};

/// Records of one seal at most: one short write.
const BATCH_MAX: i64 = 500;

/// How long a sealer keeps its lease: one that died is replaced soon.
const LEASE_US: i64 = 10_000_000;

/// How far behind the newest sealed record unsealed ones are looked for: transactions commit out of order, by seconds
/// at most; clocks of nodes differ, by minutes at most.
const LOOK_BACK_MS: u64 = 3_600_000;

/// What one round did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Another node holds the lease.
    NotOurs,
    /// So many records were sealed; the new head, where there were any.
    Records {
        /// How many.
        count: usize,
        /// The newest seal, in hex.
        head: Option<String>,
    },
}

/// Seals one batch of what is not sealed yet. `from_start` looks through the whole trail, once after a start.
pub async fn seal_batch(desk: &Arc<Desk>, context: &Context, owner: &str, from_start: bool) -> Result<Sealed, Refusal> {
    let (key, now, owner) = (desk.keys.audit, context.now, owner.to_owned());
    let sealed = desk
        .db
        .write(move |tx| {
            let lease_now = outbox::lease_clock(tx)?;
            if leases::take(tx, "audit-sealer", &owner, lease_now, LEASE_US)?.is_none() {
                return Ok(Sealed::NotOurs);
            }
            let last = trail::last_seal(tx)?;
            let from = match &last {
                Some(last) if !from_start => look_back(&trail::last_sealed_id(tx, last.seal_no)?),
                _ => String::new(),
            };
            let unsealed = trail::unsealed(tx, &from, BATCH_MAX)?;
            if unsealed.is_empty() {
                return Ok(Sealed::Records { count: 0, head: None });
            }
            let previous = last.as_ref().map_or(Ok(GENESIS), |last| parse(&last.seal))?;
            let hashes = unsealed.iter().map(|(_, hash)| parse(hash)).collect::<Result<Vec<_>, _>>()?;
            let head = seal(&key, &previous, &hashes).to_string();
            let ids: Vec<String> = unsealed.into_iter().map(|(id, _)| id).collect();
            let row = SealRow {
                seal_no: last.map_or(0, |last| last.seal_no) + 1,
                seal: head.clone(),
                records: i64::try_from(ids.len()).unwrap_or(i64::MAX),
                sealed_at: now.as_microsecond(),
            };
            trail::insert_seal(tx, &row, &ids)?;
            point(Point::SealRecorded);
            Ok::<_, Refusal>(Sealed::Records { count: ids.len(), head: Some(head) })
        })
        .await?;
    if matches!(sealed, Sealed::Records { head: Some(_), .. }) {
        point(Point::SealCommitted);
    }
    Ok(sealed)
}

/// The id of a record that was minted an hour before this one.
fn look_back(newest: &str) -> String {
    let minted_ms = AuditId::parse(newest).map_or(0, |id| id.ulid().timestamp_ms());
    AuditId::from_ulid(Ulid::from_parts(minted_ms.saturating_sub(LOOK_BACK_MS), 0)).to_string()
}

fn parse(hex: &str) -> Result<Hash, Refusal> {
    hex.parse().map_err(|_| Refusal::new(Code::Internal).because("a stored hash is no hash"))
}

/// When the newest seal was set, and the seal itself: the head, to be noted elsewhere.
pub async fn head(desk: &Arc<Desk>) -> Result<Option<(String, Timestamp)>, Refusal> {
    desk.db
        .read(|conn| {
            let last = trail::last_seal(conn)?;
            Ok(last.map(|last| (last.seal, Timestamp::from_microsecond(last.sealed_at).unwrap_or_default())))
        })
        .await
}
