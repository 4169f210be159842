//! Section 8: who may decide, when that is asked, and what happens where two do it at once or something changed meanwhile.

use std::collections::BTreeSet;

use makegood::domain::access::{Actor, Principal, Role, Scope};
use makegood::domain::id::{RefundId, UserId};
use makegood::services::messages::{Write, write_note, write_to_customer};
use makegood::services::{Code, Context, Refusal, claims, people};
use serde_json::json;

use crate::harness::{Refund, TestApp, Worker, email_of};

/// A desk on which approvals on pages are carried out at once.
async fn desk() -> TestApp {
    TestApp::start_with(|config| config.undo_seconds = 0).await
}

fn page_of(refund: &Refund) -> String {
    format!("/desk/refunds/{}", refund.id)
}

/// A window of somebody who was added with a token.
async fn window(app: &TestApp, name: &str) -> Worker {
    let mut window = app.desk_window();
    window.sign_in(name).await.is(200);
    window
}

/// Opens the page of a verdict and gives the version that it shows.
async fn opened(window: &mut Worker, refund: &Refund, verdict: &str) -> String {
    window.go(&format!("{}/decide?v={verdict}", page_of(refund))).await.is(200);
    window.shown.hidden("version")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f82_who_asked_approves_by_no_way() {
    let app = desk().await;
    let amina = app.agent("amina").await;
    let order = app.order("f82").push().await;
    let refund = amina.ask(&order).amount(2_000).reason("other").accepted().await;
    amina.approve(&refund, "mine").await.refused(403, "ERR.AUTHZ.dual_control");
    let less = json!({"decision": "approve", "note": "less", "amount_minor": 500});
    amina.decide(&refund, less).await.refused(403, "ERR.AUTHZ.dual_control");
    let second = app.token("another of hers", &[Scope::RefundsDecide], Some(&email_of("amina"))).await;
    second.approve(&refund, "mine").await.refused(403, "ERR.AUTHZ.dual_control");
    // By page: alone, claimed, claimed in bulk.
    let mut hers = window(&app, "amina").await;
    hers.go("/desk/queue").await;
    hers.send("/desk/queue/claim", &[("refund", &refund.id)]).await.is(200).says("f82");
    hers.go(&page_of(&refund)).await.says("someone else must decide").hides("value=\"approve\"");
    let version = opened(&mut hers, &refund, "approve").await;
    let decision = format!("{}/decision", page_of(&refund));
    let yes = [("decision", "approve"), ("version", version.as_str())];
    hers.send(&decision, &yes).await.is(403).says("Ask someone else");
    let lower = [("decision", "lower"), ("amount", "5"), ("note", "less"), ("version", version.as_str())];
    hers.send(&decision, &lower).await.is(403);
    assert_eq!(app.shop.show(&refund).await["state"], "requested");
    app.agent("omar").await.approve(&refund, "fine").await.expect(200);
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_an_approval_of_less_voids_the_first_one() {
    let app = desk().await;
    let (one, two) = (app.senior("one").await, app.senior("two").await);
    let order = app.order("f83").captured(500_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).reason("quality").accepted().await;
    one.approve(&refund, "yes").await.expect(200);
    let less = json!({"decision": "approve", "note": "a lamp less", "amount_minor": 200_000});
    let shown = two.decide(&refund, less).await.expect(200).json();
    assert_eq!((&shown["state"], &shown["amount_minor"]), (&json!("requested"), &json!(200_000)));
    let voided: Vec<bool> = shown["decision"]["approvals"]
        .as_array()
        .expect("approvals")
        .iter()
        .map(|approval| approval["voided"] == true)
        .collect();
    assert_eq!(voided, [true, false], "{shown:#}");
    two.approve(&refund, "again").await.refused(403, "ERR.AUTHZ.dual_control");
    one.approve(&refund, "to this, too").await.expect(200);
    let shown = app.until(&refund, "completed").await;
    assert_eq!(shown["amount_minor"], 200_000);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f84_what_is_split_below_the_threshold_is_summed() {
    let app = desk().await;
    let senior = app.senior("omar").await;
    let mut refunds = Vec::new();
    for number in 0..3 {
        let order = app.order(&format!("f84-{number}")).captured(50_000, "USD").customer("zoe@buyers.example", "en");
        let order = order.push().await;
        refunds.push(app.shop.ask(&order).amount(19_900).reason("goodwill").accepted().await);
    }
    senior.approve(&refunds[0], "once").await.expect(200);
    app.until(&refunds[0], "completed").await;
    for refund in &refunds[1..] {
        senior.approve(refund, "and again").await.expect(200);
        let shown = app.shop.show(refund).await;
        assert_eq!((&shown["state"], &shown["qualifier"]), (&json!("requested"), &json!("awaiting_second")));
        senior.approve(refund, "and again").await.refused(403, "ERR.AUTHZ.dual_control");
    }
    app.finish().await;
}

/// Everything that somebody can do with cases besides deciding them, in the name of somebody who could when they began.
async fn everything(app: &TestApp, context: &Context, refund_id: &RefundId, colleague: &Principal) -> Vec<Refusal> {
    let desk = app.desk();
    let letter = Write {
        refund_id: refund_id.clone(),
        body: "Hello".to_owned(),
        asks: true,
        expected_version: None,
        form: None,
    };
    let refused = [
        claims::claim(desk, context, refund_id, Some("mine")).await.err(),
        claims::claim_all(desk, context, std::slice::from_ref(refund_id)).await.err(),
        claims::claim_next(desk, context).await.err(),
        claims::release(desk, context, refund_id).await.err(),
        claims::skip(desk, context, refund_id, "later").await.err(),
        claims::hand_on(desk, context, refund_id, colleague, None).await.err(),
        claims::hand_over(desk, context, &context.actor.principal, colleague).await.err(),
        write_note(desk, context, refund_id, "A note".to_owned()).await.err(),
        write_to_customer(desk, context, letter).await.err(),
    ];
    let count = refused.len();
    let refused: Vec<Refusal> = refused.into_iter().flatten().collect();
    assert_eq!(refused.len(), count, "something was done");
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_claims_notes_and_messages_count_only_while_one_may_still_decide() {
    let app = desk().await;
    app.worker("amina", &[Role::Agent]).await;
    app.worker("omar", &[Role::Agent]).await;
    let order = app.order("f85").push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let refund_id = RefundId::parse(&refund.id).expect("an id");
    let ids = app.lines("SELECT user_id AS line FROM users ORDER BY email").await;
    let ids: Vec<UserId> = ids.iter().map(|id| UserId::parse(id).expect("an id")).collect();
    let shell = || app.context(Principal::Shell);
    let began = shell().acting_as(Actor::user(ids[0].clone(), BTreeSet::from([Role::Agent])));
    let colleague = Principal::User(ids[1].clone());
    claims::claim(app.desk(), &began, &refund_id, None).await.expect("a claim");

    let version = app.number("version FROM users WHERE email = 'amina@desk.example'").await;
    people::change_roles(app.desk(), &shell(), &ids[0], BTreeSet::from([Role::Finance]), version)
        .await
        .expect("a change");
    let refused = everything(&app, &began, &refund_id, &colleague).await;
    assert!(refused.iter().all(|refusal| refusal.code == Code::Scope), "{refused:#?}");

    people::suspend(app.desk(), &shell(), &ids[0], people::Claims::PutBack).await.expect("suspended");
    let refused = everything(&app, &began, &refund_id, &colleague).await;
    assert!(refused.iter().all(|refusal| refusal.code == Code::Authentication), "{refused:#?}");
    assert_eq!(app.number("count(*) FROM refund_notes").await + app.number("count(*) FROM messages").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f86_two_people_press_approve_at_once_and_the_second_sees_how_it_stands() {
    let app = desk().await;
    for name in ["zero", "one", "two"] {
        app.senior(name).await;
    }
    let order = app.order("f86-pages").captured(900_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).reason("quality").accepted().await;
    let decision = format!("{}/decision", page_of(&refund));

    // Both give the first approval: one counts, and the other is told before it can be the second.
    let (mut one, mut two) = (window(&app, "one").await, window(&app, "two").await);
    let versions = [opened(&mut one, &refund, "approve").await, opened(&mut two, &refund, "approve").await];
    let tokens = [one.shown.hidden("csrf"), two.shown.hidden("csrf")];
    let fields = |version: &str| {
        [("decision", "approve".to_owned()), ("note", "Fine".to_owned()), ("version", version.to_owned())]
    };
    let given = [fields(&versions[0]), fields(&versions[1])];
    let given = given.each_ref().map(|fields| fields.each_ref().map(|(name, value)| (*name, value.as_str())));
    let answers = tokio::join!(one.post(&decision, &given[0], &tokens[0]), two.post(&decision, &given[1], &tokens[1]));
    let answers = [answers.0, answers.1];
    let (done, late): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 303);
    assert_eq!((done.len(), late.len()), (1, 1), "{} {}", answers[0].status, answers[1].status);
    late[0].is(412).says("This request changed since you opened it").says(">Fine<");
    assert_eq!(app.shop.show(&refund).await["qualifier"], "awaiting_second");

    // Both give the second: one counts, and the other sees that it is approved.
    let mut zero = window(&app, "zero").await;
    let mut last = if answers[0].status == 303 { two } else { one };
    let versions = [opened(&mut zero, &refund, "approve").await, opened(&mut last, &refund, "approve").await];
    let tokens = [zero.shown.hidden("csrf"), last.shown.hidden("csrf")];
    let given = [fields(&versions[0]), fields(&versions[1])];
    let given = given.each_ref().map(|fields| fields.each_ref().map(|(name, value)| (*name, value.as_str())));
    let answers =
        tokio::join!(zero.post(&decision, &given[0], &tokens[0]), last.post(&decision, &given[1], &tokens[1]));
    let answers = [answers.0, answers.1];
    let (done, late): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 303);
    assert_eq!((done.len(), late.len()), (1, 1), "{} {}", answers[0].status, answers[1].status);
    assert!(matches!(late[0].status, 409 | 412), "{}", late[0].status);
    late[0].says("Somebody was faster").says("Fine").hides("value=\"approve\"");
    let shown = app.until(&refund, "completed").await;
    assert_eq!(shown["decision"]["approvals"].as_array().expect("approvals").len(), 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f87_who_approves_what_was_withdrawn_is_told_and_keeps_the_note() {
    let app = desk().await;
    app.agent("amina").await;
    let order = app.order("f87-page").push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let mut amina = window(&app, "amina").await;
    let version = opened(&mut amina, &refund, "approve").await;
    app.shop.act(&refund, "cancel").await.expect(200);
    let yes = [("decision", "approve"), ("note", "A good customer"), ("version", version.as_str())];
    amina.send(&format!("{}/decision", page_of(&refund)), &yes).await.says("Somebody was faster");
    assert!(matches!(amina.shown.status, 409 | 412), "{}", amina.shown.status);
    amina.shown.says("A good customer").says("Withdrawn").hides("value=\"approve\"");
    assert_eq!(app.shop.show(&refund).await["closure"], "withdrawn");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f88_nothing_is_approved_while_a_dispute_stands() {
    let app = desk().await;
    let agent = app.agent("amina").await;
    let order = app.order("f88-late").push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    app.order("f88-late").status("charged_back").push().await;
    agent.approve(&refund, "yes").await.refused(409, "ERR.BUSINESS.refund.charged_back");
    let mut amina = window(&app, "amina").await;
    let version = opened(&mut amina, &refund, "approve").await;
    let yes = [("decision", "approve"), ("note", "yes"), ("version", version.as_str())];
    amina.send(&format!("{}/decision", page_of(&refund)), &yes).await.is(409);
    assert_eq!(app.shop.show(&refund).await["state"], "requested");
    agent.deny(&refund, "The bank decides.").await.expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f89_a_refund_that_crosses_a_dispute_fails_for_good() {
    let app = desk().await;
    let order = app.order("f89").mode("pending_then_failed_disputed").push().await;
    let refund = app.shop.ask(&order).amount(1_000).accepted().await;
    let shown = app.until_qualified(&refund, "failed", "final").await;
    assert_eq!((&shown["retryable"], &shown["error"]["code"]), (&json!(false), &json!("disputed")));
    app.shop.act(&refund, "retry").await.refused(409, "ERR.CONFLICT.state");
    app.quiet().await;
    assert_eq!(app.book(&order).await.len(), 1, "it was sent once");
    assert_eq!(app.letters(&refund), ["received", "approved", "submitted", "failed"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f90_a_policy_that_changes_meanwhile_leaves_the_reasons_and_the_guards_where_they_are() {
    let app = desk().await;
    let agent = app.agent("amina").await;
    let order = app.order("f90").push().await;
    let refund = app.shop.ask(&order).amount(8_000).reason("other").accepted().await;
    app.approve_everything().await;
    let shown = app.shop.show(&refund).await;
    assert_eq!((&shown["state"], &shown["decision"]["policy_version"]), (&json!("requested"), &json!(1)));
    let mut amina = window(&app, "amina").await;
    amina.go(&page_of(&refund)).await.says("Policy 1, rule other");
    // What the new policy lets through counts, whatever the old one would have said.
    let other = app.shop.ask(&order).amount(4_000).reason("quality").accepted().await;
    app.until(&other, "completed").await;
    agent.approve(&refund, "yes").await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    let less = json!({"decision": "approve", "note": "what is left", "amount_minor": 6_000});
    agent.decide(&refund, less).await.expect(200);
    let shown = app.until(&refund, "completed").await;
    assert_eq!((&shown["amount_minor"], &shown["decision"]["policy_version"]), (&json!(6_000), &json!(1)));
    app.finish().await;
}
