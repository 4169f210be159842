//! Letters to look at: outside live mode those that would have been mailed, and for who reads settings an example of each.

pub mod mail;
pub mod preview;

use actix_web::web;

/// The routes; those of letters that would have been mailed answer outside live mode only.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/dev/mail").get(mail::list))
        .service(web::resource("/dev/mail/{letter}").get(mail::show))
        .service(web::resource("/dev/mail/{letter}/html").get(mail::html))
        .service(web::resource("/admin/mail/preview").get(preview::show))
        .service(web::resource("/admin/mail/preview/html").get(preview::html));
}
