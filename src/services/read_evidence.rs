//! Looking at evidence: pixels that we drew, or the original as a download. Only what the scanner does not forbid, only by
//! whom it concerns, and every look is in the audit trail before it is given. Source: SPEC section 10.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::blobs::{Drawn, NotDrawn, WrappedKey};
use crate::domain::access::Permission;
use crate::domain::evidence::{ALT_CHARACTERS_MAX, Kind, PAGES_MAX, View, download_name};
use crate::domain::id::{EvidenceId, RefundId};
use crate::store::{Conn, Tx, evidence, refunds};

pub use crate::store::evidence::EvidenceRow;

/// The original of a file.
pub struct Original<S> {
    /// What it is called: harmless, and ending as what it is.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How long it is.
    pub size_bytes: u64,
    /// Its bytes.
    pub bytes: S,
}

/// Those of these waiting files that are the caller's own, in the order in which they are named.
pub async fn waiting(desk: &Arc<Desk>, context: &Context, ids: Vec<EvidenceId>) -> Result<Vec<EvidenceRow>, Refusal> {
    context.require(Permission::RefundCreate)?;
    let owner = context.actor.principal.to_string();
    desk.db
        .read(move |conn| {
            let found = evidence::of_ids(conn, &ids)?;
            let is_ours = |row: &&EvidenceRow| {
                row.owner == owner && row.refund_id.is_none() && row.place == evidence::Place::Kept
            };
            let ours: Vec<&EvidenceRow> = found.iter().filter(is_ours).collect();
            let named = ids.iter().filter_map(|id| ours.iter().find(|row| row.evidence_id == *id));
            Ok(named.map(|row| (*row).clone()).collect())
        })
        .await
}

/// Draws one view of the `nth` file of a refund.
pub async fn view(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
    view: View,
) -> Result<Drawn, Refusal> {
    let looked_at = json!({"page": view.page, "width": view.width, "turn": view.turn.degrees()}).to_string();
    let row = open(desk, context, refund_id, nth, "evidence.view", looked_at).await?;
    if row.kind == Kind::Pdf && view.page > PAGES_MAX.min(row.looks.pages) {
        return Err(not_found());
    }
    let drawn = desk.blobs.draw(row.evidence_id.as_str(), &key(&row), row.kind, view).await;
    drawn.map_err(|error| match error {
        NotDrawn::NoSuchPage => not_found(),
        NotDrawn::Unsuitable(_) | NotDrawn::BrokeOff(_) => {
            Refusal::field(Code::EvidenceType, "file", "field-evidence-not-drawn").because(error)
        }
        NotDrawn::Busy | NotDrawn::TookTooLong | NotDrawn::Io(_) => {
            Refusal::new(Code::Unavailable).retry_after_s(2).because(error)
        }
    })
}

/// Opens the original of the `nth` file of a refund.
pub async fn original(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
) -> Result<Original<impl Stream<Item = io::Result<Bytes>> + Send + use<>>, Refusal> {
    let row = open(desk, context, refund_id, nth, "evidence.download", json!({}).to_string()).await?;
    let bytes = desk.blobs.read(row.evidence_id.as_str(), &key(&row)).await;
    let bytes = bytes.map_err(|error| Refusal::new(Code::Unavailable).retry_after_s(2).because(error))?;
    Ok(Original {
        name: download_name(&row.file_name, row.kind),
        kind: row.kind,
        size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        bytes,
    })
}

/// Writes the words that stand in for the `nth` file of a refund.
pub async fn describe(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
    alt: &str,
) -> Result<(), Refusal> {
    context.require(Permission::EvidenceRead)?;
    context.require(Permission::RefundDecide)?;
    if alt.trim().chars().count() > ALT_CHARACTERS_MAX {
        let most = ("most", ALT_CHARACTERS_MAX.to_string());
        return Err(Refusal::new(Code::Body).and_field("alt", "field-evidence-alt", &[most]));
    }
    let (mint, context, refund_id) = (context.mint(), context.clone(), refund_id.clone());
    let alt = alt.trim().to_owned();
    desk.db
        .write(move |tx| {
            let row = find(tx, &refund_id, nth)?;
            evidence::set_alt(tx, &row.evidence_id, &alt)?;
            told(tx, &mut mint.clone(), &context, &row, ("evidence.describe", "{}".to_owned()))
        })
        .await
}

/// The file, if the caller may see it now; that they do is written first.
async fn open(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
    action: &'static str,
    how: String,
) -> Result<EvidenceRow, Refusal> {
    context.require(Permission::EvidenceRead)?;
    let has_scanner = desk.blobs.has_scanner();
    let (mint, context, refund_id) = (context.mint(), context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let row = find(tx, &refund_id, nth)?;
            if !row.scan.may_be_seen(has_scanner) {
                return Err(Refusal::new(Code::State).with("scan", row.scan.as_str()));
            }
            told(tx, &mut mint.clone(), &context, &row, (action, how.clone()))?;
            Ok(row)
        })
        .await
}

fn find(conn: &mut Conn, refund_id: &RefundId, nth: i64) -> Result<EvidenceRow, Refusal> {
    refunds::find(conn, refund_id)?.ok_or_else(|| Refusal::new(Code::RefundNotFound))?;
    let files = evidence::of_refunds(conn, std::slice::from_ref(refund_id))?;
    let wanted = files.into_iter().map(|(_, row)| row).find(|row| row.position == Some(nth));
    wanted.filter(|row| row.place == evidence::Place::Kept).ok_or_else(not_found)
}

fn told(
    tx: &mut Tx<'_>,
    mint: &mut crate::domain::id::Mint,
    context: &Context,
    row: &EvidenceRow,
    (action, how): (&str, String),
) -> Result<(), Refusal> {
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: action, note: None };
    let subject = format!("evidence:{}", row.evidence_id);
    moves::audit(tx, mint, &cause, action, &subject, None, Some(how))?;
    Ok(())
}

fn key(row: &EvidenceRow) -> WrappedKey {
    WrappedKey { key_id: row.key_id.clone(), wrapped: row.wrapped_key.clone() }
}

fn not_found() -> Refusal {
    Refusal::new(Code::EvidenceNotFound)
}
