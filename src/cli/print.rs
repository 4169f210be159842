//! Standard output: whole or with a failure, and silent where the reader has had enough.

use std::io::{self, Write as _};

use serde::Serialize;

use super::Failure;

/// Writes text as it is.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    bytes(text.as_bytes())
}

/// Writes bytes as they are. A closed pipe (`… | head`) is no failure.
pub(super) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::failed(format!("Standard output cannot be written: {error}."))),
        Ok(()) => Ok(()),
    }
}

/// Writes a value as indented JSON.
pub(super) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::failed(format!("The result cannot be written as JSON: {error}.")))?;
    self::text(&format!("{text}\n"))
}

/// Standard output for long answers that are written as they are read.
pub(super) fn stream() -> impl io::Write + Send + 'static {
    io::BufWriter::with_capacity(1 << 16, io::stdout())
}

/// The end of a long answer. A closed pipe (`… | head`) is no failure.
pub(super) fn streamed(written: io::Result<u64>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::failed(format!("Standard output cannot be written: {error}."))),
        Ok(_rows) => Ok(()),
    }
}
