//! Signing in, and what attacks it: guessing, planted sessions, old ones, addresses that lead away, names that are not ours.

use makegood::config::Config;
use makegood::domain::access::Role;

use crate::harness::{Shown, TestApp, Worker, email_of, password_of};

/// A desk behind a proxy on this machine, which tells where windows are.
fn behind_a_proxy(config: &mut Config) {
    config.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
}

async fn guess(window: &mut Worker, email: &str) -> Shown {
    window.go("/login").await;
    window.send("/login", &[("email", email), ("password", "wrong")]).await.clone()
}

/// A page without what differs from one showing to the next: the token of its forms, what was typed, the reference.
fn without_its_own(shown: &Shown, typed: &str) -> String {
    let lines = shown.html.lines().filter(|line| !line.contains("name=\"csrf\"") && !line.contains("class=\"about\""));
    lines.collect::<Vec<_>>().join("\n").replace(typed, "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_known_is_told_the_same_as_who_is() {
    let app = TestApp::start().await;
    app.worker("amina", &[Role::Agent]).await;
    app.worker("gone", &[Role::Agent]).await;
    app.execute("UPDATE users SET active = FALSE WHERE email = 'gone@desk.example'").await.expect("an update");
    let mut told = Vec::new();
    for name in ["amina", "gone", "nobody"] {
        let shown = guess(&mut app.desk_window(), &email_of(name)).await;
        assert_eq!(shown.status, 422);
        told.push(without_its_own(&shown, &email_of(name)));
        let mut window = app.desk_window();
        window.go("/login/forgot").await;
        window.send("/login/forgot", &[("email", &email_of(name))]).await.is(200).at("/login/forgot/sent");
        told.push(without_its_own(&window.shown, &email_of(name)));
    }
    assert!(told.chunks(2).all(|pair| pair == &told[..2]), "{told:#?}");
    // The suspended one gives the right password, and is told no more than with a wrong one.
    let mut window = app.desk_window();
    let shown = window.sign_in("gone").await;
    assert_eq!(without_its_own(shown, &email_of("gone")), told[0]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_by_account_and_by_address_and_said_in_words() {
    let app = TestApp::start_with(behind_a_proxy).await;
    app.worker("amina", &[Role::Agent]).await;
    app.worker("omar", &[Role::Agent]).await;
    let email = email_of("amina");
    for host in 1..=10 {
        let mut window = app.desk_window().coming_from(&format!("192.0.2.{host}"));
        assert_eq!(guess(&mut window, &email).await.status, 422);
    }
    // The account is closed to strangers, wherever they are, even with the right password.
    let mut elsewhere = app.desk_window().coming_from("198.51.100.1");
    elsewhere.sign_in("amina").await.is(429).says("There were too many attempts.").says("seconds");
    assert!(elsewhere.shown.headers.contains_key("retry-after"));
    elsewhere.go("/account").await.at("/login?next=%2Faccount");
    // Another account is not.
    elsewhere.sign_in("omar").await.is(200).at("/desk/queue");
    // An address that tries many accounts is closed, and another is not.
    let mut spraying = app.desk_window().coming_from("203.0.113.5");
    for number in 0..10 {
        assert_eq!(guess(&mut spraying, &format!("person{number}@desk.example")).await.status, 422);
    }
    spraying.sign_in("omar").await.is(429);
    app.desk_window().coming_from("203.0.114.5").sign_in("omar").await.is(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_locks_nobody_out_of_a_device_that_they_know() {
    let app = TestApp::start_with(behind_a_proxy).await;
    let mut hers = app.working("amina", Role::Agent).await.coming_from("192.0.2.1");
    hers.go("/account").await;
    hers.send("/logout", &[]).await.says("You are signed out.");
    let mut stranger = app.desk_window().coming_from("192.0.2.1");
    for _ in 0..12 {
        guess(&mut stranger, &email_of("amina")).await;
    }
    stranger.sign_in("amina").await.is(429);
    hers.sign_in("amina").await.is(200).at("/desk/queue");
    // The cookie is worth nothing for another account, or changed.
    let device = hers.cookies["makegood_device"].clone();
    stranger.cookies.insert("makegood_device".to_owned(), device.replace('.', "x."));
    stranger.sign_in("amina").await.is(429);
    stranger.cookies.insert("makegood_device".to_owned(), device);
    app.worker("omar", &[Role::Agent]).await;
    stranger.sign_in("omar").await.is(429);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_guesses_at_once_count_as_many() {
    let app = TestApp::start().await;
    app.worker("amina", &[Role::Agent]).await;
    let mut window = app.desk_window();
    window.go("/login").await;
    let token = window.shown.hidden("csrf");
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (mut window, token) = (window.clone(), token.clone());
        guesses.spawn(async move {
            window.post("/login", &[("email", &email_of("amina")), ("password", "wrong")], &token).await.status
        });
    }
    let answers = guesses.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 422).count(), 10, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 30, "{answers:?}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_planted_is_not_the_one_that_is_signed_in() {
    let app = TestApp::start().await;
    app.worker("amina", &[Role::Agent]).await;
    app.order("1042").push().await;
    // A session of a customer, which somebody put into her browser.
    let mut window = app.opened("1042").await;
    let planted = window.cookies["makegood_session"].clone();
    window.sign_in("amina").await.is(200).at("/desk/queue");
    let hers = window.cookies["makegood_session"].clone();
    assert_ne!(planted, hers);
    let mut thief = app.desk_window();
    thief.cookies.insert("makegood_session".to_owned(), planted);
    thief.go("/account").await.at("/login?next=%2Faccount");
    thief.go("/refunds/orders/1042").await.at("/refunds?ended");
    // The token of her forms from before is worth nothing either.
    let mut before = app.desk_window();
    before.go("/login").await;
    let token = before.shown.hidden("csrf");
    before.sign_in("amina").await.is(200);
    assert_eq!(before.post("/account/sessions/end-others", &[], &token).await.status, 403);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_by_idleness_by_age_and_by_signing_out() {
    let app = TestApp::start().await;
    for (name, ended) in [
        ("idle", "UPDATE sessions SET expires_at = seen_at"),
        // However busy: twelve hours and a second after it began.
        ("old", "UPDATE sessions SET created_at = created_at - 43201000000"),
    ] {
        let mut window = app.working(name, Role::Agent).await;
        window.go("/account").await.at("/account");
        app.execute(ended).await.expect("an update");
        window.go("/account").await.at("/login?next=%2Faccount");
    }
    let mut window = app.working("out", Role::Agent).await;
    let kept = window.clone();
    window.send("/logout", &[]).await.says("You are signed out.");
    for mut window in [window, kept] {
        window.go("/account").await.at("/login?next=%2Faccount");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_door_leads_nowhere_but_to_pages_of_ours() {
    let app = TestApp::start().await;
    app.worker("amina", &[Role::Agent]).await;
    let password = password_of("amina");
    for (next, landed) in [
        ("/desk/refunds?state=failed", "/desk/refunds?state=failed"),
        ("https://evil.example/", "/desk/queue"),
        ("//evil.example", "/desk/queue"),
        ("/\\evil.example", "/desk/queue"),
        ("/\t/evil.example", "/desk/queue"),
        ("javascript:alert(1)", "/desk/queue"),
        ("\r\nLocation: https://evil.example", "/desk/queue"),
        ("", "/desk/queue"),
    ] {
        let mut window = app.desk_window();
        window.go("/login").await;
        let token = window.shown.hidden("csrf");
        let fields = [("email", email_of("amina")), ("password", password.clone()), ("next", next.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let shown = window.post("/login", &fields, &token).await;
        assert_eq!((shown.status, shown.location()), (303, landed), "{next:?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_for_the_desk_is_believed_nowhere() {
    let app = TestApp::start().await;
    app.worker("amina", &[Role::Agent]).await;
    let mut window = app.desk_window();
    for name in ["host", "x-forwarded-host", "forwarded"] {
        let value = if name == "forwarded" { "host=evil.example" } else { "evil.example" };
        window.headers.insert(name, value.to_owned());
    }
    window.go("/login/forgot").await.hides("evil.example");
    window.send("/login/forgot", &[("email", &email_of("amina"))]).await.is(200).hides("evil.example");
    let answer = window.once("GET", "/account", None).await;
    assert_eq!(answer.location(), "/login?next=%2Faccount");
    app.quiet().await;
    window.go("/dev/mail").await;
    let letter = window.shown.between("href=\"/dev/mail/", "\"");
    window.go(&format!("/dev/mail/{letter}")).await.says("/welcome?token=").hides("evil.example");
    app.finish().await;
}
