//! SQLite: one writer thread that commits in groups, and a pool of readers on WAL snapshots.
//!
//! The writer takes what waits (up to [`GROUP_MAX`]) into one `BEGIN IMMEDIATE … COMMIT`, each closure in a savepoint
//! of its own, and answers all of them after the commit. With `synchronous=FULL` a group costs one flush of the disk,
//! whoever many are in it, and nobody is answered before their rows are durable.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::{Semaphore, oneshot};

use super::conn::Conn;
use super::db::Tx;
use super::error::{Failure, StoreError};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Closures in one commit at most: enough to amortise the flush, few enough that the first does not wait long.
const GROUP_MAX: usize = 64;

/// Closures that may wait for the writer; beyond it callers wait to hand theirs over.
const QUEUE_MAX: usize = 4_096;

/// Readers at once. WAL readers do not block the writer; more than a few only compete for the processors.
const READERS_MAX: usize = 8;

/// How long a write waits for a second process that writes the same file, such as an import beside the server.
const BUSY_TIMEOUT_MS: u32 = 4_000;

/// Durable commits; readers on snapshots; the log is checkpointed every 4,000 pages, so that it stays small.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;";

pub(super) struct Sqlite {
    jobs: SyncSender<Box<dyn Job>>,
    readers: Arc<Readers>,
}

struct Readers {
    path: PathBuf,
    idle: std::sync::Mutex<Vec<Conn>>,
    permits: Semaphore,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let conn = connect(path)?;
        let (jobs, waiting) = sync_channel(QUEUE_MAX);
        std::thread::Builder::new()
            .name("makegood-writer".to_owned())
            .spawn(move || Writer { conn }.run(&waiting))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let readers =
            Readers { path: path.to_owned(), idle: std::sync::Mutex::default(), permits: Semaphore::new(READERS_MAX) };
        Ok(Self { jobs, readers: Arc::new(readers) })
    }

    pub(super) async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let path = self.readers.path.clone();
        blocking(move || {
            let mut conn = establish(&path)?;
            let applied = conn
                .run_pending_migrations(MIGRATIONS)
                .map_err(|error| StoreError::Unavailable(format!("a migration failed: {error}")))?;
            Ok(applied.iter().map(ToString::to_string).collect())
        })
        .await
    }

    pub(super) async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let path = self.readers.path.clone();
        blocking(move || {
            let mut conn = establish(&path)?;
            let pending = conn
                .pending_migrations(MIGRATIONS)
                .map_err(|error| StoreError::Unavailable(format!("migrations cannot be read: {error}")))?;
            Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
        })
        .await
    }

    pub(super) async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let _permit =
            self.readers.permits.acquire().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        blocking(move || {
            let mut conn = readers.take()?;
            conn.run("BEGIN").map_err(StoreError::from)?;
            let result = query(&mut conn);
            // A reader whose snapshot cannot be ended is not put back.
            if conn.run("COMMIT").is_ok() {
                readers.put(conn);
            }
            result
        })
        .await
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Box<dyn Job> = Box::new(Write { work, result: None, answer });
        let gone = || StoreError::Unavailable("the writer has stopped".to_owned());
        if let Err(refused) = self.jobs.try_send(job) {
            let jobs = self.jobs.clone();
            let job = match refused {
                std::sync::mpsc::TrySendError::Full(job) | std::sync::mpsc::TrySendError::Disconnected(job) => job,
            };
            blocking(move || jobs.send(job).map_err(|_| gone())).await?;
        }
        answered.await.map_err(|_| gone())?
    }
}

impl Readers {
    fn take(&self) -> Result<Conn, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        match idle {
            Some(conn) => Ok(conn),
            None => connect(&self.path),
        }
    }

    fn put(&self, conn: Conn) {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(conn);
    }
}

/// A closure that waits for the writer, with the place to answer.
trait Job: Send {
    /// Runs it; whether its changes are to be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Answers: what it returned where the commit stood, else the failure of the commit.
    fn answer(self: Box<Self>, commit: Result<(), StoreError>);
}

struct Write<T, E, F> {
    work: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send,
    E: Failure + Send,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(&mut Tx::new(conn))))
            .unwrap_or_else(|panic| Err(E::from(StoreError::Corrupt(panic_text(panic.as_ref())))));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let result = match (self.result, commit) {
            (Some(Err(refusal)), _) => Err(refusal),
            (_, Err(lost)) => Err(E::from(lost)),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(E::from(StoreError::Corrupt("a write was committed without having run".to_owned()))),
        };
        // Nobody waits any more where the caller was dropped; the rows are what they are.
        let _unheard = self.answer.send(result);
    }
}

struct Writer {
    conn: Conn,
}

impl Writer {
    fn run(mut self, waiting: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = waiting.recv() {
            let mut group = vec![first];
            group.extend(waiting.try_iter().take(GROUP_MAX - 1));
            self.commit_group(group);
        }
    }

    /// One commit for all; where the batch is lost on the way, each runs again in a transaction of its own.
    fn commit_group(&mut self, mut group: Vec<Box<dyn Job>>) {
        match self.try_group(&mut group) {
            Ok(()) => group.into_iter().for_each(|job| job.answer(Ok(()))),
            Err(_) if group.len() > 1 => {
                for job in group {
                    self.commit_group(vec![job]);
                }
            }
            Err(lost) => group.into_iter().for_each(|job| job.answer(Err(lost.clone()))),
        }
    }

    fn try_group(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let conn = &mut self.conn;
        let outcome = conn.run("BEGIN IMMEDIATE").and_then(|()| {
            for job in group.iter_mut() {
                conn.run("SAVEPOINT job")?;
                if !job.run(conn) {
                    conn.run("ROLLBACK TO job")?;
                }
                // SQLite rolls the whole transaction back by itself on a full disk and the like; then the savepoint is
                // gone and this fails, so that nobody of the group is answered as if the rows were there.
                conn.run("RELEASE job")?;
            }
            conn.run("COMMIT")
        });
        outcome.map_err(|error| {
            // Where SQLite has rolled back already there is no transaction to end, which is what is wanted.
            let _already_rolled_back = conn.execute_batch("ROLLBACK");
            StoreError::from(error)
        })
    }
}

fn establish(path: &Path) -> Result<SqliteConnection, StoreError> {
    let unavailable = |error: &dyn std::fmt::Display| {
        StoreError::Unavailable(format!("the SQLite file {} cannot be opened: {error}", path.display()))
    };
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| unavailable(&error))?;
    conn.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}; {PRAGMAS}"))
        .map_err(|error| unavailable(&error))?;
    Ok(conn)
}

fn connect(path: &Path) -> Result<Conn, StoreError> {
    establish(path).map(Conn::Sqlite)
}

/// Runs what blocks off the threads that serve requests.
async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: Failure + Send + 'static,
{
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(E::from(StoreError::Corrupt(format!("a query panicked: {error}")))))
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("a write panicked: {}", text.unwrap_or("no text"))
}
