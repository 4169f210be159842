//! What operators and their machines meet: health, readiness, metrics, limits, and the flag that stops everything.

use std::collections::BTreeSet;

use makegood::store::{StoreError, policies};

use crate::harness::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alive_ready_and_measured() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    assert_eq!(stranger.get("/healthz").await.expect(200).json()["status"], "alive");
    let ready = stranger.get("/readyz").await.expect(200).json();
    assert_eq!((&ready["ready"], &ready["database"], &ready["migrations"]), (&true.into(), &true.into(), &true.into()));
    let workers = ready["workers"].as_array().unwrap();
    assert!(!workers.is_empty() && workers.iter().all(|worker| worker["state"] == "running"), "{ready:#}");

    let order = app.order("metrics").push().await;
    let refund = app.shop.ask(&order).amount(1_000).accepted().await;
    app.until(&refund, "completed").await;
    let metrics = stranger.get("/metrics").await.expect(200);
    assert!(metrics.header("content-type").starts_with("text/plain"));
    let text = metrics.text();
    let names: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|rest| rest.split(' ').next())
        .collect();
    for name in [
        "refund_create_latency_ms",
        "refund_outcome_total",
        "refund_mismatch_rate_pct",
        "refund_auto_decision_rate_pct",
        "webhook_replay_dedup_total",
        "refund_prevented_total",
    ] {
        assert!(names.contains(name), "{name} is not measured: {names:?}");
    }
    assert!(text.lines().any(|line| line.starts_with("refund_outcome_total{state=\"completed\"}")), "{text}");
    assert!(text.contains("# TYPE refund_create_latency_ms histogram"));
    assert!(!text.contains("buyers.example"), "metrics tell of nobody");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_count_by_token_and_replays_pass() {
    let app = TestApp::start_with(|config| {
        config.limits.create_per_second = 1;
        config.limits.decide_per_second = 1;
    })
    .await;
    let order = app.order("limits").push().await;
    let ask = app.shop.ask(&order).amount(1_000).key("first");
    let first = ask.send().await.expect(202);
    assert!(first.header("ratelimit-policy").contains("q=4"), "{:?}", first.headers);
    assert!(first.header("ratelimit").starts_with("\"create\";r="), "{:?}", first.headers);
    let mut refused = None;
    for _ in 0..20 {
        let answer = app.shop.ask(&order).amount(1).reason("quality").send().await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a burst of four is all").refused(429, "ERR.LIMIT.rate");
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1));
    assert!(refused.header("ratelimit").contains("r=0"));
    let replayed = ask.send().await.expect(202);
    assert_eq!((replayed.header("idempotency-status"), &replayed.bytes), ("replayed", &first.bytes));
    let elsewhere = app.other_shop.ask(&order).amount(2).reason("quality").send().await;
    assert_eq!(elsewhere.status, 202, "another token has a limit of its own: {elsewhere}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f101_the_flag_stops_asking_and_sending_and_nothing_else() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = 600_000).await;
    let order = app.order("f101").push().await;
    let waiting = app.order("f101-pending").mode("pending_then_succeeded").push().await;
    let under_way = app.shop.ask(&waiting).amount(1_000).accepted().await;
    app.until(&under_way, "provider_pending").await;
    let reviewed = app.shop.ask(&order).amount(1_000).reason("other").key("reviewed").accepted().await;
    set_flag(&app, 0).await;

    let ask = app.shop.ask(&order).amount(1_000).key("off");
    let refused = ask.send().await.refused(503, "ERR.UNAVAILABLE");
    assert!(!refused.header("retry-after").is_empty());
    let event = app.event(&under_way, "SUCCEEDED").await;
    app.deliver(&crate::harness::Webhook::new("evt_f101", &event, app.now())).await.expect(200);
    app.until(&under_way, "completed").await;
    app.agent("agent").await.approve(&reviewed, "yes").await.expect(200);
    app.until_qualified(&reviewed, "approved", "deferred").await;
    assert!(app.book(&order).await.is_empty(), "nothing is sent");
    let replayed = app.shop.ask(&order).amount(1_000).reason("other").key("reviewed").send().await.expect(202);
    assert_eq!(replayed.header("idempotency-status"), "replayed");

    set_flag(&app, 100).await;
    app.until(&reviewed, "completed").await;
    app.until(&ask.accepted().await, "completed").await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}

async fn set_flag(app: &TestApp, share_pct: i64) {
    let now = app.now();
    let set = app.desk().db.write(move |tx| {
        policies::set_flag(tx, "refunds.v1", share_pct, "shell", now)?;
        Ok::<_, StoreError>(())
    });
    set.await.expect("a flag is set");
}
