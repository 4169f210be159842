//! What the desk does: one file a use case. Each checks the permission first, then opens the one transaction that holds
//! the effect, its transition, its audit record, its ledger entries and what has to leave the house.
//!
//! Nothing here awaits the network inside a transaction, reads a clock or mints an id on its own.

pub mod context;
pub mod refusal;

pub use context::Context;
pub use refusal::{Code, FieldError, Refusal};
