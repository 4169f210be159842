//! A refund as its customer follows it: its story, what was written about it, and whether it can be looked at again. A
//! fixed number of queries.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::read_refunds::{self, Story};
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::appeal::{Bond, open_until};
use crate::domain::id::RefundId;
use crate::store::appeals;
use crate::store::messages::{self, MessageRow};

/// A refund with all that its customer sees of it.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Everything that happened to it.
    pub story: Story,
    /// What customer and desk wrote to each other, oldest first.
    pub messages: Vec<MessageRow>,
    /// How it is bound to another by an appeal.
    pub bond: Bond,
    /// Until when its customer can ask to look again; nothing where they no longer can.
    pub look_again_until: Option<Timestamp>,
}

/// The refund, if it exists and the caller may see it.
pub async fn follow(desk: &Arc<Desk>, context: &Context, refund_id: &RefundId) -> Result<Followed, Refusal> {
    context.require(Permission::RefundRead)?;
    let (desk_, context, refund_id) = (Arc::clone(desk), context.clone(), refund_id.clone());
    desk.db
        .read(move |conn| {
            let story = read_refunds::story(&desk_, conn, &context, &refund_id)?;
            let bond = appeals::bond_of(conn, &refund_id)?;
            let refund = &story.view.refund;
            let until = open_until(refund.state, refund.closure, refund.updated_at, &bond);
            Ok(Followed {
                messages: messages::of_refund(conn, &refund_id)?,
                look_again_until: until.filter(|until| *until > context.now),
                bond,
                story,
            })
        })
        .await
}
