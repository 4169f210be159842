//! What somebody approved, and what the request is now.
//!
//! An approval is bound by a digest to amount, currency, reason and files. Files are only ever added behind those that are
//! there, and the amount stands beside the approval, so the terms that it was given to are found again from the digest
//! itself: no second account of them is kept that could say something else. Source: SPEC section 6, CASES F83.

use sha2::{Digest, Sha256};

use super::money::Money;
use super::refund::Reason;

/// What an approval is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms<'a> {
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: Reason,
    /// SHA-256 of each file, in their order.
    pub files: &'a [String],
}

impl<'a> Terms<'a> {
    /// What an approval of these terms is bound to.
    pub fn digest(&self) -> String {
        let mut text = format!("{}|{}|{}", self.amount.minor, self.amount.currency, self.reason);
        self.files.iter().for_each(|file| text.extend(["|", file]));
        hex::encode(Sha256::digest(text.as_bytes()))
    }

    /// The terms of an approval of this amount with this digest, of a request that has these files now. Nothing where
    /// none fit: then the request is another one than was approved, and nobody can tell which.
    pub fn recovered(digest: &str, amount: Money, files: &'a [String]) -> Option<Self> {
        let counts = (0..=files.len()).rev();
        let mut candidates = counts.flat_map(|count| {
            let files = files.get(..count).unwrap_or_default();
            Reason::ALL.iter().map(move |reason| Self { amount, reason: *reason, files })
        });
        candidates.find(|terms| terms.digest() == digest)
    }
}

/// Something that is not as it was approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another amount.
    Amount {
        /// What it was.
        was: Money,
        /// What it is.
        is: Money,
    },
    /// Another reason.
    Reason {
        /// What it was.
        was: Reason,
        /// What it is.
        is: Reason,
    },
    /// Files came.
    Files {
        /// How many.
        added: usize,
    },
}

/// What is not as it was approved, in the order in which people ask for it.
pub fn differences(was: &Terms<'_>, is: &Terms<'_>) -> Vec<Difference> {
    let amount = (was.amount != is.amount).then_some(Difference::Amount { was: was.amount, is: is.amount });
    let reason = (was.reason != is.reason).then_some(Difference::Reason { was: was.reason, is: is.reason });
    let added = is.files.len().saturating_sub(was.files.len());
    let files = (added > 0).then_some(Difference::Files { added });
    [amount, reason, files].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, "USD".parse().unwrap())
    }

    fn files(count: usize) -> Vec<String> {
        (0..count).map(|nth| hex::encode(Sha256::digest([u8::try_from(nth).unwrap()]))).collect()
    }

    #[test]
    fn each_part_of_the_terms_is_bound() {
        let files = files(3);
        let terms = Terms { amount: usd(500), reason: Reason::Quality, files: &files[..2] };
        let others = [
            Terms { amount: usd(501), ..terms },
            Terms { amount: Money::new(500, "EUR".parse().unwrap()), ..terms },
            Terms { reason: Reason::Other, ..terms },
            Terms { files: &files, ..terms },
            Terms { files: &files[1..], ..terms },
        ];
        for other in others {
            assert_ne!(other.digest(), terms.digest(), "{other:?}");
        }
        assert_eq!(Terms::recovered(&others[4].digest(), usd(500), &files), None, "no file ever goes");
        assert_eq!(Terms::recovered(&terms.digest(), usd(499), &files), None);
    }

    #[test]
    fn f83_what_changed_since_an_approval_is_told() {
        let files = files(3);
        let was = Terms { amount: usd(500), reason: Reason::Quality, files: &files[..1] };
        let is = Terms { amount: usd(400), reason: Reason::Quality, files: &files };
        let told = [Difference::Amount { was: usd(500), is: usd(400) }, Difference::Files { added: 2 }];
        assert_eq!(differences(&was, &is), told);
        assert_eq!(differences(&was, &was), []);
        let other = Terms { reason: Reason::Other, ..was };
        assert_eq!(differences(&was, &other), [Difference::Reason { was: Reason::Quality, is: Reason::Other }]);
    }

    proptest! {
        #[test]
        fn f83_the_terms_of_an_approval_are_found_again(
            minor in 1_i64..1_000_000,
            reason in 0_usize..Reason::ALL.len(),
            had in 0_usize..6,
            added in 0_usize..6,
        ) {
            let files = files(had + added);
            let terms = Terms { amount: usd(minor), reason: Reason::ALL[reason], files: &files[..had] };
            prop_assert_eq!(Terms::recovered(&terms.digest(), usd(minor), &files), Some(terms));
        }
    }
}
