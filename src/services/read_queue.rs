//! Reading the queue: a page of a view with what stands beside each request, and how many are in every view. It costs the
//! same few queries whatever is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::{Permission, Principal};
use crate::domain::id::{CustomerId, RefundId, UserId};
use crate::domain::refund::Refund;
use crate::domain::review::View;
use crate::store::queue::{self, Reader};
use crate::store::{Conn, customers, people, refunds, reviews};

pub use crate::store::queue::{Mark, Narrowed};
pub use crate::store::reviews::ReviewRow;

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
    pub counts: Vec<(View, i64)>,
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
            let mut counts = Vec::new();
            for &each in View::ALL {
                counts.push((each, queue::count(conn, each, &narrowed, &reader)?));
            }
            let (mut items, next) = match view {
                View::Failed => stuck(conn, &narrowed, after.as_ref())?,
                View::Mine | View::Unclaimed | View::Second | View::Info => {
                    waiting(conn, view, &narrowed, &reader, after.as_ref())?
                }
            };
            let last_closed = if items.is_empty() { reviews::last_closed(conn)? } else { None };
            let names = names(conn, &items, last_closed.as_ref().map(|(_, by)| by))?;
            for item in &mut items {
                let claim = item.review.as_ref().and_then(|review| review.claim.as_ref());
                let standing = claim.filter(|claim| claim.stands(reader.now));
                item.owner = standing.map(|claim| name_of(&names, &claim.holder));
            }
            let last_closed = last_closed.map(|(at, by)| (at, name_of(&names, &by)));
            Ok(Queue { items, counts, next, last_closed })
        })
        .await
}

type Found = (Vec<Queued>, Option<Mark>);

fn waiting(
    conn: &mut Conn,
    view: View,
    narrowed: &Narrowed,
    reader: &Reader,
    after: Option<&Mark>,
) -> Result<Found, Refusal> {
    // One more than shown tells whether there is a next page.
    let mut found = queue::waiting(conn, view, narrowed, reader, after, PAGE + 1)?;
    let more = cut(&mut found);
    let next = found.last().filter(|_| more).map(ReviewRow::mark);
    let ids: Vec<RefundId> = found.iter().map(|review| review.refund_id.clone()).collect();
    let mut reviews: BTreeMap<_, _> = found.into_iter().map(|row| (row.refund_id.clone(), row)).collect();
    Ok((beside(conn, &ids, |id| reviews.remove(id))?, next))
}

fn stuck(conn: &mut Conn, narrowed: &Narrowed, after: Option<&Mark>) -> Result<Found, Refusal> {
    let before = after.and_then(|mark| RefundId::parse(&mark.refund_id).ok());
    let mut ids = queue::stuck(conn, narrowed, before.as_ref(), PAGE + 1)?;
    let more = cut(&mut ids);
    let mark = |id: &RefundId| Mark { due_at: 0, amount_minor: 0, refund_id: id.to_string() };
    let next = ids.last().filter(|_| more).map(mark);
    Ok((beside(conn, &ids, |_| None)?, next))
}

fn cut<T>(found: &mut Vec<T>) -> bool {
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
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
    let of: BTreeSet<CustomerId> = refunds.values().map(|refund| refund.customer_id.clone()).collect();
    let names: BTreeMap<_, _> = customers::names(conn, &of.into_iter().collect::<Vec<_>>())?.into_iter().collect();
    let queued = ids.iter().filter_map(|id| {
        let refund = refunds.remove(id)?;
        let customer = names.get(&refund.customer_id).filter(|name| !name.trim().is_empty()).cloned();
        Some(Queued { review: review(id), customer, owner: None, refund })
    });
    Ok(queued.collect())
}

fn names(conn: &mut Conn, items: &[Queued], also: Option<&Principal>) -> Result<BTreeMap<UserId, String>, Refusal> {
    let holders = items.iter().filter_map(|item| item.review.as_ref()?.claim.as_ref()).map(|claim| &claim.holder);
    let users: BTreeSet<UserId> = holders
        .chain(also)
        .filter_map(|principal| if let Principal::User(id) = principal { Some(id.clone()) } else { None })
        .collect();
    Ok(people::names(conn, &users.into_iter().collect::<Vec<_>>())?.into_iter().collect())
}

fn name_of(names: &BTreeMap<UserId, String>, principal: &Principal) -> String {
    if let Principal::User(id) = principal
        && let Some(name) = names.get(id)
    {
        return name.clone();
    }
    principal.to_string()
}
