//! Asking to look again: what a customer can do once after a denial.
//!
//! A denial ends a request for good: no event leads out of `canceled` (SPEC section 3). The second look is therefore a
//! request of its own, for the same order, lines, amount and reason, with what its customer adds. Whatever a table says,
//! a person decides it ([`super::policy::Floor::Appeal`]), and not the one who denied. It enters the queue with the
//! deadline of its reason, counted from the appeal, and its own denial is the last word.

use jiff::{SignedDuration, Timestamp};

use super::id::RefundId;
use super::refund::{Closure, State};

/// Days after a denial in which its customer can ask to look again.
pub const APPEAL_DAYS: i64 = 30;

/// How a refund is bound to another by an appeal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bond {
    /// The denied request that this one asks to look at again.
    pub denied: Option<RefundId>,
    /// The request that asks to look at this one again.
    pub appeal: Option<RefundId>,
}

/// Until when the customer of a refund that stands so since a moment can ask to look at it again, whether or not that has
/// passed; nothing where they cannot: it was not denied, it was asked already, or it is itself the second look.
pub fn open_until(state: State, closure: Option<Closure>, since: Timestamp, bond: &Bond) -> Option<Timestamp> {
    let was_denied = state == State::Canceled && closure == Some(Closure::Denied);
    let until = since.checked_add(SignedDuration::from_hours(24 * APPEAL_DAYS)).unwrap_or(Timestamp::MAX);
    (was_denied && *bond == Bond::default()).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_denial_is_looked_at_again_and_once() {
        let now = Timestamp::UNIX_EPOCH;
        let until = now + SignedDuration::from_hours(24 * 30);
        let denied = Some(Closure::Denied);
        assert_eq!(open_until(State::Canceled, denied, now, &Bond::default()), Some(until));
        let other = || Some(RefundId::from_ulid(ulid::Ulid::from_parts(1, 2)));
        for bond in [Bond { denied: other(), appeal: None }, Bond { denied: None, appeal: other() }] {
            assert_eq!(open_until(State::Canceled, denied, now, &bond), None);
        }
        for closure in [None, Some(Closure::Withdrawn), Some(Closure::Canceled), Some(Closure::Guard)] {
            assert_eq!(open_until(State::Canceled, closure, now, &Bond::default()), None);
        }
        for &state in State::ALL.iter().filter(|state| **state != State::Canceled) {
            assert_eq!(open_until(state, denied, now, &Bond::default()), None);
        }
    }
}
