//! Where sealed files lie: a folder, or a bucket of any S3-compatible store. Nothing here knows what is in them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Key;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart,
};
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;
use url::Url;

use crate::domain::secret::Secret;

/// Bytes that are handed to a bucket at once: the least that S3 takes of a part that is not the last.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// Files that are handed to a bucket at the same time: each holds a part in memory.
const HAND_OVERS_MAX: usize = 2;

/// A store that does not accept a connection by then is down.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// One call takes so long at most.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// Calls are repeated for so long at most, within which a store's hiccup passes.
const RETRY_TIMEOUT: Duration = Duration::from_secs(10);

/// Repeats of a call at most.
const RETRIES_MAX: usize = 3;

/// Access to a bucket. What is not said is taken from the variables that all S3 clients know, or the machine's role.
#[derive(Clone, Debug, Default)]
pub struct Bucket {
    /// Address of the store, where it is not Amazon's own.
    pub endpoint: Option<Url>,
    /// The region.
    pub region: Option<String>,
    /// Name of the access key.
    pub access_key_id: Option<String>,
    /// The access key.
    pub secret_access_key: Option<Secret>,
}

/// Where sealed files lie.
pub(super) struct Place {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
    hand_overs: Semaphore,
}

impl Place {
    /// A folder, made where it is missing.
    pub(super) fn folder(path: &Path) -> io::Result<Self> {
        std::fs::DirBuilder::new().recursive(true).create(path)?;
        let store = object_store::local::LocalFileSystem::new_with_prefix(path).map_err(io::Error::other)?;
        Ok(Self {
            store: Arc::new(store),
            prefix: Key::default(),
            folder: Some(path.to_owned()),
            hand_overs: Semaphore::new(HAND_OVERS_MAX),
        })
    }

    /// The bucket that `s3://BUCKET/PREFIX` names.
    pub(super) fn bucket(url: &Url, access: &Bucket) -> io::Result<Self> {
        let plain = access.endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http");
        // Plain http needs no certificates, and a bare machine may have none to load.
        let client = ClientOptions::new()
            .with_allow_http(plain)
            .with_no_system_certificates(plain)
            .with_connect_timeout(CONNECT_TIMEOUT)
            .with_timeout(CALL_TIMEOUT);
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: RETRIES_MAX, retry_timeout: RETRY_TIMEOUT };
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(url.host_str().unwrap_or_default())
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &access.endpoint {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        if let Some(region) = &access.region {
            builder = builder.with_region(region);
        }
        if let Some(id) = &access.access_key_id {
            builder = builder.with_access_key_id(id);
        }
        if let Some(key) = &access.secret_access_key {
            builder = builder.with_secret_access_key(key.reveal());
        }
        let store = builder.build().map_err(io::Error::other)?;
        let prefix = Key::from_url_path(url.path()).map_err(io::Error::other)?;
        Ok(Self { store: Arc::new(store), prefix, folder: None, hand_overs: Semaphore::new(HAND_OVERS_MAX) })
    }

    /// The folder, where it is one.
    pub(super) fn path(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Puts a file into its place; where it is a folder, the file is moved there.
    pub(super) async fn keep(&self, id: &str, file: &Path) -> io::Result<()> {
        let key = self.key(id);
        match &self.folder {
            Some(folder) => move_into(file.to_owned(), folder.join(key.as_ref())).await,
            None => self.hand_over(&key, file).await,
        }
    }

    /// The bytes of a file as they lie there.
    pub(super) async fn read(&self, id: &str) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let found = self.store.get(&self.key(id)).await.map_err(io_error)?;
        Ok(found.into_stream().map_err(io_error).boxed())
    }

    /// Removes a file; one that is not there is removed already.
    pub(super) async fn remove(&self, id: &str) -> io::Result<()> {
        match self.store.delete(&self.key(id)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(io_error(error)),
        }
    }

    /// Asks for a file that does not exist: whether the place answers.
    pub(super) async fn probe(&self) -> io::Result<()> {
        match self.store.head(&self.key("probe")).await {
            Err(object_store::Error::NotFound { .. }) | Ok(_) => Ok(()),
            Err(error) => Err(io_error(error)),
        }
    }

    /// Files of one folder would be too many for some tools: the end of an id, which is random, parts them.
    fn key(&self, id: &str) -> Key {
        let shard = id.get(id.len().saturating_sub(2)..).unwrap_or("00");
        self.prefix.clone().join(shard).join(id)
    }

    async fn hand_over(&self, key: &Key, file: &Path) -> io::Result<()> {
        let _turn = self.hand_overs.acquire().await.map_err(io::Error::other)?;
        let mut file = tokio::fs::File::open(file).await?;
        let first = read_part(&mut file).await?;
        if first.len() < PART_BYTES {
            self.store.put(key, PutPayload::from(first)).await.map_err(io_error)?;
            return Ok(());
        }
        let upload = self.store.put_multipart(key).await.map_err(io_error)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let mut part = first;
        let written = loop {
            if part.is_empty() {
                break Ok(());
            }
            writer.put(part);
            // One part is under way at a time, so that no more than two are in memory.
            if let Err(error) = writer.wait_for_capacity(1).await {
                break Err(io_error(error));
            }
            match read_part(&mut file).await {
                Ok(next) => part = next,
                Err(error) => break Err(error),
            }
        };
        match written {
            Ok(()) => writer.finish().await.map(|_| ()).map_err(io_error),
            Err(error) => {
                // What was begun there is given up; a store that does not even take that forgets it by itself.
                if let Err(left) = writer.abort().await {
                    tracing::warn!(%left, "a hand-over that failed could not be given up");
                }
                Err(error)
            }
        }
    }
}

async fn read_part(file: &mut tokio::fs::File) -> io::Result<Bytes> {
    let mut part = Vec::with_capacity(PART_BYTES);
    let most = u64::try_from(PART_BYTES).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut part).await?;
    Ok(Bytes::from(part))
}

/// Moves a written file to its place, durably: the name too survives a loss of power.
async fn move_into(from: PathBuf, to: PathBuf) -> io::Result<()> {
    let moved = tokio::task::spawn_blocking(move || {
        let folder = to.parent().ok_or_else(|| io::Error::other("a place without a folder"))?;
        std::fs::create_dir_all(folder)?;
        std::fs::File::open(&from)?.sync_all()?;
        std::fs::rename(&from, &to)?;
        std::fs::File::open(folder)?.sync_all()
    });
    moved.await.map_err(io::Error::other)?
}

fn io_error(error: object_store::Error) -> io::Error {
    if matches!(error, object_store::Error::NotFound { .. }) {
        io::Error::new(io::ErrorKind::NotFound, error)
    } else {
        io::Error::other(error)
    }
}
