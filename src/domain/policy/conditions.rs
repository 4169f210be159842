//! The conditions of a rule: what they ask of the facts, and what they saw.
//!
//! Every condition is optional and all that are given must hold. A condition whose fact was not read does not hold.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::domain::currency::Currency;
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::domain::refund::{Reason, UnknownWord, words};
use crate::domain::risk::{Facts, compare_to_face, scaled_minor, velocity_flag};

/// When a rule applies. An empty set of conditions always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// The reason is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasons: Option<BTreeSet<Reason>>,
    /// The payer paid by one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rails: Option<BTreeSet<Rail>>,
    /// The currency is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currencies: Option<BTreeSet<Currency>>,
    /// What limits look at lies in this range of face amounts, in hundredths of a major unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_hundredths: Option<Range>,
    /// The sum over order and reason lies in this range of shares of the capture, in hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_of_order_bp: Option<Range>,
    /// So many times 24 hours have passed since the capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_since_capture: Option<Range>,
    /// The reason has a window here and more days than that have passed since the capture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside_cooling_off_days: Option<BTreeMap<Reason, u16>>,
    /// Whether evidence is attached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_evidence: Option<bool>,
    /// The customer's other refunds of the last days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_refunds: Option<CustomerRefunds>,
    /// How much of what the customer's orders captured was given back, in hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_refund_ratio_bp: Option<Range>,
    /// How many requests the order had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_earlier_refunds: Option<Range>,
    /// Whether the request may be a repetition of another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspected_duplicate: Option<bool>,
    /// Whether the customer or the order asks too often or for too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub velocity_flag: Option<bool>,
    /// Whether the customer is on the block list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_blocked: Option<bool>,
    /// Whether the flag `refunds.goodwill.dual_control` is on for the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goodwill_dual_control: Option<bool>,
}

/// A range of whole numbers; at least one bound is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Range {
    /// Lower bound, itself inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i64>,
    /// Lower bound, itself outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_than: Option<i64>,
    /// Upper bound, itself inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i64>,
    /// Upper bound, itself outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_than: Option<i64>,
}

/// A condition on the customer's refunds in requested to completed of the last days, this request not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerRefunds {
    /// How many times 24 hours to look back.
    pub days: u16,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Range>,
    /// What they sum up to in the request's currency, as a face amount in hundredths of a major unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_hundredths: Option<Range>,
}

words! {
    /// The conditions by name, as a trace names them.
    Condition {
        /// [`Conditions::reasons`].
        Reasons = "reasons",
        /// [`Conditions::rails`].
        Rails = "rails",
        /// [`Conditions::currencies`].
        Currencies = "currencies",
        /// [`Conditions::amount_hundredths`].
        Amount = "amount",
        /// [`Conditions::share_of_order_bp`].
        ShareOfOrder = "share_of_order",
        /// [`Conditions::days_since_capture`].
        DaysSinceCapture = "days_since_capture",
        /// [`Conditions::outside_cooling_off_days`].
        OutsideCoolingOff = "outside_cooling_off",
        /// [`Conditions::has_evidence`].
        HasEvidence = "has_evidence",
        /// [`CustomerRefunds::count`].
        CustomerRefundCount = "customer_refund_count",
        /// [`CustomerRefunds::amount_hundredths`].
        CustomerRefundAmount = "customer_refund_amount",
        /// [`Conditions::customer_refund_ratio_bp`].
        CustomerRefundRatio = "customer_refund_ratio",
        /// [`Conditions::order_earlier_refunds`].
        OrderEarlierRefunds = "order_earlier_refunds",
        /// [`Conditions::suspected_duplicate`].
        SuspectedDuplicate = "suspected_duplicate",
        /// [`Conditions::velocity_flag`].
        VelocityFlag = "velocity_flag",
        /// [`Conditions::customer_blocked`].
        CustomerBlocked = "customer_blocked",
        /// [`Conditions::goodwill_dual_control`].
        GoodwillDualControl = "goodwill_dual_control",
    }
}

/// One condition with what it wanted and what it saw, in numbers, codes and signs that need no translation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// Which condition.
    pub condition: Condition,
    /// What it asks for: `≥ 1000.00 USD`, `quality`, `> 90 d`, `true`.
    pub wanted: String,
    /// What the facts say: `45.00 USD`, `not_received`, `10 d 3 h`, `false`; `?` where the fact was not read.
    pub seen: String,
}

/// What a trace shows where a fact was not read.
const UNREAD: &str = "?";

impl Conditions {
    /// Whether nothing is asked, so that the rule always applies.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// Every condition with what it saw where all hold; otherwise the first that does not.
    pub(super) fn judge(&self, facts: &Facts) -> Result<Vec<Because>, Because> {
        let mut judge = Judge { held: Vec::new() };
        self.judge_request(facts, &mut judge)?;
        self.judge_history(facts, &mut judge)?;
        Ok(judge.held)
    }

    fn judge_request(&self, facts: &Facts, judge: &mut Judge) -> Result<(), Because> {
        let currency = facts.currency;
        if let Some(reasons) = &self.reasons {
            judge.one_of(Condition::Reasons, reasons, facts.reason)?;
        }
        if let Some(rails) = &self.rails {
            judge.one_of(Condition::Rails, rails, facts.rail)?;
        }
        if let Some(currencies) = &self.currencies {
            judge.one_of(Condition::Currencies, currencies, currency)?;
        }
        if let Some(range) = &self.amount_hundredths {
            judge.amount(Condition::Amount, range, Some(facts.limit_sum_minor()), currency)?;
        }
        if let Some(range) = &self.share_of_order_bp {
            judge.number(Condition::ShareOfOrder, range, Some(facts.share_of_order_bp()), percent)?;
        }
        if let Some(range) = &self.days_since_capture {
            let since = facts.since_capture();
            let held = range.holds(|days| since.cmp(&days_of(days)));
            judge.note(held, Condition::DaysSinceCapture, range.shown(|days| format!("{days} d")), elapsed(since))?;
        }
        if let Some(windows) = &self.outside_cooling_off_days {
            let since = facts.since_capture();
            let window = windows.get(&facts.reason);
            let held = window.is_some_and(|days| since > days_of(i64::from(*days)));
            let wanted = window.map_or_else(|| list(windows.keys()), |days| format!("{} > {days} d", facts.reason));
            judge.note(held, Condition::OutsideCoolingOff, wanted, format!("{} {}", facts.reason, elapsed(since)))?;
        }
        judge.switch(Condition::HasEvidence, self.has_evidence, facts.has_evidence)
    }

    fn judge_history(&self, facts: &Facts, judge: &mut Judge) -> Result<(), Because> {
        if let Some(refunds) = &self.customer_refunds {
            let window = facts.customer_window(refunds.days);
            if let Some(range) = &refunds.count {
                let count = window.map(|window| i64::from(window.count));
                judge.number(Condition::CustomerRefundCount, range, count, plain)?;
            }
            if let Some(range) = &refunds.amount_hundredths {
                let amount = window.map(|window| window.amount_minor);
                judge.amount(Condition::CustomerRefundAmount, range, amount, facts.currency)?;
            }
        }
        if let Some(range) = &self.customer_refund_ratio_bp {
            judge.number(Condition::CustomerRefundRatio, range, facts.customer_refund_ratio_bp, percent)?;
        }
        if let Some(range) = &self.order_earlier_refunds {
            let count = Some(i64::from(facts.order_earlier_refunds));
            judge.number(Condition::OrderEarlierRefunds, range, count, plain)?;
        }
        judge.switch(Condition::SuspectedDuplicate, self.suspected_duplicate, !facts.twins.is_empty())?;
        judge.switch(Condition::VelocityFlag, self.velocity_flag, velocity_flag(facts))?;
        judge.switch(Condition::CustomerBlocked, self.customer_blocked, facts.customer_blocked)?;
        judge.switch(Condition::GoodwillDualControl, self.goodwill_dual_control, facts.goodwill_dual_control)
    }

    /// What is wrong with the conditions as data, in the order of the fields.
    pub(super) fn check(&self) -> Result<(), BadCondition> {
        let empty = [
            (Condition::Reasons, self.reasons.as_ref().is_some_and(BTreeSet::is_empty)),
            (Condition::Rails, self.rails.as_ref().is_some_and(BTreeSet::is_empty)),
            (Condition::Currencies, self.currencies.as_ref().is_some_and(BTreeSet::is_empty)),
            (Condition::OutsideCoolingOff, self.outside_cooling_off_days.as_ref().is_some_and(BTreeMap::is_empty)),
        ];
        if let Some((condition, _)) = empty.iter().find(|(_, is_empty)| *is_empty) {
            return Err(BadCondition::Nothing(*condition));
        }
        let customer = self.customer_refunds;
        let ranges = [
            (Condition::Amount, self.amount_hundredths),
            (Condition::ShareOfOrder, self.share_of_order_bp),
            (Condition::DaysSinceCapture, self.days_since_capture),
            (Condition::CustomerRefundCount, customer.and_then(|refunds| refunds.count)),
            (Condition::CustomerRefundAmount, customer.and_then(|refunds| refunds.amount_hundredths)),
            (Condition::CustomerRefundRatio, self.customer_refund_ratio_bp),
            (Condition::OrderEarlierRefunds, self.order_earlier_refunds),
        ];
        for (condition, range) in ranges {
            if let Some(range) = range {
                range.check().map_err(|problem| problem(condition))?;
            }
        }
        match customer {
            Some(CustomerRefunds { days: 0, .. } | CustomerRefunds { count: None, amount_hundredths: None, .. }) => {
                Err(BadCondition::Nothing(Condition::CustomerRefundCount))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Why conditions cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCondition {
    /// The condition names nothing that could hold.
    #[error("{0} names nothing; leave the condition out or say what it asks for")]
    Nothing(Condition),
    /// Two lower or two upper bounds, or one below zero.
    #[error("{0} takes at most one lower and one upper bound, neither below zero")]
    Bounds(Condition),
    /// The lower bound lies above the upper.
    #[error("{0} has a lower bound above its upper bound, so that it never holds")]
    NeverHolds(Condition),
}

impl Range {
    /// Whether what is seen lies inside; `compare` orders it against a bound.
    fn holds(&self, compare: impl Fn(i64) -> Ordering) -> bool {
        self.at_least.is_none_or(|bound| compare(bound) != Ordering::Less)
            && self.more_than.is_none_or(|bound| compare(bound) == Ordering::Greater)
            && self.at_most.is_none_or(|bound| compare(bound) != Ordering::Greater)
            && self.less_than.is_none_or(|bound| compare(bound) == Ordering::Less)
    }

    fn shown(&self, show: impl Fn(i64) -> String) -> String {
        let bounds = [("≥", self.at_least), (">", self.more_than), ("≤", self.at_most), ("<", self.less_than)];
        let parts: Vec<_> =
            bounds.iter().filter_map(|(sign, bound)| bound.map(|bound| format!("{sign} {}", show(bound)))).collect();
        parts.join(", ")
    }

    fn check(&self) -> Result<(), fn(Condition) -> BadCondition> {
        let lower = self.at_least.or(self.more_than.map(|bound| bound.saturating_add(1)));
        let upper = self.at_most.or(self.less_than.map(|bound| bound.saturating_sub(1)));
        let doubled = (self.at_least.is_some() && self.more_than.is_some())
            || (self.at_most.is_some() && self.less_than.is_some());
        let given = [self.at_least, self.more_than, self.at_most, self.less_than];
        if lower.is_none() && upper.is_none() {
            return Err(BadCondition::Nothing);
        }
        if doubled || given.iter().flatten().any(|bound| *bound < 0) {
            return Err(BadCondition::Bounds);
        }
        match (lower, upper) {
            (Some(lower), Some(upper)) if lower > upper => Err(BadCondition::NeverHolds),
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }
}

/// Collects conditions that hold and stops at the first that does not.
struct Judge {
    held: Vec<Because>,
}

impl Judge {
    fn note(&mut self, held: bool, condition: Condition, wanted: String, seen: String) -> Result<(), Because> {
        let because = Because { condition, wanted, seen };
        if !held {
            return Err(because);
        }
        self.held.push(because);
        Ok(())
    }

    fn one_of<T: Ord + fmt::Display>(
        &mut self,
        condition: Condition,
        allowed: &BTreeSet<T>,
        seen: T,
    ) -> Result<(), Because> {
        self.note(allowed.contains(&seen), condition, list(allowed.iter()), seen.to_string())
    }

    fn switch(&mut self, condition: Condition, wanted: Option<bool>, seen: bool) -> Result<(), Because> {
        match wanted {
            Some(wanted) => self.note(wanted == seen, condition, wanted.to_string(), seen.to_string()),
            None => Ok(()),
        }
    }

    fn number(
        &mut self,
        condition: Condition,
        range: &Range,
        seen: Option<i64>,
        show: fn(i64) -> String,
    ) -> Result<(), Because> {
        let held = seen.is_some_and(|seen| range.holds(|bound| seen.cmp(&bound)));
        self.note(held, condition, range.shown(show), seen.map_or_else(|| UNREAD.to_owned(), show))
    }

    fn amount(
        &mut self,
        condition: Condition,
        range: &Range,
        seen_minor: Option<i64>,
        currency: Currency,
    ) -> Result<(), Because> {
        let show = |minor| format!("{} {currency}", Money::new(minor, currency).to_decimal());
        let held = seen_minor.is_some_and(|seen| range.holds(|face| compare_to_face(seen, face, currency)));
        let wanted = range.shown(|face| show(scaled_minor(face, currency)));
        self.note(held, condition, wanted, seen_minor.map_or_else(|| UNREAD.to_owned(), show))
    }
}

fn list<T: fmt::Display>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn plain(number: i64) -> String {
    number.to_string()
}

fn percent(basis_points: i64) -> String {
    format!("{}.{:02} %", basis_points / 100, basis_points % 100)
}

fn days_of(days: i64) -> SignedDuration {
    SignedDuration::from_secs(days.saturating_mul(86_400))
}

fn elapsed(since: SignedDuration) -> String {
    let hours = since.as_hours();
    format!("{} d {} h", hours / 24, hours % 24)
}
