//! Signing in and out, and what a reader chooses for themselves.

pub mod login;
pub mod preferences;

use actix_web::web;

/// The routes of signing in and of preferences.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/").get(door))
        .service(web::resource("/login").get(login::show).post(login::sign_in))
        .service(web::resource("/logout").post(login::sign_out))
        .service(web::resource("/preferences").post(preferences::choose));
}

/// The front door: people of the desk to the desk, everybody else to where refunds are asked for.
async fn door(visit: super::visit::Visit) -> actix_web::HttpResponse {
    super::visit::to(visit.page.home())
}
