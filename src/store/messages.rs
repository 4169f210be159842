//! What customer and desk wrote to each other about a refund.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::moment;
use super::schema::messages;
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
