//! Section 2: keys. The races are in `races`.

use jiff::SignedDuration;
use makegood::services::{KeyScope, housekeeping};
use makegood::store::StoreError;
use makegood::store::idempotency::{self, StoredAnswer};
use serde_json::json;

use crate::harness::{Refund, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f10_a_replay_is_the_same_bytes_even_after_the_state_moved_on() {
    let app = TestApp::start().await;
    let order = app.order("f10").push().await;
    let ask = app.shop.ask(&order).amount(1_000).key("f10");
    let first = ask.send().await.expect(202);
    app.until(&Refund::of(&first), "completed").await;
    app.shift_clock(SignedDuration::from_hours(24 * 29));
    let again = ask.send().await.expect(202);
    assert_eq!(again.bytes, first.bytes);
    assert_eq!((first.header("idempotency-status"), again.header("idempotency-status")), ("created", "replayed"));
    for header in ["location", "content-type"] {
        assert_eq!(first.header(header), again.header(header));
    }
    assert_eq!(app.number("count(*) FROM refunds").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f11_order_of_members_and_white_space_do_not_matter_and_numbers_do() {
    let app = TestApp::start().await;
    let order = app.order("f11").push().await;
    let post = |body: &str| {
        let request = app.shop.request("POST", &order.refunds_path()).header("idempotency-key", "f11");
        request.header("content-type", "application/json").bytes(body)
    };
    let first = post(r#"{"amount_minor":1000,"currency":"USD","reason":"quality","metadata":{"a":"1","b":"2"}}"#);
    let first = first.send().await.expect(202);
    let shuffled = "{ \"metadata\" : {\"b\":\"2\",\n\"a\":\"\\u0031\"}, \"reason\":\"quality\",\t\"currency\":\"USD\",\"amount_minor\":1000 }";
    let again = post(shuffled).send().await.expect(202);
    assert_eq!((again.bytes, again.headers["idempotency-status"].to_str().unwrap()), (first.bytes.clone(), "replayed"));
    for other in [
        r#"{"amount_minor":1001,"currency":"USD","reason":"quality","metadata":{"a":"1","b":"2"}}"#,
        r#"{"amount_minor":1000,"currency":"USD","reason":"quality","metadata":{"a":"1"}}"#,
        r#"{"amount_minor":1000,"currency":"USD","reason":"not_received","metadata":{"a":"1","b":"2"}}"#,
    ] {
        post(other).send().await.refused(409, "ERR.CONFLICT.idempotency");
    }
    let float = r#"{"amount_minor":1000.0,"currency":"USD","reason":"quality","metadata":{"a":"1","b":"2"}}"#;
    post(float).send().await.refused(400, "ERR.VALIDATION.body").at("#/amount_minor");
    let elsewhere = app.order("f11-other").push().await;
    let ask = app.shop.ask(&elsewhere).amount(1_000).reason("quality").with("metadata", json!({"a": "1", "b": "2"}));
    ask.key("f11").send().await.refused(409, "ERR.CONFLICT.idempotency");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f14_a_refusal_does_not_burn_the_key() {
    let app = TestApp::start().await;
    let order = app.order("f14").push().await;
    let ask = app.shop.ask(&order).key("f14");
    ask.clone().amount(0).send().await.refused(400, "ERR.VALIDATION.amount.range");
    ask.clone().amount(10_001).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    ask.clone()
        .amount(100)
        .with("expected_remaining_minor", json!(1))
        .send()
        .await
        .refused(412, "ERR.CONFLICT.remaining");
    let created = ask.amount(10_000).send().await.expect(202);
    assert_eq!(created.header("idempotency-status"), "created");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f15_two_callers_with_one_key_see_nothing_of_each_other() {
    let app = TestApp::start().await;
    let order = app.order("f15").push().await;
    let ours = app.shop.ask(&order).amount(1_000).key("f15").send().await.expect(202);
    let theirs = app.other_shop.ask(&order).amount(1_000).reason("quality").key("f15").send().await.expect(202);
    assert_eq!(theirs.header("idempotency-status"), "created");
    assert_ne!(ours.json()["refund_id"], theirs.json()["refund_id"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_the_natural_duplicate_is_seen_under_another_key() {
    let app = TestApp::start().await;
    let order = app.order("f16").push().await;
    let first = app.shop.ask(&order).amount(1_000).accepted().await;
    app.until(&first, "completed").await;
    let twin = app.shop.ask(&order).amount(1_000).send().await.expect(202);
    assert_eq!((&twin.json()["state"], &twin.json()["qualifier"]), (&json!("requested"), &json!("awaiting_first")));
    let shown = app.shop.show(&Refund::of(&twin)).await;
    assert_eq!(shown["decision"]["rule"], "suspected_duplicate");
    app.shift_clock(SignedDuration::from_hours(25));
    app.shop.act(&Refund::of(&twin), "cancel").await.expect(200);
    let later = app.shop.ask(&order).amount(1_000).send().await.expect(202);
    assert_eq!(later.json()["state"], "approved", "after a day it is no twin any more");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f16_a_key_is_known_for_thirty_days_and_then_the_natural_duplicate_warns() {
    let app = TestApp::start().await;
    let order = app.order("f16-old").push().await;
    let ask = app.shop.ask(&order).amount(1_000).reason("quality").key("f16-old");
    let first = ask.send().await.expect(202);
    app.until(&Refund::of(&first), "completed").await;

    app.shift_clock(SignedDuration::from_hours(24 * 30));
    assert_eq!(housekeeping::purge_keys(app.desk(), app.now()).await.expect("tidy"), 0, "a promised key is kept");
    let again = ask.send().await.expect(202);
    assert_eq!((again.header("idempotency-status"), &again.bytes), ("replayed", &first.bytes));

    app.shift_clock(SignedDuration::from_hours(24 * 2));
    assert_eq!(housekeeping::purge_keys(app.desk(), app.now()).await.expect("tidy"), 1, "its time is over");
    let anew = ask.send().await.expect(202);
    assert_eq!((anew.header("idempotency-status"), &anew.json()["state"]), ("created", &json!("approved")));
    assert_ne!(anew.json()["refund_id"], first.json()["refund_id"]);
    let twin = app.shop.ask(&order).amount(1_000).reason("quality").send().await.expect(202);
    assert_eq!(twin.json()["state"], "requested", "the same again within a day is looked at by a person");
    let shown = app.shop.show(&Refund::of(&twin)).await;
    assert_eq!(shown["decision"]["rule"], "suspected_duplicate");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_forgotten_in_small_writes_and_all_of_them() {
    let app = TestApp::start().await;
    let now = app.now();
    let keep = |number: i64| {
        let scope = KeyScope { principal: "token:x".into(), route: "POST /x".into(), key: number.to_string() };
        let answer = StoredAnswer { fingerprint: "x".into(), status: 202, location: None, body: "{}".into() };
        // Ten of each microsecond.
        (scope, answer, now.checked_add(SignedDuration::from_micros(number / 10)).expect("a moment"))
    };
    let kept: Vec<_> = (0..2_345).map(keep).collect();
    let written = app.desk().db.write(move |tx| {
        for (scope, answer, at) in kept.clone() {
            idempotency::claim(tx, &scope, "x", at)?;
            idempotency::store_answer(tx, &scope, &answer, at)?;
        }
        Ok::<_, StoreError>(())
    });
    written.await.expect("keys are written");
    let over = now.checked_add(SignedDuration::from_hours(24 * 31 + 1)).expect("a moment");
    assert_eq!(housekeeping::purge_keys(app.desk(), over).await.expect("tidy"), 2_345);
    assert_eq!(app.number("count(*) FROM idempotency").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f17_a_key_is_1_to_255_visible_characters_once() {
    let app = TestApp::start().await;
    let order = app.order("f17").captured(100_000, "USD").push().await;
    let body = json!({"amount_minor": 1_000, "currency": "USD", "reason": "quality"});
    let post = || app.shop.request("POST", &order.refunds_path()).json(&body);
    post().send().await.refused(400, "ERR.VALIDATION.idempotency_key").at("Idempotency-Key");
    for bad in ["", "a b", "tab\there", &"x".repeat(256), "ä"] {
        post().header("idempotency-key", bad).send().await.refused(400, "ERR.VALIDATION.idempotency_key");
    }
    let twice = post().header("idempotency-key", "a").header("idempotency-key", "b");
    twice.send().await.refused(400, "ERR.VALIDATION.idempotency_key");
    for good in ["!", "~", &"x".repeat(255)] {
        post().header("idempotency-key", good).send().await.expect(202);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f18_one_attempt_has_one_key_and_a_definite_failure_gets_a_new_one() {
    let app = TestApp::start().await;
    let order = app.order("f18").push().await;
    let first = app.shop.ask(&order).amount(1_000).accepted().await;
    let second = app.shop.ask(&order).amount(1_000).reason("quality").accepted().await;
    for refund in [&first, &second] {
        app.until(refund, "completed").await;
    }
    let mut keys: Vec<String> = app.book(&order).await.into_iter().map(|booked| booked.merchant_refund_id).collect();
    keys.sort();
    let mut expected = vec![first.id.clone(), second.id.clone()];
    expected.sort();
    assert_eq!(keys, expected, "two partial refunds of one amount have two keys");

    let troubled = app.order("f18-429").mode("rate_limited").push().await;
    let refund = app.shop.ask(&troubled).accepted().await;
    app.until(&refund, "completed").await;
    assert_eq!(app.number(&format!("calls FROM simulator_calls WHERE reference = '{}'", refund.id)).await, 3);
    assert_eq!(app.number(&format!("count(*) FROM attempts WHERE refund_id = '{}'", refund.id)).await, 1);

    let poor = app.order("f18-poor").mode("failed_insufficient_funds").push().await;
    let refund = app.shop.ask(&poor).accepted().await;
    app.until_qualified(&refund, "failed", "retryable").await;
    app.shop.act(&refund, "retry").await.expect(202);
    app.until(&refund, "completed").await;
    app.quiet().await;
    let keys: Vec<String> = app.book(&poor).await.into_iter().map(|booked| booked.merchant_refund_id).collect();
    assert_eq!(keys, [refund.id.clone(), format!("{}.2", refund.id)]);
    assert_eq!(app.letters(&refund), ["received", "approved", "failed", "completed"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_decides_and_records_nothing() {
    let app = TestApp::start().await;
    let order = app.order("dry").captured(500_000, "USD").push().await;
    let preview = app.shop.ask(&order).amount(1_000).dry_run().await.expect(200).json();
    assert_eq!((&preview["state"], &preview["decision"]["by"]), (&json!("approved"), &json!("policy:1")));
    assert_eq!((&preview["remaining_refundable_minor"], &preview["approvals_needed"]), (&json!(499_000), &json!(0)));
    assert!(preview["decision"]["trace"].as_array().is_some_and(|trace| !trace.is_empty()), "{preview:#}");
    let high = app.shop.ask(&order).amount(250_000).dry_run().await.expect(200).json();
    assert_eq!((&high["state"], &high["approvals_needed"]), (&json!("requested"), &json!(2)));
    app.shop.ask(&order).amount(500_001).dry_run().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    for table in ["refunds", "transitions", "ledger_entries", "outbox", "idempotency"] {
        assert_eq!(app.number(&format!("count(*) FROM {table}")).await, 0, "{table}");
    }
    app.finish().await;
}
