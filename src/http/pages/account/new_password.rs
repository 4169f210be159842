//! A new password in a form: what is wrong with it, in the reader's words.

use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::services::passwords::{self, LENGTH_MAX, LENGTH_MIN, Weakness};

/// Adds what is wrong with a new password; `known` is what others know of the person.
pub(super) fn judge(faults: &mut Faults, page: &Page, field: &'static str, password: &str, known: &[&str]) {
    let message = match passwords::judge(password, known) {
        Ok(()) => return,
        Err(Weakness::Short) => page.t1("account-password-short", "least", LENGTH_MIN),
        Err(Weakness::Long) => page.t1("account-password-long", "most", LENGTH_MAX),
        Err(Weakness::Guessable) => page.t("account-password-guessable"),
    };
    faults.add(field, message);
}

/// What is asked of a new password.
pub(super) fn hint(page: &Page) -> String {
    page.t1("account-password-hint", "least", LENGTH_MIN)
}
