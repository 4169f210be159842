//! The thirteen moods of the simulated processor: where a refund ends, what the processor's book holds, what the customer
//! is told. The final check of every test compares the book with the desk once more (I2).

use std::time::Duration;

use makegood::config::Config;
use makegood::providers::simulator::mode::Mode;

use crate::harness::TestApp;

/// How a refund of one mode ends.
struct End {
    state: &'static str,
    qualifier: Option<&'static str>,
    booked: &'static str,
    remaining_minor: i64,
    letters: &'static [&'static str],
}

const DONE_AT_ONCE: End = End {
    state: "completed",
    qualifier: None,
    booked: "SUCCEEDED",
    remaining_minor: 6_000,
    letters: &["received", "approved", "completed"],
};
const DONE_LATER: End = End { letters: &["received", "approved", "submitted", "completed"], ..DONE_AT_ONCE };
const FAILED_AT_ONCE: End = End {
    state: "failed",
    qualifier: Some("final"),
    booked: "FAILED",
    remaining_minor: 10_000,
    letters: &["received", "approved", "failed"],
};
const FAILED_LATER: End = End { letters: &["received", "approved", "submitted", "failed"], ..FAILED_AT_ONCE };
const REVERSED: End =
    End { qualifier: Some("reversed"), letters: &["received", "approved", "completed", "failed"], ..FAILED_AT_ONCE };

/// Walks one refund of 40.00 of 100.00 to its end.
async fn ends(mode: Mode, end: End) {
    let app = TestApp::start_with(|config| hasty(mode, config)).await;
    let order = app.order("2001").captured(10_000, "USD").mode(mode.as_str()).push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&refund, end.state).await;
    app.quiet().await;
    let shown = app.shop.show(&refund).await;
    assert_eq!((shown["state"].as_str(), shown["qualifier"].as_str()), (Some(end.state), end.qualifier), "{shown:#}");
    let booked = app.book(&order).await;
    assert_eq!(booked.len(), 1, "{booked:?}");
    assert_eq!((booked[0].status.as_str(), booked[0].amount_minor), (end.booked, 4_000), "{booked:?}");
    assert_eq!(booked[0].merchant_refund_id, refund.id, "one attempt, one key");
    assert_eq!(shown["provider_refund_id"], booked[0].connector_refund_id.as_str());
    assert_eq!(app.remaining(&order).await, end.remaining_minor);
    assert_eq!(app.letters(&refund), end.letters);
    app.finish().await;
}

/// Calls that are never answered are given up soon; a slow answer is still waited for. Webhooks come after answers.
fn hasty(mode: Mode, config: &mut Config) {
    // Late enough that the answer is recorded and told before the webhook.
    config.simulator.webhook_delay_ms = 1_000;
    if mode != Mode::Slow {
        for account in &mut config.providers {
            account.settings.call_deadline = Some(Duration::from_millis(500));
        }
    }
}

macro_rules! modes {
    ($($test:ident: $mode:ident => $end:expr;)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            ends(Mode::$mode, $end).await;
        })*

        #[test]
        fn every_mode_has_its_journey() {
            let walked = [$(Mode::$mode),*];
            assert!(Mode::ALL.iter().all(|mode| walked.contains(mode)), "{walked:?}");
        }
    };
}

modes! {
    succeeded_completes: Succeeded => DONE_AT_ONCE;
    failed_fails_for_good: Failed => FAILED_AT_ONCE;
    pending_then_succeeded_completes_by_webhook: PendingThenSucceeded => DONE_LATER;
    pending_then_failed_fails_by_webhook: PendingThenFailed => FAILED_LATER;
    timeout_done_is_found_and_completes: TimeoutDone => DONE_AT_ONCE;
    timeout_lost_is_sent_again_under_its_key: TimeoutLost => DONE_AT_ONCE;
    http_500_is_sent_again_under_its_key: Http500 => DONE_AT_ONCE;
    slow_completes: Slow => DONE_AT_ONCE;
    late_reversal_takes_the_success_back: LateReversal => REVERSED;
    duplicate_webhook_completes_once: DuplicateWebhook => DONE_LATER;
    out_of_order_webhook_completes_before_the_answer: OutOfOrderWebhook => DONE_AT_ONCE;
    bad_signature_waits_for_the_good_one: BadSignature => DONE_LATER;
    rate_limited_waits_and_completes: RateLimited => DONE_AT_ONCE;
}

/// Every code with which the simulated processor fails, and what a retry comes to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_failure_code_says_whether_a_retry_may_pass() {
    let app = TestApp::start().await;
    for failure in makegood::providers::simulator::failure::FAILURES {
        let order = app.order(&format!("2002-{}", failure.code)).mode(&format!("failed_{}", failure.code)).push().await;
        let refund = app.shop.ask(&order).amount(4_000).accepted().await;
        let shown = app.until(&refund, "failed").await;
        assert_eq!(shown["error"]["code"], failure.code);
        assert_eq!(shown["retryable"], failure.retryable, "{shown:#}");
        assert_eq!(app.remaining(&order).await, 10_000);
        let retried = app.shop.act(&refund, "retry").await;
        if failure.retryable {
            retried.expect(202);
            app.until(&refund, "completed").await;
            let keys: Vec<String> =
                app.book(&order).await.into_iter().map(|booked| booked.merchant_refund_id).collect();
            assert!(keys.contains(&format!("{}.2", refund.id)), "a definite failure gets a new key: {keys:?}");
        } else {
            retried.refused(409, "ERR.CONFLICT.state");
        }
    }
    app.finish().await;
}
