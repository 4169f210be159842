//! The audit trail as JSON lines, one a record with everything that its hash is made of, streamed on one snapshot. Source:
//! SPEC section 14.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::context::Context;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::Permission;
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
            let (mut records, mut after) = (0, String::new());
            loop {
                let lines = page(conn, &after, texts)?;
                let Some((last, _)) = lines.last() else { break };
                after.clone_from(last);
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

/// The next records, each as its id and its line.
fn page(conn: &mut Conn, after: &str, texts: Texts) -> Result<Vec<(String, Value)>, StoreError> {
    let rows = trail::audit_with_seal_after(conn, after, PAGE)?;
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
