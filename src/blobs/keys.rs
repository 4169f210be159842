//! The master keys that wrap the key of each file: the current one, which new files and `evidence rekey` use, and earlier
//! ones, which still open what they wrapped.
//!
//! They come from the environment, or from a file in the data folder, and never see the database. A process that meets a
//! key it does not know reads the file again, so that a desk goes on serving while its keys are changed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::TryRngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use crate::domain::secret::{NotAKey, SecretKey};

/// Bytes of the nonce before a wrapped key.
const NONCE_BYTES: usize = 24;

/// The key of one file.
pub(super) type FileKey = Zeroizing<[u8; SecretKey::BYTES]>;

/// Where master keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// These, the current one first: the environment gave them.
    Given(Vec<SecretKey>),
    /// This file, one key a line, the current one first; it may be absent.
    Kept(PathBuf),
}

/// A file's key as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    /// Which master key wrapped it.
    pub key_id: String,
    /// Nonce and sealed key, in base64.
    pub wrapped: String,
}

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No master key of this name is known.
    #[error("the master key {0} is not among those of this desk")]
    Unknown(String),
    /// It does not open what it is said to have wrapped.
    #[error("the master key {0} does not open this file's key")]
    Wrong(String),
    /// The file of keys cannot be used.
    #[error("the evidence keys in {} cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of the file is no key.
    #[error("the evidence keys in {} cannot be used: a line {why}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: NotAKey,
    },
    /// The keys were given, and are changed where they are given.
    #[error("the evidence keys come from the environment; put the new one first there and start the desk again")]
    NotKeptHere,
    /// The system gives no random bytes.
    #[error("no random bytes: {0}")]
    Random(io::Error),
}

struct MasterKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// All master keys, the current one first.
pub struct Keyring {
    source: KeySource,
    /// Derived from the desk's own key: what holds where nothing else was said, the same at all nodes.
    derived: SecretKey,
    keys: RwLock<Arc<Vec<MasterKey>>>,
}

impl Keyring {
    /// Reads the keys; `derived` stands behind all others.
    pub fn open(source: KeySource, derived: SecretKey) -> Result<Self, KeyError> {
        let keys = read(&source, &derived)?;
        Ok(Self { source, derived, keys: RwLock::new(Arc::new(keys)) })
    }

    /// The name of the current key.
    pub fn current_id(&self) -> String {
        self.keys().first().map(|key| key.id.clone()).unwrap_or_default()
    }

    /// Makes a new current key in the file of keys; its name. The desk needs no restart.
    pub fn renew(&self) -> Result<String, KeyError> {
        let KeySource::Kept(path) = &self.source else { return Err(KeyError::NotKeptHere) };
        let failed = |source| KeyError::File { path: path.clone(), source };
        let key = SecretKey::from_bytes(*random()?);
        let earlier = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Zeroizing::new(String::new()),
            Err(error) => return Err(failed(error)),
        };
        write_whole(path, &Zeroizing::new(format!("{}\n{}", key.to_base64().reveal(), earlier.as_str())))
            .map_err(failed)?;
        self.reload()?;
        Ok(key.fingerprint())
    }

    /// Takes up what the file of keys holds now, as when another process changed it.
    pub fn reload(&self) -> Result<(), KeyError> {
        let keys = Arc::new(read(&self.source, &self.derived)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// A new key for a file, and the same as its row holds it. `subject` is the file's id, bound to it.
    pub(super) fn new_key(&self, subject: &str) -> Result<(FileKey, WrappedKey), KeyError> {
        let key: FileKey = random()?;
        let wrapped = self.wrap(subject, &key)?;
        Ok((key, wrapped))
    }

    /// The file's key.
    pub(super) fn unwrap(&self, subject: &str, wrapped: &WrappedKey) -> Result<FileKey, KeyError> {
        match self.unwrap_known(subject, wrapped) {
            Err(KeyError::Unknown(_)) => {
                self.reload()?;
                self.unwrap_known(subject, wrapped)
            }
            known => known,
        }
    }

    /// The same file's key under the current master key.
    pub fn rewrap(&self, subject: &str, wrapped: &WrappedKey) -> Result<WrappedKey, KeyError> {
        let key = self.unwrap(subject, wrapped)?;
        self.wrap(subject, &key)
    }

    fn wrap(&self, subject: &str, key: &FileKey) -> Result<WrappedKey, KeyError> {
        let keys = self.keys();
        let master = keys.first().ok_or_else(|| KeyError::Unknown("current".to_owned()))?;
        let nonce: Zeroizing<[u8; NONCE_BYTES]> = random()?;
        let payload = Payload { msg: key.as_slice(), aad: subject.as_bytes() };
        let sealed = master.cipher.encrypt(XNonce::from_slice(nonce.as_slice()), payload);
        let sealed = sealed.map_err(|_| KeyError::Wrong(master.id.clone()))?;
        let wrapped = BASE64.encode([nonce.as_slice(), &sealed].concat());
        Ok(WrappedKey { key_id: master.id.clone(), wrapped })
    }

    fn unwrap_known(&self, subject: &str, wrapped: &WrappedKey) -> Result<FileKey, KeyError> {
        let keys = self.keys();
        let known = keys.iter().find(|key| key.id == wrapped.key_id);
        let master = known.ok_or_else(|| KeyError::Unknown(wrapped.key_id.clone()))?;
        let wrong = || KeyError::Wrong(wrapped.key_id.clone());
        let bytes = BASE64.decode(&wrapped.wrapped).map_err(|_| wrong())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(wrong)?;
        let payload = Payload { msg: sealed, aad: subject.as_bytes() };
        let key = master.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| wrong())?;
        let key = Zeroizing::new(key);
        <[u8; SecretKey::BYTES]>::try_from(key.as_slice()).map(Zeroizing::new).map_err(|_| wrong())
    }

    fn keys(&self) -> Arc<Vec<MasterKey>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(source: &KeySource, derived: &SecretKey) -> Result<Vec<MasterKey>, KeyError> {
    let mut keys = match source {
        KeySource::Given(keys) => keys.clone(),
        KeySource::Kept(path) => read_file(path)?,
    };
    keys.push(derived.clone());
    Ok(keys.iter().map(master).collect())
}

fn read_file(path: &Path) -> Result<Vec<SecretKey>, KeyError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(KeyError::File { path: path.to_owned(), source }),
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| SecretKey::parse(line).map_err(|why| KeyError::Line { path: path.to_owned(), why })).collect()
}

/// Written whole beside its place and moved into it, so that nobody ever reads half of the keys.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn master(key: &SecretKey) -> MasterKey {
    let bytes = key.derive("evidence wrap");
    MasterKey { id: key.fingerprint(), cipher: XChaCha20Poly1305::new(Key::from_slice(bytes.as_slice())) }
}

/// Bytes that nobody can guess.
pub(super) fn random<const BYTES: usize>() -> Result<Zeroizing<[u8; BYTES]>, KeyError> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    OsRng.try_fill_bytes(bytes.as_mut_slice()).map_err(|error| KeyError::Random(io::Error::other(error)))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::from_bytes([byte; 32])
    }

    fn given(bytes: &[u8]) -> Keyring {
        Keyring::open(KeySource::Given(bytes.iter().map(|byte| key(*byte)).collect()), key(9)).unwrap()
    }

    #[test]
    fn a_file_key_opens_for_its_own_file_and_under_its_own_master_only() {
        let ring = given(&[1]);
        let (file_key, wrapped) = ring.new_key("ev_1").unwrap();
        assert_eq!(*ring.unwrap("ev_1", &wrapped).unwrap(), *file_key);
        assert!(matches!(ring.unwrap("ev_2", &wrapped), Err(KeyError::Wrong(_))));
        assert!(matches!(given(&[2]).unwrap("ev_1", &wrapped), Err(KeyError::Unknown(_))));
        let torn = WrappedKey { wrapped: "AAAA".to_owned(), ..wrapped };
        assert!(matches!(ring.unwrap("ev_1", &torn), Err(KeyError::Wrong(_))));
    }

    #[test]
    fn wrapping_anew_keeps_the_file_key_and_frees_the_earlier_master() {
        let (file_key, wrapped) = given(&[1]).new_key("ev_1").unwrap();
        let both = given(&[2, 1]);
        let anew = both.rewrap("ev_1", &wrapped).unwrap();
        assert_eq!(anew.key_id, both.current_id());
        assert_eq!(*given(&[2]).unwrap("ev_1", &anew).unwrap(), *file_key);
    }

    #[test]
    fn without_a_key_of_its_own_the_derived_one_holds_and_a_new_one_is_met_without_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evidence-keys");
        let serving = Keyring::open(KeySource::Kept(path.clone()), key(9)).unwrap();
        let (_, old) = serving.new_key("ev_1").unwrap();
        assert_eq!(old.key_id, key(9).fingerprint());
        let command = Keyring::open(KeySource::Kept(path.clone()), key(9)).unwrap();
        let id = command.renew().unwrap();
        let anew = command.rewrap("ev_1", &old).unwrap();
        assert_eq!(anew.key_id, id);
        assert_eq!(*serving.unwrap("ev_1", &anew).unwrap(), *command.unwrap("ev_1", &old).unwrap());
        assert_ne!(command.renew().unwrap(), id);
        assert!(command.unwrap("ev_1", &anew).is_ok());
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        fs::write(&path, "no key").unwrap();
        assert!(matches!(serving.reload(), Err(KeyError::Line { .. })));
        assert!(matches!(given(&[1]).renew(), Err(KeyError::NotKeptHere)));
    }
}
