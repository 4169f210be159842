//! Looking into the database, and laying hands on it: plain SQL that both engines take.

use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use makegood::store::{Conn, StoreError};

use super::app::TestApp;
use super::witness::Witness;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Witness {
    /// The column `line` of a query.
    pub(crate) async fn lines(&self, sql: &str) -> Vec<String> {
        let query = sql.to_owned();
        let found = self.db.read(move |conn| {
            let found: Vec<Line> = match conn {
                Conn::Sqlite(conn) => diesel::sql_query(query).load(conn)?,
                Conn::Postgres(conn) => diesel::sql_query(query).load(conn)?,
            };
            Ok::<_, StoreError>(found)
        });
        let found = found.await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        found.into_iter().map(|line| line.line).collect()
    }

    /// The number that a query without `SELECT` names: `count(*) FROM refunds`.
    pub(crate) async fn number(&self, expression: &str) -> i64 {
        let query =
            format!("WITH found (number) AS (SELECT {expression}) SELECT CAST(number AS BIGINT) AS number FROM found");
        let found = self.db.read(move |conn| {
            let found: Number = match conn {
                Conn::Sqlite(conn) => diesel::sql_query(query).get_result(conn)?,
                Conn::Postgres(conn) => diesel::sql_query(query).get_result(conn)?,
            };
            Ok::<_, StoreError>(found)
        });
        found.await.unwrap_or_else(|error| panic!("{expression}: {error}")).number
    }
}

impl TestApp {
    /// The column `line` of a query.
    pub(crate) async fn lines(&self, sql: &str) -> Vec<String> {
        self.witness().lines(sql).await
    }

    /// The number that a query without `SELECT` names: `count(*) FROM refunds`.
    pub(crate) async fn number(&self, expression: &str) -> i64 {
        self.witness().number(expression).await
    }

    /// Runs statements; what the database says where it refuses.
    pub(crate) async fn execute(&self, sql: &str) -> Result<(), String> {
        let sql = sql.to_owned();
        let done = self.desk().db.write(move |tx| Ok::<_, StoreError>(tx.execute_batch(&sql)?)).await;
        done.map_err(|error| error.to_string())
    }
}
