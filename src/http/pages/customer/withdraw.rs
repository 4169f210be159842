//! Taking a request back: a page of its own that names the amount.

use askama::Template;

use crate::http::pages::frame::Page;

/// The page.
#[derive(Template)]
#[template(path = "customer/withdraw.html")]
pub struct Withdraw {
    /// The frame.
    pub page: Page,
    /// The refund.
    pub refund_id: String,
    /// How much, in a sentence.
    pub amount_words: String,
}
