//! A move under a key is done once, told byte for byte again, and burns its key only where it was accepted.

use super::bench::Bench;
use crate::domain::id::RefundId;
use crate::domain::refund::State;
use crate::services::move_refund::{Move, Once, Told, move_once};
use crate::services::{Code, KeyScope, Refusal};

async fn cancel(bench: &Bench, refund_id: &RefundId, key: &str, fingerprint: &str) -> Result<Told, Refusal> {
    let scope = KeyScope { principal: "shell".to_owned(), route: "POST cancel".to_owned(), key: key.to_owned() };
    let tell =
        |view: crate::services::read_refunds::RefundView| format!("{} {}", view.refund.state, view.refund.version);
    let once = Once { scope, fingerprint: fingerprint.to_owned(), status: 200, tell };
    move_once(&bench.desk, &bench.context(), Move::Cancel(refund_id.clone(), None), once).await
}

#[tokio::test]
async fn a_repeated_move_is_told_again_and_not_done_again() {
    let bench = Bench::new().await;
    let refund_id = bench.refund("1001").await;
    let Told::Now(first, version) = cancel(&bench, &refund_id, "k1", "a").await.unwrap() else { panic!("told again") };
    assert_eq!(first.body, format!("canceled {version}"));
    let Told::Again(again) = cancel(&bench, &refund_id, "k1", "a").await.unwrap() else { panic!("done again") };
    assert_eq!((again.status, again.body), (200, first.body));
    assert_eq!(cancel(&bench, &refund_id, "k1", "b").await.unwrap_err().code, Code::Idempotency);
    assert_eq!(bench.state(&refund_id).await, State::Canceled);
}

#[tokio::test]
async fn a_refused_move_leaves_its_key_usable() {
    let bench = Bench::new().await;
    let (canceled, approved) = (bench.refund("1001").await, bench.refund("1002").await);
    cancel(&bench, &canceled, "k1", "a").await.unwrap();
    assert_eq!(cancel(&bench, &canceled, "k2", "a").await.unwrap_err().code, Code::State);
    assert!(matches!(cancel(&bench, &approved, "k2", "b").await.unwrap(), Told::Now(..)));
}
