//! An import has the effect of pushing each order, whatever is in the database or twice in the batch.

use std::sync::Arc;

use super::bench::{Bench, order};
use crate::domain::order::Order;
use crate::services::import_orders::import_orders;
use crate::services::push_order::Pushed;
use crate::services::{Code, read_orders};

async fn import(bench: &Bench, orders: Vec<Order>) -> Vec<Result<Pushed, Code>> {
    let answers = import_orders(&bench.desk, &bench.context(), Arc::new(orders)).await.unwrap();
    answers.into_iter().map(|answer| answer.map_err(|refusal| refusal.code)).collect()
}

#[tokio::test]
async fn a_second_import_changes_nothing() {
    let bench = Bench::new().await;
    let orders: Vec<Order> = (0..1_200).map(|number| order(&number.to_string())).collect();
    assert_eq!(import(&bench, orders.clone()).await, vec![Ok(Pushed::Created); 1_200]);
    assert_eq!(import(&bench, orders).await, vec![Ok(Pushed::Unchanged); 1_200]);
    let view = read_orders::read_order(&bench.desk, &bench.context(), "777").await.unwrap();
    assert_eq!((view.lines.len(), view.payments.len(), view.order.version), (1, 1, 1));
    assert_eq!(view.customer.unwrap().email, "777@customer.example");
}

#[tokio::test]
async fn a_wrong_order_leaves_the_others_as_they_are() {
    let bench = Bench::new().await;
    let mut of_other = order("2");
    of_other.payments[0].connector_transaction_id = "sim_1".to_owned();
    let mut without_payment = order("3");
    without_payment.payments.clear();
    let mut same_customer = order("4");
    same_customer.customer = order("1").customer;
    let mut corrected = order("4");
    corrected.customer.email = "1@CUSTOMER.example".to_owned();
    corrected.lines[0].description = "Kettle, blue".to_owned();
    let answers = import(&bench, vec![order("1"), of_other, without_payment, same_customer, corrected]).await;
    assert_eq!(
        answers,
        [Ok(Pushed::Created), Err(Code::Payment), Err(Code::Body), Ok(Pushed::Created), Ok(Pushed::Changed)]
    );
    let (context, desk) = (bench.context(), &bench.desk);
    assert!(read_orders::read_order(desk, &context, "2").await.is_err());
    let (one, four) = (
        read_orders::read_order(desk, &context, "1").await.unwrap(),
        read_orders::read_order(desk, &context, "4").await.unwrap(),
    );
    assert_eq!(one.order.customer_id, four.order.customer_id);
    assert_eq!((four.order.version, four.lines[0].line.description.as_str()), (2, "Kettle, blue"));
}

#[tokio::test]
async fn an_order_that_was_refunded_keeps_its_payment() {
    let bench = Bench::new().await;
    bench.refund("1").await;
    let mut moved = order("1");
    moved.payments[0].connector_transaction_id = "sim_elsewhere".to_owned();
    moved.lines[0].description = "Teapot".to_owned();
    assert_eq!(import(&bench, vec![moved, order("2")]).await, [Err(Code::Payment), Ok(Pushed::Created)]);
    let view = read_orders::read_order(&bench.desk, &bench.context(), "1").await.unwrap();
    assert_eq!(view.lines[0].line.description, "Kettle", "a refused order is not written by half");
    assert_eq!(view.payments[0].connector_transaction_id, "sim_1");
}
