//! The other side: what the processor's own book says.

use serde_json::Value;

use super::app::TestApp;
use super::orders::Order;
use super::witness::Witness;

/// A refund in the simulator's book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Booked {
    /// The processor's id.
    pub(crate) connector_refund_id: String,
    /// Our reference: the refund's id, with a number from the second attempt on.
    pub(crate) merchant_refund_id: String,
    /// `PENDING`, `SUCCEEDED` or `FAILED`.
    pub(crate) status: String,
    /// How much.
    pub(crate) amount_minor: i64,
    /// In which currency.
    pub(crate) currency: String,
}

impl TestApp {
    /// The refunds of an order's payment in the processor's book.
    pub(crate) async fn book(&self, order: &Order) -> Vec<Booked> {
        self.book_of(&order.transaction).await
    }

    /// The refunds of one payment in the processor's book.
    pub(crate) async fn book_of(&self, transaction: &str) -> Vec<Booked> {
        self.witness().book_of(transaction).await
    }
}

impl Witness {
    /// The refunds of one payment in the processor's book.
    pub(crate) async fn book_of(&self, transaction: &str) -> Vec<Booked> {
        let path = format!("/simulator/v1/refunds?connector_transaction_id={transaction}");
        let shown = self.stranger.get(&path).await.expect(200).json();
        let items = shown.as_array().or_else(|| shown["data"].as_array()).unwrap_or_else(|| panic!("no list: {shown}"));
        items.iter().map(booked).collect()
    }
}

fn booked(item: &Value) -> Booked {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text in {item}")).to_owned();
    Booked {
        connector_refund_id: text(&item["connector_refund_id"]),
        merchant_refund_id: text(&item["merchant_refund_id"]),
        status: text(&item["status"]),
        amount_minor: item["amount"]["minor_amount"].as_i64().expect("an amount"),
        currency: text(&item["amount"]["currency"]),
    }
}
