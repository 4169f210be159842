//! Section 8, and F2: people who work beside each other. Claims, screens that are stale, and what is typed meanwhile.

use makegood::domain::access::Role;

use crate::harness::{Refund, TestApp, Worker};

/// A desk on which approvals on pages are carried out at once.
async fn desk() -> TestApp {
    TestApp::start_with(|config| config.undo_seconds = 0).await
}

/// A request of 10.00 that waits for one person, and its page.
async fn waiting(app: &TestApp, id: &str) -> (Refund, String) {
    let order = app.order(id).push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let page = format!("/desk/refunds/{}", refund.id);
    (refund, page)
}

/// Claims a case on its page.
async fn claim(window: &mut Worker, page: &str) {
    window.go(page).await;
    window.send(&format!("{page}/claim"), &[]).await.is(200).says("It is yours.");
}

/// Until when the case is held, in microseconds; 0 where nobody holds it.
async fn held_until(app: &TestApp, refund: &Refund) -> i64 {
    app.number(&format!("COALESCE(claimed_until, 0) FROM reviews WHERE refund_id = '{}'", refund.id)).await
}

/// Lets some of a claim's time pass.
async fn pass(app: &TestApp, refund: &Refund, seconds: i64) {
    let sql = "UPDATE reviews SET claimed_until = claimed_until -";
    app.execute(&format!("{sql} {} WHERE refund_id = '{}'", seconds * 1_000_000, refund.id)).await.expect("a change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f02_a_stale_screen_gets_the_fresh_number_and_keeps_what_was_typed() {
    let app = desk().await;
    let order = app.order("f02").push().await;
    let refund = app.shop.ask(&order).amount(8_000).reason("other").accepted().await;
    let page = format!("/desk/refunds/{}", refund.id);
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go(&format!("{page}/decide?v=lower")).await.is(200);
    let seen = |window: &Worker| (window.shown.hidden("version"), window.shown.hidden("seen_remaining_minor"));
    let (version, remaining) = seen(&amina);
    assert_eq!(remaining, "10000");
    let other = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&other, "completed").await;
    let typed = [
        ("decision", "lower"),
        ("amount", "70"),
        ("note", "The shade is broken"),
        ("version", version.as_str()),
        ("seen_remaining_minor", remaining.as_str()),
    ];
    let decision = format!("{page}/decision");
    amina.send(&decision, &typed).await.is(412).says("Somebody took $40.00 USD from this payment a moment ago");
    amina.shown.says("$60.00 USD is left").says("The shade is broken").says("value=\"70\"");
    let (version, remaining) = seen(&amina);
    assert_eq!(remaining, "6000");
    let typed = [
        ("decision", "lower"),
        ("amount", "60"),
        ("note", "The shade is broken"),
        ("version", version.as_str()),
        ("seen_remaining_minor", remaining.as_str()),
    ];
    amina.send(&decision, &typed).await.is(200).at(&page);
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_survives_a_case_that_is_taken_over_meanwhile() {
    let app = desk().await;
    let (refund, page) = waiting(&app, "taken").await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut omar = app.working("omar", Role::Senior).await;
    claim(&mut amina, &page).await;
    amina.go(&format!("{page}/decide?v=deny")).await;
    let version = amina.shown.hidden("version");

    omar.go(&page).await.says("amina works on it.").hides("value=\"approve\"");
    omar.go(&format!("{page}/decide?v=approve")).await.says("amina works on it.").hides("Approve $10.00");
    omar.go(&page).await;
    omar.send(&format!("{page}/claim"), &[("reason", "")]).await.says("amina works on it.");
    omar.send(&format!("{page}/claim"), &[("reason", "She went home")]).await.says("It is yours.");

    let decision = format!("{page}/decision");
    let typed = [("decision", "deny"), ("note", "Worn for a year"), ("version", version.as_str())];
    amina.send(&decision, &typed).await.is(409).says("A colleague works on it now").says("Worn for a year");
    amina.shown.says("omar works on it.").hides("Deny $10.00");
    let take = |reason: &'static str| {
        [("decision", "deny"), ("note", "Worn for a year"), ("do", "take_over"), ("reason", reason)]
    };
    amina.send(&decision, &take("")).await.is(422).says("Write why you take it over").says("Worn for a year");
    amina.send(&decision, &take("I know the customer")).await.is(200).says("Worn for a year").says("Deny");
    let version = amina.shown.hidden("version");
    let typed = [("decision", "deny"), ("note", "Worn for a year"), ("version", version.as_str())];
    amina.send(&decision, &typed).await.is(200).at(&page);
    amina.shown.says("She went home").says("I know the customer").says("Worn for a year");
    assert_eq!(app.shop.show(&refund).await["state"], "canceled");
    let actions = "SELECT action AS line FROM audit_records WHERE subject =";
    let actions = app.lines(&format!("{actions} 'refund:{}' ORDER BY audit_id", refund.id)).await;
    let of_claims: Vec<&str> = actions
        .iter()
        .map(String::as_str)
        .filter(|action| action.contains("claim") || action.contains("take"))
        .collect();
    assert_eq!(of_claims, ["refund.claim", "refund.take_over", "refund.take_over"], "{actions:?}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_its_holder_renews_a_claim_and_nothing_else_does() {
    let app = desk().await;
    let (refund, page) = waiting(&app, "renewed").await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut omar = app.working("omar", Role::Agent).await;
    claim(&mut amina, &page).await;
    let whole = held_until(&app, &refund).await;
    let notes = format!("{page}/notes");

    pass(&app, &refund, 300).await;
    amina.go(&page).await;
    omar.go(&page).await;
    omar.send(&notes, &[("staff-note", "Seen by me too")]).await.is(200);
    assert_eq!(held_until(&app, &refund).await, whole - 300_000_000, "neither a look nor a colleague renews it");

    amina.send(&notes, &[("staff-note", "")]).await.is(422);
    assert!(held_until(&app, &refund).await > whole - 300_000_000, "not even a form that is refused goes unnoticed");

    pass(&app, &refund, 300).await;
    let token = amina.shown.hidden("csrf");
    amina.headers.insert("hx-request-type", "partial".to_owned());
    let renewed = amina.post(&format!("{page}/claim/renewal"), &[], &token).await;
    renewed.is(200).says("It is yours.").hides("<html").hides("id=\"work\"");
    assert!(held_until(&app, &refund).await >= whole);

    pass(&app, &refund, 3_600).await;
    let over = held_until(&app, &refund).await;
    amina.post(&notes, &[("staff-note", "Too late")], &token).await;
    assert_eq!(held_until(&app, &refund).await, over, "what has run out is anybody's");

    omar.go(&page).await;
    omar.send(&format!("{page}/claim"), &[]).await.says("It is yours.");
    let lost = amina.post(&format!("{page}/claim/renewal"), &[], &token).await;
    lost.is(200).says("omar works on it.").hides("value=\"approve\"");
    assert_eq!(lost.headers.get("hx-retarget").map(|value| value.as_bytes()), Some(&b"#work"[..]));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_is_handed_on_and_all_of_them_are_handed_over() {
    let app = desk().await;
    let (_, page) = waiting(&app, "handed-1").await;
    let (_, second) = waiting(&app, "handed-2").await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut omar = app.working("omar", Role::Agent).await;
    app.worker("ada", &[Role::Auditor]).await;
    claim(&mut amina, &page).await;
    let hand = format!("{page}/hand-on");
    amina.go(&hand).await.is(200).says(">omar</option>").hides(">ada</option>").hides(">amina</option>");
    amina.send(&hand, &[("to", ""), ("note", "She writes Arabic")]).await.is(422).says("Choose a colleague");
    amina.shown.says("She writes Arabic");
    let to = app
        .lines(
            "SELECT user_id AS line FROM users WHERE email IN ('omar@desk.example', 'ada@desk.example') ORDER BY email",
        )
        .await;
    amina.send(&hand, &[("to", &to[0]), ("note", "For you")]).await.is(422).says("cannot take it any more");
    amina
        .send(&hand, &[("to", &to[1]), ("note", "She writes Arabic")])
        .await
        .is(200)
        .at(&page)
        .says("omar works on it.");
    omar.go(&page).await.says("It is yours.").says("She writes Arabic");
    // Who does not hold it hands nothing on.
    amina.go(&hand).await;
    amina.send(&hand, &[("to", &to[1]), ("note", "")]).await.says("Somebody else works on it.");

    claim(&mut amina, &second).await;
    amina.go("/desk").await.is(200).says("Hand all of them over").says("Order handed-2");
    amina.go("/desk/hand-over").await;
    amina.send("/desk/hand-over", &[("to", &to[1])]).await.at("/desk").says("You handed 1 case over.");
    omar.go("/desk/queue?view=mine").await.says("handed-1").says("handed-2");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_case_is_one_that_its_holder_may_decide() {
    let app = desk().await;
    let (amina, omar) = (app.senior("amina").await, app.senior("omar").await);
    let own = app.order("next-own").push().await;
    amina.ask(&own).amount(1_000).reason("other").accepted().await;
    let dear = app.order("next-dear").captured(500_000, "USD").push().await;
    let dear = app.shop.ask(&dear).amount(250_000).reason("quality").accepted().await;
    amina.approve(&dear, "yes").await.expect(200);
    let (_, page) = waiting(&app, "next").await;
    let mut hers = app.desk_window();
    hers.sign_in("amina").await.is(200);
    hers.send("/desk/queue/next", &[]).await.at(&page).says("It is yours.");
    hers.go("/desk/queue").await;
    hers.send("/desk/queue/next", &[]).await.at("/desk/queue").says("Nothing waits for a decision that nobody holds.");
    omar.approve(&dear, "yes").await.expect(200);
    app.finish().await;
}
