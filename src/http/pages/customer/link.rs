//! The link by mail or from the shop: sent, opened by a button, or no longer good. A GET changes nothing, so that
//! programs that look into mails cannot use it up.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::step::order_address;
use crate::domain::access::{Actor, Principal};
use crate::http::limits::Work;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::reader::LOCALE_OF_ACCOUNT;
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, shown, to, written};
use crate::services::links::{self, Door};
use crate::services::read_orders;
use crate::services::refusal::Refusal;

/// Says that a link is on its way, if it is.
pub async fn sent(visit: Visit) -> Result<HttpResponse, Refusal> {
    let shows_dev_mail = visit.site.letters.is_some();
    shown(&Sent { page: visit.page.clone(), shows_dev_mail }, &visit.page)
}

/// Shows the button that opens the order.
pub async fn look(mut visit: Visit) -> Result<HttpResponse, Refusal> {
    let Some(door) = links::look_at_link(&visit.desk, &visit.nobody(), &visit.path("token")).await? else {
        return over(&visit);
    };
    if let Some(language) = language(&visit, &door).await? {
        visit.prefer(&language);
    }
    shown(&Open { page: visit.page.clone(), action: visit.request.path().to_owned() }, &visit.page)
}

/// Opens the order: signs its customer in and uses a mailed link up.
pub async fn open(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    visit.count(Work::Decide)?;
    let Some(door) = links::open_link(&visit.desk, &visit.nobody(), &visit.path("token")).await? else {
        return over(&visit);
    };
    let language = language(&visit, &door).await?;
    session::sign_in(&visit.session, &Principal::Customer(door.customer_id))?;
    if let Some(language) = language {
        session::put(&visit.session, LOCALE_OF_ACCOUNT, &language)?;
    }
    Ok(to(&order_address(&door.order_id)))
}

/// The language of the customer whom the link leads to an order.
async fn language(visit: &Visit, door: &Door) -> Result<Option<String>, Refusal> {
    let context = visit.context_of(Actor::customer(door.customer_id.clone()));
    let order = read_orders::read_order(&visit.desk, &context, &door.order_id).await?;
    Ok(order.customer.map(|customer| customer.locale))
}

fn over(visit: &Visit) -> Result<HttpResponse, Refusal> {
    written(StatusCode::NOT_FOUND, &Expired { page: visit.page.clone() }, &visit.page)
}

/// What to do now that a link may have been sent.
#[derive(Template)]
#[template(path = "customer/sent.html")]
pub struct Sent {
    /// The frame.
    pub page: Page,
    /// Whether mail lands on a page of ours.
    pub shows_dev_mail: bool,
}

/// The page that the link opens.
#[derive(Template)]
#[template(path = "customer/open.html")]
pub struct Open {
    /// The frame.
    pub page: Page,
    /// Where the button posts to.
    pub action: String,
}

/// The link was used, is too old, or never was one.
#[derive(Template)]
#[template(path = "customer/expired.html")]
pub struct Expired {
    /// The frame.
    pub page: Page,
}
