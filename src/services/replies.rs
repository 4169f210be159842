//! Canned replies: who works the queue writes them, in each language, and puts away those that nobody needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::id::{Mint, ReplyId};
use crate::domain::reply::{self, NAME_LENGTH_MAX, TEXT_LENGTH_MAX};
use crate::store::{Tx, replies};

pub use crate::store::replies::ReplyRow as Reply;

/// A reply as it is written: its name and its texts, by the language's tag. A language without a text is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it is called.
    pub name: String,
    /// Its texts.
    pub texts: BTreeMap<String, String>,
}

/// All replies by name, those that were put away too.
pub async fn list(desk: &Arc<Desk>, context: &Context) -> Result<Vec<Reply>, Refusal> {
    context.require(Permission::RefundRead)?;
    desk.db.read(|conn| Ok(replies::all(conn)?)).await
}

/// One reply.
pub async fn read(desk: &Arc<Desk>, context: &Context, reply_id: &ReplyId) -> Result<Reply, Refusal> {
    context.require(Permission::RefundRead)?;
    let reply_id = reply_id.to_string();
    let found = desk.db.read(move |conn| Ok::<_, Refusal>(replies::find(conn, &reply_id)?)).await?;
    found.ok_or_else(|| Refusal::new(Code::PathNotFound))
}

/// Adds a reply; its id.
pub async fn add(desk: &Arc<Desk>, context: &Context, written: Written) -> Result<ReplyId, Refusal> {
    context.require(Permission::RefundDecide)?;
    check(&written)?;
    let (context, mint) = (context.clone(), context.mint());
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let reply_id = ReplyId::from_ulid(mint.next_ulid());
            let reply = Reply {
                reply_id: reply_id.to_string(),
                name: written.name.clone(),
                texts: written.texts.clone(),
                version: 1,
                changed_by: context.actor.principal.to_string(),
                changed_at: context.now,
                archived_at: None,
            };
            replies::insert(tx, &reply)?;
            record(tx, &context, &mut mint, "reply.add", None, &reply)?;
            Ok::<_, Refusal>(reply_id)
        })
        .await
}

/// Writes a reply anew, where the version that was seen still stands; else `412 ERR.CONFLICT.version`.
pub async fn edit(
    desk: &Arc<Desk>,
    context: &Context,
    reply_id: &ReplyId,
    seen_version: i64,
    written: Written,
) -> Result<(), Refusal> {
    check(&written)?;
    let change =
        move |before: &Reply| Reply { name: written.name.clone(), texts: written.texts.clone(), ..before.clone() };
    put(desk, context, reply_id, Some(seen_version), "reply.edit", change).await
}

/// Puts a reply away, or takes it out again. What it is already changes nothing.
pub async fn archive(desk: &Arc<Desk>, context: &Context, reply_id: &ReplyId, away: bool) -> Result<(), Refusal> {
    let now = context.now;
    let action = if away { "reply.archive" } else { "reply.restore" };
    let change = move |before: &Reply| Reply {
        archived_at: if away { before.archived_at.or(Some(now)) } else { None },
        ..before.clone()
    };
    put(desk, context, reply_id, None, action, change).await
}

async fn put(
    desk: &Arc<Desk>,
    context: &Context,
    reply_id: &ReplyId,
    seen_version: Option<i64>,
    action: &'static str,
    change: impl Fn(&Reply) -> Reply + Send + 'static,
) -> Result<(), Refusal> {
    context.require(Permission::RefundDecide)?;
    let (context, mint, reply_id) = (context.clone(), context.mint(), reply_id.to_string());
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::RefundDecide)?;
            let before = replies::find(tx, &reply_id)?.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            let stale = || Refusal::new(Code::Version).with("version", before.version);
            if seen_version.is_some_and(|seen| seen != before.version) {
                return Err(stale());
            }
            let changed = change(&before);
            if changed == before {
                return Ok(());
            }
            let after = Reply {
                version: before.version + 1,
                changed_by: context.actor.principal.to_string(),
                changed_at: context.now,
                ..changed
            };
            if !replies::update(tx, &after)? {
                return Err(stale());
            }
            record(tx, &context, &mut mint.clone(), action, Some(&before), &after)
        })
        .await
}

fn check(written: &Written) -> Result<(), Refusal> {
    let refuse = |pointer: &str, id: &'static str| Err(Refusal::field(Code::Body, pointer, id));
    if written.name.trim().is_empty() || written.texts.values().all(|text| text.trim().is_empty()) {
        return refuse("/name", "field-required");
    }
    if written.name.chars().count() > NAME_LENGTH_MAX {
        return refuse("/name", "field-note-too-long");
    }
    for (locale, text) in &written.texts {
        let pointer = format!("/texts/{locale}");
        if text.chars().count() > TEXT_LENGTH_MAX {
            return refuse(&pointer, "field-note-too-long");
        }
        reply::check(text).map_err(|error| Refusal::field(Code::Body, &pointer, "field-reply-slot").because(error))?;
    }
    Ok(())
}

/// The trail holds what changed: names, languages and lengths. The texts themselves stand in their table.
fn record(
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    action: &str,
    before: Option<&Reply>,
    after: &Reply,
) -> Result<(), Refusal> {
    let shape = |reply: &Reply| {
        let texts: BTreeMap<&str, usize> =
            reply.texts.iter().map(|(locale, text)| (locale.as_str(), text.chars().count())).collect();
        json!({"name": reply.name, "texts": texts, "version": reply.version, "archived": reply.archived_at.is_some()})
            .to_string()
    };
    let actor = context.actor.principal.clone();
    let cause = Cause { context, actor, reason: "reply", note: None };
    let subject = format!("reply:{}", after.reply_id);
    moves::audit(tx, mint, &cause, action, &subject, before.map(shape), Some(shape(after)))?;
    Ok(())
}
