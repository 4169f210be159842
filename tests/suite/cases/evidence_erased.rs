//! Files that are erased: when their time is over, and where their customer asks for it. Nobody reads them any more, and
//! what was decided can still be explained.

use jiff::SignedDuration;
use makegood::domain::access::Principal;
use makegood::domain::evidence::View;
use makegood::services::erase_evidence::{self, Erased};
use makegood::services::{Code, rekey_evidence, tidy_evidence};

use crate::harness::{Refund, TestApp, files};

const CUSTOMER: &str = "ana@buyers.example";

/// A request of the customer with one file.
async fn request(app: &TestApp, id: &str, reason: &str, amount: i64) -> Refund {
    let order = app.order(id).customer(CUSTOMER, "en").captured(amount, "USD").push().await;
    let uri = app.shop.uploaded("ana at home.jpg", &files::photo()).await;
    app.shop.ask(&order).reason(reason).evidence(&[&uri]).accepted().await
}

async fn erase_over(app: &TestApp) -> usize {
    erase_evidence::erase_over(app.desk(), &app.context(Principal::System)).await.unwrap()
}

async fn remove(app: &TestApp) -> usize {
    tidy_evidence::remove_leaving(app.desk(), &app.context(Principal::System)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_goes_when_its_time_is_over_and_what_is_known_of_it_stays() {
    let app = TestApp::start_with(|config| config.evidence.kept_days = Some(30)).await;
    let agent = app.agent("agent").await;
    let ended = request(&app, "erase-1", "quality", 1_000).await;
    app.until(&ended, "completed").await;
    let open = request(&app, "erase-2", "other", 1_000).await;
    let before = app.shop.show(&ended).await;
    assert_eq!((app.sealed_files().len(), erase_over(&app).await), (2, 0));

    app.shift_clock(SignedDuration::from_hours(24 * 31));
    assert_eq!(erase_over(&app).await, 1, "what waits for a decision is kept, however long");
    assert_eq!(erase_over(&app).await, 0);
    // The key is gone before the bytes are.
    assert_eq!(app.sealed_files().len(), 2);
    let looked = app.look(&agent, &ended, 1, View::default()).await;
    assert_eq!(looked.unwrap_err().code, Code::EvidenceNotFound);
    assert!(app.look(&agent, &open, 1, View::default()).await.is_ok());
    assert_eq!((remove(&app).await, remove(&app).await, app.sealed_files().len()), (1, 0, 1));

    let after = app.shop.show(&ended).await;
    for fact in ["sha256", "size_bytes", "media_type", "uri"] {
        assert_eq!(after["evidence"][0][fact], before["evidence"][0][fact], "{fact}");
    }
    let left = format!(
        "SELECT e.key_id || '|' || e.wrapped_key || '|' || COALESCE(e.taken, '') || '|' || t.file_name || '|' || t.alt AS line
         FROM evidence e JOIN evidence_texts t ON t.evidence_id = e.evidence_id WHERE e.refund_id = '{}'",
        ended.id
    );
    assert_eq!(app.lines(&left).await, ["||||"]);
    let told = "SELECT actor || ' ' || reason AS line FROM audit_records WHERE action = 'evidence.erase'";
    assert_eq!(app.lines(told).await, ["system retention"]);

    let mut window = app.signed_in("agent").await;
    let case = format!("/desk/refunds/{}", ended.id);
    window.go(&case).await;
    assert!(window.text().contains("A file was erased") && !window.text().contains("<img"), "{}", window.text());
    window.go(&format!("{case}/evidence/1")).await;
    let text = window.text();
    assert!(text.contains("This file was erased") && text.contains("SHA-256") && text.contains("File 1"), "{text}");
    assert!(!text.contains("<img") && !text.contains("/original") && !text.contains("/alt\""), "{text}");
    for path in ["image", "original"] {
        window.go(&format!("{case}/evidence/1/{path}")).await;
        assert_eq!(window.page().status, 404, "{path}");
    }
    // A new master key has nothing to do with what has none.
    let context = app.context(Principal::Shell);
    rekey_evidence::renew(app.desk(), &context).await.unwrap();
    while let Some((_, count)) = rekey_evidence::rewrap_batch(app.desk(), &context, "").await.unwrap() {
        assert_eq!(count, 1);
    }
    assert_eq!(rekey_evidence::state(app.desk(), &context).await.unwrap().left(), 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_is_kept_for_ever_stays() {
    let app = TestApp::start_with(|config| config.evidence.kept_days = None).await;
    let ended = request(&app, "erase-3", "quality", 1_000).await;
    app.until(&ended, "completed").await;
    app.shift_clock(SignedDuration::from_hours(24 * 3_650));
    assert_eq!(erase_over(&app).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_evidence_is_erased_where_they_ask_for_it_and_approvals_still_hold() {
    let app = TestApp::start().await;
    let (first, second) = (app.senior("first").await, app.senior("second").await);
    let large = request(&app, "erase-4", "quality", 250_000).await;
    first.approve(&large, "fine").await.expect(200);
    second.approve(&large, "fine").await.expect(200);
    app.until(&large, "completed").await;
    let open = request(&app, "erase-5", "other", 1_000).await;
    let stranger = app.order("erase-6").customer("li@buyers.example", "en").push().await;
    let uri = app.shop.uploaded("li.jpg", &files::photo()).await;
    let other = app.shop.ask(&stranger).amount(1_000).reason("quality").evidence(&[&uri]).accepted().await;
    app.until(&other, "completed").await;

    let command = app.command().await;
    let context = command.context(Principal::Shell);
    let erase = async |email: &str| erase_evidence::erase_of_customer(&command.desk, &context, email).await.unwrap();
    assert_eq!(erase("nobody@buyers.example").await, None);
    let counted = erase_evidence::count_of_customer(&command.desk, &context, CUSTOMER).await.unwrap();
    assert_eq!(counted, Some(Erased { files: 1, open: 1 }));
    assert_eq!(app.number("count(*) FROM evidence WHERE erased_at IS NOT NULL").await, 0, "counting erases nothing");

    assert_eq!(erase(" ANA@buyers.example").await, Some(Erased { files: 1, open: 1 }));
    assert_eq!(erase(CUSTOMER).await, Some(Erased { files: 0, open: 1 }));
    assert_eq!(remove(&app).await, 1);
    assert!(app.look(&first, &other, 1, View::default()).await.is_ok(), "others keep theirs");
    assert!(app.look(&first, &open, 1, View::default()).await.is_ok(), "what is open is decided first");
    first.deny(&open, "no").await.expect(200);
    assert_eq!(erase(CUSTOMER).await, Some(Erased { files: 1, open: 0 }));
    let told = "SELECT actor || ' ' || reason AS line FROM audit_records WHERE action = 'evidence.erase'";
    assert_eq!(app.lines(told).await, ["shell customer", "shell customer"]);

    // What was approved is still what it was approved to be: the digests are those of then.
    let bound = app.lines("SELECT DISTINCT digest AS line FROM approvals").await;
    let file = app.lines(&format!("SELECT sha256 AS line FROM evidence WHERE refund_id = '{}'", large.id)).await;
    let text = format!("250000|USD|quality|{}", file[0]);
    assert_eq!(bound, [hex::encode(<sha2::Sha256 as sha2::Digest>::digest(text.as_bytes()))]);

    let agent = app.agent("agent").await;
    let forbidden = erase_evidence::erase_of_customer(app.desk(), &app.context_of(&agent).await, CUSTOMER).await;
    assert_eq!(forbidden.unwrap_err().code, Code::Scope);
    remove(&app).await;
    app.finish().await;
}
