//! One process of the real program: started, spoken to, and ended in one way or the other.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A process serves within this time, or something keeps it from it.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// It ends well within this time. Source: SPEC section 16.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);

const PAUSE: Duration = Duration::from_millis(5);

/// A process that is starting, serving, or gone. It does not outlive this value.
pub(super) struct Process {
    child: Child,
    output: PathBuf,
}

impl Process {
    /// Starts it; what it says on the terminal and in its log goes to files that begin so.
    pub(super) fn start(mut command: Command, name: &str, folder: &std::path::Path) -> Self {
        let output = folder.join(format!("{name}.out"));
        let log = File::create(folder.join(format!("{name}.log"))).expect("a file");
        let terminal = File::create(&output).expect("a file");
        let child = command.stdin(Stdio::null()).stdout(terminal).stderr(log).spawn().expect("the program starts");
        Self { child, output }
    }

    /// Where it is reached, as its terminal tells it; none where it died before.
    pub(super) async fn base(&mut self) -> Option<String> {
        let began = Instant::now();
        loop {
            if let Some(address) = self.told_address() {
                return Some(format!("http://{address}"));
            }
            if self.ended().is_some() {
                return None;
            }
            assert!(
                began.elapsed() < START_TIMEOUT,
                "the program does not come to serve; see {}",
                self.output.display()
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn told_address(&self) -> Option<String> {
        let told = fs::read_to_string(&self.output).expect("what the terminal shows");
        // Only whole lines: the last one may still be on its way.
        let (whole, _) = told.rsplit_once('\n')?;
        whole.lines().find_map(|line| line.trim().strip_prefix("listens ")).map(|address| address.trim().to_owned())
    }

    /// Its number at the system.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of this process")
    }

    /// `kill -9`.
    pub(super) fn kill(mut self) {
        self.end();
    }

    /// Asks it to end, and waits until it has.
    pub(super) async fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().expect("kill");
        assert!(asked.success(), "it was gone already");
        let began = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(began.elapsed() < STOP_TIMEOUT, "the program does not end");
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn end(&mut self) {
        // Where it ended by itself there is nothing left to kill.
        drop(self.child.kill());
        self.child.wait().expect("a child of this process");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
