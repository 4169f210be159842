//! The audit trail: what was done, record by record, and whether it is untouched. For auditors and administrators.

pub mod export;
pub mod list;
pub mod narrow;
pub mod record;
#[cfg(test)]
pub(super) mod sample;
pub mod verify;

use actix_web::web;

use super::desk::facts::order_address;
use super::frame::Page;
use super::parts::term;
use super::who::who;
use crate::domain::access::Permission;
use crate::domain::audit_action::ACTIONS;
use crate::services::who::Names;

/// The routes of this area.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/audit").get(list::show))
        .service(web::resource("/audit/export").get(export::send))
        .service(web::resource("/audit/verify").get(verify::show).post(verify::verify))
        .service(web::resource("/audit/{audit_id}").get(record::show));
}

/// An action in words; one that is new here by its own word.
pub fn action_words(page: &Page, action: &str) -> String {
    if ACTIONS.contains(&action) { page.t(term("audit-action-", &action.replace('.', "-"))) } else { action.to_owned() }
}

/// What something was done to.
pub struct Object {
    /// The kind and the id, as they stand in the record.
    pub word: String,
    /// What it is called, where it has a name.
    pub name: Option<String>,
    /// Where it is, where the reader can go there.
    pub href: Option<String>,
}

impl Object {
    /// The object of a record, by its subject.
    pub fn of(page: &Page, names: &Names, subject: &str) -> Self {
        let may = |permission| page.person.as_ref().is_some_and(|person| person.permissions.contains(&permission));
        let href = match subject.split_once(':') {
            Some(("refund", id)) if may(Permission::RefundRead) => Some(format!("/desk/refunds/{id}")),
            Some(("order", id)) if id != "*" && may(Permission::OrderRead) => Some(order_address(id)),
            Some(("user", id)) if may(Permission::AdminRead) => Some(format!("/admin/users/{id}")),
            Some(("flag", _)) if may(Permission::PolicyRead) => Some("/admin/flags".to_owned()),
            _ => None,
        };
        let name = names.contains_key(subject).then(|| who(page, names, subject));
        Self { word: subject.to_owned(), name, href }
    }
}
