//! The link by mail or from the shop: sent, opened by a button, or no longer good. A GET changes nothing, so that
//! programs that look into mails cannot use it up.

use askama::Template;

use crate::http::pages::frame::Page;

/// What to do now that a link may have been sent.
#[derive(Template)]
#[template(path = "customer/sent.html")]
pub struct Sent {
    /// The frame.
    pub page: Page,
    /// Whether mail lands on a page of ours.
    pub shows_dev_mail: bool,
}

/// The page that the link opens.
#[derive(Template)]
#[template(path = "customer/open.html")]
pub struct Open {
    /// The frame.
    pub page: Page,
    /// Where the button posts to.
    pub action: String,
}

/// The link was used, is too old, or never was one.
#[derive(Template)]
#[template(path = "customer/expired.html")]
pub struct Expired {
    /// The frame.
    pub page: Page,
}
