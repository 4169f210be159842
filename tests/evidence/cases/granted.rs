//! Refunds that the policy grants: the whole, in parts, and the synthetic journey of each region.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::MAIN_TRACE;
use crate::story::{Order, Stage, due, moves, postings, refund_id};

/// MAIN: a full refund on a captured payment.
pub(super) async fn main(stage: &mut Stage) -> Result<(String, Vec<Value>)> {
    stage.begin("main-full-refund", "MAIN: full refund on captured payment");
    let order = Order::new("1042", "pending_then_succeeded");
    stage.push(&order).await?;
    let traceparent = format!("00-{MAIN_TRACE}-00f067aa0ba902b7-01");
    let answer =
        stage.ask_traced(&order, Some(10_000), "not_received", "main", Some(&traceparent)).await?.expect(202)?;
    let id = refund_id(&answer)?;
    due("Idempotency-Status", answer.header("idempotency-status"), "created")?;
    due(
        "the answer",
        answer.json()?,
        json!({"refund_id": id, "state": "approved", "qualifier": null, "remaining_refundable_minor": 0,
               "message_id": "refund.request.accepted"}),
    )?;
    let shown = stage.shop.until(&id, "completed", None).await?;
    for member in ["provider_refund_id", "ledger_entry_id"] {
        ensure!(shown[member].as_str().is_some_and(|text| !text.is_empty()), "{member} is missing: {shown:#}");
    }
    let events = stage.shop.events(&id).await?;
    due("the state changes", moves(&events), words(&["create", "approve", "submit", "accepted", "succeeded"]))?;
    due("the ledger entries", postings(&events), words(&["REFUND_PENDING", "REFUND_SETTLED"]))?;
    due("what remains", stage.remaining(&order).await?, 0)?;
    let provider = shown["provider_refund_id"].as_str().unwrap_or_default();
    due("the processor's book", in_book(stage, &order).await?, vec![(id.clone(), "SUCCEEDED".to_owned(), 10_000)])?;
    stage.verdict(
        "main-full-refund",
        format!("202 approved, submitted, completed as {provider}; REFUND_PENDING and REFUND_SETTLED posted; 0 remain"),
    );
    Ok((id, events))
}

/// ALT: a partial refund, then a second one.
pub(super) async fn partials(stage: &mut Stage) -> Result<()> {
    stage.begin("alt-two-partials", "ALT: partial refund then second partial");
    let order = Order::new("1043", "succeeded");
    stage.push(&order).await?;
    let first = refund_id(&stage.ask(&order, Some(3_000), "quality", "part-1").await?.expect(202)?)?;
    stage.shop.until(&first, "completed", None).await?;
    due("what remains after 30.00", stage.remaining(&order).await?, 7_000)?;
    let second = refund_id(&stage.ask(&order, Some(2_000), "quality", "part-2").await?.expect(202)?)?;
    stage.shop.until(&second, "completed", None).await?;
    due("what remains after 20.00 more", stage.remaining(&order).await?, 5_000)?;
    stage.shop.get(&format!("/v1/orders/{}/refunds", order.id)).await?.expect(200)?;
    let booked: i64 = in_book(stage, &order).await?.iter().map(|(_, _, amount)| amount).sum();
    due("the processor's book", booked, 5_000)?;
    let small = Order { captured_minor: 1_000, ..Order::new("1044", "succeeded") };
    let whole = stage.refund(&small, None, "duplicate").await?;
    stage.shop.until(&whole, "completed", None).await?;
    due("what remains of 10.00", stage.remaining(&small).await?, 0)?;
    stage.verdict(
        "alt-two-partials",
        "30.00, then 20.00 of 100.00 completed; 50.00 remain, here and in the processor's book",
    );
    Ok(())
}

/// The synthetic journey, once for each region.
pub(super) fn synthetic(stage: &mut Stage) -> Result<()> {
    stage.begin("synthetic", "Synthetic journey per region");
    let token = stage.secrets.first().cloned().context("a token")?;
    for region in ["eu-1", "ap-1"] {
        let said = stage.desk.done(&["synthetic", "--url", &stage.desk.base, "--token", &token, "--region", region])?;
        let journey: Value = serde_json::from_str(&said)?;
        due("the journey", &journey["ok"], &json!(true))?;
        let order_id = journey["order_id"].as_str().context("a journey without an order")?;
        stage.transactions.push(order_id.replace("synthetic-", "sim_succeeded_"));
        stage.journeys.push(journey);
    }
    stage.verdict("synthetic", "create, poll, completed in eu-1 and ap-1");
    Ok(())
}

/// What the processor's book holds of an order: our reference, the status, the amount.
pub(super) async fn in_book(stage: &Stage, order: &Order) -> Result<Vec<(String, String, i64)>> {
    let text = |item: &Value, member: &str| item[member].as_str().unwrap_or_default().to_owned();
    let book = stage.book(&order.transaction()).await?;
    let item = |item: &Value| {
        let amount = item["amount"]["minor_amount"].as_i64().unwrap_or_default();
        (text(item, "merchant_refund_id"), text(item, "status"), amount)
    };
    Ok(book.iter().map(item).collect())
}

pub(super) fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
