//! The audit trail as auditors and administrators read it: narrowed, page by page, and record by record.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::refusal::{Code, Refusal};
use super::who::{self, Names};
use crate::domain::access::{Permission, Principal};
use crate::domain::id::AuditId;
use crate::store::audit_list::{self, Direction, Found};
use crate::store::{Conn, people, trail};

pub use crate::store::audit_list::{Narrowed, Place};
pub use crate::store::trail::AuditRow;

/// Records of one page.
const PAGE: i64 = 50;

/// What a reader asks for, as they typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who did it: a principal, or the address of somebody who works here.
    pub who: Option<String>,
    /// The rest.
    pub narrowed: Narrowed,
}

/// A record in a list, with the number of the seal over it.
pub type Listed = (AuditRow, Option<i64>);

/// A page of the trail, newest first.
#[derive(Clone, Debug)]
pub struct TrailPage {
    /// The records.
    pub rows: Vec<Listed>,
    /// What people in them are called.
    pub names: Names,
    /// Where the next page begins, where there is more.
    pub next: Option<String>,
    /// Whom the list is narrowed to, as a principal.
    pub actor: Option<String>,
    /// The newest seal and when it was set, where there is one.
    pub head: Option<(String, Timestamp)>,
}

/// A page of the trail.
pub async fn read_trail(
    desk: &Arc<Desk>,
    context: &Context,
    asked: Asked,
    after: Option<String>,
) -> Result<TrailPage, Refusal> {
    context.require(Permission::AuditRead)?;
    desk.db
        .read(move |conn| {
            let narrowed = resolved(conn, asked)?;
            let after = after.as_deref();
            let mut rows = audit_list::records(conn, &narrowed, Direction::NewestFirst, after, PAGE + 1)?;
            let has_more = i64::try_from(rows.len()).is_ok_and(|count| count > PAGE);
            if has_more {
                rows.pop();
            }
            let next = rows.last().filter(|_| has_more).map(|(row, _)| row.audit_id.clone());
            let actors = rows.iter().map(|(row, _)| row.actor.as_str());
            let names = who::names(conn, actors.chain(narrowed.actor.as_deref()))?;
            let head = trail::last_seal(conn)?;
            let head = head.map(|last| (last.seal, Timestamp::from_microsecond(last.sealed_at).unwrap_or_default()));
            Ok(TrailPage { rows, names, next, actor: narrowed.actor, head })
        })
        .await
}

/// What is asked for, with who did it as the trail names them: an address stands for its person.
pub(super) fn resolved(conn: &mut Conn, asked: Asked) -> Result<Narrowed, Refusal> {
    let actor = match asked.who {
        Some(email) if email.contains('@') => match people::find_user_by_email(conn, &email)? {
            Some(user) => Some(Principal::User(user.user_id).to_string()),
            // Nobody has the address, so nobody with it did anything.
            None => Some(email),
        },
        other => other,
    };
    Ok(Narrowed { actor, ..asked.narrowed })
}

/// A record in full.
#[derive(Clone, Debug)]
pub struct RecordView {
    /// The record.
    pub row: AuditRow,
    /// Where it stands in the chain; nothing while it waits to be sealed.
    pub place: Option<Place>,
    /// What people wrote, where that was not erased.
    pub note: Option<String>,
    /// Whether its content still gives its hash.
    pub is_intact: bool,
    /// What its actor is called.
    pub names: Names,
}

/// One record; `404` where there is none.
pub async fn read_record(desk: &Arc<Desk>, context: &Context, audit_id: &AuditId) -> Result<RecordView, Refusal> {
    context.require(Permission::AuditRead)?;
    let audit_id = audit_id.to_string();
    desk.db
        .read(move |conn| {
            let found = audit_list::record(conn, &audit_id)?.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            let Found { row, place, note } = found;
            let names = who::names(conn, std::iter::once(row.actor.as_str()))?;
            let is_intact = row.to_record().hash().to_string() == row.record_hash;
            Ok(RecordView { row, place, note, is_intact, names })
        })
        .await
}
