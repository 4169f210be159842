//! What customer and desk wrote to each other about a refund.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, word};
use super::schema::messages;
use super::schema_letters::unanswered;
use super::{Conn, StoreError, Tx};
use crate::domain::id::RefundId;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub message_id: String,
    /// Who wrote it, as a principal's text.
    pub author: String,
    /// Whether it went to the customer; else it came from them.
    pub to_customer: bool,
    /// What was written.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

/// Writes a message.
pub fn insert(tx: &mut Tx<'_>, refund_id: &RefundId, message: &MessageRow) -> Result<(), StoreError> {
    diesel::insert_into(messages::table)
        .values((
            messages::message_id.eq(&message.message_id),
            messages::refund_id.eq(refund_id.as_str()),
            messages::author.eq(&message.author),
            messages::to_customer.eq(message.to_customer),
            messages::body.eq(&message.body),
            messages::created_at.eq(message.created_at.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Notes that a customer waits for an answer, since this moment unless they waited before. The refund is locked.
pub fn put_on(tx: &mut Tx<'_>, refund_id: &RefundId, since: Timestamp) -> Result<(), StoreError> {
    let waits: i64 = unanswered::table.find(refund_id.as_str()).count().get_result(&mut **tx)?;
    if waits == 0 {
        diesel::insert_into(unanswered::table)
            .values((unanswered::refund_id.eq(refund_id.as_str()), unanswered::since.eq(since.as_microsecond())))
            .execute(&mut **tx)?;
    }
    Ok(())
}

/// Notes that a customer waits no longer; whether they did.
pub fn take_off(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<bool, StoreError> {
    Ok(diesel::delete(unanswered::table.find(refund_id.as_str())).execute(&mut **tx)? == 1)
}

/// Whether a customer waits for an answer.
pub fn waits(conn: &mut Conn, refund_id: &RefundId) -> Result<bool, StoreError> {
    let count: i64 = unanswered::table.find(refund_id.as_str()).count().get_result(conn)?;
    Ok(count == 1)
}

/// Refunds whose customers wait for an answer, and since when; who waits longest first, behind one of them where one is
/// named. One that waits no longer names no place; then the list begins anew.
pub fn waiting(
    conn: &mut Conn,
    after: Option<&RefundId>,
    limit: i64,
) -> Result<Vec<(RefundId, Timestamp)>, StoreError> {
    use unanswered::dsl;
    let mark: Option<(i64, String)> = match after {
        Some(id) => dsl::unanswered.find(id.as_str()).select((dsl::since, dsl::refund_id)).first(conn).optional()?,
        None => None,
    };
    let mut query = dsl::unanswered.into_boxed();
    if let Some((since, refund_id)) = mark {
        query = query.filter(dsl::since.gt(since).or(dsl::since.eq(since).and(dsl::refund_id.gt(refund_id))));
    }
    let found: Vec<(String, i64)> =
        query.order((dsl::since, dsl::refund_id)).limit(limit).select((dsl::refund_id, dsl::since)).load(conn)?;
    found
        .into_iter()
        .map(|(id, since)| Ok((word("unanswered.refund_id", &id)?, moment("unanswered.since", since)?)))
        .collect()
}

/// One message, if it was not erased.
pub fn find(conn: &mut Conn, message_id: &str) -> Result<Option<MessageRow>, StoreError> {
    let found: Option<Found> = messages::table.find(message_id).select(COLUMNS).first(conn).optional()?;
    found.map(row).transpose()
}

/// The messages about a refund, oldest first.
pub fn of_refund(conn: &mut Conn, refund_id: &RefundId) -> Result<Vec<MessageRow>, StoreError> {
    let found: Vec<Found> = messages::table
        .filter(messages::refund_id.eq(refund_id.as_str()))
        .order(messages::message_id)
        .select(COLUMNS)
        .load(conn)?;
    found.into_iter().map(row).collect()
}

type Found = (String, String, bool, String, i64);

const COLUMNS: (messages::message_id, messages::author, messages::to_customer, messages::body, messages::created_at) =
    (messages::message_id, messages::author, messages::to_customer, messages::body, messages::created_at);

fn row((message_id, author, to_customer, body, created_at): Found) -> Result<MessageRow, StoreError> {
    Ok(MessageRow { message_id, author, to_customer, body, created_at: moment("messages.created_at", created_at)? })
}
