//! Reading the list of all refunds: a page of it with what stands beside each, and how many there are of each state.
//! Source: UX section 1b.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::read_queue::{self, Queued};
use super::refusal::Refusal;
use crate::domain::access::{Permission, Principal};
use crate::domain::id::RefundId;
use crate::domain::refund::{Refund, State};
use crate::store::listing;
use crate::store::queue::Reader;
use crate::store::{Conn, customers, reviews};

pub use crate::store::listing::{Known, SCAN_MAX, Wanted};
pub use crate::store::queue::Count;

/// Refunds on a page of the list.
pub const PAGE: i64 = 50;

/// What somebody asks of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What it is narrowed to.
    pub wanted: Wanted,
    /// What was typed to be found: a number or an e-mail address.
    pub text: Option<String>,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct List {
    /// The refunds, newest first.
    pub items: Vec<Queued>,
    /// How many there are of each state under the same filters.
    pub counts: Vec<(State, Count)>,
    /// Who holds requests now, by name.
    pub holders: Vec<(Principal, String)>,
    /// Where the next page begins, where there is one.
    pub next: Option<RefundId>,
    /// Whether the page ends where it stopped looking, rather than where it was full.
    pub stopped: bool,
}

/// A page of the list.
pub async fn read_list(desk: &Arc<Desk>, context: &Context, asked: Asked) -> Result<List, Refusal> {
    context.require(Permission::RefundRead)?;
    let reader = Reader { principal: context.actor.principal.clone(), now: context.system_now };
    desk.db
        .read(move |conn| {
            let wanted = settled(conn, asked, &reader)?;
            let floor = listing::floor(conn, &wanted, SCAN_MAX)?;
            // One more than shown tells whether there is a next page.
            let mut found = listing::page(conn, &wanted, floor.as_ref(), PAGE + 1)?;
            let more = read_queue::cut(&mut found, PAGE);
            let last = found.last().map(|refund| refund.refund_id.clone());
            Ok(List {
                counts: listing::counts(conn, &wanted, SCAN_MAX)?,
                items: beside(conn, found, &reader)?,
                holders: read_queue::holders(conn, &reader)?,
                next: if more { last } else { floor.clone() },
                stopped: !more && floor.is_some(),
            })
        })
        .await
}

/// What is wanted, with what it stands for read.
pub(super) fn settled(conn: &mut Conn, asked: Asked, reader: &Reader) -> Result<Wanted, Refusal> {
    let known = match asked.text {
        Some(text) if text.contains('@') => customers::find_by_email(conn, &text)?.map_or_else(
            // Nobody has this address, and no refund has this number.
            || Some(Known::Number(text.clone())),
            |customer_id| Some(Known::Customer(customer_id)),
        ),
        Some(text) => Some(Known::Number(text)),
        None => None,
    };
    Ok(Wanted { narrowed: read_queue::settled(conn, asked.wanted.narrowed, reader)?, known, ..asked.wanted })
}

/// These refunds with their customers, what they wait for, and who holds them.
pub(super) fn beside(conn: &mut Conn, found: Vec<Refund>, reader: &Reader) -> Result<Vec<Queued>, Refusal> {
    let ids: Vec<RefundId> = found.iter().map(|refund| refund.refund_id.clone()).collect();
    let rows = reviews::find_all(conn, &ids)?.into_iter().filter(|row| row.closed_at.is_none());
    let mut open: BTreeMap<_, _> = rows.map(|row| (row.refund_id.clone(), row)).collect();
    let mut items = read_queue::with_customers(conn, found, |refund| open.remove(&refund.refund_id))?;
    read_queue::named(conn, &mut items, reader.now, None)?;
    Ok(items)
}
