//! The desk: refunds, newest first, and the story of one.

pub mod decide;
pub mod list;
pub mod refund;
pub mod story;
pub mod trace;

use actix_web::web;

/// The desk's routes.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/desk").get(list::show))
        .service(web::resource("/desk/refunds/{refund_id}").get(refund::show))
        .service(web::resource("/desk/refunds/{refund_id}/decision").post(decide::decide))
        .service(web::resource("/desk/refunds/{refund_id}/cancel").post(decide::cancel))
        .service(web::resource("/desk/refunds/{refund_id}/retry").post(decide::retry));
}
