//! The first question: what is it about?

use askama::Template;

use super::step::Step;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Amount;

/// The page.
#[derive(Template)]
#[template(path = "customer/items.html")]
pub struct Items {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// What can be chosen.
    pub items: Vec<Item>,
}

/// A line of the order that can be chosen.
pub struct Item {
    /// Id of its control.
    pub field: String,
    /// The shop's id of the line.
    pub line_id: String,
    /// What it is.
    pub description: String,
    /// What is left of it, where part of it was refunded.
    pub note: Option<String>,
    /// What it comes to.
    pub total: Amount,
    /// Whether it is chosen.
    pub chosen: bool,
    /// How many of it can be chosen.
    pub quantities: Vec<Quantity>,
}

/// A number of pieces.
pub struct Quantity {
    /// The number that is sent.
    pub number: i64,
    /// The number in the reader's digits.
    pub words: String,
    /// Whether it is chosen.
    pub chosen: bool,
}
