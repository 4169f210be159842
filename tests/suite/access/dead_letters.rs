//! Dead letters: tried again under the same key, alone or with all of their cause; given up by two people where money may
//! have moved, and by nobody alone.

use makegood::domain::access::Role;

use crate::harness::{Refund, Shown, TestApp, Worker};

const SURE: &str = "The dashboard of the processor shows no refund of this payment.";

/// A desk whose processor keeps what is pending pending.
async fn desk() -> TestApp {
    TestApp::replicated_with(|config| config.simulator.webhook_delay_ms = 600_000).await
}

/// A refund that the processor has, and whose questions to it have run out of tries.
async fn stuck(app: &TestApp, order: &str) -> (Refund, String) {
    let order = app.order(order).mode("pending_then_succeeded").push().await;
    let refund = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&refund, "provider_pending").await;
    let died = format!(
        "UPDATE outbox SET status = 'dead', attempts = 12, last_error = 'no answer in time', lease_owner = NULL, \
         lease_until = NULL, fence = fence + 1, finished_at = due_at WHERE kind = 'poll' AND refund_id = '{}'",
        refund.id
    );
    app.execute(&died).await.expect("an update");
    let row = format!("SELECT outbox_id AS line FROM outbox WHERE kind = 'poll' AND refund_id = '{}'", refund.id);
    let id = app.lines(&row).await.pop().expect("a row");
    (refund, id)
}

async fn post(window: &mut Worker, page: &str, path: &str, fields: &[(&str, &str)]) -> Shown {
    window.go(page).await.is(200);
    let token = window.shown.hidden("csrf");
    window.post(path, fields, &token).await
}

async fn state(app: &TestApp, refund: &Refund) -> String {
    app.lines(&format!("SELECT state AS line FROM refunds WHERE refund_id = '{}'", refund.id)).await.remove(0)
}

async fn actions(app: &TestApp) -> Vec<String> {
    app.lines("SELECT action AS line FROM audit_records WHERE subject LIKE 'outbox:%' ORDER BY audit_id").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_give_up_what_may_have_been_paid_and_nobody_does_alone() {
    let app = desk().await;
    let mut one = app.working("one", Role::Admin).await;
    let mut two = app.working("two", Role::Admin).await;
    let mut auditor = app.working("auditor", Role::Auditor).await;
    let (refund, id) = stuck(&app, "9200").await;
    let page = format!("/admin/dlq/{id}");
    one.go("/admin/dlq").await.is(200).says("no answer in time").says(&refund.id).says("Asking processors");
    one.go(&page).await.is(200).says("How do you know that the money did not move?");
    // A word is no reason.
    one.send(&format!("{page}/give-up"), &[("reason", "gone")])
        .await
        .is(422)
        .says("between 10 and 2,000")
        .says("gone<");
    one.send(&format!("{page}/give-up"), &[("reason", SURE)]).await.is(200).says("Somebody else has to confirm it.");
    // Nothing has happened to the refund yet.
    assert_eq!(state(&app, &refund).await, "provider_pending");

    // Whoever said so does not confirm it, by the button that they are not shown either.
    one.shown.hides("Confirm: the money did not move").says("Somebody else has to confirm what you said.");
    two.go(&page).await.is(200).says(SURE).says("one says that the money did not move");
    let seen = two.shown.hidden("seen");
    let alone = post(&mut one, &page, &format!("{page}/confirm"), &[("seen", &seen)]).await;
    assert_eq!(alone.status, 403, "{}", alone.html);
    // Nor does an auditor, who sees it.
    auditor.go(&page).await.is(200).says(SURE).hides("Confirm: the money");
    let theirs = {
        auditor.go("/account").await;
        auditor.shown.hidden("csrf")
    };
    assert_eq!(auditor.post(&format!("{page}/confirm"), &[("seen", &seen)], &theirs).await.status, 403);
    // Nor does the database take the same person twice.
    let forged = format!("UPDATE discards SET confirmed_by = proposed_by, confirmed_at = 1 WHERE outbox_id = '{id}'");
    app.execute(&forged).await.expect_err("the same person");
    assert_eq!(state(&app, &refund).await, "provider_pending");

    two.go(&page).await;
    two.send(&format!("{page}/confirm"), &[("seen", &seen)]).await.is(200).says("the refund has failed");
    let read = app.shop.get(&format!("/v1/refunds/{}", refund.id)).await.expect(200).json();
    assert_eq!((read["state"].as_str(), read["qualifier"].as_str()), (Some("failed"), Some("final")));
    assert_eq!(read["error"]["code"], "given_up");
    app.shop.act(&refund, "retry").await.refused(409, "ERR.CONFLICT.state");
    assert_eq!(actions(&app).await, ["outbox.propose_give_up", "outbox.give_up"]);
    one.go("/admin/dlq").await.says("Nothing has stopped");
    two.go(&page).await.is(404);
    app.finish_leaving(&["simulator webhook"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_and_turns_out_to_be_paid_counts_as_paid() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = 4_000).await;
    let mut one = app.working("one", Role::Admin).await;
    let mut two = app.working("two", Role::Admin).await;
    let (refund, id) = stuck(&app, "9201").await;
    let page = format!("/admin/dlq/{id}");
    one.go(&page).await.is(200);
    one.send(&format!("{page}/give-up"), &[("reason", SURE)]).await.is(200);
    two.go(&page).await.is(200);
    let seen = two.shown.hidden("seen");
    two.send(&format!("{page}/confirm"), &[("seen", &seen)]).await.is(200);
    assert_eq!(state(&app, &refund).await, "failed");
    // The processor's own word comes all the same.
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_confirm_at_once_one_does_and_a_proposal_can_be_taken_back() {
    let app = desk().await;
    let mut one = app.working("one", Role::Admin).await;
    let mut two = app.working("two", Role::Admin).await;
    let mut three = app.working("three", Role::Admin).await;
    let (refund, id) = stuck(&app, "9202").await;
    let page = format!("/admin/dlq/{id}");
    one.go(&page).await.is(200);
    one.send(&format!("{page}/give-up"), &[("reason", SURE)]).await.is(200);
    // Taken back, it stands as before; a page of before confirms nothing, not even once it was proposed anew.
    two.go(&page).await.is(200);
    let (stale, old) = (two.shown.hidden("seen"), two.shown.hidden("csrf"));
    one.go(&page).await;
    one.send(&format!("{page}/keep"), &[]).await.is(200).says("The proposal is taken back.");
    one.send(&format!("{page}/give-up"), &[("reason", SURE)]).await.is(200);
    assert_eq!(two.post(&format!("{page}/confirm"), &[("seen", &stale)], &old).await.status, 303);
    assert_eq!(state(&app, &refund).await, "provider_pending");

    two.go(&page).await.is(200);
    three.go(&page).await.is(200);
    let (seen, mine, theirs) = (two.shown.hidden("seen"), two.shown.hidden("csrf"), three.shown.hidden("csrf"));
    let (path, fields) = (format!("{page}/confirm"), [("seen", seen.as_str())]);
    let (left, right) = tokio::join!(two.post(&path, &fields, &mine), three.post(&path, &fields, &theirs));
    assert!(left.status < 500 && right.status < 500, "{} {}", left.status, right.status);
    assert_eq!(state(&app, &refund).await, "failed");
    let confirmed = actions(&app).await.into_iter().filter(|action| action == "outbox.give_up").count();
    assert_eq!(confirmed, 1);
    app.finish_leaving(&["simulator webhook"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_a_cause_are_tried_again_under_the_same_keys() {
    let app = desk().await;
    let mut root = app.working("root", Role::Admin).await;
    let mut all = Vec::new();
    for order in ["9203", "9204", "9205"] {
        all.push(stuck(&app, order).await);
    }
    let other = &all[2].1;
    app.execute(&format!("UPDATE outbox SET last_error = 'refused' WHERE outbox_id = '{other}'"))
        .await
        .expect("an update");
    root.go("/admin/dlq").await.is(200).says("Try all 2 again").says("Try it again");
    let cause = root.shown.between("/admin/dlq?cause=", "\"");
    root.go(&format!("/admin/dlq?cause={cause}")).await.is(200).hides(other.as_str());
    // A proposal is void once it is tried again.
    let first = format!("/admin/dlq/{}", all[0].1);
    root.go(&first).await;
    root.send(&format!("{first}/give-up"), &[("reason", SURE)]).await.is(200);
    root.go("/admin/dlq").await;
    root.send("/admin/dlq/retry", &[("cause", &cause)]).await.is(200).says("2 are tried again.");
    assert_eq!(app.number("count(*) FROM discards").await, 0);
    assert_eq!(app.number("count(*) FROM outbox WHERE status = 'dead'").await, 1);
    root.go(&first).await.is(404);
    root.go(&format!("/admin/dlq/{other}")).await.is(200);
    root.send(&format!("/admin/dlq/{other}/retry"), &[]).await.is(200).says("It is tried again.");
    let attempts = app.lines("SELECT reference AS line FROM attempts ORDER BY reference").await;
    let mut refunds: Vec<String> = all.iter().map(|(refund, _)| refund.id.clone()).collect();
    refunds.sort();
    assert_eq!(attempts, refunds, "nothing was begun anew");
    root.go("/admin/outbox?kind=poll").await.is(200).says(&all[0].0.id);
    app.finish_leaving(&["simulator webhook", "outbox poll"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_is_not_asked_again_where_that_could_pay_twice() {
    let app = desk().await;
    let mut root = app.working("root", Role::Admin).await;
    let (refund, id) = stuck(&app, "9206").await;
    let held = format!("UPDATE refunds SET held = TRUE, qualifier = 'held' WHERE refund_id = '{}'", refund.id);
    app.execute(&held).await.expect("an update");
    let page = format!("/admin/dlq/{id}");
    root.go(&page).await.is(200).says("asking again could pay twice").hides("Try again<");
    root.send(&format!("{page}/retry"), &[]).await.is(200).says("asking again could pay twice");
    assert_eq!(app.number("count(*) FROM outbox WHERE status = 'dead'").await, 1);
    app.finish_leaving(&["simulator webhook", "outbox poll"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_moves_no_money_and_is_given_up_by_one() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    let order = app.order("9207").push().await;
    let refund = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&refund, "completed").await;
    app.quiet().await;
    let died = format!(
        "UPDATE outbox SET status = 'unknown', last_error = 'the connection was lost' WHERE kind = 'mail' AND refund_id = '{}'",
        refund.id
    );
    app.execute(&died).await.expect("an update");
    let ids = app.lines("SELECT outbox_id AS line FROM outbox WHERE status = 'unknown' ORDER BY outbox_id").await;
    let page = format!("/admin/dlq/{}", ids[0]);
    root.go(&page).await.is(200).says("Why is it given up?").hides("How do you know");
    root.send(&format!("{page}/give-up"), &[("reason", "The customer was told by telephone.")])
        .await
        .is(200)
        .says("It is given up.");
    root.go("/admin/dlq").await.says("the connection was lost");
    let cause = root.shown.between("name=\"cause\" value=\"", "\"");
    root.send("/admin/dlq/retry", &[("cause", &cause)]).await.is(200);
    assert_eq!(app.number("count(*) FROM outbox WHERE status = 'void' AND kind = 'mail'").await, 1);
    // All of the letters had arrived before they were said to be lost, and the mails are counted at the end.
    app.quiet().await;
    app.execute("UPDATE outbox SET status = 'done' WHERE status = 'void' AND kind = 'mail'").await.expect("an update");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_that_could_not_be_applied_is_applied_once_it_can_be() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    let order = app.order("9208").mode("pending_then_succeeded").push().await;
    let refund = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&refund, "completed").await;
    app.quiet().await;
    let lost = format!("UPDATE inbox SET status = 'unmatched' WHERE refund_id = '{}'", refund.id);
    app.execute(&lost).await.expect("an update");
    let lost = app.number("count(*) FROM inbox WHERE status = 'unmatched'").await;
    assert!(lost > 0);
    root.go("/admin/outbox").await.says("for a person.");
    root.go("/admin/dlq").await.is(200).says("It is about a refund that nobody here knows.");
    let id = root.shown.between("/admin/dlq/events/", "/retry");
    root.send(&format!("/admin/dlq/events/{id}/retry"), &[]).await.is(200).says("It is tried again.");
    app.quiet_but(&["inbox"]).await;
    let left = format!("count(*) FROM inbox WHERE inbox_id = '{id}' AND status = 'applied'");
    assert!(
        crate::harness::eventually(std::time::Duration::from_secs(10), async || app.number(&left).await == 1).await
    );
    // What it says was known: nothing was done twice. A second press finds nothing to do.
    assert_eq!(app.number("count(*) FROM transitions WHERE event = 'succeeded'").await, 1);
    let token = {
        root.go("/admin/dlq").await;
        root.shown.hidden("csrf")
    };
    assert_eq!(root.post(&format!("/admin/dlq/events/{id}/retry"), &[], &token).await.status, 303);
    assert_eq!(app.number("count(*) FROM audit_records WHERE action = 'inbox.requeue'").await, 1);
    app.execute("UPDATE inbox SET status = 'applied' WHERE status = 'unmatched'").await.expect("an update");
    app.finish().await;
}
