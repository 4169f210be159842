//! Reading the queue: a page of a view with what stands beside each request, and how many are in every view. It costs the
//! same few queries whatever is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::names;
use super::refusal::Refusal;
use crate::domain::access::{Permission, Principal};
use crate::domain::id::{CustomerId, RefundId};
use crate::domain::refund::Refund;
use crate::domain::review::View;
use crate::store::queue::{self, Reader};
use crate::store::{Conn, customers, refunds, reviews};

pub use crate::store::queue::{Count, Mark, Narrowed};
pub use crate::store::reviews::ReviewRow;

/// Requests that one person holds at once, as far as a filter by person looks.
const HELD_MAX: i64 = 500;

/// Requests on a page of the queue.
pub const PAGE: i64 = 50;

/// A request in the queue.
#[derive(Clone, Debug)]
pub struct Queued {
    /// The refund.
    pub refund: Refund,
    /// What it waits for, where people decide it.
    pub review: Option<ReviewRow>,
    /// The customer's name, where there is one.
    pub customer: Option<String>,
    /// Who holds it now, by name.
    pub owner: Option<String>,
}

/// A page of a view.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The requests, in order.
    pub items: Vec<Queued>,
    /// How many are in each view under the same filters.
    pub counts: Vec<(View, Count)>,
    /// The request that came to people last, of all.
    pub newest: Option<RefundId>,
    /// Who holds requests now, by name.
    pub holders: Vec<(Principal, String)>,
    /// Where the next page begins, where there is one.
    pub next: Option<Mark>,
    /// When and by whom a request was decided last, by name: for an empty queue.
    pub last_closed: Option<(Timestamp, String)>,
}

/// A page of a view of the queue, under these filters.
pub async fn read_queue(
    desk: &Arc<Desk>,
    context: &Context,
    view: View,
    narrowed: Narrowed,
    after: Option<Mark>,
) -> Result<Queue, Refusal> {
    context.require(Permission::RefundRead)?;
    let reader = Reader { principal: context.actor.principal.clone(), now: context.system_now };
    desk.db
        .read(move |conn| {
            let narrowed = settled(conn, narrowed, &reader)?;
            let counts = counts(conn, &narrowed, &reader)?;
            let (mut items, next) = match view {
                View::Failed => stuck(conn, &narrowed, after.as_ref())?,
                View::Mine | View::Unclaimed | View::Second | View::Info => {
                    waiting(conn, view, &narrowed, &reader, after.as_ref(), PAGE)?
                }
            };
            let last_closed = if items.is_empty() { reviews::last_closed(conn)? } else { None };
            let holders = holders(conn, &reader)?;
            let names = named(conn, &mut items, reader.now, last_closed.as_ref().map(|(_, by)| by))?;
            let last_closed = last_closed.map(|(at, by)| (at, names.of(&by)));
            Ok(Queue { items, counts, newest: reviews::newest(conn)?, holders, next, last_closed })
        })
        .await
}

/// The filters with what they stand for read: what a person holds now.
pub(super) fn settled(conn: &mut Conn, narrowed: Narrowed, reader: &Reader) -> Result<Narrowed, Refusal> {
    let among = match &narrowed.owner {
        Some(owner) => Some(reviews::held_by(conn, owner, reader.now, HELD_MAX)?),
        None => None,
    };
    Ok(Narrowed { among, ..narrowed })
}

/// How many are in each view.
pub(super) fn counts(conn: &mut Conn, narrowed: &Narrowed, reader: &Reader) -> Result<Vec<(View, Count)>, Refusal> {
    let count = |&view: &View| Ok((view, queue::count(conn, view, narrowed, reader)?));
    View::ALL.iter().map(count).collect()
}

/// Who holds requests now, by name, in the order of names.
pub(super) fn holders(conn: &mut Conn, reader: &Reader) -> Result<Vec<(Principal, String)>, Refusal> {
    let held = reviews::holders(conn, reader.now)?;
    let names = names::of(conn, held.iter().map(|(holder, _)| holder))?;
    let mut holders: Vec<_> = held.into_iter().map(|(holder, _)| (holder.clone(), names.of(&holder))).collect();
    holders.sort_by(|(_, one), (_, other)| one.cmp(other));
    Ok(holders)
}

type Found = (Vec<Queued>, Option<Mark>);

pub(super) fn waiting(
    conn: &mut Conn,
    view: View,
    narrowed: &Narrowed,
    reader: &Reader,
    after: Option<&Mark>,
    page: i64,
) -> Result<Found, Refusal> {
    // One more than shown tells whether there is a next page.
    let mut found = queue::waiting(conn, view, narrowed, reader, after, page + 1)?;
    let more = cut(&mut found, page);
    let next = found.last().filter(|_| more).map(ReviewRow::mark);
    let ids: Vec<RefundId> = found.iter().map(|review| review.refund_id.clone()).collect();
    let mut reviews: BTreeMap<_, _> = found.into_iter().map(|row| (row.refund_id.clone(), row)).collect();
    Ok((beside(conn, &ids, |id| reviews.remove(id))?, next))
}

fn stuck(conn: &mut Conn, narrowed: &Narrowed, after: Option<&Mark>) -> Result<Found, Refusal> {
    let before = after.and_then(|mark| RefundId::parse(&mark.refund_id).ok());
    let mut ids = queue::stuck(conn, narrowed, before.as_ref(), PAGE + 1)?;
    let more = cut(&mut ids, PAGE);
    let mark = |id: &RefundId| Mark { due_at: 0, amount_minor: 0, refund_id: id.to_string() };
    let next = ids.last().filter(|_| more).map(mark);
    Ok((beside(conn, &ids, |_| None)?, next))
}

/// Leaves a page of what was found; whether there was more.
pub(super) fn cut<T>(found: &mut Vec<T>, page: i64) -> bool {
    let most = usize::try_from(page).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    more
}

/// The refunds with these ids, in their order, with their customers' names.
fn beside(
    conn: &mut Conn,
    ids: &[RefundId],
    mut review: impl FnMut(&RefundId) -> Option<ReviewRow>,
) -> Result<Vec<Queued>, Refusal> {
    let found = refunds::find_all(conn, ids)?;
    let mut refunds: BTreeMap<_, _> = found.into_iter().map(|refund| (refund.refund_id.clone(), refund)).collect();
    let ordered: Vec<Refund> = ids.iter().filter_map(|id| refunds.remove(id)).collect();
    with_customers(conn, ordered, |refund| review(&refund.refund_id))
}

/// These refunds with their customers' names and reviews.
pub(super) fn with_customers(
    conn: &mut Conn,
    refunds: Vec<Refund>,
    mut review: impl FnMut(&Refund) -> Option<ReviewRow>,
) -> Result<Vec<Queued>, Refusal> {
    let of: BTreeSet<CustomerId> = refunds.iter().map(|refund| refund.customer_id.clone()).collect();
    let names: BTreeMap<_, _> = customers::names(conn, &of.into_iter().collect::<Vec<_>>())?.into_iter().collect();
    let queued = refunds.into_iter().map(|refund| {
        let customer = names.get(&refund.customer_id).filter(|name| !name.trim().is_empty()).cloned();
        Queued { review: review(&refund), customer, owner: None, refund }
    });
    Ok(queued.collect())
}

/// Writes beside each request who holds it now, by name; the names of these and of others.
pub(super) fn named(
    conn: &mut Conn,
    items: &mut [Queued],
    now: Timestamp,
    also: Option<&Principal>,
) -> Result<names::Names, Refusal> {
    let standing = |item: &Queued| {
        let claim = item.review.as_ref().and_then(|review| review.claim.as_ref());
        claim.filter(|claim| claim.stands(now)).map(|claim| claim.holder.clone())
    };
    let named: Vec<Principal> = items.iter().filter_map(standing).chain(also.cloned()).collect();
    let names = names::of(conn, named.iter())?;
    for item in items {
        item.owner = standing(item).map(|holder| names.of(&holder));
    }
    Ok(names)
}
