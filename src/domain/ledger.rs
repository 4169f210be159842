//! The ledger: kinds of entries and the accounts that each of them moves.
//!
//! An entry is one debit account, one credit account and a positive amount, so it balances by construction; a wrong
//! entry is corrected by another entry, never by an edit. Source: SPEC section 8.

use std::fmt;

use super::money::Money;
use super::refund::{UnknownWord, words};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

words! {
    /// What an entry records.
    EntryKind {
        /// Approved: the money is owed.
        RefundPending = "REFUND_PENDING",
        /// Completed: the processor paid it out.
        RefundSettled = "REFUND_SETTLED",
        /// Failed or canceled after approval: no longer owed.
        RefundReleased = "REFUND_RELEASED",
        /// The processor took a success back.
        RefundReversed = "REFUND_REVERSED",
        /// A break resolved by two people.
        Adjustment = "ADJUSTMENT",
    }
}

/// What refunds cost the merchant.
pub const REVENUE_REFUNDS: &str = "revenue.refunds";
/// What is promised to customers and not yet given.
pub const REFUNDS_PENDING: &str = "liability.refunds_pending";

/// The asset account of a provider account.
pub fn provider_asset(provider_account: &str) -> String {
    format!("asset.provider.{provider_account}")
}

impl EntryKind {
    /// How the balance of `liability.refunds_pending` moves, in refunds: up one, down one, or not.
    pub fn effect_on_pending(self) -> i32 {
        match self {
            EntryKind::RefundPending => 1,
            EntryKind::RefundSettled | EntryKind::RefundReleased => -1,
            EntryKind::RefundReversed | EntryKind::Adjustment => 0,
        }
    }
}

/// A posting to make: balanced by construction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What it records.
    pub kind: EntryKind,
    /// Account that is debited.
    pub debit: String,
    /// Account that is credited.
    pub credit: String,
    /// Positive amount in the refund's currency.
    pub amount: Money,
}

/// The posting of a refund's move, or `None` for an adjustment, whose accounts are chosen by people.
pub fn posting(kind: EntryKind, amount: Money, provider_account: &str) -> Option<Posting> {
    let asset = || provider_asset(provider_account);
    let (debit, credit) = match kind {
        EntryKind::RefundPending => (REVENUE_REFUNDS.to_owned(), REFUNDS_PENDING.to_owned()),
        EntryKind::RefundSettled => (REFUNDS_PENDING.to_owned(), asset()),
        EntryKind::RefundReleased => (REFUNDS_PENDING.to_owned(), REVENUE_REFUNDS.to_owned()),
        EntryKind::RefundReversed => (asset(), REVENUE_REFUNDS.to_owned()),
        EntryKind::Adjustment => return None,
    };
    Some(Posting { kind, debit, credit, amount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_that_ends_in_reversal_leaves_every_account_at_zero() {
        let amount = Money::new(4500, "USD".parse().unwrap());
        let mut balances = std::collections::BTreeMap::<String, i64>::new();
        for kind in [EntryKind::RefundPending, EntryKind::RefundSettled, EntryKind::RefundReversed] {
            let posting = posting(kind, amount, "stripe-eu").unwrap();
            *balances.entry(posting.debit).or_default() += amount.minor;
            *balances.entry(posting.credit).or_default() -= amount.minor;
        }
        assert!(balances.values().all(|balance| *balance == 0), "{balances:?}");
    }
}
