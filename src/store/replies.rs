//! Canned replies: their names, and their texts in each language that has one.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_moment};
use super::schema_letters::{replies, reply_texts};
use super::{Conn, StoreError, Tx};

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyRow {
    /// Its id.
    pub reply_id: String,
    /// What it is called in lists.
    pub name: String,
    /// Its text in each language that has one, by the language's tag.
    pub texts: BTreeMap<String, String>,
    /// Grows with every change; the condition of the next one.
    pub version: i64,
    /// Who changed it last, as a principal's text.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
    /// When it was put away; it is offered to nobody since.
    pub archived_at: Option<Timestamp>,
}

type Found = (String, String, i64, String, i64, Option<i64>);

/// Writes a new reply.
pub fn insert(tx: &mut Tx<'_>, reply: &ReplyRow) -> Result<(), StoreError> {
    diesel::insert_into(replies::table)
        .values((
            replies::reply_id.eq(&reply.reply_id),
            replies::name.eq(&reply.name),
            replies::version.eq(reply.version),
            replies::changed_by.eq(&reply.changed_by),
            replies::changed_at.eq(reply.changed_at.as_microsecond()),
            replies::archived_at.eq(reply.archived_at.map(Timestamp::as_microsecond)),
        ))
        .execute(&mut **tx)?;
    put_texts(tx, reply)
}

/// Writes a reply anew where the version before still stands; whether it did.
pub fn update(tx: &mut Tx<'_>, reply: &ReplyRow) -> Result<bool, StoreError> {
    let before = replies::table.find(&reply.reply_id).filter(replies::version.eq(reply.version - 1));
    let changed = diesel::update(before)
        .set((
            replies::name.eq(&reply.name),
            replies::version.eq(reply.version),
            replies::changed_by.eq(&reply.changed_by),
            replies::changed_at.eq(reply.changed_at.as_microsecond()),
            replies::archived_at.eq(reply.archived_at.map(Timestamp::as_microsecond)),
        ))
        .execute(&mut **tx)?;
    if changed == 1 {
        diesel::delete(reply_texts::table.filter(reply_texts::reply_id.eq(&reply.reply_id))).execute(&mut **tx)?;
        put_texts(tx, reply)?;
    }
    Ok(changed == 1)
}

/// One reply.
pub fn find(conn: &mut Conn, reply_id: &str) -> Result<Option<ReplyRow>, StoreError> {
    let found: Option<Found> = replies::table.find(reply_id).select(COLUMNS).first(conn).optional()?;
    let texts = reply_texts::table
        .filter(reply_texts::reply_id.eq(reply_id))
        .select((reply_texts::reply_id, reply_texts::locale, reply_texts::body))
        .load(conn)?;
    found.map(|found| row(found, &texts)).transpose()
}

/// All replies by name, those that were put away too.
pub fn all(conn: &mut Conn) -> Result<Vec<ReplyRow>, StoreError> {
    let found: Vec<Found> = replies::table.order((replies::name, replies::reply_id)).select(COLUMNS).load(conn)?;
    let texts = reply_texts::table
        .order((reply_texts::reply_id, reply_texts::locale))
        .select((reply_texts::reply_id, reply_texts::locale, reply_texts::body))
        .load(conn)?;
    found.into_iter().map(|found| row(found, &texts)).collect()
}

const COLUMNS: (
    replies::reply_id,
    replies::name,
    replies::version,
    replies::changed_by,
    replies::changed_at,
    replies::archived_at,
) = (
    replies::reply_id,
    replies::name,
    replies::version,
    replies::changed_by,
    replies::changed_at,
    replies::archived_at,
);

fn put_texts(tx: &mut Tx<'_>, reply: &ReplyRow) -> Result<(), StoreError> {
    for (locale, body) in &reply.texts {
        diesel::insert_into(reply_texts::table)
            .values((
                reply_texts::reply_id.eq(&reply.reply_id),
                reply_texts::locale.eq(locale),
                reply_texts::body.eq(body),
            ))
            .execute(&mut **tx)?;
    }
    Ok(())
}

fn row(found: Found, texts: &[(String, String, String)]) -> Result<ReplyRow, StoreError> {
    let (reply_id, name, version, changed_by, changed_at, archived_at) = found;
    let own = texts.iter().filter(|(owner, ..)| *owner == reply_id);
    Ok(ReplyRow {
        texts: own.map(|(_, locale, body)| (locale.clone(), body.clone())).collect(),
        changed_at: moment("replies.changed_at", changed_at)?,
        archived_at: optional_moment("replies.archived_at", archived_at)?,
        reply_id,
        name,
        version,
        changed_by,
    })
}
