//! Refunds that people decide: goodwill by one, high value by two, and who may not.

use anyhow::Result;

use super::granted::words;
use crate::story::{Order, Stage, due, moves, postings};

/// ALT: manual review of goodwill.
pub(super) async fn goodwill(stage: &mut Stage) -> Result<String> {
    stage.begin("alt-goodwill-review", "ALT: manual review (goodwill)");
    let order = Order::new("1045", "succeeded");
    let id = stage.refund(&order, Some(2_500), "goodwill").await?;
    stage.shop.until(&id, "requested", Some("awaiting_first")).await?;
    due("what remains of a mere request", stage.remaining(&order).await?, 10_000)?;
    stage.agent.decide(&id, "approve", "I like them.").await?.refused(403, "ERR.AUTHZ.scope")?;
    stage.shop.decide(&id, "approve", "My own.").await?.refused(403, "ERR.AUTHZ.dual_control")?;
    stage.senior.decide(&id, "approve", "A loyal customer.").await?.expect(200)?;
    stage.shop.until(&id, "completed", None).await?;
    let events = stage.shop.events(&id).await?;
    due("the state changes", moves(&events), words(&["create", "approve", "submit", "succeeded"]))?;
    stage.verdict(
        "alt-goodwill-review",
        "25.00 waited for a senior agent, whose note stands in the trail; agent and requester were refused with 403",
    );
    Ok(id)
}

/// Dual control: goodwill above its threshold, and high value, take two people.
pub(super) async fn dual_control(stage: &mut Stage) -> Result<()> {
    stage.begin("dual-control", "Dual control: goodwill above 200.00 and high value");
    let order = Order { captured_minor: 30_000, ..Order::new("1046", "succeeded") };
    let id = stage.refund(&order, Some(25_000), "goodwill").await?;
    stage.senior.decide(&id, "approve", "First of two.").await?.expect(200)?;
    stage.shop.until(&id, "requested", Some("awaiting_second")).await?;
    stage.senior.decide(&id, "approve", "And again.").await?.refused(403, "ERR.AUTHZ.dual_control")?;
    stage.second.decide(&id, "approve", "Second of two.").await?.expect(200)?;
    stage.shop.until(&id, "completed", None).await?;

    let order = Order { captured_minor: 999_900, ..Order::new("1047", "succeeded") };
    let id = stage.refund(&order, None, "quality").await?;
    stage.agent.decide(&id, "approve", "Photos look right.").await?.expect(200)?;
    stage.shop.until(&id, "requested", Some("awaiting_second")).await?;
    stage.senior.decide(&id, "approve", "Agreed.").await?.expect(200)?;
    stage.shop.until(&id, "completed", None).await?;
    let events = stage.shop.events(&id).await?;
    due("the ledger entries", postings(&events), words(&["REFUND_PENDING", "REFUND_SETTLED"]))?;
    stage.verdict(
        "dual-control",
        "250.00 of goodwill and 9,999.00 took two people each; the same person twice was refused with 403",
    );
    Ok(())
}
