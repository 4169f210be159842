//! Applies the events that processors sent, as soon as they are stored.

use std::sync::Arc;

use super::{Stopping, complain, owner};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::receive_webhook;

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let owner = owner(&app, "inbox");
    while !stopping.is_due() {
        let context = app.context(Principal::System);
        let applied = receive_webhook::apply_due(&app.desk, &context, &owner).await;
        let is_idle = match &applied {
            Ok(count) => *count == 0,
            Err(refusal) => {
                complain(refusal, "events cannot be applied");
                true
            }
        };
        if is_idle {
            stopping.wait(app.desk.bells.inbox.notified()).await;
        }
    }
}
