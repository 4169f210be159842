//! The REST API under `/v1`: one table of routes, one guard, one file a resource.
//!
//! `routes` is the table; `guard` lets a call pass or not; `call` is what a handler gets. `order_*` and `refund_*` are the
//! shapes of bodies and answers, whose member names are the contract of SPEC section 5; `openapi` documents all of it.

pub mod call;
pub mod create;
pub mod decisions;
pub mod evidence;
pub mod fields;
pub mod guard;
pub mod openapi;
pub mod order_body;
pub mod order_view;
pub mod orders;
pub mod query;
pub mod refund_body;
pub mod refund_events;
pub mod refund_view;
pub mod refunds;
pub mod routes;
pub mod schema;

/// The route of the refunds of an order.
pub const REFUNDS_OF_ORDER: &str = "/v1/orders/{order_id}/refunds";
