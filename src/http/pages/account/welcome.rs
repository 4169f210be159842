//! A one-time link for somebody at the desk: they choose their first password, or a new one; and how to ask for one.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::new_password;
use super::setup::judge_name;
use crate::http::edge;
use crate::http::limits::Work;
use crate::http::pages::email;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, refused, shown, to, written};
use crate::services::refusal::Refusal;
use crate::services::sign_in::UserRow;
use crate::services::staff_links::{self, Chosen};

/// The page.
#[derive(Template)]
#[template(path = "account/welcome.html")]
pub struct Welcome {
    /// The frame.
    pub page: Page,
    /// The link's text.
    pub token: String,
    /// Whose account it is.
    pub email: String,
    /// What they are called; asked for where this is their first password.
    pub name: Option<String>,
    /// What is wrong.
    pub faults: Faults,
    /// What is asked of the password.
    pub password_hint: String,
}

/// The link was used, is too old, or never was one.
#[derive(Template)]
#[template(path = "account/link-over.html")]
pub struct LinkOver {
    /// The frame.
    pub page: Page,
}

/// How to ask for a new password.
#[derive(Template)]
#[template(path = "account/forgot.html")]
pub struct Forgot {
    /// The frame.
    pub page: Page,
    /// What was typed.
    pub email: String,
    /// What is wrong with it.
    pub faults: Faults,
}

/// A link may be on its way.
#[derive(Template)]
#[template(path = "account/forgot-sent.html")]
pub struct ForgotSent {
    /// The frame.
    pub page: Page,
    /// Whether mail lands on a page of ours.
    pub shows_dev_mail: bool,
}

/// Shows the form behind a link; looking uses nothing up.
pub async fn show(mut visit: Visit) -> Result<HttpResponse, Refusal> {
    let token = visit.query("token").unwrap_or_default();
    let Some(user) = staff_links::look_at(&visit.desk, &visit.nobody(), &token).await? else { return over(&visit) };
    visit.prefer(&user.preferences.locale);
    let name = is_first(&user).then(|| user.name.clone());
    shown(&screen(visit.page.clone(), token, &user, name, Faults::none()), &visit.page)
}

/// Chooses the password, and leads to the door.
pub async fn choose(mut visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    visit.count(Work::Decide)?;
    let (token, password) = (form.get("token").to_owned(), form.get("password"));
    let Some(user) = staff_links::look_at(&visit.desk, &visit.nobody(), &token).await? else { return over(&visit) };
    visit.prefer(&user.preferences.locale);
    let name = is_first(&user).then(|| form.trimmed("name").to_owned());
    let mut faults = Faults::none();
    if let Some(name) = &name {
        judge_name(&mut faults, &visit.page, name);
    }
    let known = [name.as_deref().unwrap_or(&user.name), user.email.as_str()];
    new_password::judge(&mut faults, &visit.page, "password", password, &known);
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        return refused(&screen(page.clone(), token, &user, name, faults), &page);
    }
    match staff_links::choose_password(&visit.desk, &visit.nobody(), &token, name, password).await? {
        Chosen::Done => {
            session::sign_out(&visit.session);
            Ok(to("/login?password-chosen"))
        }
        Chosen::LinkOver => over(&visit),
    }
}

/// Asks for whose password it is.
pub async fn forgot(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown(&Forgot { page: visit.page.clone(), email: String::new(), faults: Faults::none() }, &visit.page)
}

/// Mails a link, if there is somebody to mail one to; the answer does not tell.
pub async fn send(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let typed = form.trimmed("email").to_owned();
    if !email::is_address(&typed) {
        let page = visit.page.clone().with_faults();
        let mut faults = Faults::none();
        faults.add("email", page.t("account-email-wrong"));
        return refused(&Forgot { page: page.clone(), email: typed, faults }, &page);
    }
    visit.count(Work::Create)?;
    visit.edge.limits.link_asked(&typed, Instant::now())?;
    staff_links::mail_new_password(&visit.desk, &visit.nobody(), &typed, &edge::secret()).await?;
    Ok(to("/login/forgot/sent"))
}

/// Says that a link is on its way, if it is.
pub async fn sent(visit: Visit) -> Result<HttpResponse, Refusal> {
    let shows_dev_mail = visit.site.letters.is_some();
    shown(&ForgotSent { page: visit.page.clone(), shows_dev_mail }, &visit.page)
}

fn is_first(user: &UserRow) -> bool {
    user.password_hash.is_empty()
}

fn screen(page: Page, token: String, user: &UserRow, name: Option<String>, faults: Faults) -> Welcome {
    let password_hint = new_password::hint(&page);
    Welcome { page, token, email: user.email.clone(), name, faults, password_hint }
}

fn over(visit: &Visit) -> Result<HttpResponse, Refusal> {
    written(StatusCode::NOT_FOUND, &LinkOver { page: visit.page.clone() }, &visit.page)
}
