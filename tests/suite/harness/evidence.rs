//! What the suite does with evidence where there is no route: adding it later, looking at it, finding it on the disk.

use std::path::PathBuf;

use makegood::domain::access::{Actor, Principal};
use makegood::domain::evidence::View;
use makegood::domain::id::{EvidenceId, RefundId};
use makegood::services::read_evidence;
use makegood::services::{Context, Refusal, attach_evidence, tokens};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::app::TestApp;
use super::caller::Caller;
use super::refunds::Refund;

impl TestApp {
    /// The caller adds files to a request; the refund as it stands.
    pub(crate) async fn add_evidence(&self, caller: &Caller, refund: &Refund, uris: &[&str]) -> Value {
        let ids = uris.iter().map(|uri| EvidenceId::parse(uri.trim_start_matches("link://")).expect("an id"));
        let (context, id) = (self.context_of(caller).await, refund_id(refund));
        let added = attach_evidence::add_evidence(self.desk(), &context, &id, ids.collect()).await;
        added.unwrap_or_else(|refusal| panic!("{refusal}: {refusal:?}"));
        self.shop.show(refund).await
    }

    /// The caller looks at the `nth` file of a refund.
    pub(crate) async fn look(
        &self,
        caller: &Caller,
        refund: &Refund,
        nth: i64,
        view: View,
    ) -> Result<Vec<u8>, Refusal> {
        let context = self.context_of(caller).await;
        let drawn = read_evidence::view(self.desk(), &context, &refund_id(refund), nth, view).await?;
        Ok(drawn.bytes)
    }

    /// The files of evidence as they lie on the disk, waiting ones too.
    pub(crate) fn sealed_files(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.data_folder().join("evidence")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }

    /// What use cases are told about a call by this token's bearer.
    pub(crate) async fn context_of(&self, caller: &Caller) -> Context {
        let hash = hex::encode(Sha256::digest(caller.token.as_deref().expect("a token")));
        let now = jiff::Timestamp::now();
        let known = tokens::recognise(self.desk(), hash, now).await.expect("an answer").expect("a token that is known");
        let mut actor = known.actor;
        if let Principal::User(user) = &actor.principal {
            // At the desk a person has what their roles give, not what a token is for.
            actor = Actor::user(user.clone(), actor.roles.clone());
        }
        self.context(actor.principal.clone()).acting_as(actor)
    }
}

fn refund_id(refund: &Refund) -> RefundId {
    RefundId::parse(&refund.id).expect("an id")
}
