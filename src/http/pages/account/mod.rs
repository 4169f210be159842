//! Signing in and out, and what a reader chooses for themselves.

pub mod login;
pub mod preferences;

use actix_web::web;

/// The routes of signing in and of preferences.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/login").get(login::show).post(login::sign_in))
        .service(web::resource("/logout").post(login::sign_out))
        .service(web::resource("/preferences").post(preferences::choose));
}
