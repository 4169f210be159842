//! The facts that a decision is made from, read under the locks of the request: customer, order, payment. Requests made
//! at the same moment, on whatever nodes, therefore count each other. Source: SPEC section 6.

use jiff::{SignedDuration, Timestamp};

use super::context::Context;
use super::refusal::Refusal;
use super::request_refund::RequestRefund;
use crate::domain::id::RefundId;
use crate::domain::money::Money;
use crate::domain::policy::Policy;
use crate::domain::refund::{Reason, Refund, RefundLine};
use crate::domain::risk::{self, Candidate, Facts, Limits, SPLITTING_DAYS, VELOCITY_DAYS, Window};
use crate::store::orders::{OrderRow, PaymentRow};
use crate::store::{Tx, refunds};

/// What the facts are read from.
pub(super) struct Reading<'a> {
    pub(super) limits: Limits,
    pub(super) goodwill_dual_control: bool,
    pub(super) appeal: bool,
    pub(super) context: &'a Context,
    pub(super) command: &'a RequestRefund,
    pub(super) order: &'a OrderRow,
    pub(super) payment: &'a PaymentRow,
    pub(super) earlier: &'a [Refund],
    pub(super) lines: &'a [RefundLine],
}

impl Reading<'_> {
    /// The facts about a request for `amount` under this policy.
    pub(super) fn facts(
        &self,
        tx: &mut Tx<'_>,
        amount: Money,
        customer_blocked: bool,
        policy: &Policy,
    ) -> Result<Facts, Refusal> {
        let now = self.context.now;
        let limits = self.limits;
        let customer = &self.order.customer_id;
        // One more than the limit proves that it is passed; a customer with thousands of requests costs no more.
        let enough = i64::from(limits.customer_requests_24h_max) + 1;
        let recent = refunds::recent_of_customer(tx, customer, ago(now, VELOCITY_DAYS), enough)?;
        let same_currency = |other: &&refunds::Recent| other.amount.currency == amount.currency;
        let customer_sum = sum(recent.iter().filter(same_currency).map(|other| other.amount.minor));
        let day_ago = ago(now, VELOCITY_DAYS);
        let on_order = self.earlier.iter().filter(|other| other.created_at >= day_ago).count();
        let month_ago = ago(now, SPLITTING_DAYS);
        let same_reason = self.earlier.iter().filter(|other| {
            other.reason == self.command.reason && other.state.counts_for_limits() && other.created_at >= month_ago
        });
        let goodwill_sum = match self.command.reason {
            Reason::Goodwill => self.goodwill_sum(tx, amount)?,
            Reason::NotReceived | Reason::Quality | Reason::Duplicate | Reason::PricingError | Reason::Other => 0,
        };
        Ok(Facts {
            reason: self.command.reason,
            rail: self.payment.rail,
            currency: amount.currency,
            amount_minor: amount.minor,
            captured_minor: self.payment.usage.captured_minor,
            captured_at: self.payment.captured_at.unwrap_or(self.order.placed_at),
            now,
            has_evidence: !self.command.evidence.is_empty(),
            order_earlier_refunds: count(self.earlier.len()),
            order_reason_sum_minor: amount.minor.saturating_add(sum(same_reason.map(|other| other.amount.minor))),
            customer_goodwill_sum_minor: amount.minor.saturating_add(goodwill_sum),
            twins: self.twins(tx, amount)?,
            customer_requests_24h: count(recent.len()).saturating_add(1),
            customer_amount_24h_minor: amount.minor.saturating_add(customer_sum),
            order_requests_24h: count(on_order).saturating_add(1),
            customer_blocked,
            customer_windows: self.windows(tx, amount, policy)?,
            customer_refund_ratio_bp: None,
            goodwill_dual_control: self.goodwill_dual_control,
            appeal: self.appeal,
            limits,
        })
    }

    fn goodwill_sum(&self, tx: &mut Tx<'_>, amount: Money) -> Result<i64, Refusal> {
        let since = ago(self.context.now, SPLITTING_DAYS);
        let recent = refunds::recent_goodwill(tx, &self.order.customer_id, since, RECENT_MAX)?;
        let counted =
            recent.iter().filter(|other| other.amount.currency == amount.currency && other.state.counts_for_limits());
        Ok(sum(counted.map(|other| other.amount.minor)))
    }

    fn windows(&self, tx: &mut Tx<'_>, amount: Money, policy: &Policy) -> Result<Vec<Window>, Refusal> {
        let mut windows = Vec::new();
        for days in policy.customer_windows_days() {
            let since = ago(self.context.now, days);
            let recent = refunds::recent_of_customer(tx, &self.order.customer_id, since, RECENT_MAX)?;
            let counted: Vec<i64> = recent
                .iter()
                .filter(|other| other.amount.currency == amount.currency && other.state.counts_for_limits())
                .map(|other| other.amount.minor)
                .collect();
            windows.push(Window { days, count: count(counted.len()), amount_minor: sum(counted.into_iter()) });
        }
        Ok(windows)
    }

    fn twins(&self, tx: &mut Tx<'_>, amount: Money) -> Result<Vec<RefundId>, Refusal> {
        let alike: Vec<&Refund> = self
            .earlier
            .iter()
            .filter(|other| other.amount.minor == amount.minor && other.reason == self.command.reason)
            .collect();
        let ids: Vec<RefundId> = alike.iter().map(|other| other.refund_id.clone()).collect();
        let named = refunds::lines_of(tx, &ids)?;
        let line_ids_of = |refund_id: &RefundId| {
            let named = named.iter().filter(|(owner, line)| owner == refund_id && line.by_line);
            named.map(|(_, line)| line.share.line_id.clone()).collect()
        };
        let candidates: Vec<Candidate> = alike
            .into_iter()
            .map(|other| Candidate {
                refund_id: other.refund_id.clone(),
                amount_minor: other.amount.minor,
                reason: other.reason,
                state: other.state,
                completed_at: other.completed_at,
                line_ids: line_ids_of(&other.refund_id),
            })
            .collect();
        let ours: Vec<String> =
            self.lines.iter().filter(|line| line.by_line).map(|line| line.share.line_id.clone()).collect();
        Ok(risk::twins(amount.minor, self.command.reason, &ours, &candidates, self.context.now))
    }
}

/// Requests of one customer that sums look at, at most: far beyond what any limit lets through.
const RECENT_MAX: i64 = 1_000;

fn ago(now: Timestamp, days: u16) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}

fn sum(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, i64::saturating_add)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
