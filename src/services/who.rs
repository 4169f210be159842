//! What people are called, for pages that tell who did something.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::access::Principal;
use crate::domain::id::UserId;
use crate::store::{Conn, StoreError, people};

/// Names by principal; only people have one.
pub type Names = BTreeMap<String, String>;

/// The names of the people among these principals, asked for at once.
pub(super) fn names<'a>(conn: &mut Conn, principals: impl Iterator<Item = &'a str>) -> Result<Names, StoreError> {
    let people: BTreeSet<UserId> = principals
        .filter_map(|text| match text.parse() {
            Ok(Principal::User(id)) => Some(id),
            _ => None,
        })
        .collect();
    let people: Vec<UserId> = people.into_iter().collect();
    let found = people::names(conn, &people)?;
    Ok(found.into_iter().map(|(id, name)| (Principal::User(id).to_string(), name)).collect())
}
