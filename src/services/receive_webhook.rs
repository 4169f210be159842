//! A webhook: verified over its raw bytes, stored sealed, acknowledged at once; applied later, once, in any order.
//! Source: SPEC section 7, CASES section 4.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::moves;
use super::record_outcome::{self, Fact, Source};
use super::refusal::{Code, Refusal};
use super::work_trace;
use crate::crash::{Point, point};
use crate::domain::id::{InboxId, RefundId};
use crate::domain::money::Money;
use crate::domain::provider::{ErrorInfo, Forged, ProviderEvent, ProviderRefund, UnifiedStatus};
use crate::providers::Provider;
use crate::store::inbox::{self, InboxRow};
use crate::store::{Tx, refunds};
use crate::telemetry::metrics;

pub use crate::providers::WebhookHeaders;

/// Events of one lease at most.
const LEASE_ROWS_MAX: i64 = 64;

const LEASE_US: i64 = 60_000_000;

/// Tries before an event about an unknown refund is shown as unmatched: about a day, at a growing pause.
const TRIES_MAX: i64 = 12;

/// The first pause before an event about an unknown refund is tried again, in microseconds: our own answer may be on the way.
const FIRST_PAUSE_US: i64 = 1_000_000;

/// Which accounts a webhook may be from.
#[derive(Clone, Debug)]
pub enum Addressee {
    /// One configured account.
    Account(String),
    /// Whichever account of this connector verifies it.
    Connector(&'static str),
}

/// Takes a webhook in; the body of the answer that its processor expects.
pub async fn receive_webhook(
    desk: &Arc<Desk>,
    context: &Context,
    addressee: &Addressee,
    headers: &WebhookHeaders,
    body: &[u8],
) -> Result<&'static str, Refusal> {
    let candidates: Vec<&Arc<dyn Provider>> = match addressee {
        Addressee::Account(account) => desk.providers.get(account).into_iter().collect(),
        Addressee::Connector(connector) => desk.providers.of_connector(connector).collect(),
    };
    if candidates.is_empty() {
        return Err(Refusal::new(Code::AccountNotFound));
    }
    let (mut forged, mut refused_by) = (None, Vec::new());
    for provider in candidates {
        match provider.verify(headers, body, context.now) {
            Ok(verified) => {
                for _ in 0..verified.forged_items {
                    metrics::webhook_refused(provider.account());
                }
                store(desk, context, provider.account(), verified.events, body).await?;
                return Ok(provider.acknowledgement());
            }
            Err(why) => {
                refused_by.push(provider.account());
                forged = Some(why);
            }
        }
    }
    refused_by.into_iter().for_each(metrics::webhook_refused);
    Err(refuse(forged))
}

fn refuse(forged: Option<Forged>) -> Refusal {
    let refusal = Refusal::new(Code::Authentication);
    match forged {
        Some(why) => {
            tracing::warn!(cause = %why, "a webhook was refused");
            refusal.because(why)
        }
        None => refusal,
    }
}

async fn store(
    desk: &Arc<Desk>,
    context: &Context,
    account: &str,
    events: Vec<ProviderEvent>,
    body: &[u8],
) -> Result<(), Refusal> {
    let raw_body = BASE64.encode(body);
    let mut mint = context.mint();
    let mut rows = Vec::new();
    for event in events {
        let inbox_id = InboxId::from_ulid(mint.next_ulid()).to_string();
        let status = match (&event.unreadable, &event.news) {
            (Some(why), _) => {
                tracing::error!(%inbox_id, account, cause = %why, "an event cannot be read; a person has to look");
                "dead"
            }
            (None, Some(_)) => "waiting",
            (None, None) => "ignored",
        };
        let plain = serde_json::to_vec(&StoredEvent::new(&event, &raw_body))
            .map_err(|error| Refusal::new(Code::Internal).because(error))?;
        rows.push(InboxRow {
            sealed_body: seal(&desk.keys.inbox, &inbox_id, &plain)?,
            inbox_id,
            account: account.to_owned(),
            event_id: event.event_id,
            event_type: event.event_type,
            occurred_at: event.occurred_at.as_microsecond(),
            received_at: context.now.as_microsecond(),
            status: status.to_owned(),
            refund_id: None,
            attempts: 0,
            due_at: context.system_now.as_microsecond(),
            lease_owner: None,
            fence: 0,
            lease_until: None,
            note: event.unreadable,
            correlation_id: context.correlation_id.clone(),
        });
    }
    let replayed = desk
        .db
        .write(move |tx| {
            let mut replayed = 0;
            for row in &rows {
                if !inbox::insert(tx, row)? {
                    replayed += 1;
                }
            }
            point(Point::WebhookRecorded);
            Ok::<_, Refusal>(replayed)
        })
        .await?;
    point(Point::WebhookCommitted);
    for _ in 0..replayed {
        metrics::webhook_replayed();
    }
    desk.bells.inbox.notify_one();
    Ok(())
}

/// Applies the events that are due; how many there were.
pub async fn apply_due(desk: &Arc<Desk>, context: &Context, owner: &str) -> Result<usize, Refusal> {
    let rows = {
        let owner = owner.to_owned();
        desk.db
            .write(move |tx| {
                let now = crate::store::outbox::lease_clock(tx)?;
                Ok::<_, Refusal>(inbox::lease(tx, &owner, now, LEASE_US, LEASE_ROWS_MAX)?)
            })
            .await?
    };
    let count = rows.len();
    if count > 0 {
        point(Point::InboxLeased);
    }
    // One write each, all at once: an event that cannot be applied keeps no other from it.
    let applied = futures_util::future::join_all(rows.into_iter().map(|row| apply(desk, context, row))).await;
    for failure in applied.into_iter().filter_map(Result::err) {
        tracing::warn!(
            cause = failure.cause.as_deref().unwrap_or(failure.code.as_str()),
            "an event could not be applied yet"
        );
    }
    Ok(count)
}

async fn apply(desk: &Arc<Desk>, context: &Context, row: InboxRow) -> Result<(), Refusal> {
    let mint = context.mint();
    let context = context.in_conversation(&row.correlation_id);
    let moved = {
        let (desk, context) = (Arc::clone(desk), context.clone());
        let db = desk.db.clone();
        db.write(move |tx| {
            let Ok(event) = unseal(&desk.keys.inbox, &row.inbox_id, &row.sealed_body) else {
                let note = Some("the stored event cannot be opened with this secret");
                inbox::finish(tx, &row, "dead", None, note, row.due_at)?;
                return Ok(None);
            };
            let Some(reference) = reference_of(tx, &row.account, &event)? else {
                return again_later(tx, &context, &row).map(|()| None);
            };
            let source = Source { account: row.account.clone(), call: None };
            let fact = event.fact();
            let span = span_of(tx, &row, &reference)?;
            let record = || record_outcome::record(tx, &context, &mut mint.clone(), &reference, &fact, &source);
            let recorded = span.in_scope(record)?;
            let Some(refund) = recorded.refund else {
                return again_later(tx, &context, &row).map(|()| None);
            };
            inbox::finish(tx, &row, "applied", Some(refund.refund_id.as_str()), None, row.due_at)?;
            point(Point::InboxRecorded);
            Ok::<_, Refusal>(recorded.moved)
        })
        .await?
    };
    point(Point::InboxCommitted);
    moves::announce(desk, &context, moved.as_slice());
    Ok(())
}

/// The span of applying an event, in the trace of the refund that it is about: processors do not tell ours back.
fn span_of(tx: &mut Tx<'_>, row: &InboxRow, reference: &str) -> Result<tracing::Span, Refusal> {
    let refund_id = reference.split('.').next().unwrap_or_default();
    let span = tracing::info_span!(
        "webhook.apply",
        refund_id,
        correlation_id = %row.correlation_id,
        account = %row.account,
        event_id = %row.event_id,
    );
    if let Ok(refund_id) = RefundId::parse(refund_id)
        && let Some(cause) = work_trace::of_refund(tx, &refund_id)?
    {
        cause.adopt(&span);
    }
    Ok(span)
}

/// Our reference, as the event tells it, or as we know it by the processor's id of the refund.
fn reference_of(tx: &mut Tx<'_>, account: &str, event: &StoredEvent) -> Result<Option<String>, Refusal> {
    if let Some(reference) = &event.reference
        && crate::store::attempts::find_by_reference(tx, reference)?.is_some()
    {
        return Ok(Some(reference.clone()));
    }
    let Some(refund_id) = refunds::find_by_provider_refund(tx, account, &event.connector_refund_id)? else {
        return Ok(None);
    };
    let attempt = crate::store::attempts::of_refund(tx, &refund_id)?.pop();
    Ok(attempt.map(|attempt| attempt.reference))
}

/// A refund that we do not know is kept and tried again, then shown for people: it may be ours, on its way.
fn again_later(tx: &mut Tx<'_>, context: &Context, row: &InboxRow) -> Result<(), Refusal> {
    if row.attempts >= TRIES_MAX {
        tracing::error!(inbox_id = %row.inbox_id, account = %row.account, "an event names a refund that is not ours");
        inbox::finish(tx, row, "unmatched", None, Some("no refund of ours"), row.due_at)?;
        return Ok(());
    }
    let doublings = u32::try_from(row.attempts).unwrap_or(0).min(16);
    let due_at = context.system_now.as_microsecond().saturating_add(FIRST_PAUSE_US << doublings);
    inbox::finish(tx, row, "waiting", None, Some("no refund of ours yet"), due_at)?;
    Ok(())
}

/// What is kept of an event: all that it says about a refund, and the body as it came.
#[derive(Serialize, Deserialize)]
struct StoredEvent {
    raw_body: String,
    connector_refund_id: String,
    reference: Option<String>,
    connector_transaction_id: Option<String>,
    status: UnifiedStatus,
    amount: Option<Money>,
    error: Option<ErrorInfo>,
    bank_reference: Option<String>,
    reversal: bool,
}

impl StoredEvent {
    fn new(event: &ProviderEvent, raw_body: &str) -> Self {
        let refund = event.news.as_ref().map(|news| news.refund.clone());
        Self {
            raw_body: raw_body.to_owned(),
            reference: refund.as_ref().and_then(|refund| refund.reference.clone()),
            connector_transaction_id: refund.as_ref().and_then(|refund| refund.connector_transaction_id.clone()),
            status: refund.as_ref().map_or(UnifiedStatus::Pending, |refund| refund.status),
            amount: refund.as_ref().and_then(|refund| refund.amount),
            error: refund.as_ref().and_then(|refund| refund.error.clone()),
            bank_reference: refund.as_ref().and_then(|refund| refund.bank_reference.clone()),
            connector_refund_id: refund.map(|refund| refund.connector_refund_id).unwrap_or_default(),
            reversal: event.news.as_ref().is_some_and(|news| news.reversal),
        }
    }

    fn fact(&self) -> Fact {
        let refund = ProviderRefund {
            connector_refund_id: self.connector_refund_id.clone(),
            reference: self.reference.clone(),
            connector_transaction_id: self.connector_transaction_id.clone(),
            status: self.status,
            amount: self.amount,
            error: self.error.clone(),
            bank_reference: self.bank_reference.clone(),
        };
        if self.reversal { Fact::TakenBack(refund) } else { Fact::Shown(refund) }
    }
}

/// Seals what a processor sent. The row's id is unique, so the nonce made of it is used once; it is bound to the row too.
fn seal(key: &[u8; 32], inbox_id: &str, plain: &[u8]) -> Result<Vec<u8>, Refusal> {
    cipher(key)
        .encrypt(&nonce(inbox_id), Payload { msg: plain, aad: inbox_id.as_bytes() })
        .map_err(|_| Refusal::new(Code::Internal).because("an event could not be sealed"))
}

fn unseal(key: &[u8; 32], inbox_id: &str, sealed: &[u8]) -> Result<StoredEvent, Refusal> {
    let plain = cipher(key)
        .decrypt(&nonce(inbox_id), Payload { msg: sealed, aad: inbox_id.as_bytes() })
        .map_err(|_| Refusal::new(Code::Internal).because("a stored event does not open"))?;
    serde_json::from_slice(&plain).map_err(|error| Refusal::new(Code::Internal).because(error))
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(Key::from_slice(key))
}

fn nonce(inbox_id: &str) -> Nonce {
    let digest = Sha256::digest(inbox_id.as_bytes());
    let mut nonce = Nonce::default();
    nonce.iter_mut().zip(digest).for_each(|(place, byte)| *place = byte);
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_for_its_row_only() {
        let event = StoredEvent {
            raw_body: String::new(),
            connector_refund_id: "re_1".to_owned(),
            reference: Some("rf_1".to_owned()),
            connector_transaction_id: None,
            status: UnifiedStatus::Succeeded,
            amount: None,
            error: None,
            bank_reference: None,
            reversal: false,
        };
        let plain = serde_json::to_vec(&event).unwrap();
        let sealed = seal(&[7; 32], "ib_1", &plain).unwrap();
        assert_eq!(unseal(&[7; 32], "ib_1", &sealed).unwrap().connector_refund_id, "re_1");
        assert!(unseal(&[7; 32], "ib_2", &sealed).is_err());
        assert!(unseal(&[8; 32], "ib_1", &sealed).is_err());
    }
}
