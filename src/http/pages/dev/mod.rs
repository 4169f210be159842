//! Outside live mode: what would have been mailed.

pub mod mail;

use actix_web::web;

/// The routes, which answer outside live mode only.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/dev/mail").get(mail::list))
        .service(web::resource("/dev/mail/{letter}").get(mail::show))
        .service(web::resource("/dev/mail/{letter}/html").get(mail::html));
}
