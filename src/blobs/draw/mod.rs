//! Drawing: a file opened in a process of its own, which may take so much memory and time and has nothing else: no
//! variables, no keys, no database. What it gives back is pixels that we encoded, never bytes of the file.
//!
//! The process is this same program, run as `makegood draw-evidence` ([`child`]). The file comes in by a pipe; the
//! answer goes out by another. A file that crashes it, fills it or keeps it busy ends that process and nothing else.

mod child;
mod document;
mod picture;

use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

use crate::domain::evidence::{Kind, Looks, Unsuitable, View};

pub use child::{Job, run as run_job};

/// The hidden command.
const COMMAND: &str = "draw-evidence";

/// A process may live for so long. What counts is its time on the processor (`child`), which ends a hostile file sooner;
/// this is for a machine that has no time for it.
const TIME_MAX: Duration = Duration::from_secs(15);

/// Who waits longer for a turn is told to come back.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// Processes at a time: each may use a whole core and much memory.
const PROCESSES_MAX: usize = 2;

/// Nothing that we draw is larger.
const ANSWER_BYTES_MAX: u64 = 48 * 1024 * 1024;

/// An image that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// The image.
    pub bytes: Vec<u8>,
}

/// Why a file was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// It is not what it seems, or too much.
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
    /// It has no such page, or it is not among those that are drawn.
    #[error("there is no such page to draw")]
    NoSuchPage,
    /// The machine had no time for it.
    #[error("there was no time to draw it")]
    TookTooLong,
    /// It ended its process, or kept it busy for longer than any honest file does.
    #[error("drawing broke off: {0}")]
    BrokeOff(ExitStatus),
    /// Too many others are being drawn.
    #[error("too many files are being drawn")]
    Busy,
    /// The file could not be read, or no process be started.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Draws.
#[derive(Debug)]
pub(super) struct Painter {
    program: PathBuf,
    turns: Semaphore,
}

impl Painter {
    /// With this program, which knows the hidden command.
    pub(super) fn new(program: PathBuf) -> Self {
        Self { program, turns: Semaphore::new(PROCESSES_MAX) }
    }

    /// Opens a file once, to learn what it is like.
    pub(super) async fn look(
        &self,
        kind: Kind,
        file: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<Looks, NotDrawn> {
        let answer = self.ask(&["--kind", kind.as_str(), "--look"], file).await?;
        serde_json::from_slice(&answer).map_err(|error| NotDrawn::Io(io::Error::other(error)))
    }

    /// Draws one view of a file.
    pub(super) async fn draw(
        &self,
        kind: Kind,
        view: View,
        file: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<Drawn, NotDrawn> {
        let (width, degrees, page) = (view.width.to_string(), view.turn.degrees().to_string(), view.page.to_string());
        let words = ["--kind", kind.as_str(), "--width", &width, "--turn", &degrees, "--page", &page];
        let bytes = self.ask(&words, file).await?;
        let media_type = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
        Ok(Drawn { media_type, bytes })
    }

    async fn ask(&self, words: &[&str], file: impl Stream<Item = io::Result<Bytes>>) -> Result<Vec<u8>, NotDrawn> {
        let turn = tokio::time::timeout(WAIT_MAX, self.turns.acquire()).await.map_err(|_| NotDrawn::Busy)?;
        let _turn = turn.map_err(|_| NotDrawn::Busy)?;
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .args(words)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        match tokio::time::timeout(TIME_MAX, converse(&mut child, file)).await {
            Ok(answer) => answer,
            Err(_) => {
                child.kill().await?;
                Err(NotDrawn::TookTooLong)
            }
        }
    }
}

/// Hands the file over and takes the answer.
async fn converse(child: &mut Child, file: impl Stream<Item = io::Result<Bytes>>) -> Result<Vec<u8>, NotDrawn> {
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(NotDrawn::Io(io::Error::other("a process without pipes")));
    };
    let (given, answer) = tokio::join!(give(stdin, file), take(stdout));
    let status = child.wait().await?;
    given?;
    let answer = answer?;
    if status.success() { Ok(answer) } else { Err(child::reason(status)) }
}

async fn give(mut pipe: ChildStdin, file: impl Stream<Item = io::Result<Bytes>>) -> io::Result<()> {
    let mut file = pin!(file);
    while let Some(bytes) = file.next().await {
        // A process that ended before it read everything says by its status why.
        if pipe.write_all(&bytes?).await.is_err() {
            break;
        }
    }
    Ok(())
}

async fn take(pipe: ChildStdout) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    pipe.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(answer)
}
