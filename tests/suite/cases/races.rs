//! Sections 1, 2 and 5: what happens at the same moment. All callers wait at one barrier; on PostgreSQL they are spread
//! over two nodes.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Barrier;

use crate::harness::{Answer, Caller, Order, Refund, TestApp, Webhook};

/// Requests of 30.00 and a little for one order of 100.00: three fit.
const ROOM: usize = 3;

const CALLERS: usize = 50;

/// Sends all of them at once, spread over the nodes.
async fn at_once<F, R>(count: usize, call: impl Fn(usize) -> F) -> Vec<R>
where
    F: Future<Output = R> + Send + 'static,
    R: Send + 'static,
{
    let barrier = Arc::new(Barrier::new(count));
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let (barrier, call) = (Arc::clone(&barrier), call(number));
            tokio::spawn(async move {
                barrier.wait().await;
                call.await
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no panic"));
    }
    results
}

async fn committed(app: &TestApp, order: &Order) -> i64 {
    app.number(&format!("committed_minor FROM payments WHERE order_id = '{}'", order.id)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f01_fifty_concurrent_refunds_under_the_shipped_policy() {
    let app = TestApp::replicated().await;
    let order = app.order("f01a").captured(10_000, "USD").push().await;
    let bases = app.bases();
    let answers = at_once(CALLERS, |number| {
        let ask = app.shop.ask(&order).amount(3_000).at(&bases[number % bases.len()]);
        async move { ask.insist().await }
    })
    .await;
    let approved = answers.iter().filter(|answer| answer.json()["state"] == "approved").count();
    assert_eq!(approved, 1, "the others are suspected duplicates of the first");
    for answer in &answers {
        assert!(answer.status == 202 || answer.code() == "ERR.BUSINESS.refund.exceeds_remaining", "{answer}");
    }
    assert_eq!(committed(&app, &order).await, 3_000);
    app.quiet().await;
    assert_eq!(app.book(&order).await.len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f01_fifty_concurrent_refunds_under_a_policy_that_approves_everything() {
    let app = TestApp::replicated().await;
    app.approve_everything().await;
    let order = app.order("f01b").captured(10_000, "USD").push().await;
    let bases = app.bases();
    let answers = at_once(CALLERS, |number| {
        // Distinct amounts: nothing is a twin of anything.
        let amount_minor = 3_000 + i64::try_from(number).unwrap();
        let ask = app.shop.ask(&order).amount(amount_minor).at(&bases[number % bases.len()]);
        async move { ask.insist().await }
    })
    .await;
    let (accepted, refused): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 202);
    assert_eq!(accepted.len(), ROOM);
    for answer in refused {
        answer.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    }
    for answer in &accepted {
        app.until(&Refund::of(answer), "completed").await;
    }
    assert_eq!(app.book(&order).await.len(), ROOM);
    assert!(committed(&app, &order).await <= 10_000);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f01_fifty_concurrent_approvals_of_reviewed_requests() {
    const REASONS: [&str; 5] = ["not_received", "quality", "duplicate", "pricing_error", "other"];
    let app = TestApp::replicated().await;
    app.review_everything().await;
    let order = app.order("f01c").captured(10_000, "USD").push().await;
    let mut refunds = Vec::new();
    for number in 0..CALLERS {
        // Ten of each reason: none of them comes to the sum that takes two people.
        let ask = app.shop.ask(&order).amount(3_000).reason(REASONS[number % REASONS.len()]);
        refunds.push(ask.accepted().await);
    }
    assert_eq!(committed(&app, &order).await, 0);
    let agents = [app.agent("one").await, app.agent("two").await];
    let bases = app.bases();
    let answers = at_once(CALLERS, |number| {
        let agent = agents[number % agents.len()].at(&bases[number % bases.len()]);
        let refund = refunds[number].clone();
        async move { agent.approve(&refund, "yes").await }
    })
    .await;
    let approved: Vec<usize> = (0..CALLERS).filter(|number| answers[*number].status == 200).collect();
    assert_eq!(approved.len(), ROOM);
    for (number, answer) in answers.into_iter().enumerate() {
        if !approved.contains(&number) {
            answer.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
            assert_eq!(app.shop.show(&refunds[number]).await["state"], "requested");
        }
    }
    app.quiet().await;
    assert_eq!(app.book(&order).await.len(), ROOM);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f01_random_amounts_never_exceed_what_was_captured() {
    let app = TestApp::replicated().await;
    app.approve_everything().await;
    let bases = app.bases();
    for round in 0..4_i64 {
        let order = app.order(&format!("f01d-{round}")).captured(10_000, "USD").push().await;
        let answers = at_once(16, |number| {
            let number = i64::try_from(number).unwrap();
            let amount_minor = 1 + (number * 7_919 + round * 104_729) % 9_973;
            let ask =
                app.shop.ask(&order).amount(amount_minor).at(&bases[usize::try_from(number).unwrap() % bases.len()]);
            async move { (amount_minor, ask.insist().await) }
        })
        .await;
        let mut sum_minor = 0;
        for (amount_minor, answer) in answers {
            if answer.status == 202 {
                sum_minor += amount_minor;
            } else {
                answer.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
            }
        }
        assert!(sum_minor <= 10_000, "{sum_minor}");
        assert_eq!(app.remaining(&order).await, 10_000 - sum_minor);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f12_concurrent_same_key_makes_one_refund_and_one_answer() {
    let app = TestApp::replicated().await;
    let order = app.order("f12").captured(10_000, "USD").push().await;
    let bases = app.bases();
    let answers = at_once(32, |number| {
        let ask = app.shop.ask(&order).amount(1_000).key("f12").at(&bases[number % bases.len()]);
        async move { ask.insist().await }
    })
    .await;
    let first = answers[0].bytes.clone();
    let mut created = 0;
    for answer in &answers {
        assert_eq!((answer.status, &answer.bytes), (202, &first), "{answer}");
        match answer.header("idempotency-status") {
            "created" => created += 1,
            "replayed" => {}
            other => panic!("{other:?}: {answer}"),
        }
    }
    assert_eq!(created, 1);
    assert_eq!(app.number("count(*) FROM refunds").await, 1);
    app.until(&Refund::of(&answers[0]), "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f12_concurrent_same_key_with_other_payloads_lets_one_win() {
    let app = TestApp::replicated().await;
    let order = app.order("f12b").captured(10_000, "USD").push().await;
    let bases = app.bases();
    let answers = at_once(16, |number| {
        let amount_minor = 1_000 + i64::try_from(number).unwrap();
        let ask = app.shop.ask(&order).amount(amount_minor).key("f12b").at(&bases[number % bases.len()]);
        async move { ask.insist().await }
    })
    .await;
    let (accepted, refused): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 202);
    assert_eq!(accepted.len(), 1);
    for answer in refused {
        answer.refused(409, "ERR.CONFLICT.idempotency");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_order_pushed_by_many_at_once_is_one_order() {
    let app = TestApp::replicated().await;
    let bases = app.bases();
    let body = app.order("many").body();
    let answers = at_once(16, |number| {
        let shop: Caller = app.shop.at(&bases[number % bases.len()]);
        let request = shop.request("PUT", "/v1/orders/many").json(&body);
        async move { request.send().await }
    })
    .await;
    for answer in &answers {
        assert!([200, 201].contains(&answer.status), "{answer}");
    }
    assert_eq!(app.number("count(*) FROM orders").await, 1);
    assert_eq!(app.number("count(*) FROM payments").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f33_a_hundred_copies_of_one_event_at_once_move_once() {
    let app = TestApp::replicated_with(|config| config.simulator.webhook_delay_ms = 600_000).await;
    let order = app.order("f33").mode("pending_then_succeeded").push().await;
    let refund = app.shop.ask(&order).amount(1_000).accepted().await;
    app.until(&refund, "provider_pending").await;
    let webhook = Webhook::new("evt_f33", &app.event(&refund, "SUCCEEDED").await, app.now());
    let before = replays(&app).await;
    let bases = app.bases();
    let answers = at_once(100, |number| {
        let delivery = app.delivery(&webhook, &webhook.signature(), &bases[number % bases.len()]);
        async move { delivery.send().await }
    })
    .await;
    for answer in answers {
        answer.expect(200);
    }
    app.until(&refund, "completed").await;
    assert!(replays(&app).await >= before + 99, "every copy but one is counted");
    let once = |table: &str, condition: &str| {
        format!("count(*) FROM {table} WHERE refund_id = '{}' AND {condition}", refund.id)
    };
    assert_eq!(app.number(&once("transitions", "to_state = 'completed'")).await, 1);
    assert_eq!(app.number(&once("ledger_entries", "kind = 'REFUND_SETTLED'")).await, 1);
    assert_eq!(app.number("count(*) FROM inbox").await, 1);
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.quiet().await;
    assert_eq!(app.letters(&refund), ["received", "approved", "submitted", "completed"]);
    app.finish().await;
}

/// The counter of all desks in this process.
async fn replays(app: &TestApp) -> i64 {
    let text = app.stranger().get("/metrics").await.expect(200).text();
    let lines = text.lines().filter(|line| line.starts_with("webhook_replay_dedup_total"));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<i64>().ok()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f53_polls_and_webhooks_at_once_complete_each_refund_once() {
    let app = TestApp::replicated_with(|config| config.simulator.webhook_delay_ms = 600_000).await;
    app.approve_everything().await;
    let bases = app.bases();
    let mut refunds = Vec::new();
    for number in 0..12_i64 {
        let order = app.order(&format!("f53-{number}")).mode("pending_then_succeeded").push().await;
        let refund = app.shop.ask(&order).amount(1_000 + number).accepted().await;
        app.until(&refund, "provider_pending").await;
        refunds.push(refund);
    }
    // From now on the processor shows them as done, and its own webhooks are on their way too.
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    let mut webhooks = Vec::new();
    for (number, refund) in refunds.iter().enumerate() {
        webhooks.push(Webhook::new(&format!("evt_f53_{number}"), &app.event(refund, "SUCCEEDED").await, app.now()));
    }
    let answers = at_once(24, |number| {
        let base = bases[number % bases.len()].clone();
        let (refund, webhook) = (&refunds[number / 2], &webhooks[number / 2]);
        let request = if number % 2 == 0 {
            app.delivery(webhook, &webhook.signature(), &base)
        } else {
            app.shop.at(&base).request("POST", &format!("{}/submit", refund.path()))
        };
        async move { request.send().await }
    })
    .await;
    for answer in answers {
        assert!([200, 202].contains(&answer.status) || answer.code() == "ERR.CONFLICT.state", "{answer}");
    }
    for refund in &refunds {
        app.until(refund, "completed").await;
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f86_two_people_who_approve_at_once_are_both_counted_once() {
    let app = TestApp::replicated().await;
    let people = [app.senior("one").await, app.senior("two").await, app.senior("three").await];
    let order = app.order("f86").captured(500_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).accepted().await;
    let bases = app.bases();
    let answers = at_once(people.len(), |number| {
        let (person, refund) = (people[number].at(&bases[number % bases.len()]), refund.clone());
        async move { person.approve(&refund, "yes").await }
    })
    .await;
    let (given, late): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((given.len(), late.len()), (2, 1));
    late.into_iter().next().unwrap().refused(409, "ERR.CONFLICT.state");
    let shown = app.until(&refund, "completed").await;
    assert_eq!(shown["decision"]["approvals"].as_array().unwrap().len(), 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f87_an_approval_and_a_withdrawal_at_once_leave_one_winner() {
    let app = TestApp::replicated().await;
    let agent = app.agent("agent").await;
    let bases = app.bases();
    for round in 0..5 {
        let order = app.order(&format!("f87-{round}")).push().await;
        let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
        let answers = at_once(2, |number| {
            let (agent, shop, refund) = (agent.clone(), app.shop.at(&bases[number % bases.len()]), refund.clone());
            async move {
                if number == 0 {
                    agent.decide(&refund, json!({"decision": "approve"})).await
                } else {
                    shop.act(&refund, "cancel").await
                }
            }
        })
        .await;
        // An approved refund may still be taken back before it is sent: then both came in time, one after the other.
        let events = "SELECT event AS line FROM transitions WHERE refund_id =";
        let story = app.lines(&format!("{events} '{}' ORDER BY position", refund.id)).await;
        for answer in answers {
            assert!(answer.status == 200 || answer.code() == "ERR.CONFLICT.state", "{answer}");
        }
        assert!(["approve", "withdraw"].contains(&story[1].as_str()), "{story:?}");
        assert!(!(story.contains(&"withdraw".to_owned()) && story.contains(&"approve".to_owned())), "{story:?}");
    }
    app.finish().await;
}
