//! What can go wrong between a use case and its rows, and how the engines' own errors become it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why the store could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, is full, or cannot be written; nothing was changed.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// A serialization failure, a deadlock, or a connection lost before the commit: running it again is the answer.
    #[error("the transaction has to run again: {0}")]
    Transient(String),
    /// Another transaction holds the row that this one needs, for longer than it may wait.
    #[error("another request is working on the same row")]
    Busy,
    /// The row was changed since it was read.
    #[error("the row was changed in the meantime")]
    Stale,
    /// A row holds what cannot be: names table and value.
    #[error("the database holds what cannot be: {0}")]
    Corrupt(String),
    /// A statement that the database refuses: a defect of ours or a guard that held.
    #[error("the database refused a statement: {0}")]
    Query(String),
}

/// An error of a write closure, from which the store can tell whether the transaction is to run again.
pub trait Failure: From<StoreError> {
    /// The store's own error, where that is what it is.
    fn store_error(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// Texts by which SQLite says that it is the disk or the file, not the statement.
const SQLITE_UNAVAILABLE: &[&str] = &[
    "disk is full",
    "disk I/O error",
    "readonly database",
    "unable to open database",
    "database is locked",
    "out of memory",
];

/// Texts by which libpq says that the connection is gone; its error kind alone does not always tell.
const POSTGRES_GONE: &[&str] = &[
    "server closed the connection",
    "connection to server",
    "no connection to the server",
    "terminating connection",
    "could not receive data",
    "could not send data",
    "the database system is",
    "SSL connection has been closed",
    "recovery",
];

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let text = error.to_string();
        if is_transient(&error) || is_connection_loss(&error) {
            return StoreError::Transient(text);
        }
        if SQLITE_UNAVAILABLE.iter().any(|known| text.contains(known)) {
            return StoreError::Unavailable(text);
        }
        if text.contains("lock timeout") {
            return StoreError::Busy;
        }
        if let DieselError::DeserializationError(cause) = &error {
            return StoreError::Corrupt(cause.to_string());
        }
        StoreError::Query(text)
    }
}

/// Whether the connection, not the statement, failed.
fn is_connection_loss(error: &DieselError) -> bool {
    if matches!(
        error,
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) | DieselError::BrokenTransactionManager
    ) {
        return true;
    }
    let text = error.to_string();
    POSTGRES_GONE.iter().any(|known| text.contains(known))
}

/// Whether running the same transaction again is the right answer: a serialization failure or a deadlock.
fn is_transient(error: &DieselError) -> bool {
    let DieselError::DatabaseError(kind, information) = error else { return false };
    matches!(kind, DatabaseErrorKind::SerializationFailure) || information.message().contains("deadlock detected")
}
