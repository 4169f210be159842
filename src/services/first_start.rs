//! What a database needs before the desk can work with it: a policy. Done at every start; finds nothing to do but once.

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::Refusal;
use crate::domain::policy::SHIPPED_V1;
use crate::store::{Tx, policies};

/// The version of the policy that comes with the program.
const FIRST_VERSION: i64 = 1;

/// Puts the shipped policy into force where none is; whether it did.
pub async fn ensure_policy(desk: &Desk, context: &Context) -> Result<bool, Refusal> {
    if has_policy(desk).await? {
        return Ok(false);
    }
    let (mint, context) = (context.mint(), context.clone());
    let written = desk
        .db
        .write(move |tx| {
            if policies::active_version(tx)?.is_some() {
                return Ok(false);
            }
            write(tx, &context, &mut mint.clone())?;
            Ok::<_, Refusal>(true)
        })
        .await;
    match written {
        // Another node that started at the same moment was faster.
        Err(_) if has_policy(desk).await? => Ok(false),
        other => other,
    }
}

async fn has_policy(desk: &Desk) -> Result<bool, Refusal> {
    desk.db.read(|conn| Ok(policies::active_version(conn)?.is_some())).await
}

fn write(tx: &mut Tx<'_>, context: &Context, mint: &mut crate::domain::id::Mint) -> Result<(), Refusal> {
    let actor = context.actor.principal.clone();
    policies::insert_active(tx, FIRST_VERSION, SHIPPED_V1, &actor.to_string(), context.now)?;
    let cause = Cause { context, actor, reason: "first_start", note: None };
    let after = json!({"policy_version": FIRST_VERSION}).to_string();
    moves::audit(tx, mint, &cause, "policy.activate", &format!("policy:{FIRST_VERSION}"), None, Some(after))?;
    Ok(())
}
