//! The acceptance cases of the brief, each with its evidence, and the rules around them.

mod granted;
mod refused;
mod reviewed;
mod trouble;
mod webhooks;

use anyhow::Result;

use crate::story::Stage;

/// The trace that the main case asks in, as a shop's own system would.
pub(crate) const MAIN_TRACE: &str = "4d41494e000000000000000000000001";

/// What the books, diagrams and traces need to know of the cases.
pub(crate) struct Told {
    /// The refund of the main case.
    pub(crate) main_refund: String,
    /// What happened to it.
    pub(crate) main_events: Vec<serde_json::Value>,
    /// The correlation id of the request that exceeded what remained.
    pub(crate) exceeding: String,
    /// The refund that a person approved.
    pub(crate) reviewed_refund: String,
}

/// Walks all of them; the first that goes wrong ends the run.
pub(crate) async fn all(stage: &mut Stage) -> Result<Told> {
    let (main_refund, main_events) = granted::main(stage).await?;
    granted::partials(stage).await?;
    let reviewed_refund = reviewed::goodwill(stage).await?;
    reviewed::dual_control(stage).await?;
    let exceeding = refused::exceeds_remaining(stage).await?;
    refused::not_captured(stage).await?;
    refused::idempotency(stage).await?;
    refused::policy_denial(stage).await?;
    trouble::provider_timeout(stage).await?;
    trouble::late_reversal(stage).await?;
    webhooks::replay(stage).await?;
    webhooks::forged(stage).await?;
    granted::synthetic(stage)?;
    Ok(Told { main_refund, main_events, exceeding, reviewed_refund })
}
