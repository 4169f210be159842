//! The process that draws: reads one file from standard input, does one job, writes the answer to standard output.

use std::io::{self, Read, Write};
use std::process::ExitStatus;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::{ANSWER_BYTES_MAX, NotDrawn, document, picture};
use crate::domain::evidence::{Kind, Unsuitable, View};

/// Memory of the process: an image of the most pixels, twice, and what a document needs besides.
const MEMORY_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Time on the processor; a page of an honest file takes a fraction of it.
const CPU_S_MAX: u64 = 5;

/// No file that is given is larger.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// What to do with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Tell what it is like.
    Look,
    /// Draw this view of it.
    Draw(View),
}

/// Exit statuses by which the process says why it did not do it.
const REASONS: [(u8, Reason); 4] = [
    (10, Reason::Unsuitable(Unsuitable::Unreadable)),
    (11, Reason::Unsuitable(Unsuitable::TooManyPixels)),
    (12, Reason::Unsuitable(Unsuitable::Protected)),
    (13, Reason::NoSuchPage),
];

/// Why it was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Unsuitable(Unsuitable),
    NoSuchPage,
}

impl From<Unsuitable> for Reason {
    fn from(why: Unsuitable) -> Self {
        Self::Unsuitable(why)
    }
}

/// Runs in the process of its own: limits it, reads the file, does the job. The status to end with.
pub fn run(kind: Kind, job: Job) -> u8 {
    if limit().is_err() {
        return 1;
    }
    let mut file = Vec::new();
    if io::stdin().lock().take(FILE_BYTES_MAX).read_to_end(&mut file).is_err() {
        return 1;
    }
    match work(kind, job, file) {
        Ok(answer) => {
            let mut out = io::stdout().lock();
            u8::from(out.write_all(&answer).and_then(|()| out.flush()).is_err())
        }
        Err(reason) => REASONS.iter().find(|(_, known)| *known == reason).map_or(1, |(status, _)| *status),
    }
}

/// What a status of the process says.
pub(super) fn reason(status: ExitStatus) -> NotDrawn {
    let known = REASONS.iter().find(|(code, _)| status.code() == Some(i32::from(*code)));
    match known {
        Some((_, Reason::Unsuitable(why))) => NotDrawn::Unsuitable(*why),
        Some((_, Reason::NoSuchPage)) => NotDrawn::NoSuchPage,
        None => NotDrawn::BrokeOff(status),
    }
}

pub(super) fn work(kind: Kind, job: Job, file: Vec<u8>) -> Result<Vec<u8>, Reason> {
    match (kind, job) {
        (Kind::Pdf, Job::Look) => told(&document::look(file)?),
        (Kind::Pdf, Job::Draw(view)) => document::draw(file, view),
        (Kind::Jpeg | Kind::Png | Kind::Webp, Job::Look) => told(&picture::look(kind, &file)?),
        (Kind::Jpeg | Kind::Png | Kind::Webp, Job::Draw(view)) => picture::draw(kind, &file, view),
    }
}

fn told(looks: &crate::domain::evidence::Looks) -> Result<Vec<u8>, Reason> {
    serde_json::to_vec(looks).map_err(|_| Unsuitable::Unreadable.into())
}

fn limit() -> io::Result<()> {
    let at_most = |resource, most| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    at_most(Resource::As, MEMORY_BYTES_MAX)?;
    at_most(Resource::Cpu, CPU_S_MAX)?;
    at_most(Resource::Core, 0)?;
    at_most(Resource::Fsize, ANSWER_BYTES_MAX)?;
    Ok(())
}
