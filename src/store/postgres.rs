//! PostgreSQL: a pool, READ COMMITTED with row locks and conditional updates, and retries that cannot do a thing twice.
//!
//! A serialization failure, a deadlock or a connection that was lost before the commit runs the closure again. A
//! connection that is lost while committing leaves it open whether the commit stood: then the transaction's audit
//! record is looked for, and only where it is absent does the closure run again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{self, Pool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use tokio::sync::Semaphore;

use super::conn::Conn;
use super::db::Tx;
use super::error::{Failure, StoreError};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Connections of one node. Eight saturate two processors; more only queue inside the server.
const CONNECTIONS_MAX: u32 = 12;

/// How long a caller waits for a connection before the answer is 503.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(4);

/// Runs of one closure at most.
const RUNS_MAX: usize = 8;

/// A row that somebody else holds for longer than this is a request in progress, not a queue. Commits are durable.
const SESSION: &str = "SET lock_timeout = '3s'; SET statement_timeout = '30s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET synchronous_commit = on; SET timezone = 'UTC'";

pub(super) struct Postgres {
    pool: Pool<Manager>,
    url: String,
    permits: Arc<Semaphore>,
}

struct Manager {
    url: String,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        let mut conn = PgConnection::establish(&self.url).map_err(r2d2::Error::ConnectionError)?;
        conn.batch_execute(SESSION).map_err(r2d2::Error::QueryError)?;
        Ok(Conn::Postgres(conn))
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        conn.execute_batch("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        use diesel::r2d2::R2D2Connection;
        conn.is_broken()
    }
}

impl Postgres {
    pub(super) fn open(url: &str) -> Result<Self, StoreError> {
        let pool = Pool::builder()
            .max_size(CONNECTIONS_MAX)
            .min_idle(Some(1))
            .connection_timeout(CONNECTION_TIMEOUT)
            // A dead connection is found out by its first statement, and the closure runs again on another.
            .test_on_check_out(false)
            .build_unchecked(Manager { url: url.to_owned() });
        let permits = Arc::new(Semaphore::new(usize::try_from(CONNECTIONS_MAX).unwrap_or(1)));
        Ok(Self { pool, url: url.to_owned(), permits })
    }

    pub(super) async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let url = self.url.clone();
        self.blocking(move || {
            let mut conn = establish(&url)?;
            // Several nodes may start at once: one migrates, the others wait and find nothing left to do.
            conn.batch_execute("SELECT pg_advisory_lock(7239517)").map_err(StoreError::from)?;
            let applied = conn
                .run_pending_migrations(MIGRATIONS)
                .map_err(|error| StoreError::Unavailable(format!("a migration failed: {error}")))?;
            Ok(applied.iter().map(ToString::to_string).collect())
        })
        .await
    }

    pub(super) async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let url = self.url.clone();
        self.blocking(move || {
            let pending = establish(&url)?
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
        let pool = self.pool.clone();
        self.blocking(move || {
            let mut conn = connection(&pool)?;
            if conn.execute_batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").is_err() {
                // Lost while it was idle: the pool drops it here, and a new one either works or says why not.
                drop(conn);
                conn = connection(&pool)?;
                conn.execute_batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").map_err(StoreError::from)?;
            }
            let result = query(&mut conn);
            // A connection that cannot end its transaction is found broken by the pool.
            let _broken = conn.execute_batch("COMMIT");
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
        let pool = self.pool.clone();
        self.blocking(move || write_with_retries(&pool, &work)).await
    }

    async fn blocking<T, E>(&self, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .unwrap_or_else(|error| Err(E::from(StoreError::Corrupt(format!("a query panicked: {error}")))))
    }
}

/// What became of one run of a write closure.
enum Run<T, E> {
    Done(Result<T, E>),
    Again(StoreError),
    /// The connection was lost while committing; the result stands if the witness is found.
    CommitUnknown(T, Option<String>, StoreError),
}

fn write_with_retries<T, E: Failure>(
    pool: &Pool<Manager>,
    work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let mut pauses = ExponentialBuilder::default()
        .with_jitter()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_millis(400))
        .with_max_times(RUNS_MAX)
        .build();
    loop {
        let failure = match run_once(pool, work) {
            Run::Done(result) => return result,
            Run::Again(failure) => failure,
            Run::CommitUnknown(value, Some(witness), failure) => match is_recorded(pool, &witness) {
                Ok(true) => return Ok(value),
                Ok(false) => failure,
                Err(unavailable) => return Err(E::from(unavailable)),
            },
            // Without a witness it cannot be told; what writes without an audit record may be asked for again.
            Run::CommitUnknown(_, None, failure) => return Err(E::from(StoreError::Unavailable(failure.to_string()))),
        };
        match pauses.next() {
            Some(pause) => std::thread::sleep(pause),
            None => return Err(E::from(StoreError::Unavailable(failure.to_string()))),
        }
    }
}

fn run_once<T, E: Failure>(pool: &Pool<Manager>, work: &impl Fn(&mut Tx<'_>) -> Result<T, E>) -> Run<T, E> {
    let mut conn = match connection(pool) {
        Ok(conn) => conn,
        Err(unavailable) => return Run::Done(Err(E::from(unavailable))),
    };
    if let Err(error) = conn.execute_batch("BEGIN") {
        return Run::Again(StoreError::from(error));
    }
    let mut tx = Tx::new(&mut conn);
    let result = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
    let witness = tx.into_witness();
    match result {
        Ok(Ok(value)) => match conn.execute_batch("COMMIT") {
            Ok(()) => Run::Done(Ok(value)),
            Err(error) => {
                let failure = StoreError::from(error);
                if matches!(failure, StoreError::Transient(_)) {
                    Run::CommitUnknown(value, witness, failure)
                } else {
                    Run::Done(Err(E::from(failure)))
                }
            }
        },
        Ok(Err(refusal)) => {
            // Where the connection is gone the server has rolled back by itself.
            let _gone = conn.execute_batch("ROLLBACK");
            let transient =
                refusal.store_error().filter(|failure| matches!(failure, StoreError::Transient(_))).cloned();
            transient.map_or(Run::Done(Err(refusal)), Run::Again)
        }
        Err(_panic) => {
            let _gone = conn.execute_batch("ROLLBACK");
            Run::Done(Err(E::from(StoreError::Corrupt("a write panicked".to_owned()))))
        }
    }
}

/// Whether the transaction that wrote this audit record was committed.
fn is_recorded(pool: &Pool<Manager>, witness: &str) -> Result<bool, StoreError> {
    use super::schema::audit_records::dsl::{audit_id, audit_records};
    let mut conn = connection(pool)?;
    let found: i64 = audit_records.filter(audit_id.eq(witness)).count().get_result(&mut *conn)?;
    Ok(found > 0)
}

fn connection(pool: &Pool<Manager>) -> Result<r2d2::PooledConnection<Manager>, StoreError> {
    pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn establish(url: &str) -> Result<PgConnection, StoreError> {
    PgConnection::establish(url).map_err(|error| StoreError::Unavailable(error.to_string()))
}
