//! The messages that landed in the data folder: the list, and one of them.

use askama::Template;

use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Fact, Moment};

/// The list.
#[derive(Template)]
#[template(path = "dev/mail.html")]
pub struct MailPage {
    /// The frame.
    pub page: Page,
    /// Messages, newest first.
    pub letters: Vec<LetterItem>,
}

/// A message in the list.
pub struct LetterItem {
    /// Its id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Whom it is for.
    pub to: String,
    /// When it was written.
    pub at: Moment,
}

/// One message.
#[derive(Template)]
#[template(path = "dev/letter.html")]
pub struct LetterPage {
    /// The frame.
    pub page: Page,
    /// The message.
    pub letter: LetterView,
}

/// One message.
pub struct LetterView {
    /// Its id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// From, to, when.
    pub facts: Vec<Fact>,
    /// Whether it has an HTML form.
    pub has_html: bool,
    /// Its text.
    pub text: String,
    /// All its headers.
    pub headers: String,
}
