//! Changing a feature flag: on, off, or on for a share of the orders; audited, and in force at once on every node. Source:
//! SPEC section 2, where flags belong to Risk.

use std::sync::Arc;

use serde_json::json;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::refusal::{Code, Refusal};
use super::standing;
use crate::domain::access::Permission;
use crate::domain::flag::{Flag, FlagName};
use crate::store::policies;

/// Sets the share of orders that a flag is on for, in percent: 0 is off, 100 is on for all.
pub async fn change_flag(desk: &Arc<Desk>, context: &Context, name: FlagName, share_pct: u8) -> Result<(), Refusal> {
    context.require(Permission::PolicyWrite)?;
    if share_pct > 100 {
        let allowed = [("min", "0".to_owned()), ("max", "100".to_owned())];
        return Err(Refusal::new(Code::Body).and_field("share_pct", "field-range", &allowed));
    }
    let mint = context.mint();
    let context = context.clone();
    desk.db
        .write(move |tx| {
            let context = standing::confirm(tx, &context, Permission::PolicyWrite)?;
            let actor = context.actor.principal.clone();
            let stood = policies::flags(tx)?.into_iter().find(|(stored, _)| stored == name.as_str());
            let stood = stood.map_or(i64::from(Flag::shipped(name).share_pct), |(_, share_pct)| share_pct);
            policies::set_flag(tx, name.as_str(), i64::from(share_pct), &actor.to_string(), context.now)?;
            let cause = Cause { context: &context, actor, reason: "changed", note: None };
            let (before, after) = (json!({ "share_pct": stood }), json!({ "share_pct": share_pct }));
            let (before, after) = (Some(before.to_string()), Some(after.to_string()));
            moves::audit(tx, &mut mint.clone(), &cause, "flag.change", &format!("flag:{name}"), before, after)?;
            Ok(())
        })
        .await
}
