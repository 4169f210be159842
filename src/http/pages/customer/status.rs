//! The status of a refund, as its customer sees it: requested, processing, refunded; live while it moves.

use askama::Template;

use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Notice, Stage, StoryEvent};

/// The page; the block `status` is what a live update asks for.
#[derive(Template)]
#[template(path = "customer/status.html", blocks = ["status"])]
pub struct Status {
    /// The frame.
    pub page: Page,
    /// The refund.
    pub refund: StatusView,
}

/// The refund as its customer sees it.
pub struct StatusView {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// Id of the heading.
    pub heading: &'static str,
    /// What is spoken when it changed.
    pub announcement: String,
    /// Whether it may still move by itself.
    pub moving: bool,
    /// Whether it ended without money given back.
    pub ended: bool,
    /// How much.
    pub amount: Amount,
    /// The tracker.
    pub stages: Vec<Stage>,
    /// What to know now.
    pub notices: Vec<Notice>,
    /// The facts.
    pub facts: Vec<Fact>,
    /// What the customer wrote.
    pub note: Option<String>,
    /// What happened, newest first.
    pub story: Vec<StoryEvent>,
    /// Whether it can be withdrawn.
    pub may_withdraw: bool,
}
