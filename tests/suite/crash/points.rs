//! The table of places where the program can be made to die, walked: at each it dies once, in the middle of plain life, is
//! started again, and everything comes to the same end as without (CASES F13, F27, F70).

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use futures_util::StreamExt as _;
use makegood::crash::{Point, VARIABLE};

use super::aftermath;
use super::diary::{Account, Diary};
use super::mood::Mood;
use super::premises::{MailWay, Premises};
use super::process::Process;
use super::settled::WALKED_ON_PAGES;
use crate::harness::{Witness, eventually};

/// Desks that die at once, each on its own.
const DESKS_AT_ONCE: usize = 6;

/// What `abort` ends a process with.
const SIGABRT: i32 = 6;

/// Orders that a desk may see before it has to be dead.
const ORDERS_MAX: usize = 20;

/// How long it is left alone after an order: most places are in what workers do.
const ALONE: Duration = Duration::from_millis(700);

/// How long after its answer the processor tells the end: where the desk is to ask first, longer than it waits with that.
const NEWS_MS: &str = "100";
const LATE_NEWS_MS: &str = "6000";

/// Where a request dies with the desk: which, and what the answer says of itself that the same request gets later.
const TOLD: [(Point, &str, &str); 4] = [
    (Point::CreateRecorded, "create", "created"),
    (Point::CreateCommitted, "create", "replayed"),
    (Point::MoveRecorded, "approve", "created"),
    (Point::MoveCommitted, "approve", "replayed"),
];

/// Where the key of an attempt is stored and nothing else is known: it is looked up before it is used again.
const LOOKED_UP: [Point; 3] = [Point::SubmitCommitted, Point::SubmitCalled, Point::OutcomeRecorded];

/// Where a letter may have been handed over: it is shown to a person, and not repeated (SPEC section 11).
const IN_DOUBT: [Point; 2] = [Point::MailLeased, Point::MailSent];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_at_any_step_of_any_way_loses_nothing_and_repeats_nothing() {
    let points = Point::ALL.iter().filter(|point| !WALKED_ON_PAGES.contains(point));
    futures_util::stream::iter(points).for_each_concurrent(DESKS_AT_ONCE, |point| crash_at(*point)).await;
}

async fn crash_at(point: Point) {
    let _told = Told(point);
    // Letters to a server: what it has taken cannot be taken back.
    let mut premises = Premises::empty(MailWay::Server);
    let is_start = matches!(point, Point::StartMigrated | Point::StartPrepared);
    if !is_start {
        premises.run(&["migrate"]).await;
        premises.furnish().await;
    }
    let diary = Diary::new(Mood::Plain(0));
    let news = if matches!(point, Point::PollLeased | Point::PollAnswered) { LATE_NEWS_MS } else { NEWS_MS };
    let doom = [(VARIABLE, point.as_str()), ("MAKEGOOD_SIMULATOR_WEBHOOK_DELAY_MS", news)];
    let ended = live_and_die(&premises, &diary, premises.start(&doom)).await;
    assert_eq!(ended.signal(), Some(SIGABRT), "it should have died there, and ended with {ended}");
    premises.leases_run_out().await;
    if is_start {
        premises.furnish().await;
    }
    diary.plan_round(&premises.shop, 2);
    let account = aftermath::settle(&premises, &diary, async |witness| expected(point, witness).await).await;
    told_again(point, &account);
}

/// Orders and refunds, one request after the other, until the desk is dead.
async fn live_and_die(premises: &Premises, diary: &Diary, mut process: Process) -> ExitStatus {
    let Some(base) = process.base().await else { return process.ended().expect("it ended") };
    for _ in 0..ORDERS_MAX {
        diary.plan_round(&premises.shop, 1);
        diary.live(&base, &premises.deciders, 1).await;
        let mut ended = None;
        eventually(ALONE, async || {
            ended = process.ended();
            ended.is_some()
        })
        .await;
        if let Some(ended) = ended {
            return ended;
        }
    }
    panic!("it never comes to that place");
}

/// What was recorded before the crash is told again, what was not is done when it is asked for again.
fn told_again(point: Point, account: &Account) {
    let told = TOLD.iter().filter(|(at, ..)| *at == point).map(|(_, verb, told)| (*verb, (*told).to_owned()));
    let told: Vec<(&str, String)> = told.collect();
    if !told.is_empty() {
        assert_eq!(account.late, told);
    }
}

/// What is special about one place, besides what holds everywhere.
async fn expected(point: Point, witness: &Witness) {
    if LOOKED_UP.contains(&point) {
        let looked_up = "count(*) FROM attempts a JOIN provider_calls c ON c.refund_id = a.refund_id
                         WHERE a.calls = 2 AND a.attempt = 1 AND a.unknowns = 0 AND c.kind = 'look_up'";
        assert!(witness.number(looked_up).await > 0, "nothing was looked up");
    }
    if IN_DOUBT.contains(&point) {
        let unknown = witness.lines("SELECT outbox_id AS line FROM outbox WHERE status = 'unknown'").await;
        let taken = witness.mails().into_iter().filter(|mail| unknown.contains(&mail.id.to_string())).count();
        assert!(!unknown.is_empty(), "a letter whose fate is not known is shown as such");
        assert_eq!(taken > 0, point == Point::MailSent, "{taken} of {} were taken", unknown.len());
    }
}

/// Names the place where a test fails.
struct Told(Point);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("at {}", self.0);
        }
    }
}
