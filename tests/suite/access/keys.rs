//! API keys made on a page: shown once, no stronger than their maker, rotated with an overlap, ended at once.

use jiff::SignedDuration;
use makegood::domain::access::Role;

use crate::harness::{TestApp, Worker, email_of};

/// The text of a key that a page shows.
fn text_of(window: &Worker) -> String {
    window.shown.between("spellcheck=\"false\">", "<")
}

async fn id_of(app: &TestApp, name: &str) -> String {
    let sql = format!("SELECT token_id AS line FROM api_tokens WHERE name = '{name}'");
    app.lines(&sql).await.pop().expect("a token")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_shown_once_and_is_told_by_its_beginning() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    root.go("/developers/keys/new").await.is(200).says("id=\"name\" name=\"name\" type=\"text\" value=\"\"");
    root.send("/developers/keys/new", &[("name", " "), ("ends", "90")])
        .await
        .is(422)
        .says("Enter a name")
        .says("Choose at least one");
    let fields = [("name", "back end"), ("scopes", "refunds:read"), ("scopes", "refunds:create"), ("ends", "30")];
    root.send("/developers/keys/new", &fields).await.is(200).says("It is shown only now.");
    let text = text_of(&root);
    assert!(text.starts_with("mg_") && text.len() == 46, "{text}");
    // The same again by reloading makes no second key.
    root.go("/developers/keys/new").await;
    root.send("/developers/keys/new", &fields).await.is(422).says("A token has this name already.");
    root.go("/developers/keys").await.is(200).says("back end").says(&text[..11]).hides(&text);
    assert!(
        !app.lines("SELECT token_hash || prefix AS line FROM api_tokens").await.iter().any(|line| line.contains(&text))
    );

    let key = app.caller_with(&text);
    key.get("/v1/refunds").await.expect(200);
    key.get("/v1/orders/9100").await.refused(403, "ERR.AUTHZ.scope");
    root.go("/developers/keys").await.says("Ends");
    app.shift_clock(SignedDuration::from_hours(24 * 30));
    key.get("/v1/refunds").await.refused(401, "ERR.AUTHN.required");
    root.sign_in("root").await;
    root.go("/developers/keys").await.says("Keys that do not work any more");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rotation_both_texts_work_for_as_long_as_was_said() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    root.go("/developers/keys/new").await;
    root.send("/developers/keys/new", &[("name", "shop"), ("scopes", "refunds:read"), ("ends", "0")]).await.is(422);
    root.send("/developers/keys/new", &[("name", "mine"), ("scopes", "refunds:read"), ("ends", "0")]).await.is(200);
    let before = text_of(&root);
    let page = format!("/developers/keys/{}/rotate", id_of(&app, "mine").await);
    root.go(&page).await.is(200).says("Give mine a new text?");
    root.send(&page, &[("overlap", "1")]).await.is(200).says("The text before works until");
    let after = text_of(&root);
    assert_ne!(before, after);
    let (old, new) = (app.caller_with(&before), app.caller_with(&after));
    old.get("/v1/refunds").await.expect(200);
    new.get("/v1/refunds").await.expect(200);
    app.shift_clock(SignedDuration::from_mins(59));
    old.get("/v1/refunds").await.expect(200);
    app.shift_clock(SignedDuration::from_mins(1));
    old.get("/v1/refunds").await.refused(401, "ERR.AUTHN.required");
    new.get("/v1/refunds").await.expect(200);

    // Revoked, it stops at once, here where nobody waits for a second to pass.
    root.go("/developers/keys").await;
    root.send(&format!("/developers/keys/{}/revoke", id_of(&app, "mine").await), &[]).await.is(200).says("is revoked");
    new.get("/v1/refunds").await.refused(401, "ERR.AUTHN.required");
    let token = root.shown.hidden("csrf");
    let again = root.post(&page, &[("overlap", "1")], &token).await;
    assert_eq!(again.status, 409, "{}", again.html);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_does_no_more_than_its_maker_can_today_and_only_its_owner_gets_a_new_text() {
    let app = TestApp::start().await;
    let mut root = app.working("root", Role::Admin).await;
    let mut other = app.working("other", Role::Admin).await;
    root.go("/developers/keys/new").await;
    root.send(
        "/developers/keys/new",
        &[
            ("name", "mine"),
            ("scopes", "refunds:create"),
            ("scopes", "refunds:read"),
            ("scopes", "finance:read"),
            ("ends", "90"),
        ],
    )
    .await
    .is(200);
    let key = app.caller_with(&text_of(&root));
    key.get("/v1/refunds").await.expect(200);
    let order = app.order("9101").push().await;
    key.ask(&order).amount(1_000).reason("other").accepted().await;
    let page = format!("/developers/keys/{}/rotate", id_of(&app, "mine").await);
    // Another administrator may end it, but is not told a text that acts as its owner.
    other.go("/developers/keys").await.is(200).says("mine").hides("/rotate\"");
    other.go(&page).await.is(403);
    let token = {
        other.go("/account").await;
        other.shown.hidden("csrf")
    };
    assert_eq!(other.post(&page, &[("overlap", "1")], &token).await.status, 403);
    // Its maker goes over to finance, which reads refunds and asks for none: so does the key, from the next call on.
    let maker = app
        .lines(&format!("SELECT user_id AS line FROM users WHERE email = '{}'", email_of("root")))
        .await
        .pop()
        .expect("a person");
    other.go(&format!("/admin/users/{maker}")).await;
    let version = other.shown.hidden("version");
    other.send(&format!("/admin/users/{maker}/roles"), &[("roles", "finance"), ("version", &version)]).await.is(200);
    key.get("/v1/refunds").await.expect(200);
    key.ask(&order).amount(1_001).reason("other").send().await.refused(403, "ERR.AUTHZ.scope");
    root.go("/developers/keys").await.is(403);
    app.finish().await;
}
