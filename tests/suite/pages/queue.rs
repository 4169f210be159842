//! The desk live: a queue that tells of what is new and moves nothing, and a case that is kept while somebody works on it
//! and lost in sight of who is writing.

use makegood::domain::access::Role;
use serde_json::json;

use super::browser::Browser;
use super::walk;
use crate::harness::TestApp;

async fn waiting(app: &TestApp, id: &str, amount_minor: i64) -> String {
    let order = app.order(id).push().await;
    app.shop.ask(&order).amount(amount_minor).reason("other").accepted().await.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_queue_tells_of_what_is_new_and_moves_nothing() {
    let app = walk::desk().await;
    let base = &app.bases()[0];
    app.agent(walk::AGENT).await;
    let first = waiting(&app, "7301", 1_000).await;
    let browser = Browser::open(true).await;
    walk::sign_in(&browser, base).await;
    browser.go(&format!("{base}/desk/queue")).await;
    browser
        .run("document.querySelector('[data-rows] a.ref').focus(); window.before = document.querySelector('#rows');")
        .await;
    let second = waiting(&app, "7302", 2_000).await;
    browser.until_shows("#news a.button").await;
    let words = browser
        .run("return document.querySelector('#news a.button').textContent.replace(/[\\u2066-\\u2069]/g, '')")
        .await;
    assert_eq!(words, json!("1 new request – show"));
    let same = "const rows = document.querySelector('#rows');
        return rows === window.before && document.activeElement.closest('tr').id === arguments[0]
            && rows.querySelectorAll('tbody tr').length === 1;"
        .replace("arguments[0]", &json!(first).to_string());
    assert_eq!(browser.run(&same).await, json!(true), "rows and focus are where they were");
    let counted = "return document.querySelector('#news [aria-current] .count').textContent";
    assert_eq!(browser.run(counted).await, json!("2"));
    browser.press("#news a.button").await;
    browser.until_shows(&format!("[id='{second}']")).await;
    assert_eq!(browser.run("return document.querySelector('#news a.button') === null").await, json!(true));
    browser.close().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_kept_by_signs_of_life_and_lost_without_losing_a_word() {
    let app = walk::desk().await;
    let base = &app.bases()[0];
    app.agent(walk::AGENT).await;
    let refund = waiting(&app, "7311", 1_000).await;
    let page = format!("/desk/refunds/{refund}");
    let browser = Browser::open(true).await;
    walk::sign_in(&browser, base).await;
    browser.go(&format!("{base}{page}")).await;
    browser.press("form[action$='/claim'] button").await;
    browser.until_shows("#claim .clock").await;
    app.execute("UPDATE reviews SET claimed_until = claimed_until - 120000000").await.expect("time passes");
    browser.go(&format!("{base}{page}")).await;
    browser.fill("#staff-note", "Half a thought").await;
    let until = || browser.run("return document.querySelector('#claim .clock').dateTime");
    let before = until().await;
    // What the page does once a minute, while somebody is there.
    let sign = "document.body.dispatchEvent(new Event('sign-of-life'))";
    browser.run(sign).await;
    browser.until_shows(&format!("#claim .clock:not([datetime={before}])")).await;
    assert!(until().await.as_str() > before.as_str(), "it is kept for longer");

    let mut omar = app.working("omar", Role::Senior).await;
    omar.go(&page).await;
    omar.send(&format!("{page}/claim"), &[("reason", "She is at lunch")]).await.is(200).says("It is yours.");
    browser.run(sign).await;
    browser.until_shows("#work #take-reason").await;
    let left = "return document.querySelector('#work input[value=approve]') === null
        && document.querySelector('#staff-note').value === 'Half a thought'";
    assert_eq!(browser.run(left).await, json!(true), "no verdict to give, and what was written is there");
    browser.close().await;
    app.finish().await;
}
