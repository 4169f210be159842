//! What the disk gives: durable commits of one row, nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// One writer on SQLite with `synchronous=FULL`, commits a second.
pub(crate) fn sqlite(folder: &Path, span: Duration) -> f64 {
    let path = folder.join("bare.db");
    let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("a SQLite file");
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
    )
    .expect("a table");
    let begun = Instant::now();
    let mut commits = 0_u32;
    while begun.elapsed() < span {
        conn.batch_execute("BEGIN IMMEDIATE; INSERT INTO t (v) VALUES ('x'); COMMIT").expect("a commit");
        commits += 1;
    }
    f64::from(commits) / begun.elapsed().as_secs_f64()
}

/// As many connections as there are clients on PostgreSQL with `synchronous_commit=on`, commits a second.
pub(crate) async fn postgres(url: &str, clients: usize, span: Duration) -> f64 {
    let mut conn = PgConnection::establish(url).expect("a PostgreSQL server");
    conn.batch_execute("DROP TABLE IF EXISTS bare; CREATE TABLE bare (id BIGSERIAL PRIMARY KEY, v TEXT)")
        .expect("a table");
    let begun = Instant::now();
    let threads: Vec<_> = (0..clients)
        .map(|_| {
            let url = url.to_owned();
            std::thread::spawn(move || {
                let mut conn = PgConnection::establish(&url).expect("a connection");
                let mut commits = 0_u32;
                while begun.elapsed() < span {
                    diesel::sql_query("INSERT INTO bare (v) VALUES ('x')").execute(&mut conn).expect("a commit");
                    commits += 1;
                }
                commits
            })
        })
        .collect();
    let commits: u32 = threads.into_iter().map(|thread| thread.join().expect("a client")).sum();
    let rate = f64::from(commits) / begun.elapsed().as_secs_f64();
    conn.batch_execute("DROP TABLE bare").expect("a table to drop");
    rate
}
