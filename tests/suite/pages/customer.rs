//! A customer asks for their money back, in steps, and sees that it arrived.

use std::time::Instant;

use serde_json::json;

use super::browser::{Browser, PATIENCE};
use super::walk;
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

#[tokio::test(flavor = "multi_thread")]
async fn f96_every_page_and_form_works_without_scripts() {
    for (locale, direction) in [("en", "ltr"), ("ar", "rtl")] {
        let app = walk::desk().await;
        let browser = Browser::open(false).await;
        walk::walk(&app, &browser, locale, async |name| {
            let is_letter = browser.client.current_url().await.expect("an address").scheme() == "data";
            let right = format!("html[lang={locale}][dir={direction}]");
            assert!(is_letter || browser.shows(&right).await, "{name} is in another language");
        })
        .await;
        browser.close().await;
        app.shift_clock(jiff::SignedDuration::from_mins(11));
        app.finish().await;
    }
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
        browser.run("window.sameDocument = true; document.querySelector('#status a').focus()").await;
    }
    while !browser.shows(ENDED).await {
        assert!(begun.elapsed() < PATIENCE, "the refund did not end: {}", browser.text("main").await);
        if !scripts {
            browser.client.refresh().await.expect("a page");
        }
    }
    if scripts {
        assert_eq!(browser.run("return window.sameDocument === true").await, json!(true), "the page was loaded again");
        let focus = browser.run("return document.activeElement === document.querySelector('#status a')").await;
        assert_eq!(focus, json!(true), "the focus was lost when the page changed");
        let heading = browser.text("#status-heading").await;
        browser
            .until(&format!("return document.getElementById('live-polite').textContent.includes({})", json!(heading)))
            .await;
    }
    assert!(browser.shows(&format!("html[lang={locale}][dir={direction}]")).await, "another language");
    if locale == "en" {
        assert_eq!(browser.text("#status-heading").await, "Your refund is complete.");
    }
    browser.close().await;
    app.finish().await;
}
