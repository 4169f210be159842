//! The lock on a data folder: on SQLite one process serves from it, since leases of an earlier one are taken over at start.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::failure::BuildError;

const FILE_NAME: &str = "serving.lock";

/// Held for as long as the process lives; the system lets go of it even after `kill -9`.
#[derive(Debug)]
pub(super) struct FolderGuard {
    _file: File,
}

/// Whether a process serves from the folder now.
pub(super) fn is_taken(folder: &Path) -> bool {
    match File::open(folder.join(FILE_NAME)) {
        // A shared lock, so that two that ask at once do not take each other for the one that serves.
        Ok(file) => matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)),
        Err(_never_served) => false,
    }
}

impl FolderGuard {
    /// Takes the lock, or says that another process has it.
    pub(super) fn take(folder: &Path) -> Result<Self, BuildError> {
        let path = folder.join(FILE_NAME);
        let unusable = |source| BuildError::Lock { path: path.clone(), source };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(BuildError::Taken(folder.to_owned())),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderGuard::take(folder.path()).unwrap();
        let refused = FolderGuard::take(folder.path()).unwrap_err().to_string();
        assert!(refused.starts_with("Another makegood is serving from "), "{refused}");
        assert!(is_taken(folder.path()));
        drop(first);
        assert!(!is_taken(folder.path()));
        assert!(FolderGuard::take(folder.path()).is_ok());
    }
}
