//! The pictures in the README: a refund at the desk, and as its customer sees it, each in light and dark.
//!
//! Every run takes them, so that they can be taken; `MAKEGOOD_PICTURES=take` puts them where the README shows them.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::browser::{Browser, Look};
use super::walk;
use crate::harness::{Order, TestApp};

/// What asks for new pictures.
const ORDER: &str = "MAKEGOOD_PICTURES";

/// Where they stand.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/pages/pictures");

/// Who buys.
const CUSTOMER: &str = "zoe@buyers.example";

/// The desk's window: as wide as it has everything side by side.
const DESK: Look = Look { width: 1180, height: 1060, dark: false };

/// The customer's telephone, as tall as the desk's window where the README shows both.
const TELEPHONE: Look = Look { width: 390, height: 1080, dark: false };

#[tokio::test(flavor = "multi_thread")]
async fn the_pictures_of_the_readme_can_be_taken() {
    let app = walk::desk().await;
    let browser = Browser::open(true).await;
    let base = &app.bases()[0];
    let status = processing(&app, &browser).await;
    let decision = to_decide(&app).await;

    browser.go(&format!("{base}/refunds/r/{status}")).await;
    take(&browser, TELEPHONE, "customer").await;
    app.agent(walk::AGENT).await;
    walk::sign_in(&browser, base).await;
    browser.go(&format!("{base}/desk/refunds/{decision}")).await;
    take(&browser, DESK, "desk").await;

    browser.close().await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}

/// A refund that the customer has asked for in the browser and that is on its way: its id.
async fn processing(app: &TestApp, browser: &Browser) -> String {
    let order = app.order("1042").mode("pending_then_succeeded").customer(CUSTOMER, "en");
    let order: Order = order.captured(10_000, "USD").line("Blue lamp", 1, 10_000, 0, 0).push().await;
    browser.go(&walk::link(app, &order).await).await;
    browser.press("main .button.primary").await;
    let ask = app.shop.ask(&order).reason("not_received").with("note", json!("The parcel never came."));
    let refund = ask.accepted().await;
    app.until(&refund, "provider_pending").await;
    refund.id
}

/// A refund that one of two people has approved: its id.
async fn to_decide(app: &TestApp) -> String {
    let order = app.order("1045").customer(CUSTOMER, "en").captured(999_900, "USD").push().await;
    let note = "Three keys stick, and the lid is cracked. I sent photos of both.";
    let refund = app.shop.ask(&order).amount(180_000).reason("quality").with("note", json!(note)).accepted().await;
    let senior = app.senior("Omar").await;
    senior.approve(&refund, "The courier’s photos show the same crack.").await.expect(200);
    refund.id
}

/// Takes a picture of what the window shows, in light and in dark.
async fn take(browser: &Browser, look: Look, name: &str) {
    for (dark, theme) in [(false, "light"), (true, "dark")] {
        take_one(browser, Look { dark, ..look }, &format!("{name}-{theme}")).await;
    }
}

/// Takes a picture of what the window shows.
pub(super) async fn take_one(browser: &Browser, look: Look, name: &str) {
    browser.look(look).await;
    let picture = browser.client.screenshot().await.expect("a picture");
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 10_000, "{name}: {} bytes", picture.len());
    if std::env::var(ORDER).as_deref() == Ok("take") {
        fs::create_dir_all(FOLDER).expect("a folder");
        fs::write(Path::new(FOLDER).join(format!("{name}.png")), picture).expect("a file");
    }
}
