//! Search by whatever somebody has in hand: a refund's or an order's id, a number of the processor or of a bank, the id
//! of a conversation, an address, an amount. Every way goes through an index.

use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::id::RefundId;
use crate::domain::money::Money;
use crate::domain::refund::Refund;
use crate::store::refunds::{Filter, Known};
use crate::store::{customers, orders, refunds};

/// Refunds that are shown at most.
const HITS_MAX: i64 = 50;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The order with this very number.
    pub order_id: Option<String>,
    /// Refunds, newest first.
    pub refunds: Vec<Refund>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// As it was typed, without blanks around it.
    pub text: String,
    /// The same as an amount, where it is one.
    pub amount: Option<Money>,
}

/// Finds what the text could mean.
pub async fn search(desk: &Arc<Desk>, context: &Context, wanted: Wanted) -> Result<Hits, Refusal> {
    context.require(Permission::RefundRead)?;
    desk.db
        .read(move |conn| {
            let text = wanted.text.as_str();
            if let Ok(refund_id) = RefundId::parse(text)
                && let Some(refund) = refunds::find(conn, &refund_id)?
            {
                return Ok(Hits { order_id: None, refunds: vec![refund] });
            }
            let order_id = orders::find(conn, text)?.map(|order| order.order_id);
            let mut found = match &order_id {
                Some(order_id) => refunds::of_order(conn, order_id)?,
                None => refunds::find_known(conn, &Known::Number(text), HITS_MAX)?,
            };
            if let Some(customer_id) = customers::find_by_email(conn, text)? {
                let filter = Filter { customer_id: Some(customer_id), ..Filter::default() };
                found.extend(refunds::list(conn, &filter, HITS_MAX)?);
            }
            if let Some(amount) = wanted.amount {
                found.extend(refunds::find_known(conn, &Known::Amount(amount), HITS_MAX)?);
            }
            found.sort_by(|one, other| other.refund_id.cmp(&one.refund_id));
            found.dedup_by(|one, other| one.refund_id == other.refund_id);
            Ok(Hits { order_id, refunds: found })
        })
        .await
}
