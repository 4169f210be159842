//! What the database says of the time, for whoever doubts this machine's clock.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::Context;
use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::store::{outbox, trail};

/// The database's view of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseClock {
    /// The time that leases go by.
    pub now: Timestamp,
    /// When the newest audit record was written, in business time.
    pub newest_record: Option<Timestamp>,
}

/// Reads the database's clock and the time of the newest record.
pub async fn read_clock(desk: &Arc<Desk>, context: &Context) -> Result<DatabaseClock, Refusal> {
    context.require(Permission::AdminRead)?;
    desk.db
        .read(|conn| {
            let moment = |micros| Timestamp::from_microsecond(micros).unwrap_or_default();
            Ok(DatabaseClock {
                now: moment(outbox::lease_clock(conn)?),
                newest_record: trail::newest_audit_at(conn)?.map(moment),
            })
        })
        .await
}
