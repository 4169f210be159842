//! For administrators: who works here and what that lets them do, what waits and what stopped, flags, settings, and whether
//! everything is well. Auditors see it and change nothing; flags belong to Risk too.

pub mod dead_letter;
pub mod diagnostics;
pub mod dlq;
pub mod flags;
pub mod invite;
pub mod outbox;
pub mod people;
pub mod person;
pub mod roles;
#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod sample_outbox;
pub mod settings;

use actix_web::web;

use super::frame::AreaPage;
use crate::domain::access::Permission;

/// The pages at the top of the area.
pub(super) const PAGES: &[AreaPage] = &[
    AreaPage { href: "/admin/users", name: "admin-people-title", permission: Permission::AdminRead },
    AreaPage { href: "/admin/roles", name: "admin-roles-title", permission: Permission::AdminRead },
    AreaPage { href: "/admin/dlq", name: "outbox-dlq-title", permission: Permission::AdminRead },
    AreaPage { href: "/admin/outbox", name: "outbox-title", permission: Permission::AdminRead },
    AreaPage { href: "/admin/flags", name: "admin-flags-title", permission: Permission::PolicyRead },
    AreaPage { href: "/admin/settings", name: "admin-settings-title", permission: Permission::AdminRead },
    AreaPage { href: "/admin/diagnostics", name: "admin-diagnostics-title", permission: Permission::AdminRead },
];

/// The routes of this area.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::redirect("/admin", "/admin/users").see_other())
        .service(web::resource("/admin/users").get(people::show))
        .service(web::resource("/admin/users/new").get(invite::show).post(invite::invite))
        .service(web::resource("/admin/users/{user_id}").get(person::show))
        .service(web::resource("/admin/users/{user_id}/roles").post(person::change_roles))
        .service(web::resource("/admin/users/{user_id}/suspend").get(person::ask_suspend).post(person::suspend))
        .service(web::resource("/admin/users/{user_id}/reactivate").post(person::reactivate))
        .service(web::resource("/admin/users/{user_id}/sign-out").post(person::sign_out))
        .service(web::resource("/admin/users/{user_id}/second-factor").get(person::ask_reset).post(person::reset))
        .service(web::resource("/admin/users/{user_id}/link").post(invite::link))
        .service(web::resource("/admin/roles").get(roles::show))
        .service(web::resource("/admin/outbox").get(outbox::show))
        .service(web::resource("/admin/dlq").get(dlq::show))
        .service(web::resource("/admin/dlq/retry").post(dlq::retry_all))
        .service(web::resource("/admin/dlq/events/{inbox_id}/retry").post(dlq::retry_event))
        .service(web::resource("/admin/dlq/{outbox_id}").get(dead_letter::show))
        .service(web::resource("/admin/dlq/{outbox_id}/retry").post(dead_letter::retry))
        .service(web::resource("/admin/dlq/{outbox_id}/give-up").post(dead_letter::give_up))
        .service(web::resource("/admin/dlq/{outbox_id}/confirm").post(dead_letter::confirm))
        .service(web::resource("/admin/dlq/{outbox_id}/keep").post(dead_letter::keep))
        .service(web::resource("/admin/flags").get(flags::show).post(flags::change))
        .service(web::resource("/admin/settings").get(settings::show))
        .service(web::resource("/admin/diagnostics").get(diagnostics::show));
}
