//! The customer's pages: find the order, ask, follow, write, withdraw, ask to look again. No account; a link by mail opens one order.

pub mod amount;
pub mod appeal;
pub mod check;
pub mod draft;
pub mod evidence;
pub mod help;
pub mod items;
pub mod link;
pub mod live;
pub mod order;
pub mod progress;
pub mod reason;
pub mod start;
pub mod status;
pub mod step;
pub mod upload;
pub mod withdraw;
pub mod write;

use actix_web::web;

/// The customer's routes.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/help").get(help::show))
        .service(web::resource("/refunds").get(start::show).post(start::send))
        .service(web::resource("/refunds/sent").get(link::sent))
        .service(web::resource("/refunds/verify/{token}").get(link::look).post(link::open))
        .service(web::resource("/refunds/orders/{order_id}").get(order::show))
        .service(web::resource("/refunds/new").post(order::ask))
        .service(web::resource("/refunds/new/items").get(items::show).post(items::answer))
        .service(web::resource("/refunds/new/reason").get(reason::show).post(reason::answer))
        .service(web::resource("/refunds/new/amount").get(amount::show).post(amount::answer))
        .service(web::resource("/refunds/new/evidence").get(evidence::show).post(evidence::answer))
        .service(web::resource("/refunds/new/check").get(check::show).post(check::send))
        .service(web::resource("/refunds/r/{refund_id}").get(status::show))
        .service(web::resource("/refunds/r/{refund_id}/evidence").get(evidence::show_more).post(evidence::add))
        .service(web::resource("/refunds/r/{refund_id}/live").get(live::feed))
        .service(web::resource("/refunds/r/{refund_id}/messages").get(write::show).post(write::write))
        .service(web::resource("/refunds/r/{refund_id}/appeal").get(appeal::ask).post(appeal::appeal))
        .service(web::resource("/refunds/r/{refund_id}/withdraw").get(withdraw::ask).post(withdraw::withdraw));
}
