//! What administrators do to others, and what nobody does to themselves: over HTTP, as browsers and programs meet it.

use makegood::domain::access::{Principal, Role};

use crate::harness::{Shown, TestApp, Worker, email_of, password_of};

/// The id of somebody, as their link in the list of people has it.
async fn id_of(app: &TestApp, name: &str) -> String {
    let sql = format!("SELECT user_id AS line FROM users WHERE email = '{}'", email_of(name));
    app.lines(&sql).await.pop().expect("a person")
}

async fn post(window: &mut Worker, page: &str, path: &str, fields: &[(&str, &str)]) -> Shown {
    window.go(page).await.is(200);
    let token = window.shown.hidden("csrf");
    window.post(path, fields, &token).await
}

/// Suspends somebody as an administrator does on their page.
async fn suspend(root: &mut Worker, user_id: &str, colleague: &str) -> Shown {
    let page = format!("/admin/users/{user_id}/suspend");
    post(root, &page, &page, &[("colleague", colleague)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_who_is_suspended_is_out_at_once_with_session_and_key_and_what_they_hold_goes_on() {
    let app = TestApp::replicated().await;
    let mut root = app.working("root", Role::Admin).await;
    let mut agent = app.working("amina", Role::Agent).await;
    app.worker("omar", &[Role::Senior]).await;
    let key = app.token("amina-key", &[makegood::domain::access::Scope::RefundsRead], Some(&email_of("amina"))).await;
    let order = app.order("9000").captured(250_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(120_000).accepted().await;
    key.get(&format!("/v1/refunds/{}", refund.id)).await.expect(200);
    agent.go("/desk/queue").await;
    agent.send(&format!("/desk/refunds/{}/claim", refund.id), &[]).await.is(200);

    let (amina, omar) = (id_of(&app, "amina").await, id_of(&app, "omar").await);
    root.go(&format!("/admin/users/{amina}/suspend")).await.says("They are working on one request.").says("omar");
    // Who cannot decide cannot take over, and nothing happened.
    let auditor = {
        app.worker("auditor", &[Role::Auditor]).await;
        id_of(&app, "auditor").await
    };
    assert_eq!(suspend(&mut root, &amina, &auditor).await.status, 422);
    assert_eq!(suspend(&mut root, &amina, &omar).await.status, 303);

    // The very next click and the very next call, at the same node and at another.
    agent.go("/desk/queue").await.at("/login?next=%2Fdesk%2Fqueue");
    agent.sign_in("amina").await.is(422);
    key.get(&format!("/v1/refunds/{}", refund.id)).await.refused(401, "ERR.AUTHN.required");
    let mut elsewhere = app.desk_window();
    elsewhere.sign_in("omar").await.is(200);
    elsewhere.go("/desk/queue?view=mine").await.says(&refund.id);
    root.go(&format!("/admin/users/{amina}")).await.says("Suspended").says("Let them in again");

    // Let in again, they sign in again: the session that was ended stays ended, and the key works.
    root.send(&format!("/admin/users/{amina}/reactivate"), &[]).await.is(200).says("can sign in again");
    agent.go("/account").await.at("/login?next=%2Faccount");
    agent.sign_in("amina").await.is(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_held_goes_back_to_the_queue_where_nobody_takes_over() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    let mut agent = app.working("amina", Role::Agent).await;
    let order = app.order("9001").captured(250_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(120_000).accepted().await;
    agent.go("/desk/queue").await;
    agent.send(&format!("/desk/refunds/{}/claim", refund.id), &[]).await.is(200);
    let case = format!("/desk/refunds/{}", refund.id);
    root.go("/desk/queue?view=unclaimed").await.hides(&case);
    suspend(&mut root, &id_of(&app, "amina").await, "").await;
    root.go("/desk/queue?view=unclaimed").await.says(&case);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_a_role_that_is_taken_away_counts_from_the_next_click() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    let mut senior = app.working("maker", Role::Senior).await;
    let order = app.order("9002").captured(250_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(50_000).reason("goodwill").accepted().await;
    senior.go(&format!("/desk/refunds/{}/decide?v=approve", refund.id)).await.is(200);
    let token = senior.shown.hidden("csrf");
    let page = format!("/admin/users/{}", id_of(&app, "maker").await);
    root.go(&page).await.is(200);
    let version = root.shown.hidden("version");
    root.send(&format!("{page}/roles"), &[("roles", "finance"), ("version", &version)]).await.is(200);
    let decided =
        senior.post(&format!("/desk/refunds/{}/decision", refund.id), &[("verdict", "approve")], &token).await;
    assert_eq!(decided.status, 403, "{}", decided.html);
    // Who changes the roles from a page of before does not overwrite what they have not seen.
    let stale = root.send(&format!("{page}/roles"), &[("roles", "admin"), ("version", &version)]).await;
    stale.is(412).says("Somebody changed this account");
    root.go(&page).await.says("Finance");
    assert_eq!(app.number("count(*) FROM approvals").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_what_they_themselves_may_do() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    app.worker("other", &[Role::Admin]).await;
    let own = format!("/admin/users/{}", id_of(&app, "root").await);
    root.go(&own).await.says("This is you.").hides("Save the roles").hides("Suspend<");
    let before = app.number("count(*) FROM audit_records").await;
    for (act, fields) in [
        ("roles", vec![("roles", "agent"), ("roles", "admin"), ("version", "1")]),
        ("suspend", vec![]),
        ("sign-out", vec![]),
        ("second-factor", vec![]),
        // A session that somebody left open is no way to a password of one's own.
        ("link", vec![("way", "shown")]),
    ] {
        let shown = post(&mut root, "/account", &format!("{own}/{act}"), &fields).await;
        assert_eq!(shown.status, 403, "{act}: {}", shown.html);
    }
    assert_eq!(app.number("count(*) FROM audit_records").await, before, "nothing was done");
    root.go("/account").await.is(200).at("/account");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_administrators_who_suspend_each_other_one_is_left() {
    let app = TestApp::replicated().await;
    let mut one = app.working("one", Role::Admin).await;
    let mut two = app.working("two", Role::Admin).await;
    let (first, second) = (id_of(&app, "one").await, id_of(&app, "two").await);
    let (left, right) = tokio::join!(suspend(&mut one, &second, ""), suspend(&mut two, &first, ""));
    let done =
        [&left, &right].into_iter().filter(|shown| shown.status == 303 && !shown.location().starts_with("/login"));
    assert_eq!(done.count(), 1, "{} {}", left.status, right.status);
    assert_eq!(app.number("count(*) FROM users WHERE active").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_keeps_its_last_administrator() {
    let app = TestApp::start().await;
    app.worker("root", &[Role::Admin]).await;
    let root = id_of(&app, "root").await.parse().expect("an id");
    let shell = app.context(Principal::Shell);
    // Not even the shell takes the last one away; somebody who was invited and has no password yet is none.
    let mut window = app.desk_window();
    window.sign_in("root").await.is(200);
    window.go("/admin/users/new").await;
    let invited =
        [("name", "New"), ("email", "new@desk.example"), ("locale", "en"), ("roles", "admin"), ("way", "mail")];
    window.send("/admin/users/new", &invited).await.is(200);
    use makegood::services::people::{self, Claims};
    let kept = people::suspend(app.desk(), &shell, &root, Claims::PutBack).await.expect_err("the last one");
    assert_eq!(kept.errors[0].message_id, "field-last-admin");
    let kept =
        people::change_roles(app.desk(), &shell, &root, [Role::Agent].into(), 1).await.expect_err("the last one");
    assert_eq!(kept.errors[0].message_id, "field-last-admin");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_works_once_even_when_it_is_used_twice_at_the_same_moment() {
    let app = TestApp::replicated().await;
    let mut root = app.working("root", Role::Admin).await;
    root.go("/admin/users/new").await.is(200);
    root.send("/admin/users/new", &[("name", ""), ("email", "omar@"), ("way", "mail")]).await.is(422);
    root.shown.says("Enter a name").says("Enter an e-mail address").says("at least one role");
    let fields =
        [("name", "Omar"), ("email", "omar@desk.example"), ("locale", "ar"), ("roles", "senior"), ("way", "shown")];
    root.send("/admin/users/new", &fields).await.is(200).says("It is shown only now.");
    let link = root.shown.between("/welcome?token=", "<");
    root.go("/admin/users").await.says("Omar").says("Invited");
    // The address is taken from now on.
    root.go("/admin/users/new").await;
    root.send("/admin/users/new", &fields).await.is(422).says("Somebody has this email address already.");

    let path = format!("/welcome?token={link}");
    let (mut one, mut two) = (app.desk_window(), app.desk_window());
    // Looking uses nothing up, however many look.
    one.go(&path).await.is(200);
    two.go(&path).await.is(200);
    let (first, second) = (one.shown.hidden("csrf"), two.shown.hidden("csrf"));
    let chosen =
        |password: &'static str| [("token", link.clone()), ("name", "Omar".into()), ("password", password.into())];
    let (mine, theirs) = (chosen("the first of two who came"), chosen("the second of two who came"));
    let fields =
        |all: &[(&'static str, String)]| all.iter().map(|(name, value)| (*name, value.clone())).collect::<Vec<_>>();
    let (mine, theirs) = (fields(&mine), fields(&theirs));
    let mine: Vec<(&str, &str)> = mine.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let theirs: Vec<(&str, &str)> = theirs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (left, right) = tokio::join!(one.post("/welcome", &mine, &first), two.post("/welcome", &theirs, &second));
    let statuses = [left.status, right.status];
    assert!(statuses == [303, 404] || statuses == [404, 303], "{statuses:?}");
    let password = if left.status == 303 { "the first of two who came" } else { "the second of two who came" };
    one.sign_in_with("omar@desk.example", password).await.is(200).at("/desk/queue");
    one.go(&path).await.is(404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_finish_the_set_up_at_once_one_is_the_administrator() {
    let app = TestApp::replicated().await;
    let secret = "st_the-link-of-the-set-up";
    let shell = app.context(Principal::Shell);
    makegood::services::set_up::make_link(app.desk(), &shell, secret, true).await.expect("a link");
    let mut windows = Vec::new();
    for name in ["one", "two"] {
        let mut window = app.desk_window();
        window.go(&format!("/setup?token={secret}")).await.is(200);
        let token = window.shown.hidden("csrf");
        windows.push((name, window, token));
    }
    let mut attempts = tokio::task::JoinSet::new();
    for (name, mut window, token) in windows {
        attempts.spawn(async move {
            let (email, password) = (email_of(name), password_of(name));
            let fields =
                [("token", secret), ("name", name), ("email", &email), ("locale", "en"), ("password", &password)];
            window.post("/setup", &fields, &token).await.status
        });
    }
    let mut statuses = attempts.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303, "{statuses:?}");
    assert!(statuses[1] >= 400 && statuses[1] < 500, "{statuses:?}");
    assert_eq!(app.number("count(*) FROM user_roles WHERE role = 'admin'").await, 1);
    assert_eq!(app.number("count(*) FROM users").await, 1);
    app.desk_window().go(&format!("/setup?token={secret}")).await.is(404);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_may_not_open_is_not_in_the_navigation() {
    let app = TestApp::start().await;
    let areas = ["href=\"/developers/keys\"", "href=\"/audit\"", "href=\"/admin/users\"", "href=\"/admin/flags\""];
    for (role, seen) in [
        (Role::Agent, [false, false, false, false]),
        (Role::Finance, [false, false, false, false]),
        (Role::Risk, [false, false, false, true]),
        (Role::Auditor, [true, true, true, false]),
        (Role::Admin, [true, true, true, false]),
    ] {
        let mut window = app.working(role.as_str(), role).await;
        window.go("/account").await.is(200);
        for (area, seen) in areas.iter().zip(seen) {
            assert_eq!(window.shown.html.contains(area), seen, "{role}: {area}");
        }
    }
    // An auditor sees people and changes nothing: no button that would be refused.
    let mut auditor = app.desk_window();
    auditor.sign_in("auditor").await;
    for page in ["/admin/users", "/admin/dlq", "/admin/flags", "/developers/keys"] {
        auditor.go(page).await.is(200);
        let forms = auditor.shown.html.matches("method=\"post\"").count();
        assert!(forms <= 3, "{page} has forms beside those of every page");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flags_belong_to_risk_hold_at_once_and_stand_in_the_trail() {
    let app = TestApp::start().await;
    let mut risk = app.working("rita", Role::Risk).await;
    let order = app.order("9003").push().await;
    risk.go("/admin/flags?order=9003").await.is(200).says("On for order 9003");
    for wrong in ["", "101", "-1", "half"] {
        risk.send("/admin/flags", &[("flag", "refunds.v1"), ("share", wrong)]).await.is(422).says("from 0 to 100");
    }
    risk.send("/admin/flags", &[("flag", "refunds.v1"), ("share", "0 %")]).await.is(200).says("Set by rita");
    app.shop.ask(&order).amount(100).reason("other").send().await.refused(503, "ERR.UNAVAILABLE");
    risk.go("/admin/flags?order=9003").await.says("Off for order 9003");
    risk.send("/admin/flags", &[("flag", "refunds.v1"), ("share", "١٠٠")]).await.is(200).says("On for all orders");
    app.shop.ask(&order).amount(100).reason("other").accepted().await;
    let told = app.lines("SELECT before_json || after_json AS line FROM audit_records WHERE action = 'flag.change' ORDER BY audit_id").await;
    assert_eq!(told, [r#"{"share_pct":100}{"share_pct":0}"#, r#"{"share_pct":0}{"share_pct":100}"#]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_show_where_they_were_said_and_no_secret() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    root.go("/admin/settings").await.is(200).says("secret_key").says("Command line").says("limits");
    for secret in ["bWFrZWdvb2Qtc3VpdGUtc2VjcmV0LTMyLWJ5dGVzISE=", "whsec_"] {
        root.shown.hides(secret);
    }
    root.go("/admin/diagnostics")
        .await
        .is(200)
        .says("Everything is well.")
        .says("every migration applied")
        .says("agrees with the database");
    app.finish().await;
}
