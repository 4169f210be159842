//! What each role may do, as the program itself has it.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::access::{Permission, Role};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::http::pages::visit::{Visit, shown};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "admin/roles.html")]
pub struct Roles {
    /// The frame.
    pub page: Page,
    /// The roles, in order.
    pub roles: Vec<RoleColumn>,
    /// The rights, in order.
    pub rights: Vec<Right>,
}

/// A role.
pub struct RoleColumn {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Whether its people need a second factor.
    pub needs_second_factor: bool,
}

/// A right, and which roles give it.
pub struct Right {
    /// Its name.
    pub name: String,
    /// The word in the program.
    pub word: &'static str,
    /// Whether each role gives it, in the order of the roles.
    pub given: Vec<Given>,
}

/// Whether a role gives a right.
pub struct Given {
    /// It does.
    pub yes: bool,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown(&Roles::of(&visit.page, |role| visit.site.totp_required_roles.contains(&role)), &visit.page)
}

impl Roles {
    /// The page.
    pub fn of(page: &Page, needs_second_factor: impl Fn(Role) -> bool) -> Self {
        let column = |role: &Role| RoleColumn {
            name: page.t(term("page-role-", role.as_str())),
            about: page.t(term("admin-role-", role.as_str())),
            needs_second_factor: needs_second_factor(*role),
        };
        let right = |permission: &Permission| Right {
            name: page.t(term("access-permission-", permission.as_str())),
            word: permission.as_str(),
            given: Role::ALL.iter().map(|role| Given { yes: role.permissions().contains(permission) }).collect(),
        };
        Self {
            roles: Role::ALL.iter().map(column).collect(),
            rights: Permission::ALL.iter().map(right).collect(),
            page: page.clone(),
        }
    }
}
