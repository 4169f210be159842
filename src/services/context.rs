//! What every use case is told about the call: who, when, from where, in which conversation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ulid::Ulid;

use crate::domain::access::{Actor, Permission, Principal};
use crate::domain::id::{CustomerId, Mint};

use super::refusal::{Code, Refusal};

/// One call of a use case, as established at the edge.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who acts, with their rights.
    pub actor: Actor,
    /// Business time of the call.
    pub now: Timestamp,
    /// Real time of the call, for what another machine measures too: when work is due, when a lease ends.
    pub system_now: Timestamp,
    /// Ties together everything that one request causes, from browser to processor and webhook.
    pub correlation_id: String,
    /// From where, as a salted digest of the address; empty for what the desk does by itself.
    pub origin: String,
    seed: Ulid,
    issued: Arc<AtomicU64>,
}

/// Ids of one use case lie this far from those of the next in the same call: more than one transaction can write rows.
const IDS_PER_USE_CASE: u128 = 1 << 24;

impl Context {
    /// A call by `actor` from outside, with an id minted for it.
    pub fn new(
        actor: Actor,
        now: Timestamp,
        system_now: Timestamp,
        correlation_id: String,
        origin: String,
        seed: Ulid,
    ) -> Self {
        Self { actor, now, system_now, correlation_id, origin, seed, issued: Arc::default() }
    }

    /// What the desk does by itself, or a person at the shell.
    pub fn internal(principal: Principal, now: Timestamp, system_now: Timestamp, seed: Ulid) -> Self {
        Self::new(Actor::internal(principal), now, system_now, format!("co_{seed}"), String::new(), seed)
    }

    /// The same call as a part of another conversation: what a worker does for a refund belongs to that refund's own.
    #[must_use]
    pub fn in_conversation(&self, correlation_id: &str) -> Self {
        Self { correlation_id: correlation_id.to_owned(), ..self.clone() }
    }

    /// The same call with another actor: somebody who was recognised in the course of it.
    #[must_use]
    pub fn acting_as(self, actor: Actor) -> Self {
        Self { actor, ..self }
    }

    /// The ids for one use case. Taken before its transaction, so that a second run writes the same rows.
    pub fn mint(&self) -> Mint {
        let nth = u128::from(self.issued.fetch_add(1, Ordering::Relaxed));
        Mint::starting_at(Ulid(self.seed.0.wrapping_add(nth * IDS_PER_USE_CASE)))
    }

    /// Refuses where the actor lacks the permission: `403 ERR.AUTHZ.scope`.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.actor.may(permission) {
            Ok(())
        } else {
            Err(Refusal::new(Code::Scope).with("permission", permission.as_str()))
        }
    }

    /// Whether an object of this customer may be seen: a customer sees their own only, everybody else by permission.
    pub fn may_see(&self, owner: &CustomerId) -> bool {
        self.actor.customer_id().is_none_or(|customer| customer == owner)
    }
}
