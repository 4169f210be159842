//! The simulator, its connector and a small desk, over real HTTP: every mode, and what the book holds afterwards.

mod bench;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future;
use jiff::Timestamp;

use crate::domain::money::Money;
use crate::domain::provider::{
    ErrorInfo, Forged, LookUp, NotDoneCause, Outcome, RefundOrder, UnifiedStatus, UnknownCause,
};
use crate::providers::ListWindow;

use super::failure::FAILURES;
use super::mode::{Behaviour, Mode};
use bench::{Bench, Heard, KEY, connect, connect_to, order, run};

/// The outcome in one word: the status, or why there is none.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered(refund) => refund.status.as_str(),
        Outcome::Refused(_) => "refused",
        Outcome::NotDone(not_done) => not_done.cause.as_str(),
        Outcome::Unknown(unknown) => unknown.cause.as_str(),
    }
}

fn error_of(outcome: Outcome) -> ErrorInfo {
    match outcome {
        Outcome::Answered(refund) => refund.error.unwrap(),
        Outcome::Refused(error) => error,
        Outcome::NotDone(_) | Outcome::Unknown(_) => panic!("no definite failure: {outcome:?}"),
    }
}

#[tokio::test]
async fn succeeded_is_done_once_however_often_it_is_asked() {
    let bench = Bench::new().await;
    let orders: Vec<_> = (0..32).map(|_| bench.refund("sim_succeeded_1")).collect();
    let answers = future::join_all(orders).await;
    assert!(answers.iter().all(|answer| answer == &answers[0] && word(answer) == "SUCCEEDED"));
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
    assert_eq!(bench.only_refund().amount, order("rf_1", "").amount);
    assert!(bench.everything_heard().await.is_empty());
}

#[tokio::test]
async fn failed_fails_with_every_code() {
    let bench = Bench::new().await;
    for failure in FAILURES {
        let order = order(failure.code, &format!("sim_failed_{}_1", failure.code));
        let outcome = bench.provider.refund(&order).await;
        assert_eq!(word(&outcome), if failure.http_status.is_some() { "refused" } else { "FAILED" }, "{outcome:?}");
        let error = error_of(outcome.clone());
        assert_eq!((error.code.as_str(), error.retryable), (failure.code, failure.retryable));
        assert_eq!(bench.provider.refund(&order).await, outcome);
    }
    let refunds = bench.book.refunds();
    assert_eq!(refunds.len(), FAILURES.len());
    assert!(refunds.iter().all(|refund| refund.first.status == UnifiedStatus::Failed));
}

#[tokio::test]
async fn a_retryable_failure_passes_at_the_next_attempt() {
    let bench = Bench::new().await;
    let payment = "sim_failed_insufficient_funds_1";
    assert_eq!(word(&bench.provider.refund(&order("rf_1", payment)).await), "FAILED");
    assert_eq!(word(&bench.provider.refund(&order("rf_1.2", payment)).await), "SUCCEEDED");
}

#[tokio::test]
async fn pending_then_succeeded_ends_by_webhook() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_pending_then_succeeded_1").await), "PENDING");
    let event = bench.only_event().await;
    assert_eq!(event.event_type, "refund.succeeded");
    let news = event.news.unwrap();
    assert_eq!(news.refund.reference.as_deref(), Some("rf_1"));
    assert_eq!(news.refund.connector_transaction_id.as_deref(), Some("sim_pending_then_succeeded_1"));
    assert_eq!(news.refund.amount, Some(bench.only_refund().amount));
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
    assert_eq!(word(&bench.refund("sim_pending_then_succeeded_1").await), "SUCCEEDED");
}

#[tokio::test]
async fn pending_then_failed_ends_by_webhook() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_pending_then_failed_1").await), "PENDING");
    let news = bench.only_event().await.news.unwrap();
    assert_eq!((news.refund.status, news.reversal), (UnifiedStatus::Failed, false));
    assert_eq!(news.refund.error.unwrap().code, "declined");
    assert_eq!(bench.shown_status(), UnifiedStatus::Failed);
}

#[tokio::test]
async fn f19_timeout_done_is_found_by_look_up_and_not_done_again() {
    let bench = Bench::new().await;
    let payment = "sim_timeout_done_1";
    assert_eq!(word(&bench.refund(payment).await), "timeout");
    let LookUp::Found(found) = bench.provider.look_up("rf_1", payment).await else { panic!("not found") };
    assert_eq!(found.status, UnifiedStatus::Succeeded);
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(bench.only_event().await.event_type, "refund.succeeded");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f20_timeout_lost_is_absent_until_it_is_asked_again() {
    let bench = Bench::new().await;
    let payment = "sim_timeout_lost_1";
    assert_eq!(word(&bench.refund(payment).await), "timeout");
    assert_eq!(bench.provider.look_up("rf_1", payment).await, LookUp::Absent);
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn http_500_does_it_at_the_third_call() {
    let bench = Bench::new().await;
    let payment = "sim_http_500_1";
    for _ in 0..2 {
        assert_eq!(word(&bench.refund(payment).await), "server_error");
        assert_eq!(bench.provider.look_up("rf_1", payment).await, LookUp::Absent);
    }
    assert_eq!(word(&bench.refund(payment).await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f21_a_stored_500_heals_only_with_a_new_attempt() {
    let bench = Bench::new().await;
    let payment = "sim_http_500_stored_1";
    for _ in 0..5 {
        assert_eq!(word(&bench.refund(payment).await), "server_error");
    }
    assert!(bench.book.refunds().is_empty());
    assert_eq!(word(&bench.provider.refund(&order("rf_1.2", payment)).await), "SUCCEEDED");
}

#[tokio::test]
async fn slow_is_late_and_done() {
    let bench = Bench::new().await;
    let before = std::time::Instant::now();
    assert_eq!(word(&bench.refund("sim_slow_1").await), "SUCCEEDED");
    assert!(before.elapsed() >= bench.config.slow);
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn late_reversal_takes_the_success_back() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_late_reversal_1").await), "SUCCEEDED");
    let event = bench.only_event().await;
    assert_eq!(event.event_type, "refund.failed");
    let news = event.news.unwrap();
    assert!(news.reversal);
    assert_eq!(news.refund.error.map(|error| error.retryable), Some(false));
    assert_eq!(bench.shown_status(), UnifiedStatus::Failed);
}

#[tokio::test]
async fn duplicate_webhook_tells_one_fact_three_times() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_duplicate_webhook_1").await), "PENDING");
    let heard = bench.everything_heard().await;
    let mut ids: Vec<_> = heard
        .iter()
        .map(|heard| match heard {
            Heard::Event(event) => event.event_id.clone(),
            Heard::Forgery(_) | Heard::RefusedOnPurpose => panic!("something else was heard"),
        })
        .collect();
    assert_eq!(ids.len(), 3);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2);
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f35_out_of_order_webhook_overtakes_the_answer() {
    let mut bench = Bench::new().await;
    bench.config.webhook_delay = Duration::from_millis(500);
    let simulator = run(&bench.book, &bench.config);
    let answer = connect(&simulator, KEY).refund(&order("rf_1", "sim_out_of_order_webhook_1")).await;
    assert_eq!(word(&answer), "PENDING");
    assert_eq!(bench.heard().len(), 1, "the webhook did not come first");
    assert_eq!(bench.only_event().await.event_type, "refund.succeeded");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn bad_signature_is_refused_once_and_then_good() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("sim_bad_signature_1").await), "PENDING");
    let heard = bench.everything_heard().await;
    assert!(matches!(heard.as_slice(), [Heard::Forgery(Forged::BadSignature), Heard::Event(_)]));
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn f25_rate_limited_says_when_to_call_again() {
    let bench = Bench::new().await;
    for _ in 0..2 {
        let Outcome::NotDone(not_done) = bench.refund("sim_rate_limited_1").await else { panic!("was done") };
        assert_eq!((not_done.cause, not_done.retry_after_ms), (NotDoneCause::RateLimited, Some(1000)));
        assert!(bench.book.refunds().is_empty());
    }
    assert_eq!(word(&bench.refund("sim_rate_limited_1").await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn an_account_has_a_mode_of_its_own() {
    let bench = Bench::with_behaviour(Behaviour { default: Mode::Failed, odds: vec![] }).await;
    assert_eq!(word(&bench.refund("pay_1").await), "FAILED");
}

#[tokio::test]
async fn webhooks_are_sent_until_somebody_takes_them() {
    let bench = Bench::new().await;
    bench.refuse_webhooks(3);
    assert_eq!(word(&bench.refund("sim_pending_then_succeeded_1").await), "PENDING");
    let heard = bench.everything_heard().await;
    assert_eq!(heard.len(), 4);
    assert!(matches!(heard.last(), Some(Heard::Event(_))));
}

#[tokio::test]
async fn a_new_start_goes_on_with_the_same_book() {
    let mut bench = Bench::new().await;
    bench.refuse_webhooks(1);
    bench.config.webhook_delay = Duration::from_millis(100);
    let first = run(&bench.book, &bench.config);
    let order = order("rf_9", "sim_pending_then_succeeded_9");
    bench.simulator.stop().await;
    assert_eq!(word(&connect(&first, KEY).refund(&order).await), "PENDING");
    first.stop().await;
    bench.simulator = run(&bench.book, &bench.config);
    assert!(matches!(bench.everything_heard().await.last(), Some(Heard::Event(_))));
    assert_eq!(word(&connect(&bench.simulator, KEY).refund(&order).await), "SUCCEEDED");
    assert_eq!(bench.shown_status(), UnifiedStatus::Succeeded);
}

#[tokio::test]
async fn nobody_there_and_a_wrong_key_are_surely_not_done() {
    let bench = Bench::new().await;
    let stranger = connect(&bench.simulator, "wrong");
    assert_eq!(word(&stranger.refund(&order("rf_1", "pay_1")).await), "credentials");
    assert!(matches!(stranger.look_up("rf_1", "pay_1").await, LookUp::Unavailable { .. }));
    let api_base = bench.simulator.api_base();
    bench.simulator.stop().await;
    let outcome = connect_to(&api_base, KEY).refund(&order("rf_1", "pay_1")).await;
    assert_eq!(word(&outcome), "unreachable", "{outcome:?}");
    assert!(!format!("{outcome:?}").contains(KEY));
    assert!(bench.book.refunds().is_empty());
}

#[tokio::test]
async fn a_reference_stays_with_its_payment_and_amount() {
    let bench = Bench::new().await;
    assert_eq!(word(&bench.refund("pay_1").await), "SUCCEEDED");
    let other_amount = RefundOrder { amount: Money::new(1, "USD".parse().unwrap()), ..order("rf_1", "pay_1") };
    for other in [order("rf_1", "pay_2"), other_amount] {
        assert_eq!(word(&bench.provider.refund(&other).await), UnknownCause::Unintelligible.as_str());
    }
    assert_eq!(bench.only_refund().connector_transaction_id, "pay_1");
}

#[tokio::test]
async fn refunds_are_read_by_id_and_listed_page_by_page() {
    let bench = Bench::new().await;
    let from = Timestamp::now();
    let orders = (0..150).map(|number| order(&format!("rf_{number}"), "pay_1"));
    let orders: Vec<_> = orders.collect();
    for answer in future::join_all(orders.iter().map(|order| bench.provider.refund(order))).await {
        let Outcome::Answered(refund) = answer else { panic!("{answer:?}") };
        assert_eq!(bench.provider.get(&refund.connector_refund_id).await, LookUp::Found(refund));
    }
    assert_eq!(bench.provider.get("sre_?/../x").await, LookUp::Absent);

    let to = Timestamp::now() + Duration::from_secs(1);
    let first = bench.provider.list(&ListWindow { from, to, cursor: None }).await.unwrap();
    let rest = bench.provider.list(&ListWindow { from, to, cursor: first.next.clone() }).await.unwrap();
    assert_eq!((first.refunds.len(), rest.refunds.len(), rest.next), (100, 50, None));
    let mut ids: Vec<_> = first.refunds.iter().chain(&rest.refunds).map(|(_, refund)| &refund.reference).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 150);
    let none = bench.provider.list(&ListWindow { from: to, to, cursor: None }).await.unwrap();
    assert!(none.refunds.is_empty());
}

#[tokio::test]
async fn a_stop_lets_go_of_what_plays_dead() {
    let bench = Bench::new().await;
    let provider = Arc::clone(&bench.provider);
    let held = tokio::spawn(async move { provider.refund(&order("rf_1", "sim_timeout_done_1")).await });
    while bench.book.refunds().is_empty() {
        tokio::task::yield_now().await;
    }
    bench.simulator.stop().await;
    let Outcome::Unknown(unknown) = held.await.unwrap() else { panic!("the call was answered") };
    assert_eq!(unknown.detail, "the processor answered HTTP 504", "the call was held until its own deadline");
    assert_eq!(bench.book.refunds().len(), 1);
}
