//! The REST API under `/v1`: one file a resource, one table of routes.

pub mod fields;

/// The route of the refunds of an order.
pub const REFUNDS_OF_ORDER: &str = "/v1/orders/{order_id}/refunds";
