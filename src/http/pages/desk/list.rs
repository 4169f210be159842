//! The list of refunds, newest first, by state.

use askama::Template;

use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Tag};

/// The page.
#[derive(Template)]
#[template(path = "desk/list.html")]
pub struct List {
    /// The frame.
    pub page: Page,
    /// The states to choose from.
    pub tabs: Vec<Tab>,
    /// Whether one is chosen.
    pub filtered: bool,
    /// The refunds of this page of the list.
    pub refunds: Vec<Row>,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// A state to choose.
pub struct Tab {
    /// The list in this state.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub current: bool,
}

/// A refund in the list.
pub struct Row {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub tag: Tag,
    /// When it was asked for.
    pub asked: Moment,
}
