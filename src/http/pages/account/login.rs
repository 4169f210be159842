//! Signing in at the desk. What is wrong is never said more exactly than "the address or the password".

use askama::Template;

use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;

/// The page.
#[derive(Template)]
#[template(path = "account/login.html")]
pub struct Login {
    /// The frame.
    pub page: Page,
    /// What was typed.
    pub form: LoginForm,
    /// What is wrong with it.
    pub faults: Faults,
    /// How long to wait, where there were too many attempts.
    pub wait: Option<String>,
}

/// What was typed; the password is never shown again.
#[derive(Debug, Default)]
pub struct LoginForm {
    /// The e-mail address.
    pub email: String,
    /// Where to go afterwards, a path of ours.
    pub next: String,
}
