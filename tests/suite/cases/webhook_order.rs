//! Section 4: the same facts in every order and number.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{Refund, TestApp, Webhook};

/// The simulator's own webhooks come when the test moves the clock past this.
const NOT_BY_ITSELF_MS: u64 = 600_000;

/// Past the moment at which the simulator shows the end and says so itself.
const PAST_THE_END: SignedDuration = SignedDuration::from_mins(11);

async fn desk() -> TestApp {
    TestApp::start_with(|config| config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS).await
}

async fn pending(app: &TestApp, order_id: &str, mode: &str) -> Refund {
    let order = app.order(order_id).mode(mode).push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&refund, "provider_pending").await;
    refund
}

/// Delivers an event and waits until it was applied.
async fn tell(app: &TestApp, event_id: &str, event: &Value) {
    app.deliver(&Webhook::new(event_id, event, app.now())).await.expect(200);
    let applied = format!("count(*) FROM inbox WHERE event_id = '{event_id}' AND status = 'applied'");
    let in_time =
        crate::harness::eventually(std::time::Duration::from_secs(10), async || app.number(&applied).await == 1);
    assert!(in_time.await, "{event_id} was not applied");
}

async fn events_of(app: &TestApp, refund: &Refund) -> Vec<String> {
    app.lines(&format!("SELECT event AS line FROM transitions WHERE refund_id = '{}' ORDER BY position", refund.id))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f34_the_same_fact_under_different_event_ids_completes_once() {
    let app = desk().await;
    let refund = pending(&app, "f34", "pending_then_succeeded").await;
    let event = app.event(&refund, "SUCCEEDED").await;
    for event_id in ["evt_f34_a", "evt_f34_b", "evt_f34_c"] {
        tell(&app, event_id, &event).await;
    }
    assert_eq!(events_of(&app, &refund).await, ["create", "approve", "submit", "accepted", "succeeded"]);
    app.shift_clock(PAST_THE_END);
    app.quiet().await;
    assert_eq!(app.letters(&refund), ["received", "approved", "submitted", "completed"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f35_a_webhook_that_overtakes_the_answer_completes_and_loses_no_id() {
    let app = TestApp::start().await;
    let order = app.order("f35").mode("out_of_order_webhook").push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    let shown = app.until(&refund, "completed").await;
    let booked = app.book(&order).await;
    assert_eq!(shown["provider_refund_id"], booked[0].connector_refund_id.as_str());
    app.quiet().await;
    assert_eq!(app.shop.show(&refund).await["provider_refund_id"], booked[0].connector_refund_id.as_str());
    assert_eq!(events_of(&app, &refund).await, ["create", "approve", "submit", "succeeded"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f36_failed_and_succeeded_end_the_same_in_both_orders() {
    let app = desk().await;
    for (id, first, second) in [("f36-a", "FAILED", "SUCCEEDED"), ("f36-b", "SUCCEEDED", "FAILED")] {
        let refund = pending(&app, id, "pending_then_failed").await;
        for status in [first, second] {
            let event = app.event(&refund, status).await;
            tell(&app, &format!("evt_{id}_{status}"), &event).await;
        }
        assert_eq!(app.shop.show(&refund).await["state"], "failed", "{id}");
        let order = app.shop.get(&format!("/v1/orders/{id}")).await.expect(200).json();
        assert_eq!(order["remaining_refundable_minor"], 10_000, "{id}");
    }
    app.shift_clock(PAST_THE_END);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f37_and_f72_a_success_is_taken_back_days_later() {
    const DAYS: i64 = 5;
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = 24 * 3_600_000).await;
    let order = app.order("f37").mode("late_reversal").push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&refund, "completed").await;
    let entries = format!(
        "SELECT entry_id || ' ' || kind || ' ' || CAST(posted_at AS TEXT) AS line FROM ledger_entries WHERE refund_id = '{}' ORDER BY entry_id",
        refund.id
    );
    let before = app.lines(&entries).await;
    let reversed_from = (app.now() + SignedDuration::from_hours(24 * DAYS)).as_microsecond();
    app.shift_clock(SignedDuration::from_hours(24 * DAYS));
    app.until_qualified(&refund, "failed", "reversed").await;
    let after = app.lines(&entries).await;
    assert_eq!(after[..before.len()], before[..], "what was posted stays");
    let [_, kind, posted_at] = after.last().unwrap().split(' ').collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(kind, "REFUND_REVERSED");
    assert!(posted_at.parse::<i64>().unwrap() >= reversed_from, "dated when it became known");
    assert_eq!(app.remaining(&order).await, 10_000);
    app.shop.act(&refund, "retry").await.refused(409, "ERR.CONFLICT.state");
    app.quiet().await;
    insta::assert_snapshot!(app.story(&order, &refund).await);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f37_a_reversal_that_overtakes_its_success_is_a_final_failure() {
    let app = desk().await;
    let refund = pending(&app, "f37b", "pending_then_failed").await;
    let mut event = app.event(&refund, "FAILED").await;
    event["data"]["error"] = json!({"code": "reversed"});
    tell(&app, "evt_f37b_reversed", &event).await;
    let success = app.event(&refund, "SUCCEEDED").await;
    tell(&app, "evt_f37b_late_success", &success).await;
    let shown = app.shop.show(&refund).await;
    assert_eq!((&shown["state"], &shown["qualifier"]), (&json!("failed"), &json!("final")));
    app.shift_clock(PAST_THE_END);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f41_three_partial_refunds_whose_events_are_shuffled() {
    let app = desk().await;
    app.approve_everything().await;
    let order = app.order("f41").mode("pending_then_succeeded").push().await;
    let mut refunds = Vec::new();
    for amount_minor in [1_000, 2_000, 3_000] {
        let refund = app.shop.ask(&order).amount(amount_minor).accepted().await;
        app.until(&refund, "provider_pending").await;
        refunds.push(refund);
    }
    for (number, at) in [2, 0, 1, 0, 2].into_iter().enumerate() {
        let event = app.event(&refunds[at], "SUCCEEDED").await;
        tell(&app, &format!("evt_f41_{number}"), &event).await;
        assert_eq!(app.shop.show(&refunds[at]).await["state"], "completed");
    }
    for refund in &refunds {
        assert_eq!(events_of(&app, refund).await, ["create", "approve", "submit", "accepted", "succeeded"]);
    }
    let mut ids: Vec<String> = app.book(&order).await.into_iter().map(|booked| booked.connector_refund_id).collect();
    ids.sort();
    let mut ours = Vec::new();
    for refund in &refunds {
        ours.push(app.shop.show(refund).await["provider_refund_id"].as_str().unwrap().to_owned());
    }
    ours.sort();
    assert_eq!(ours, ids, "each refund keeps its own id");
    app.shift_clock(PAST_THE_END);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_the_first_attempt_leaves_the_second_alone() {
    let app = desk().await;
    let order = app.order("attempts").mode("failed_insufficient_funds").push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until_qualified(&refund, "failed", "retryable").await;
    let old_failure = app.event(&refund, "FAILED").await;
    app.shop.act(&refund, "retry").await.expect(202);
    app.until(&refund, "completed").await;
    tell(&app, "evt_attempts", &old_failure).await;
    assert_eq!(app.shop.show(&refund).await["state"], "completed");
    app.finish().await;
}
