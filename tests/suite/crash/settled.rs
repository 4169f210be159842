//! An approval that could be undone for a moment is carried out by the desk itself, later. The program dies while it does
//! that, is started again, and carries it out once.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use makegood::crash::{Point, VARIABLE};
use serde_json::json;

use super::aftermath;
use super::premises::{MailWay, Premises};
use super::process::Process;
use crate::harness::{OrderBuilder, Refund, Witness, Worker, eventually};

/// Places that only an approval on a page leads to.
pub(super) const WALKED_ON_PAGES: [Point; 2] = [Point::SettleRecorded, Point::SettleCommitted];

/// For how long an approval can be undone here.
const UNDO: (&str, &str) = ("MAKEGOOD_DESK_UNDO_SECONDS", "1");

/// By then the approval is carried out, and the desk dead; or the refund paid.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `abort` ends a process with.
const SIGABRT: i32 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_before_the_commit_of_a_delayed_approval_carries_it_out_once() {
    crash_at(Point::SettleRecorded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_after_the_commit_of_a_delayed_approval_carries_it_out_once() {
    crash_at(Point::SettleCommitted).await;
}

async fn crash_at(point: Point) {
    let premises = Premises::furnished(MailWay::Server).await;
    let told = premises.run(&["user", "add", "--email", "cy@desk.example", "--role", "agent"]).await;
    let password = told.lines().last().expect("the password stands on the last line").trim().to_owned();
    let mut process = premises.start(&[(VARIABLE, point.as_str()), UNDO]);
    let base = process.base().await.expect("it serves");
    let refund = waiting(&premises, &base).await;
    let mut window = Worker::at(&base);
    window.sign_in_with("cy@desk.example", &password).await.is(200);
    let page = format!("/desk/refunds/{}", refund.id);
    window.go(&format!("{page}/decide?v=approve")).await.is(200);
    let version = window.shown.hidden("version");
    window
        .send(&format!("{page}/decision"), &[("decision", "approve"), ("version", &version)])
        .await
        .is(200)
        .says("Undo");
    died(&mut process).await;
    premises.leases_run_out().await;

    let mut process = premises.start(&[UNDO]);
    let base = process.base().await.expect("it serves again");
    let shop = premises.shop.at(&base);
    let paid = eventually(PATIENCE, async || shop.show(&refund).await["state"] == "completed").await;
    assert!(paid, "{:#}", shop.show(&refund).await);
    let witness = premises.witness(&base);
    aftermath::rest(&witness).await;
    witness.check_invariants().await;
    once(&witness, &refund).await;
    drop(witness);
    assert!(process.stop().await.success(), "a desk that is asked to end ends well");
    aftermath::prove(&premises).await;
}

/// A request that waits for one person.
async fn waiting(premises: &Premises, base: &str) -> Refund {
    let shop = premises.shop.at(base);
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let order = OrderBuilder::new(&shop, "settled", &yesterday.to_string()).push().await;
    shop.ask(&order).amount(1_000).reason("other").with("metadata", json!({"wish": "settled"})).accepted().await
}

async fn died(process: &mut Process) {
    let mut ended = None;
    eventually(PATIENCE, async || {
        ended = process.ended();
        ended.is_some()
    })
    .await;
    let ended = ended.expect("it never comes to that place");
    assert_eq!(ended.signal(), Some(SIGABRT), "it should have died there, and ended with {ended}");
}

/// Whatever was written before, everything is there once.
async fn once(witness: &Witness, refund: &Refund) {
    let of = |table: &str, condition: &str| {
        format!("count(*) FROM {table} WHERE refund_id = '{}' AND {condition}", refund.id)
    };
    assert_eq!(witness.number(&of("approvals", "NOT voided")).await, 1);
    assert_eq!(witness.number(&of("transitions", "event = 'approve'")).await, 1);
    assert_eq!(witness.number(&of("ledger_entries", "kind = 'REFUND_PENDING'")).await, 1);
    let letters = witness.mails().into_iter().filter(|mail| mail.refund_id == refund.id && mail.kind == "approved");
    assert_eq!(letters.count(), 1, "the approval is told once");
}
