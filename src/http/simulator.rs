//! The embedded simulator's book, for tests and rehearsals: what a real processor would show. Not there in live mode.

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use super::api::call::Call;
use super::api::routes::{About, Access, Parameter, Route};
use super::limits::Work;
use crate::app::StoredBook;
use crate::services::refusal::{Code, Refusal};

const PARAMETERS: &[Parameter] = &[Parameter::query("connector_transaction_id").required()];
const KNOWN: &[&str] = &["connector_transaction_id"];

/// The simulator's refunds of one payment.
#[derive(Serialize, ToSchema)]
pub struct Book {
    /// The refunds, oldest first.
    pub data: Vec<Booked>,
    /// Always false: all of them are here.
    pub has_more: bool,
    /// Always null.
    pub next_cursor: Option<String>,
}

/// One refund of the simulator's book.
#[derive(Serialize, ToSchema)]
pub struct Booked {
    /// The simulator's id of the refund.
    pub connector_refund_id: String,
    /// Our reference.
    pub merchant_refund_id: String,
    /// `PENDING`, `SUCCEEDED` or `FAILED`.
    #[schema(example = "SUCCEEDED")]
    pub status: String,
    /// How much.
    pub amount: BookedAmount,
}

/// An amount, as processors write it.
#[derive(Serialize, ToSchema)]
pub struct BookedAmount {
    /// In the currency's minor unit.
    pub minor_amount: i64,
    /// ISO 4217 code.
    #[schema(example = "USD")]
    pub currency: String,
}

/// The route of this module.
pub fn route() -> Route {
    Route {
        method: Method::GET,
        path: "/simulator/v1/refunds",
        access: Access::Public("a pretended processor's book: no real money, no real customers; absent in live mode"),
        work: Work::Read,
        replays: false,
        about: About::new("desk", "simulator-book").parameters(PARAMETERS).answers::<Book>(200).refuses(&[Code::Body]),
        handle: |call| Box::pin(show(call)),
    }
}

async fn show(call: Call) -> Result<HttpResponse, Refusal> {
    if call.edge.live {
        return Err(Refusal::new(Code::PathNotFound));
    }
    let query = call.query(KNOWN)?;
    let transaction = query.text("connector_transaction_id").map(str::to_owned);
    let transaction = query
        .finish(transaction)?
        .ok_or_else(|| Refusal::field(Code::Body, "connector_transaction_id", "field-required"))?;
    let book = StoredBook::new(call.desk()?.db.clone());
    let found = book.of_transaction(&transaction, call.edge.clock.now()).await;
    let found = found.map_err(|error| Refusal::new(Code::Unavailable).retry_after_s(1).because(error))?;
    let data = found
        .into_iter()
        .map(|refund| Booked {
            connector_refund_id: refund.connector_refund_id,
            merchant_refund_id: refund.merchant_refund_id,
            status: refund.status.to_string(),
            amount: BookedAmount {
                minor_amount: refund.amount.minor_amount,
                currency: refund.amount.currency.to_string(),
            },
        })
        .collect();
    Ok(HttpResponse::Ok().json(Book { data, has_more: false, next_cursor: None }))
}
