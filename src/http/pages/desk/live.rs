//! The live feed of the queue: an event whenever it looks other than it did. It carries no content: a page asks for that
//! itself, with its own rights.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web_lab::sse;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use crate::http::pages::stream;
use crate::http::pages::visit::Visit;
use crate::services::refusal::Refusal;
use crate::services::watch_queue::{self, LOOK_EVERY};
use crate::services::{Context, Desk};

/// A stream ends after this time and the page connects again, so that rights and sessions are checked anew.
const STREAM_MAX: Duration = Duration::from_secs(15 * 60);
/// After an event nothing is told for so long: a busy queue is told of as a sum.
const QUIET_AFTER: Duration = Duration::from_secs(5);
/// Events that wait for a slow reader; each says the same.
const WAITING_MAX: usize = 2;

/// The queue looks other than before.
const CHANGED: &str = "queue-changed";

/// Opens the feed.
pub async fn feed(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let seen = watch_queue::number(&visit.desk, &context).await?;
    // What changed between two connections is told at once: the page asks, and sees whether it was anything to it.
    let again = visit.request.headers().contains_key("last-event-id");
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let desk = Arc::clone(&visit.desk);
    actix_web::rt::spawn(async move {
        if !again || tell(&sender, seen).await {
            watch(&desk, &context, seen, &sender).await;
        }
    });
    Ok(stream::feed(&visit, receiver))
}

/// Looks at the queue until the reader left, the time is over, or the desk stops, which waits for its answers.
async fn watch(desk: &Arc<Desk>, context: &Context, mut seen: u64, sender: &mpsc::Sender<sse::Event>) {
    let until = Instant::now() + STREAM_MAX;
    while Instant::now() < until && !sender.is_closed() && !desk.bells.is_closing() {
        sleep(LOOK_EVERY).await;
        // A database that does not answer now may answer in a moment; the page stays as it is meanwhile.
        let Ok(number) = watch_queue::number(desk, context).await else { continue };
        if number != seen {
            seen = number;
            if !tell(sender, seen).await {
                return;
            }
            sleep(QUIET_AFTER).await;
        }
    }
}

/// Whether the reader is still there.
async fn tell(sender: &mpsc::Sender<sse::Event>, number: u64) -> bool {
    let data = sse::Data::new(number.to_string()).event(CHANGED).id(number.to_string());
    sender.send(sse::Event::Data(data)).await.is_ok()
}
