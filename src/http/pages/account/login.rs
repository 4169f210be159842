//! Signing in at the desk: address and password. What is wrong is never said more exactly than "the address or the
//! password"; who has a second factor is asked for a code next.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use askama::Template;

use super::preferences::own_path;
use super::{browser_name, device};
use crate::app::Clock;
use crate::domain::access::Actor;
use crate::http::edge::Conversation;
use crate::http::limits::SignIn;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Notice;
use crate::http::pages::posted::Posted;
use crate::http::pages::reader::LOCALE_OF_ACCOUNT;
use crate::http::pages::session::{self, Half};
use crate::http::pages::visit::{Visit, refused, shown, to, written};
use crate::services::refusal::Refusal;
use crate::services::sign_in::{self, Proof, UserRow};

/// Where people land who did not want anything in particular.
const HOME: &str = "/desk/queue";
/// Where a code is asked for.
pub const SECOND_STEP: &str = "/login/verify";
/// Characters of address and password that are looked at; longer ones are nobody's.
const LENGTH_MAX: usize = 256;

/// What the door says to who comes back to it, by the word in the query.
const SAID: [(&str, &str); 3] = [
    ("signed-out", "account-signed-out"),
    ("expired", "account-verify-expired"),
    ("password-chosen", "account-welcome-chosen"),
];

/// Shows the form.
pub async fn show(mut visit: Visit) -> Result<HttpResponse, Refusal> {
    if visit.page.person.is_some() {
        return Ok(to(HOME));
    }
    if let Some((_, id)) = SAID.into_iter().find(|(word, _)| visit.query(word).is_some()) {
        visit.page.flash = Some(Notice { kind: "info", text: visit.page.t(id) });
    }
    let next = visit.query("next").unwrap_or_default();
    let form = LoginForm { email: String::new(), next };
    shown(&Login { page: visit.page.clone(), form, faults: Faults::none(), wait: None }, &visit.page)
}

/// Signs in, or goes on to the second step.
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
    let device = device::known(&visit.request, &visit.site, email);
    let address = Conversation::of(&visit.request).address;
    let who = SignIn { account: email, address, device: device.as_deref() };
    if let Err(refusal) = visit.edge.limits.sign_in_begun(&who, Instant::now()) {
        return wait(&visit, typed, &refusal);
    }
    let sane = email.chars().count() <= LENGTH_MAX && password.chars().count() <= LENGTH_MAX;
    let known = if sane { sign_in::check_password(&visit.desk, email, password).await? } else { None };
    let Some(known) = known else {
        tracing::info!(msgid = "MSG.desk.sign_in_refused", step = "password", "a sign-in was refused");
        faults.add("email", visit.page.t("account-login-wrong"));
        return again(&visit, typed, faults);
    };
    visit.edge.limits.sign_in_succeeded(&who);
    if known.has_second_factor {
        let half = Half {
            user_id: known.user.user_id,
            epoch: known.user.epoch,
            since_s: Clock::system().as_second(),
            next: typed.next,
        };
        session::begin_second_step(&visit.session, &half)?;
        return Ok(to(SECOND_STEP));
    }
    enter(&visit, &known.user, Proof::Password, &typed.next).await
}

/// Signs in who proved who they are, and leads them to where they wanted to go.
pub async fn enter(visit: &Visit, user: &UserRow, proof: Proof, next: &str) -> Result<HttpResponse, Refusal> {
    let actor = Actor::user(user.user_id.clone(), user.roles.clone());
    sign_in::note_sign_in(&visit.desk, &visit.context_of(actor), &user.user_id, proof).await?;
    let begun = browser_name::begun(&visit.request);
    session::sign_in_person(&visit.session, &user.user_id, user.epoch, &begun)?;
    session::put(&visit.session, LOCALE_OF_ACCOUNT, &user.preferences.locale)?;
    let mut answer = to(own_path(next).unwrap_or(HOME));
    let cookie = device::cookie(&visit.site, &user.email, visit.edge.secure());
    answer.add_cookie(&cookie).map_err(|error| {
        Refusal::new(crate::services::refusal::Code::Internal).because(format!("a cookie cannot be set: {error}"))
    })?;
    Ok(answer)
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
    let wait = Some(wait_words(&visit.page, refusal));
    let screen = Login { page: visit.page.clone(), form, faults: Faults::none(), wait };
    too_often(&screen, visit, refusal)
}

/// How long to wait, in words.
pub fn wait_words(page: &Page, refusal: &Refusal) -> String {
    page.t1("account-login-wait", "seconds", refusal.retry_after_s.unwrap_or(1))
}

/// The answer to a form that was sent too often.
pub fn too_often(screen: &impl Template, visit: &Visit, refusal: &Refusal) -> Result<HttpResponse, Refusal> {
    let mut answer = written(StatusCode::TOO_MANY_REQUESTS, screen, &visit.page)?;
    answer.headers_mut().insert(RETRY_AFTER, refusal.retry_after_s.unwrap_or(1).into());
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
