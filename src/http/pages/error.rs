//! What a reader sees in place of a page: what happened, whether anything was changed, and ways out.

use askama::Template;

use super::frame::Page;

/// The page.
#[derive(Template)]
#[template(path = "errors/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub page: Page,
    /// The status of the answer.
    pub status: u16,
    /// Id of the heading.
    pub heading: &'static str,
    /// What it means, and what to do.
    pub lead: String,
    /// Ways out, the likeliest first.
    pub ways: Vec<Way>,
}

/// A way out.
pub struct Way {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub words: String,
}
