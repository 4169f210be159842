//! What is remembered: the only room that knows diesel and SQL, on SQLite and PostgreSQL alike.

/// What can go wrong between a use case and its rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, is full, or cannot be written; nothing was changed.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
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
