//! Sends the simulator's webhooks when they are due, signed, until somebody takes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use jiff::Timestamp;
use tokio::sync::Notify;

use super::super::transport;
use super::book::{BookError, Claim, Delivery, Settled};
use super::processor::{Processor, later};
use super::server::Account;
use super::signature;

/// Webhooks that are taken from the book at once.
const BATCH: u32 = 64;

/// Webhooks that are on their way at once.
const CONCURRENT: usize = 32;

/// A receiver stores a webhook and answers; one that needs longer is asked again.
const ANSWER_DEADLINE: Duration = Duration::from_secs(3);

/// A batch is over long before: two rounds of [`ANSWER_DEADLINE`].
const LEASE: Duration = Duration::from_secs(15);

/// Only what is due so much later than anything can be was dated by a clock that stepped back: clocks of nodes differ, and
/// others write between the look at the clock and the look into the book.
const HORIZON_MARGIN: Duration = Duration::from_secs(60);

/// An idle simulator looks into its book so often, since another node may have written into it.
const IDLE_WAIT: Duration = Duration::from_secs(1);

/// Under load, webhooks gather for so long and share their writes.
const GATHERING: Duration = Duration::from_millis(10);

/// The wait between attempts grows to this.
const RETRY_MAX: Duration = Duration::from_secs(300);

/// After so many attempts, over an hour later, a webhook is given up; reads and polls still tell the truth.
const ATTEMPTS_MAX: u32 = 22;

/// Wakes the deliverer when a webhook is written that is due before it would look again.
#[derive(Default)]
pub(super) struct Alarm {
    bell: Notify,
    /// When the deliverer looks next, in microseconds since 1970; while it looks, beyond every due time.
    looks_at: AtomicI64,
}

impl Alarm {
    /// Says that something is due at this moment.
    pub(super) fn set_for(&self, due_at: Timestamp) {
        if due_at.as_microsecond() < self.looks_at.load(Ordering::SeqCst) {
            self.bell.notify_one();
        }
    }
}

/// Sends what is due until the simulator stops; starts again after a panic.
pub(super) async fn supervise(processor: Arc<Processor>) {
    loop {
        let run = tokio::spawn(deliver_until_stopped(Arc::clone(&processor)));
        match run.await {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, "the simulator's webhooks broke off; starting again"),
        }
        tokio::time::sleep(IDLE_WAIT).await;
    }
}

async fn deliver_until_stopped(processor: Arc<Processor>) {
    let mut stopping = processor.stopping.clone();
    while !*stopping.borrow() {
        processor.alarm.looks_at.store(i64::MAX, Ordering::SeqCst);
        let wait = match deliver_due(&processor).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::warn!(%error, "the simulator's webhooks wait");
                IDLE_WAIT
            }
        };
        let looks_at = later(processor.now(), wait);
        processor.alarm.looks_at.store(looks_at.as_microsecond(), Ordering::SeqCst);
        let sleep = async {
            tokio::time::sleep(wait.min(GATHERING)).await;
            tokio::select! {
                () = tokio::time::sleep(wait.saturating_sub(GATHERING)) => {}
                () = processor.alarm.bell.notified() => {}
            }
        };
        tokio::select! {
            () = sleep => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    }
}

/// Sends one batch; tells how long nothing else is due.
async fn deliver_due(processor: &Processor) -> Result<Duration, BookError> {
    let now = processor.now();
    let horizon = RETRY_MAX.max(processor.config.webhook_delay).max(LEASE) + HORIZON_MARGIN;
    let due = processor.book.take_due(Claim { now, lease: LEASE, horizon, limit: BATCH }).await?;
    if !due.deliveries.is_empty() {
        let attempts: Vec<_> = due.deliveries.iter().map(|delivery| attempt(processor, delivery)).collect();
        let results: Vec<Settled> = stream::iter(attempts).buffer_unordered(CONCURRENT).collect().await;
        processor.book.settle(results).await?;
        return Ok(GATHERING);
    }
    let next = due.next_at.map(|at| Duration::try_from(at.duration_since(processor.now())).unwrap_or_default());
    Ok(next.unwrap_or(IDLE_WAIT).clamp(GATHERING, IDLE_WAIT))
}

async fn attempt(processor: &Processor, delivery: &Delivery) -> Settled {
    let webhook = &delivery.webhook;
    let account = processor.accounts.iter().find(|account| account.settings.account == webhook.account);
    let taken = match account {
        Some(account) => send(processor, account, delivery).await,
        None => false,
    };
    let doublings = delivery.attempt.saturating_sub(1).min(20);
    let wait = processor.config.webhook_retry.saturating_mul(1 << doublings).min(RETRY_MAX);
    let over = taken || delivery.attempt >= ATTEMPTS_MAX;
    let again_at = if over { None } else { Some(later(processor.now(), wait)) };
    Settled { delivery_id: webhook.delivery_id.clone(), again_at }
}

/// Sends one webhook; tells whether it was taken.
async fn send(processor: &Processor, account: &Account, delivery: &Delivery) -> bool {
    let webhook = &delivery.webhook;
    let sent_at_s = processor.now().as_second();
    let wrong_body = format!("{} ", webhook.body);
    let spoiled = webhook.spoiled && delivery.attempt == 1;
    let signed_body = if spoiled { &wrong_body } else { &webhook.body };
    let signature = account.signing_key.sign(&webhook.event_id, sent_at_s, signed_body.as_bytes());
    let request = account
        .client
        .post(account.settings.webhook_url.clone())
        .header(signature::ID, &webhook.event_id)
        .header(signature::TIMESTAMP, sent_at_s)
        .header(signature::SIGNATURE, signature.unwrap_or_default())
        .header(reqwest::header::CONTENT_TYPE, "application/json")
        .body(webhook.body.clone());
    match transport::send(request, ANSWER_DEADLINE).await {
        Ok(answer) if answer.status.is_success() => true,
        Ok(answer) => {
            tracing::debug!(status = answer.status.as_u16(), event_id = webhook.event_id, "a webhook was not taken");
            false
        }
        Err(trouble) => {
            tracing::debug!(detail = trouble.detail(), event_id = webhook.event_id, "a webhook did not arrive");
            false
        }
    }
}
