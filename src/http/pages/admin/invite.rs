//! Somebody new, and the one-time link by which they, or somebody who lost it, choose a password: mailed, or shown once.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use askama::Template;

use super::person::{RoleChoice, address, user_id};
use crate::domain::access::Role;
use crate::domain::id::UserId;
use crate::http::edge;
use crate::http::pages::account::setup::{judge_name, languages};
use crate::http::pages::email;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Choice;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::http::problem::field_detail;
use crate::l10n::Locale;
use crate::services::people::{self, NewUser};
use crate::services::refusal::Refusal;
use crate::services::staff_links::{self, Way};

/// The form.
#[derive(Template)]
#[template(path = "admin/invite.html")]
pub struct Invite {
    /// The frame.
    pub page: Page,
    /// What is wrong with it.
    pub faults: Faults,
    /// What was typed.
    pub form: InviteForm,
    /// Languages.
    pub languages: Vec<Choice>,
    /// What they can be.
    pub roles: Vec<RoleChoice>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct InviteForm {
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether the link is shown instead of mailed.
    pub shown: bool,
}

/// The link, shown once.
#[derive(Template)]
#[template(path = "admin/link.html")]
pub struct LinkShown {
    /// The frame.
    pub page: Page,
    /// Whose it is.
    pub name: String,
    /// Where they are.
    pub back: String,
    /// The link.
    pub url: String,
    /// Until when it works.
    pub until: String,
}

/// Shows the form.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let screen = screen(visit.page.clone(), Faults::none(), InviteForm::default(), visit.page.tag(), &BTreeSet::new());
    shown(&screen, &visit.page)
}

/// Adds somebody who chooses their password by a link.
pub async fn invite(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let typed = InviteForm {
        name: form.trimmed("name").to_owned(),
        email: form.trimmed("email").to_owned(),
        shown: form.get("way") == "shown",
    };
    let roles: BTreeSet<Role> = form.all("roles").filter_map(|word| word.parse().ok()).collect();
    let locale = Locale::from_tag(form.get("locale")).filter(|locale| !locale.is_pseudo()).unwrap_or(Locale::DEFAULT);
    let mut faults = Faults::none();
    judge_name(&mut faults, &visit.page, &typed.name);
    if !email::is_address(&typed.email) {
        faults.add("email", visit.page.t("account-email-wrong"));
    }
    if roles.is_empty() {
        faults.add("roles", visit.page.t("field-roles-none"));
    }
    if faults.is_empty() {
        let new = NewUser {
            email: typed.email.clone(),
            name: typed.name.clone(),
            locale: locale.tag().to_owned(),
            roles: roles.clone(),
            password: String::new(),
        };
        match people::add_user(&visit.desk, &context, new).await {
            Ok(user_id) => return give_link(&visit, &user_id, way(typed.shown)).await,
            Err(refusal) if refusal.errors.is_empty() => return Err(refusal),
            Err(refusal) => {
                refusal.errors.iter().for_each(|error| faults.add("email", field_detail(error, visit.page.lang())));
            }
        }
    }
    let page = visit.page.clone().with_faults();
    refused(&screen(page.clone(), faults, typed, locale.tag(), &roles), &page)
}

/// Gives somebody a link: their first, or one for a new password.
pub async fn link(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    give_link(&visit, &user_id(&visit)?, way(form.get("way") == "shown")).await
}

fn way(shown: bool) -> Way {
    if shown { Way::Shown } else { Way::Mail }
}

async fn give_link(visit: &Visit, user_id: &UserId, way: Way) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let made = staff_links::make(&visit.desk, &context, user_id, &edge::secret(), way).await?;
    let name = people::person(&visit.desk, &context, user_id).await?.view.user.name;
    match way {
        Way::Mail => {
            visit.leave("success", &visit.page.t1("admin-link-mailed", "name", name))?;
            Ok(to(&address(user_id)))
        }
        Way::Shown => {
            let until = visit.page.lang().datetime_with_zone(made.expires_at);
            let page = visit.page.clone();
            shown(&LinkShown { page, name, back: address(user_id), url: made.url, until }, &visit.page)
        }
    }
}

fn screen(page: Page, faults: Faults, form: InviteForm, locale: &str, chosen: &BTreeSet<Role>) -> Invite {
    let (languages, roles) = (languages(locale), RoleChoice::all(&page, chosen));
    Invite { page, faults, form, languages, roles }
}
