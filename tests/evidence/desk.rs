//! The desk under examination: the real program in processes of its own, on a throw-away folder and database.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use crate::database::Database;

/// What the simulated processor signs its webhooks with. The driver knows it, so that it can sign and forge some itself.
pub(crate) const WEBHOOK_SECRET: &str = "whsec_ZXZpZGVuY2Utb25seS1ub3QtYS1zZWNyZXQtYXQtYWxs";

/// What sessions and seals are derived from; 32 bytes.
pub(crate) const SECRET_KEY: &str = "ZXZpZGVuY2Utc2VjcmV0LW9mLTMyLWJ5dGVzLWxvbmc=";

/// A start takes well under a second; a busy machine may need more.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// SPEC section 16: an orderly stop.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// The desk.
pub(crate) struct Desk {
    /// Where it listens while it runs.
    pub(crate) base: String,
    binary: PathBuf,
    witness: String,
    serving: Option<Child>,
    // The same for every process on this data, since each embeds the processor.
    webhook_delay_ms: u64,
    // Dropped last: the desk stands on them.
    database: Database,
    folder: TempDir,
}

/// What a command said.
pub(crate) struct Said {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) output: String,
    /// Standard error.
    pub(crate) complaints: String,
}

impl Desk {
    /// A migrated database in a new folder; webhooks and traces go to the witness.
    pub(crate) fn prepare(witness: &str) -> Result<Self> {
        let binary = binary()?;
        let folder = tempfile::Builder::new().prefix("makegood-evidence-").tempdir()?;
        let database = Database::create(folder.path());
        fs::write(
            folder.path().join("makegood.toml"),
            format!(
                "[[provider]]\naccount = \"simulator\"\nconnector = \"simulator\"\nwebhook_secret = \"{WEBHOOK_SECRET}\"\n"
            ),
        )?;
        let base = format!("http://{}", TcpListener::bind("127.0.0.1:0")?.local_addr()?);
        let desk =
            Self { base, binary, witness: witness.to_owned(), serving: None, webhook_delay_ms: 200, database, folder };
        desk.done(&["migrate"])?;
        Ok(desk)
    }

    /// Adds a person; their password.
    pub(crate) fn add_person(&self, email: &str, role: &str, name: &str) -> Result<String> {
        last_line(&self.done(&["user", "add", "--email", email, "--role", role, "--name", name])?)
    }

    /// Makes a token.
    pub(crate) fn make_token(&self, name: &str, scopes: &[&str], owner: Option<&str>) -> Result<String> {
        let mut arguments = vec!["token", "create", "--name", name];
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        if let Some(owner) = owner {
            arguments.extend(["--owner", owner]);
        }
        last_line(&self.done(&arguments)?)
    }

    /// Serves, and waits until it is ready. The simulated processor sends its webhooks so long after its answers.
    pub(crate) async fn start(&mut self, webhook_delay_ms: u64) -> Result<()> {
        self.webhook_delay_ms = webhook_delay_ms;
        let log = OpenOptions::new().create(true).append(true).open(self.log_file())?;
        let mut command = self.command(&["serve"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(log));
        self.serving = Some(command.spawn().context("the program cannot be started")?);
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
        let begun = Instant::now();
        while !client.get(format!("{}/readyz", self.base)).send().await.is_ok_and(|answer| answer.status().is_success())
        {
            ensure!(
                begun.elapsed() < START_PATIENCE,
                "the desk is not ready after {START_PATIENCE:?}:\n{}",
                self.log()?
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Stops in order, as `SIGTERM` asks for; anything but exit code 0 is a failure.
    pub(crate) async fn stop(&mut self) -> Result<Duration> {
        let Some(mut child) = self.serving.take() else { bail!("the desk does not run") };
        let begun = Instant::now();
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        loop {
            if let Some(status) = child.try_wait()? {
                ensure!(status.success(), "the desk ended with {status} when it was asked to stop");
                return Ok(begun.elapsed());
            }
            if begun.elapsed() > STOP_PATIENCE {
                child.kill()?;
                bail!("the desk did not stop within {STOP_PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs a command of the program on the same data, whatever comes of it.
    pub(crate) fn say(&self, arguments: &[&str]) -> Result<Said> {
        let said = self.command(arguments).stdin(Stdio::null()).output()?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).context("a command said something that is no text");
        Ok(Said { code: said.status.code().unwrap_or(-1), output: text(said.stdout)?, complaints: text(said.stderr)? })
    }

    /// Runs a command that has to succeed; what it printed.
    pub(crate) fn done(&self, arguments: &[&str]) -> Result<String> {
        let said = self.say(arguments)?;
        ensure!(said.code == 0, "`makegood {}` ended with {}: {}", arguments.join(" "), said.code, said.complaints);
        Ok(said.output)
    }

    /// Everything that was logged so far.
    pub(crate) fn log(&self) -> Result<String> {
        fs::read_to_string(self.log_file()).context("the log cannot be read")
    }

    /// The folder that letters land in.
    pub(crate) fn letters(&self) -> PathBuf {
        self.folder.path().join("data/mail")
    }

    /// The engine under it.
    pub(crate) fn engine(&self) -> &'static str {
        if self.database.url.starts_with("sqlite") { "SQLite" } else { "PostgreSQL" }
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log.jsonl")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MAKEGOOD_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("DATABASE_URL", &self.database.url)
            .env("MAKEGOOD_DATA_DIR", self.folder.path().join("data"))
            .env("MAKEGOOD_LISTEN", self.base.trim_start_matches("http://"))
            .env("MAKEGOOD_PUBLIC_URL", &self.witness)
            .env("MAKEGOOD_SIMULATOR_WEBHOOK_DELAY_MS", self.webhook_delay_ms.to_string())
            .env("MAKEGOOD_SECRET_KEY", SECRET_KEY)
            .env("MAKEGOOD_LOG_FORMAT", "json")
            .env("MAKEGOOD_OTLP_ENDPOINT", &self.witness);
        command
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(child) = &mut self.serving {
            // A run that failed leaves no process behind.
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }
}

/// The program that was built with this driver.
fn binary() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).context("the driver stands nowhere")?;
    let binary = folder.join("makegood");
    File::open(&binary).with_context(|| format!("{} is missing; start tests/evidence/run", binary.display()))?;
    Ok(binary)
}

fn last_line(output: &str) -> Result<String> {
    output.lines().last().map(|line| line.trim().to_owned()).context("the command printed nothing")
}
