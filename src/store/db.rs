//! The way into the database: `read` on a snapshot, `write` in one transaction, on either engine.
//!
//! Both are async outside and sync inside, so that awaiting the network in a transaction does not compile. Write
//! closures are `Fn` because they may run again: after a lost batch on SQLite, after a serialization failure or a
//! lost connection on PostgreSQL. Ids are minted before the first run and stay the same.
//!
//! Closures run on other threads, within the span of whoever asked, so that their spans and lines belong to its trace.

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;

use tracing::Span;

use super::conn::{Conn, Engine};
use super::error::{Failure, StoreError};
use super::{postgres, sqlite};

/// An open write transaction. Derefs to its connection, so that functions over rows take either.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    witness: Option<String>,
}

impl<'c> Tx<'c> {
    pub(super) fn new(conn: &'c mut Conn) -> Self {
        Self { conn, witness: None }
    }

    /// Remembers the audit record whose presence proves that this transaction was committed, for the case that the
    /// connection is lost while committing.
    pub(super) fn set_witness(&mut self, audit_id: &str) {
        self.witness = Some(audit_id.to_owned());
    }

    /// Runs a part whose changes are kept only where it succeeds; the transaction goes on either way.
    pub fn part<T, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.execute("SAVEPOINT part")?;
        let result = work(self);
        if result.is_err() {
            self.execute("ROLLBACK TO SAVEPOINT part")?;
        }
        self.execute("RELEASE SAVEPOINT part")?;
        result
    }

    fn execute(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(sql)?)
    }

    pub(super) fn into_witness(self) -> Option<String> {
        self.witness
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

/// Where the database is, as the setting `DATABASE_URL` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(String),
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

enum Inner {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database without migrating it.
    pub fn open(location: &Location) -> Result<Self, StoreError> {
        let inner = match location {
            Location::File(path) => Inner::Sqlite(sqlite::Sqlite::open(path)?),
            Location::Server(url) => Inner::Postgres(postgres::Postgres::open(url)?),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match &*self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Brings the schema up to date; returns the names of the migrations that were applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.migrate().await,
            Inner::Postgres(postgres) => postgres.migrate().await,
        }
    }

    /// The names of migrations that are not applied yet.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.pending_migrations().await,
            Inner::Postgres(postgres) => postgres.pending_migrations().await,
        }
    }

    /// Reads on one consistent snapshot.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let span = Span::current();
        let query = move |conn: &mut Conn| span.in_scope(|| query(conn));
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.read(query).await,
            Inner::Postgres(postgres) => postgres.read(query).await,
        }
    }

    /// Runs the closure in one transaction, which is durable when this returns `Ok`, and without effect when it
    /// returns `Err`.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let span = Span::current();
        let work = move |tx: &mut Tx<'_>| span.in_scope(|| work(tx));
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.write(work).await,
            Inner::Postgres(postgres) => postgres.write(work).await,
        }
    }
}
