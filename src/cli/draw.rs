//! `makegood draw-evidence`: the process of its own in which a file is opened. The desk runs it; people have no use for it.

use std::process::ExitCode;

use clap::Args;

use crate::blobs::{Job, run_drawing};
use crate::domain::evidence::{Kind, View};

/// Opens the file on standard input and draws it on standard output, within limits of memory and time
#[derive(Debug, Args)]
#[command(
    name = "draw-evidence",
    hide = true,
    after_help = "Examples:\n  makegood draw-evidence --kind jpeg --look < photo.jpg\n  makegood draw-evidence --kind \
                  pdf --width 800 --page 2 < document.pdf"
)]
pub(super) struct Arguments {
    /// What the file is, by its bytes
    #[arg(long)]
    kind: Kind,
    /// Only tell what it is like
    #[arg(long)]
    look: bool,
    /// Width in pixels
    #[arg(long)]
    width: Option<String>,
    /// Degrees to turn it, clockwise
    #[arg(long)]
    turn: Option<String>,
    /// Which page, from 1
    #[arg(long)]
    page: Option<String>,
}

impl Arguments {
    /// Does it; the status tells why it was not done.
    pub(super) fn run(&self) -> ExitCode {
        let view = View::asked(self.width.as_deref(), self.turn.as_deref(), self.page.as_deref());
        let job = if self.look { Job::Look } else { Job::Draw(view) };
        ExitCode::from(run_drawing(self.kind, job))
    }
}
