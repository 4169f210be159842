//! The start: an order number and an e-mail address; the answer is the same whether they belong together or not.

use std::time::Instant;

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::calendar::{Basis, Timelines, TransitTime};
use crate::domain::order::Rail;
use crate::http::limits::Work;
use crate::http::pages::csrf;
use crate::http::pages::email;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Notice, rail_icon, rail_words};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::l10n::Lang;
use crate::services::links;
use crate::services::refusal::Refusal;

/// Characters of an order number at most; the shop's own limit is the same.
const ORDER_ID_LENGTH_MAX: usize = 128;

/// The page.
#[derive(Template)]
#[template(path = "customer/start.html")]
pub struct Start {
    /// The frame.
    pub page: Page,
    /// What was typed.
    pub form: StartForm,
    /// What is wrong with it.
    pub faults: Faults,
    /// How long each rail takes.
    pub rails: Vec<RailTime>,
}

/// What was typed.
#[derive(Debug, Default)]
pub struct StartForm {
    /// The order's number.
    pub order_id: String,
    /// The e-mail address.
    pub email: String,
}

/// How long a rail takes.
pub struct RailTime {
    /// Name of its symbol.
    pub icon: &'static str,
    /// Its name.
    pub name: String,
    /// How long.
    pub time: String,
}

/// Shows the start.
pub async fn show(mut visit: Visit) -> Result<HttpResponse, Refusal> {
    if visit.query("ended").is_some() && visit.page.flash.is_none() {
        visit.page.flash = Some(Notice { kind: "info", text: visit.page.t("customer-signed-out") });
    }
    let rails = RailTime::all(&visit.page.lang(), &visit.desk.timelines);
    let page = visit.page.clone();
    shown(&Start { page, form: StartForm::default(), faults: Faults::none(), rails }, &visit.page)
}

/// Sends the link, if order and address belong together; the answer does not tell.
pub async fn send(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let form = StartForm { order_id: form.trimmed("order_id").to_owned(), email: form.trimmed("email").to_owned() };
    let faults = form.faults(&visit.page);
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        let rails = RailTime::all(&page.lang(), &visit.desk.timelines);
        return refused(&Start { page: page.clone(), form, faults, rails }, &page);
    }
    visit.count(Work::Create)?;
    visit.edge.limits.link_asked(&form.email, Instant::now())?;
    let secret = [csrf::random_word(), csrf::random_word()].concat();
    links::mail_link(&visit.desk, &visit.nobody(), &form.order_id, &form.email, &secret).await?;
    Ok(to("/refunds/sent"))
}

impl StartForm {
    fn faults(&self, page: &Page) -> Faults {
        let mut faults = Faults::none();
        if self.order_id.is_empty() {
            faults.add("order_id", page.t("customer-start-order-empty"));
        } else if self.order_id.chars().count() > ORDER_ID_LENGTH_MAX {
            faults.add("order_id", page.t("customer-start-order-long"));
        }
        if self.email.is_empty() {
            faults.add("email", page.t("customer-start-email-empty"));
        } else if !email::is_address(&self.email) {
            faults.add("email", page.t("customer-start-email-wrong"));
        }
        faults
    }
}

impl RailTime {
    /// All rails.
    pub fn all(lang: &Lang<'_>, timelines: &Timelines) -> Vec<Self> {
        let rail_time = |rail: &Rail| RailTime {
            icon: rail_icon(*rail),
            name: rail_words(lang, *rail),
            time: time_words(lang, timelines.of(*rail)),
        };
        Rail::ALL.iter().map(rail_time).collect()
    }
}

/// How long money takes, in words.
pub fn time_words(lang: &Lang<'_>, time: TransitTime) -> String {
    let id = match time.basis {
        Basis::BusinessDays => "customer-time-business-days",
        Basis::Days if time.from == 0 => return lang.t1("customer-time-up-to-days", "to", time.to),
        Basis::Days => "customer-time-days",
        Basis::Hours => return lang.t1("customer-time-hours", "to", time.to),
    };
    lang.t2(id, "from", time.from, "to", time.to)
}
