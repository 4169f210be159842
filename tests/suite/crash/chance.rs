//! What a run leaves to chance, and how it is repeated.

use std::io::Write as _;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// The seed of a run before, to repeat it.
const SEED: &str = "MAKEGOOD_TEST_SEED";

/// How often a run kills.
const ROUNDS: &str = "MAKEGOOD_TEST_ROUNDS";

/// Enough to meet most of the steps of most of the ways, and short enough for every day.
const ROUNDS_USUAL: usize = 4;

/// The chance of a run: its seed is told at its end, however it ends.
pub(super) struct Chance {
    /// What is drawn from.
    pub(super) rng: StdRng,
    seed: u64,
    what: &'static str,
}

impl Chance {
    /// Drawn anew, or as the environment says.
    pub(super) fn of(what: &'static str) -> Self {
        let seed = number(SEED).unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
        Self { rng: StdRng::seed_from_u64(seed), seed, what }
    }

    /// Tells how it went, past the test runner, which keeps what tests print to itself.
    pub(super) fn tell(&self, how: &str) {
        let line = format!("{}: {how} ({SEED}={})\n", self.what, self.seed);
        std::io::stderr().write_all(line.as_bytes()).expect("standard error");
    }
}

impl Drop for Chance {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell("FAILED");
        }
    }
}

/// How often a run kills.
pub(super) fn rounds() -> usize {
    number(ROUNDS).map_or(ROUNDS_USUAL, |rounds| usize::try_from(rounds).expect("a number of rounds"))
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name} is {text:?}: {error}")))
}
