//! The queue: what waits for people, by view and filter, in the order in which it is due.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use jiff::Timestamp;

use super::convert::word;
use super::reviews::{ReviewRecord, ReviewRow};
use super::schema::{refunds, review_skips, reviews};
use super::{Conn, StoreError};
use crate::domain::access::Principal;
use crate::domain::currency::Currency;
use crate::domain::id::RefundId;
use crate::domain::order::Rail;
use crate::domain::refund::Reason;
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
    /// Only due by then, in business time; what waits for no decision is never due.
    pub due_by: Option<Timestamp>,
    /// Only asked for after this one.
    pub newer_than: Option<RefundId>,
    /// Only held by this person now.
    pub owner: Option<Principal>,
    /// Only these: what `owner` holds, once that was read.
    pub among: Option<Vec<RefundId>>,
}

/// Beyond so many a count only says that there are more: nobody reads further, and counting costs by the row.
pub const COUNT_MAX: i64 = 1_000;

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// So many at least.
    pub number: i64,
    /// Whether there are more.
    pub more: bool,
}

impl Count {
    /// What so many rows tell that were read up to one more than [`COUNT_MAX`].
    pub(super) fn of(found: &[i64]) -> Self {
        let number = i64::try_from(found.len()).unwrap_or(i64::MAX);
        Self { number: number.min(COUNT_MAX), more: number > COUNT_MAX }
    }
}

/// A row that is only counted.
pub(super) const ONE: &str = "CAST(1 AS BIGINT)";

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
        if let Some(newest) = &narrowed.newer_than {
            query = query.filter(refunds::refund_id.gt(newest.to_string()));
        }
        if let Some(ids) = &narrowed.among {
            query = query.filter(refunds::refund_id.eq_any(ids.iter().map(ToString::to_string)));
        }
        query
    }};
}
pub(super) use narrowed;

macro_rules! waiting {
    ($view:expr, $narrowed:expr, $reader:expr) => {{
        let reader: &Reader = $reader;
        let now = reader.now.as_microsecond();
        let joined = reviews::table.inner_join(refunds::table.on(refunds::refund_id.eq(reviews::refund_id)));
        let mut query = narrowed!(joined.filter(reviews::closed_at.is_null()).into_boxed(), $narrowed);
        if let Some(due_by) = $narrowed.due_by {
            query = query.filter(reviews::due_at.le(due_by.as_microsecond()));
        }
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
            View::Second => query.filter(sql::<Bool>(SECOND)),
            View::Info => query.filter(reviews::needs_info.eq(true)),
            // What failed waits for no decision; it has a query of its own.
            View::Failed => query.filter(sql::<Bool>("FALSE")),
        }
    }};
}

/// What people have to act on though it waits for no decision. As it stands in the index, so that both engines use it.
const STUCK: &str = "(refunds.held OR refunds.dead_lettered OR (refunds.state = 'failed' AND refunds.retryable))";

/// Who has one approval and needs another; as it stands in the index too.
const SECOND: &str = "(refunds.qualifier = 'awaiting_second')";

/// How many are in a view.
pub fn count(conn: &mut Conn, view: View, narrowed: &Narrowed, reader: &Reader) -> Result<Count, StoreError> {
    let found: Vec<i64> = if view == View::Failed {
        // What failed waits for no decision, so it is never due.
        if narrowed.due_by.is_some() {
            return Ok(Count::default());
        }
        let stuck = narrowed!(refunds::table.filter(sql::<Bool>(STUCK)).into_boxed(), narrowed);
        stuck.select(sql::<BigInt>(ONE)).limit(COUNT_MAX + 1).load(conn)?
    } else {
        waiting!(view, narrowed, reader).select(sql::<BigInt>(ONE)).limit(COUNT_MAX + 1).load(conn)?
    };
    Ok(Count::of(&found))
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
    if narrowed.due_by.is_some() {
        return Ok(Vec::new());
    }
    let mut query = narrowed!(refunds::table.filter(sql::<Bool>(STUCK)).into_boxed(), narrowed);
    if let Some(before) = before {
        query = query.filter(refunds::refund_id.lt(before.to_string()));
    }
    let found: Vec<String> =
        query.order(refunds::refund_id.desc()).limit(limit).select(refunds::refund_id).load(conn)?;
    found.iter().map(|id| word("refunds.refund_id", id)).collect()
}

/// What the open requests look like to people, the most urgent first: changes whenever anybody's queue does, as far as so
/// many rows tell.
pub fn outline(conn: &mut Conn, limit: i64) -> Result<Vec<String>, StoreError> {
    type Open = (String, Option<String>, Option<i64>, bool, Option<i64>, i64);
    let open: Vec<Open> = reviews::table
        .filter(reviews::closed_at.is_null())
        .order((reviews::due_at.asc(), reviews::amount_minor.desc(), reviews::refund_id.asc()))
        .limit(limit)
        .select((
            reviews::refund_id,
            reviews::claimed_by,
            reviews::claimed_until,
            reviews::needs_info,
            reviews::decided_until,
            reviews::amount_minor,
        ))
        .load(conn)?;
    let stuck: Vec<(String, i64)> = refunds::table
        .filter(sql::<Bool>(STUCK))
        .order(refunds::refund_id.desc())
        .limit(limit)
        .select((refunds::refund_id, refunds::version))
        .load(conn)?;
    // How long a claim lasts is renewed all the time; only that it began or ended changes what people see.
    let open = open.into_iter().map(|(id, holder, until, needs_info, decided, amount)| {
        format!("{id} {holder:?} {} {needs_info} {decided:?} {amount}", until.is_some())
    });
    Ok(open.chain(stuck.into_iter().map(|(id, version)| format!("{id} {version}"))).collect())
}
