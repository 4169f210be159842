//! Chains new audit records, every second; one node does at a time. The newest seal goes to the log now and then, so that
//! a trail that was cut off shows beside it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Stopping, complain, owner};
use crate::app::App;
use crate::domain::access::Principal;
use crate::services::seal_audit::{self, Sealed};

/// The head goes to the log so often, where it moved.
const HEAD_EVERY: Duration = Duration::from_secs(60);

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let owner = owner(&app, "sealer");
    let mut told = Told { head: None, at: None };
    let mut from_start = true;
    while !stopping.is_due() {
        let context = app.context(Principal::System);
        let is_idle = match seal_audit::seal_batch(&app.desk, &context, &owner, from_start).await {
            Ok(Sealed::Records { head: Some(head), .. }) => {
                told.head = Some(head);
                false
            }
            // The whole trail was looked through: from now on what is new is enough.
            Ok(Sealed::Records { head: None, .. }) => {
                from_start = false;
                true
            }
            Ok(Sealed::NotOurs) => true,
            Err(refusal) => {
                complain(&refusal, "the audit trail cannot be sealed");
                true
            }
        };
        told.tell_if_due();
        if is_idle {
            stopping.wait(std::future::pending()).await;
        }
    }
    told.tell();
}

/// The head that the log has not been told yet.
struct Told {
    head: Option<String>,
    at: Option<Instant>,
}

impl Told {
    fn tell_if_due(&mut self) {
        if self.at.is_none_or(|at| at.elapsed() >= HEAD_EVERY) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if let Some(head) = self.head.take() {
            tracing::info!(head, "the audit trail is sealed");
            self.at = Some(Instant::now());
        }
    }
}
