//! The order: what is left to refund, what was refunded, what was bought; or why nothing can be refunded.

use askama::Template;

use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Notice, Tag};

/// The page.
#[derive(Template)]
#[template(path = "customer/order.html")]
pub struct OrderPage {
    /// The frame.
    pub page: Page,
    /// The order.
    pub order: OrderView,
}

/// The order as its customer sees it.
pub struct OrderView {
    /// The shop's number.
    pub id: String,
    /// When it was placed, in words.
    pub placed: String,
    /// Why nothing can be refunded, where it cannot.
    pub notice: Option<Notice>,
    /// What is left to refund.
    pub left: Amount,
    /// Whether a refund can be asked for.
    pub may_ask: bool,
    /// Refunds so far, newest first.
    pub refunds: Vec<RefundItem>,
    /// How it was paid.
    pub paid_by: String,
    /// What was bought.
    pub lines: Vec<LineItem>,
    /// Paid, given back, left.
    pub sums: Vec<Sum>,
}

/// A refund in the list.
pub struct RefundItem {
    /// Its id.
    pub id: String,
    /// Its reason.
    pub what: String,
    /// When it was asked for.
    pub asked: Moment,
    /// How much.
    pub amount: Amount,
    /// Where it stands.
    pub tag: Tag,
}

/// A line of the order.
pub struct LineItem {
    /// What it is, in the shop's words.
    pub description: String,
    /// How many and at what price, where it is more than one.
    pub each: Option<String>,
    /// What it came to.
    pub total: Amount,
}

/// A line of the sum.
pub struct Sum {
    /// What it is.
    pub name: String,
    /// How much.
    pub amount: Amount,
    /// Whether it is the last word.
    pub total: bool,
}
