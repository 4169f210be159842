//! Feature flags: on, off, or on for a share of the orders, and always the same orders.
//!
//! An order's place is a stable hash of the flag's name and the order id, so a growing share only ever adds orders.
//! Policy canaries use the same places. Where a flag is stored and who may change it is decided elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::refund::{UnknownWord, words};

words! {
    /// The flags that exist. Source: SPEC section 6.
    FlagName {
        /// Whether refunds are taken and sent at all. Off: creates answer 503 and unsent work is deferred.
        Refunds = "refunds.v1",
        /// Whether goodwill above its threshold takes two people.
        GoodwillDualControl = "refunds.goodwill.dual_control",
    }
}

/// One flag as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Which.
    pub name: FlagName,
    /// Percent of the orders that it is on for: 0 is off, 100 is on for all.
    pub share_pct: u8,
}

impl Flag {
    /// The flag before anybody changed it: on for every order.
    pub fn shipped(name: FlagName) -> Self {
        Self { name, share_pct: 100 }
    }

    /// Whether the flag is on for the order.
    pub fn is_on(self, order_id: &str) -> bool {
        is_in_share(self.name.as_str(), order_id, self.share_pct)
    }
}

/// Whether the order is in the first `share_pct` percent of all orders, as `salt` orders them. Sticky: an order that is
/// in a share is in every larger one. Different salts choose independently.
pub fn is_in_share(salt: &str, order_id: &str, share_pct: u8) -> bool {
    place(salt, order_id) < u64::from(share_pct) * PLACES_PER_PERCENT
}

/// A hundredth of a percent is the finest share that the hash tells apart.
const PLACES: u64 = 10_000;
const PLACES_PER_PERCENT: u64 = PLACES / 100;

fn place(salt: &str, order_id: &str) -> u64 {
    // The zero byte keeps ("ab", "c") and ("a", "bc") apart; salts are our own words and hold none.
    let digest = Sha256::new().chain_update(salt).chain_update([0]).chain_update(order_id).finalize();
    // The remainder of the first eight bytes, taken byte by byte; 2^64 is so much larger that the bias does not show.
    digest.iter().take(8).fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % PLACES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_on_at_zero_and_everything_at_a_hundred() {
        for n in 0..1_000 {
            let order_id = format!("ord-{n}");
            assert!(!Flag { name: FlagName::Refunds, share_pct: 0 }.is_on(&order_id));
            assert!(Flag::shipped(FlagName::Refunds).is_on(&order_id));
        }
    }

    #[test]
    fn places_are_stable_across_versions() {
        // Changing these numbers would move orders in and out of running canaries.
        assert_eq!(place("refunds.v1", "ord-1"), 7799);
        assert_eq!(place("refunds.goodwill.dual_control", "ord-1"), 1970);
    }

    #[test]
    fn a_share_is_about_as_large_as_it_says() {
        let flag = Flag { name: FlagName::GoodwillDualControl, share_pct: 10 };
        let on = (0..20_000).filter(|n| flag.is_on(&format!("ord-{n}"))).count();
        assert!((1_800..2_200).contains(&on), "{on}");
    }

    proptest! {
        #[test]
        fn a_growing_share_never_turns_an_order_off(order_id in ".{1,40}", small in 0_u8..=100, more in 0_u8..=100) {
            let name = FlagName::Refunds;
            if (Flag { name, share_pct: small.min(more) }).is_on(&order_id) {
                let larger = Flag { name, share_pct: small.max(more) };
                prop_assert!(larger.is_on(&order_id));
            }
        }
    }
}
