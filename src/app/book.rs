//! The simulator's book, kept in the database: the one thing of the simulator that needs the store, so it is put
//! together here. Each method is one write or one read.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::failure::BuildError;
use crate::domain::currency::Currency;
use crate::domain::money::Money;
use crate::domain::provider::UnifiedStatus;
use crate::providers::simulator::book::{
    BookError, Claim, Delivery, Due, Filter, NewDelivery, Recorded, Settled, SimulatedRefund, Standing, Turn,
};
use crate::providers::simulator::{Book, ListedRefund};
use crate::store::simulator::{self as pages, RefundFilter, RefundPage, WebhookPage};
use crate::store::{Db, Location, StoreError};

/// A book in the tables of a database: the desk's own, or one that holds nothing else.
pub struct StoredBook {
    db: Db,
}

impl StoredBook {
    /// The book in this database, which is migrated.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// The book in a SQLite file of its own, made where it is missing.
    pub async fn open(path: &Path) -> Result<Self, BuildError> {
        let db = Db::open(&Location::File(path.to_owned()))?;
        db.migrate().await?;
        Ok(Self { db })
    }

    /// What the book shows of one payment's refunds at `now`, as a real processor's listing would.
    pub async fn of_transaction(&self, transaction: &str, now: Timestamp) -> Result<Vec<ListedRefund>, BookError> {
        let filter =
            Filter { connector_transaction_id: Some(transaction.to_owned()), limit: LISTED_MAX, ..Filter::default() };
        Ok(self.list(&filter).await?.iter().map(|refund| ListedRefund::at(refund, now)).collect())
    }
}

/// Refunds of one payment that a listing shows: far more than any payment has.
const LISTED_MAX: u32 = 10_000;

#[async_trait]
impl Book for StoredBook {
    async fn record(&self, refund: SimulatedRefund, webhooks: Vec<NewDelivery>) -> Result<Recorded, BookError> {
        let page = page_of(&refund);
        let webhooks: Vec<WebhookPage> = webhooks.into_iter().map(waiting).collect();
        let known = self.db.write(move |tx| pages::insert_refund(tx, &page, &webhooks)).await.map_err(unusable)?;
        match known {
            Some(page) => Ok(Recorded::Known(Box::new(refund_of(page)?))),
            None => Ok(Recorded::New),
        }
    }

    async fn count_call(&self, account: &str, reference: &str) -> Result<u32, BookError> {
        let (account, reference) = (account.to_owned(), reference.to_owned());
        let calls = self.db.write(move |tx| pages::count_call(tx, &account, &reference)).await.map_err(unusable)?;
        Ok(u32::try_from(calls).unwrap_or(u32::MAX))
    }

    async fn find(&self, account: &str, connector_refund_id: &str) -> Result<Option<SimulatedRefund>, BookError> {
        let (account, id) = (account.to_owned(), connector_refund_id.to_owned());
        let found = self.db.read(move |conn| pages::find_refund(conn, &account, &id)).await.map_err(unusable)?;
        found.map(refund_of).transpose()
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<SimulatedRefund>, BookError> {
        let filter = RefundFilter {
            account: filter.account.clone(),
            reference: filter.reference.clone(),
            connector_transaction_id: filter.connector_transaction_id.clone(),
            from: filter.from.map(Timestamp::as_microsecond),
            to: filter.to.map(Timestamp::as_microsecond),
            after: filter.after.as_ref().map(|(at, id)| (at.as_microsecond(), id.clone())),
            limit: i64::from(filter.limit),
        };
        let found = self.db.read(move |conn| pages::list_refunds(conn, &filter)).await.map_err(unusable)?;
        found.into_iter().map(refund_of).collect()
    }

    async fn take_due(&self, claim: Claim) -> Result<Due, BookError> {
        let now = claim.now.as_microsecond();
        let horizon = after(now, claim.horizon);
        let (is_free, next_at) =
            self.db.read(move |conn| pages::look_for_webhooks(conn, now, horizon)).await.map_err(unusable)?;
        if !is_free {
            return Ok(Due { deliveries: Vec::new(), next_at: next_at.map(moment).transpose()? });
        }
        let (lease_until, limit) = (after(now, claim.lease), i64::from(claim.limit));
        let (taken, next_at) = self
            .db
            .write(move |tx| {
                let taken = pages::take_webhooks(tx, now, horizon, lease_until, limit)?;
                Ok::<_, StoreError>((taken, pages::next_free(tx, now)?))
            })
            .await
            .map_err(unusable)?;
        let deliveries = taken.into_iter().map(delivery).collect::<Result<_, _>>()?;
        Ok(Due { deliveries, next_at: next_at.map(moment).transpose()? })
    }

    async fn settle(&self, results: Vec<Settled>) -> Result<(), BookError> {
        self.db
            .write(move |tx| {
                results.iter().try_for_each(|result| {
                    pages::settle_webhook(tx, &result.delivery_id, result.again_at.map(Timestamp::as_microsecond))
                })
            })
            .await
            .map_err(unusable)
    }
}

fn page_of(refund: &SimulatedRefund) -> RefundPage {
    let turn = refund.turn.as_ref();
    RefundPage {
        account: refund.account.clone(),
        reference: refund.reference.clone(),
        connector_refund_id: refund.connector_refund_id.clone(),
        connector_transaction_id: refund.connector_transaction_id.clone(),
        amount_minor: refund.amount.minor,
        currency: refund.amount.currency.to_string(),
        created_at: refund.created_at.as_microsecond(),
        first_status: refund.first.status.to_string(),
        first_failure: refund.first.failure.clone(),
        turn_at: turn.map(|turn| turn.at.as_microsecond()),
        turn_status: turn.map(|turn| turn.to.status.to_string()),
        turn_failure: turn.and_then(|turn| turn.to.failure.clone()),
    }
}

fn refund_of(page: RefundPage) -> Result<SimulatedRefund, BookError> {
    let currency: Currency = word(&page.currency)?;
    let turn = match (page.turn_at, page.turn_status) {
        (Some(at), Some(status)) => {
            Some(Turn { at: moment(at)?, to: Standing { status: word(&status)?, failure: page.turn_failure } })
        }
        (None, _) | (_, None) => None,
    };
    Ok(SimulatedRefund {
        account: page.account,
        reference: page.reference,
        connector_refund_id: page.connector_refund_id,
        connector_transaction_id: page.connector_transaction_id,
        amount: Money::new(page.amount_minor, currency),
        created_at: moment(page.created_at)?,
        first: Standing { status: word::<UnifiedStatus>(&page.first_status)?, failure: page.first_failure },
        turn,
    })
}

fn waiting(webhook: NewDelivery) -> WebhookPage {
    let due_at = webhook.due_at.as_microsecond();
    WebhookPage {
        delivery_id: webhook.delivery_id,
        account: webhook.account,
        event_id: webhook.event_id,
        body: webhook.body,
        due_at,
        spoiled: webhook.spoiled,
        free_at: due_at,
        attempts: 0,
    }
}

fn delivery(page: WebhookPage) -> Result<Delivery, BookError> {
    let webhook = NewDelivery {
        delivery_id: page.delivery_id,
        account: page.account,
        event_id: page.event_id,
        body: page.body,
        due_at: moment(page.due_at)?,
        spoiled: page.spoiled,
    };
    Ok(Delivery { webhook, attempt: u32::try_from(page.attempts).unwrap_or(u32::MAX) })
}

fn after(now: i64, wait: Duration) -> i64 {
    now.saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX))
}

fn moment(microsecond: i64) -> Result<Timestamp, BookError> {
    Timestamp::from_microsecond(microsecond).map_err(|error| BookError(error.to_string()))
}

fn word<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, BookError> {
    text.parse().map_err(|error: T::Err| BookError(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unusable(error: StoreError) -> BookError {
    BookError(error.to_string())
}
