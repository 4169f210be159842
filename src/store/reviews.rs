//! Requests that people decide: when they are due, who holds them, what they wait for, and who put them aside.

use diesel::prelude::*;
use jiff::Timestamp;

use super::convert::{moment, optional_moment, word};
use super::schema::{review_skips, reviews};
use super::{Conn, StoreError, Tx};
use crate::domain::access::Principal;
use crate::domain::id::RefundId;
use crate::domain::review::Claim;

/// A request that people decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// The request.
    pub refund_id: RefundId,
    /// When it should be decided.
    pub due_at: Timestamp,
    /// How much is asked for, in minor units; the queue is ordered by it.
    pub amount_minor: i64,
    /// Whether it waits for the customer's answer.
    pub needs_info: bool,
    /// Who holds it; may have run out.
    pub claim: Option<Claim>,
    /// The last approval, while it can be undone.
    pub decided: Option<Decided>,
    /// When it stopped waiting.
    pub closed_at: Option<Timestamp>,
}

/// The last approval of a request, while it can be undone: nothing of it is carried out yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Who gave it.
    pub by: Principal,
    /// Until when, in real time, it can be undone.
    pub until: Timestamp,
    /// The lower amount that was approved, where it is one.
    pub amount_minor: Option<i64>,
    /// Why, in their words.
    pub note: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reviews)]
pub(super) struct ReviewRecord {
    refund_id: String,
    due_at: i64,
    amount_minor: i64,
    needs_info: bool,
    claimed_by: Option<String>,
    claimed_until: Option<i64>,
    decided_by: Option<String>,
    decided_until: Option<i64>,
    decided_amount_minor: Option<i64>,
    decided_note: Option<String>,
    closed_at: Option<i64>,
}

/// Writes that people have to decide a request.
pub fn insert(tx: &mut Tx<'_>, refund_id: &RefundId, due_at: Timestamp, amount_minor: i64) -> Result<(), StoreError> {
    diesel::insert_into(reviews::table)
        .values((
            reviews::refund_id.eq(refund_id.as_str()),
            reviews::due_at.eq(due_at.as_microsecond()),
            reviews::amount_minor.eq(amount_minor),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The review of a request, where people decide it.
pub fn find(conn: &mut Conn, refund_id: &RefundId) -> Result<Option<ReviewRow>, StoreError> {
    let found: Option<ReviewRecord> =
        reviews::table.find(refund_id.as_str()).select(ReviewRecord::as_select()).first(conn).optional()?;
    found.map(ReviewRecord::into_row).transpose()
}

/// The reviews of these requests, in no order.
pub fn find_all(conn: &mut Conn, refund_ids: &[RefundId]) -> Result<Vec<ReviewRow>, StoreError> {
    if refund_ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<ReviewRecord> = reviews::table
        .filter(reviews::refund_id.eq_any(refund_ids.iter().map(RefundId::as_str)))
        .select(ReviewRecord::as_select())
        .load(conn)?;
    found.into_iter().map(ReviewRecord::into_row).collect()
}

/// The review of a request, locked until the transaction ends. Taken alone, or after the refund.
pub fn lock(tx: &mut Tx<'_>, refund_id: &RefundId) -> Result<Option<ReviewRow>, StoreError> {
    let query = reviews::table.find(refund_id.as_str());
    let found: Option<ReviewRecord> = match &mut **tx {
        // The writer is alone on SQLite.
        Conn::Sqlite(conn) => query.select(ReviewRecord::as_select()).first(conn).optional()?,
        Conn::Postgres(conn) => query.for_no_key_update().select(ReviewRecord::as_select()).first(conn).optional()?,
    };
    found.map(ReviewRecord::into_row).transpose()
}

/// Writes who holds an open request; nobody, where there is no claim.
pub fn set_claim(tx: &mut Tx<'_>, refund_id: &RefundId, claim: Option<&Claim>) -> Result<(), StoreError> {
    let holder = claim.map(|claim| claim.holder.to_string());
    let until = claim.map(|claim| claim.until.as_microsecond());
    diesel::update(reviews::table.find(refund_id.as_str()))
        .set((reviews::claimed_by.eq(holder), reviews::claimed_until.eq(until)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Gives every open claim of one person to another; how many there were.
pub fn hand_over(tx: &mut Tx<'_>, from: &Principal, to: &Claim) -> Result<usize, StoreError> {
    let moved = diesel::update(reviews::table)
        .filter(reviews::closed_at.is_null())
        .filter(reviews::claimed_by.eq(from.to_string()))
        .set((
            reviews::claimed_by.eq(Some(to.holder.to_string())),
            reviews::claimed_until.eq(Some(to.until.as_microsecond())),
        ))
        .execute(&mut **tx)?;
    Ok(moved)
}

/// Puts every open claim of one person back, so that anybody can take them; how many there were.
pub fn put_back(tx: &mut Tx<'_>, from: &Principal) -> Result<usize, StoreError> {
    Ok(diesel::update(reviews::table)
        .filter(reviews::closed_at.is_null())
        .filter(reviews::claimed_by.eq(from.to_string()))
        .set((reviews::claimed_by.eq(None::<String>), reviews::claimed_until.eq(None::<i64>)))
        .execute(&mut **tx)?)
}

/// The request that came to people last.
pub fn newest(conn: &mut Conn) -> Result<Option<RefundId>, StoreError> {
    let found: Option<String> =
        reviews::table.order(reviews::refund_id.desc()).select(reviews::refund_id).first(conn).optional()?;
    found.map(|id| word("reviews.refund_id", &id)).transpose()
}

/// How many open requests somebody holds now.
pub fn count_held_by(conn: &mut Conn, holder: &Principal, now: Timestamp) -> Result<i64, StoreError> {
    Ok(reviews::table
        .filter(reviews::closed_at.is_null())
        .filter(reviews::claimed_by.eq(holder.to_string()))
        .filter(reviews::claimed_until.gt(now.as_microsecond()))
        .count()
        .get_result(conn)?)
}

/// The open requests that somebody holds now.
pub fn held_by(conn: &mut Conn, holder: &Principal, now: Timestamp, limit: i64) -> Result<Vec<RefundId>, StoreError> {
    let found: Vec<String> = reviews::table
        .filter(reviews::closed_at.is_null())
        .filter(reviews::claimed_by.eq(holder.to_string()))
        .filter(reviews::claimed_until.gt(now.as_microsecond()))
        .order(reviews::due_at)
        .limit(limit)
        .select(reviews::refund_id)
        .load(conn)?;
    found.iter().map(|id| word("reviews.refund_id", id)).collect()
}

/// Who holds open requests now, and how many each, in no order.
pub fn holders(conn: &mut Conn, now: Timestamp) -> Result<Vec<(Principal, i64)>, StoreError> {
    let found: Vec<(Option<String>, i64)> = reviews::table
        .filter(reviews::closed_at.is_null())
        .filter(reviews::claimed_by.is_not_null())
        .filter(reviews::claimed_until.gt(now.as_microsecond()))
        .group_by(reviews::claimed_by)
        .select((reviews::claimed_by, diesel::dsl::count_star()))
        .load(conn)?;
    let held = found.into_iter().filter_map(|(holder, count)| Some((holder?, count)));
    held.map(|(holder, count)| Ok((word("reviews.claimed_by", &holder)?, count))).collect()
}

/// Writes whether a request waits for its customer's answer.
pub fn set_needs_info(tx: &mut Tx<'_>, refund_id: &RefundId, needs_info: bool) -> Result<(), StoreError> {
    diesel::update(reviews::table.find(refund_id.as_str()))
        .set(reviews::needs_info.eq(needs_info))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes the last approval, to be carried out once it can no longer be undone; nothing, where it was undone.
pub fn set_decided(tx: &mut Tx<'_>, refund_id: &RefundId, decided: Option<&Decided>) -> Result<(), StoreError> {
    diesel::update(reviews::table.find(refund_id.as_str()))
        .set((
            reviews::decided_by.eq(decided.map(|decided| decided.by.to_string())),
            reviews::decided_until.eq(decided.map(|decided| decided.until.as_microsecond())),
            reviews::decided_amount_minor.eq(decided.and_then(|decided| decided.amount_minor)),
            reviews::decided_note.eq(decided.and_then(|decided| decided.note.clone())),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes a lower amount, by which the queue is ordered.
pub fn set_amount(tx: &mut Tx<'_>, refund_id: &RefundId, amount_minor: i64) -> Result<(), StoreError> {
    diesel::update(reviews::table.find(refund_id.as_str()))
        .set(reviews::amount_minor.eq(amount_minor))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes that a request waits no longer; the claim is given back.
pub fn close(tx: &mut Tx<'_>, refund_id: &RefundId, by: &Principal, now: Timestamp) -> Result<(), StoreError> {
    let nobody: Option<String> = None;
    let never: Option<i64> = None;
    diesel::update(reviews::table.find(refund_id.as_str()))
        .filter(reviews::closed_at.is_null())
        .set((
            reviews::closed_at.eq(Some(now.as_microsecond())),
            reviews::closed_by.eq(Some(by.to_string())),
            reviews::needs_info.eq(false),
            reviews::claimed_by.eq(nobody.clone()),
            reviews::claimed_until.eq(never),
            reviews::decided_by.eq(nobody.clone()),
            reviews::decided_until.eq(never),
            reviews::decided_amount_minor.eq(never),
            reviews::decided_note.eq(nobody),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Requests whose last approval can no longer be undone, oldest first.
pub fn decided_before(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<RefundId>, StoreError> {
    let found: Vec<String> = reviews::table
        .filter(reviews::closed_at.is_null())
        .filter(reviews::decided_until.le(now.as_microsecond()))
        .order(reviews::decided_until)
        .limit(limit)
        .select(reviews::refund_id)
        .load(conn)?;
    found.iter().map(|id| word("reviews.refund_id", id)).collect()
}

/// When and by whom a request was decided last.
pub fn last_closed(conn: &mut Conn) -> Result<Option<(Timestamp, Principal)>, StoreError> {
    let found: Option<(Option<i64>, Option<String>)> = reviews::table
        .filter(reviews::closed_at.is_not_null())
        .order(reviews::closed_at.desc())
        .select((reviews::closed_at, reviews::closed_by))
        .first(conn)
        .optional()?;
    let Some((Some(at), Some(by))) = found else { return Ok(None) };
    Ok(Some((moment("reviews.closed_at", at)?, word("reviews.closed_by", &by)?)))
}

/// Puts a request aside for one person.
pub fn skip(
    tx: &mut Tx<'_>,
    principal: &Principal,
    refund_id: &RefundId,
    reason: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    use review_skips::dsl;
    let who = principal.to_string();
    diesel::delete(dsl::review_skips.find((&who, refund_id.as_str()))).execute(&mut **tx)?;
    diesel::insert_into(dsl::review_skips)
        .values((
            dsl::principal.eq(&who),
            dsl::refund_id.eq(refund_id.as_str()),
            dsl::reason.eq(reason),
            dsl::until.eq(until.as_microsecond()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

impl ReviewRecord {
    pub(super) fn into_row(self) -> Result<ReviewRow, StoreError> {
        let pair = |column: &str, who: Option<String>, until: Option<i64>| -> Result<_, StoreError> {
            let Some((who, until)) = who.zip(until) else { return Ok(None) };
            Ok(Some((word::<Principal>(column, &who)?, moment(column, until)?)))
        };
        let decided = pair("reviews.decided_by", self.decided_by, self.decided_until)?;
        let (amount_minor, note) = (self.decided_amount_minor, self.decided_note);
        Ok(ReviewRow {
            refund_id: word("reviews.refund_id", &self.refund_id)?,
            due_at: moment("reviews.due_at", self.due_at)?,
            amount_minor: self.amount_minor,
            needs_info: self.needs_info,
            claim: pair("reviews.claimed_by", self.claimed_by, self.claimed_until)?
                .map(|(holder, until)| Claim { holder, until }),
            decided: decided.map(|(by, until)| Decided { by, until, amount_minor, note }),
            closed_at: optional_moment("reviews.closed_at", self.closed_at)?,
        })
    }
}
