//! Section 9, files: what is taken and what is refused, by content and in words; whose they are; what they change.

use makegood::domain::access::Principal;
use serde_json::json;

use crate::harness::{Form, TestApp, files};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_a_file_is_what_its_bytes_say_whatever_it_is_called() {
    let app = TestApp::start().await;
    for (name, bytes) in [
        ("photo.jpg", files::photo()),
        ("../../../etc/passwd", files::screenshot()),
        ("C:\\evil\\photo.exe", files::webp()),
        ("invoice.html", files::pdf(1)),
        ("", files::plain_photo()),
        ("polyglot.html", files::polyglot()),
        ("fifty.pdf", files::pdf(50)),
        ("ten thousand.pdf", files::pdf(10_000)),
    ] {
        let uri = app.shop.uploaded(name, &bytes).await;
        assert!(uri.starts_with("link://ev_"), "{name}: {uri}");
    }
    let names = app.lines("SELECT file_name AS line FROM evidence_texts ORDER BY evidence_id").await;
    assert_eq!(names[1..5], ["passwd", "photo.exe", "invoice.html", ""]);
    let kinds = app.lines("SELECT kind AS line FROM evidence ORDER BY evidence_id").await;
    assert_eq!(kinds, ["jpeg", "png", "webp", "pdf", "jpeg", "jpeg", "pdf", "pdf"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_what_is_not_taken_is_refused_with_what_to_do_instead() {
    let app = TestApp::start().await;
    for (name, bytes, status, code, says) in [
        ("photo.heic", files::heic(), 415, "ERR.VALIDATION.evidence.type", "JPEG"),
        ("photo.jpg", files::svg(), 415, "ERR.VALIDATION.evidence.type", "SVG"),
        ("photo.png", b"<!doctype html><script>1</script>".to_vec(), 415, "ERR.VALIDATION.evidence.type", "inside"),
        ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 word".to_vec(), 415, "ERR.VALIDATION.evidence.type", "PDF"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 no photo".to_vec(), 415, "ERR.VALIDATION.evidence.type", "damaged"),
        ("torn.pdf", b"%PDF-1.7 torn".to_vec(), 415, "ERR.VALIDATION.evidence.type", "damaged"),
        ("bomb.png", files::bomb(50_000, 50_000), 413, "ERR.VALIDATION.evidence.size", "40 million"),
        ("wide.png", files::bomb(4_000_000, 11), 413, "ERR.VALIDATION.evidence.size", "40 million"),
        ("large.jpg", files::photo_of(10 * 1024 * 1024 + 1), 413, "ERR.VALIDATION.evidence.size", "10 MB"),
        ("empty.jpg", Vec::new(), 400, "ERR.VALIDATION.evidence", "empty"),
    ] {
        let refusal = app.shop.upload(name, &bytes).await.refused(status, code).at("file");
        let detail = refusal.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(says), "{name}: {detail}");
    }
    let exact = files::photo_of(10 * 1024 * 1024);
    app.shop.upload("as large as allowed.jpg", &exact).await.expect(201);
    assert_eq!(app.number("count(*) FROM evidence").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f91_a_form_is_what_it_should_be() {
    let app = TestApp::start().await;
    let photo = files::plain_photo();
    let file = || Form::default().file("file", "a.jpg", "image/jpeg", &photo);
    app.shop.upload_form(&file().text("alt", "The broken lid")).await.expect(201);
    app.shop.upload_form(&Form::default().text("alt", "x")).await.refused(400, "ERR.VALIDATION.evidence").at("file");
    app.shop.upload_form(&file().file("file", "b.jpg", "image/jpeg", &photo)).await.refused(400, "ERR.VALIDATION.body");
    app.shop.upload_form(&file().text("name", "x")).await.refused(400, "ERR.VALIDATION.body").at("name");
    app.shop.upload_form(&file().text("alt", &"x".repeat(301))).await.refused(400, "ERR.VALIDATION.body").at("alt");
    app.shop.post("/v1/evidence", &json!({})).await.refused(415, "ERR.VALIDATION.media_type");
    let torn = app.shop.request("POST", "/v1/evidence").header("content-type", "multipart/form-data; boundary=x");
    torn.bytes("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
        .send()
        .await
        .refused(400, "ERR.VALIDATION.body");
    let stranger = app.stranger().upload("a.jpg", &photo).await;
    stranger.refused(401, "ERR.AUTHN.required");
    let reader = app.token("reader", &[makegood::domain::access::Scope::RefundsRead], None).await;
    reader.upload("a.jpg", &photo).await.refused(403, "ERR.AUTHZ.scope");
    assert_eq!(app.number("count(*) FROM evidence").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_belongs_to_the_request_that_names_it_first() {
    let app = TestApp::start().await;
    let order = app.order("ev-1").push().await;
    let photo = app.shop.uploaded("lid.jpg", &files::photo()).await;
    let bill = app.shop.uploaded("bill.pdf", &files::pdf(2)).await;
    let ask = || app.shop.ask(&order).amount(2_000).reason("other");

    let refund = ask().evidence(&[&photo, &bill]).accepted().await;
    let shown = app.shop.show(&refund).await;
    let told: Vec<_> = shown["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["type"].as_str().unwrap(), file["uri"].as_str().unwrap(), file["scan"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("image", photo.as_str(), "unscanned"), ("document", bill.as_str(), "unscanned")]);

    let again = ask().amount(1_000).evidence(&[&photo]).send().await;
    again.refused(400, "ERR.VALIDATION.evidence").at("#/evidence/0/uri");
    let other = app.shop.uploaded("other.jpg", &files::plain_photo()).await;
    let twice = ask().amount(1_000).evidence(&[&other, &other]).send().await;
    twice.refused(400, "ERR.VALIDATION.evidence").at("#/evidence/1/uri");
    let theirs = app.other_shop.uploaded("theirs.jpg", &files::plain_photo()).await;
    for unknown in [theirs.as_str(), "link://ev_01KAJ8Z4W1T8QJ5V0000000000", "link://ev_nonsense"] {
        for answer in
            [ask().amount(1_000).evidence(&[unknown]).send().await, ask().evidence(&[unknown]).dry_run().await]
        {
            answer.refused(400, "ERR.VALIDATION.evidence").at("#/evidence/0/uri");
        }
    }
    let mut many = Vec::new();
    for nth in 0..6 {
        many.push(app.shop.uploaded(&format!("{nth}.jpg"), &files::plain_photo()).await);
    }
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    ask().amount(1_000).evidence(&many).send().await.refused(400, "ERR.VALIDATION.evidence").at("#/evidence");
    let five = ask().amount(1_000).evidence(&many[..5]).accepted().await;
    assert_eq!(app.shop.show(&five).await["evidence"].as_array().unwrap().len(), 5);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_policy_sees_whether_there_is_evidence() {
    let app = TestApp::start().await;
    let order = app.order("ev-2").push().await;
    let photo = app.shop.uploaded("lid.jpg", &files::photo()).await;
    let ask = app.shop.ask(&order).amount(1_000).evidence(&[&photo]);
    ask.dry_run().await.expect(200);
    // A dry run takes nothing away.
    let with = ask.accepted().await;
    let without = app.shop.ask(&order).amount(2_000).accepted().await;
    for (refund, expected) in [(&with, true), (&without, false)] {
        let facts = app.lines(&format!("SELECT facts AS line FROM decisions WHERE refund_id = '{}'", refund.id)).await;
        let facts: serde_json::Value = serde_json::from_str(&facts[0]).unwrap();
        assert_eq!(facts["has_evidence"], expected);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_evidence_that_is_added_voids_approvals_and_its_giver_gives_none() {
    let app = TestApp::start().await;
    let (first, adder, second) = (app.senior("first").await, app.senior("adder").await, app.senior("second").await);
    let order = app.order("ev-3").captured(500_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(250_000).accepted().await;
    first.approve(&refund, "fine").await.expect(200);

    let uri = adder.uploaded("new.jpg", &files::photo()).await;
    let shown = app.add_evidence(&adder, &refund, &[&uri]).await;
    assert_eq!((shown["qualifier"].as_str(), shown["evidence"].as_array().unwrap().len()), (Some("awaiting_first"), 1));
    assert_eq!(shown["decision"]["approvals"][0]["voided"], true);
    adder.approve(&refund, "mine").await.refused(403, "ERR.AUTHZ.dual_control");
    second.approve(&refund, "with the photo").await.expect(200);
    first.approve(&refund, "with the photo, again").await.expect(200);
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_requests_that_race_for_a_file_do_not_share_it() {
    let app = TestApp::start().await;
    let photo = app.shop.uploaded("lid.jpg", &files::photo()).await;
    let mut orders = Vec::new();
    for nth in 0..8 {
        orders.push(app.order(&format!("ev-race-{nth}")).push().await);
    }
    let asks = orders.iter().map(|order| app.shop.ask(order).amount(1_000).evidence(&[&photo]));
    let asks: Vec<_> = asks.collect();
    let answers = futures_util::future::join_all(asks.iter().map(|ask| ask.insist())).await;
    let taken = answers.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(taken, 1, "{}", answers.iter().map(|answer| answer.to_string()).collect::<Vec<_>>().join("\n"));
    assert_eq!(app.number("count(*) FROM refunds").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_request_names_goes_after_a_week() {
    let app = TestApp::start().await;
    let order = app.order("ev-4").push().await;
    let used = app.shop.uploaded("used.jpg", &files::photo()).await;
    let left = app.shop.uploaded("left.jpg", &files::photo()).await;
    app.shop.ask(&order).amount(1_000).evidence(&[&used]).accepted().await;
    assert_eq!(app.sealed_files().len(), 2);
    app.shift_clock(jiff::SignedDuration::from_hours(24 * 7 + 1));
    let context = app.context(Principal::System);
    assert_eq!(makegood::services::tidy_evidence::remove_over(app.desk(), &context).await.unwrap(), 1);
    assert_eq!((app.sealed_files().len(), app.number("count(*) FROM evidence").await), (1, 1));
    app.shop.ask(&order).amount(2_000).evidence(&[&left]).send().await.refused(400, "ERR.VALIDATION.evidence");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_an_approval_that_could_still_be_undone_is_void_too() {
    let app = TestApp::start_with(|config| config.undo_seconds = 300).await;
    let agent = app.agent("agent").await;
    let order = app.order("ev-5").push().await;
    let refund = app.shop.ask(&order).amount(2_000).reason("other").accepted().await;
    let mut window = app.signed_in("agent").await;
    let case = format!("/desk/refunds/{}", refund.id);
    window.go(&format!("{case}/decide?v=approve")).await;
    let version = window.hidden("version");
    window.send(&format!("{case}/decision"), &[("decision", "approve"), ("version", &version)]).await;
    assert_eq!(app.shop.show(&refund).await["qualifier"], "decided", "{}", window.text());

    let uri = app.shop.uploaded("new.jpg", &files::photo()).await;
    let shown = app.add_evidence(&app.shop, &refund, &[&uri]).await;
    assert_eq!(shown["qualifier"], "awaiting_first");
    assert_eq!(app.number("count(*) FROM reviews WHERE decided_by IS NOT NULL").await, 0);
    agent.approve(&refund, "with the photo").await.expect(200);
    app.until(&refund, "completed").await;
    app.finish().await;
}
