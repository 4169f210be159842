//! The set-up of a new desk: who holds the one-time link becomes the first administrator. Afterwards nothing is here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::login::enter;
use super::new_password;
use crate::domain::access::Role;
use crate::http::limits::Work;
use crate::http::pages::email;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Choice;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, written};
use crate::l10n::Locale;
use crate::services::people::{NAME_LENGTH_MAX, NewUser};
use crate::services::refusal::{Code, Refusal};
use crate::services::set_up;
use crate::services::sign_in::Proof;

/// The page.
#[derive(Template)]
#[template(path = "account/setup.html")]
pub struct SetUp {
    /// The frame.
    pub page: Page,
    /// What was typed.
    pub form: SetUpForm,
    /// What is wrong with it.
    pub faults: Faults,
    /// What is asked of the password.
    pub password_hint: String,
    /// The languages to choose from.
    pub languages: Vec<Choice>,
}

/// What was typed; the password is never shown again.
#[derive(Clone, Debug, Default)]
pub struct SetUpForm {
    /// The link's text.
    pub token: String,
    /// What they are called.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// The page where the link does not work (any more).
#[derive(Template)]
#[template(path = "account/setup-over.html")]
pub struct SetUpOver {
    /// The frame.
    pub page: Page,
}

/// Shows the form, where the desk waits for its first administrator.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let token = visit.query("token").unwrap_or_default();
    if let Some(answer) = closed(&visit, &token).await? {
        return Ok(answer);
    }
    let form = SetUpForm { token, ..SetUpForm::default() };
    shown(&screen(visit.page.clone(), form, Faults::none(), visit.page.tag()), &visit.page)
}

/// Makes the first administrator and signs them in.
pub async fn finish(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    visit.count(Work::Decide)?;
    let typed = SetUpForm {
        token: form.get("token").to_owned(),
        name: form.trimmed("name").to_owned(),
        email: form.trimmed("email").to_owned(),
    };
    if let Some(answer) = closed(&visit, &typed.token).await? {
        return Ok(answer);
    }
    let password = form.get("password");
    let locale = Locale::from_tag(form.get("locale")).filter(|locale| !locale.is_pseudo()).unwrap_or(Locale::DEFAULT);
    let mut faults = Faults::none();
    judge_name(&mut faults, &visit.page, &typed.name);
    if !email::is_address(&typed.email) {
        faults.add("email", visit.page.t("account-email-wrong"));
    }
    new_password::judge(&mut faults, &visit.page, "password", password, &[&typed.name, &typed.email]);
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        return refused(&screen(page.clone(), typed, faults, locale.tag()), &page);
    }
    let new = NewUser {
        email: typed.email,
        name: typed.name,
        locale: locale.tag().to_owned(),
        roles: [Role::Admin].into(),
        password: password.to_owned(),
    };
    let made = set_up::make_first_admin(&visit.desk, &visit.nobody(), &typed.token, new).await;
    match made {
        Ok(user) => {
            let answer = enter(&visit, &user, Proof::SetUp, "").await?;
            visit.leave("success", &visit.page.t("account-setup-done"))?;
            Ok(answer)
        }
        // Somebody was faster: there is an administrator now.
        Err(refusal) => Err(refusal),
    }
}

/// The name of a person in a form.
pub fn judge_name(faults: &mut Faults, page: &Page, name: &str) {
    if name.is_empty() {
        faults.add("name", page.t("account-name-empty"));
    } else if name.chars().count() > NAME_LENGTH_MAX || name.chars().any(char::is_control) {
        faults.add("name", page.t1("account-name-long", "most", NAME_LENGTH_MAX));
    }
}

/// What is here where nothing is set up: nothing once there is an administrator, else how to get another link.
async fn closed(visit: &Visit, token: &str) -> Result<Option<HttpResponse>, Refusal> {
    if !set_up::is_open(&visit.desk).await? {
        return Err(Refusal::new(Code::PathNotFound));
    }
    if set_up::works(&visit.desk, &visit.nobody(), token).await? {
        return Ok(None);
    }
    written(StatusCode::NOT_FOUND, &SetUpOver { page: visit.page.clone() }, &visit.page).map(Some)
}

fn screen(page: Page, form: SetUpForm, faults: Faults, locale: &str) -> SetUp {
    let (password_hint, languages) = (new_password::hint(&page), languages(locale));
    SetUp { page, form, faults, password_hint, languages }
}

/// The languages that an account can have.
pub fn languages(chosen: &str) -> Vec<Choice> {
    let chosen = Locale::from_tag(chosen);
    Locale::offered(false).map(|each| Choice::in_language(each.tag(), each.name(), chosen == Some(each))).collect()
}
