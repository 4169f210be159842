//! What every use case is told about the call: who, when, from where, in which conversation, in which language.

use jiff::Timestamp;

use crate::domain::access::{Actor, Permission};

use super::refusal::{Code, Refusal};

/// One call of a use case, as established at the edge.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who acts, with their rights.
    pub actor: Actor,
    /// Business time of the call.
    pub now: Timestamp,
    /// Ties together everything that one request causes, from browser to processor and webhook.
    pub correlation_id: String,
    /// From where, as a salted digest of the address; empty for what the desk does by itself.
    pub origin: String,
}

impl Context {
    /// Refuses where the actor lacks the permission: `403 ERR.AUTHZ.scope`.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.actor.may(permission) {
            Ok(())
        } else {
            Err(Refusal::new(Code::Scope).with("permission", permission.as_str()))
        }
    }
}
