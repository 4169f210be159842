//! Calendar: spans of 24-hour days, business days, and when money that was sent is expected to arrive.
//!
//! Business days are Monday to Friday in UTC. Bank holidays differ by country and bank and are left out on purpose: the
//! ranges are wide, a wrong table would be worse than none, and what takes longer is shown as overdue by the poller.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::order::Rail;
use super::refund::{UnknownWord, words};

words! {
    /// What an expectation counts in.
    Basis {
        /// Monday to Friday, beginning with the first business day after sending.
        BusinessDays = "business_days",
        /// Every day of the week.
        Days = "days",
        /// Hours from the moment of sending.
        Hours = "hours",
    }
}

/// How long a rail takes, from the soonest to the latest usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitTime {
    /// The soonest.
    pub from: u16,
    /// The latest that is still usual.
    pub to: u16,
    /// What both count.
    pub basis: Basis,
}

/// How long each rail takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timelines {
    /// Credit and debit cards.
    pub card: TransitTime,
    /// Digital wallets.
    pub wallet: TransitTime,
    /// PayNow.
    pub paynow: TransitTime,
    /// Bank transfers.
    pub bank_transfer: TransitTime,
}

impl Default for Timelines {
    /// The brief's: cards 5 to 10 business days, wallets instant to 24 hours; the other two as is usual for them.
    fn default() -> Self {
        Self {
            card: TransitTime { from: 5, to: 10, basis: Basis::BusinessDays },
            wallet: TransitTime { from: 0, to: 24, basis: Basis::Hours },
            paynow: TransitTime { from: 0, to: 1, basis: Basis::Days },
            bank_transfer: TransitTime { from: 1, to: 3, basis: Basis::BusinessDays },
        }
    }
}

impl Timelines {
    /// How long the rail takes.
    pub fn of(&self, rail: Rail) -> TransitTime {
        match rail {
            Rail::Card => self.card,
            Rail::Wallet => self.wallet,
            Rail::Paynow => self.paynow,
            Rail::BankTransfer => self.bank_transfer,
        }
    }
}

/// When the customer can expect the money. Dates are UTC; a day more or less is inside what the range means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The soonest day.
    pub from: Date,
    /// The latest usual day.
    pub to: Date,
    /// What the range was counted in.
    pub basis: Basis,
}

/// When money that is sent by `rail` at `sent_at` is expected to arrive.
pub fn expected_completion(rail: Rail, sent_at: Timestamp, timelines: &Timelines) -> Expected {
    let duration = timelines.of(rail);
    let day = utc_date(sent_at);
    let after = |count: u16| match duration.basis {
        Basis::BusinessDays => add_business_days(day, count),
        Basis::Days => day.saturating_add(Span::new().days(count)),
        Basis::Hours => {
            utc_date(sent_at.saturating_add(SignedDuration::from_hours(i64::from(count))).unwrap_or(Timestamp::MAX))
        }
    };
    Expected { from: after(duration.from), to: after(duration.to), basis: duration.basis }
}

/// The UTC day that an instant falls on.
pub fn utc_date(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}

/// Whether `then` is at most `days` × 24 hours before `now`, the last moment still inside; the future is inside too.
pub fn within_days(now: Timestamp, then: Timestamp, days: u16) -> bool {
    now.duration_since(then) <= SignedDuration::from_hours(i64::from(days) * 24)
}

/// The business day that comes `count` business days after `day`; with none to count, `day` itself or the Monday after it.
pub fn add_business_days(day: Date, count: u16) -> Date {
    let mut left = count;
    let mut day = day;
    while left > 0 || !is_business_day(day) {
        let next = day.saturating_add(Span::new().days(1));
        if next == day {
            // The calendar ends here, thousands of years away.
            return day;
        }
        day = next;
        if left > 0 && is_business_day(day) {
            left -= 1;
        }
    }
    day
}

/// Monday to Friday.
pub fn is_business_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn cards_take_five_to_ten_business_days() {
        // A Thursday: the fifth business day after it is the next Thursday.
        let expected = expected_completion(Rail::Card, at("2025-11-20T15:00:00Z"), &Timelines::default());
        assert_eq!((expected.from, expected.to), (date(2025, 11, 27), date(2025, 12, 4)));
        // From a Saturday, Monday is the first that counts.
        let expected = expected_completion(Rail::Card, at("2025-11-22T00:00:00Z"), &Timelines::default());
        assert_eq!((expected.from, expected.to), (date(2025, 11, 28), date(2025, 12, 5)));
        assert_eq!(expected.basis, Basis::BusinessDays);
    }

    #[test]
    fn wallets_take_up_to_a_day_and_the_others_as_configured() {
        let friday = at("2025-11-21T23:30:00Z");
        let wallet = expected_completion(Rail::Wallet, friday, &Timelines::default());
        assert_eq!((wallet.from, wallet.to, wallet.basis), (date(2025, 11, 21), date(2025, 11, 22), Basis::Hours));
        let paynow = expected_completion(Rail::Paynow, friday, &Timelines::default());
        assert_eq!((paynow.from, paynow.to), (date(2025, 11, 21), date(2025, 11, 22)));
        let bank = expected_completion(Rail::BankTransfer, friday, &Timelines::default());
        assert_eq!((bank.from, bank.to), (date(2025, 11, 24), date(2025, 11, 26)));
        let slow =
            Timelines { paynow: TransitTime { from: 2, to: 4, basis: Basis::BusinessDays }, ..Timelines::default() };
        let paynow = expected_completion(Rail::Paynow, friday, &slow);
        assert_eq!((paynow.from, paynow.to), (date(2025, 11, 25), date(2025, 11, 27)));
    }

    #[test]
    fn the_last_moment_is_still_inside() {
        let then = at("2025-01-01T12:00:00Z");
        assert!(within_days(at("2025-01-31T12:00:00Z"), then, 30));
        assert!(!within_days(at("2025-01-31T12:00:00.000001Z"), then, 30));
        assert!(within_days(at("2024-12-31T12:00:00Z"), then, 0));
        // Days are 24 hours, whatever a clock on a wall did: 2025-03-30 had 23 of them in Berlin.
        assert!(within_days(at("2025-03-30T23:30:00Z"), at("2025-03-29T23:30:00Z"), 1));
    }

    #[test]
    fn the_end_of_the_calendar_is_no_trap() {
        assert_eq!(add_business_days(Date::MAX, 10), Date::MAX);
        let expected = expected_completion(Rail::Wallet, Timestamp::MAX, &Timelines::default());
        assert_eq!(expected.from, expected.to);
    }

    proptest! {
        #[test]
        fn business_days_add_up_and_are_business_days(start in 0_i32..200_000, one in 0_u16..40, two in 0_u16..40) {
            let day = date(1970, 1, 1).saturating_add(Span::new().days(start));
            let reached = add_business_days(day, one);
            prop_assert!(is_business_day(reached));
            prop_assert!(reached >= day);
            let weekend_start = !is_business_day(day) && one == 0;
            if !weekend_start {
                prop_assert_eq!(add_business_days(reached, two), add_business_days(day, one + two));
            }
        }
    }
}
