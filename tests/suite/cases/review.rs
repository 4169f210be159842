//! Section 8, the second approval: what was approved against what it is now, who had opened what, and verdicts that are
//! bound to what was compared.

use makegood::domain::access::Role;

use crate::harness::{Refund, TestApp, Window, files};

const LARGE: i64 = 250_000;

/// A request that takes two people, with these files.
async fn large(app: &TestApp, id: &str, names: &[&str]) -> Refund {
    let order = app.order(id).captured(500_000, "USD").push().await;
    let mut uris = Vec::new();
    for (nth, name) in names.iter().enumerate() {
        let file = if nth == 0 { files::photo() } else { files::plain_photo() };
        uris.push(app.shop.uploaded(name, &file).await);
    }
    let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
    app.shop.ask(&order).amount(LARGE).reason("quality").evidence(&uris).accepted().await
}

fn review(refund: &Refund) -> String {
    format!("/desk/refunds/{}/review", refund.id)
}

async fn opens(window: &mut Window, refund: &Refund, nth: usize) {
    window.go(&format!("/desk/refunds/{}/evidence/{nth}/image?w=1200", refund.id)).await;
    assert_eq!(window.page().status, 200);
}

#[track_caller]
fn says(window: &Window, texts: &[&str]) {
    let text = window.text();
    for wanted in texts {
        assert!(text.contains(wanted), "{wanted:?} is not in\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_person_sees_what_the_first_saw_and_what_they_never_opened() {
    let app = TestApp::start().await;
    let (omar, _amina) = (app.senior("omar").await, app.agent("amina").await);
    app.senior("lea").await;
    let refund = large(&app, "second-1", &["lid.jpg", "box.jpg"]).await;
    let mut window = app.signed_in("omar").await;
    opens(&mut window, &refund, 1).await;
    // A thumbnail is not opened.
    window.go(&format!("/desk/refunds/{}/evidence/2/image?w=320", refund.id)).await;
    omar.approve(&refund, "Both show the crack.").await.expect(200);
    // Only what was opened before counts.
    opens(&mut window, &refund, 2).await;

    let mut lea = app.signed_in("lea").await;
    lea.go("/desk/queue?view=second").await;
    says(&lea, &[&review(&refund)]);
    lea.go(&format!("/desk/refunds/{}", refund.id)).await;
    says(&lea, &[&review(&refund), "Compare with what was approved"]);
    lea.go(&review(&refund)).await;
    assert_eq!(lea.page().status, 200);
    says(
        &lea,
        &[
            "Nothing of what was approved has changed.",
            "Both show the crack.",
            "omar opened 1 of 2 files before approving.",
            "omar opened it before approving.",
            "omar opened it only after approving.",
            "You have not opened it yet.",
            "Problem with the item",
            "$2,500.00",
            "Counts",
        ],
    );
    opens(&mut lea, &refund, 1).await;
    lea.go(&review(&refund)).await;
    says(&lea, &["You have opened it.", "You have not opened it yet."]);

    // The first person reads the same and is told why they cannot decide.
    window.go(&review(&refund)).await;
    says(&window, &["You have approved it already"]);
    assert!(!window.text().contains("v=approve"), "{}", window.text());

    let version = app.shop.show(&refund).await["version"].to_string();
    for (verdict, words) in
        [("approve", "Approve $2,500.00"), ("lower", "lower amount"), ("ask", "Send back"), ("deny", "Deny")]
    {
        lea.go(&review(&refund)).await;
        says(&lea, &[&format!("decide?v={verdict}&amp;seen={version}"), words]);
    }
    lea.go(&format!("/desk/refunds/{}/decide?v=approve&seen={version}", refund.id)).await;
    assert_eq!(lea.hidden("version"), version);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_evidence_that_came_after_the_approval_is_outlined_and_told() {
    let app = TestApp::start().await;
    let omar = app.senior("omar").await;
    app.senior("lea").await;
    let refund = large(&app, "second-2", &["lid.jpg"]).await;
    omar.approve(&refund, "fine").await.expect(200);
    let uri = app.shop.uploaded("late.pdf", &files::pdf(1)).await;
    app.add_evidence(&app.shop, &refund, &[&uri]).await;

    let mut lea = app.signed_in("lea").await;
    lea.go(&review(&refund)).await;
    says(
        &lea,
        &[
            "One file came after the approval.",
            "The approval of omar no longer counts",
            "It came after omar had approved.",
            "omar did not open the file before approving.",
            "Added since",
            "<li data-changed>",
            "<tr data-changed><th scope=\"row\">Evidence</th><td>1 file</td><td>2 files",
            "A file was added",
            "No longer counts",
        ],
    );
    assert!(!lea.text().contains("<tr data-changed><th scope=\"row\">Amount"), "{}", lea.text());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_a_lower_amount_is_told_against_what_was_approved_first() {
    let app = TestApp::start().await;
    let (omar, amina) = (app.senior("omar").await, app.senior("amina").await);
    app.senior("lea").await;
    let refund = large(&app, "second-3", &[]).await;
    omar.approve(&refund, "all of it").await.expect(200);
    let lower = serde_json::json!({"decision": "approve", "note": "half", "amount_minor": 125_000});
    amina.post(&format!("{}/decision", refund.path()), &lower).await.expect(200);

    let mut lea = app.signed_in("lea").await;
    lea.go(&review(&refund)).await;
    says(
        &lea,
        &[
            "The amount was $2,500.00 USD and is $1,250.00 USD now.",
            "The approval of omar no longer counts",
            "all of it",
            "No files were sent.",
            "Approve $1,250.00",
        ],
    );
    // Against the approval that counts, nothing has changed.
    lea.go(&format!("{}?approval=2", review(&refund))).await;
    says(&lea, &["Nothing of what was approved has changed.", "half"]);
    for nonsense in ["3", "0", "-1", "x"] {
        lea.go(&format!("{}?approval={nonsense}", review(&refund))).await;
        assert_eq!(lea.page().status, 200);
        says(&lea, &["The amount was $2,500.00 USD"]);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_a_verdict_is_bound_to_what_was_compared() {
    let app = TestApp::start().await;
    let omar = app.senior("omar").await;
    app.senior("lea").await;
    let refund = large(&app, "second-4", &["lid.jpg"]).await;
    omar.approve(&refund, "fine").await.expect(200);
    let mut lea = app.signed_in("lea").await;
    lea.go(&review(&refund)).await;
    let seen = app.shop.show(&refund).await["version"].to_string();

    // Between looking and deciding a file comes.
    let uri = app.shop.uploaded("late.jpg", &files::photo()).await;
    app.add_evidence(&app.shop, &refund, &[&uri]).await;
    let case = format!("/desk/refunds/{}", refund.id);
    lea.go(&format!("{case}/decide?v=deny&seen={seen}")).await;
    let version = lea.hidden("version");
    lea.send(&format!("{case}/decision"), &[("decision", "deny"), ("version", &version)]).await;
    assert_eq!((lea.page().status, lea.hidden("version")), (422, seen), "what is missing is asked for first");
    let fields = [("decision", "deny"), ("note", "I do not believe it."), ("version", version.as_str())];
    lea.send(&format!("{case}/decision"), &fields).await;
    assert_eq!(lea.page().status, 412, "{}", lea.text());
    says(&lea, &["This request changed since you opened it", "I do not believe it."]);
    assert_eq!(app.shop.show(&refund).await["state"], "requested");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f82_who_added_evidence_is_told_that_somebody_else_decides() {
    let app = TestApp::start().await;
    let (omar, amina) = (app.senior("omar").await, app.senior("amina").await);
    let refund = large(&app, "second-5", &[]).await;
    omar.approve(&refund, "fine").await.expect(200);
    let uri = amina.uploaded("mine.jpg", &files::photo()).await;
    app.add_evidence(&amina, &refund, &[&uri]).await;
    let mut window = app.signed_in("amina").await;
    for path in [review(&refund), format!("/desk/refunds/{}", refund.id)] {
        window.go(&path).await;
        says(&window, &["You added evidence to this request, so someone else must decide."]);
        assert!(!window.text().contains("v=approve") && !window.text().contains("value=\"approve\""));
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_to_be_compared_the_queue_is_near() {
    let app = TestApp::start().await;
    let (omar, lea) = (app.senior("omar").await, app.senior("lea").await);
    app.person("finance", Role::Finance).await;
    let refund = large(&app, "second-6", &["lid.jpg"]).await;
    let mut window = app.signed_in("lea").await;
    let nothing = ["There is nothing to compare", "/desk/queue?view=second"];
    window.go(&review(&refund)).await;
    assert_eq!(window.page().status, 200);
    says(&window, &nothing);
    omar.approve(&refund, "fine").await.expect(200);

    // Who may not see evidence compares the rest and decides nothing.
    let mut finance = app.signed_in("finance").await;
    finance.go(&review(&refund)).await;
    says(&finance, &["Nothing of what was approved has changed.", "omar did not open the file before approving."]);
    let text = finance.text();
    assert!(!text.contains("/evidence/1") && !text.contains("lid.jpg") && !text.contains("decide?v="), "{text}");

    lea.approve(&refund, "fine too").await.expect(200);
    app.until(&refund, "completed").await;
    window.go(&review(&refund)).await;
    says(&window, &nothing);
    window.go("/desk/refunds/rf_01ARZ3NDEKTSV4RRFFQ69G5FAV/review").await;
    assert_eq!(window.page().status, 404);
    app.finish().await;
}
