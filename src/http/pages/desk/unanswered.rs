//! The refunds whose customers wrote and wait for an answer, who waits longest first.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::id::RefundId;
use crate::http::limits::Work;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Tag, reason_words};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to};
use crate::services::refusal::Refusal;
use crate::services::unanswered::{self, Unanswered};

/// The list.
#[derive(Template)]
#[template(path = "desk/unanswered.html")]
pub struct UnansweredPage {
    /// The frame.
    pub page: Page,
    /// The refunds.
    pub rows: Vec<Row>,
    /// The first page, where this is another.
    pub first: Option<String>,
    /// The next page, where there is one.
    pub next: Option<String>,
}

/// A refund in the list.
pub struct Row {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub tag: Tag,
    /// Since when its customer waits.
    pub since: Moment,
}

/// Shows the list.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let after = visit.query("after").and_then(|id| RefundId::parse(&id).ok());
    let first = after.as_ref().map(|_| "/desk/messages".to_owned());
    let found = unanswered::list(&visit.desk, &context, after).await?;
    let screen = UnansweredPage {
        rows: found.items.iter().map(|item| row(&visit.page, item)).collect(),
        first,
        next: found.next.map(|id| format!("/desk/messages?after={id}")),
        page: visit.page.clone(),
    };
    shown(&screen, &visit.page)
}

/// Takes one off the list that needs no answer.
pub async fn dismiss(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    unanswered::dismiss(&visit.desk, &context, &visit.refund_id()?).await?;
    visit.leave("success", &visit.page.t("desk-unanswered-dismissed"))?;
    Ok(to("/desk/messages"))
}

fn row(page: &Page, item: &Unanswered) -> Row {
    let lang = page.lang();
    let refund = &item.refund;
    Row {
        id: refund.refund_id.to_string(),
        order_id: refund.order_id.clone(),
        customer: item.customer.clone(),
        amount: Amount::of(&lang, refund.amount),
        reason: reason_words(&lang, refund.reason),
        tag: Tag::of(&lang, refund.state, refund.qualifier),
        since: Moment::of(&lang, item.since),
    }
}
