//! The tour in the README: its main screens in a day's life, from what the customer asks to what the auditor reads.
//!
//! Every run takes the pictures, so that they can be taken; `MAKEGOOD_PICTURES=take` puts them where the README shows them.

use makegood::domain::access::Role;
use serde_json::json;

use super::browser::{Browser, Look};
use super::pictures::take_one;
use super::walk;
use crate::harness::{Refund, TestApp, files};

/// Who buys.
const CUSTOMER: &str = "zoe@buyers.example";

/// Who administers the desk.
const ADMIN: &str = "Root";

const PRIMARY: &str = "main .button.primary";

/// The desk's window.
const WINDOW: Look = Look { width: 1180, height: 820, dark: false };

/// The customer's telephone.
const TELEPHONE: Look = Look { width: 390, height: 820, dark: false };

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_of_the_readme_can_be_taken() {
    let app = walk::desk().await;
    let browser = Browser::open(true).await;
    asking(&app, &browser).await;
    let compared = day(&app).await;
    app.worker(walk::AGENT, &[Role::Senior]).await;
    walk::sign_in(&browser, &app.bases()[0]).await;
    let case = format!("/desk/refunds/{}", compared.id);
    for (name, path) in [
        ("start", "/desk"),
        ("queue", "/desk/queue"),
        ("case", &case),
        ("evidence", &format!("{case}/evidence/1")),
        ("comparison", &format!("{case}/review")),
        ("messages", &format!("{case}/messages")),
    ] {
        visit(&app, &browser, path, name).await;
    }
    app.worker(ADMIN, &[Role::Admin]).await;
    browser.client.delete_all_cookies().await.expect("a browser that forgets");
    walk::sign_in_as(&browser, &app.bases()[0], ADMIN).await;
    for (name, path) in [("roles", "/admin/roles"), ("trail", "/audit")] {
        visit(&app, &browser, path, name).await;
    }
    browser.close().await;
    app.finish().await;
}

async fn visit(app: &TestApp, browser: &Browser, path: &str, name: &str) {
    browser.go(&format!("{}{path}", app.bases()[0])).await;
    browser.until("return [...document.images].every(image => image.complete)").await;
    take_one(browser, WINDOW, &format!("tour-{name}")).await;
}

/// A customer on the way through their request.
async fn asking(app: &TestApp, browser: &Browser) {
    let order = app.order("1042").customer(CUSTOMER, "en").captured(12_900, "EUR").line("Blue lamp", 1, 12_900, 0, 0);
    let order = order.push().await;
    browser.go(&walk::link(app, &order).await).await;
    for choice in [PRIMARY, PRIMARY, "input[name=line]", PRIMARY] {
        browser.press(choice).await;
    }
    browser.until_shows("input[name=reason]").await;
    take_one(browser, TELEPHONE, "tour-asking").await;
    browser.client.delete_all_cookies().await.expect("a browser that forgets");
}

/// A desk in the middle of its day: the request that waits for a second approval, with a file that came after the first.
async fn day(app: &TestApp) -> Refund {
    for (number, amount, reason) in
        [("1051", 18_900, "not_received"), ("1052", 84_000, "quality"), ("1053", 6_500, "goodwill")]
    {
        let order = app.order(number).customer(CUSTOMER, "en").captured(250_000, "USD").push().await;
        app.shop.ask(&order).amount(amount).reason(reason).accepted().await;
    }
    let failed = app.order("1054").mode("failed_insufficient_funds").push().await;
    let failed = app.shop.ask(&failed).reason("quality").accepted().await;
    app.until(&failed, "failed").await;
    let order = app.order("1045").customer(CUSTOMER, "en").captured(999_900, "USD").push().await;
    let photo = app.shop.uploaded("lid.jpg", &files::cracked_lid()).await;
    let note = json!("The lid came cracked from side to side, and the hinge is loose.");
    let ask = app.shop.ask(&order).amount(180_000).reason("quality").with("note", note).evidence(&[&photo]);
    let refund = ask.accepted().await;
    app.senior("Omar").await.approve(&refund, "The courier’s photos show the same crack.").await.expect(200);
    let bill = app.shop.uploaded("bill.pdf", &files::pdf(2)).await;
    app.add_evidence(&app.shop, &refund, &[&bill]).await;
    refund
}
