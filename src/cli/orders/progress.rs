//! How far an import has come: a bar on a terminal, nothing elsewhere.

use std::io::IsTerminal as _;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

/// The bar.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar as long as the file.
    pub(super) fn of(file: &Path) -> Self {
        let bytes = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {bytes_per_sec}  {eta}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// So many bytes of the file are imported.
    pub(super) fn reached(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    /// Does something that writes to the terminal, with the bar out of the way.
    pub(super) fn aside(&self, tell: impl FnOnce()) {
        self.bar.suspend(tell);
    }

    /// Takes the bar away.
    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
