//! Signing in and out, and what a reader chooses for themselves.

mod again;
mod browser_name;
mod device;
pub mod login;
mod new_password;
pub mod own;
pub mod preferences;
mod qr;
#[cfg(test)]
pub(super) mod sample;
pub mod second_factor;
pub mod security;
pub mod setup;
pub mod verify;
pub mod welcome;

use actix_web::web;

/// The routes of signing in and of preferences.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/").get(door))
        .service(web::resource("/login").get(login::show).post(login::sign_in))
        .service(web::resource("/login/verify").get(verify::show).post(verify::check))
        .service(web::resource("/login/forgot").get(welcome::forgot).post(welcome::send))
        .service(web::resource("/login/forgot/sent").get(welcome::sent))
        .service(web::resource("/welcome").get(welcome::show).post(welcome::choose))
        .service(web::resource("/setup").get(setup::show).post(setup::finish))
        .service(web::resource("/logout").post(login::sign_out))
        .service(web::resource("/preferences").post(preferences::choose))
        .service(web::resource("/account").get(own::show).post(own::save))
        .service(web::resource("/account/security").get(security::show))
        .service(web::resource("/account/password").post(security::change_password))
        .service(web::resource("/account/sessions/end").post(security::end_session))
        .service(web::resource("/account/sessions/end-others").post(security::end_other_sessions))
        .service(web::resource("/account/second-factor").get(second_factor::show).post(second_factor::confirm))
        .service(web::resource("/account/second-factor/begin").post(second_factor::begin))
        .service(web::resource("/account/second-factor/off").get(second_factor::ask_off).post(second_factor::turn_off))
        .service(
            web::resource("/account/second-factor/codes")
                .get(second_factor::ask_codes)
                .post(second_factor::renew_codes),
        );
}

/// The front door: people of the desk to the desk, everybody else to where refunds are asked for.
async fn door(visit: super::visit::Visit) -> actix_web::HttpResponse {
    super::visit::to(visit.page.home())
}
