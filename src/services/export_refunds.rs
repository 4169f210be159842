//! The list of refunds as CSV: RFC 4180, machine names, the rows that the list shows under the same filters, streamed on
//! one snapshot. Source: UX sections 1b and 4.6.

use std::io::{self, Write};
use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::export_ledger::{Stopped, guarded};
use super::read_list::{Asked, beside, settled};
use super::read_queue::Queued;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::store::Conn;
use crate::store::listing::{self, SCAN_MAX, Wanted};
use crate::store::queue::Reader;

/// Refunds that are read at once.
const PAGE: i64 = 500;

/// Columns keep their order; new ones come at the end.
const COLUMNS: [&str; 17] = [
    "refund_id",
    "order_id",
    "customer",
    "amount_minor",
    "amount",
    "currency",
    "reason",
    "state",
    "qualifier",
    "rail",
    "provider_account",
    "owner",
    "due_at",
    "created_at",
    "updated_at",
    "provider_refund_id",
    "provider_reference",
];

/// Writes every refund that is asked for to `out`; how many there were, or why `out` could not be written.
pub async fn export_refunds(
    desk: &Arc<Desk>,
    context: &Context,
    asked: Asked,
    out: impl Write + Send + 'static,
) -> Result<io::Result<u64>, Refusal> {
    context.require(Permission::RefundRead)?;
    let reader = Reader { principal: context.actor.principal.clone(), now: context.system_now };
    desk.db
        .read(move |conn| {
            let wanted = settled(conn, asked, &reader)?;
            match write(conn, wanted, &reader, out) {
                Ok(rows) => Ok(Ok(rows)),
                Err(Stopped::Output(error)) => Ok(Err(error)),
                Err(Stopped::Store(error)) => Err(error.into()),
                Err(Stopped::Refused(refusal)) => Err(refusal),
            }
        })
        .await
}

fn write(conn: &mut Conn, mut wanted: Wanted, reader: &Reader, out: impl Write) -> Result<u64, Stopped> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    out.write_record(COLUMNS)?;
    let mut rows = 0;
    loop {
        let floor = listing::floor(conn, &wanted, SCAN_MAX)?;
        let found = listing::page(conn, &wanted, floor.as_ref(), PAGE)?;
        let is_full = i64::try_from(found.len()) == Ok(PAGE);
        let last = found.last().map(|refund| refund.refund_id.clone());
        for item in beside(conn, found, reader).map_err(Stopped::Refused)? {
            out.write_record(cells(&item))?;
            rows += 1;
        }
        // A page ends where it is full, or where it stopped looking.
        wanted.before = if is_full { last } else { floor };
        if wanted.before.is_none() {
            break;
        }
        out.flush()?;
    }
    out.flush()?;
    Ok(rows)
}

fn cells(item: &Queued) -> [String; 17] {
    let refund = &item.refund;
    let text = |text: &Option<String>| text.as_deref().map(guarded).unwrap_or_default();
    [
        refund.refund_id.to_string(),
        guarded(&refund.order_id),
        text(&item.customer),
        refund.amount.minor.to_string(),
        refund.amount.to_decimal(),
        refund.amount.currency.to_string(),
        refund.reason.to_string(),
        refund.state.to_string(),
        refund.qualifier.map(|qualifier| qualifier.to_string()).unwrap_or_default(),
        refund.rail.to_string(),
        refund.provider_account.clone(),
        text(&item.owner),
        item.review.as_ref().map(|review| review.due_at.to_string()).unwrap_or_default(),
        refund.created_at.to_string(),
        refund.updated_at.to_string(),
        text(&refund.provider_refund_id),
        text(&refund.provider_reference),
    ]
}
