//! The list of all refunds, newest first, as narrowly as somebody asks for it.
//!
//! Where an index leads to the rows, all of them are looked at. Where none does, only the newest [`SCAN_MAX`] before the
//! page are, and the list says how far back it has looked and goes on from there: no filter can make a page slow, however
//! many refunds there are.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use jiff::{SignedDuration, Timestamp};

use super::convert::word;
use super::queue::{COUNT_MAX, Count, Narrowed, ONE, narrowed};
use super::refunds::RefundRecord;
use super::schema::refunds;
use super::{Conn, StoreError};
use crate::domain::id::{CustomerId, RefundId};
use crate::domain::refund::{Refund, State};

/// Refunds that are looked at for one page where no index leads to what is wanted: some tens of milliseconds.
pub const SCAN_MAX: i64 = 50_000;

/// Ids carry the moment at which they were minted, a little before or after the request is dated.
const ID_LEEWAY: SignedDuration = SignedDuration::from_hours(1);

/// What is wanted of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What it is narrowed to, as the queue is.
    pub narrowed: Narrowed,
    /// Only in one of these states.
    pub states: Vec<State>,
    /// Only what is known by this.
    pub known: Option<Known>,
    /// Only older than this one: where the page before ended.
    pub before: Option<RefundId>,
}

/// What refunds can be looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// The id of a refund, an order or a conversation, the processor's id, the bank's reference.
    Number(String),
    /// Who asked.
    Customer(CustomerId),
}

impl Wanted {
    /// Whether all that is wanted may be looked at: an index leads to it, or the days bound it.
    fn is_led(&self) -> bool {
        let narrowed = &self.narrowed;
        if self.known.is_some() || narrowed.among.is_some() {
            return true;
        }
        let by_row = narrowed.currency.is_some()
            || !narrowed.rails.is_empty()
            || narrowed.min_minor.is_some()
            || narrowed.max_minor.is_some();
        !by_row && self.states.len() + narrowed.reasons.len() <= 1
    }

    /// The first id that can be wanted, where the days say so.
    fn first(&self) -> Option<RefundId> {
        Some(first_id_at(self.narrowed.from?.checked_sub(ID_LEEWAY).ok()?))
    }

    /// What all ids that can be wanted are below: where the page before ended, or the days do.
    fn end(&self) -> Option<RefundId> {
        let by_day = self.narrowed.before.and_then(|before| Some(first_id_at(before.checked_add(ID_LEEWAY).ok()?)));
        by_day.into_iter().chain(self.before.clone()).min()
    }
}

// A boxed query; see `narrowed!`.
macro_rules! wanted {
    ($wanted:expr, $floor:expr) => {{
        let wanted: &Wanted = $wanted;
        let floor: Option<&RefundId> = $floor;
        let mut query = narrowed!(refunds::table.into_boxed(), &wanted.narrowed);
        match wanted.states.as_slice() {
            [] => {}
            [only] => query = query.filter(refunds::state.eq(only.as_str())),
            several => query = query.filter(refunds::state.eq_any(several.iter().map(|state| state.as_str()))),
        }
        match &wanted.known {
            None => {}
            Some(Known::Customer(customer_id)) => {
                query = query.filter(refunds::customer_id.eq(customer_id.to_string()));
            }
            Some(Known::Number(text)) => {
                query = query.filter(
                    refunds::refund_id
                        .nullable()
                        .eq(text.clone())
                        .or(refunds::order_id.nullable().eq(text.clone()))
                        .or(refunds::provider_refund_id.eq(text.clone()))
                        .or(refunds::provider_reference.eq(text.clone()))
                        .or(refunds::correlation_id.nullable().eq(text.clone())),
                );
            }
        }
        if let Some(floor) = floor {
            query = query.filter(refunds::refund_id.ge(floor.to_string()));
        }
        if let Some(first) = wanted.first() {
            query = query.filter(refunds::refund_id.ge(first.to_string()));
        }
        if let Some(end) = wanted.end() {
            query = query.filter(refunds::refund_id.lt(end.to_string()));
        }
        query
    }};
}

/// A page of the list, newest first; not older than `floor`.
pub fn page(conn: &mut Conn, wanted: &Wanted, floor: Option<&RefundId>, limit: i64) -> Result<Vec<Refund>, StoreError> {
    let found: Vec<RefundRecord> = wanted!(wanted, floor).order(refunds::refund_id.desc()).limit(limit).load(conn)?;
    found.into_iter().map(RefundRecord::into_refund).collect()
}

/// How many there are of each state under the same filters, wherever the page begins, as far as `scan_max` rows tell.
pub fn counts(conn: &mut Conn, wanted: &Wanted, scan_max: i64) -> Result<Vec<(State, Count)>, StoreError> {
    let of_state = |state: State| Wanted { states: vec![state], before: None, ..wanted.clone() };
    let floor = floor(conn, &of_state(State::Requested), scan_max)?;
    let mut counts = Vec::new();
    for &state in State::ALL {
        let found: Vec<i64> =
            wanted!(&of_state(state), floor.as_ref()).select(sql::<BigInt>(ONE)).limit(COUNT_MAX + 1).load(conn)?;
        let count = Count::of(&found);
        // What was not looked at may hold more.
        counts.push((state, Count { more: count.more || floor.is_some(), ..count }));
    }
    Ok(counts)
}

/// How far back a page looks that looks at `scan_max` rows; nothing where it looks at all that is wanted.
pub fn floor(conn: &mut Conn, wanted: &Wanted, scan_max: i64) -> Result<Option<RefundId>, StoreError> {
    if wanted.is_led() {
        return Ok(None);
    }
    let mut query = refunds::table.into_boxed();
    if let Some(end) = wanted.end() {
        query = query.filter(refunds::refund_id.lt(end.to_string()));
    }
    let found: Option<String> = query
        .order(refunds::refund_id.desc())
        .offset(scan_max)
        .limit(1)
        .select(refunds::refund_id)
        .first(conn)
        .optional()?;
    let floor: Option<RefundId> = found.map(|id| word("refunds.refund_id", &id)).transpose()?;
    // Where the days end before the rows do, everything that is wanted is looked at.
    Ok(floor.filter(|floor| wanted.first().is_none_or(|first| first < *floor)))
}

fn first_id_at(at: Timestamp) -> RefundId {
    let at_ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
    RefundId::from_ulid(ulid::Ulid::from_parts(at_ms, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refund::Reason;

    #[test]
    fn what_no_index_leads_to_is_looked_at_in_pieces() {
        let narrowed = |change: fn(&mut Narrowed)| {
            let mut narrowed = Narrowed::default();
            change(&mut narrowed);
            Wanted { narrowed, ..Wanted::default() }
        };
        for led in [
            Wanted::default(),
            Wanted { states: vec![State::Failed], ..Wanted::default() },
            Wanted { known: Some(Known::Number("1042".to_owned())), ..narrowed(|all| all.min_minor = Some(1)) },
            narrowed(|all| all.reasons = vec![Reason::Goodwill]),
            narrowed(|all| all.among = Some(Vec::new())),
            narrowed(|all| all.from = Some(Timestamp::UNIX_EPOCH)),
        ] {
            assert!(led.is_led(), "{led:?}");
        }
        for scanned in [
            Wanted { states: vec![State::Failed, State::Canceled], ..Wanted::default() },
            Wanted { states: vec![State::Failed], ..narrowed(|all| all.reasons = vec![Reason::Goodwill]) },
            narrowed(|all| all.currency = "USD".parse().ok()),
            narrowed(|all| all.max_minor = Some(1)),
        ] {
            assert!(!scanned.is_led(), "{scanned:?}");
        }
    }

    #[test]
    fn the_first_id_of_a_moment_sorts_before_all_ids_of_it() {
        let at = Timestamp::from_second(1_795_000_000).unwrap();
        let later = RefundId::from_ulid(ulid::Ulid::from_parts(1_795_000_000_000, 1));
        let earlier = RefundId::from_ulid(ulid::Ulid::from_parts(1_794_999_999_999, u128::MAX));
        assert!(first_id_at(at) < later && earlier < first_id_at(at));
    }
}
