//! The processors: one trait, a registry, and one folder for each processor.
//!
//! A connector turns our orders into its processor's HTTP calls and its processor's words into the unified vocabulary of
//! [`crate::domain::provider`]. It stores nothing, retries nothing and decides nothing: when to call is the business of
//! the workers, what an answer means for a refund that of the services. Adding a processor means one new module here and
//! one line in [`registry`].

pub mod config;
pub mod headers;
pub mod registry;
pub mod simulator;
mod transport;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::money::Money;
use crate::domain::provider::{Forged, LookUp, Outcome, ProviderRefund, RefundOrder, Verified};
use crate::domain::refund::{UnknownWord, words};

pub use config::{BadProvider, ProviderConfig};
pub use headers::WebhookHeaders;
pub use registry::Registry;

/// One configured account at one processor.
///
/// No method has a default body: a connector that forgets one, above all [`Provider::verify`], does not compile.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The account's name, as configured: `stripe-eu`, `simulator`.
    fn account(&self) -> &str;

    /// The processor's name: `simulator`, `stripe`, `adyen`.
    fn connector(&self) -> &'static str;

    /// What a look-up by our reference can prove.
    fn look_up_power(&self) -> LookUpPower;

    /// How long after a key's first use the processor still knows it; nothing where it never forgets. A key that may be
    /// forgotten is not sent again: it would make a second refund.
    fn key_window(&self) -> Option<Duration>;

    /// After how long every call here has ended, answered or not. A worker sends only while its lease lasts longer.
    fn call_deadline(&self) -> Duration;

    /// Whether the processor's own minor units can express the amount exactly.
    fn can_carry(&self, amount: Money) -> bool;

    /// Asks for one refund, under the reference as idempotency key.
    async fn refund(&self, order: &RefundOrder) -> Outcome;

    /// Reads a refund by the processor's id.
    async fn get(&self, connector_refund_id: &str) -> LookUp;

    /// Looks for the refund that was asked for under our reference, on that payment.
    async fn look_up(&self, reference: &str, connector_transaction_id: &str) -> LookUp;

    /// Lists the account's refunds of a span of time, page by page, for reconciliation.
    async fn list(&self, window: &ListWindow) -> Result<ListPage, NoList>;

    /// Believes a webhook or not: checks its signature over the raw bytes and its time stamp against `now`, then reads it.
    fn verify(&self, headers: &WebhookHeaders, body: &[u8], now: Timestamp) -> Result<Verified, Forged>;

    /// The body of the 200 that tells the processor that its webhook was taken.
    fn acknowledgement(&self) -> &'static str;
}

words! {
    /// What a look-up by our reference can prove.
    LookUpPower {
        /// What it does not find was not done.
        Conclusive = "conclusive",
        /// There is no such look-up, so absence proves nothing.
        None = "none",
    }
}

/// Which refunds are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListWindow {
    /// Made at or after this moment, by the processor's clock.
    pub from: Timestamp,
    /// Made before this moment.
    pub to: Timestamp,
    /// Where the page before ended, as it said in [`ListPage::next`].
    pub cursor: Option<String>,
}

/// One page of a processor's refunds, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// The refunds with the moments at which the processor made them.
    pub refunds: Vec<(Timestamp, ProviderRefund)>,
    /// The cursor of the next page, where there is one.
    pub next: Option<String>,
}

/// Why a processor's refunds cannot be listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoList {
    /// The processor has no such call: its reports are uploaded instead.
    #[error("this processor lists no refunds; upload its report")]
    Unsupported,
    /// The call did not work this time.
    #[error("the processor's refunds could not be listed: {detail}")]
    Unavailable {
        /// What happened, in English, without secrets.
        detail: String,
    },
}
