//! Processors that misbehave: time-outs, and money that comes back.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::granted::{in_book, words};
use crate::hand::{Signed, event};
use crate::story::{Order, Stage, due, moves, postings};

/// EXCEPTION: the provider does not answer. Three ways: it did it, it did not, and it cannot tell.
pub(super) async fn provider_timeout(stage: &mut Stage) -> Result<()> {
    stage.begin("exception-provider-timeout", "EXCEPTION: provider timeout");
    let done = Order::new("1052-done", "timeout_done");
    let lost = Order::new("1052-lost", "timeout_lost");
    let broken = Order::new("1052-broken", "http_500_stored");
    let done_id = stage.refund(&done, None, "not_received").await?;
    let lost_id = stage.refund(&lost, None, "not_received").await?;
    let broken_id = stage.refund(&broken, None, "not_received").await?;

    stage.shop.until(&broken_id, "provider_pending", Some("unknown")).await?;
    let failure = event(stage, &broken_id, "FAILED").await?;
    Signed::new("evt_evidence_failed", &failure).deliver(stage).await?.expect(200)?;
    let failed = stage.shop.until(&broken_id, "failed", None).await?;
    due("what remains after a failure", stage.remaining(&broken).await?, 10_000)?;
    ensure!(in_book(stage, &broken).await?.is_empty(), "the processor's book holds what failed: {failed:#}");

    stage.shop.until(&done_id, "completed", None).await?;
    due("the processor's book", in_book(stage, &done).await?, vec![(done_id.clone(), "SUCCEEDED".to_owned(), 10_000)])?;
    stage.shop.until(&lost_id, "completed", None).await?;
    due("the processor's book", in_book(stage, &lost).await?, vec![(lost_id.clone(), "SUCCEEDED".to_owned(), 10_000)])?;
    let events = stage.shop.events(&lost_id).await?;
    let calls: Vec<&Value> = events.iter().filter(|event| event["kind"] == "provider_call").collect();
    ensure!(calls.len() > 1, "nothing was tried again: {calls:#?}");
    due("attempts under other keys", calls.iter().filter(|call| call["details"]["attempt"] != json!(1)).count(), 0)?;
    let unknown = moves(&events).iter().any(|name| name == "outcome_unknown");
    ensure!(unknown, "a time-out was not taken for an unknown outcome: {events:#?}");
    stage.shop.events(&broken_id).await?;
    stage.verdict(
        "exception-provider-timeout",
        format!(
            "provider_pending and unknown; completed where the processor had done it, or did it on one of {} calls under one key; \
             failed by a signed webhook where it could not tell; one refund each in its book",
            calls.len()
        ),
    );
    Ok(())
}

/// A success that the processor takes back later.
pub(super) async fn late_reversal(stage: &mut Stage) -> Result<()> {
    stage.begin("late-reversal", "Late failure: a completed refund is reversed by the processor");
    let order = Order::new("1053", "late_reversal");
    let id = stage.refund(&order, None, "quality").await?;
    stage.shop.until(&id, "failed", Some("reversed")).await?;
    let events = stage.shop.events(&id).await?;
    due("the state changes", moves(&events).last().map(String::as_str), Some("reversed"))?;
    due("the ledger entries", postings(&events), words(&["REFUND_PENDING", "REFUND_SETTLED", "REFUND_REVERSED"]))?;
    due("what remains", stage.remaining(&order).await?, 10_000)?;
    due("the processor's book", in_book(stage, &order).await?, vec![(id, "FAILED".to_owned(), 10_000)])?;
    stage.verdict(
        "late-reversal",
        "completed, then failed and reversed; REFUND_REVERSED compensates the ledger; 100.00 remain",
    );
    Ok(())
}
