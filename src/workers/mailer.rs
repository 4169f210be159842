//! Sends the letters that are due.

use std::sync::Arc;

use super::{Stopping, complain, owner};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::send_letter;

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let owner = owner(&app, "mailer");
    while !stopping.is_due() {
        let context = app.context(Principal::System);
        let is_idle = match send_letter::send_due(&app.desk, &context, &app.mailer, &owner).await {
            Ok(count) => count == 0,
            Err(refusal) => {
                complain(&refusal, "letters cannot be sent");
                true
            }
        };
        if is_idle {
            stopping.wait(app.desk.bells.mail.notified()).await;
        }
    }
}
