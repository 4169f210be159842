//! Answers that are written as they come: live feeds, and files that are too long to be held.

use std::io::{self, Write};
use std::time::Duration;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, Responder};
use actix_web_lab::sse::{self, Sse};
use bytes::Bytes;
use futures_util::Stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::visit::Visit;
use crate::services::refusal::Refusal;

/// Proxies keep a connection that says something this often.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Who takes nothing of a file for so long has gone; what they hold in the database is given back.
const TAKEN_WITHIN: Duration = Duration::from_secs(20);
/// Bytes of a file that are handed on at once.
const PIECE_BYTES: usize = 64 * 1024;

/// A part of a file, or why there is no more of it.
pub type Piece = Result<Bytes, Refusal>;

/// The answer that tells what is sent, as it is sent.
pub fn feed(visit: &Visit, receiver: mpsc::Receiver<sse::Event>) -> HttpResponse {
    let stream = Sse::from_infallible_receiver(receiver).with_keep_alive(KEEP_ALIVE);
    let mut answer = stream.respond_to(&visit.request).map_into_boxed_body();
    let unbuffered = HeaderValue::from_static("no");
    answer.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), unbuffered);
    answer
}

/// The pieces of a file, in their order.
pub fn pieces(receiver: mpsc::Receiver<Piece>) -> impl Stream<Item = Piece> {
    futures_util::stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

/// Where a thread that may wait writes a file, piece by piece, no faster than it is taken.
pub struct Spout {
    sender: mpsc::Sender<Piece>,
    runtime: Handle,
    held: Vec<u8>,
}

impl Spout {
    /// A spout over a channel whose other end is read on this runtime.
    pub fn new(sender: mpsc::Sender<Piece>, runtime: Handle) -> Self {
        Self { sender, runtime, held: Vec::new() }
    }
}

impl Write for Spout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = Ok(std::mem::take(&mut self.held).into());
        let taken = self.runtime.block_on(async { timeout(TAKEN_WITHIN, self.sender.send(piece)).await });
        match taken {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
