//! What callers want next: whatever chance brings, or as little as it takes to walk every way.

use makegood::providers::simulator::mode::Mode;
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use serde_json::{Value, json};

/// How the simulated processor behaves towards some orders, besides every mode as it is.
const MORE_MODES: [&str; 3] = ["failed_insufficient_funds", "failed_try_again", "pending_then_failed_processing_error"];

/// The modes between which a plain life takes turns: news by webhook or poll, and an outcome that has to be looked up.
const PLAIN_MODES: [&str; 2] = ["pending_then_succeeded", "http_500"];

/// How callers come to want what they want.
pub(super) enum Mood {
    /// By chance, and not always sensibly.
    Moody(Box<StdRng>),
    /// The same each time, after so many orders: one refund that the policy approves and one that a person does.
    Plain(usize),
}

/// An order, with the refunds that will be asked for.
pub(super) struct Plan {
    pub(super) mode: &'static str,
    pub(super) captured_minor: i64,
    pub(super) refunds: Vec<Value>,
}

/// Somebody who does something about a refund.
pub(super) struct Reaction {
    pub(super) by: Who,
    pub(super) verb: &'static str,
}

/// Who does it.
pub(super) enum Who {
    /// The shop that asked.
    Shop,
    /// One of those who decide.
    Decider(usize),
}

impl Mood {
    /// The next order.
    pub(super) fn order(&mut self) -> Plan {
        match self {
            Self::Plain(orders) => {
                let mode = PLAIN_MODES[*orders % PLAIN_MODES.len()];
                *orders += 1;
                let refunds = vec![refund(1_000, "not_received"), refund(1_001, "other")];
                Plan { mode, captured_minor: 10_000, refunds }
            }
            Self::Moody(rng) => {
                let modes: Vec<&str> = Mode::ALL.iter().map(|mode| mode.as_str()).chain(MORE_MODES).collect();
                let mode = modes.choose(rng).expect("modes");
                // Dear refunds take two people.
                let is_dear = rng.random_ratio(1, 6);
                let (captured_minor, amount_minor) = if is_dear { (400_000, 110_000) } else { (10_000, 1_000) };
                let mut reasons = ["not_received", "quality", "other", "goodwill"];
                reasons.shuffle(rng);
                // No two refunds of an order are alike.
                let refunds = reasons.iter().take(rng.random_range(1..=3)).zip(amount_minor..);
                let refunds = refunds.map(|(reason, amount_minor)| refund(amount_minor, reason)).collect();
                Plan { mode, captured_minor, refunds }
            }
        }
    }

    /// What is done about a refund that was just recorded in this state. Nobody waits for anybody else.
    pub(super) fn reactions(&mut self, state: &str, deciders: usize) -> Vec<Reaction> {
        let by_decider = |(decider, verb)| Reaction { by: Who::Decider(decider), verb };
        let by_shop = |verb| vec![Reaction { by: Who::Shop, verb }];
        match (self, state) {
            (Self::Plain(_), "requested") => vec![by_decider((0, "approve"))],
            (Self::Moody(rng), "requested") => {
                let mut verdicts = Vec::new();
                for decider in 0..deciders {
                    if rng.random_ratio(3, 4) {
                        verdicts.push((decider, if rng.random_ratio(1, 6) { "deny" } else { "approve" }));
                    }
                }
                let mut reactions: Vec<Reaction> = verdicts.into_iter().map(by_decider).collect();
                if rng.random_ratio(1, 5) {
                    reactions.extend(by_shop("cancel"));
                }
                reactions
            }
            (Self::Moody(rng), "approved") => match rng.random_range(0..4) {
                0 => by_shop("cancel"),
                1 => by_shop("submit"),
                _ => Vec::new(),
            },
            (Self::Plain(_) | Self::Moody(_), _) => Vec::new(),
        }
    }

    /// Whether a refund is tried again that may have failed.
    pub(super) fn tries_again(&mut self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Moody(rng) => rng.random_ratio(1, 3),
        }
    }

    /// Changes the order of things.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        match self {
            Self::Plain(_) => {}
            Self::Moody(rng) => things.shuffle(rng),
        }
    }
}

fn refund(amount_minor: i64, reason: &str) -> Value {
    json!({"amount_minor": amount_minor, "currency": "USD", "reason": reason})
}
