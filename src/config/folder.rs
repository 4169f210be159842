//! The data folder: mode 0700, with the desk's key in `secrets/secret-key`, mode 0600.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rand::TryRngCore;
use rand::rngs::OsRng;

use super::{Config, Origin, Refusal, table};
use crate::domain::secret::SecretKey;

/// The data folder, made, and the key that holds for this desk.
#[derive(Clone, Debug)]
pub struct DataFolder {
    /// Where it is.
    pub path: PathBuf,
    /// The desk's key: as configured, or the one kept in the folder.
    pub secret_key: SecretKey,
}

impl DataFolder {
    /// Makes what is missing. Two processes that start at once on an empty folder end up with the same key.
    pub fn prepare(config: &Config) -> Result<Self, Refusal> {
        let path = config.data_dir.clone();
        let refuse_folder = |error: io::Error| Refusal {
            setting: table::DATA_DIR.key.into(),
            origin: Origin::File(path.clone()),
            why: format!("cannot be used: {error}"),
            allowed: "a folder that this user can make and write to".into(),
        };
        make_private_folder(&path).map_err(refuse_folder)?;
        make_private_folder(&path.join("secrets")).map_err(refuse_folder)?;
        let secret_key = match &config.secret_key {
            Some(key) => key.clone(),
            None => kept_key(&key_path(&path))?,
        };
        Ok(Self { path, secret_key })
    }
}

/// Where the key is kept that nobody configured.
pub(super) fn key_path(data_dir: &Path) -> PathBuf {
    data_dir.join("secrets").join("secret-key")
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    if !path.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    }
    Ok(())
}

fn kept_key(path: &Path) -> Result<SecretKey, Refusal> {
    let refuse = |why: String| Refusal {
        setting: table::SECRET_KEY.key.into(),
        origin: Origin::SecretFile(path.to_owned()),
        why,
        allowed: table::SECRET_KEY.allowed.into(),
    };
    if !path.exists() {
        write_new_key(path).map_err(|error| refuse(format!("cannot be made: {error}")))?;
    }
    let text = fs::read_to_string(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    SecretKey::parse(&text).map_err(|error| refuse(error.to_string()))
}

/// Written whole beside its place and linked into it, so that nobody ever reads half a key and the first of two wins.
fn write_new_key(path: &Path) -> io::Result<()> {
    let mut bytes = [0_u8; SecretKey::BYTES];
    OsRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    let key = SecretKey::from_bytes(bytes);
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    writeln!(file, "{}", key.to_base64().reveal())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
