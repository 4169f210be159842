//! People decide: agents, seniors, dual control, and the merchant who takes a request back.

use serde_json::json;

use crate::harness::{Refund, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_high_value_takes_two_people() {
    let app = TestApp::start().await;
    let (maker, checker) = (app.senior("maker").await, app.senior("checker").await);
    let order = app.order("3001").captured(500_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).accepted().await;

    let first = maker.approve(&refund, "first").await.expect(200).json();
    assert_eq!((&first["state"], &first["qualifier"]), (&json!("requested"), &json!("awaiting_second")));
    maker.approve(&refund, "again").await.refused(403, "ERR.AUTHZ.dual_control");
    app.shop.approve(&refund, "mine").await.refused(403, "ERR.AUTHZ.dual_control");
    let second = checker.approve(&refund, "second").await.expect(200).json();
    assert_ne!(second["state"], "requested");
    app.until(&refund, "completed").await;
    checker.approve(&refund, "late").await.refused(409, "ERR.CONFLICT.state");
    app.quiet().await;
    insta::assert_snapshot!(app.story(&order, &refund).await);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_gives_the_first_of_two_approvals_above_their_limit_and_never_the_last() {
    let app = TestApp::start().await;
    let (agent, other, senior) = (app.agent("agent").await, app.agent("other").await, app.senior("senior").await);
    let order = app.order("3002").captured(500_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).accepted().await;
    agent.approve(&refund, "first").await.expect(200);
    other.approve(&refund, "second").await.refused(403, "ERR.AUTHZ.limit");
    senior.approve(&refund, "second").await.expect(200);
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lower_amount_voids_the_approvals_of_others_and_counts_as_ones_own() {
    let app = TestApp::start().await;
    let (first, second, third) = (app.senior("first").await, app.senior("second").await, app.senior("third").await);
    let order = app.order("3003").captured(500_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).accepted().await;
    first.approve(&refund, "all of it").await.expect(200);
    let lowered = second.decide(&refund, json!({"decision": "approve", "amount_minor": 240_000})).await;
    let lowered = lowered.expect(200).json();
    assert_eq!(
        (&lowered["state"], &lowered["amount_minor"], &lowered["qualifier"]),
        (&json!("requested"), &json!(240_000), &json!("awaiting_second"))
    );
    let voided: Vec<bool> = lowered["decision"]["approvals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|approval| approval["voided"].as_bool().unwrap())
        .collect();
    assert_eq!(voided, [true, false]);
    let more = third.decide(&refund, json!({"decision": "approve", "amount_minor": 240_001})).await;
    more.refused(400, "ERR.VALIDATION.amount.range").at("#/amount_minor");
    third.approve(&refund, "fine").await.expect(200);
    app.until(&refund, "completed").await;
    assert_eq!(app.remaining(&order).await, 260_000);
    assert_eq!(app.book(&order).await[0].amount_minor, 240_000);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_ends_it_and_is_told() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let order = app.order("3004").push().await;
    let refund = app.shop.ask(&order).amount(2_000).reason("other").accepted().await;
    let denied = agent.deny(&refund, "The tracking shows that it arrived.").await.expect(200).json();
    assert_eq!(
        (&denied["state"], &denied["qualifier"], &denied["closure"]),
        (&json!("canceled"), &json!("denied"), &json!("denied"))
    );
    agent.approve(&refund, "on second thoughts").await.refused(409, "ERR.CONFLICT.state");
    app.shop.act(&refund, "submit").await.refused(409, "ERR.CONFLICT.state");
    app.shop.act(&refund, "retry").await.refused(409, "ERR.CONFLICT.state");
    app.quiet().await;
    assert_eq!(app.letters(&refund), ["received", "denied"]);
    assert!(app.book(&order).await.is_empty());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_policy_denies_outside_the_cooling_off_window() {
    let app = TestApp::start().await;
    let long_ago = app.now() - jiff::SignedDuration::from_hours(24 * 91);
    let order = app.order("3005").placed_at(&long_ago.to_string()).push().await;
    let answer = app.shop.ask(&order).amount(2_000).reason("quality").send().await.expect(202);
    let told = answer.json();
    assert_eq!((&told["state"], &told["qualifier"]), (&json!("canceled"), &json!("denied")));
    assert_eq!(told["message_id"], "refund.denied.cooling_off");
    let refund = Refund::of(&answer);
    assert_eq!(app.shop.show(&refund).await["message_id"], "refund.denied.cooling_off");
    app.quiet().await;
    assert_eq!(app.letters(&refund), ["received", "denied"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_withdrawn_and_what_was_sent_is_not() {
    let app = TestApp::start().await;
    let order = app.order("3006").push().await;
    let refund = app.shop.ask(&order).amount(2_000).reason("other").accepted().await;
    let withdrawn = app.shop.act(&refund, "cancel").await.expect(200).json();
    assert_eq!((&withdrawn["state"], &withdrawn["closure"]), (&json!("canceled"), &json!("withdrawn")));
    app.shop.act(&refund, "cancel").await.refused(409, "ERR.CONFLICT.state");

    let sent = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&sent, "completed").await;
    app.shop.act(&sent, "cancel").await.refused(409, "ERR.CONFLICT.state");
    app.quiet().await;
    assert_eq!(app.letters(&refund), ["received"]);
    app.finish().await;
}
