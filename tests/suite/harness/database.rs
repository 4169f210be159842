//! A database of a test's own: a SQLite file in its folder, or a database in the cluster that `tests/run` starts.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Names the engine: `sqlite`, which is what holds without it, or `postgres`.
const ENGINE: &str = "MAKEGOOD_TEST_ENGINE";

/// A URL into the cluster that databases are made in.
const CLUSTER: &str = "MAKEGOOD_TEST_POSTGRES";

/// The engine that this run of the suite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// A file in the test's folder.
    Sqlite,
    /// A database in a cluster.
    Postgres,
}

impl Engine {
    /// As the environment says.
    pub(crate) fn chosen() -> Self {
        match std::env::var(ENGINE).as_deref() {
            Err(_) | Ok("" | "sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok(other) => panic!("{ENGINE} is {other:?}; allowed are sqlite and postgres"),
        }
    }
}

/// A database, gone with this value.
pub(crate) struct Database {
    /// What `DATABASE_URL` says.
    pub(crate) url: String,
    name: Option<String>,
}

impl Database {
    /// Makes an empty one.
    pub(crate) fn create(folder: &Path) -> Self {
        match Engine::chosen() {
            Engine::Sqlite => Self { url: format!("sqlite://{}", folder.join("makegood.db").display()), name: None },
            Engine::Postgres => {
                let name = format!("makegood_{}", ulid::Ulid::generate()).to_lowercase();
                in_cluster(&format!("CREATE DATABASE {name}"));
                let mut url = url::Url::parse(&cluster()).expect("a URL");
                url.set_path(&name);
                Self { url: url.into(), name: Some(name) }
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            in_cluster(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn cluster() -> String {
    std::env::var(CLUSTER).unwrap_or_else(|_| panic!("{CLUSTER} is not set; tests/run starts a cluster and sets it"))
}

fn in_cluster(sql: &str) {
    let mut conn = PgConnection::establish(&cluster()).expect("the cluster answers");
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}
