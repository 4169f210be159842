//! Waiting for what workers do: with a deadline, and never longer than needed.

use std::time::{Duration, Instant};

use super::app::TestApp;
use super::witness::Witness;

/// Everything that a test leaves to workers is done in a few seconds, retries of a troubled processor included.
const QUIET_TIMEOUT: Duration = Duration::from_secs(60);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(15);

/// What still has to be done, as one line each: rows of the outbox and the inbox, webhooks of the simulator.
const OPEN_WORK: &str = "SELECT line FROM (
    SELECT 'outbox ' || kind || ' ' || status || ' ' || COALESCE(refund_id, '') || ' ' || COALESCE(last_error, '') AS line
    FROM outbox WHERE status IN ('waiting', 'leased', 'dead', 'unknown')
    UNION ALL
    SELECT 'inbox ' || event_type || ' ' || status || ' ' || COALESCE(note, '') AS line
    FROM inbox WHERE status IN ('waiting', 'leased', 'dead', 'unmatched')
    UNION ALL
    SELECT 'simulator webhook ' || delivery_id AS line FROM simulator_webhooks
) AS open_work ORDER BY line";

/// Looks until it is so; whether it was in time.
pub(crate) async fn eventually(timeout: Duration, mut is_so: impl AsyncFnMut() -> bool) -> bool {
    let deadline = Instant::now() + timeout;
    loop {
        if is_so().await {
            return true;
        }
        if Instant::now() > deadline {
            return false;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl TestApp {
    /// Waits until nobody has anything left to do: nothing to send, nothing to apply, no webhook on its way.
    pub(crate) async fn quiet(&self) {
        self.quiet_but(&[]).await;
    }

    /// The same, where a test leaves work of these kinds behind on purpose: what their lines begin with.
    pub(crate) async fn quiet_but(&self, left: &[&str]) {
        let mut open = Vec::new();
        let quiet = eventually(QUIET_TIMEOUT, async || {
            open = self.open_work().await;
            open.retain(|line| !left.iter().any(|left| line.starts_with(left)));
            open.is_empty()
        })
        .await;
        assert!(quiet, "work was left behind:\n  {}", open.join("\n  "));
    }

    /// What still has to be done, one line each.
    pub(crate) async fn open_work(&self) -> Vec<String> {
        self.witness().open_work().await
    }
}

impl Witness {
    /// What still has to be done, one line each.
    pub(crate) async fn open_work(&self) -> Vec<String> {
        self.lines(OPEN_WORK).await
    }
}
