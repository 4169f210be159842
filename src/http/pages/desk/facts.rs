//! The plain facts of a case: ids and moments, the lines of the order, twins, and the customer's other refunds.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::allocation::LineState;
use crate::domain::appeal::Bond;
use crate::domain::currency::Currency;
use crate::domain::id::RefundId;
use crate::domain::money::Money;
use crate::domain::order::Line;
use crate::domain::refund::Refund;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Tag, Value, rail_words, reason_words};
use crate::services::read_case::CaseView;
use crate::services::read_refunds::RefundView as Read;

/// A line of the order.
pub struct LineRow {
    /// What it is.
    pub description: String,
    /// How it comes to its total: quantity, unit, tax, discount.
    pub sum: String,
    /// What it came to.
    pub total: Amount,
    /// What this request takes from it, where it takes anything.
    pub taken: Option<Amount>,
    /// What refunds that count have taken so far, this one included where it counts.
    pub used: Amount,
}

/// Another refund.
pub struct Other {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub tag: Tag,
    /// When it was asked for.
    pub asked: Moment,
}

/// The order's page at the desk.
pub fn order_address(order_id: &str) -> String {
    format!("/desk/orders/{}", utf8_percent_encode(order_id, NON_ALPHANUMERIC))
}

/// Ids, moments and words.
pub fn facts(page: &Page, view: &Read) -> Vec<Fact> {
    let lang = page.lang();
    let refund = &view.refund;
    let id = |name: &str, value: &str| Fact::new(&lang, name, Value::Id(value.to_owned()));
    let moment = |name: &str, at| Fact::new(&lang, name, Value::Moment(Moment::of(&lang, at)));
    let order = Value::Link(order_address(&refund.order_id), refund.order_id.clone());
    let mut facts = vec![
        id("desk-fact-refund", refund.refund_id.as_str()),
        Fact::new(&lang, "desk-fact-order", order),
        Fact::words(&lang, "desk-fact-reason", reason_words(&lang, refund.reason)),
        Fact::words(&lang, "desk-fact-rail", rail_words(&lang, refund.rail)),
        moment("desk-fact-asked", refund.created_at),
        moment("desk-fact-updated", refund.updated_at),
    ];
    facts.extend(view.expected.map(|expected| Fact::words(&lang, "desk-fact-expected", lang.date(expected.to))));
    facts.push(Fact::words(&lang, "desk-fact-account", refund.provider_account.clone()));
    facts.push(id("desk-fact-transaction", &refund.connector_transaction_id));
    facts.extend(refund.provider_refund_id.as_deref().map(|text| id("desk-fact-provider-refund", text)));
    facts.extend(refund.provider_reference.as_deref().map(|text| id("desk-fact-bank-reference", text)));
    facts.extend(refund.ledger_entry_id.as_ref().map(|entry| id("desk-fact-ledger", entry.as_str())));
    facts.push(id("desk-fact-correlation", &refund.correlation_id));
    facts.extend(refund.error.as_ref().map(|error| Fact::words(&lang, "desk-fact-error", error.message.clone())));
    facts
}

/// The refund that this one is bound to by an appeal, in either direction.
pub fn bond(page: &Page, bond: &Bond) -> Vec<Fact> {
    let link = |name: &str, id: &RefundId| {
        Fact::new(&page.lang(), name, Value::Link(format!("/desk/refunds/{id}"), id.to_string()))
    };
    let denied = bond.denied.as_ref().map(|id| link("desk-fact-denied", id));
    denied.into_iter().chain(bond.appeal.as_ref().map(|id| link("desk-fact-appeal", id))).collect()
}

/// The lines of the order, each with its arithmetic.
pub fn lines(page: &Page, case: &CaseView) -> Vec<LineRow> {
    let lang = page.lang();
    let currency = case.payment.currency;
    let amount = |minor| Amount::of(&lang, Money::new(minor, currency));
    let row = |state: &LineState| {
        let line = &state.line;
        let taken = case.story.view.lines.iter().find(|taken| taken.share.line_id == line.line_id);
        LineRow {
            description: line.description.clone(),
            sum: line_sum(page, line, currency),
            total: amount(line.total_minor().unwrap_or_default()),
            taken: taken.map(|taken| amount(taken.share.amount_minor)),
            used: amount(state.used.amount_minor()),
        }
    };
    case.lines.iter().map(row).collect()
}

/// How a line comes to its total: quantity, unit, tax, discount.
pub fn line_sum(page: &Page, line: &Line, currency: Currency) -> String {
    let lang = page.lang();
    let plain = |minor| lang.amount(Money::new(minor, currency));
    let goods = page.t2("desk-line-goods", "quantity", line.quantity, "unit", plain(line.unit_amount_minor));
    let taxes = page.t2("desk-line-taxes", "tax", plain(line.tax_minor), "discount", plain(line.discount_minor));
    page.t2("desk-line-sum", "goods", goods, "taxes", taxes)
}

/// Requests that the policy took for possible repetitions.
pub fn twins(page: &Page, case: &CaseView) -> Vec<Other> {
    let twins = case.facts.as_ref().map(|facts| facts.twins.as_slice()).unwrap_or_default();
    case.of_order
        .iter()
        .filter(|other| twins.contains(&other.refund_id))
        .map(|other| self::other(page, other))
        .collect()
}

/// The customer's other refunds.
pub fn history(page: &Page, case: &CaseView) -> Vec<Other> {
    case.history.iter().map(|other| self::other(page, other)).collect()
}

/// A refund in a list of others.
pub fn other(page: &Page, refund: &Refund) -> Other {
    let lang = page.lang();
    Other {
        id: refund.refund_id.to_string(),
        order_id: refund.order_id.clone(),
        amount: Amount::of(&lang, refund.amount),
        reason: reason_words(&lang, refund.reason),
        tag: Tag::of(&lang, refund.state, refund.qualifier),
        asked: Moment::of(&lang, refund.created_at),
    }
}
