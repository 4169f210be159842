//! The clock: the only place where this program reads the time of day.
//!
//! Business time may be shifted by configuration, for rehearsals, and moved by tests; leases, time-outs and TLS stand on
//! the system's clock and never shift.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time; copies share their shift.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    shift_us: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock, shifted.
    pub fn shifted(by: SignedDuration) -> Self {
        let clock = Self::default();
        clock.shift(by);
        clock
    }

    /// Business time: what a refund's history, a deadline, an expected date stand on. Whole microseconds, as stored.
    pub fn now(&self) -> Timestamp {
        let shift = SignedDuration::from_micros(self.shift_us.load(Ordering::Relaxed));
        let system = Self::system();
        system.checked_add(shift).unwrap_or(system)
    }

    /// The system's time, for leases, the log and whatever else another machine measures too.
    pub fn system() -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Moves business time on, for rehearsals and tests.
    pub fn shift(&self, by: SignedDuration) {
        let by_us = i64::try_from(by.as_micros()).unwrap_or(0);
        self.shift_us.fetch_add(by_us, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_business_time_shifts() {
        let clock = Clock::shifted(SignedDuration::from_hours(-3));
        let copy = clock.clone();
        copy.shift(SignedDuration::from_hours(48));
        let ahead = clock.now().duration_since(Clock::system());
        assert!((SignedDuration::from_secs(44 * 3600)..SignedDuration::from_secs(46 * 3600)).contains(&ahead));
        assert_eq!(clock.now().as_nanosecond() % 1000, 0);
    }
}
