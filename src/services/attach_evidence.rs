//! Evidence: a file is received, waits for the request that names it, and belongs to that refund from then on. What no
//! request names in time is removed by [`super::tidy_evidence`]. Source: SPEC section 10.
//!
//! The row is written before the bytes are put into their place and marked when they are there: a crash in between leaves
//! a row that says what to remove, and nothing that anybody could use.

use std::fmt::Display;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::locks::to_move;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::scan_evidence;
use crate::blobs::{NotDrawn, NotReceived, Received};
use crate::domain::access::{Permission, Principal};
use crate::domain::evidence::{ALT_CHARACTERS_MAX, FileName, Looks, Scan, Unsuitable};
use crate::domain::id::{CustomerId, EvidenceId, Mint, RefundId};
use crate::domain::refund::{Refund, State};
use crate::store::evidence::{self, EvidenceRow, Place};
use crate::store::{Tx, decisions, reviews};

/// A file waits for so long for the request that names it: who puts a request aside comes back within a week.
const WAITS_DAYS: i64 = 7;

/// Files of one customer that wait, at most: several requests that were begun.
const WAITING_OF_CUSTOMER_MAX: i64 = 25;

/// Files of one integrator that wait, at most: a shop's customers all upload through its one token.
const WAITING_OF_OTHERS_MAX: i64 = 2_000;

/// A file that was received and looked at, and is not kept yet.
#[derive(Debug)]
pub struct Arrived {
    received: Received,
    looks: Looks,
    file_name: FileName,
}

/// Whether the caller may give another file now; asked before anything of it is read.
pub async fn admit(desk: &Arc<Desk>, context: &Context) -> Result<(), Refusal> {
    context.require(Permission::RefundCreate)?;
    check_waiting(desk, context).await
}

/// Receives a file, sealed as it comes, and opens it once to see whether it is what it seems.
pub async fn receive<E: Display>(
    desk: &Arc<Desk>,
    context: &Context,
    file_name: &str,
    source: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Arrived, Refusal> {
    context.require(Permission::RefundCreate)?;
    let id = EvidenceId::from_ulid(context.mint().next_ulid());
    let received = desk.blobs.receive(id.as_str(), source).await.map_err(|error| not_received(desk, error))?;
    let looks = desk.blobs.look(&received).await.map_err(|error| not_looked_at(desk, error))?;
    Ok(Arrived { received, looks, file_name: FileName::tidy(file_name) })
}

/// Keeps a file that arrived, until a request names it; its id.
pub async fn keep(desk: &Arc<Desk>, context: &Context, arrived: Arrived, alt: &str) -> Result<EvidenceId, Refusal> {
    context.require(Permission::RefundCreate)?;
    check_alt(alt)?;
    let Arrived { received, looks, file_name } = arrived;
    let evidence_id: EvidenceId = received.id.parse().map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let row = EvidenceRow {
        evidence_id: evidence_id.clone(),
        owner: context.actor.principal.to_string(),
        customer_id: context.actor.customer_id().cloned(),
        refund_id: None,
        position: None,
        place: Place::Arriving,
        kind: received.kind,
        size_bytes: i64::try_from(received.size_bytes).unwrap_or(i64::MAX),
        sha256: received.sha256.clone(),
        looks,
        scan: Scan::first(desk.blobs.has_scanner()),
        scan_found: None,
        scanned_at: None,
        key_id: received.key.key_id.clone(),
        wrapped_key: received.key.wrapped.clone(),
        created_at: context.now,
        attached_at: None,
        expires_at: Some(later(context.now, SignedDuration::from_hours(24 * WAITS_DAYS))),
        unreadable: None,
        erased_at: None,
        file_name: file_name.as_str().to_owned(),
        alt: alt.trim().to_owned(),
    };
    let arriving = row.clone();
    desk.db.write(move |tx| evidence::insert(tx, &arriving)).await?;
    desk.blobs.keep(received).await.map_err(unavailable)?;
    let mint = context.mint();
    {
        let context = context.clone();
        desk.db.write(move |tx| settle(tx, &mut mint.clone(), &context, &row)).await?;
    }
    desk.bells.scan.notify_one();
    Ok(evidence_id)
}

/// Removes a file of the caller's own that no request names.
pub async fn dismiss(desk: &Arc<Desk>, context: &Context, evidence_id: &EvidenceId) -> Result<bool, Refusal> {
    context.require(Permission::RefundCreate)?;
    let (owner, evidence_id) = (context.actor.principal.to_string(), evidence_id.clone());
    Ok(desk.db.write(move |tx| evidence::dismiss(tx, &evidence_id, &owner)).await?)
}

/// Writes what stands in for a waiting file of the caller's own.
pub async fn describe_waiting(
    desk: &Arc<Desk>,
    context: &Context,
    evidence_id: &EvidenceId,
    alt: &str,
) -> Result<(), Refusal> {
    context.require(Permission::RefundCreate)?;
    check_alt(alt)?;
    let (context, evidence_id, alt) = (context.clone(), evidence_id.clone(), alt.trim().to_owned());
    desk.db
        .write(move |tx| {
            let found = evidence::find(tx, &evidence_id)?;
            found.filter(|row| waits_for(row, &context)).ok_or_else(|| unknown("/evidence"))?;
            Ok::<_, Refusal>(evidence::set_alt(tx, &evidence_id, &alt)?)
        })
        .await
}

/// Adds files to a request that waits for a decision. Approvals that were given without having seen them are void.
pub async fn add_evidence(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    ids: Vec<EvidenceId>,
) -> Result<Refund, Refusal> {
    context.require(Permission::RefundCreate)?;
    let mint = context.mint();
    let refund = {
        let (desk, context, refund_id) = (Arc::clone(desk), context.clone(), refund_id.clone());
        let db = desk.db.clone();
        db.write(move |tx| add(&desk, tx, &context, &mut mint.clone(), &refund_id, &ids)).await?
    };
    desk.bells.feed.notify_waiters();
    Ok(refund)
}

/// The waiting files of the caller's own that a request names, in its order; a refusal names the first that is none.
pub(super) fn named(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    ids: &[EvidenceId],
) -> Result<Vec<EvidenceRow>, Refusal> {
    check_count(desk, ids.len())?;
    let found = evidence::of_ids(tx, ids)?;
    let mut named: Vec<EvidenceRow> = Vec::with_capacity(ids.len());
    for (nth, id) in ids.iter().enumerate() {
        let pointer = format!("/evidence/{nth}/uri");
        let row = found.iter().find(|row| row.evidence_id == *id).filter(|row| waits_for(row, context));
        let is_twice = named.iter().any(|row| row.evidence_id == *id);
        let row = row.filter(|_| !is_twice).ok_or_else(|| unknown(&pointer))?;
        if row.scan == Scan::Infected {
            return Err(Refusal::field(Code::Evidence, &pointer, "field-evidence-infected"));
        }
        named.push(row.clone());
    }
    Ok(named)
}

/// Gives waiting files to a refund, behind those that it has.
pub(super) fn give(
    tx: &mut Tx<'_>,
    context: &Context,
    (refund_id, customer_id): (&RefundId, &CustomerId),
    ids: &[EvidenceId],
    behind: usize,
) -> Result<(), Refusal> {
    let owner = context.actor.principal.to_string();
    for (nth, id) in ids.iter().enumerate() {
        let position = i64::try_from(behind + nth + 1).unwrap_or(i64::MAX);
        if !evidence::attach(tx, id, &owner, (refund_id, position), customer_id, context.now)? {
            // Another request took it a moment ago.
            return Err(unknown(&format!("/evidence/{nth}/uri")));
        }
    }
    Ok(())
}

/// Who added evidence to a request after it was made: they do not approve it.
pub(super) fn adders(refund: &Refund, files: &[EvidenceRow]) -> Result<Vec<Principal>, Refusal> {
    let later = files.iter().filter(|row| row.attached_at.is_some_and(|at| at > refund.created_at));
    let added = later.filter(|row| row.owner != refund.created_by);
    added.map(|row| row.owner.parse().map_err(|error| Refusal::new(Code::Internal).because(error))).collect()
}

fn add(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    refund_id: &RefundId,
    ids: &[EvidenceId],
) -> Result<Refund, Refusal> {
    let (mut refund, _) = to_move(tx, context, refund_id, None)?;
    if refund.state != State::Requested {
        return Err(moves::illegal(&refund));
    }
    named(desk, tx, context, ids)?;
    let before = evidence::of_refunds(tx, std::slice::from_ref(refund_id))?.len();
    check_count(desk, before + ids.len())?;
    if ids.is_empty() {
        return Ok(refund);
    }
    give(tx, context, (refund_id, &refund.customer_id), ids, before)?;
    // Nobody has approved what it is now: not those who approved, nor who could still undo it. Where the desk had asked
    // for more, this is the answer.
    decisions::void_approvals(tx, refund_id)?;
    if reviews::lock(tx, refund_id)?.is_some() {
        reviews::set_decided(tx, refund_id, None)?;
        reviews::set_needs_info(tx, refund_id, false)?;
    }
    moves::requalify(&mut refund, |_| {});
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: "evidence_added", note: None };
    let shape = |files: usize| json!({ "evidence": files }).to_string();
    let (was, is) = (Some(shape(before)), Some(shape(before + ids.len())));
    moves::audit(tx, mint, &cause, "refund.evidence_added", &format!("refund:{refund_id}"), was, is)?;
    moves::touch(tx, &mut refund, context)?;
    Ok(refund)
}

/// The bytes are in their place: the file can be named from now on, and is to be scanned.
fn settle(tx: &mut Tx<'_>, mint: &mut Mint, context: &Context, row: &EvidenceRow) -> Result<(), Refusal> {
    if !evidence::set_kept(tx, &row.evidence_id)? {
        return Err(Refusal::new(Code::Unavailable).retry_after_s(1).because("an upload took too long to be kept"));
    }
    if row.scan == Scan::Pending {
        scan_evidence::enqueue(tx, mint, context, &row.evidence_id)?;
    }
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: "uploaded", note: None };
    let after = json!({"kind": row.kind, "size_bytes": row.size_bytes, "scan": row.scan}).to_string();
    let subject = format!("evidence:{}", row.evidence_id);
    moves::audit(tx, mint, &cause, "evidence.upload", &subject, None, Some(after))?;
    Ok(())
}

async fn check_waiting(desk: &Arc<Desk>, context: &Context) -> Result<(), Refusal> {
    let owner = context.actor.principal.to_string();
    let most = match &context.actor.principal {
        Principal::Customer(_) => WAITING_OF_CUSTOMER_MAX,
        Principal::User(_)
        | Principal::Token(_)
        | Principal::Policy(_)
        | Principal::System
        | Principal::Provider(_)
        | Principal::Shell => WAITING_OF_OTHERS_MAX,
    };
    let waiting = desk.db.read(move |conn| evidence::waiting_count(conn, &owner)).await?;
    if waiting < most { Ok(()) } else { Err(unsuitable(Unsuitable::TooMany, &most.to_string())) }
}

fn check_count(desk: &Desk, files: usize) -> Result<(), Refusal> {
    let most = desk.blobs.limits.files_max;
    if files <= most {
        return Ok(());
    }
    Err(Refusal::new(Code::Evidence).and_field(
        "/evidence",
        Unsuitable::TooMany.message_id(),
        &[("most", most.to_string())],
    ))
}

fn check_alt(alt: &str) -> Result<(), Refusal> {
    if alt.trim().chars().count() <= ALT_CHARACTERS_MAX {
        return Ok(());
    }
    let most = ("most", ALT_CHARACTERS_MAX.to_string());
    Err(Refusal::new(Code::Body).and_field("alt", "field-evidence-alt", &[most]))
}

/// Whether a file waits for a request of the caller's.
fn waits_for(row: &EvidenceRow, context: &Context) -> bool {
    row.owner == context.actor.principal.to_string() && row.refund_id.is_none() && row.place == Place::Kept
}

fn unknown(pointer: &str) -> Refusal {
    Refusal::field(Code::Evidence, pointer, "field-evidence-unknown")
}

fn not_received(desk: &Desk, error: NotReceived) -> Refusal {
    match error {
        NotReceived::Unsuitable(why) => unsuitable(why, &megabytes(desk)),
        NotReceived::BrokeOff(why) => Refusal::field(Code::Body, "file", "field-body-broken").because(why),
        NotReceived::Unwritable(_) | NotReceived::Key(_) => unavailable(error),
    }
}

fn not_looked_at(desk: &Desk, error: NotDrawn) -> Refusal {
    match error {
        NotDrawn::Unsuitable(why) => unsuitable(why, &megabytes(desk)),
        NotDrawn::BrokeOff(_) | NotDrawn::NoSuchPage => {
            unsuitable(Unsuitable::Unreadable, &megabytes(desk)).because(error)
        }
        NotDrawn::Busy | NotDrawn::TookTooLong | NotDrawn::Io(_) => unavailable(error),
    }
}

fn unsuitable(why: Unsuitable, most: &str) -> Refusal {
    let code = match why {
        Unsuitable::Empty => Code::Evidence,
        Unsuitable::TooLarge | Unsuitable::TooMany | Unsuitable::TooManyPixels => Code::EvidenceSize,
        Unsuitable::Heic
        | Unsuitable::Svg
        | Unsuitable::Office
        | Unsuitable::Other
        | Unsuitable::Unreadable
        | Unsuitable::Protected => Code::EvidenceType,
    };
    Refusal::new(code).and_field("file", why.message_id(), &[("most", most.to_owned())])
}

fn megabytes(desk: &Desk) -> String {
    (desk.blobs.limits.bytes_max / (1024 * 1024)).to_string()
}

fn unavailable(error: impl Display) -> Refusal {
    Refusal::new(Code::Unavailable).retry_after_s(2).because(error)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}
