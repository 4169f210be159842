//! The brief's acceptance cases, each by its name.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Refund, TestApp, Webhook};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn main_full_refund_on_captured_payment() {
    let app = TestApp::start().await;
    let order = app.order("1042").captured(10_000, "USD").push().await;

    let answer = app.shop.ask(&order).amount(10_000).key("main").send().await.expect(202);
    let refund = Refund::of(&answer);
    assert_eq!(answer.header("location"), refund.path());
    assert_eq!(answer.header("idempotency-status"), "created");
    assert_eq!(
        answer.json(),
        json!({
            "refund_id": refund.id, "state": "approved", "qualifier": null, "remaining_refundable_minor": 0,
            "message_id": "refund.request.accepted",
        })
    );

    let shown = app.until(&refund, "completed").await;
    assert_eq!(shown["decision"]["by"], "policy:1");
    assert!(shown["provider_refund_id"].as_str().is_some_and(|id| !id.is_empty()), "{shown:#}");
    assert!(shown["ledger_entry_id"].as_str().is_some_and(|id| !id.is_empty()), "{shown:#}");
    assert_eq!(app.order_shown(&order).await["refund_status"], "REFUNDED");
    app.quiet().await;
    insta::assert_snapshot!(app.story(&order, &refund).await);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alt_partial_refund_then_second_partial() {
    let app = TestApp::start().await;
    let order = app.order("1043").captured(10_000, "USD").push().await;

    let first = app.shop.ask(&order).amount(3_000).accepted().await;
    app.until(&first, "completed").await;
    assert_eq!(app.remaining(&order).await, 7_000);
    assert_eq!(app.order_shown(&order).await["refund_status"], "PARTIALLY_REFUNDED");
    let second = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&second, "completed").await;
    assert_eq!(app.remaining(&order).await, 5_000);

    let listed = app.shop.get(&order.refunds_path()).await.expect(200).json();
    let amounts: Vec<i64> =
        listed["data"].as_array().unwrap().iter().map(|refund| refund["amount_minor"].as_i64().unwrap()).collect();
    assert_eq!(amounts.iter().sum::<i64>(), 5_000);
    let booked: Vec<(i64, String)> =
        app.book(&order).await.into_iter().map(|booked| (booked.amount_minor, booked.status)).collect();
    assert_eq!(booked, [(3_000, "SUCCEEDED".to_owned()), (2_000, "SUCCEEDED".to_owned())]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alt_manual_review_of_goodwill() {
    let app = TestApp::start().await;
    let senior = app.senior("sam").await;
    let order = app.order("1044").captured(10_000, "USD").push().await;

    let answer = app.shop.ask(&order).amount(2_500).reason("goodwill").send().await.expect(202);
    let refund = Refund::of(&answer);
    assert_eq!((&answer.json()["state"], &answer.json()["qualifier"]), (&json!("requested"), &json!("awaiting_first")));
    assert_eq!(answer.json()["remaining_refundable_minor"], 10_000, "a request commits nothing");

    let agent = app.agent("alex").await;
    agent.approve(&refund, "fine with me").await.refused(403, "ERR.AUTHZ.scope");
    app.shop.approve(&refund, "our own").await.refused(403, "ERR.AUTHZ.dual_control");
    senior.approve(&refund, "A loyal customer.").await.expect(200);
    app.until(&refund, "completed").await;

    app.quiet().await;
    let notes = app.lines("SELECT body AS line FROM audit_notes").await;
    assert_eq!(notes, ["A loyal customer."]);
    insta::assert_snapshot!(app.story(&order, &refund).await);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exception_exceeds_remaining() {
    let app = TestApp::start().await;
    let order = app.order("1045").captured(10_000, "USD").push().await;
    let first = app.shop.ask(&order).amount(8_000).accepted().await;
    app.until(&first, "completed").await;

    let refusal = app.shop.ask(&order).amount(2_001).send().await;
    let refusal = refusal.refused(400, "ERR.BUSINESS.refund.exceeds_remaining").at("#/amount_minor");
    assert_eq!(refusal.json()["remaining_refundable_minor"], 2_000);
    assert_eq!(refusal.json()["message_id"], "refund.exceeds_remaining");
    assert_eq!(refusal.json()["detail"], "This refund exceeds the available amount.");
    assert_eq!(app.number("count(*) FROM refunds").await, 1, "nothing was recorded");

    app.until(&app.shop.ask(&order).amount(2_000).accepted().await, "completed").await;
    assert_eq!(app.remaining(&order).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exception_not_captured() {
    let app = TestApp::start().await;
    for status in ["pending", "failed", "voided"] {
        let order = app.order(&format!("1046-{status}")).status(status).push().await;
        let refusal = app.shop.ask(&order).amount(1_000).send().await;
        let refusal = refusal.refused(402, "ERR.BUSINESS.refund.not_captured");
        assert_eq!(refusal.json()["detail"], "We can’t refund this payment yet.");
        assert_eq!(app.remaining(&order).await, 0, "{status}");
        assert!(app.book(&order).await.is_empty(), "{status}");
    }
    assert_eq!(app.number("count(*) FROM refunds").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exception_provider_timeout_then_completed() {
    let app = TestApp::start_with(hasty).await;
    let order = app.order("1047").mode("timeout_done").push().await;
    let refund = app.shop.ask(&order).accepted().await;

    app.until(&refund, "completed").await;
    app.quiet().await;
    let events = app.shop.get(&format!("{}/events", refund.path())).await.expect(200).json();
    let moves: Vec<&str> =
        events["data"].as_array().unwrap().iter().filter_map(|event| event["details"]["event"].as_str()).collect();
    assert_eq!(moves, ["create", "approve", "submit", "outcome_unknown", "succeeded"]);
    let booked = app.book(&order).await;
    assert_eq!((booked.len(), booked[0].status.as_str()), (1, "SUCCEEDED"), "{booked:?}");
    assert_eq!(app.letters(&refund), ["received", "approved", "completed"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exception_provider_timeout_then_failed() {
    let app = TestApp::start_with(hasty).await;
    // This processor answers 500 for ever, so that only its event can tell how it ended.
    let order = app.order("1048").mode("http_500_stored").push().await;
    let refund = app.shop.ask(&order).accepted().await;

    app.until_qualified(&refund, "provider_pending", "unknown").await;
    let event = app.event(&refund, "FAILED").await;
    app.deliver(&Webhook::new("evt_timeout_failed", &event, app.now())).await.expect(200);
    app.until(&refund, "failed").await;
    assert_eq!(app.remaining(&order).await, 10_000);
    app.quiet().await;
    assert!(app.book(&order).await.is_empty());
    assert_eq!(app.letters(&refund), ["received", "approved", "failed"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exception_idempotency_conflict() {
    let app = TestApp::start().await;
    let order = app.order("1049").push().await;
    let first = app.shop.ask(&order).amount(1_000).key("reused").send().await.expect(202);
    app.shop.ask(&order).amount(1_001).key("reused").send().await.refused(409, "ERR.CONFLICT.idempotency");
    let again = app.shop.ask(&order).amount(1_000).key("reused").send().await.expect(202);
    assert_eq!(again.bytes, first.bytes);
    assert_eq!(again.header("idempotency-status"), "replayed");
    assert_eq!(app.number("count(*) FROM refunds").await, 1);
    app.until(&Refund::of(&first), "completed").await;
    app.finish().await;
}

/// The desk gives up a call soon, so that a test of time-outs takes no five seconds.
fn hasty(config: &mut makegood::config::Config) {
    // Its own webhook comes later than the time-out.
    config.simulator.webhook_delay_ms = 1_500;
    for account in &mut config.providers {
        account.settings.call_deadline = Some(Duration::from_millis(400));
    }
}
