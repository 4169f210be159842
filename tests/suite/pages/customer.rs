//! A customer asks for their money back, in steps, and sees that it arrived.

use std::time::Instant;

use serde_json::json;

use super::browser::{Browser, PATIENCE};
use crate::harness::TestApp;

/// A refund that moves is asked for again by itself; one that has ended is not.
const ENDED: &str = "#status:not([hx-get])";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_asks_and_watches_it_arrive_without_reloading() {
    ask_and_see("en", "ltr", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_asks_and_sees_it_arrive_in_arabic() {
    ask_and_see("ar", "rtl", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_asks_and_sees_it_arrive_without_scripts() {
    ask_and_see("en", "ltr", false).await;
}

async fn ask_and_see(locale: &str, direction: &str, scripts: bool) {
    let app = TestApp::start().await;
    let order =
        app.order("7001").captured(10_000, "USD").mode("pending_then_succeeded").customer("ada@example.com", locale);
    let order = order.push().await;
    let link = app.shop.post(&format!("/v1/orders/{}/link", order.id), &json!({})).await.expect(201).json();
    let browser = Browser::open(scripts).await;
    browser.client.goto(link["url"].as_str().expect("an address")).await.expect("a page");
    let begun = Instant::now();
    while !browser.client.current_url().await.expect("an address").path().starts_with("/refunds/r/") {
        assert!(begun.elapsed() < PATIENCE, "the request was not sent: {}", browser.text("main").await);
        for choice in ["input[name=line]:not(:checked)", "input[name=reason][value=quality]", "main .button.primary"] {
            browser.press_if_there(choice).await;
        }
    }
    let begun = Instant::now();
    if scripts {
        browser.client.execute("window.sameDocument = true", Vec::new()).await.expect("a script");
    }
    while !browser.shows(ENDED).await {
        assert!(begun.elapsed() < PATIENCE, "the refund did not end: {}", browser.text("main").await);
        if !scripts {
            browser.client.refresh().await.expect("a page");
        }
    }
    if scripts {
        let same = browser.client.execute("return window.sameDocument === true", Vec::new()).await.expect("a script");
        assert_eq!(same, json!(true), "the page was loaded again");
    }
    assert!(browser.shows(&format!("html[lang={locale}][dir={direction}]")).await, "another language");
    if locale == "en" {
        assert_eq!(browser.text("#status-heading").await, "Your refund is complete.");
    }
    browser.close().await;
    app.finish().await;
}
