//! Whether the queue looks other than it did: one look for all live pages of a node, however many there are.
//!
//! A look asks first whether anybody has done anything at all, which is one step in an index; only then does it read what
//! people would see, so that what the policy decides alone wakes nobody. It works the same with one node and with many,
//! since it looks at rows only.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::context::Context;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::store::{queue, trail};

/// Nobody looks again within this time; pages learn of a change within twice of it.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Requests of the queue that are compared: more pages than anybody turns.
const COMPARED: i64 = 300;

/// What the queue looked like last.
#[derive(Default)]
pub struct QueueWatch {
    last: Mutex<Option<Look>>,
}

#[derive(Clone)]
struct Look {
    at: Instant,
    newest: Option<String>,
    outline: u64,
    /// Grows whenever the queue looks other than before.
    number: u64,
}

/// A number that grows whenever the queue looks other than before; comparable on this node as long as it lives.
pub async fn number(desk: &Arc<Desk>, context: &Context) -> Result<u64, Refusal> {
    context.require(Permission::RefundRead)?;
    let mut last = desk.queue_watch.last.lock().await;
    if let Some(look) = last.as_ref().filter(|look| look.at.elapsed() < LOOK_EVERY) {
        return Ok(look.number);
    }
    let before = last.clone();
    let look = desk
        .db
        .read(move |conn| {
            let newest = trail::newest_audit_id(conn)?;
            let at = Instant::now();
            if let Some(same) = before.as_ref().filter(|before| before.newest == newest) {
                return Ok::<_, Refusal>(Look { at, ..same.clone() });
            }
            let mut hasher = DefaultHasher::new();
            queue::outline(conn, COMPARED)?.hash(&mut hasher);
            let outline = hasher.finish();
            let number = before.map_or(0, |before| before.number + u64::from(before.outline != outline));
            Ok(Look { at, newest, outline, number })
        })
        .await?;
    let number = look.number;
    *last = Some(look);
    Ok(number)
}
