//! The customer's pages: find the order, ask, follow, withdraw. No account; a link by mail opens one order.

pub mod amount;
pub mod check;
pub mod draft;
pub mod items;
pub mod link;
pub mod order;
pub mod reason;
pub mod start;
pub mod status;
pub mod step;
pub mod withdraw;
