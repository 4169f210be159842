//! The desk under test: the real binary, its folder, its token, its process.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

const BINARY: &str = env!("CARGO_BIN_EXE_makegood");

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite,
    Postgres(String),
}

impl Engine {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A data folder and a database, with a token.
pub(crate) struct Desk {
    folder: PathBuf,
    database_url: String,
    token: String,
}

/// A process that serves.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: String,
    pub(crate) token: String,
    /// From the start of the process to the first `200` of `/readyz`.
    pub(crate) start_ms: u128,
}

impl Desk {
    /// Migrates an empty database and makes a token.
    pub(crate) async fn prepare(engine: Engine, folder: &Path) -> Self {
        let database_url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.join("makegood.db").display()),
            Engine::Postgres(url) => fresh_database(&url),
        };
        std::fs::write(
            folder.join("makegood.toml"),
            "[limits]\ncreate_per_second = 0\ndecide_per_second = 0\nread_per_second = 0\n[simulator]\ndelay_ms = 0\n",
        )
        .expect("a configuration");
        let mut desk = Self { folder: folder.to_owned(), database_url, token: String::new() };
        desk.serve("off").await.stop().await;
        let mut made = desk.command();
        made.args(["token", "create", "--name", "bench"]);
        for scope in ["orders:write", "orders:read", "refunds:create", "refunds:read"] {
            made.args(["--scope", scope]);
        }
        let made = made.output().expect("a token");
        let printed = String::from_utf8_lossy(&made.stdout).into_owned();
        desk.token = printed.lines().last().expect("a token on the last line").trim().to_owned();
        desk
    }

    fn command(&self) -> Command {
        let mut command = Command::new(BINARY);
        command
            .current_dir(&self.folder)
            .env("MAKEGOOD_DATA_DIR", self.folder.join("data"))
            .env("DATABASE_URL", &self.database_url)
            .env("MAKEGOOD_LOG", "error")
            .env_remove("MAKEGOOD_BENCH_SECONDS")
            .env_remove("MAKEGOOD_BENCH_POSTGRES");
        command
    }

    /// Writes so many orders to a file and imports them.
    pub(crate) fn import(&self, count: usize) {
        let file = self.folder.join("orders.jsonl");
        let mut text = String::new();
        for number in 0..count {
            writeln!(
                text,
                r#"{{"order_id":"order-{number}","customer":{{"email":"c{number}@example.com","name":"C","locale":"en"}},"currency":"USD","placed_at":"2026-11-01T09:00:00Z","lines":[{{"line_id":"1","description":"Lamp","quantity":1,"unit_amount_minor":10000,"tax_minor":0,"discount_minor":0}}],"payments":[{{"payment_id":"p1","provider_account":"simulator","connector_transaction_id":"sim_succeeded_{number}","rail":"card","status":"captured","captured_minor":10000,"captured_at":"2026-11-20T09:00:00Z"}}]}}"#
            )
            .expect("text");
        }
        std::fs::write(&file, text).expect("a file");
        let status =
            self.command().args(["orders", "import"]).arg(&file).stdout(Stdio::null()).status().expect("an import");
        assert!(status.success(), "the import failed");
    }

    /// Starts a process and waits until it is ready.
    pub(crate) async fn serve(&self, workers: &str) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let begun = Instant::now();
        let child = self
            .command()
            .arg("serve")
            .env("MAKEGOOD_LISTEN", &address)
            .env("MAKEGOOD_WORKERS", workers)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("a process");
        while !is_ready(&address).await {
            assert!(begun.elapsed() < Duration::from_secs(30), "the desk did not become ready");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Running { child, address, token: self.token.clone(), start_ms: begun.elapsed().as_millis() }
    }

    /// Where its database is.
    pub(crate) fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Adds somebody who decides; their password.
    pub(crate) fn add_person(&self, email: &str) -> String {
        let added =
            self.command().args(["user", "add", "--email", email, "--role", "senior"]).output().expect("a person");
        let printed = String::from_utf8_lossy(&added.stdout).into_owned();
        printed.lines().last().expect("a password on the last line").trim().to_owned()
    }

    /// Lets PostgreSQL look at what was written, as it does by itself within a minute.
    pub(crate) fn settle_statistics(&self) {
        if !self.database_url.starts_with("sqlite://") {
            self.execute("ANALYZE");
        }
    }

    /// Forgets what waits, so that the next measure begins with an empty queue.
    pub(crate) fn clear_outbox(&self) {
        self.execute("DELETE FROM outbox WHERE status <> 'done'");
    }

    /// Waits until so many refunds are completed and nothing waits to be sent or mailed.
    pub(crate) async fn wait_until_settled(&self, completed: usize) {
        let begun = Instant::now();
        loop {
            let done = self.count("SELECT COUNT(*) AS n FROM refunds WHERE state = 'completed'");
            let waiting = self.count("SELECT COUNT(*) AS n FROM outbox WHERE status IN ('waiting', 'leased')");
            if done >= i64::try_from(completed).unwrap_or(i64::MAX) && waiting == 0 {
                return;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{done} completed, {waiting} waiting after two minutes"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn execute(&self, sql: &str) {
        match self.database_url.strip_prefix("sqlite://") {
            Some(path) => SqliteConnection::establish(path).expect("a file").batch_execute(sql).expect("a statement"),
            None => {
                PgConnection::establish(&self.database_url).expect("a server").batch_execute(sql).expect("a statement")
            }
        }
    }

    fn count(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let found: Count = match self.database_url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path).expect("a file");
                conn.batch_execute("PRAGMA busy_timeout = 5000").expect("a setting");
                diesel::sql_query(sql).get_result(&mut conn).expect("a count")
            }
            None => {
                let mut conn = PgConnection::establish(&self.database_url).expect("a server");
                diesel::sql_query(sql).get_result(&mut conn).expect("a count")
            }
        };
        found.n
    }
}

impl Running {
    /// Resident memory of the process, as the kernel counts it.
    pub(crate) fn memory_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        let kib: u32 = line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
        f64::from(kib) / 1024.0
    }

    pub(crate) async fn stop(mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("a signal");
        self.child.wait().expect("an end");
    }
}

async fn is_ready(address: &str) -> bool {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let Ok(mut stream) = tokio::net::TcpStream::connect(address).await else { return false };
    let request = "GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
    if stream.write_all(request.as_bytes()).await.is_err() {
        return false;
    }
    let mut answer = Vec::new();
    // Whatever was read so far tells the status.
    let _partial = stream.read_to_end(&mut answer).await;
    answer.starts_with(b"HTTP/1.1 200")
}

/// A new database beside the one of the address.
fn fresh_database(url: &str) -> String {
    let name = format!("makegood_bench_{}", std::process::id());
    let mut conn = PgConnection::establish(url).expect("a PostgreSQL server");
    conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).expect("a statement");
    conn.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
    let mut fresh = url::Url::parse(url).expect("an address");
    fresh.set_path(&name);
    fresh.to_string()
}
