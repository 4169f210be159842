//! Looking at evidence in a browser: by keys alone, in both directions, with the switch that turns them off; and on paper.

use serde_json::json;

use super::browser::{Browser, Look};
use super::walk;
use crate::harness::{Refund, TestApp, files};

const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";
const ESCAPE: &str = "\u{E00C}";

/// A request that waits for a second person, with a photograph and a document.
async fn request(app: &TestApp) -> Refund {
    let order = app.order("7300").captured(500_000, "USD").push().await;
    let photo = app.shop.uploaded("lid.jpg", &files::photo()).await;
    let bill = app.shop.uploaded("bill.pdf", &files::pdf(3)).await;
    let ask = app.shop.ask(&order).amount(250_000).reason("quality").with("note", json!("It broke."));
    ask.evidence(&[&photo, &bill]).accepted().await
}

async fn address(browser: &Browser) -> String {
    let url = browser.client.current_url().await.expect("an address");
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", url.path())
}

/// Presses keys and waits until that leads here.
async fn press(browser: &Browser, keys: &str, to: &str) {
    browser.keys(keys).await;
    let path = to.split('#').next().unwrap_or_default();
    browser.until(&format!("return location.pathname + location.search === {}", json!(path))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_walked_turned_and_enlarged_by_keys_in_both_directions() {
    let app = walk::desk().await;
    let refund = request(&app).await;
    app.agent(walk::AGENT).await;
    let browser = Browser::open(true).await;
    browser.look(Look { width: 1280, height: 900, dark: false }).await;
    let base = app.bases()[0].clone();
    walk::sign_in(&browser, &base).await;
    let case = format!("/desk/refunds/{}", refund.id);
    let (first, second) = (format!("{case}/evidence/1"), format!("{case}/evidence/2"));

    browser.go(&format!("{base}{case}?lang=en")).await;
    browser.keys("e").await;
    browser.until("return document.activeElement.matches('.strip a')").await;
    press(&browser, "\u{E007}", &first).await;
    browser.until("return document.querySelector('.stage img').naturalWidth > 0").await;
    press(&browser, "r", &format!("{first}?rot=90")).await;
    press(&browser, "+", &format!("{first}?rot=90&zoom=2")).await;
    browser.until("const stage = document.querySelector('.stage'); return stage.scrollWidth > stage.clientWidth").await;
    // Arrows move what is larger than its frame while that has the focus.
    browser.run("document.querySelector('.stage').focus()").await;
    browser.keys(RIGHT).await;
    browser.until("return document.querySelector('.stage').scrollLeft > 0").await;
    assert_eq!(address(&browser).await, format!("{first}?rot=90&zoom=2"));
    browser.run("document.querySelector('#main').focus()").await;
    press(&browser, "-", &format!("{first}?rot=90")).await;
    press(&browser, "0", &first).await;
    press(&browser, RIGHT, &second).await;
    press(&browser, LEFT, &first).await;
    browser.go(&format!("{base}{first}?lang=ar")).await;
    press(&browser, LEFT, &second).await;
    press(&browser, RIGHT, &first).await;
    press(&browser, ESCAPE, &case).await;

    // The switch turns them off, in this browser and for the account.
    browser.go(&format!("{base}{first}")).await;
    for (off, on) in [
        ("localStorage.setItem('keys', 'off')", "localStorage.removeItem('keys')"),
        ("document.documentElement.dataset.singleKeys = 'off'", "delete document.documentElement.dataset.singleKeys"),
    ] {
        browser.run(off).await;
        browser.keys("r0+").await;
        browser.keys(RIGHT).await;
        assert_eq!(address(&browser).await, first);
        browser.run(on).await;
    }
    press(&browser, "r", &format!("{first}?rot=90")).await;

    browser.close().await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}

/// What of a page would be on paper: what is hidden, what is folded, and how dark it is.
const PAPER: &str = "
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0)
        .map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
    const folded = [...document.querySelectorAll('details')].filter((one) => one.getClientRects().length > 0
        && [...one.children].some((part) => part.tagName !== 'SUMMARY' && !part.checkVisibility()));
    const ink = getComputedStyle(document.body);
    const page = document.scrollingElement;
    return {
        pressed: shown('form, button, .button, nav, .rail, .skip, .chip'),
        folded: folded.length,
        ink: `${ink.color} on ${ink.backgroundColor}`,
        paper: shown('.on-paper').length,
        wide: page.scrollWidth > page.clientWidth,
    };";

#[tokio::test(flavor = "multi_thread")]
async fn pages_on_paper_hold_what_is_to_be_read_and_nothing_to_be_pressed() {
    let app = walk::desk().await;
    let refund = request(&app).await;
    app.senior("Omar").await.approve(&refund, "Both show the crack.").await.expect(200);
    app.agent(walk::AGENT).await;
    let browser = Browser::open(true).await;
    let base = app.bases()[0].clone();
    walk::sign_in(&browser, &base).await;
    // As wide as a sheet of A4 between its margins.
    browser.look(Look { width: 690, height: 980, dark: true }).await;
    let case = format!("/desk/refunds/{}", refund.id);
    for (path, has_lines) in
        [(case.clone(), true), (format!("{case}/evidence/1"), false), (format!("{case}/review"), false)]
    {
        browser.go(&format!("{base}{path}?lang=en")).await;
        browser.run("document.documentElement.dataset.theme = 'dark'").await;
        let screen = browser.run(PAPER).await;
        assert!(!screen["pressed"].as_array().expect("a list").is_empty() && screen["paper"] == 0, "{path}: {screen}");
        browser.paper(true).await;
        let paper = browser.run(PAPER).await;
        let expected = json!({"pressed": [], "folded": 0, "ink": "rgb(0, 0, 0) on rgb(255, 255, 255)", "wide": false});
        for (what, wanted) in expected.as_object().expect("an object") {
            assert_eq!(paper[what], *wanted, "{path}: {what}");
        }
        assert_eq!(paper["paper"] != 0, has_lines, "{path}: {paper}");
        let text = browser.text("main").await;
        assert!(text.contains("lid.jpg"), "{path}: {text}");
        browser.paper(false).await;
    }
    let pdf = browser.printed().await;
    assert!(pdf.starts_with(b"%PDF-"), "{} bytes", pdf.len());
    browser.close().await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}
