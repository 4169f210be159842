//! Section 1: what may be asked for at all. The races are in `races`.

use jiff::SignedDuration;
use makegood::domain::access::{Actor, Principal};
use makegood::domain::id::{CustomerId, RefundId};
use makegood::services::{Code, Context, read_refunds};
use serde_json::{Value, json};
use ulid::Ulid;

use crate::harness::{Refund, TestApp, Webhook};

/// Webhooks of the simulator come when the test moves the clock past this.
const NOT_BY_ITSELF_MS: u64 = 600_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f02_a_stale_screen_is_told_what_remains_now() {
    let app = TestApp::start().await;
    let order = app.order("f02").push().await;
    let seen = app.remaining(&order).await;
    app.until(&app.shop.ask(&order).amount(4_000).accepted().await, "completed").await;

    let stale = app.shop.ask(&order).amount(1_000).reason("quality").with("expected_remaining_minor", json!(seen));
    let refusal = stale.send().await.refused(412, "ERR.CONFLICT.remaining");
    assert_eq!(refusal.json()["remaining_refundable_minor"], 6_000);
    assert_eq!(app.number("count(*) FROM refunds").await, 1);
    let fresh = stale.with("expected_remaining_minor", json!(6_000)).accepted().await;
    app.until(&fresh, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f03_two_steps_do_not_exceed_what_was_captured() {
    let app = TestApp::start().await;
    let order = app.order("f03").push().await;
    app.shop.ask(&order).amount(9_999).accepted().await;
    app.shop.ask(&order).amount(10_000).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    app.shop.ask(&order).amount(2).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    app.shop.ask(&order).amount(1).reason("quality").accepted().await;
    assert_eq!(app.remaining(&order).await, 0);
    app.shop.ask(&order).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f03_pending_and_unknown_count_and_what_came_to_nothing_does_not() {
    let app = TestApp::start_with(|config| {
        config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS;
        for account in &mut config.providers {
            account.settings.call_deadline = Some(std::time::Duration::from_millis(400));
        }
    })
    .await;
    for (mode, state, remaining) in [
        ("pending_then_succeeded", "provider_pending", 6_000),
        ("http_500_stored", "provider_pending", 6_000),
        ("succeeded", "completed", 6_000),
        ("failed", "failed", 10_000),
        ("late_reversal", "completed", 6_000),
    ] {
        let order = app.order(&format!("f03-{mode}")).mode(mode).push().await;
        let refund = app.shop.ask(&order).amount(4_000).accepted().await;
        app.until(&refund, state).await;
        assert_eq!(app.remaining(&order).await, remaining, "{mode}");
        if mode == "http_500_stored" {
            let event = app.event(&refund, "FAILED").await;
            app.deliver(&Webhook::new("evt_f03", &event, app.now())).await.expect(200);
            app.until(&refund, "failed").await;
            assert_eq!(app.remaining(&order).await, 10_000, "a definite failure gives its reservation back");
        }
    }
    let order = app.order("f03-denied").push().await;
    let denied = app.shop.ask(&order).amount(4_000).reason("other").accepted().await;
    app.agent("agent").await.deny(&denied, "no").await.expect(200);
    assert_eq!(app.remaining(&order).await, 10_000);

    app.shift_clock(SignedDuration::from_mins(11));
    let reversed = Refund {
        id: app.lines("SELECT refund_id AS line FROM refunds WHERE order_id = 'f03-late_reversal'").await.remove(0),
    };
    app.until_qualified(&reversed, "failed", "reversed").await;
    let order = app.shop.get("/v1/orders/f03-late_reversal").await.expect(200).json();
    assert_eq!(order["remaining_refundable_minor"], 10_000);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f04_an_unknown_outcome_keeps_its_reservation() {
    let app = TestApp::start().await;
    let order = app.order("f04").mode("http_500_stored").push().await;
    let refund = app.shop.ask(&order).accepted().await;
    app.until_qualified(&refund, "provider_pending", "unknown").await;
    app.shop.ask(&order).amount(1).reason("quality").send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    let event = app.event(&refund, "FAILED").await;
    app.deliver(&Webhook::new("evt_f04", &event, app.now())).await.expect(200);
    app.until(&refund, "failed").await;
    app.shop.ask(&order).amount(1).reason("quality").accepted().await;
    app.finish_leaving(&["outbox submit", "outbox poll"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f05_and_f06_what_is_no_amount_of_this_currency_is_refused_and_nothing_changes() {
    let app = TestApp::start().await;
    let order = app.order("f05").push().await;
    let no_amount = |value: Value| (json!({"amount_minor": value}), "#/amount_minor");
    let cases = [
        (no_amount(json!(0)), "ERR.VALIDATION.amount.range"),
        (no_amount(json!(-1)), "ERR.VALIDATION.amount.range"),
        (no_amount(json!(i64::MAX)), "ERR.VALIDATION.amount.range"),
        (no_amount(json!(u64::MAX)), "ERR.VALIDATION.amount.range"),
        (no_amount(json!("1e3")), "ERR.VALIDATION.body"),
        (no_amount(json!(10.5)), "ERR.VALIDATION.body"),
        (no_amount(json!(10.0)), "ERR.VALIDATION.body"),
        (no_amount(json!(null)), "ERR.VALIDATION.body"),
        ((json!({"currency": "EUR"}), "#/currency"), "ERR.VALIDATION.currency"),
        ((json!({"currency": "usd"}), "#/currency"), "ERR.VALIDATION.currency"),
        ((json!({"currency": null}), "#/currency"), "ERR.VALIDATION.currency"),
        ((json!({"reason": "because"}), "#/reason"), "ERR.VALIDATION.reason"),
        ((json!({"metadata": {"a": 1}}), "#/metadata/a"), "ERR.VALIDATION.metadata"),
        (
            (json!({"evidence": [{"type": "image", "uri": "https://x.example"}]}), "#/evidence/0/uri"),
            "ERR.VALIDATION.evidence",
        ),
    ];
    for ((members, pointer), code) in cases {
        let mut ask = app.shop.ask(&order).amount(1_000);
        for (name, value) in members.as_object().unwrap() {
            ask = ask.with(name, value.clone());
        }
        ask.send().await.refused(400, code).at(pointer);
    }
    assert_eq!(app.number("count(*) FROM refunds").await, 0);
    assert_eq!(app.remaining(&order).await, 10_000);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f07_a_capture_that_shrinks_is_declared_and_makes_no_room() {
    let app = TestApp::start().await;
    let order = app.order("f07").push().await;
    app.until(&app.shop.ask(&order).amount(8_000).accepted().await, "completed").await;
    app.order("f07").captured(5_000, "USD").push().await;
    assert_eq!(app.remaining(&order).await, 0);
    assert_eq!(app.number("shortfall_minor FROM payments WHERE order_id = 'f07'").await, 3_000);
    app.shop.ask(&order).amount(1).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    app.order("f07").captured(9_000, "USD").push().await;
    assert_eq!(app.remaining(&order).await, 1_000);
    assert_eq!(app.number("shortfall_minor FROM payments WHERE order_id = 'f07'").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f08_money_that_was_never_captured_is_never_refunded_whatever_a_policy_says() {
    let app = TestApp::start().await;
    app.approve_everything().await;
    for (status, http, code) in [
        ("pending", 402, "ERR.BUSINESS.refund.not_captured"),
        ("failed", 402, "ERR.BUSINESS.refund.not_captured"),
        ("voided", 402, "ERR.BUSINESS.refund.not_captured"),
        ("charged_back", 409, "ERR.BUSINESS.refund.charged_back"),
    ] {
        let order = app.order(&format!("f08-{status}")).status(status).push().await;
        app.shop.ask(&order).amount(1_000).send().await.refused(http, code);
        assert!(app.book(&order).await.is_empty(), "{status}");
    }
    let split = app.order("f08-split").captured(5_000, "USD").paid_also_by("p2", "captured", 5_000).push().await;
    app.shop.ask(&split).amount(1_000).send().await.refused(422, "ERR.BUSINESS.refund.split_tender");
    let one = app.order("f08-one").captured(5_000, "USD").paid_also_by("p2", "failed", 5_000).push().await;
    app.until(&app.shop.ask(&one).accepted().await, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f08_a_chargeback_is_undone_only_by_a_closed_dispute() {
    let app = TestApp::start().await;
    let order = app.order("f08-dispute").status("charged_back").push().await;
    app.order("f08-dispute").push().await;
    app.shop.ask(&order).amount(1_000).send().await.refused(409, "ERR.BUSINESS.refund.charged_back");
    app.order("f08-dispute").dispute_closed_at(&app.now().to_string()).push().await;
    app.until(&app.shop.ask(&order).amount(1_000).accepted().await, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f09_a_customer_sees_nothing_of_another_customers() {
    let app = TestApp::start().await;
    let order = app.order("f09").push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let somebody = CustomerId::from_ulid(Ulid::generate());
    let now = app.now();
    let context =
        Context::new(Actor::customer(somebody), now, now, "co_f09".to_owned(), String::new(), Ulid::generate());
    let id = RefundId::parse(&refund.id).unwrap();
    let refusal = read_refunds::read_refund(app.desk(), &context, &id).await.unwrap_err();
    assert_eq!(refusal.code, Code::RefundNotFound);
    let refusal = read_refunds::refunds_of_order(app.desk(), &context, &order.id).await.unwrap_err();
    assert_eq!(refusal.code, Code::OrderNotFound);
    let own = app.context(Principal::System);
    assert!(read_refunds::read_refund(app.desk(), &own, &id).await.is_ok());

    app.shop.get("/v1/refunds/rf_01ARZ3NDEKTSV4RRFFQ69G5FAV").await.refused(404, "ERR.NOT_FOUND.refund");
    app.shop.get("/v1/refunds/nonsense").await.refused(404, "ERR.NOT_FOUND.refund");
    app.shop.get("/v1/orders/nobodys").await.refused(404, "ERR.NOT_FOUND.order");
    app.shop.get("/v1/orders/nobodys/refunds").await.refused(404, "ERR.NOT_FOUND.order");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_processor_payment_belongs_to_one_order_and_stays_what_it_is() {
    let app = TestApp::start().await;
    let order = app.order("owner").push().await;
    let mut stolen = app.order("thief").body();
    stolen["payments"][0]["connector_transaction_id"] = json!(order.transaction);
    let put = |id: &str, body: &Value| app.shop.request("PUT", &format!("/v1/orders/{id}")).json(body);
    put("thief", &stolen).send().await.refused(409, "ERR.CONFLICT.payment");
    app.shop.get("/v1/orders/thief").await.refused(404, "ERR.NOT_FOUND.order");

    app.until(&app.shop.ask(&order).amount(1_000).accepted().await, "completed").await;
    let mut moved = app.order("owner").body();
    moved["payments"][0]["connector_transaction_id"] = json!("sim_succeeded_elsewhere");
    put("owner", &moved).send().await.refused(409, "ERR.CONFLICT.payment");
    let mut other_currency = app.order("owner").body();
    other_currency["currency"] = json!("EUR");
    put("owner", &other_currency).send().await.refused(409, "ERR.CONFLICT.payment");
    app.finish().await;
}
