//! An edge for tests: no limits, one trusted network, three tokens.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::auth::{KnownToken, Tokens};
use super::edge::Edge;
use super::health::Ready;
use super::limits::{Limits, Rates};
use crate::app::{Clock, Ids};
use crate::domain::access::{Actor, Scope};
use crate::domain::id::TokenId;
use crate::l10n::L10n;
use crate::services::{Code, Refusal};

/// May read refunds.
pub(super) const READER: &str = "mg_reader";
/// May ask for refunds.
pub(super) const ASKER: &str = "mg_asker";
/// The database does not answer when this one is looked up.
pub(super) const UNLUCKY: &str = "mg_unlucky";

pub(super) fn edge() -> Edge {
    edge_at(Rates { create_per_second: 0, decide_per_second: 0, read_per_second: 0, sign_in_per_minute: 0 })
}

pub(super) fn edge_at(rates: Rates) -> Edge {
    Edge {
        public_url: "https://desk.example".to_owned(),
        live: true,
        trusts: Box::new(|address| address.to_string().starts_with("10.")),
        limits: Limits::new(rates),
        l10n: Arc::new(L10n::embedded().unwrap()),
        clock: Clock::default(),
        ids: Ids::new(Clock::default()),
        tokens: Tokens::default(),
        find_token: Box::new(|hash| Box::pin(async move { find(hash) })),
        readiness: Box::new(|| {
            Box::pin(async { Ready { ready: false, database: false, migrations: true, workers: Vec::new() } })
        }),
        origin_salt: [7; 32],
        error_page: None,
    }
}

fn find(hash: String) -> Result<Option<KnownToken>, Refusal> {
    let is = |text: &str| hash == hex::encode(Sha256::digest(text));
    if is(UNLUCKY) {
        return Err(Refusal::new(Code::Unavailable).retry_after_s(1));
    }
    let scope = [(READER, Scope::RefundsRead), (ASKER, Scope::RefundsCreate)].into_iter().find(|(text, _)| is(text));
    Ok(scope.map(|(text, scope)| {
        let id = TokenId::from_ulid(ulid::Ulid::from_parts(1, u128::from(scope == Scope::RefundsRead)));
        KnownToken {
            actor: Actor::token(id, text, &BTreeSet::from([scope]), None),
            token_hash: hash,
            expires_at: None,
            revoked_at: None,
        }
    }))
}
