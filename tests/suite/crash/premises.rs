//! A desk of the real program: its folder, its database, the people who call it. Processes come and go; this stays.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::BigInt;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _};
use makegood::mail::Folder;
use makegood::store::{Db, Location};
use reqwest::Client;
use tempfile::TempDir;

use super::process::Process;
use crate::harness::{Caller, Database, Engine, Letters, PostOffice, Witness, client};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_makegood");

/// PostgreSQL notices within this time that a client is gone.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(10);

/// How the end of a process's log is shown where a test fails.
const LOG_CHARACTERS_SHOWN: usize = 2_000;

/// A desk's folder, database and people.
pub(super) struct Premises {
    /// A shop whose token may do everything.
    pub(super) shop: Caller,
    /// Two people who decide.
    pub(super) deciders: Vec<Caller>,
    environment: Vec<(&'static str, String)>,
    post: Option<PostOffice>,
    starts: Cell<usize>,
    client: Client,
    // Dropped last: the rest stands on them.
    database: Database,
    folder: TempDir,
}

/// Which way letters leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MailWay {
    /// Into a folder.
    Folder,
    /// To a mail server.
    Server,
}

impl Premises {
    /// Empty ones: nothing was ever started here.
    pub(super) fn empty(mail: MailWay) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::create(folder.path());
        let post = (mail == MailWay::Server).then(PostOffice::open);
        let mut environment = vec![
            ("MAKEGOOD_DATA_DIR", folder.path().join("data").display().to_string()),
            ("DATABASE_URL", database.url.clone()),
            ("MAKEGOOD_LISTEN", "127.0.0.1:0".to_owned()),
            ("MAKEGOOD_LOG", "info".to_owned()),
            ("MAKEGOOD_LIMITS_CREATE_PER_SECOND", "0".to_owned()),
            ("MAKEGOOD_LIMITS_DECIDE_PER_SECOND", "0".to_owned()),
        ];
        environment.extend(post.iter().map(|post| ("MAKEGOOD_SMTP_URL", post.url())));
        let client = client();
        let nobody = Caller::new("nobody", None, "", client.clone());
        Self { shop: nobody, deciders: Vec::new(), environment, post, starts: Cell::new(0), client, database, folder }
    }

    /// With a shop and two people, made at the shell as an operator makes them.
    pub(super) async fn furnished(mail: MailWay) -> Self {
        let mut premises = Self::empty(mail);
        premises.run(&["migrate"]).await;
        premises.furnish().await;
        premises
    }

    /// Brings a shop and two people in.
    pub(super) async fn furnish(&mut self) {
        let everything =
            ["orders:write", "orders:read", "refunds:create", "refunds:read", "refunds:decide", "refunds:submit"];
        self.shop = self.token("shop", &everything, None).await;
        for name in ["ada", "ben"] {
            let email = format!("{name}@desk.example");
            self.run(&["user", "add", "--email", &email, "--role", "senior"]).await;
            let token = self.token(name, &["refunds:read", "refunds:decide"], Some(&email)).await;
            self.deciders.push(token);
        }
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn token(&self, name: &str, scopes: &[&str], owner: Option<&str>) -> Caller {
        let mut arguments = vec!["token", "create", "--name", name];
        arguments.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        arguments.extend(owner.into_iter().flat_map(|owner| ["--owner", owner]));
        let told = self.run(&arguments).await;
        let token = told.lines().last().expect("the token stands on the last line").to_owned();
        Caller::new(name, Some(token), "", self.client.clone())
    }

    /// Runs a command to its end, which has to be a good one; what it prints.
    pub(super) async fn run(&self, arguments: &[&str]) -> String {
        let mut program = self.program(arguments);
        let ended = tokio::task::spawn_blocking(move || program.output()).await.expect("no panic");
        let done = ended.expect("the program starts");
        let (out, log) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "makegood {} ended with {}\n{out}\n{log}", arguments.join(" "), done.status);
        out.into_owned()
    }

    /// Starts a process that serves, with these settings besides the usual ones.
    pub(super) fn start(&self, settings: &[(&str, &str)]) -> Process {
        let number = self.starts.get() + 1;
        self.starts.set(number);
        let mut command = self.program(&["serve"]);
        command.envs(settings.iter().copied());
        Process::start(command, &format!("serve-{number}"), self.folder.path())
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        command.args(arguments).env_clear().envs(environment).current_dir(self.folder.path());
        command
    }

    /// Lets the leases of processes that are gone run out, as they do by themselves within minutes. On SQLite the next
    /// start does not wait for that.
    pub(super) async fn leases_run_out(&self) {
        if Engine::chosen() == Engine::Sqlite {
            return;
        }
        let mut conn = PgConnection::establish(&self.database.url).expect("the database answers");
        // What the last process asked for may still be under way in the server.
        let began = Instant::now();
        while clients(&mut conn) > 0 {
            assert!(began.elapsed() < NOTICE_TIMEOUT, "PostgreSQL does not notice that its client is gone");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let sql = "UPDATE outbox SET lease_until = 0 WHERE status = 'leased';
                   UPDATE inbox SET lease_until = 0 WHERE status = 'leased';
                   UPDATE leases SET lease_until = 0;";
        conn.batch_execute(sql).expect("leases are rows");
    }

    /// Somebody who looks at the desk while it is reached there. To be gone before it is killed again: as long as anybody
    /// has the file open, SQLite has nothing to recover.
    pub(super) fn witness(&self, base: &str) -> Witness {
        let location = match Engine::chosen() {
            Engine::Sqlite => Location::File(self.folder.path().join("makegood.db")),
            Engine::Postgres => Location::Server(self.database.url.clone()),
        };
        let folder = || Folder::open(&self.folder.path().join("data").join("mail")).expect("the folder of letters");
        Witness {
            db: Db::open(&location).expect("the database opens"),
            letters: self.post.clone().map_or_else(|| Letters::Folder(Arc::new(folder())), Letters::Server),
            stranger: Caller::new("a stranger", None, base, self.client.clone()),
        }
    }

    /// How often the database had to break a deadlock: never, if everybody takes locks in one order.
    pub(super) fn deadlocks(&self) -> i64 {
        if Engine::chosen() == Engine::Sqlite {
            return 0;
        }
        let mut conn = PgConnection::establish(&self.database.url).expect("the database answers");
        number(&mut conn, "SELECT deadlocks AS number FROM pg_stat_database WHERE datname = current_database()")
    }

    /// Fails where any process panicked.
    pub(super) fn nobody_panicked(&self) {
        for (name, log) in self.logs() {
            assert!(!log.contains("panicked at"), "{name}:\n{log}");
        }
    }

    fn logs(&self) -> Vec<(String, String)> {
        let numbers = 1..=self.starts.get();
        let name = |number| format!("serve-{number}.log");
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).expect("a log");
        numbers.map(name).map(|name| (name.clone(), read(&name))).collect()
    }

    /// Where everything lies.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Premises {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        if let Some((name, log)) = self.logs().pop() {
            let end: String = log.chars().rev().take(LOG_CHARACTERS_SHOWN).collect();
            let end: String = end.chars().rev().collect();
            eprintln!("{name} ends:\n{end}");
        }
        self.folder.disable_cleanup(true);
        eprintln!("everything is left in {}", self.folder().display());
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(conn: &mut PgConnection, sql: &str) -> i64 {
    let found: Number = diesel::sql_query(sql).get_result(conn).expect("a number");
    found.number
}

/// Clients of this database besides ourselves.
fn clients(conn: &mut PgConnection) -> i64 {
    number(
        conn,
        "SELECT COUNT(*) AS number FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
}
