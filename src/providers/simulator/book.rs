//! Everything that the simulator remembers, as a trait: the durable books are written where the store is.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::money::Money;
use crate::domain::provider::UnifiedStatus;

/// The simulator's memory. Each method is one write or one read; whatever it says is durable once it returns.
#[async_trait]
pub trait Book: Send + Sync {
    /// Remembers a refund with its webhooks in one write, unless its account and reference are known already.
    async fn record(&self, refund: SimulatedRefund, webhooks: Vec<NewDelivery>) -> Result<Recorded, BookError>;

    /// Counts one more call under a reference and tells the count; only modes that heal after some calls ask for it.
    async fn count_call(&self, account: &str, reference: &str) -> Result<u32, BookError>;

    /// The refund with this id.
    async fn find(&self, account: &str, connector_refund_id: &str) -> Result<Option<SimulatedRefund>, BookError>;

    /// Refunds that fit the filter, by `created_at`, then by `connector_refund_id`.
    async fn list(&self, filter: &Filter) -> Result<Vec<SimulatedRefund>, BookError>;

    /// Takes due webhooks under a lease, counting their attempt; and says when the next one is due. It is called about
    /// once a second by an idle simulator too, so it should look before it writes.
    async fn take_due(&self, claim: Claim) -> Result<Due, BookError>;

    /// Records how taken webhooks went, all in one write. One that is not settled becomes due again when its lease ends.
    async fn settle(&self, results: Vec<Settled>) -> Result<(), BookError>;
}

/// Why the book could not be read or written; the simulator answers 503 and keeps going.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulator's book cannot be used: {0}")]
pub struct BookError(pub String);

/// A refund in the book. Account and reference together are its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedRefund {
    /// The account that asked.
    pub account: String,
    /// Its reference.
    pub reference: String,
    /// The simulator's id: a digest of account and reference, so that every node mints the same.
    pub connector_refund_id: String,
    /// The payment's id.
    pub connector_transaction_id: String,
    /// How much.
    pub amount: Money,
    /// When it was asked for, in whole microseconds.
    pub created_at: Timestamp,
    /// Where it stood at first.
    pub first: Standing,
    /// Where it stands from some moment on, if that differs. Nothing has to be written when that moment comes.
    pub turn: Option<Turn>,
}

/// Where a refund stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The status.
    pub status: UnifiedStatus,
    /// The failure's code, where it failed.
    pub failure: Option<String>,
}

/// A change that time brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When, in whole microseconds.
    pub at: Timestamp,
    /// To where.
    pub to: Standing,
}

impl SimulatedRefund {
    /// Where it stands at a moment.
    pub fn standing_at(&self, now: Timestamp) -> &Standing {
        match &self.turn {
            Some(turn) if turn.at <= now => &turn.to,
            Some(_) | None => &self.first,
        }
    }
}

/// What became of [`Book::record`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is in the book now.
    New,
    /// The account's reference was there already, with this refund; nothing was written.
    Known(Box<SimulatedRefund>),
}

/// Which refunds are listed; what is not set does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this account.
    pub account: Option<String>,
    /// With this reference.
    pub reference: Option<String>,
    /// Of this payment.
    pub connector_transaction_id: Option<String>,
    /// Created at or after.
    pub from: Option<Timestamp>,
    /// Created before.
    pub to: Option<Timestamp>,
    /// After the refund with this creation time and id.
    pub after: Option<(Timestamp, String)>,
    /// At most so many.
    pub limit: u32,
}

/// A webhook to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// Unique for each delivery.
    pub delivery_id: String,
    /// The account whose address and secret are used.
    pub account: String,
    /// The event's id; deliveries may share one.
    pub event_id: String,
    /// The body, exactly as it is signed and sent.
    pub body: String,
    /// When, in whole microseconds.
    pub due_at: Timestamp,
    /// Whether the first attempt is signed wrongly.
    pub spoiled: bool,
}

/// Which webhooks are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The moment; what is due at it or before is taken, unless another lease lasts beyond it.
    pub now: Timestamp,
    /// How long nobody else takes them.
    pub lease: Duration,
    /// Due times and leases that end later than this from now come from a clock that stepped back: they count as over.
    pub horizon: Duration,
    /// At most so many.
    pub limit: u32,
}

/// Webhooks that were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The webhooks, longest due first.
    pub deliveries: Vec<Delivery>,
    /// When the next of those that were not taken is due or free, if there is one.
    pub next_at: Option<Timestamp>,
}

/// A webhook under lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The webhook.
    pub webhook: NewDelivery,
    /// The number of this attempt; the first is 1.
    pub attempt: u32,
}

/// How an attempt at a webhook went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Which one.
    pub delivery_id: String,
    /// When it is tried again; nothing where it was taken or is given up.
    pub again_at: Option<Timestamp>,
}
