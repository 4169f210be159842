//! Carries out approvals that can no longer be undone.

use std::sync::Arc;

use super::{Stopping, complain};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::settle_decisions;

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    while !stopping.is_due() {
        let context = app.context(Principal::System);
        let is_idle = match settle_decisions::settle_due(&app.desk, &context).await {
            Ok(count) => count == 0,
            Err(refusal) => {
                complain(&refusal, "decisions cannot be carried out");
                true
            }
        };
        if is_idle {
            // Nothing rings for the passing of time.
            stopping.wait(std::future::pending::<()>()).await;
        }
    }
}
