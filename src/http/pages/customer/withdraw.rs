//! Taking a request back: a page of its own that names the amount.

use actix_web::HttpResponse;
use askama::Template;

use super::status::may_withdraw;
use crate::domain::id::RefundId;
use crate::http::limits::Work;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to};
use crate::services::move_refund::{Move, move_refund};
use crate::services::read_refunds;
use crate::services::refusal::{Code, Refusal};

/// Asks whether it is meant.
pub async fn ask(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let refund_id = visit.refund_id()?;
    let view = read_refunds::read_refund(&visit.desk, &context, &refund_id).await?;
    if !may_withdraw(view.refund.state) {
        return too_late(&visit, &refund_id);
    }
    let amount_words = visit.page.lang().money(view.refund.amount);
    let screen = Withdraw { page: visit.page.clone(), refund_id: refund_id.to_string(), amount_words };
    shown(&screen, &visit.page)
}

/// Takes it back.
pub async fn withdraw(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let refund_id = visit.refund_id()?;
    visit.count(Work::Decide)?;
    match move_refund(&visit.desk, &context, Move::Cancel(refund_id.clone(), None)).await {
        Ok(_) => {
            visit.leave("success", &visit.page.t("customer-withdraw-done"))?;
            Ok(to(&address(&refund_id)))
        }
        Err(refusal) if refusal.code == Code::State => too_late(&visit, &refund_id),
        Err(refusal) => Err(refusal),
    }
}

fn too_late(visit: &Visit, refund_id: &RefundId) -> Result<HttpResponse, Refusal> {
    visit.leave("warning", &visit.page.t("customer-withdraw-too-late"))?;
    Ok(to(&address(refund_id)))
}

fn address(refund_id: &RefundId) -> String {
    format!("/refunds/r/{refund_id}")
}

/// The page.
#[derive(Template)]
#[template(path = "customer/withdraw.html")]
pub struct Withdraw {
    /// The frame.
    pub page: Page,
    /// The refund.
    pub refund_id: String,
    /// How much, in a sentence.
    pub amount_words: String,
}
