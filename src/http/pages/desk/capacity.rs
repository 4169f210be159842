//! What is left on a payment: captured, refunded, in flight, this request, left. The bar and the figures are the same
//! numbers; the bar is drawn by the server, so that it needs neither scripts nor styles of its own.

use crate::domain::money::Money;
use crate::domain::refund::{Refund, State};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Amount;
use crate::services::read_case::CaseView;

/// A part of the payment.
pub struct Part {
    /// Which: `done`, `flight`, `this`, `left`; `captured` is the whole and has no place in the bar.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// How much.
    pub amount: Amount,
    /// Where it begins in the bar, in thousandths of its length.
    pub from: i64,
    /// How long it is, in thousandths.
    pub length: i64,
}

/// The parts of a payment, the whole first.
pub struct Capacity {
    /// The whole.
    pub captured: Amount,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// All of it in a sentence.
    pub sentence: String,
}

impl Capacity {
    /// What is left on the case's payment, were its refund paid.
    pub fn of(page: &Page, case: &CaseView) -> Self {
        let lang = page.lang();
        let refund = &case.story.view.refund;
        let usage = &case.payment.usage;
        let captured = usage.captured_minor;
        let others = || case.of_order.iter().filter(|other| other.refund_id != refund.refund_id);
        let sum = |wanted: fn(State) -> bool| {
            others().filter(|other| wanted(other.state)).map(|other| other.amount.minor).fold(0, i64::saturating_add)
        };
        let done = sum(|state| state == State::Completed).saturating_add(usage.external_minor);
        let flight = sum(State::is_pending_liability);
        let this = if counts(refund) { refund.amount.minor } else { 0 };
        let left = captured.saturating_sub(done).saturating_sub(flight).saturating_sub(this).max(0);
        let money = |minor| Money::new(minor, case.payment.currency);
        let mut from = 0;
        let parts = [("done", done), ("flight", flight), ("this", this), ("left", left)].map(|(kind, minor)| {
            let length = thousandths(minor, captured).min(1_000 - from);
            let part = Part {
                kind,
                name: page.t(format!("desk-capacity-{kind}")),
                amount: Amount::of(&lang, money(minor)),
                from,
                length,
            };
            from += length;
            part
        });
        let told = |kind: &str, minor| {
            page.t2(
                "desk-capacity-part",
                "name",
                page.t(format!("desk-capacity-{kind}")),
                "amount",
                lang.money(money(minor)),
            )
        };
        let listed = [("captured", captured), ("done", done), ("flight", flight), ("this", this), ("left", left)];
        let listed = listed.map(|(kind, minor)| told(kind, minor));
        let sentence = listed.into_iter().reduce(|first, next| page.t2("desk-queue-sum", "first", first, "next", next));
        Self {
            captured: Amount::of(&lang, money(captured)),
            parts: parts.into(),
            sentence: sentence.unwrap_or_default(),
        }
    }
}

/// Whether the refund takes, or would take, something from the payment.
fn counts(refund: &Refund) -> bool {
    match refund.state {
        State::Requested | State::Approved | State::Submitting | State::ProviderPending | State::Completed => true,
        State::Failed | State::Canceled => false,
    }
}

fn thousandths(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let share = i128::from(part) * 1_000 / i128::from(whole);
    i64::try_from(share.clamp(0, 1_000)).unwrap_or(1_000)
}
