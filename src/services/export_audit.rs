//! The audit trail as JSON lines, one a record with everything that its hash is made of. Source: SPEC section 14.
//!
//! The shell reads it on one snapshot. A page asks for it part by part, so that a reader who is slow holds nothing of the
//! desk; records are only ever added, so the parts fit.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::context::Context;
use super::desk::Desk;
use super::read_audit::{self, Asked};
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::store::audit_list::{self, Direction, Narrowed};
use crate::store::trail::{self, AuditRow};
use crate::store::{Conn, StoreError};

/// Records that are read at once.
const PAGE: i64 = 500;

/// Whether what people wrote goes along; it may be personal, and the records prove themselves without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Only their digests.
    LeftOut,
    /// With their salts, so that the digests can be checked.
    Included,
}

/// Writes every record to `out`; how many there were, or why `out` could not be written.
pub async fn export_audit(
    desk: &Arc<Desk>,
    context: &Context,
    texts: Texts,
    mut out: impl Write + Send + 'static,
) -> Result<io::Result<u64>, Refusal> {
    context.require(Permission::AuditRead)?;
    desk.db
        .read(move |conn| {
            let (mut records, mut after) = (0, None);
            loop {
                let lines = page(conn, &Narrowed::default(), after.as_deref(), texts)?;
                let Some((last, _)) = lines.last() else { break };
                after = Some(last.clone());
                for (_, line) in &lines {
                    if let Err(error) = writeln!(out, "{line}") {
                        return Ok(Err(error));
                    }
                    records += 1;
                }
            }
            Ok(out.flush().map(|()| records))
        })
        .await
}

/// The next part of what is asked for, behind the record that the part before ended with: its own last record and the
/// lines. Nothing where the trail ends. What people wrote is left out.
pub async fn export_part(
    desk: &Arc<Desk>,
    context: &Context,
    asked: Asked,
    after: Option<String>,
) -> Result<Option<(String, String)>, Refusal> {
    context.require(Permission::AuditRead)?;
    desk.db
        .read(move |conn| {
            let narrowed = read_audit::resolved(conn, asked)?;
            let lines = page(conn, &narrowed, after.as_deref(), Texts::LeftOut)?;
            let Some((last, _)) = lines.last() else { return Ok(None) };
            let last = last.clone();
            let text = lines.into_iter().map(|(_, line)| format!("{line}\n")).collect();
            Ok(Some((last, text)))
        })
        .await
}

/// The next records, each as its id and its line.
fn page(
    conn: &mut Conn,
    narrowed: &Narrowed,
    after: Option<&str>,
    texts: Texts,
) -> Result<Vec<(String, Value)>, StoreError> {
    let rows = audit_list::records(conn, narrowed, Direction::OldestFirst, after, PAGE)?;
    let mut notes: HashMap<String, (String, String)> = HashMap::new();
    if texts == Texts::Included {
        let noted = rows.iter().filter(|(row, _)| !row.note_digest.is_empty());
        let ids: Vec<String> = noted.map(|(row, _)| row.audit_id.clone()).collect();
        let found = trail::audit_notes_of(conn, &ids)?;
        notes.extend(found.into_iter().map(|(id, salt, body)| (id, (salt, body))));
    }
    Ok(rows
        .into_iter()
        .map(|(row, seal_no)| {
            let mut line = line(&row, seal_no);
            if let (Value::Object(members), Some((salt, body))) = (&mut line, notes.remove(&row.audit_id)) {
                members.insert("text".to_owned(), Value::String(body));
                members.insert("text_salt".to_owned(), Value::String(salt));
            }
            (row.audit_id, line)
        })
        .collect())
}

fn line(row: &AuditRow, seal_no: Option<i64>) -> Value {
    json!({
        "audit_id": row.audit_id,
        "at": Timestamp::from_microsecond(row.at).map(|at| at.to_string()).unwrap_or_default(),
        "at_us": row.at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "reason": row.reason,
        "correlation_id": row.correlation_id,
        "origin_digest": row.origin,
        "before_json": row.before_json,
        "after_json": row.after_json,
        "text_digest": row.note_digest,
        "record_hash": row.record_hash,
        "seal_no": seal_no,
    })
}
