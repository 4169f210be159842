//! Asks the virus scanner about files that were given as evidence.

use std::sync::Arc;

use super::{Stopping, complain, owner};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::scan_evidence;

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let owner = owner(&app, "scanner");
    while !stopping.is_due() {
        let context = app.context(Principal::System);
        let is_idle = match scan_evidence::scan_due(&app.desk, &context, &owner).await {
            Ok(count) => count == 0,
            Err(refusal) => {
                complain(&refusal, "evidence cannot be scanned");
                true
            }
        };
        if is_idle {
            stopping.wait(app.desk.bells.scan.notified()).await;
        }
    }
}
