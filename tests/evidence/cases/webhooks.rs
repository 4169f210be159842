//! Webhooks told again, and webhooks that are none.

use anyhow::{Context as _, Result, ensure};

use super::granted::in_book;
use crate::exchange::Answer;
use crate::hand::{Signed, event};
use crate::story::{Order, Stage, due};

const REPLAYS: &str = "webhook_replay_dedup_total";

/// The same fact told several times: by the processor, and by whoever recorded it.
pub(super) async fn replay(stage: &mut Stage) -> Result<()> {
    stage.begin("webhook-replay", "Webhook replay: told again, applied once");
    let before = stage.count(REPLAYS).await?;
    let order = Order { currency: "JPY".to_owned(), captured_minor: 5_000, ..Order::new("1054", "duplicate_webhook") };
    let id = stage.refund(&order, None, "duplicate").await?;
    stage.shop.until(&id, "completed", None).await?;
    let about = |stage: &Stage| {
        let mut told = stage.witness.deliveries();
        told.retain(|delivery| delivery.member("/data/merchant_refund_id") == id && delivery.status == 200);
        told
    };
    // The processor tells one event twice and a second one beside it.
    let told = stage
        .eventually("the processor's duplicates", |stage| Some(about(stage)).filter(|told| told.len() >= 3))
        .await?;
    let by_processor = stage.count(REPLAYS).await? - before;
    ensure!(by_processor >= 1, "the processor's duplicate was not recognised");
    let version = stage.shop.get(&format!("/v1/refunds/{id}")).await?.expect(200)?.json()?["version"].clone();
    let recorded = told.first().context("a delivery")?.clone();
    for _ in 0..3 {
        let mut call = stage.door.call(reqwest::Method::POST, &recorded.path).raw(recorded.body.clone());
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            call = call.header(name, recorded.header(name));
        }
        call.send().await?.expect(200)?;
    }
    due("replays counted", stage.count(REPLAYS).await? - before, by_processor + 3)?;
    let shown = stage.shop.get(&format!("/v1/refunds/{id}")).await?.expect(200)?.json()?;
    due("the version after the replays", &shown["version"], &version)?;
    due("refunds in the processor's book", in_book(stage, &order).await?.len(), 1)?;
    stage.verdict("webhook-replay", format!("{} copies answered 200, counted, and applied once", by_processor + 3));
    Ok(())
}

/// Events that nobody signed, that were changed, or that are too old.
pub(super) async fn forged(stage: &mut Stage) -> Result<()> {
    stage.begin("webhook-forged", "Forged webhooks: refused, nothing changes");
    let order = Order::new("1055", "bad_signature");
    let id = stage.refund(&order, None, "quality").await?;
    stage.shop.until(&id, "completed", None).await?;
    let spoiled = stage.witness.deliveries();
    let spoiled = spoiled.iter().find(|told| told.member("/data/merchant_refund_id") == id && told.status == 401);
    ensure!(spoiled.is_some(), "the processor's wrongly signed event was not refused");

    let version = stage.shop.get(&format!("/v1/refunds/{id}")).await?.expect(200)?.json()?["version"].clone();
    let failure = event(stage, &id, "FAILED").await?;
    let good = Signed::new("evt_evidence_forged", &failure);
    let refused = |answer: Answer| answer.refused(401, "ERR.AUTHN.required").map(drop);
    refused(good.with_key("whsec_Zm9yZ2VkLWZvcmdlZC1mb3JnZWQtZm9yZ2Vk").deliver(stage).await?)?;
    refused(good.later_by(-600).deliver(stage).await?)?;
    refused(good.later_by(600).deliver(stage).await?)?;
    refused(good.deliver_changed(stage).await?)?;
    refused(good.deliver_unsigned(stage).await?)?;
    let shown = stage.shop.get(&format!("/v1/refunds/{id}")).await?.expect(200)?.json()?;
    due(
        "the version after the forgeries",
        (&shown["version"], shown["state"].as_str()),
        (&version, Some("completed")),
    )?;
    stage.verdict(
        "webhook-forged",
        "wrong key, changed body, no signature, too old, in the future: 401 each, nothing changed",
    );
    Ok(())
}
