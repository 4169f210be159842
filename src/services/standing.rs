//! Whether somebody may still do what they are about to do, asked in the transaction that does it.
//!
//! Who acts was established when the request came in. Between then and the commit a person can be suspended, a role taken
//! away, a token revoked; what is decided counts only where they still may at the commit. Source: SPEC section 3, F85.

use super::context::Context;
use super::refusal::{Code, Refusal};
use super::tokens::actor_by;
use crate::domain::access::{Actor, Permission, Principal};
use crate::store::{Tx, people, tokens};

/// The call with the rights that its actor has now. Refuses where a person was suspended or a token ended, and where the
/// permission was taken away. Their rows are held, so that who takes it away waits for this transaction.
pub(super) fn confirm(tx: &mut Tx<'_>, context: &Context, permission: Permission) -> Result<Context, Refusal> {
    let confirmed = match actor_now(tx, context)? {
        None => context.clone(),
        Some(actor) => context.clone().acting_as(actor),
    };
    confirmed.require(permission)?;
    Ok(confirmed)
}

/// The actor as they stand now; nothing where they are nobody whose standing can change.
fn actor_now(tx: &mut Tx<'_>, context: &Context) -> Result<Option<Actor>, Refusal> {
    let gone = || Refusal::new(Code::Authentication);
    if let Some(token_id) = &context.actor.token {
        let token = tokens::hold(tx, token_id)?.ok_or_else(gone)?;
        let owner = match &token.owner {
            None => None,
            Some(user_id) => Some(people::hold_user(tx, user_id)?.ok_or_else(gone)?),
        };
        let is_over = token.revoked_at.is_some() || token.expires_at.is_some_and(|end| end <= context.now);
        if is_over || owner.as_ref().is_some_and(|owner| !owner.active) {
            return Err(gone());
        }
        return Ok(Some(actor_by(token, owner)));
    }
    match &context.actor.principal {
        Principal::User(user_id) => {
            let user = people::hold_user(tx, user_id)?.filter(|user| user.active).ok_or_else(gone)?;
            Ok(Some(Actor::user(user.user_id, user.roles)))
        }
        Principal::Token(_)
        | Principal::Customer(_)
        | Principal::Policy(_)
        | Principal::System
        | Principal::Provider(_)
        | Principal::Shell => Ok(None),
    }
}
