//! The connection that queries are written against: one enum over both engines.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;

use super::prepared::Text;

/// A connection to one of the two engines; queries are written once against it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded default.
    Sqlite(diesel::SqliteConnection),
    /// For many nodes.
    Postgres(diesel::PgConnection),
}

impl Conn {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement without values that comes again and again.
    pub(super) fn run(&mut self, sql: &'static str) -> diesel::QueryResult<()> {
        Text(sql).execute(self).map(|_| ())
    }

    /// Runs statements that take no values.
    pub fn execute_batch(&mut self, sql: &str) -> diesel::QueryResult<()> {
        match self {
            Conn::Sqlite(conn) => conn.batch_execute(sql),
            Conn::Postgres(conn) => conn.batch_execute(sql),
        }
    }
}

/// Which engine a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, in a file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}
