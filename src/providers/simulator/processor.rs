//! What the simulator does with a call: chooses the mode, remembers the refund, plans its webhooks. Free of HTTP.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

use crate::domain::provider::UnifiedStatus;

use super::Clock;
use super::book::{Book, BookError, NewDelivery, Recorded, SimulatedRefund, Standing, Turn};
use super::connector::{REFUND_FAILED, REFUND_SUCCEEDED};
use super::deliverer::Alarm;
use super::failure;
use super::mode::{Chosen, Deed, Pause, Plan, Stand};
use super::server::{Account, SimulatorConfig};
use super::wire::{RefundBody, RefundRequest, WireError};

/// How long an overtaken answer waits at least, so that its webhook is surely out.
const OVERTAKEN_MIN: Duration = Duration::from_millis(100);

/// Digits of the digest that ids carry: 96 bits.
const ID_DIGITS: usize = 24;

/// The simulator's working parts.
pub(super) struct Processor {
    pub(super) accounts: Vec<Account>,
    pub(super) config: SimulatorConfig,
    pub(super) book: Arc<dyn Book>,
    pub(super) clock: Clock,
    pub(super) alarm: Alarm,
    pub(super) stopping: watch::Receiver<bool>,
}

/// What a call for a refund is answered.
pub(super) enum Reply {
    /// With the refund as it stands for this caller.
    Refund { refund: Box<SimulatedRefund>, standing: Standing, replayed: bool },
    /// The reference was used for another payment or amount.
    Conflict,
    /// With a server error.
    ServerError { replayed: bool },
    /// Too many calls.
    TooMany,
    /// Not at all.
    Silence,
}

/// A webhook's body. Source: SPEC section 5.
#[derive(Serialize)]
struct Event {
    #[serde(rename = "type")]
    event_type: &'static str,
    timestamp: Timestamp,
    data: RefundBody,
}

impl Processor {
    /// Now, as precise as books keep it.
    pub(super) fn now(&self) -> Timestamp {
        let now = (self.clock)();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The account that a key belongs to.
    pub(super) fn account(&self, key: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| match &account.settings.secret {
            Some(secret) => bool::from(secret.reveal().as_bytes().ct_eq(key.as_bytes())),
            None => true,
        })
    }

    /// Makes a refund, or misbehaves as its mode says.
    pub(super) async fn refund(&self, account: &Account, order: RefundRequest) -> Result<Reply, BookError> {
        let account = &account.settings;
        self.pause(self.config.delay).await;
        let chosen = Chosen::of(&order.connector_transaction_id, &order.merchant_refund_id, &account.behaviour);
        let call = if chosen.counts_calls() {
            self.book.count_call(&account.account, &order.merchant_refund_id).await?
        } else {
            1
        };
        match chosen.plan(call) {
            Plan::Do(deed) => self.carry_out(&account.account, order, deed).await,
            Plan::Hang => {
                self.pause(self.config.hold).await;
                Ok(Reply::Silence)
            }
            Plan::ServerError { replayed } => Ok(Reply::ServerError { replayed }),
            Plan::TooMany => Ok(Reply::TooMany),
        }
    }

    async fn carry_out(&self, account: &str, order: RefundRequest, deed: Deed) -> Result<Reply, BookError> {
        let now = self.now();
        let end_at = match deed.pause {
            Pause::Overtaken => now,
            Pause::None | Pause::Slow | Pause::Forever => later(now, self.config.webhook_delay),
        };
        let refund = refund_of(account, order, &deed, now, end_at);
        let webhooks = webhooks_of(&refund, &deed, end_at);
        let first_due = webhooks.iter().map(|webhook| webhook.due_at).min();
        match self.book.record(refund.clone(), webhooks).await? {
            Recorded::Known(known)
                if known.amount != refund.amount
                    || known.connector_transaction_id != refund.connector_transaction_id =>
            {
                return Ok(Reply::Conflict);
            }
            Recorded::Known(known) => {
                let standing = known.standing_at(self.now()).clone();
                return Ok(Reply::Refund { refund: known, standing, replayed: true });
            }
            Recorded::New => {}
        }
        if let Some(due_at) = first_due {
            self.alarm.set_for(due_at);
        }
        match deed.pause {
            Pause::None => {}
            Pause::Slow => self.pause(self.config.slow).await,
            Pause::Overtaken => self.pause(self.config.webhook_delay.max(OVERTAKEN_MIN)).await,
            Pause::Forever => {
                self.pause(self.config.hold).await;
                return Ok(Reply::Silence);
            }
        }
        Ok(Reply::Refund { standing: refund.first.clone(), refund: Box::new(refund), replayed: false })
    }

    /// Waits, or less long where the simulator stops.
    async fn pause(&self, wait: Duration) {
        if wait.is_zero() {
            return;
        }
        let mut stopping = self.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}

fn refund_of(account: &str, order: RefundRequest, deed: &Deed, now: Timestamp, end_at: Timestamp) -> SimulatedRefund {
    SimulatedRefund {
        account: account.to_owned(),
        connector_refund_id: format!("sre_{}", digits(account, &order.merchant_refund_id)),
        reference: order.merchant_refund_id,
        connector_transaction_id: order.connector_transaction_id,
        amount: order.amount.into(),
        created_at: now,
        first: standing(deed.first),
        turn: deed.then.map(|then| Turn { at: end_at, to: standing(then) }),
    }
}

fn webhooks_of(refund: &SimulatedRefund, deed: &Deed, due_at: Timestamp) -> Vec<NewDelivery> {
    let end = standing(deed.end());
    let event = Event {
        event_type: if end.status == UnifiedStatus::Failed { REFUND_FAILED } else { REFUND_SUCCEEDED },
        timestamp: due_at,
        data: RefundBody { created_at: None, ..show(refund, &end) },
    };
    // A body of text and whole numbers can always be written.
    let Ok(body) = serde_json::to_string(&event) else { return Vec::new() };
    let digits = digits(&refund.account, &refund.reference);
    let delivery = |(number, webhook): (usize, &super::mode::Webhook)| NewDelivery {
        delivery_id: format!("sdl_{digits}_{number}"),
        account: refund.account.clone(),
        event_id: format!("evt_{digits}_{}", webhook.event),
        body: body.clone(),
        due_at,
        spoiled: webhook.spoiled,
    };
    deed.webhooks.iter().enumerate().map(delivery).collect()
}

/// The refund as the simulator shows it.
pub(super) fn show(refund: &SimulatedRefund, standing: &Standing) -> RefundBody {
    RefundBody {
        connector_refund_id: refund.connector_refund_id.clone(),
        merchant_refund_id: Some(refund.reference.clone()),
        connector_transaction_id: Some(refund.connector_transaction_id.clone()),
        status: standing.status.into(),
        amount: Some(refund.amount.into()),
        error: standing.failure.as_deref().and_then(failure::find).map(WireError::from),
        created_at: Some(refund.created_at),
    }
}

fn standing((status, failure): Stand) -> Standing {
    Standing { status, failure: failure.map(|failure| failure.code.to_owned()) }
}

/// What makes the ids of a refund, its events and their deliveries: the same on every node and after every repeat.
fn digits(account: &str, reference: &str) -> String {
    let digest = Sha256::new().chain_update(account).chain_update([0]).chain_update(reference).finalize();
    hex::encode(digest).chars().take(ID_DIGITS).collect()
}

/// The moment some time after another; the last one that there is, where that would be beyond it.
pub(super) fn later(moment: Timestamp, wait: Duration) -> Timestamp {
    moment.saturating_add(wait).unwrap_or(Timestamp::MAX)
}
