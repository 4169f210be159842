//! Evidence over the pages: a customer shows what there is to show, the desk looks at it.

use crate::harness::{Form, TestApp, Window, files};

const STEP: &str = "/refunds/new/evidence";

/// A customer who has come to the question for evidence.
async fn at_the_question(app: &TestApp, id: &str) -> Window {
    let order = app.order(id).push().await;
    let mut window = app.customer_of(&order).await;
    window.send("/refunds/new", &[("order_id", id)]).await;
    window.send("/refunds/new/items", &[("line", "1"), ("quantity:1", "1")]).await;
    window.send("/refunds/new/reason", &[("reason", "other"), ("note", "The lid is broken.")]).await;
    let seen = window.hidden("seen_remaining_minor");
    window.send("/refunds/new/amount", &[("seen_remaining_minor", &seen), ("share", "all")]).await;
    window.shows(STEP, "Do you have something to show us?");
    window
}

/// The id behind the nth "Remove".
fn id_of(window: &Window, nth: usize) -> String {
    let text = window.text();
    let found = text.split("value=\"remove-").nth(nth + 1).unwrap_or_else(|| panic!("no file {nth}:\n{text}"));
    found.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_shows_files_without_scripts_and_the_desk_sees_them() {
    let app = TestApp::start().await;
    app.agent("agent").await;
    let mut window = at_the_question(&app, "show-1").await;
    let (photo, heic, bill) = (files::photo(), files::heic(), files::pdf(3));
    // Of three files one is wrong: it is told, and the others are kept.
    window
        .send_files(STEP, |form| {
            form.file("file", "lid.jpg", "image/jpeg", &photo)
                .file("file", "photo.heic", "image/heic", &heic)
                .file("file", "bill.pdf", "application/pdf", &bill)
                .text("do", "continue")
        })
        .await;
    assert_eq!(window.page().status, 422);
    window.shows(STEP, "photo.heic: This is a HEIC photo.");
    assert!(window.text().contains("lid.jpg") && window.text().contains("bill.pdf"));
    assert!(window.text().contains("<title>Error: "), "{}", window.text());

    let (lid, bill_id) = (id_of(&window, 0), id_of(&window, 1));
    let (alt, remove) = (format!("alt-{lid}"), format!("remove-{bill_id}"));
    window.send_files(STEP, |form| form.text(&alt, "The lid, in two halves").text("do", &remove)).await;
    window.shows(STEP, "value=\"The lid, in two halves\"");
    assert!(!window.text().contains("bill.pdf"));
    // A browser sends an empty part where no file was chosen.
    window
        .send_files(STEP, |form| {
            form.text(&alt, "The lid, in two halves")
                .file("file", "", "application/octet-stream", b"")
                .text("do", "continue")
        })
        .await;
    window.shows("/refunds/new/check", "lid.jpg");
    let key = window.hidden("key");
    window.send("/refunds/new/check", &[("key", &key)]).await;
    let status = window.path.clone();
    window.shows(&status, "lid.jpg");
    window.shows(&status, "The lid, in two halves");

    // More can be added while nobody has decided.
    let more = format!("{status}/evidence");
    window.go(&more).await;
    window
        .send_files(&more, |form| form.file("file", "second.png", "image/png", &files::screenshot()).text("do", "add"))
        .await;
    window.shows(&status, "We have your files.");
    window.shows(&status, "second.png");

    let refund_id = status.rsplit('/').next().unwrap().to_owned();
    let base = format!("/desk/refunds/{refund_id}/evidence");
    let mut agent = app.signed_in("agent").await;
    agent.go(&format!("{base}/1/image?w=64&rot=90")).await;
    let seen = agent.page().clone().expect(200);
    let drawn = image::load_from_memory(&seen.bytes).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (48, 64));
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
    assert!(seen.header("content-security-policy").contains("default-src 'none'"));
    assert!(seen.header("content-security-policy").contains("sandbox"));
    agent.go(&format!("{base}/1/original")).await;
    let original = agent.page().clone().expect(200);
    assert_eq!(original.bytes, photo);
    assert_eq!(original.header("content-disposition"), "attachment; filename=\"lid.jpg\"");
    assert!(original.header("content-security-policy").contains("sandbox"));
    assert_eq!(original.header("cache-control"), "private, no-store");
    for missing in ["3/image", "0/image", "x/image", "1.5/original"] {
        agent.go(&format!("{base}/{missing}")).await;
        assert_eq!(agent.page().status, 404, "{missing}");
    }

    agent.go(&format!("/desk/refunds/{refund_id}")).await;
    agent.send(&format!("{base}/1/alt"), &[("alt", "A kettle's lid, cracked across")]).await;
    agent.shows(&format!("{base}/1"), "The description is kept.");
    let shown = app.shop.get(&format!("/v1/refunds/{refund_id}")).await.expect(200).json();
    assert_eq!(shown["evidence"][0]["alt"], "A kettle's lid, cracked across");
    let told = app.lines("SELECT action AS line FROM audit_records WHERE subject LIKE 'evidence:%' AND actor LIKE 'user:%' ORDER BY audit_id").await;
    assert_eq!(told, ["evidence.view", "evidence.download", "evidence.describe"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_so_many_files_and_only_with_the_forms_token() {
    let app = TestApp::start().await;
    let mut window = at_the_question(&app, "show-2").await;
    let photo = files::plain_photo();
    let six =
        |form: Form| (0..6).fold(form, |form, nth| form.file("file", &format!("{nth}.jpg"), "image/jpeg", &photo));
    window.send_files(STEP, |form| six(form).text("do", "add")).await;
    window.shows(STEP, "5.jpg: 5 files at most.");
    assert_eq!(app.number("count(*) FROM evidence").await, 5);

    let stolen = Form::default().file("file", "x.jpg", "image/jpeg", &photo).text("csrf", "guessed");
    window.send_files_as(STEP, &stolen).await;
    assert_eq!(window.page().status, 403);
    assert_eq!(app.number("count(*) FROM evidence").await, 5);

    let order = app.order("show-3").push().await;
    let mut other = app.customer_of(&order).await;
    other.go(STEP).await;
    assert_eq!(other.path, "/refunds", "nothing is being written");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_customer_sent_is_seen_by_the_desk_only() {
    let app = TestApp::start().await;
    app.person("finance", makegood::domain::access::Role::Finance).await;
    let order = app.order("show-4").push().await;
    let uri = app.shop.uploaded("photo.jpg", &files::photo()).await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").evidence(&[&uri]).accepted().await;
    let image = format!("/desk/refunds/{}/evidence/1/image", refund.id);
    let mut stranger = app.window();
    stranger.go(&image).await;
    assert!(stranger.path.starts_with("/login"), "{}", stranger.path);
    let mut customer = app.customer_of(&order).await;
    customer.go(&image).await;
    assert_ne!(customer.page().header("content-type"), "image/jpeg");
    let mut finance = app.signed_in("finance").await;
    finance.go(&image).await;
    assert_eq!(finance.page().status, 403);
    assert_eq!(app.number("count(*) FROM audit_records WHERE action = 'evidence.view'").await, 0);
    app.finish().await;
}
