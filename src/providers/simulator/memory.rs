//! A book in memory, for the tests of what is around the book.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use jiff::Timestamp;

use super::book::{Book, BookError, Claim, Delivery, Due, Filter, NewDelivery, Recorded, Settled, SimulatedRefund};

#[derive(Default)]
pub(super) struct MemoryBook(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    refunds: BTreeMap<(String, String), SimulatedRefund>,
    calls: BTreeMap<(String, String), u32>,
    webhooks: BTreeMap<String, Waiting>,
}

struct Waiting {
    webhook: NewDelivery,
    free_at: Timestamp,
    attempts: u32,
}

impl MemoryBook {
    pub(super) fn refunds(&self) -> Vec<SimulatedRefund> {
        self.pages().refunds.values().cloned().collect()
    }

    pub(super) fn waiting_webhooks(&self) -> usize {
        self.pages().webhooks.len()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl Book for MemoryBook {
    async fn record(&self, refund: SimulatedRefund, webhooks: Vec<NewDelivery>) -> Result<Recorded, BookError> {
        let mut pages = self.pages();
        let key = (refund.account.clone(), refund.reference.clone());
        if let Some(known) = pages.refunds.get(&key) {
            return Ok(Recorded::Known(Box::new(known.clone())));
        }
        pages.refunds.insert(key, refund);
        for webhook in webhooks {
            let waiting = Waiting { free_at: webhook.due_at, attempts: 0, webhook };
            pages.webhooks.insert(waiting.webhook.delivery_id.clone(), waiting);
        }
        Ok(Recorded::New)
    }

    async fn count_call(&self, account: &str, reference: &str) -> Result<u32, BookError> {
        let mut pages = self.pages();
        let calls = pages.calls.entry((account.to_owned(), reference.to_owned())).or_default();
        *calls += 1;
        Ok(*calls)
    }

    async fn find(&self, account: &str, connector_refund_id: &str) -> Result<Option<SimulatedRefund>, BookError> {
        let refunds = self.refunds();
        let fits =
            |refund: &SimulatedRefund| refund.account == account && refund.connector_refund_id == connector_refund_id;
        Ok(refunds.into_iter().find(fits))
    }

    async fn list(&self, filter: &Filter) -> Result<Vec<SimulatedRefund>, BookError> {
        let mut refunds = self.refunds();
        let place = |refund: &SimulatedRefund| (refund.created_at, refund.connector_refund_id.clone());
        refunds.retain(|refund| {
            filter.account.as_ref().is_none_or(|account| *account == refund.account)
                && filter.reference.as_ref().is_none_or(|reference| *reference == refund.reference)
                && filter.connector_transaction_id.as_ref().is_none_or(|id| *id == refund.connector_transaction_id)
                && filter.from.is_none_or(|from| refund.created_at >= from)
                && filter.to.is_none_or(|to| refund.created_at < to)
                && filter.after.as_ref().is_none_or(|after| place(refund) > *after)
        });
        refunds.sort_by_key(place);
        refunds.truncate(usize::try_from(filter.limit).unwrap());
        Ok(refunds)
    }

    async fn take_due(&self, claim: Claim) -> Result<Due, BookError> {
        let mut pages = self.pages();
        let mut due = Due::default();
        let mut waiting: Vec<_> = pages.webhooks.values_mut().collect();
        waiting.sort_by_key(|waiting| waiting.free_at);
        for waiting in waiting {
            let stepped_back = waiting.free_at > claim.now + claim.horizon;
            let free = waiting.free_at <= claim.now || stepped_back;
            if !free || due.deliveries.len() == usize::try_from(claim.limit).unwrap() {
                due.next_at = Some(due.next_at.map_or(waiting.free_at, |at| at.min(waiting.free_at)));
                continue;
            }
            waiting.free_at = claim.now + claim.lease;
            waiting.attempts += 1;
            due.deliveries.push(Delivery { webhook: waiting.webhook.clone(), attempt: waiting.attempts });
        }
        Ok(due)
    }

    async fn settle(&self, results: Vec<Settled>) -> Result<(), BookError> {
        let mut pages = self.pages();
        for result in results {
            match result.again_at {
                Some(again_at) => pages.webhooks.get_mut(&result.delivery_id).unwrap().free_at = again_at,
                None => drop(pages.webhooks.remove(&result.delivery_id)),
            }
        }
        Ok(())
    }
}
