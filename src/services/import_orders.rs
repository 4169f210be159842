//! Many orders at once: the same effect as pushing each, at the price of a few statements a batch. Source: SPEC section
//! 16, `makegood orders import`.
//!
//! Orders that are new are written together; those that exist, or stand twice in a batch, go the way of a push, each in a
//! part of its own, so that one that is refused leaves the others as they are. A batch leaves one audit record.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::push_order::{self, Pushed};
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::id::{CustomerId, Mint};
use crate::domain::order::{Customer, Order};
use crate::store::customers::email_key;
use crate::store::order_batch::{self, NewOrder};
use crate::store::orders::OrderRow;
use crate::store::{Conn, StoreError, Tx};

/// What became of one order of a batch.
pub type Imported = Result<Pushed, Refusal>;

/// Writes a batch of orders in one transaction; one answer each, in their order.
pub async fn import_orders(
    desk: &Arc<Desk>,
    context: &Context,
    batch: Arc<Vec<Order>>,
) -> Result<Vec<Imported>, Refusal> {
    context.require(Permission::OrderWrite)?;
    let mint = context.mint();
    let context = context.clone();
    desk.db.write(move |tx| import(tx, &context, &batch, &mut mint.clone())).await
}

fn import(tx: &mut Tx<'_>, context: &Context, batch: &[Order], mint: &mut Mint) -> Result<Vec<Imported>, Refusal> {
    let known = Known::of(tx, batch)?;
    let mut plan = Plan { known, ..Plan::default() };
    // Nobody answers for an order twice: every place is filled below.
    let mut answers: Vec<Option<Imported>> = batch.iter().map(|order| plan.sort(order, mint)).collect();
    order_batch::insert_customers(tx, &plan.new_customers, context.now)?;
    let new: Vec<NewOrder<'_>> = plan
        .new_orders
        .drain(..)
        .map(|(order, customer_id, digest)| {
            let (row, payments) = push_order::new_rows(context, order, customer_id, digest);
            NewOrder { order: row, lines: &order.lines, payments }
        })
        .collect();
    order_batch::insert_orders(tx, &new)?;
    for (order, answer) in batch.iter().zip(&mut answers).filter(|(_, answer)| answer.is_none()) {
        *answer = Some(push(tx, context, order, mint)?);
    }
    let answers: Vec<Imported> = answers.into_iter().flatten().collect();
    audit(tx, context, batch, &answers, mint)?;
    Ok(answers)
}

/// One order the way of a push; what the store says ends the batch.
fn push(tx: &mut Tx<'_>, context: &Context, order: &Order, mint: &mut Mint) -> Result<Imported, Refusal> {
    match tx.part(|tx| push_order::write(tx, context, order, mint)) {
        Err(refusal) if refusal.store.is_some() => Err(refusal),
        answer => Ok(answer),
    }
}

/// One record of the batch: how many, and a digest over what was told, so that the file can be held against it.
fn audit(
    tx: &mut Tx<'_>,
    context: &Context,
    batch: &[Order],
    answers: &[Imported],
    mint: &mut Mint,
) -> Result<(), StoreError> {
    let mut told = Sha256::new();
    let (mut created, mut changed) = (0_u64, 0_u64);
    for (order, answer) in batch.iter().zip(answers) {
        match answer {
            Ok(Pushed::Created) => created += 1,
            Ok(Pushed::Changed) => changed += 1,
            Ok(Pushed::Unchanged) | Err(_) => continue,
        }
        told.update(format!("{} {}\n", order.order_id, push_order::digest(order)));
    }
    if created + changed == 0 {
        return Ok(());
    }
    let after = json!({"created": created, "changed": changed, "digest": hex::encode(told.finalize())}).to_string();
    let cause = Cause { context, actor: context.actor.principal.clone(), reason: "imported", note: None };
    moves::audit(tx, mint, &cause, "order.import", "order:*", None, Some(after))?;
    Ok(())
}

/// What the database knows of a batch.
#[derive(Default)]
struct Known {
    orders: HashMap<String, OrderRow>,
    customers: HashMap<String, (CustomerId, Customer)>,
    /// Account and the processor's id of the payment → order and payment.
    transactions: HashMap<(String, String), (String, String)>,
}

impl Known {
    fn of(conn: &mut Conn, batch: &[Order]) -> Result<Self, StoreError> {
        let order_ids: Vec<&str> = batch.iter().map(|order| order.order_id.as_str()).collect();
        let emails: Vec<String> = batch.iter().map(|order| email_key(&order.customer.email)).collect();
        let mut by_account: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for payment in batch.iter().flat_map(|order| &order.payments) {
            by_account.entry(&payment.provider_account).or_default().push(&payment.connector_transaction_id);
        }
        let mut transactions = HashMap::new();
        for (account, ids) in by_account {
            let found = order_batch::find_transactions(conn, account, &ids)?;
            transactions.extend(found.into_iter().map(|(id, owner)| ((account.to_owned(), id), owner)));
        }
        Ok(Self {
            orders: order_batch::find_orders(conn, &order_ids)?,
            customers: order_batch::find_customers(conn, &emails)?,
            transactions,
        })
    }
}

/// What is to be done with a batch.
#[derive(Default)]
struct Plan<'a> {
    known: Known,
    new_customers: Vec<(CustomerId, &'a Customer)>,
    new_orders: Vec<(&'a Order, CustomerId, String)>,
    seen: HashSet<&'a str>,
}

impl<'a> Plan<'a> {
    /// The answer that can be given now; none where the order goes the way of a push.
    fn sort(&mut self, order: &'a Order, mint: &mut Mint) -> Option<Imported> {
        if let Err(refusal) = push_order::check(order) {
            return Some(Err(refusal));
        }
        let key = email_key(&order.customer.email);
        let digest = push_order::digest(order);
        if !self.seen.insert(&order.order_id) {
            return None;
        }
        if let Some(found) = self.known.orders.get(&order.order_id) {
            let same_customer = self
                .known
                .customers
                .get(&key)
                .is_some_and(|(id, customer)| *id == found.customer_id && *customer == order.customer);
            return (same_customer && found.digest == digest).then_some(Ok(Pushed::Unchanged));
        }
        let is_taken = |payment: &crate::domain::order::Payment| {
            let transaction = (payment.provider_account.clone(), payment.connector_transaction_id.clone());
            self.known.transactions.contains_key(&transaction)
        };
        let mut own = HashSet::new();
        let repeated = !order
            .payments
            .iter()
            .all(|payment| own.insert((&payment.provider_account, &payment.connector_transaction_id)));
        if repeated || order.payments.iter().any(is_taken) {
            return Some(Err(push_order::foreign()));
        }
        let customer_id = match self.known.customers.get(&key) {
            Some((id, customer)) if *customer == order.customer => id.clone(),
            // Name or language changed: a push brings them up to date.
            Some(_) => return None,
            None => self.new_customer(order, key, mint),
        };
        for payment in &order.payments {
            let transaction = (payment.provider_account.clone(), payment.connector_transaction_id.clone());
            let owner = (order.order_id.clone(), payment.payment_id.clone());
            self.known.transactions.insert(transaction, owner);
        }
        self.new_orders.push((order, customer_id, digest));
        Some(Ok(Pushed::Created))
    }

    fn new_customer(&mut self, order: &'a Order, key: String, mint: &mut Mint) -> CustomerId {
        let id = CustomerId::from_ulid(mint.next_ulid());
        self.new_customers.push((id.clone(), &order.customer));
        self.known.customers.insert(key, (id.clone(), order.customer.clone()));
        id
    }
}
