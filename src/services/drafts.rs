//! What a customer has answered so far of a request that is being written: kept on the server, so that going back, a
//! dropped connection or another device lose nothing. What the answers are is the pages' business; here they are text.

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use crate::domain::access::Permission;
use crate::domain::id::CustomerId;
use crate::store::{StoreError, sessions};

/// Longer drafts are not kept: every answer has its own limit, and together they stay far below.
const DRAFT_BYTES_MAX: usize = 64 * 1024;

/// The draft of this customer for this order.
pub async fn read_draft(desk: &Desk, context: &Context, order_id: &str) -> Result<Option<String>, Refusal> {
    let (customer, order_id) = (owner(context)?, order_id.to_owned());
    desk.db.read(move |conn| sessions::find_draft(conn, &customer, &order_id)).await.map_err(Refusal::from)
}

/// Keeps the draft.
pub async fn keep_draft(desk: &Desk, context: &Context, order_id: &str, body: String) -> Result<(), Refusal> {
    let (customer, order_id, now) = (owner(context)?, order_id.to_owned(), context.now);
    if body.len() > DRAFT_BYTES_MAX {
        return Err(Refusal::new(Code::TooLarge));
    }
    let kept = desk.db.write(move |tx| sessions::put_draft(tx, &customer, &order_id, &body, now));
    kept.await.map_err(|error: StoreError| error.into())
}

/// Forgets the draft, once the request is made.
pub async fn forget_draft(desk: &Desk, context: &Context, order_id: &str) -> Result<(), Refusal> {
    let (customer, order_id) = (owner(context)?, order_id.to_owned());
    let gone = desk.db.write(move |tx| sessions::delete_draft(tx, &customer, &order_id));
    gone.await.map_err(|error: StoreError| error.into())
}

fn owner(context: &Context) -> Result<CustomerId, Refusal> {
    context.require(Permission::RefundCreate)?;
    context.actor.customer_id().cloned().ok_or_else(|| Refusal::new(Code::Scope))
}
