//! Signing in at the desk. What is wrong is never said more exactly than "the address or the password".

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::preferences::own_path;
use crate::domain::access::Principal;
use crate::http::edge::Conversation;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Notice;
use crate::http::pages::posted::Posted;
use crate::http::pages::reader::LOCALE_OF_ACCOUNT;
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, refused, shown, to, written};
use crate::services::refusal::Refusal;
use crate::services::sign_in;

/// Where people land who did not want anything in particular.
const HOME: &str = "/desk/queue";
/// Characters of address and password that are looked at; longer ones are nobody's.
const LENGTH_MAX: usize = 256;

/// Shows the form.
pub async fn show(mut visit: Visit) -> Result<HttpResponse, Refusal> {
    if visit.page.person.is_some() {
        return Ok(to(HOME));
    }
    if visit.query("signed-out").is_some() {
        visit.page.flash = Some(Notice { kind: "info", text: visit.page.t("account-signed-out") });
    }
    let next = visit.query("next").unwrap_or_default();
    let form = LoginForm { email: String::new(), next };
    shown(&Login { page: visit.page.clone(), form, faults: Faults::none(), wait: None }, &visit.page)
}

/// Signs in.
pub async fn sign_in(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let (email, password) = (form.trimmed("email"), form.get("password"));
    let typed = LoginForm { email: email.to_owned(), next: form.get("next").to_owned() };
    let mut faults = Faults::none();
    if email.is_empty() {
        faults.add("email", visit.page.t("account-login-email-empty"));
    }
    if password.is_empty() {
        faults.add("password", visit.page.t("account-login-password-empty"));
    }
    if !faults.is_empty() {
        return again(&visit, typed, faults);
    }
    let address = Conversation::of(&visit.request).address;
    if let Err(refusal) = visit.edge.limits.sign_in_allowed(email, address, Instant::now()) {
        return wait(&visit, typed, &refusal);
    }
    let sane = email.chars().count() <= LENGTH_MAX && password.chars().count() <= LENGTH_MAX;
    let known = if sane { sign_in::check_password(&visit.desk, &visit.nobody(), email, password).await? } else { None };
    let Some(user) = known else {
        visit.edge.limits.sign_in_failed(email, address, Instant::now());
        faults.add("email", visit.page.t("account-login-wrong"));
        return again(&visit, typed, faults);
    };
    session::sign_in(&visit.session, &Principal::User(user.user_id))?;
    session::put(&visit.session, LOCALE_OF_ACCOUNT, &user.locale)?;
    Ok(to(own_path(&typed.next).unwrap_or(HOME)))
}

/// Signs out, on every tab at once.
pub async fn sign_out(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    session::sign_out(&visit.session);
    Ok(to("/login?signed-out"))
}

fn again(visit: &Visit, form: LoginForm, faults: Faults) -> Result<HttpResponse, Refusal> {
    let page = visit.page.clone().with_faults();
    refused(&Login { page: page.clone(), form, faults, wait: None }, &page)
}

fn wait(visit: &Visit, form: LoginForm, refusal: &Refusal) -> Result<HttpResponse, Refusal> {
    let seconds = refusal.retry_after_s.unwrap_or(1);
    let wait = Some(visit.page.t1("account-login-wait", "seconds", seconds));
    let screen = Login { page: visit.page.clone(), form, faults: Faults::none(), wait };
    let mut answer = written(StatusCode::TOO_MANY_REQUESTS, &screen, &visit.page)?;
    answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
    Ok(answer)
}

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
