//! The pages: for customers, for people at the desk, and for whoever develops against it. Complete without scripts;
//! htmx makes them better.
//!
//! One file a screen: its handler, its template's struct, its form. What all screens share stands beside them: [`frame`]
//! (what every page knows), [`parts`] (what several show alike), [`faults`] (what is wrong with a form), [`assets`]
//! (styles, scripts, icons). Who a page is for stands in [`routes`], and [`gate`] holds to it.

pub mod account;
pub mod admin;
pub mod assets;
pub mod audit;
pub mod csrf;
pub mod customer;
pub mod desk;
pub mod dev;
pub mod developers;
pub mod email;
pub mod error;
pub mod faults;
pub mod frame;
pub mod gate;
pub mod parts;
pub mod posted;
pub mod reader;
pub mod routes;
pub mod session;
pub mod site;
pub mod stream;
pub mod thread;
pub mod viewer;
pub mod visit;
pub mod who;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_desk;
#[cfg(test)]
mod sample_evidence;
#[cfg(test)]
mod sample_letters;
#[cfg(test)]
mod sample_queue;
#[cfg(test)]
mod sample_viewer;
#[cfg(test)]
mod tests;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, web};

use crate::services::refusal::{Code, Refusal};
use site::Site;

/// Mounts all pages. They take every path that nobody took before them, so they come last.
///
/// `secure` says that the public address is https, so that cookies travel by it only.
pub fn configure(site: Site, secure: bool) -> impl Fn(&mut web::ServiceConfig) + Clone {
    move |routes| {
        let pages = web::scope("")
            .configure(account::configure)
            .configure(admin::configure)
            .configure(audit::configure)
            .configure(customer::configure)
            .configure(desk::configure)
            .configure(dev::configure)
            .configure(developers::configure)
            .wrap(from_fn(desk::claim::keep_by_forms))
            .wrap(from_fn(gate::admit))
            .wrap(from_fn(reader::establish))
            .wrap(session::middleware(&site, secure))
            .wrap(from_fn(sessions_or_later));
        routes.app_data(web::Data::new(site.clone())).configure(assets::configure).service(pages);
    }
}

/// A session that cannot be read or kept is no reason to sign anybody out: the database does not answer, come back later.
async fn sessions_or_later(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let later = |error: Error| Refusal::new(Code::Unavailable).retry_after_s(1).because(error);
    next.call(request).await.map_err(|error| later(error).into())
}
