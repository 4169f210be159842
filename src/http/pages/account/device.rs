//! Devices on which somebody signed in before: a cookie that tells them from strangers who guess, and nothing else.
//!
//! It opens no door and is asked for nothing but this: whose failures are counted together. Source: OWASP, slow down
//! online guessing attacks with device cookies.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::http::pages::csrf;
use crate::http::pages::site::Site;

const COOKIE: &str = "makegood_device";
/// A device that nobody signed in on for so long is a stranger again.
const REMEMBERED_FOR: Duration = Duration::days(180);

/// The device's own word, where this account has signed in on it before.
pub(super) fn known(request: &HttpRequest, site: &Site, email: &str) -> Option<String> {
    let cookie = request.cookie(COOKIE)?;
    let (word, seal) = cookie.value().split_once('.')?;
    (csrf::is_seed(word) && csrf::holds(&sealed(site, email, word), seal)).then(|| word.to_owned())
}

/// The cookie that makes this device known to the account.
pub(super) fn cookie(site: &Site, email: &str, secure: bool) -> Cookie<'static> {
    let word = csrf::random_word();
    let value = format!("{word}.{}", sealed(site, email, &word));
    let cookie = Cookie::build(COOKIE, value).path("/login").same_site(SameSite::Lax).secure(secure);
    cookie.http_only(true).max_age(REMEMBERED_FOR).finish()
}

fn sealed(site: &Site, email: &str, word: &str) -> String {
    let account = email.trim().to_lowercase();
    URL_SAFE_NO_PAD.encode(csrf::digest(&site.keys.devices, &[word.as_bytes(), b"|", account.as_bytes()]))
}
