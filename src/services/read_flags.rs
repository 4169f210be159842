//! The feature flags as they stand, and who set them.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use super::who::{self, Names};
use crate::domain::access::Permission;
use crate::domain::flag::{Flag, FlagName};
use crate::store::policies;

/// A flag as a page tells of it.
#[derive(Clone, Debug)]
pub struct FlagView {
    /// The flag.
    pub flag: Flag,
    /// Who set it, as a principal, and when; nothing where it is as it was shipped.
    pub set: Option<(String, Timestamp)>,
}

/// Every flag, and what who set them is called.
pub async fn read_flags(desk: &Arc<Desk>, context: &Context) -> Result<(Vec<FlagView>, Names), Refusal> {
    context.require(Permission::PolicyRead)?;
    desk.db
        .read(|conn| {
            let set = policies::flags_set(conn)?;
            let names = who::names(conn, set.iter().map(|flag| flag.changed_by.as_str()))?;
            let view = |&name: &FlagName| match set.iter().find(|flag| flag.name == name.as_str()) {
                None => Ok(FlagView { flag: Flag::shipped(name), set: None }),
                Some(stored) => {
                    let share_pct = u8::try_from(stored.share_pct);
                    let share_pct = share_pct.map_err(|error| Refusal::new(Code::Internal).because(error))?;
                    let at = Timestamp::from_microsecond(stored.changed_at).unwrap_or_default();
                    Ok(FlagView { flag: Flag { name, share_pct }, set: Some((stored.changed_by.clone(), at)) })
                }
            };
            Ok((FlagName::ALL.iter().map(view).collect::<Result<_, Refusal>>()?, names))
        })
        .await
}
