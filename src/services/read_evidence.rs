//! Looking at evidence: pixels that we drew, or the original as a download. Only what the scanner does not forbid, only by
//! whom it concerns, and every viewing is in the audit trail before anything of it is given. Source: SPEC section 10.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::read_case::{CaseView, read_case};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::blobs::{Drawn, NotDrawn, WrappedKey};
use crate::domain::access::Permission;
use crate::domain::evidence::{ALT_CHARACTERS_MAX, Kind, Manner, PAGES_MAX, View, download_name, is_same_viewing};
use crate::domain::id::{EvidenceId, RefundId};
use crate::store::{Conn, Tx, evidence, evidence_looks, refunds};

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

/// The case of a refund for the page of its `nth` file, and that file. What is in it is shown by [`view`] alone.
pub async fn file(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
) -> Result<(CaseView, EvidenceRow), Refusal> {
    context.require(Permission::EvidenceRead)?;
    let case = read_case(desk, context, refund_id).await?;
    let file = case.story.view.evidence.iter().find(|row| row.position == Some(nth)).cloned();
    file.map(|file| (case, file)).ok_or_else(not_found)
}

/// Draws one view of the `nth` file of a refund.
pub async fn view(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
    view: View,
) -> Result<Drawn, Refusal> {
    let how = json!({"as": view.manner(), "page": view.page, "width": view.width, "turn": view.turn.degrees()});
    let look = Look { manner: view.manner(), page: view.page, action: "evidence.view", how: how.to_string() };
    let row = open(desk, context, refund_id, nth, look).await?;
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
    let how = json!({"as": Manner::Original}).to_string();
    let look = Look { manner: Manner::Original, page: 1, action: "evidence.download", how };
    let row = open(desk, context, refund_id, nth, look).await?;
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
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let row = find(tx, &refund_id, nth)?;
            evidence::set_alt(tx, &row.evidence_id, &alt)?;
            told(tx, &mut mint.clone(), &context, &row, ("evidence.describe", "{}".to_owned()))
        })
        .await
}

/// Writes that nobody can make out what the `nth` file of a refund shows, or that one can after all.
pub async fn mark_unreadable(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
    unreadable: bool,
) -> Result<(), Refusal> {
    context.require(Permission::EvidenceRead)?;
    context.require(Permission::RefundDecide)?;
    let (mint, context, refund_id) = (context.mint(), context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let row = find(tx, &refund_id, nth)?;
            if row.unreadable.is_some() == unreadable {
                return Ok(());
            }
            let by = context.actor.principal.to_string();
            evidence::set_unreadable(tx, &row.evidence_id, unreadable.then_some((by.as_str(), context.now)))?;
            let how = json!({ "unreadable": unreadable }).to_string();
            told(tx, &mut mint.clone(), &context, &row, ("evidence.mark", how))
        })
        .await
}

/// A look at a file that somebody wants to take.
#[derive(Clone)]
struct Look {
    manner: Manner,
    page: u32,
    action: &'static str,
    how: String,
}

/// The file, if the caller may see it now; that they do is written first. Looks that belong to one viewing are written
/// once; each download is.
async fn open(
    desk: &Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    nth: i64,
    look: Look,
) -> Result<EvidenceRow, Refusal> {
    context.require(Permission::EvidenceRead)?;
    let has_scanner = desk.blobs.has_scanner();
    let known = {
        let (context, refund_id, look) = (context.clone(), refund_id.clone(), look.clone());
        desk.db
            .read(move |conn| {
                let row = visible(conn, &refund_id, nth, has_scanner, &look)?;
                let is_known = is_same(conn, &context, &row, &look)?;
                Ok::<_, Refusal>(is_known.then_some(row))
            })
            .await?
    };
    if let Some(row) = known {
        return Ok(row);
    }
    let (mint, context, refund_id) = (context.mint(), context.clone(), refund_id.clone());
    desk.db
        .write(move |tx| {
            let row = visible(tx, &refund_id, nth, has_scanner, &look)?;
            evidence_looks::hold(tx, &row.evidence_id)?;
            // Another look of theirs may have come first: a page and its thumbnail are asked for at once.
            if !is_same(tx, &context, &row, &look)? {
                let (who, page) = (context.actor.principal.to_string(), i64::from(look.page));
                evidence_looks::begin(tx, &row.evidence_id, &who, look.manner, page, context.now)?;
                told(tx, &mut mint.clone(), &context, &row, (look.action, look.how.clone()))?;
            }
            Ok(row)
        })
        .await
}

/// The file, where it may be seen and has such a page.
fn visible(
    conn: &mut Conn,
    refund_id: &RefundId,
    nth: i64,
    has_scanner: bool,
    look: &Look,
) -> Result<EvidenceRow, Refusal> {
    let row = find(conn, refund_id, nth)?;
    if !row.may_be_seen(has_scanner) {
        return Err(Refusal::new(Code::State).with("scan", row.scan.as_str()));
    }
    if look.page > PAGES_MAX.min(row.looks.pages) {
        return Err(not_found());
    }
    Ok(row)
}

/// Whether the look belongs to a viewing that was written already.
fn is_same(conn: &mut Conn, context: &Context, row: &EvidenceRow, look: &Look) -> Result<bool, Refusal> {
    if look.manner == Manner::Original {
        return Ok(false);
    }
    let who = context.actor.principal.to_string();
    let began = evidence_looks::last(conn, &row.evidence_id, &who, look.manner, i64::from(look.page))?;
    Ok(began.is_some_and(|began| is_same_viewing(began, context.now)))
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
