//! What becomes of a refund's rows in the outbox, and of its entries in the ledger, when others act between two steps of a
//! worker.

use super::bench::Bench;
use crate::domain::id::RefundId;
use crate::domain::ledger::EntryKind;
use crate::domain::provider::{ProviderRefund, UnifiedStatus};
use crate::domain::refund::State;
use crate::services::Context;
use crate::services::move_refund::{Move, move_refund};
use crate::services::poll_refund;
use crate::services::record_outcome::{Fact, Source, record_outcome};
use crate::services::submit_refund::{self, give_back};
use crate::store::ledger;
use crate::store::outbox::{self, OutboxRow, Work};

/// What processors say of a refund.
fn shown(refund_id: &RefundId, status: UnifiedStatus) -> Fact {
    Fact::Shown(ProviderRefund {
        connector_refund_id: format!("sim_{refund_id}"),
        reference: Some(refund_id.to_string()),
        connector_transaction_id: None,
        status,
        amount: None,
        error: None,
        bank_reference: None,
    })
}

fn source() -> Source {
    Source { account: "simulator".to_owned(), call: None }
}

async fn row(bench: &Bench, refund_id: &RefundId, work: Work) -> OutboxRow {
    let ids = [refund_id.clone()];
    let rows = bench.desk.db.read(move |conn| outbox::of_refunds(conn, &ids, work)).await.unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().unwrap()
}

async fn cancel(bench: &Bench, context: &Context, refund_id: &RefundId) {
    move_refund(&bench.desk, context, Move::Cancel(refund_id.clone(), None)).await.unwrap();
}

/// Makes everything due, since pauses before questions are long for a test.
async fn hurry(bench: &Bench, refund_id: &RefundId) {
    let id = refund_id.to_string();
    bench.desk.db.write(move |tx| outbox::hurry(tx, &id, Work::Poll, 0)).await.unwrap();
}

#[tokio::test]
async fn a_question_that_finds_the_end_is_not_asked_again() {
    let bench = Bench::new().await;
    let refund_id = bench.refund("1001").await;
    bench.settle(UnifiedStatus::Pending).await;
    hurry(&bench, &refund_id).await;
    let question = poll_refund::lease(&bench.desk, "poller").await.unwrap().remove(0);
    let again = poll_refund::again(&question.row, 0);
    let found = shown(&refund_id, UnifiedStatus::Succeeded);
    let row_end = Some((question.row, again));
    let context = bench.context();
    record_outcome(&bench.desk, &context, &question.reference, found, source(), row_end).await.unwrap();
    assert_eq!(bench.state(&refund_id).await, State::Completed);
    assert_eq!(row(&bench, &refund_id, Work::Poll).await.status, "done");
}

#[tokio::test]
async fn a_question_that_was_overtaken_by_the_answer_is_not_asked_again() {
    let bench = Bench::new().await;
    let refund_id = bench.refund("1001").await;
    bench.settle(UnifiedStatus::Pending).await;
    hurry(&bench, &refund_id).await;
    let question = poll_refund::lease(&bench.desk, "poller").await.unwrap().remove(0);
    let webhook = shown(&refund_id, UnifiedStatus::Succeeded);
    record_outcome(&bench.desk, &bench.context(), refund_id.as_str(), webhook, source(), None).await.unwrap();
    give_back(&bench.desk, question.row, i64::MAX, "nothing learnt").await.unwrap();
    assert_eq!(row(&bench, &refund_id, Work::Poll).await.status, "done");
}

#[tokio::test]
async fn a_refund_that_is_canceled_between_lease_and_call_is_not_sent() {
    let bench = Bench::new().await;
    let refund_id = bench.refund("1001").await;
    let leased = submit_refund::lease(&bench.desk, "submitter", &[]).await.unwrap().remove(0);
    cancel(&bench, &bench.context(), &refund_id).await;
    assert!(submit_refund::prepare(&bench.desk, &bench.context(), leased).await.unwrap().is_none());
    assert_eq!(bench.state(&refund_id).await, State::Canceled);
    assert_eq!(row(&bench, &refund_id, Work::Submit).await.status, "done");
}

#[tokio::test]
async fn who_sleeps_past_the_lease_sends_nothing() {
    let bench = Bench::new().await;
    let refund_id = bench.refund("1001").await;
    let asleep = submit_refund::lease(&bench.desk, "asleep", &[]).await.unwrap().remove(0);
    let expire = |tx: &mut crate::store::Tx<'_>| {
        let now = outbox::lease_clock(tx)?;
        outbox::void_leases(tx, now)
    };
    bench.desk.db.write(expire).await.unwrap();
    let awake = submit_refund::lease(&bench.desk, "awake", &[]).await.unwrap().remove(0);
    assert!(submit_refund::prepare(&bench.desk, &bench.context(), asleep).await.unwrap().is_none());
    assert_eq!(bench.state(&refund_id).await, State::Approved);
    let sendable = submit_refund::prepare(&bench.desk, &bench.context(), awake).await.unwrap().unwrap();
    assert_eq!((sendable.attempt.calls, bench.state(&refund_id).await), (1, State::Submitting));
}

#[tokio::test]
async fn entries_sort_as_they_were_committed() {
    let bench = Bench::new().await;
    // It begins first, and comes to act last.
    let early = bench.context();
    let refund_id = bench.refund("1001").await;
    cancel(&bench, &early, &refund_id).await;
    let entries = {
        let refund_id = refund_id.clone();
        bench.desk.db.read(move |conn| ledger::of_refund(conn, &refund_id)).await
    };
    let kinds: Vec<EntryKind> = entries.unwrap().iter().map(|entry| entry.posting.kind).collect();
    assert_eq!(kinds, [EntryKind::RefundPending, EntryKind::RefundReleased]);
}
