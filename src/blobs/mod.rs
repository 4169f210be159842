//! The bytes of evidence: taken in sealed, kept in a folder or a bucket, scanned, drawn, never seen by the store.
//!
//! A file's way: [`Blobs::receive`] seals it as it comes (`intake`, `seal`, `keys`), [`Blobs::look`] opens it once in a
//! process of its own (`draw`), [`Blobs::keep`] puts it into its place (`place`). [`Blobs::scan`] asks the virus scanner,
//! [`Blobs::draw`] gives pixels of ours, [`Blobs::read`] the original, [`Blobs::remove`] ends it. What a file is about,
//! who may see it and when it goes is decided in `services`.

mod draw;
mod intake;
mod keys;
mod place;
mod scanner;
mod seal;

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::Stream;
use url::Url;

use crate::domain::evidence::{Kind, Limits, Looks, View};
use crate::domain::secret::SecretKey;

pub use draw::{Drawn, Job, NotDrawn, run_job as run_drawing};
pub use intake::{NotReceived, Received};
pub use keys::{KeyError, KeySource, Keyring, WrappedKey};
pub use place::Bucket;
pub use scanner::{Scanner, Verdict};

use draw::Painter;
use intake::Intake;
use place::Place;

/// What the room is made of.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `file:///FOLDER` or `s3://BUCKET/PREFIX`; nothing means the folder.
    pub url: Option<Url>,
    /// The folder that holds where no URL is given, and in which files wait for a bucket.
    pub folder: PathBuf,
    /// Access to the bucket.
    pub bucket: Bucket,
    /// The master keys.
    pub keys: KeySource,
    /// The master key that stands behind all others.
    pub derived_key: SecretKey,
    /// The virus scanner, where there is one.
    pub scanner: Option<Scanner>,
    /// This program, which draws in a process of its own.
    pub program: PathBuf,
    /// How much is taken.
    pub limits: Limits,
}

/// The room is not usable.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The place cannot be used.
    #[error("Evidence cannot be kept in {place}: {source}")]
    Place {
        /// The folder or URL.
        place: String,
        /// What the system says.
        source: io::Error,
    },
    /// A key cannot be used.
    #[error("Evidence cannot be sealed: {0}")]
    Key(#[from] KeyError),
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Its key does not open.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It is not there, or the place does not answer.
    #[error("the place of evidence: {0}")]
    Place(#[from] io::Error),
}

/// The bytes of evidence.
pub struct Blobs {
    /// The master keys.
    pub keys: Keyring,
    /// How much is taken.
    pub limits: Limits,
    place: Place,
    intake: Intake,
    painter: Painter,
    scanner: Option<Scanner>,
}

impl Blobs {
    /// Opens the room; folders that are missing are made.
    pub fn open(settings: Settings) -> Result<Self, Unusable> {
        let place = match &settings.url {
            Some(url) if url.scheme() == "s3" => Place::bucket(url, &settings.bucket),
            Some(url) => Place::folder(Path::new(url.path())),
            None => Place::folder(&settings.folder),
        };
        let name = settings.url.as_ref().map_or_else(|| settings.folder.display().to_string(), Url::to_string);
        let unusable = |source| Unusable::Place { place: name.clone(), source };
        let place = place.map_err(unusable)?;
        // Beside its later place, where that is a folder: moving it there is then one step.
        let intake = Intake::open(place.path().unwrap_or(&settings.folder).join("incoming")).map_err(unusable)?;
        Ok(Self {
            keys: Keyring::open(settings.keys, settings.derived_key)?,
            limits: settings.limits,
            place,
            intake,
            painter: Painter::new(settings.program),
            scanner: settings.scanner,
        })
    }

    /// Whether files are scanned.
    pub fn has_scanner(&self) -> bool {
        self.scanner.is_some()
    }

    /// Receives a file, sealed as it comes.
    pub async fn receive<E: Display>(
        &self,
        id: &str,
        source: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Received, NotReceived> {
        let key = self.keys.new_key(id)?;
        self.intake.receive(id, key, self.limits.bytes_max, source).await
    }

    /// Opens a file that was received once, in a process of its own, to learn what it is like.
    pub async fn look(&self, received: &Received) -> Result<Looks, NotDrawn> {
        let key = self.keys.unwrap(&received.id, &received.key).map_err(io::Error::other)?;
        let file = tokio::fs::File::open(&received.file).await?;
        self.painter.look(received.kind, seal::unsealed(seal::pieces(file), key)).await
    }

    /// Puts a file that was received into its place, durably.
    pub async fn keep(&self, received: Received) -> io::Result<()> {
        self.place.keep(&received.id, &received.file).await
    }

    /// The plain bytes of a file.
    pub async fn read(
        &self,
        id: &str,
        key: &WrappedKey,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, Unreadable> {
        let key = self.keys.unwrap(id, key)?;
        Ok(seal::unsealed(self.place.read(id).await?, key))
    }

    /// Draws one view of a file.
    pub async fn draw(&self, id: &str, key: &WrappedKey, kind: Kind, view: View) -> Result<Drawn, NotDrawn> {
        let file = self.read(id, key).await.map_err(io::Error::other)?;
        self.painter.draw(kind, view, file).await
    }

    /// Asks the scanner about a file; nothing where there is none. An error is no word at all: the file stays unseen.
    pub async fn scan(&self, id: &str, key: &WrappedKey) -> Result<Option<Verdict>, Unreadable> {
        let Some(scanner) = &self.scanner else { return Ok(None) };
        let file = self.read(id, key).await?;
        Ok(Some(scanner.scan(file).await?))
    }

    /// Removes a file.
    pub async fn remove(&self, id: &str) -> io::Result<()> {
        self.place.remove(id).await
    }

    /// Removes what a process that is gone left half received; how many files.
    pub fn sweep(&self, now: SystemTime) -> io::Result<usize> {
        self.intake.sweep(now)
    }

    /// Whether the place answers.
    pub async fn probe(&self) -> io::Result<()> {
        self.place.probe().await
    }

    /// Whether the scanner answers; nothing where there is none.
    pub async fn probe_scanner(&self) -> Option<io::Result<()>> {
        match &self.scanner {
            Some(scanner) => Some(scanner.ping().await),
            None => None,
        }
    }
}
