//! What people at the desk are called, for lists that name them: one query, whoever many occur.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal::Refusal;
use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::store::{Conn, people};

/// Names of people by their ids.
pub(super) struct Names(BTreeMap<UserId, String>);

/// The names of those among these who are people.
pub(super) fn of<'a>(conn: &mut Conn, principals: impl Iterator<Item = &'a Principal>) -> Result<Names, Refusal> {
    let users: BTreeSet<UserId> = principals.filter_map(Principal::user_id).cloned().collect();
    Ok(Names(people::names(conn, &users.into_iter().collect::<Vec<_>>())?.into_iter().collect()))
}

impl Names {
    /// What somebody is called; the principal's text where they have no name.
    pub(super) fn of(&self, principal: &Principal) -> String {
        let name = principal.user_id().and_then(|user_id| self.0.get(user_id));
        name.cloned().unwrap_or_else(|| principal.to_string())
    }
}
