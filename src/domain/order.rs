//! Orders, their lines and payments: what was bought, what was captured, and what remains to give back.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::refund::{UnknownWord, words};

words! {
    /// How the payer paid.
    Rail {
        /// Credit or debit card.
        Card = "card",
        /// A digital wallet.
        Wallet = "wallet",
        /// PayNow (Singapore).
        Paynow = "paynow",
        /// Bank transfer.
        BankTransfer = "bank_transfer",
    }
}

words! {
    /// Where a payment stands.
    PaymentStatus {
        /// Not captured yet.
        Pending = "pending",
        /// The money is the merchant's.
        Captured = "captured",
        /// Did not work.
        Failed = "failed",
        /// The authorization was taken back.
        Voided = "voided",
        /// A chargeback stands on it.
        ChargedBack = "charged_back",
    }
}

words! {
    /// How much of an order was given back. Source: SPEC section 5.
    RefundStatus {
        /// Nothing.
        None = "NONE",
        /// Something.
        PartiallyRefunded = "PARTIALLY_REFUNDED",
        /// Everything that was captured.
        Refunded = "REFUNDED",
    }
}

/// One line of an order. Tax and discount are of the whole line; shipping is a line. Source: SPEC section 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The merchant's id of the line, unique in the order.
    pub line_id: String,
    /// What it is, in the merchant's words.
    pub description: String,
    /// How many, at least 1.
    pub quantity: i64,
    /// Price of one, before tax and discount, in minor units.
    pub unit_amount_minor: i64,
    /// Tax of the whole line.
    pub tax_minor: i64,
    /// Discount of the whole line, as a positive number.
    pub discount_minor: i64,
}

impl Line {
    /// Quantity × unit + tax − discount; `None` where it does not fit or is below zero.
    pub fn total_minor(&self) -> Option<i64> {
        self.quantity
            .checked_mul(self.unit_amount_minor)?
            .checked_add(self.tax_minor)?
            .checked_sub(self.discount_minor)
            .filter(|total| *total >= 0)
    }
}

/// Money captured (or not) for an order, as the merchant tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The merchant's id of the payment, unique in the order.
    pub payment_id: String,
    /// The account that captured it.
    pub provider_account: String,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// How the payer paid.
    pub rail: Rail,
    /// Where it stands.
    pub status: PaymentStatus,
    /// What was captured, in minor units of the order's currency.
    pub captured_minor: i64,
    /// When it was captured.
    pub captured_at: Option<Timestamp>,
}

/// What a payment has been used for. The database keeps these numbers and refuses what exceeds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// What was captured.
    pub captured_minor: i64,
    /// Σ refunds in approved, submitting, provider_pending, completed.
    pub committed_minor: i64,
    /// What the processor gave back without us.
    pub external_minor: i64,
}

impl Usage {
    /// `max(0, captured − committed − external)`. Source: SPEC section 4.
    pub fn remaining_refundable_minor(self) -> i64 {
        self.captured_minor.saturating_sub(self.committed_minor).saturating_sub(self.external_minor).max(0)
    }

    /// How far commitments exceed a capture that shrank: `max(0, committed + external − captured)`.
    pub fn shortfall_minor(self) -> i64 {
        self.committed_minor.saturating_add(self.external_minor).saturating_sub(self.captured_minor).max(0)
    }
}

/// How much of an order was given back, by what was captured and what was committed or given elsewhere.
pub fn refund_status(usage: Usage) -> RefundStatus {
    let given = usage.committed_minor.saturating_add(usage.external_minor);
    if given <= 0 {
        RefundStatus::None
    } else if given < usage.captured_minor {
        RefundStatus::PartiallyRefunded
    } else {
        RefundStatus::Refunded
    }
}

/// The customer of an order, as the merchant tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// E-mail address; compared without case.
    pub email: String,
    /// Name, for letters.
    pub name: String,
    /// Language tag for pages and letters, such as `en` or `ar`.
    pub locale: String,
}

/// An order as the merchant pushes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The merchant's id.
    pub order_id: String,
    /// Who bought.
    pub customer: Customer,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What was bought.
    pub lines: Vec<Line>,
    /// How it was paid.
    pub payments: Vec<Payment>,
    /// The merchant's own reference for linking, such as an RMA number.
    pub external_reference: Option<String>,
    /// When a dispute over its payment was closed in the merchant's favour; undoes `charged_back`.
    pub dispute_closed_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_remains_is_never_negative() {
        let usage = Usage { captured_minor: 50, committed_minor: 60, external_minor: 0 };
        assert_eq!(usage.remaining_refundable_minor(), 0);
        assert_eq!(usage.shortfall_minor(), 10);
        assert_eq!(refund_status(usage), RefundStatus::Refunded);
    }

    #[test]
    fn a_line_below_zero_or_beyond_64_bits_has_no_total() {
        let line = Line {
            line_id: "1".into(),
            description: "lamp".into(),
            quantity: 3,
            unit_amount_minor: 1000,
            tax_minor: 600,
            discount_minor: 100,
        };
        assert_eq!(line.total_minor(), Some(3500));
        assert_eq!(Line { discount_minor: 3601, ..line.clone() }.total_minor(), None);
        assert_eq!(Line { unit_amount_minor: i64::MAX, ..line }.total_minor(), None);
    }
}
