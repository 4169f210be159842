//! Changing the master key of evidence: the key of each file is wrapped anew, the files stay as they are. It can be broken
//! off and gone on with at any time, beside a desk that serves. Source: SPEC section 10.

use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use crate::blobs::{KeyError, WrappedKey};
use crate::domain::access::Permission;
use crate::store::evidence_keys::{self, KeyRow};

/// Keys that are wrapped anew in one write.
const BATCH_MAX: i64 = 200;

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The current master key's name.
    pub current: String,
    /// How many files each master key wraps the key of.
    pub in_use: Vec<(String, i64)>,
}

impl State {
    /// Files whose keys another master key than the current one wraps.
    pub fn left(&self) -> i64 {
        self.in_use.iter().filter(|(id, _)| *id != self.current).map(|(_, files)| files).sum()
    }
}

/// Makes a new master key in the data folder and makes it the current one; its name.
pub async fn renew(desk: &Arc<Desk>, context: &Context) -> Result<String, Refusal> {
    context.require(Permission::Operate)?;
    let id = desk.blobs.keys.renew().map_err(refused)?;
    let (mint, context, key_id) = (context.mint(), context.clone(), id.clone());
    desk.db
        .write(move |tx| {
            let actor = context.actor.principal.clone();
            let cause = Cause { context: &context, actor, reason: "renewed", note: None };
            let after = Some(json!({ "key_id": key_id }).to_string());
            moves::audit(tx, &mut mint.clone(), &cause, "evidence.key", "evidence", None, after)?;
            Ok::<_, Refusal>(())
        })
        .await?;
    Ok(id)
}

/// How far it is.
pub async fn state(desk: &Arc<Desk>, context: &Context) -> Result<State, Refusal> {
    context.require(Permission::Operate)?;
    let in_use = desk.db.read(evidence_keys::keys_in_use).await?;
    Ok(State { current: desk.blobs.keys.current_id(), in_use })
}

/// Wraps the next batch of keys anew, those after `after`; where it ended and how many, or nothing where none are left.
pub async fn rewrap_batch(
    desk: &Arc<Desk>,
    context: &Context,
    after: &str,
) -> Result<Option<(String, usize)>, Refusal> {
    context.require(Permission::Operate)?;
    let (current, after) = (desk.blobs.keys.current_id(), after.to_owned());
    let rows = desk.db.read(move |conn| evidence_keys::keys_under_others(conn, &current, &after, BATCH_MAX)).await?;
    let Some(last) = rows.last().map(|row| row.evidence_id.to_string()) else { return Ok(None) };
    let wrapped = rows.into_iter().map(|row| rewrapped(desk, row)).collect::<Result<Vec<_>, _>>()?;
    let count = wrapped.len();
    desk.db
        .write(move |tx| {
            for (was, now) in &wrapped {
                // One that is gone, or that somebody else wrapped anew meanwhile, is left as it is.
                evidence_keys::set_key(tx, was, &now.key_id, &now.wrapped)?;
            }
            Ok::<_, Refusal>(())
        })
        .await?;
    Ok(Some((last, count)))
}

fn rewrapped(desk: &Desk, row: KeyRow) -> Result<(KeyRow, WrappedKey), Refusal> {
    let key = WrappedKey { key_id: row.key_id.clone(), wrapped: row.wrapped_key.clone() };
    let anew = desk.blobs.keys.rewrap(row.evidence_id.as_str(), &key).map_err(refused)?;
    Ok((row, anew))
}

fn refused(error: KeyError) -> Refusal {
    Refusal::new(Code::Unavailable).because(error)
}
