//! New identifiers: sortable by time, and nobody can guess the next one.

use rand::RngCore;
use rand::rngs::ThreadRng;
use ulid::Ulid;

use super::clock::Clock;

/// Mints ULIDs: 48 bits of business time, 80 bits of a cryptographic generator.
#[derive(Clone, Debug)]
pub struct Ids {
    clock: Clock,
}

impl Ids {
    /// A mint that dates by this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }

    /// The next one.
    pub fn mint(&self) -> Ulid {
        let at_ms = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        Ulid::from_parts(at_ms, random_u128())
    }
}

/// 128 bits; `Ulid::from_parts` keeps the lower 80.
fn random_u128() -> u128 {
    let mut generator: ThreadRng = rand::rng();
    (u128::from(generator.next_u64()) << 64) | u128::from(generator.next_u64())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn ids_differ_and_sort_by_time() {
        let clock = Clock::default();
        let ids = Ids::new(clock.clone());
        let many: BTreeSet<Ulid> = (0..1000).map(|_| ids.mint()).collect();
        assert_eq!(many.len(), 1000);
        clock.shift(SignedDuration::from_secs(60));
        assert!(ids.mint() > *many.last().unwrap());
        let randoms: BTreeSet<u128> = many.iter().map(|id| id.random()).collect();
        assert_eq!(randoms.len(), 1000);
    }
}
