//! Everybody who works here.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::access::{Permission, Role};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, term};
use crate::http::pages::visit::{Visit, shown};
use crate::services::people::{self, PersonView};
use crate::services::refusal::Refusal;
use crate::services::sign_in::UserRow;

/// The page.
#[derive(Template)]
#[template(path = "admin/people.html")]
pub struct People {
    /// The frame.
    pub page: Page,
    /// Everybody, by address.
    pub people: Vec<PersonItem>,
    /// Whether this person may change anything.
    pub may_change: bool,
}

/// Somebody in the list.
pub struct PersonItem {
    /// Their id.
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their roles in words.
    pub roles: String,
    /// Where they stand, where that is not simply that they work here.
    pub state: Option<String>,
    /// Whether they have a second factor, in words.
    pub second_factor: String,
    /// When they signed in last.
    pub signed_in: Option<Moment>,
}

/// Shows the list.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let found = people::all_people(&visit.desk, &context).await?;
    let screen = People {
        people: found.into_iter().map(|view| PersonItem::of(&visit.page, view)).collect(),
        may_change: context.actor.may(Permission::Operate),
        page: visit.page.clone(),
    };
    shown(&screen, &visit.page)
}

impl PersonItem {
    fn of(page: &Page, view: PersonView) -> Self {
        let lang = page.lang();
        Self {
            id: view.user.user_id.to_string(),
            roles: role_words(page, view.user.roles.iter().copied()),
            state: state_words(page, &view.user),
            second_factor: page.t(if view.has_second_factor { "admin-factor-on" } else { "admin-factor-off" }),
            signed_in: view.user.signed_in_at.map(|at| Moment::of(&lang, at)),
            name: view.user.name,
            email: view.user.email,
        }
    }
}

/// Roles in words.
pub fn role_words(page: &Page, roles: impl Iterator<Item = Role>) -> String {
    let words = roles.map(|role| page.t(term("page-role-", role.as_str())));
    words.reduce(|first, second| page.t2("page-role-list", "first", first, "second", second)).unwrap_or_default()
}

/// Where somebody stands, where that is not simply that they work here.
pub fn state_words(page: &Page, user: &UserRow) -> Option<String> {
    if !user.active {
        Some(page.t("admin-state-suspended"))
    } else if user.password_hash.is_empty() {
        Some(page.t("admin-state-invited"))
    } else {
        None
    }
}
