//! Section 4: events that are strange, unknown or inconvenient. Order is in `webhook_order`, forgery in `webhook_forgery`.

use std::time::Duration;

use serde_json::json;

use crate::harness::{Refund, TestApp, Webhook, eventually};

/// The simulator's own webhooks come when the test moves the clock past this.
const NOT_BY_ITSELF_MS: u64 = 600_000;

/// How long an event that must change nothing is given to change something.
const SETTLE: Duration = Duration::from_secs(2);

/// A refund that waits for its processor.
async fn pending(app: &TestApp, order_id: &str, mode: &str) -> Refund {
    let order = app.order(order_id).mode(mode).push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&refund, "provider_pending").await;
    refund
}

/// Waits until everything that arrived was looked at.
async fn inbox_is_empty(app: &TestApp) {
    let waiting = "count(*) FROM inbox WHERE status IN ('waiting', 'leased')";
    assert!(
        eventually(Duration::from_secs(10), async || app.number(waiting).await == 0).await,
        "the inbox is worked off"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f42_an_event_about_an_unknown_refund_is_kept_and_changes_nothing() {
    let app = TestApp::start().await;
    let event = json!({
        "type": "refund.succeeded", "timestamp": app.now().to_string(),
        "data": {
            "connector_refund_id": "sre_dashboard", "merchant_refund_id": "made-elsewhere",
            "connector_transaction_id": "sim_succeeded_f42", "status": "SUCCEEDED",
            "amount": {"minor_amount": 100, "currency": "USD"},
        }
    });
    app.deliver(&Webhook::new("evt_f42", &event, app.now())).await.expect(200);
    let kept = "count(*) FROM inbox WHERE status = 'waiting' AND attempts > 0";
    assert!(
        eventually(Duration::from_secs(10), async || app.number(kept).await == 1).await,
        "it is kept and tried again"
    );
    assert_eq!(app.number("count(*) FROM refunds").await, 0);
    app.finish_leaving(&["inbox refund.succeeded waiting"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f42_an_event_that_comes_before_its_refund_is_known_finds_it_later() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS).await;
    let refund = pending(&app, "f42b", "pending_then_succeeded").await;
    let shown = app.shop.show(&refund).await;
    // The processor's own id only: our reference is not in it.
    let mut event = app.event(&refund, "SUCCEEDED").await;
    event["data"].as_object_mut().unwrap().remove("merchant_refund_id");
    event["data"]["connector_refund_id"] = shown["provider_refund_id"].clone();
    app.deliver(&Webhook::new("evt_f42b", &event, app.now())).await.expect(200);
    app.until(&refund, "completed").await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f43_an_event_of_an_unknown_type_is_stored_and_ignored() {
    let app = TestApp::start().await;
    let event = json!({"type": "payout.paid", "timestamp": app.now().to_string(), "data": {"anything": [1, 2]}});
    app.deliver(&Webhook::new("evt_f43", &event, app.now())).await.expect(200);
    assert_eq!(app.lines("SELECT status || ' ' || event_type AS line FROM inbox").await, ["ignored payout.paid"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f44_an_event_that_cannot_be_stored_is_not_acknowledged() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS).await;
    let refund = pending(&app, "f44", "pending_then_succeeded").await;
    let webhook = Webhook::new("evt_f44", &app.event(&refund, "SUCCEEDED").await, app.now());
    app.execute("ALTER TABLE inbox RENAME TO inbox_away").await.unwrap();
    let refused = app.deliver(&webhook).await;
    assert!(refused.status >= 500, "{refused}");
    app.execute("ALTER TABLE inbox_away RENAME TO inbox").await.unwrap();
    app.deliver(&webhook).await.expect(200);
    app.until(&refund, "completed").await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f50_an_amount_that_differs_from_ours_is_held_for_a_person() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS).await;
    for (id, change) in [
        ("f50-amount", json!({"minor_amount": 3_999, "currency": "USD"})),
        ("f50-currency", json!({"minor_amount": 4_000, "currency": "EUR"})),
    ] {
        let refund = pending(&app, id, "pending_then_succeeded").await;
        let mut event = app.event(&refund, "SUCCEEDED").await;
        event["data"]["amount"] = change;
        app.deliver(&Webhook::new(&format!("evt_{id}"), &event, app.now())).await.expect(200);
        app.until_qualified(&refund, "provider_pending", "held").await;
        inbox_is_empty(&app).await;
        assert_eq!(app.shop.show(&refund).await["state"], "provider_pending");
    }
    app.finish_leaving(&["outbox poll", "simulator webhook"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f52_a_poison_event_holds_up_nobody() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS).await;
    let refund = pending(&app, "f52", "pending_then_succeeded").await;
    let poison = [
        json!({"type": "refund.succeeded"}),
        json!({"type": "refund.succeeded", "data": {"connector_refund_id": 7}}),
        json!({"type": "refund.failed", "data": null, "timestamp": "yesterday"}),
        json!([1, 2, 3]),
    ];
    for (number, body) in poison.iter().enumerate() {
        let webhook = Webhook::new(&format!("evt_f52_{number}"), body, app.now());
        app.deliver(&webhook).await.expect(200);
        app.deliver(&webhook).await.expect(200);
    }
    let stored = app.lines("SELECT status AS line FROM inbox").await;
    assert_eq!(stored, ["dead"; 4], "a person has to look");
    app.deliver(&Webhook::new("evt_f52_good", &app.event(&refund, "SUCCEEDED").await, app.now())).await.expect(200);
    app.until(&refund, "completed").await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish_leaving(&["inbox"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_of_another_account_moves_nothing() {
    let app = TestApp::start_with(|config| {
        config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS;
        let mut other = config.providers[0].clone();
        other.settings.account = "simulator-2".to_owned();
        other.settings.webhook_secret = Some(makegood::domain::secret::Secret::new("another secret".to_owned()));
        config.providers.push(other);
    })
    .await;
    let refund = pending(&app, "other", "pending_then_succeeded").await;
    let mut webhook = Webhook::new("evt_other", &app.event(&refund, "SUCCEEDED").await, app.now());
    webhook.secret = "whsec_YW5vdGhlciBzZWNyZXQ=".to_owned();
    app.deliver(&webhook).await.expect(200);
    let looked_at = "count(*) FROM inbox WHERE attempts > 0";
    assert!(eventually(Duration::from_secs(10), async || app.number(looked_at).await == 1).await);
    tokio::time::sleep(SETTLE).await;
    assert_eq!(app.shop.show(&refund).await["state"], "provider_pending", "an account speaks for its own refunds only");
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.until(&refund, "completed").await;
    app.finish_leaving(&["inbox refund.succeeded waiting"]).await;
}
