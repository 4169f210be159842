//! Orders: pushed by the merchant, read with what remains.

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use serde_json::{Value, json};

use super::call::Call;
use super::order_body::{self, OrderBody};
use super::order_view::{OrderLink, OrderView};
use super::routes::{About, Access, Route};
use crate::domain::access::{Actor, Permission, Scope};
use crate::http::edge;
use crate::http::limits::Work;
use crate::services::push_order::{self, Pushed};
use crate::services::{Code, Refusal, links, read_orders};

/// The route of an order.
const ORDER: &str = "/v1/orders/{order_id}";

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::PUT,
            path: ORDER,
            access: Access::Token(Scope::OrdersWrite, Permission::OrderWrite),
            work: Work::Create,
            replays: false,
            about: About::new("orders", "push-order")
                .body::<OrderBody>(example)
                .answers::<OrderView>(200)
                .answers::<OrderView>(201)
                .refuses(&[Code::AmountRange, Code::Currency, Code::Payment]),
            handle: |call| Box::pin(push(call)),
        },
        Route {
            method: Method::GET,
            path: ORDER,
            access: Access::Token(Scope::OrdersRead, Permission::OrderRead),
            work: Work::Read,
            replays: false,
            about: About::new("orders", "get-order").answers::<OrderView>(200).refuses(&[Code::OrderNotFound]),
            handle: |call| Box::pin(show(call)),
        },
        Route {
            method: Method::POST,
            path: "/v1/orders/{order_id}/link",
            access: Access::Token(Scope::OrdersWrite, Permission::OrderWrite),
            work: Work::Create,
            replays: false,
            about: About::new("orders", "make-order-link").answers::<OrderLink>(201).refuses(&[Code::OrderNotFound]),
            handle: |call| Box::pin(link(call)),
        },
    ]
}

/// An order that can be pushed as it stands.
pub fn example() -> Value {
    json!({
        "customer": {"email": "ana@customer.example", "name": "Ana Costa", "locale": "en"},
        "currency": "USD",
        "placed_at": "2026-11-20T21:50:45Z",
        "lines": [{
            "line_id": "1", "description": "Kettle", "quantity": 2, "unit_amount_minor": 4000, "tax_minor": 1600,
            "discount_minor": 600
        }],
        "payments": [{
            "payment_id": "p1", "provider_account": "simulator", "connector_transaction_id": "sim_succeeded_1001",
            "rail": "card", "status": "captured", "captured_minor": 9000, "captured_at": "2026-11-20T21:51:00Z"
        }]
    })
}

async fn push(call: Call) -> Result<HttpResponse, Refusal> {
    let order_id = order_body::order_id(&call.path("order_id"))?;
    let (_, order) = call.json(|at| order_body::order(at, order_id.clone()))?;
    let (desk, context) = (call.desk()?, call.context()?);
    let pushed = push_order::push_order(&desk, &context, order).await?;
    // Who may write an order is told what became of it, whether or not it may read others.
    let teller = call.context_of(Actor::internal(context.actor.principal));
    let view = OrderView::from(read_orders::read_order(&desk, &teller, &order_id).await?);
    Ok(match pushed {
        Pushed::Created => {
            let location = call.request.uri().path().to_owned();
            HttpResponse::Created().insert_header((header::LOCATION, location)).json(view)
        }
        Pushed::Changed | Pushed::Unchanged => HttpResponse::Ok().json(view),
    })
}

async fn show(call: Call) -> Result<HttpResponse, Refusal> {
    let (desk, context) = (call.desk()?, call.context()?);
    let order = read_orders::read_order(&desk, &context, &call.order_id()?).await?;
    Ok(HttpResponse::Ok().json(OrderView::from(order)))
}

async fn link(call: Call) -> Result<HttpResponse, Refusal> {
    call.nothing()?;
    let (desk, context) = (call.desk()?, call.context()?);
    let made = links::shop_link(&desk, &context, &call.order_id()?, &edge::secret()).await?;
    Ok(HttpResponse::Created().json(OrderLink { url: made.url, expires_at: made.expires_at }))
}
