//! Review by people: when a request should be decided, and who holds it meanwhile.
//!
//! A claim is a lease: it ends by itself, so that nobody waits for somebody who went home. It keeps colleagues from
//! doing the same work twice; it gives no right to decide and takes none. Source: SPEC sections 1 and 12.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::access::Principal;
use super::refund::{Reason, UnknownWord, words};

/// How long a claim lasts from its last sign of life, in seconds.
pub const CLAIM_S: i64 = 600;

/// How long a request that an agent skipped stays out of that agent's way, in seconds.
pub const SKIP_S: i64 = 1_800;

/// Requests that are claimed at once, at most: short transactions for everybody else.
pub const BULK_MAX: usize = 20;

words! {
    /// The fixed views of the queue.
    View {
        /// Claimed by the reader.
        Mine = "mine",
        /// Waits for anybody.
        Unclaimed = "unclaimed",
        /// Has one approval and needs another.
        Second = "second",
        /// Waits for the customer's answer.
        Info = "info",
        /// Failed or stopped: somebody must act.
        Failed = "failed",
    }
}

/// When a request should be decided: hours after it was asked for, by its reason, at the full minute, so that requests
/// of one minute go by their amount.
pub fn due_at(reason: Reason, asked_at: Timestamp) -> Timestamp {
    let due = asked_at.checked_add(SignedDuration::from_hours(target_hours(reason))).unwrap_or(Timestamp::MAX);
    let into_minute = due.as_second().rem_euclid(60);
    Timestamp::from_second(due.as_second().saturating_sub(into_minute)).unwrap_or(due)
}

/// Hours that a person may take: least where money may leave twice, most where nothing presses.
fn target_hours(reason: Reason) -> i64 {
    match reason {
        Reason::Duplicate => 8,
        Reason::NotReceived | Reason::Quality | Reason::PricingError => 24,
        Reason::Goodwill | Reason::Other => 48,
    }
}

/// Who holds a request, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub holder: Principal,
    /// Until when, in real time.
    pub until: Timestamp,
}

impl Claim {
    /// A claim from now on.
    pub fn starting(holder: Principal, now: Timestamp) -> Self {
        Self { holder, until: now.checked_add(SignedDuration::from_secs(CLAIM_S)).unwrap_or(Timestamp::MAX) }
    }

    /// Whether it still holds.
    pub fn stands(&self, now: Timestamp) -> bool {
        self.until > now
    }
}

/// What asking for a request comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It was free, or theirs already.
    Free,
    /// It was another's, and is taken over with a reason.
    TakenOver,
    /// It is another's.
    Held,
}

/// Whether `who` gets the request now. Another's claim is taken over only with a reason, and only by a person who may
/// decide; before it has run out the reason is what the other reads.
pub fn take(current: Option<&Claim>, who: &Principal, now: Timestamp, has_reason: bool) -> Taking {
    match current.filter(|claim| claim.stands(now) && claim.holder != *who) {
        None => Taking::Free,
        Some(_) if has_reason => Taking::TakenOver,
        Some(_) => Taking::Held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_request_is_due_at_the_full_minute_after_its_target() {
        assert_eq!(due_at(Reason::Duplicate, at(59)), at(8 * 3_600));
        assert_eq!(due_at(Reason::Goodwill, at(61)), at(48 * 3_600 + 60));
    }

    #[test]
    fn a_claim_holds_against_others_until_it_runs_out() {
        let (amina, omar) = (Principal::Token("amina".to_owned()), Principal::Token("omar".to_owned()));
        let claim = Claim::starting(amina.clone(), at(0));
        assert_eq!(take(None, &omar, at(0), false), Taking::Free);
        assert_eq!(take(Some(&claim), &amina, at(1), false), Taking::Free);
        assert_eq!(take(Some(&claim), &omar, at(CLAIM_S - 1), false), Taking::Held);
        assert_eq!(take(Some(&claim), &omar, at(CLAIM_S - 1), true), Taking::TakenOver);
        assert_eq!(take(Some(&claim), &omar, at(CLAIM_S), false), Taking::Free);
    }

    #[test]
    fn views_have_words_for_addresses() {
        assert_eq!("second".parse(), Ok(View::Second));
        assert!("x".parse::<View>().is_err_and(|UnknownWord { what, .. }| what == "View"));
    }
}
