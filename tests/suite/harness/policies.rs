//! Policies of a test's own.

use makegood::domain::policy::Policy;
use makegood::store::{StoreError, policies};
use serde_json::{Value, json};

use super::app::TestApp;

impl TestApp {
    /// Puts a policy into force that approves whatever no guard and no floor stops.
    pub(crate) async fn approve_everything(&self) {
        self.put_in_force(json!("auto_approve")).await;
    }

    /// Puts a policy into force that lets one person decide everything.
    pub(crate) async fn review_everything(&self) {
        self.put_in_force(json!({"review": {"approvals": 1, "min_role": "agent"}})).await;
    }

    async fn put_in_force(&self, outcome: Value) {
        let policy = json!({"version": 2, "rules": [{"id": "everything", "outcome": outcome}]});
        let policy: Policy = serde_json::from_value(policy).expect("a policy");
        let document = serde_json::to_string(&policy).expect("a document");
        let now = self.now();
        let written = self.desk().db.write(move |tx| {
            policies::insert_active(tx, 2, &document, "shell", now)?;
            Ok::<_, StoreError>(())
        });
        written.await.expect("a policy is written");
    }
}
