//! Section 9, the virus scanner: until it calls a file clean nobody sees it, and nothing that it does stops a request.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use makegood::config::Clamd;
use makegood::domain::access::Principal;
use makegood::domain::evidence::View;
use makegood::services::{Code, scan_evidence};

use crate::harness::{Caller, Mood, Refund, Scanner, TestApp, eventually, files};

/// The scanner is asked again after growing pauses, the first of a second.
const SCAN_TIMEOUT: Duration = Duration::from_secs(30);

fn infected() -> Vec<u8> {
    [files::photo(), files::eicar().into_bytes()].concat()
}

async fn with(clamd: Clamd) -> TestApp {
    TestApp::start_with(|config| config.clamd = Some(clamd)).await
}

/// A request with one file.
async fn request(app: &TestApp, id: &str, file: &[u8]) -> Refund {
    let order = app.order(id).push().await;
    let uri = app.shop.uploaded("photo.jpg", file).await;
    app.shop.ask(&order).amount(1_000).reason("other").evidence(&[&uri]).accepted().await
}

async fn until_scan(app: &TestApp, refund: &Refund, scan: &str) {
    app.until_shown(refund, scan, |shown| shown["evidence"][0]["scan"] == scan).await;
}

async fn cannot_look(app: &TestApp, agent: &Caller, refund: &Refund, scan: &str) {
    let refusal = app.look(agent, refund, 1, View::default()).await.unwrap_err();
    assert_eq!((refusal.code, refusal.facts.get("scan")), (Code::State, Some(&scan.into())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f92_with_the_scanner_down_requests_go_on_and_nobody_sees_the_file() {
    let scanner = Scanner::start(Mood::Rude).await;
    let app = with(scanner.clamd()).await;
    let agent = app.agent("agent").await;
    let refund = request(&app, "f92-down", &files::photo()).await;
    assert!(eventually(SCAN_TIMEOUT, async || scanner.asked() >= 2).await, "it is asked again");
    assert_eq!(app.shop.show(&refund).await["evidence"][0]["scan"], "pending");
    cannot_look(&app, &agent, &refund, "pending").await;
    let waits = app.open_work().await;
    assert!(waits.iter().any(|line| line.starts_with("outbox scan waiting")), "{waits:?}");

    scanner.becomes(Mood::Well);
    until_scan(&app, &refund, "clean").await;
    assert!(!app.look(&agent, &refund, 1, View::default()).await.unwrap().is_empty());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f92_only_a_plain_word_makes_a_file_visible() {
    let scanner = Scanner::start(Mood::Confused).await;
    let app = with(scanner.clamd()).await;
    let agent = app.agent("agent").await;
    let refund = request(&app, "f92-word", &files::photo()).await;
    for mood in [Mood::Confused, Mood::Full] {
        scanner.becomes(mood);
        let before = scanner.asked();
        assert!(eventually(SCAN_TIMEOUT, async || scanner.asked() > before).await);
        cannot_look(&app, &agent, &refund, "pending").await;
    }
    scanner.becomes(Mood::Well);
    until_scan(&app, &refund, "clean").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_what_is_infected_is_quarantined_and_everybody_is_told() {
    let scanner = Scanner::start(Mood::Rude).await;
    let app = with(scanner.clamd()).await;
    let agent = app.agent("agent").await;
    let refund = request(&app, "f91-virus", &infected()).await;
    let version = app.shop.show(&refund).await["version"].as_i64().unwrap();
    scanner.becomes(Mood::Well);
    until_scan(&app, &refund, "infected").await;
    cannot_look(&app, &agent, &refund, "infected").await;
    assert!(app.shop.show(&refund).await["version"].as_i64().unwrap() > version, "whoever looks is told");
    let told = app.lines("SELECT after_json AS line FROM audit_records WHERE action = 'evidence.scan'").await;
    assert!(told[0].contains("Eicar-Test-Signature"), "{told:?}");

    // One that is known to be infected is not taken by a request.
    let order = app.order("f91-virus-2").push().await;
    let uri = app.shop.uploaded("again.jpg", &infected()).await;
    app.quiet().await;
    let refused = app.shop.ask(&order).amount(1_000).evidence(&[&uri]).send().await;
    refused.refused(400, "ERR.VALIDATION.evidence").at("#/evidence/0/uri");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_scanner_files_are_seen_and_marked_and_with_one_they_are_scanned_after_all() {
    let scanner = Scanner::start(Mood::Well).await;
    let mut app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let refund = request(&app, "scan-later", &files::photo()).await;
    assert_eq!(app.shop.show(&refund).await["evidence"][0]["scan"], "unscanned");
    assert!(app.look(&agent, &refund, 1, View::default()).await.is_ok());

    app.restart_with(|config| config.clamd = Some(scanner.clamd())).await;
    cannot_look(&app, &agent, &refund, "unscanned").await;
    let context = app.context(Principal::System);
    scan_evidence::take_up(app.desk(), &context).await.unwrap();
    until_scan(&app, &refund, "clean").await;
    assert!(app.look(&agent, &refund, 1, View::default()).await.is_ok());
    app.finish().await;
}

/// ClamAV's own scanner, with signatures of the test's making; `tests/run` installs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clamav_itself_finds_what_is_to_be_found() {
    let Some(clamd) = RealClamd::start().await else { return };
    let app = with(Clamd::Unix(clamd.socket.clone())).await;
    let clean = request(&app, "clam-1", &files::photo()).await;
    until_scan(&app, &clean, "clean").await;
    let order = app.order("clam-2").push().await;
    let uri = app.shop.uploaded("virus.jpg", &infected()).await;
    app.quiet().await;
    let refused = app.shop.ask(&order).amount(1_000).evidence(&[&uri]).send().await;
    refused.refused(400, "ERR.VALIDATION.evidence").at("#/evidence/0/uri");
    app.finish().await;
}

struct RealClamd {
    process: Child,
    socket: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl RealClamd {
    /// Starts it where it is installed. `tests/run` sets `MAKEGOOD_TEST_CLAMD=on`, so that there it may not be missing.
    async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (socket, database) = (folder.path().join("clamd.sock"), folder.path().join("signatures"));
        std::fs::create_dir(&database).unwrap();
        let virus = hex::encode(files::eicar());
        std::fs::write(database.join("test.ndb"), format!("Eicar-Test-Signature:0:*:{virus}\n")).unwrap();
        let config = folder.path().join("clamd.conf");
        let text = format!(
            "Foreground yes\nLocalSocket {}\nDatabaseDirectory {}\nUser root\nConcurrentDatabaseReload no\n",
            socket.display(),
            database.display()
        );
        std::fs::write(&config, text).unwrap();
        let quiet = || Stdio::null();
        // Not everybody's path has the folder that Debian keeps it in.
        let debian = std::path::Path::new("/usr/sbin/clamd");
        let program = if debian.exists() { debian } else { std::path::Path::new("clamd") };
        let started = Command::new(program).arg("-c").arg(&config).stdout(quiet()).stderr(quiet()).spawn();
        let process = match started {
            Ok(process) => process,
            Err(error) if std::env::var_os("MAKEGOOD_TEST_CLAMD").is_none() => {
                eprintln!("clamd is not installed ({error}); tests/run installs it");
                return None;
            }
            Err(error) => panic!("clamd: {error}"),
        };
        let clamd = Self { process, socket, _folder: folder };
        assert!(eventually(SCAN_TIMEOUT, async || clamd.socket.exists()).await, "clamd does not come up");
        Some(clamd)
    }
}

impl Drop for RealClamd {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}
