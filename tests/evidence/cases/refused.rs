//! Requests that are refused, and what a repeated one gets.

use anyhow::{Result, ensure};
use serde_json::json;

use super::granted::in_book;
use crate::story::{Order, Stage, due, refund_id};

/// EXCEPTION: more than remains. The correlation id of the refused request.
pub(super) async fn exceeds_remaining(stage: &mut Stage) -> Result<String> {
    stage.begin("exception-exceeds-remaining", "EXCEPTION: exceeds remaining");
    let order = Order::new("1048", "succeeded");
    let first = stage.refund(&order, Some(8_000), "quality").await?;
    stage.shop.until(&first, "completed", None).await?;
    let prevented = stage.count("refund_prevented_total{kind=\"over_refund\"}").await?;
    let refusal = stage.ask(&order, Some(2_001), "quality", "too-much").await?;
    let document = refusal.refused(400, "ERR.BUSINESS.refund.exceeds_remaining")?;
    due("what is told to remain", &document["remaining_refundable_minor"], &json!(2_000))?;
    due("the sentence", &document["detail"], &json!("This refund exceeds the available amount."))?;
    due("what remains", stage.remaining(&order).await?, 2_000)?;
    due("prevented", stage.count("refund_prevented_total{kind=\"over_refund\"}").await?, prevented + 1)?;
    stage.verdict(
        "exception-exceeds-remaining",
        "400 ERR.BUSINESS.refund.exceeds_remaining; logged as MSG.refund.requested with its reason; nothing recorded",
    );
    Ok("evidence-too-much".to_owned())
}

/// EXCEPTION: not captured; and the tenders that no refund goes back to.
pub(super) async fn not_captured(stage: &mut Stage) -> Result<()> {
    stage.begin("exception-not-captured", "EXCEPTION: not captured, voided, charged back, split tender");
    for status in ["pending", "failed", "voided"] {
        let order = Order { status: status.to_owned(), ..Order::new(&format!("1049-{status}"), "succeeded") };
        stage.push(&order).await?;
        let refusal = stage.ask(&order, Some(1_000), "quality", &order.id).await?;
        let document = refusal.refused(402, "ERR.BUSINESS.refund.not_captured")?;
        due("the sentence", &document["detail"], &json!("We can’t refund this payment yet."))?;
        ensure!(in_book(stage, &order).await?.is_empty(), "the processor was asked for a payment that is {status}");
    }
    let charged = Order { status: "charged_back".to_owned(), ..Order::new("1049-charged-back", "succeeded") };
    stage.push(&charged).await?;
    let refusal = stage.ask(&charged, Some(1_000), "quality", &charged.id).await?;
    refusal.refused(409, "ERR.BUSINESS.refund.charged_back")?;
    let split = Order { split: true, ..Order::new("1049-split", "succeeded") };
    stage.push(&split).await?;
    let refusal = stage.ask(&split, Some(1_000), "quality", &split.id).await?;
    refusal.refused(422, "ERR.BUSINESS.refund.split_tender")?;
    stage.verdict(
        "exception-not-captured",
        "402 ERR.BUSINESS.refund.not_captured for pending, failed and voided payments; 409 charged_back; 422 split_tender",
    );
    Ok(())
}

/// EXCEPTION: idempotency conflict, and the replay beside it.
pub(super) async fn idempotency(stage: &mut Stage) -> Result<()> {
    stage.begin("exception-idempotency", "EXCEPTION: idempotency conflict; replay");
    let order = Order { currency: "KWD".to_owned(), ..Order::new("1050", "succeeded") };
    stage.push(&order).await?;
    let first = stage.ask(&order, Some(1_000), "quality", "reused").await?.expect(202)?;
    stage.ask(&order, Some(1_001), "quality", "reused").await?.refused(409, "ERR.CONFLICT.idempotency")?;
    let again = stage.ask(&order, Some(1_000), "quality", "reused").await?.expect(202)?;
    due("the replayed bytes", again.text(), first.text())?;
    due("Idempotency-Status", again.header("idempotency-status"), "replayed")?;
    stage.shop.until(&refund_id(&first)?, "completed", None).await?;
    due("refunds in the processor's book", in_book(stage, &order).await?.len(), 1)?;
    stage.verdict(
        "exception-idempotency",
        "another payload: 409 ERR.CONFLICT.idempotency; the same: the same bytes, replayed; one refund",
    );
    Ok(())
}

/// A denial by the policy is recorded, with its reason.
pub(super) async fn policy_denial(stage: &mut Stage) -> Result<()> {
    stage.begin("policy-denial", "Outside the cooling-off window: denied by the policy");
    let order = Order { days_ago: 200, ..Order::new("1051", "succeeded") };
    let id = stage.refund(&order, None, "quality").await?;
    let shown = stage.shop.until(&id, "canceled", Some("denied")).await?;
    ensure!(shown["decision"]["trace"].as_array().is_some_and(|trace| !trace.is_empty()), "no trace: {shown:#}");
    due("what remains", stage.remaining(&order).await?, 10_000)?;
    let message = shown["message_id"].as_str().unwrap_or_default().to_owned();
    stage.verdict("policy-denial", format!("202, canceled and denied with {message} and the trace of its rules"));
    Ok(())
}
