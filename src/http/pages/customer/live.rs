//! The live feed of one refund: an event whenever it changed, and one when nothing more will come. It carries no content:
//! the page asks for that itself, with its own rights.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web_lab::sse;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::status::is_moving;
use crate::domain::id::RefundId;
use crate::http::pages::stream;
use crate::http::pages::visit::Visit;
use crate::services::read_refunds;
use crate::services::refusal::Refusal;
use crate::services::{Context, Desk};

/// Changes made by this process ring at once; those of other nodes are looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A stream ends after this time and the page connects again, so that rights and sessions are checked anew.
const STREAM_MAX: Duration = Duration::from_secs(15 * 60);
/// Events that wait for a slow reader; there are never more than two that differ.
const WAITING_MAX: usize = 4;

/// The refund changed.
const CHANGED: &str = "refund-changed";
/// Nothing more will come.
const ENDED: &str = "refund-ended";

/// Opens the feed. A page says which version it shows, so that nothing is missed between the page and the feed.
pub async fn feed(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let refund_id = visit.refund_id()?;
    let version = read_refunds::read_version(&visit.desk, &context, &refund_id).await?;
    let again = visit.request.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = again.map(str::to_owned).or_else(|| visit.query("seen"));
    let seen = seen.and_then(|text| text.parse().ok()).unwrap_or(version);
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let desk = std::sync::Arc::clone(&visit.desk);
    actix_web::rt::spawn(async move { watch(&desk, &context, &refund_id, seen, &sender).await });
    Ok(stream::feed(&visit, receiver))
}

/// Looks at the refund until it ended, the reader left, the time is over, or the desk stops, which waits for its answers.
async fn watch(
    desk: &std::sync::Arc<Desk>,
    context: &Context,
    refund_id: &RefundId,
    mut seen: i64,
    sender: &mpsc::Sender<sse::Event>,
) {
    let until = Instant::now() + STREAM_MAX;
    while Instant::now() < until && !sender.is_closed() {
        let bell = desk.bells.feed.notified();
        if desk.bells.is_closing() {
            return;
        }
        // A database that does not answer now may answer in a moment; the page stays as it is meanwhile.
        if let Ok(version) = read_refunds::read_version(desk, context, refund_id).await
            && version != seen
            && let Ok(view) = read_refunds::read_refund(desk, context, refund_id).await
        {
            seen = view.refund.version;
            let moving = is_moving(view.refund.state);
            let told = tell(sender, CHANGED, refund_id, seen).await;
            if told && !moving {
                tell(sender, ENDED, refund_id, seen).await;
            }
            if !told || !moving {
                return;
            }
        }
        let _rang_or_time_to_look = timeout(LOOK_EVERY, bell).await;
    }
}

/// Whether the reader is still there.
async fn tell(sender: &mpsc::Sender<sse::Event>, event: &'static str, refund_id: &RefundId, version: i64) -> bool {
    let data = sse::Data::new(refund_id.to_string()).event(event).id(version.to_string());
    sender.send(sse::Event::Data(data)).await.is_ok()
}
