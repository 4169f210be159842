//! The simulator's paths: HTTP in, HTTP out. Its API resembles those of real processors and is nobody's copy.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use jiff::Timestamp;
use serde::Deserialize;

use super::book::{BookError, Filter, SimulatedRefund};
use super::connector::CONFLICT;
use super::failure;
use super::processor::{Processor, Reply, show};
use super::server::Account;
use super::wire::{ErrorBody, ListBody, RefundRequest, WireError};

/// A page of a list.
const PAGE_ITEMS: u32 = 100;

/// When a caller that was told 429 may call again.
const RETRY_AFTER_S: &str = "1";

/// Longest reference and payment id that are taken.
const ID_BYTES_MAX: usize = 255;

/// The simulator's paths.
pub(super) fn configure(app: &mut ServiceConfig) {
    app.service(web::resource("/v1/refunds").post(create).get(list))
        .service(web::resource("/v1/refunds/{connector_refund_id}").get(get));
}

async fn create(processor: Data<Processor>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let Some(account) = caller(&processor, &request) else { return unauthorized() };
    let order = match read_order(&request, &body) {
        Ok(order) => order,
        Err(message) => return refusal(StatusCode::BAD_REQUEST, "invalid_request", &message),
    };
    match processor.refund(account, order).await {
        Ok(reply) => answer(&reply),
        Err(error) => unavailable(&error),
    }
}

async fn get(processor: Data<Processor>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    let Some(account) = caller(&processor, &request) else { return unauthorized() };
    match processor.book.find(&account.settings.account, &id).await {
        Ok(Some(refund)) => HttpResponse::Ok().json(show(&refund, refund.standing_at(processor.now()))),
        Ok(None) => refusal(StatusCode::NOT_FOUND, "unknown_refund", "There is no such refund."),
        Err(error) => unavailable(&error),
    }
}

#[derive(Deserialize)]
struct ListQuery {
    reference: Option<String>,
    connector_transaction_id: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    cursor: Option<String>,
}

async fn list(processor: Data<Processor>, request: HttpRequest, query: Query<ListQuery>) -> HttpResponse {
    let Some(account) = caller(&processor, &request) else { return unauthorized() };
    let query = query.into_inner();
    let after = match query.cursor.as_deref().map(read_cursor) {
        Some(None) => return refusal(StatusCode::BAD_REQUEST, "invalid_request", "The cursor is not one of ours."),
        Some(Some(after)) => Some(after),
        None => None,
    };
    let filter = Filter {
        account: Some(account.settings.account.clone()),
        reference: query.reference,
        connector_transaction_id: query.connector_transaction_id,
        from: query.from,
        to: query.to,
        after,
        limit: PAGE_ITEMS + 1,
    };
    match processor.book.list(&filter).await {
        Ok(refunds) => HttpResponse::Ok().json(page(refunds, processor.now())),
        Err(error) => unavailable(&error),
    }
}

fn page(mut refunds: Vec<SimulatedRefund>, now: Timestamp) -> ListBody {
    let items = usize::try_from(PAGE_ITEMS).unwrap_or(usize::MAX);
    let more = refunds.len() > items;
    refunds.truncate(items);
    let next_cursor = refunds.last().filter(|_| more).map(write_cursor);
    ListBody { data: refunds.iter().map(|refund| show(refund, refund.standing_at(now))).collect(), next_cursor }
}

fn write_cursor(refund: &SimulatedRefund) -> String {
    format!("{}.{}", refund.created_at.as_microsecond(), refund.connector_refund_id)
}

fn read_cursor(text: &str) -> Option<(Timestamp, String)> {
    let (microsecond, id) = text.split_once('.')?;
    Some((Timestamp::from_microsecond(microsecond.parse().ok()?).ok()?, id.to_owned()))
}

fn caller<'a>(processor: &'a Processor, request: &HttpRequest) -> Option<&'a Account> {
    let value = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    processor.account(value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default())
}

fn read_order(request: &HttpRequest, body: &[u8]) -> Result<RefundRequest, String> {
    let order: RefundRequest = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let key = request.headers().get("idempotency-key").map(|value| value.as_bytes());
    if key != Some(order.merchant_refund_id.as_bytes()) {
        return Err("The Idempotency-Key header has to be the merchant_refund_id.".to_owned());
    }
    let ids = [&order.merchant_refund_id, &order.connector_transaction_id];
    if ids.iter().any(|id| id.is_empty() || id.len() > ID_BYTES_MAX) {
        return Err(format!("Ids have 1 to {ID_BYTES_MAX} bytes."));
    }
    if order.amount.minor_amount <= 0 {
        return Err("The amount has to be positive.".to_owned());
    }
    Ok(order)
}

fn answer(reply: &Reply) -> HttpResponse {
    match reply {
        Reply::Refund { refund, standing, replayed } => {
            let refused = standing.failure.as_deref().and_then(failure::find);
            let status =
                refused.and_then(|failure| failure.http_status).and_then(|code| StatusCode::from_u16(code).ok());
            match (status, refused) {
                (Some(status), Some(failure)) => {
                    respond(status, *replayed).json(ErrorBody { error: WireError::from(failure) })
                }
                (None, _) | (_, None) => respond(StatusCode::OK, *replayed).json(show(refund, standing)),
            }
        }
        Reply::Conflict => refusal(
            StatusCode::CONFLICT,
            CONFLICT,
            "This merchant_refund_id was used for another payment or another amount.",
        ),
        Reply::ServerError { replayed } => {
            let error = WireError { code: "internal".to_owned(), message: None };
            respond(StatusCode::INTERNAL_SERVER_ERROR, *replayed).json(ErrorBody { error })
        }
        Reply::TooMany => {
            let error = WireError { code: "rate_limited".to_owned(), message: None };
            HttpResponse::TooManyRequests()
                .insert_header((header::RETRY_AFTER, RETRY_AFTER_S))
                .json(ErrorBody { error })
        }
        // Nobody waits for this any more.
        Reply::Silence => HttpResponse::GatewayTimeout().force_close().finish(),
    }
}

fn respond(status: StatusCode, replayed: bool) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    if replayed {
        response.insert_header(("idempotent-replayed", "true"));
    }
    response
}

fn unauthorized() -> HttpResponse {
    refusal(StatusCode::UNAUTHORIZED, "unauthorized", "The key is not that of an account.")
}

fn unavailable(error: &BookError) -> HttpResponse {
    tracing::warn!(%error, "the simulator cannot use its book");
    refusal(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The book cannot be used now.")
}

fn refusal(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    let error = WireError { code: code.to_owned(), message: Some(message.to_owned()) };
    HttpResponse::build(status).json(ErrorBody { error })
}
