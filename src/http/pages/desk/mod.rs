//! The desk: the queue, one case, verdicts, and the list of all refunds.

pub mod capacity;
pub mod claim;
pub mod decide;
pub mod evidence;
pub mod facts;
pub mod file;
pub mod files;
pub mod hand_over;
pub mod list;
pub mod live;
pub mod messages;
pub mod narrow;
pub mod order;
mod overtaken;
pub mod queue;
pub mod refund;
pub mod replies;
pub mod reply_values;
pub mod review;
pub mod search;
pub mod shortcuts;
pub mod start;
pub mod story;
pub mod trace;
pub mod unanswered;
pub mod views;
pub mod write;

use actix_web::web;

/// The desk's routes.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::resource("/desk").get(start::show))
        .service(web::resource("/desk/refunds").get(list::show))
        .service(web::resource("/desk/refunds.csv").get(list::download))
        .service(web::resource("/desk/queue").get(queue::show))
        .service(web::resource("/desk/queue/live").get(live::feed))
        .service(web::resource("/desk/views").get(views::show).post(views::keep))
        .service(web::resource("/desk/views/{view_id}").post(views::change))
        .service(web::resource("/desk/views/{view_id}/forget").post(views::forget))
        .service(web::resource("/desk/hand-over").get(hand_over::show_all).post(hand_over::hand_over))
        .service(web::resource("/desk/queue/next").post(claim::next))
        .service(web::resource("/desk/queue/claim").post(claim::several))
        .service(web::resource("/desk/orders/{order_id}").get(order::show))
        .service(web::resource("/desk/orders/{order_id}/refunds").post(order::ask))
        .service(web::resource("/desk/messages").get(unanswered::show))
        .service(web::resource("/desk/refunds/{refund_id}/messages/seen").post(unanswered::dismiss))
        .service(web::resource("/desk/replies").get(replies::list))
        .service(web::resource("/desk/replies/new").get(replies::begin).post(replies::add))
        .service(web::resource("/desk/replies/{reply_id}").get(replies::show).post(replies::save))
        .service(web::resource("/desk/replies/{reply_id}/archive").post(replies::archive))
        .service(web::resource("/search").get(search::show))
        .service(web::resource("/help/shortcuts").get(shortcuts::show))
        .service(web::resource("/desk/refunds/{refund_id}").get(refund::show))
        .service(web::resource("/desk/refunds/{refund_id}/claim").post(claim::claim))
        .service(web::resource("/desk/refunds/{refund_id}/claim/renewal").post(claim::renew))
        .service(web::resource("/desk/refunds/{refund_id}/hand-on").get(hand_over::show_case).post(hand_over::hand_on))
        .service(web::resource("/desk/refunds/{refund_id}/release").post(claim::release))
        .service(web::resource("/desk/refunds/{refund_id}/skip").post(claim::skip))
        .service(web::resource("/desk/refunds/{refund_id}/decide").get(decide::show))
        .service(web::resource("/desk/refunds/{refund_id}/decision").post(decide::decide))
        .service(web::resource("/desk/refunds/{refund_id}/undo").post(decide::undo))
        .service(web::resource("/desk/refunds/{refund_id}/notes").post(write::note))
        .service(web::resource("/desk/refunds/{refund_id}/messages").get(messages::show).post(messages::send))
        .service(web::resource("/desk/refunds/{refund_id}/letters/{letter}/again").post(messages::send_again))
        .service(web::resource("/desk/refunds/{refund_id}/review").get(review::show))
        .service(web::resource("/desk/refunds/{refund_id}/evidence/{nth}").get(file::show))
        .service(web::resource("/desk/refunds/{refund_id}/evidence/{nth}/image").get(evidence::image))
        .service(web::resource("/desk/refunds/{refund_id}/evidence/{nth}/original").get(evidence::original))
        .service(web::resource("/desk/refunds/{refund_id}/evidence/{nth}/alt").post(evidence::describe))
        .service(web::resource("/desk/refunds/{refund_id}/evidence/{nth}/unreadable").post(evidence::mark))
        .service(web::resource("/desk/refunds/{refund_id}/cancel").post(decide::cancel))
        .service(web::resource("/desk/refunds/{refund_id}/retry").post(decide::retry));
}
