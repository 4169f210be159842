//! Two people at two windows: a goodwill refund that takes both of them, from the queue to the letter that says it is done.

use super::browser::Browser;
use super::walk;
use crate::harness::{Refund, TestApp, files};

const PRIMARY: &str = "main .button.primary";

/// How long the last approval can be undone here, in seconds; people have longer.
const UNDO_S: u32 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn goodwill_of_300_takes_two_people_and_reaches_the_customer() {
    let app = TestApp::start_with(|config| config.undo_seconds = UNDO_S).await;
    let refund = asked(&app).await;
    for name in ["Omar", "Leila"] {
        app.senior(name).await;
    }
    let (omar, leila) = (Browser::open(true).await, Browser::open(true).await);
    walk::sign_in_as(&omar, &app.bases()[0], "Omar").await;
    walk::sign_in_as(&leila, &app.bases()[0], "Leila").await;

    claims(&app, &omar, &refund).await;
    look(&app, &leila, &refund, "Omar").await;
    sees_the_photo(&app, &omar, &refund).await;
    approves(&app, &omar, &refund).await;
    assert_eq!(app.shop.show(&refund).await["state"], "requested");
    is_refused_a_second_approval(&app, &omar, &refund).await;

    compares(&app, &leila, &refund).await;
    approves(&app, &leila, &refund).await;
    app.until(&refund, "completed").await;
    leila.go(&case(&app, &refund)).await;
    let story = leila.text("main").await;
    assert!(story.contains("Omar") && story.contains("Leila"), "{story}");
    omar.close().await;
    leila.close().await;

    app.quiet().await;
    let letters = app.letters(&refund);
    assert_eq!(letters.iter().filter(|letter| letter.as_str() == "completed").count(), 1, "{letters:?}");
    app.finish().await;
}

/// 300.00 as goodwill, with a photo: the request.
async fn asked(app: &TestApp) -> Refund {
    let order = app.order("1042").customer("zoe@buyers.example", "en").captured(50_000, "USD").push().await;
    let photo = app.shop.uploaded("lid.jpg", &files::photo_of(200 << 10)).await;
    app.shop.ask(&order).amount(30_000).reason("goodwill").evidence(&[&photo]).accepted().await
}

fn case(app: &TestApp, refund: &Refund) -> String {
    format!("{}/desk/refunds/{}", app.bases()[0], refund.id)
}

/// Takes the request from the queue.
async fn claims(app: &TestApp, browser: &Browser, refund: &Refund) {
    browser.go(&format!("{}/desk/queue", app.bases()[0])).await;
    assert!(browser.shows(&format!("main a[href='/desk/refunds/{}']", refund.id)).await, "it waits in the queue");
    browser.press("form[action='/desk/queue/next'] button").await;
    browser.until_shows("form[action$='/release']").await;
    assert_eq!(browser.path().await, format!("/desk/refunds/{}", refund.id));
}

/// A colleague is told whose case it is, and has no verdict to give.
async fn look(app: &TestApp, browser: &Browser, refund: &Refund, holder: &str) {
    browser.go(&case(app, refund)).await;
    assert!(browser.text("#work").await.contains(holder), "{}", browser.text("#work").await);
    assert!(!browser.shows("form[action$='/decide']").await, "the verdict is theirs to give");
}

async fn sees_the_photo(app: &TestApp, browser: &Browser, refund: &Refund) {
    browser.go(&case(app, refund)).await;
    browser.press(&format!("a[href='/desk/refunds/{}/evidence/1']", refund.id)).await;
    browser.until("const image = document.querySelector('main img'); return !!image && image.naturalWidth > 0").await;
}

async fn approves(app: &TestApp, browser: &Browser, refund: &Refund) {
    browser.go(&case(app, refund)).await;
    browser.press_if_there("form[action$='/claim'] button").await;
    browser.until_shows("form[action$='/decide']").await;
    browser.press("form[action$='/decide'] .button.primary").await;
    browser.until_shows("form[action$='/decision']").await;
    browser.fill("#note", "The photo shows the crack.").await;
    browser.press(PRIMARY).await;
    browser.until("return !location.pathname.endsWith('/decision')").await;
}

/// Whoever gave the first approval is told why they cannot give the second, and the address by itself gives it no more.
async fn is_refused_a_second_approval(app: &TestApp, browser: &Browser, refund: &Refund) {
    browser.go(&case(app, refund)).await;
    assert!(!browser.shows("form[action$='/decide']").await, "no verdict is offered twice");
    browser.go(&format!("{}/decide?v=approve", case(app, refund))).await;
    browser.press(PRIMARY).await;
    browser.until_shows("[data-kind=warning], [data-kind=info]").await;
    assert_eq!(app.number("count(*) FROM approvals").await, 1);
    assert_eq!(app.shop.show(refund).await["state"], "requested");
}

/// The second person is shown what the first one approved, and that nothing changed since.
async fn compares(app: &TestApp, browser: &Browser, refund: &Refund) {
    browser.go(&format!("{}/desk/queue?view=second", app.bases()[0])).await;
    browser.press(&format!("a[href='/desk/refunds/{}/review']", refund.id)).await;
    browser.until("return location.pathname.endsWith('/review')").await;
    assert!(browser.text("main").await.contains("Omar"), "{}", browser.text("main").await);
}
