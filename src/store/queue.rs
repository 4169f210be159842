//! The queue: what waits for people, by view and filter, in the order in which it is due.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use jiff::Timestamp;

use super::convert::word;
use super::reviews::{ReviewRecord, ReviewRow};
use super::schema::{refunds, review_skips, reviews};
use super::{Conn, StoreError};
use crate::domain::access::Principal;
use crate::domain::currency::Currency;
use crate::domain::id::RefundId;
use crate::domain::order::Rail;
use crate::domain::refund::{Qualifier, Reason};
use crate::domain::review::View;

/// What a view of the queue is narrowed to; each part that is absent narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Only for one of these reasons.
    pub reasons: Vec<Reason>,
    /// Only paid by one of these rails.
    pub rails: Vec<Rail>,
    /// Only in this currency.
    pub currency: Option<Currency>,
    /// Only of at least so much, in minor units.
    pub min_minor: Option<i64>,
    /// Only of at most so much, in minor units.
    pub max_minor: Option<i64>,
    /// Asked at or after.
    pub from: Option<Timestamp>,
    /// Asked before.
    pub before: Option<Timestamp>,
}

/// Who looks, and when, in real time.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub principal: Principal,
    /// When.
    pub now: Timestamp,
}

/// Where a page of the queue ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When the last one is due, in microseconds.
    pub due_at: i64,
    /// Its amount.
    pub amount_minor: i64,
    /// Its id.
    pub refund_id: String,
}

impl ReviewRow {
    /// Where a page that ends with this one ends.
    pub fn mark(&self) -> Mark {
        let refund_id = self.refund_id.to_string();
        Mark { due_at: self.due_at.as_microsecond(), amount_minor: self.amount_minor, refund_id }
    }
}

// A boxed query over the join of both tables; the type that diesel gives it is not for people, and a function cannot name
// it for both engines at once.
macro_rules! narrowed {
    ($query:expr, $narrowed:expr) => {{
        let mut query = $query;
        let narrowed: &Narrowed = $narrowed;
        if !narrowed.reasons.is_empty() {
            query = query.filter(refunds::reason.eq_any(narrowed.reasons.iter().map(|reason| reason.as_str())));
        }
        if !narrowed.rails.is_empty() {
            query = query.filter(refunds::rail.eq_any(narrowed.rails.iter().map(|rail| rail.as_str())));
        }
        if let Some(currency) = narrowed.currency {
            query = query.filter(refunds::currency.eq(currency.code()));
        }
        if let Some(least) = narrowed.min_minor {
            query = query.filter(refunds::amount_minor.ge(least));
        }
        if let Some(most) = narrowed.max_minor {
            query = query.filter(refunds::amount_minor.le(most));
        }
        if let Some(from) = narrowed.from {
            query = query.filter(refunds::created_at.ge(from.as_microsecond()));
        }
        if let Some(before) = narrowed.before {
            query = query.filter(refunds::created_at.lt(before.as_microsecond()));
        }
        query
    }};
}

macro_rules! waiting {
    ($view:expr, $narrowed:expr, $reader:expr) => {{
        let reader: &Reader = $reader;
        let now = reader.now.as_microsecond();
        let joined = reviews::table.inner_join(refunds::table.on(refunds::refund_id.eq(reviews::refund_id)));
        let query = narrowed!(joined.filter(reviews::closed_at.is_null()).into_boxed(), $narrowed);
        match $view {
            View::Mine => query
                .filter(reviews::claimed_by.eq(reader.principal.to_string()))
                .filter(reviews::claimed_until.gt(now)),
            View::Unclaimed => query
                .filter(reviews::claimed_until.is_null().or(reviews::claimed_until.le(now)))
                .filter(reviews::needs_info.eq(false))
                .filter(reviews::decided_until.is_null())
                .filter(not(exists(
                    review_skips::table
                        .filter(review_skips::principal.eq(reader.principal.to_string()))
                        .filter(review_skips::refund_id.eq(reviews::refund_id))
                        .filter(review_skips::until.gt(now)),
                ))),
            View::Second => query.filter(refunds::qualifier.eq(Qualifier::AwaitingSecond.as_str())),
            View::Info => query.filter(reviews::needs_info.eq(true)),
            // What failed waits for no decision; it has a query of its own.
            View::Failed => query.filter(sql::<Bool>("FALSE")),
        }
    }};
}

/// What people have to act on though it waits for no decision. As it stands in the index, so that both engines use it.
const STUCK: &str = "(refunds.held OR refunds.dead_lettered OR (refunds.state = 'failed' AND refunds.retryable))";

/// How many are in a view.
pub fn count(conn: &mut Conn, view: View, narrowed: &Narrowed, reader: &Reader) -> Result<i64, StoreError> {
    if view == View::Failed {
        let stuck = refunds::table.filter(sql::<Bool>(STUCK)).into_boxed();
        return Ok(narrowed!(stuck, narrowed).count().get_result(conn)?);
    }
    Ok(waiting!(view, narrowed, reader).count().get_result(conn)?)
}

/// A page of a view of requests that wait: by when they are due, then by amount, the largest first.
pub fn waiting(
    conn: &mut Conn,
    view: View,
    narrowed: &Narrowed,
    reader: &Reader,
    after: Option<&Mark>,
    limit: i64,
) -> Result<Vec<ReviewRow>, StoreError> {
    let mut query = waiting!(view, narrowed, reader);
    if let Some(mark) = after {
        let smaller = reviews::amount_minor.lt(mark.amount_minor);
        let same_amount = reviews::amount_minor.eq(mark.amount_minor);
        let later = same_amount.and(reviews::refund_id.gt(mark.refund_id.clone()));
        let same_moment = reviews::due_at.eq(mark.due_at).and(smaller.or(later));
        query = query.filter(reviews::due_at.gt(mark.due_at).or(same_moment));
    }
    let found: Vec<ReviewRecord> = query
        .order((reviews::due_at.asc(), reviews::amount_minor.desc(), reviews::refund_id.asc()))
        .limit(limit)
        .select(ReviewRecord::as_select())
        .load(conn)?;
    found.into_iter().map(ReviewRecord::into_row).collect()
}

/// A page of what failed or stopped, newest first.
pub fn stuck(
    conn: &mut Conn,
    narrowed: &Narrowed,
    before: Option<&RefundId>,
    limit: i64,
) -> Result<Vec<RefundId>, StoreError> {
    let mut query = narrowed!(refunds::table.filter(sql::<Bool>(STUCK)).into_boxed(), narrowed);
    if let Some(before) = before {
        query = query.filter(refunds::refund_id.lt(before.to_string()));
    }
    let found: Vec<String> =
        query.order(refunds::refund_id.desc()).limit(limit).select(refunds::refund_id).load(conn)?;
    found.iter().map(|id| word("refunds.refund_id", id)).collect()
}
