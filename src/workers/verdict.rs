//! What follows from an answer: pure decisions about one attempt, without the calls that lead to them.
//!
//! Source: SPEC section 7. Three rules keep a refund from being paid twice: the same attempt is only ever sent under the
//! same key, a key that the processor may have forgotten is not sent again, and an attempt is given up only after two
//! conclusive look-ups, far enough apart, found nothing.

use std::time::Duration;

use crate::domain::provider::{ErrorInfo, LookUp, Outcome, ProviderRefund, Unknown};
use crate::providers::LookUpPower;
use crate::services::AttemptRow;
use crate::services::record_outcome::Fact;

/// Calls of unknown outcome before a person has to look.
pub(super) const UNKNOWNS_MAX: i64 = 12;

/// How long an attempt is looked for before its absence means that it was not done.
const ABSENT_US: i64 = 60_000_000;

/// A key is taken for forgotten so long before the processor says that it forgets.
const KEY_MARGIN: Duration = Duration::from_secs(600);

/// What is known of an attempt before it is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    /// The attempt; the call that is about to be made is counted in it.
    pub(super) attempt: &'a AttemptRow,
    /// How long the processor remembers a key, where it forgets.
    pub(super) key_window: Option<Duration>,
    /// What a look-up can prove.
    pub(super) power: LookUpPower,
    /// Microseconds of real time.
    pub(super) now: i64,
}

/// What to do with an attempt.
#[derive(Clone, Debug)]
pub(super) enum Next {
    /// Send it, under its key.
    Send,
    /// Look it up first.
    LookUp,
    /// It is there: record that.
    Found(ProviderRefund),
    /// It is not there: record that, then send it again.
    AbsentSend,
    /// It is not there, and looking and asking are over: record both.
    AbsentGiveUp(ErrorInfo),
    /// Nothing was learnt: try again later.
    Later(String),
    /// Asking again could pay twice, and nobody knows whether it paid: a person has to look.
    Stuck,
}

impl Standing<'_> {
    /// What to do first.
    pub(super) fn first(self) -> Next {
        let is_first_call = self.attempt.calls <= 1;
        match self.power {
            _ if is_first_call => Next::Send,
            LookUpPower::Conclusive => Next::LookUp,
            LookUpPower::None if self.key_is_old() => Next::Stuck,
            LookUpPower::None => Next::Send,
        }
    }

    /// What to do after the look-up.
    pub(super) fn after_look_up(self, found: LookUp) -> Next {
        match found {
            LookUp::Found(refund) => Next::Found(refund),
            LookUp::Absent if self.key_is_old() || self.is_surely_absent() => Next::AbsentGiveUp(not_done()),
            LookUp::Absent => Next::AbsentSend,
            LookUp::Unavailable { detail } => Next::Later(detail),
            LookUp::Unsupported if self.key_is_old() => Next::Stuck,
            LookUp::Unsupported => Next::Send,
        }
    }

    /// Whether the processor may have forgotten the key by the time that it would arrive.
    fn key_is_old(self) -> bool {
        let (Some(window), Some(first_sent_at)) = (self.key_window, self.attempt.first_sent_at) else { return false };
        let window = i64::try_from(window.saturating_sub(KEY_MARGIN).as_micros()).unwrap_or(i64::MAX);
        self.now.saturating_sub(first_sent_at) >= window
    }

    /// Whether this absence, with those before it, proves that an attempt of unknown outcome was not done.
    fn is_surely_absent(self) -> bool {
        let looked_long = self.attempt.absent_since.is_some_and(|since| self.now.saturating_sub(since) >= ABSENT_US);
        let was_unknown = self.attempt.outcome.as_deref() == Some("unknown");
        was_unknown && looked_long && self.attempt.lookups_absent >= 1
    }
}

/// Whether and when the row that asked is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// It is done.
    Done,
    /// Again, surely not done: not before what the processor asks for, in milliseconds.
    AgainNotDone(Option<u64>),
    /// Again, after an unknown outcome, of which there were so many.
    AgainUnknown(i64),
    /// Out of automatic tries.
    Dead,
}

/// The fact in an answer, with what becomes of the row.
pub(super) fn of_outcome(outcome: Outcome, attempt: &AttemptRow) -> (Fact, Row) {
    match outcome {
        Outcome::Answered(shown) => (Fact::Shown(shown), Row::Done),
        Outcome::Refused(error) => (Fact::Refused(error), Row::Done),
        Outcome::NotDone(not_done) => {
            let wish_ms = not_done.retry_after_ms;
            (Fact::NotDone(not_done), Row::AgainNotDone(wish_ms))
        }
        Outcome::Unknown(unknown) => {
            let unknowns = attempt.unknowns.saturating_add(1);
            let row = if unknowns >= UNKNOWNS_MAX { Row::Dead } else { Row::AgainUnknown(unknowns) };
            (Fact::Unknown(unknown), row)
        }
    }
}

/// A word for metrics and spans.
pub(super) fn word(fact: &Fact) -> &'static str {
    match fact {
        Fact::Shown(shown) => shown.status.as_str(),
        Fact::TakenBack(_) => "REVERSED",
        Fact::Refused(_) => "refused",
        Fact::NotDone(not_done) => not_done.cause.as_str(),
        Fact::Unknown(Unknown { cause, .. }) => cause.as_str(),
        Fact::Absent => "absent",
        Fact::GivenUp(_) => "given_up",
        Fact::KeyExpired => "key_expired",
    }
}

fn not_done() -> ErrorInfo {
    ErrorInfo {
        code: "not_done_after_unknown".to_owned(),
        message: "The processor answered unclearly and has no such refund; it was not done.".to_owned(),
        retryable: true,
        processor_code: None,
        processor_message: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RefundId;
    use crate::domain::provider::{NotDone, NotDoneCause, UnifiedStatus, UnknownCause};

    const NOW: i64 = 1_000_000_000_000;

    fn attempt(calls: i64, lookups_absent: i64, absent_for_s: Option<i64>, outcome: Option<&str>) -> AttemptRow {
        AttemptRow {
            refund_id: RefundId::from_ulid(ulid::Ulid::from_parts(1, 1)),
            attempt: 1,
            reference: "rf_1".to_owned(),
            calls,
            first_sent_at: Some(NOW - 3_600_000_000),
            call_deadline_at: None,
            lookups_absent,
            absent_since: absent_for_s.map(|seconds| NOW - seconds * 1_000_000),
            unknowns: 0,
            outcome: outcome.map(str::to_owned),
        }
    }

    fn next(attempt: &AttemptRow, window_s: Option<u64>, power: LookUpPower, found: Option<LookUp>) -> String {
        let key_window = window_s.map(Duration::from_secs);
        let standing = Standing { attempt, key_window, power, now: NOW };
        match found.map_or_else(|| standing.first(), |found| standing.after_look_up(found)) {
            Next::Send => "send".to_owned(),
            Next::LookUp => "look up".to_owned(),
            Next::Found(refund) => format!("found {}", refund.status),
            Next::AbsentSend => "absent, send".to_owned(),
            Next::AbsentGiveUp(error) => format!("given up: {} {}", error.code, error.retryable),
            Next::Later(detail) => format!("later: {detail}"),
            Next::Stuck => "stuck".to_owned(),
        }
    }

    #[test]
    fn a_first_call_is_sent_and_a_later_one_is_looked_up_where_that_proves_something() {
        use LookUpPower::{Conclusive, None as Powerless};
        let cases = [
            (1, None, Conclusive, "send"),
            (1, Some(60), Powerless, "send"),
            (2, None, Conclusive, "look up"),
            (2, None, Powerless, "send"),
            // The first call was an hour ago.
            (2, Some(7200), Powerless, "send"),
            (2, Some(3600), Powerless, "stuck"),
            (2, Some(3600), Conclusive, "look up"),
        ];
        for (calls, window_s, power, expected) in cases {
            assert_eq!(next(&attempt(calls, 0, None, None), window_s, power, None), expected, "{calls} {window_s:?}");
        }
    }

    #[test]
    fn an_attempt_is_given_up_only_after_two_look_ups_a_minute_apart() {
        let absent = |attempt: &AttemptRow| next(attempt, None, LookUpPower::Conclusive, Some(LookUp::Absent));
        let given_up = "given up: not_done_after_unknown true";
        assert_eq!(absent(&attempt(2, 0, None, Some("unknown"))), "absent, send");
        assert_eq!(absent(&attempt(3, 1, Some(59), Some("unknown"))), "absent, send");
        assert_eq!(absent(&attempt(3, 1, Some(60), Some("unknown"))), given_up);
        assert_eq!(absent(&attempt(9, 8, Some(61), Some("unknown"))), given_up);
        // What was surely not done is asked again for ever.
        assert_eq!(absent(&attempt(9, 8, Some(3600), None)), "absent, send");
    }

    #[test]
    fn a_key_that_may_be_forgotten_is_not_sent_again() {
        let old = attempt(2, 0, None, Some("unknown"));
        let after = |found| next(&old, Some(3600), LookUpPower::Conclusive, Some(found));
        assert_eq!(after(LookUp::Absent), "given up: not_done_after_unknown true");
        assert_eq!(after(LookUp::Unsupported), "stuck");
        assert_eq!(after(LookUp::Unavailable { detail: "down".to_owned() }), "later: down");
        // Ten minutes before the window ends it counts as over.
        assert_eq!(next(&old, Some(4200), LookUpPower::None, None), "stuck");
        assert_eq!(next(&old, Some(4201), LookUpPower::None, None), "send");
    }

    #[test]
    fn what_is_found_is_recorded() {
        let found = ProviderRefund {
            connector_refund_id: "sre_1".to_owned(),
            reference: None,
            connector_transaction_id: None,
            status: UnifiedStatus::Pending,
            amount: None,
            error: None,
            bank_reference: None,
        };
        let old = attempt(2, 5, Some(3600), Some("unknown"));
        assert_eq!(next(&old, Some(60), LookUpPower::Conclusive, Some(LookUp::Found(found))), "found PENDING");
    }

    #[test]
    fn rows_end_as_their_answers_say() {
        let unknown = || Outcome::Unknown(Unknown { cause: UnknownCause::Timeout, detail: String::new() });
        let cause = NotDoneCause::RateLimited;
        let wait = NotDone { cause, detail: String::new(), retry_after_ms: Some(2000) };
        let row = |outcome, unknowns| of_outcome(outcome, &AttemptRow { unknowns, ..attempt(1, 0, None, None) }).1;
        assert_eq!(row(Outcome::Refused(not_done()), 0), Row::Done);
        assert_eq!(row(Outcome::NotDone(wait), 99), Row::AgainNotDone(Some(2000)));
        assert_eq!(row(unknown(), 0), Row::AgainUnknown(1));
        assert_eq!(row(unknown(), UNKNOWNS_MAX - 2), Row::AgainUnknown(UNKNOWNS_MAX - 1));
        assert_eq!(row(unknown(), UNKNOWNS_MAX - 1), Row::Dead);
    }
}
