//! How long to wait before asking again: exponential with full jitter, so that many who failed together do not come back
//! together.

use std::time::Duration;

use rand::Rng as _;

/// After a call that surely did nothing.
pub(super) const NOT_DONE: Pace = Pace { base: Duration::from_millis(200), max: Duration::from_secs(60) };

/// After a call of which nobody knows.
pub(super) const UNKNOWN: Pace = Pace { base: Duration::from_millis(300), max: Duration::from_secs(60) };

/// The shortest pause: what failed a moment ago is never asked in the same breath.
const MIN: Duration = Duration::from_millis(20);

/// How pauses grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    base: Duration,
    max: Duration,
}

impl Pace {
    /// The longest pause after this many failures, from 1.
    fn bound(self, failures: i64) -> Duration {
        let doublings = u32::try_from(failures.saturating_sub(1).clamp(0, 20)).unwrap_or(0);
        self.base.saturating_mul(1 << doublings).min(self.max)
    }

    /// A pause after this many failures: anything from nearly nothing to the bound.
    pub(super) fn after(self, failures: i64) -> Duration {
        let bound = u64::try_from(self.bound(failures).as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(rand::rng().random_range(0..=bound)).max(MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_a_minute() {
        let bounds: Vec<u128> = [-1, 0, 1, 2, 3, 9, 10, i64::MAX].map(|n| NOT_DONE.bound(n).as_millis()).to_vec();
        assert_eq!(bounds, [200, 200, 200, 400, 800, 51_200, 60_000, 60_000]);
    }

    #[test]
    fn pauses_spread_below_their_bound() {
        let pauses: Vec<Duration> = (0..1000).map(|_| UNKNOWN.after(4)).collect();
        assert!(pauses.iter().all(|pause| (MIN..=Duration::from_millis(2400)).contains(pause)));
        assert!(pauses.iter().any(|pause| *pause < Duration::from_millis(600)));
        assert!(pauses.iter().any(|pause| *pause > Duration::from_millis(1800)));
    }
}
