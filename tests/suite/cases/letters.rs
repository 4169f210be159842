//! Letters and forms: CASES section 9, F93 to F97, as far as they concern what is written; and links that wait to be mailed.

use std::time::Duration;

use makegood::domain::access::Role;
use makegood::services::housekeeping;

use crate::harness::{PostOffice, Refund, TestApp, eventually};

/// Letters are written within seconds.
const PATIENCE: Duration = Duration::from_secs(30);

async fn waiting(app: &TestApp, order_id: &str, email: &str) -> Refund {
    let order = app.order(order_id).customer(email, "en").push().await;
    app.shop.ask(&order).amount(2_000).reason("other").accepted().await
}

/// Waits until a query finds this many rows of the outbox.
async fn until_rows(app: &TestApp, with: &str, count: i64) {
    let sql = format!("count(*) FROM outbox WHERE kind = 'mail' AND {with}");
    let found = eventually(PATIENCE, async || app.number(&sql).await == count).await;
    assert!(found, "{with}: {:?}", app.lines("SELECT status || ' ' || payload AS line FROM outbox").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f93_a_letter_that_bounces_stops_nothing_and_is_sent_again_by_a_person() {
    let post = PostOffice::open();
    let app = TestApp::mailing(&post).await;
    post.refuse("gone@buyers.example", "550 5.1.1 <gone@buyers.example> no such user");
    let refund = waiting(&app, "9301", "gone@buyers.example").await;
    app.agent("agent").await.approve(&refund, "fine").await.expect(200);
    app.until(&refund, "completed").await;
    until_rows(&app, "status = 'dead'", 3).await;
    assert!(post.taken().is_empty());

    let mut amina = app.working("amina", Role::Agent).await;
    let messages = format!("/desk/refunds/{}/messages", refund.id);
    amina.go(&messages).await.says("Not delivered.").says("no such user").hides("gone@buyers.example");
    let letters = app.lines("SELECT outbox_id AS line FROM outbox WHERE status = 'dead' ORDER BY outbox_id").await;
    let again = |letter: &str| format!("/desk/refunds/{}/letters/{letter}/again", refund.id);
    post.welcome("gone@buyers.example");
    amina.send(&again(&letters[0]), &[]).await.is(200).says("The letter is sent again.");
    until_rows(&app, "status = 'done'", 1).await;
    amina.send(&again(&letters[0]), &[]).await.is(200).says("on its way already, or was taken");
    assert_eq!(post.taken().len(), 1);
    assert_eq!(post.taken()[0].kind, "received");
    let audited = app.number("count(*) FROM audit_records WHERE action = 'letter.send_again'").await;
    assert_eq!(audited, 1, "a press that changed nothing leaves no record of a change");

    let other = waiting(&app, "9302", "other@buyers.example").await;
    let foreign = format!("/desk/refunds/{}/letters/{}/again", other.id, letters[1]);
    amina.send(&foreign, &[]).await.is(404);
    app.finish_leaving(&["outbox mail dead"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f93_a_letter_of_unknown_fate_is_never_repeated_by_itself() {
    let post = PostOffice::open();
    let app = TestApp::mailing(&post).await;
    post.hang_up_on("deaf@buyers.example");
    let refund = waiting(&app, "9303", "deaf@buyers.example").await;
    until_rows(&app, "status = 'unknown'", 1).await;
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go(&format!("/desk/refunds/{}/messages", refund.id)).await.says("Nobody knows whether it arrived.");
    // Another letter goes the same way while this one waits for a person.
    app.shop.act(&refund, "cancel").await.expect(200);
    let next = waiting(&app, "9304", "fine@buyers.example").await;
    let taken = async || post.taken().iter().any(|mail| mail.refund_id == next.id);
    assert!(eventually(PATIENCE, taken).await);
    assert_eq!(post.taken().iter().filter(|mail| mail.refund_id == refund.id).count(), 1);
    app.finish_leaving(&["outbox mail unknown"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f94_no_letter_says_more_than_the_state_in_either_direction() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = 600_000).await;
    for (locale, direction) in [("en", "ltr"), ("ar", "rtl")] {
        let id = format!("94-{locale}");
        let order = app.order(&id).mode("pending_then_succeeded").customer(&format!("{id}@buyers.example"), locale);
        let refund = app.shop.ask(&order.push().await).amount(1_000).accepted().await;
        app.until(&refund, "provider_pending").await;
        app.quiet_but(&["outbox poll", "simulator webhook"]).await;
        assert_eq!(app.letters(&refund), ["received", "approved", "submitted"], "nothing says that it is complete");
        for mail in app.mails().into_iter().filter(|mail| mail.refund_id == refund.id) {
            assert!(mail.html.contains(&format!("<html lang=\"{locale}\" dir=\"{direction}\">")), "{}", mail.html);
            assert!(!mail.text.contains('<') && mail.text.contains(&refund.id), "{}", mail.text);
            let marks = ['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
            assert!(!mail.subject.contains(marks), "{}", mail.subject);
        }
    }
    app.finish_leaving(&["outbox poll", "simulator webhook"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f95_what_people_write_stands_in_its_own_rows_and_nowhere_else() {
    const MARK: &str = "canary-5f1e";
    let app = TestApp::start().await;
    let email = format!("{MARK}@buyers.example");
    let refund = waiting(&app, "9501", &email).await;
    let mut amina = app.working("amina", Role::Agent).await;
    let desk = format!("/desk/refunds/{}", refund.id);
    amina.go(&format!("{desk}/messages")).await;
    amina.send(&format!("{desk}/messages"), &[("message", &format!("To you: {MARK}"))]).await.is(200);
    amina.send(&format!("{desk}/notes"), &[("staff-note", &format!("Of you: {MARK}"))]).await.is(200);
    let mut zoe = app.opened("9501").await;
    let mine = format!("/refunds/r/{}", refund.id);
    zoe.go(&mine).await.is(200);
    let form = zoe.shown.hidden("form");
    zoe.send(&format!("{mine}/messages"), &[("message", &format!("To us: {MARK}")), ("form", &form)]).await.is(200);
    app.agent("omar").await.deny(&refund, &format!("No: {MARK}")).await.expect(200);
    zoe.go(&format!("{mine}/appeal")).await;
    zoe.send(&format!("{mine}/appeal"), &[("why", &format!("Why: {MARK}"))]).await.is(200);
    app.quiet().await;

    for (table, columns) in [
        ("outbox", "payload || COALESCE(last_error, '') || dedupe_key"),
        ("audit_records", "subject || actor || COALESCE(before_json, '') || COALESCE(after_json, '')"),
        ("transitions", "actor || event || correlation_id"),
        ("idempotency", "idempotency_key || fingerprint || COALESCE(location, '') || body"),
        ("decisions", "facts || outcome"),
        ("appeals", "denied_id || appeal_id"),
    ] {
        let found = app.lines(&format!("SELECT {columns} AS line FROM {table}")).await;
        assert!(!found.is_empty(), "{table}");
        let told: Vec<&String> = found.iter().filter(|line| line.contains(MARK)).collect();
        assert!(told.is_empty(), "{table}: {told:?}");
    }
    let events = app.shop.get(&format!("/v1/refunds/{}/events", refund.id)).await.expect(200);
    assert!(!events.text().contains(MARK), "{}", events.text());
    let metrics = app.stranger().get("/metrics").await.expect(200);
    assert!(!metrics.text().contains(MARK));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f97_what_is_pressed_twice_is_written_once() {
    let app = TestApp::replicated().await;
    let refund = waiting(&app, "9701", "zoe@buyers.example").await;
    let (mine, desk) = (format!("/refunds/r/{}", refund.id), format!("/desk/refunds/{}", refund.id));
    let mut zoe = app.opened("9701").await;
    zoe.go(&mine).await.is(200);
    let (token, form) = (zoe.shown.hidden("csrf"), zoe.shown.hidden("form"));
    let write = format!("{mine}/messages");
    let (hello, more) = ([("message", "Hello"), ("form", &*form)], [("message", "And"), ("form", &*form)]);
    let (mut first, mut second) = (zoe.clone(), zoe.clone());
    let (one, two) = tokio::join!(first.post(&write, &hello, &token), second.post(&write, &hello, &token));
    assert_eq!((one.status, two.status), (303, 303));
    // Who goes back and writes something else has something else to say.
    assert_eq!(zoe.post(&write, &more, &token).await.status, 303);
    assert_eq!(zoe.post(&write, &hello, "wrong").await.status, 403);
    assert_eq!(app.number("count(*) FROM messages").await, 2);

    let mut amina = app.working("amina", Role::Agent).await;
    amina.go(&format!("{desk}/messages")).await.is(200);
    let (token, form) = (amina.shown.hidden("csrf"), amina.shown.hidden("form"));
    let letter = [("message", "We are on it"), ("form", &*form), ("do", "send")];
    let (mut first, mut second) = (amina.clone(), amina.clone());
    let send = format!("{desk}/messages");
    let (one, two) = tokio::join!(first.post(&send, &letter, &token), second.post(&send, &letter, &token));
    assert_eq!((one.status, two.status), (303, 303));
    app.quiet().await;
    assert_eq!(app.letters(&refund), ["received", "agent_message"]);

    app.agent("omar").await.deny(&refund, "no").await.expect(200);
    let appeal = format!("{mine}/appeal");
    zoe.go(&appeal).await.is(200);
    let token = zoe.shown.hidden("csrf");
    let (mut first, mut second) = (zoe.clone(), zoe.clone());
    let why = [("why", "Please")];
    let (one, two) = tokio::join!(first.post(&appeal, &why, &token), second.post(&appeal, &why, &token));
    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(one.location(), two.location());
    assert_eq!(app.number("count(*) FROM refunds").await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_the_database_opens_no_link() {
    let app = TestApp::start().await;
    app.order("9801").customer("zoe@buyers.example", "en").push().await;
    app.order("9802").customer("eve@buyers.example", "en").push().await;
    let mut zoe = app.desk_window();
    zoe.go("/refunds").await;
    zoe.send("/refunds", &[("order_id", "9801"), ("email", "zoe@buyers.example")]).await.is(200);
    let mut eve = app.desk_window();
    eve.go("/refunds").await;
    eve.send("/refunds", &[("order_id", "9802"), ("email", "eve@buyers.example")]).await.is(200);
    app.quiet().await;
    let mails = app.mails();
    let url = |to: &str| {
        let mail = mails.iter().find(|mail| mail.to == to).expect("a letter");
        mail.text.lines().find(|line| line.contains("/refunds/verify/")).expect("a link").to_owned()
    };
    let link = url("zoe@buyers.example");
    let secret = link.rsplit('/').next().expect("a secret").to_owned();
    for (table, columns) in [("outbox", "payload"), ("links", "link_hash || purpose || COALESCE(order_id, '')")] {
        let rows = app.lines(&format!("SELECT {columns} AS line FROM {table}")).await;
        assert!(rows.len() == 2 && !rows.iter().any(|row| row.contains(&secret)), "{rows:?}");
    }
    let path = format!("/refunds/verify/{secret}");
    zoe.go(&path).await.is(200);
    zoe.send(&path, &[]).await.is(200).at("/refunds/orders/9801");
    let mut again = app.desk_window();
    again.go(&path).await.is(404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_are_over_are_removed() {
    let app = TestApp::start_with(|config| config.workers = false).await;
    app.worker("amina", &[Role::Agent]).await;
    app.order("9901").customer("zoe@buyers.example", "en").push().await;
    let mut window = app.desk_window();
    window.go("/refunds").await;
    window.send("/refunds", &[("order_id", "9901"), ("email", "zoe@buyers.example")]).await.is(200);
    window.go("/login/forgot").await;
    window.send("/login/forgot", &[("email", "amina@desk.example")]).await.is(200);
    let counts = async || {
        (
            app.number("count(*) FROM links").await,
            app.number("count(*) FROM staff_links WHERE purpose = 'password'").await,
        )
    };
    assert_eq!(counts().await, (1, 1));
    assert_eq!(housekeeping::purge_links(app.desk(), app.now()).await.expect("a purge"), 0);
    let later = app.now() + jiff::SignedDuration::from_hours(1);
    assert!(housekeeping::purge_links(app.desk(), later).await.expect("a purge") >= 2);
    assert_eq!(counts().await, (0, 0));
    app.begin_work();
    app.finish().await;
}
