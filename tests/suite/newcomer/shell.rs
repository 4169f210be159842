//! A folder that a newcomer types commands into, where `makegood` is the program that this suite was built with.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::harness::{Database, Engine};

/// The longest that a server takes to listen, or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// The addresses that texts name.
const NAMED: [&str; 4] = ["127.0.0.1:8080", "0.0.0.0:8080", "127.0.0.1:8090", "127.0.0.1:9000"];

/// Words by which a command serves until it is stopped.
const SERVE: [&str; 4] = ["serve", "demo", "worker", "simulator"];

/// What a terminal says when commands are done.
const DONE: &str = "-- done --";

/// What `cargo run --release --` stands for here: the program that is there already.
const CARGO: &str = "#!/bin/sh\n[ \"$1 $2 $3\" = 'run --release --' ] || exit 2\nshift 3\nexec makegood \"$@\"\n";

/// The folder, with a database for whoever asks the environment for one.
pub(super) struct Shell {
    database: Database,
    folder: TempDir,
    /// Stands for the addresses that texts name, which may be taken.
    address: SocketAddr,
}

/// A shell that stays open, so that what was set before is known.
pub(super) struct Terminal {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

/// A command that serves until it is told to stop.
pub(super) struct Server {
    child: Child,
}

impl Shell {
    /// An empty one.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let programs = folder.path().join("bin");
        fs::create_dir(&programs).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_makegood"), programs.join("makegood")).expect("a link");
        let cargo = programs.join("cargo");
        fs::write(&cargo, CARGO).expect("a file");
        fs::set_permissions(&cargo, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("a mode");
        let address = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        Self { database: Database::create(folder.path()), folder, address }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens a terminal in it.
    pub(super) fn terminal(&self) -> Terminal {
        let mut child = self.bash("exec bash -euo pipefail -s 2>&1");
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("bash");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Terminal { child, input, output: BufReader::new(output), address: self.address }
    }

    /// Types a command that serves, and waits until it does.
    pub(super) fn serve(&self, text: &str) -> Server {
        let log = fs::File::create(self.path().join("server.log")).expect("a file");
        let errors = log.try_clone().expect("a file");
        let child = self.bash(&format!("exec {text}")).stdin(Stdio::null()).stdout(log).stderr(errors).spawn();
        let mut server = Server { child: child.expect("bash") };
        let begun = Instant::now();
        loop {
            let ended = server.child.try_wait().expect("a child");
            let told = fs::read_to_string(self.path().join("server.log")).expect("a file");
            // It greets when it is there for others; everything else that it says is one JSON object a line.
            if ended.is_none() && told.lines().any(|line| !line.starts_with('{') && !line.starts_with("makegood: ")) {
                return server;
            }
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "{text} does not serve ({ended:?}):\n{told}");
            thread::sleep(PAUSE);
        }
    }

    fn bash(&self, text: &str) -> Command {
        let path = format!("{}/bin:{}", self.path().display(), std::env::var("PATH").expect("a path"));
        let kept = std::env::vars().filter(|(name, _)| !name.starts_with("MAKEGOOD_") && name != "DATABASE_URL");
        let mut bash = Command::new("bash");
        bash.args(["-c", &here(text, self.address)]);
        bash.current_dir(self.path()).env_clear().envs(kept).env("PATH", path).env("HOME", self.path());
        bash.env("MAKEGOOD_LISTEN", self.address.to_string());
        if Engine::chosen() == Engine::Postgres {
            // Without a word the program takes SQLite.
            bash.env("DATABASE_URL", &self.database.url);
        }
        bash
    }
}

impl Terminal {
    /// Types commands and waits until they are done: what they show, and whether all of them succeeded. A terminal in which
    /// one failed is closed.
    pub(super) fn type_in(&mut self, text: &str) -> (String, bool) {
        writeln!(self.input, "{}\nprintf '\\n%s\\n' '{DONE}'", here(text, self.address)).expect("a shell that is open");
        let mut shown = String::new();
        loop {
            let begin = shown.len();
            if self.output.read_line(&mut shown).expect("text") == 0 {
                return (shown, false);
            }
            if shown[begin..].trim_end() == DONE {
                shown.truncate(begin);
                return (shown, true);
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// Whether a command serves until it is stopped.
pub(super) fn is_server(command: &str) -> bool {
    let rest = command.strip_prefix("cargo run --release -- ").or(command.strip_prefix("makegood "));
    command == "makegood" || rest.is_some_and(|rest| SERVE.iter().any(|word| rest.starts_with(word)))
}

/// The text with this test's address in the place of those that texts name.
fn here(text: &str, address: SocketAddr) -> String {
    NAMED.iter().fold(text.to_owned(), |text, named| text.replace(named, &address.to_string()))
}

impl Server {
    /// Tells it to stop, and how it ended.
    pub(super) fn stop(mut self) -> ExitStatus {
        let told = Command::new("bash").args(["-c", &format!("kill {}", self.child.id())]).status().expect("bash");
        assert!(told.success(), "it had ended before");
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not stop");
            thread::sleep(PAUSE);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind; a server that was stopped is gone already.
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}
