//! The simulator: a processor of our own that behaves well or badly on demand, and the connector that speaks to it.
//!
//! It is a counterparty, not a shortcut: its server listens on a socket of its own even when embedded, remembers in a
//! [`Book`] of its own, signs its webhooks, and shares with the connector only the wire format. Source: SPEC section 7.
//!
//! What each mode does, with the payment's id `sim_<mode>_…`; "later" is a call with the same reference:
//!
//! | mode | first call | later calls | webhooks | ends |
//! |---|---|---|---|---|
//! | `succeeded` | done | the same answer | none | SUCCEEDED |
//! | `failed`, `failed_<code>` | refused by a 4xx, or taken and FAILED, as the code says | the same answer | none | FAILED |
//! | `pending_then_succeeded` | PENDING | as it now stands | succeeded | SUCCEEDED |
//! | `pending_then_failed`, `…_<code>` | PENDING | as it now stands | failed | FAILED |
//! | `timeout_done` | done, never answered | done | succeeded | SUCCEEDED |
//! | `timeout_lost` | not done, never answered | the second one does it | none | SUCCEEDED |
//! | `http_500` | 500, not done | the second 500, the third does it | none | SUCCEEDED |
//! | `http_500_stored` | 500, not done | the same 500 for ever, marked as replayed | none | nothing; a later attempt succeeds |
//! | `slow` | done, answered late | done, at once | none | SUCCEEDED |
//! | `late_reversal` | done | as it now stands | failed, after the success | FAILED |
//! | `duplicate_webhook` | PENDING | as it now stands | succeeded three times: one event twice, then as another event | SUCCEEDED |
//! | `out_of_order_webhook` | PENDING, after the webhook | as it now stands | succeeded, before the answer | SUCCEEDED |
//! | `bad_signature` | PENDING | as it now stands | succeeded, signed wrongly first, then rightly | SUCCEEDED |
//! | `rate_limited` | 429 | the second 429, the third does it | none | SUCCEEDED |
//!
//! A success that the answer tells is not told again by webhook. A retryable failure code is a passing trouble: a later
//! attempt (a reference that ends in `.2`, `.3` …) succeeds. An id that names no mode gets its account's.

pub mod book;
pub mod connector;
pub mod failure;
pub mod mode;
pub mod server;
pub mod wire;

mod deliverer;
mod processor;
mod routes;
mod signature;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;

pub use book::Book;
pub use server::{Running, SimulatorAccount, SimulatorConfig, start};
pub use wire::ListedRefund;

/// The processor's name in the configuration and in data.
pub const CONNECTOR: &str = "simulator";

/// Tells the simulator's time; shifted together with business time under a test clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
