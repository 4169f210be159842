//! Taking a file in: sealed as it comes, into a file of its own beside its later place. What waits here was received and
//! kept by nobody yet; it goes with the value that stands for it, or, after a crash, with the next look at what is old.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

use super::keys::{FileKey, KeyError, WrappedKey};
use super::seal::Sealer;
use crate::domain::evidence::{HEAD_BYTES, Kind, Unsuitable, sniff};

/// What lies here for so long belongs to a process that is gone: no upload takes longer.
const STALE_AFTER: Duration = Duration::from_secs(3_600);

/// A file that was received whole, sealed, and not kept yet.
#[derive(Debug)]
pub struct Received {
    /// Its id.
    pub id: String,
    /// What it is, by its bytes.
    pub kind: Kind,
    /// How long it is, unsealed.
    pub size_bytes: u64,
    /// SHA-256 of it, unsealed, in hex.
    pub sha256: String,
    /// Its key, as its row holds it.
    pub key: WrappedKey,
    pub(super) file: TempPath,
}

/// Why a file was not received.
#[derive(Debug, thiserror::Error)]
pub enum NotReceived {
    /// It is not of those that are taken.
    #[error(transparent)]
    Unsuitable(#[from] Unsuitable),
    /// It did not come whole.
    #[error("the upload broke off: {0}")]
    BrokeOff(String),
    /// It cannot be kept here.
    #[error("the file cannot be written: {0}")]
    Unwritable(#[from] io::Error),
    /// It cannot be sealed.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The folder in which files wait to be kept.
#[derive(Debug)]
pub(super) struct Intake {
    folder: PathBuf,
}

impl Intake {
    /// In this folder, made where it is missing.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self { folder })
    }

    /// Receives a file of `bytes_max` bytes at most. It is refused as soon as its first bytes tell that it is none of
    /// those that are taken, or when it grows too long.
    pub(super) async fn receive<E: Display>(
        &self,
        id: &str,
        (key, wrapped): (FileKey, WrappedKey),
        bytes_max: u64,
        source: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Received, NotReceived> {
        let file = tempfile::Builder::new().prefix("incoming-").tempfile_in(&self.folder)?;
        let (file, path) = file.into_parts();
        let mut file = tokio::io::BufWriter::new(tokio::fs::File::from_std(file));
        let (mut sealer, mark) = Sealer::begin(&key)?;
        file.write_all(&mark).await?;
        let (mut head, mut kind, mut size_bytes, mut hash) = (Vec::new(), None, 0_u64, Sha256::new());
        let mut source = pin!(source);
        while let Some(bytes) = source.next().await {
            let bytes = bytes.map_err(|error| NotReceived::BrokeOff(error.to_string()))?;
            size_bytes = size_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            if size_bytes > bytes_max {
                return Err(Unsuitable::TooLarge.into());
            }
            if kind.is_none() {
                let wanted = HEAD_BYTES.saturating_sub(head.len()).min(bytes.len());
                head.extend_from_slice(bytes.get(..wanted).unwrap_or_default());
                if head.len() == HEAD_BYTES {
                    kind = Some(sniff(&head)?);
                }
            }
            hash.update(&bytes);
            let mut sealed = Vec::new();
            sealer.push(&bytes, |segment| {
                sealed.extend_from_slice(segment);
                Ok(())
            })?;
            file.write_all(&sealed).await?;
        }
        let kind = kind.map_or_else(|| sniff(&head), Ok)?;
        file.write_all(&sealer.finish()?).await?;
        file.flush().await?;
        let sha256 = hex::encode(hash.finalize());
        Ok(Received { id: id.to_owned(), kind, size_bytes, sha256, key: wrapped, file: path })
    }

    /// Removes what a process that is gone left behind; how many files.
    pub(super) fn sweep(&self, now: SystemTime) -> io::Result<usize> {
        let mut swept = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let is_stale = |path: &Path| -> io::Result<bool> {
                let written = path.metadata()?.modified()?;
                Ok(path.is_file() && now.duration_since(written).is_ok_and(|age| age > STALE_AFTER))
            };
            let path = entry.path();
            // Somebody else may have taken it away in the meantime.
            if is_stale(&path).unwrap_or(false) && std::fs::remove_file(&path).is_ok() {
                swept += 1;
            }
        }
        Ok(swept)
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key() -> (FileKey, WrappedKey) {
        (Zeroizing::new([7; 32]), WrappedKey { key_id: "k".to_owned(), wrapped: String::new() })
    }

    fn source(pieces: Vec<Result<&'static [u8], &'static str>>) -> impl Stream<Item = Result<Bytes, &'static str>> {
        futures_util::stream::iter(pieces.into_iter().map(|piece| piece.map(Bytes::from_static)))
    }

    async fn received(intake: &Intake, pieces: Vec<Result<&'static [u8], &'static str>>) -> Result<Received, String> {
        intake.receive("ev_1", key(), 64, source(pieces)).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_file_waits_sealed_and_goes_with_its_value() {
        let folder = tempfile::tempdir().unwrap();
        let intake = Intake::open(folder.path().join("incoming")).unwrap();
        let received = received(&intake, vec![Ok(b"%PD"), Ok(b"F-1.7 something")]).await.unwrap();
        assert_eq!((received.kind, received.size_bytes), (Kind::Pdf, 18));
        assert_eq!(received.sha256, hex::encode(Sha256::digest(b"%PDF-1.7 something")));
        let sealed = std::fs::read(&received.file).unwrap();
        assert!(!sealed.windows(4).any(|window| window == b"%PDF"));
        drop(received);
        assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_is_not_taken_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let intake = Intake::open(folder.path().to_owned()).unwrap();
        for (pieces, why) in [
            (vec![], "the file is empty"),
            (vec![Ok(b"<svg/>".as_slice())], "SVG is not taken"),
            (vec![Ok(b"%PDF-1.7".as_slice()); 9], "the file is too large"),
            (vec![Ok(b"%PDF-1.7".as_slice()), Err("gone")], "the upload broke off: gone"),
        ] {
            assert_eq!(received(&intake, pieces).await.unwrap_err(), why);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn only_what_is_old_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let intake = Intake::open(folder.path().to_owned()).unwrap();
        std::fs::write(folder.path().join("incoming-x"), "left").unwrap();
        let now = SystemTime::now();
        assert_eq!(intake.sweep(now).unwrap(), 0);
        assert_eq!(intake.sweep(now + STALE_AFTER + Duration::from_secs(5)).unwrap(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
