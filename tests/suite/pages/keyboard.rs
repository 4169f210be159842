//! The whole way of a customer by keyboard alone, with the focus always in sight.

use serde_json::json;

use super::browser::{Browser, Look};
use super::walk;
use crate::harness::{email_of, password_of};

/// Keys as WebDriver names them.
const TAB: char = '\u{E004}';
const ENTER: &str = "\u{E007}";
const SPACE: &str = " ";
const DOWN: &str = "\u{E015}";

/// More stops than any page of a customer has.
const STOPS_MAX: usize = 40;

/// Whether the element that has the focus, or the choice that it stands in, is outlined, inside the window, and not
/// covered by anything.
const IN_SIGHT: &str = "
    const element = document.activeElement;
    const drawn = [element, element.closest('.choice')].filter(Boolean);
    const outlined = drawn.some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    });
    const box = element.getClientRects()[0];
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const open = top && (element.contains(top) || drawn.some((one) => one.contains(top)));
    return outlined && open;";

#[tokio::test(flavor = "multi_thread")]
async fn f96_the_keyboard_alone_asks_for_a_refund_in_english() {
    ask_by_keyboard("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f96_the_keyboard_alone_asks_for_a_refund_in_arabic() {
    ask_by_keyboard("ar").await;
}

async fn ask_by_keyboard(locale: &str) {
    let app = walk::desk().await;
    let order = app.order("7200").customer("zoe@buyers.example", locale);
    let order = order.captured(8_000, "USD").line("lamp", 1, 6_000, 0, 0).line("bulb", 1, 2_000, 0, 0).push().await;
    let browser = Browser::open(true).await;
    browser.look(Look { width: 390, height: 700, dark: false }).await;

    browser.go(&format!("{}/refunds?lang={locale}", app.bases()[0])).await;
    browser.keys(&TAB.to_string()).await;
    assert!(focus_is_on(&browser, ".skip").await, "the first stop skips to what the page is about");
    browser.keys(ENTER).await;
    assert!(focus_is_on(&browser, "#main").await);
    tab_to(&browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows(".error-summary").await;
    assert!(focus_is_on(&browser, ".error-summary").await, "what is wrong is where the reader is");
    tab_to(&browser, ".error-summary a[href='#email']").await;
    browser.keys(ENTER).await;
    assert!(focus_is_on(&browser, "#email").await, "from the summary to the field");

    browser.go(&walk::link(&app, &order).await).await;
    tab_to(&browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows("form[action='/refunds/new']").await;
    tab_to(&browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows("input[name=line]").await;
    tab_to(&browser, "input[value=bulb]").await;
    browser.keys(SPACE).await;
    go_on(&browser, "input[name=reason]").await;
    tab_to(&browser, "input[value=not_received]").await;
    browser.keys(SPACE).await;
    browser.keys(DOWN).await;
    assert!(focus_is_on(&browser, "input[value=quality]:checked").await, "arrows move among choices");
    go_on(&browser, "#share-all").await;
    tab_to(&browser, "#share-all").await;
    browser.keys(DOWN).await;
    tab_to(&browser, "#amount").await;
    browser.keys("12.50").await;
    browser.keys(ENTER).await;
    browser.until_shows("input[type=file]").await;
    tab_to(&browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows("input[name=key]").await;
    tab_to(&browser, "main .button.primary").await;
    // Twice, as a nervous finger does.
    browser.keys(&ENTER.repeat(2)).await;
    browser.until_shows("#status").await;

    let listed = app.shop.get(&order.refunds_path()).await.expect(200).json();
    let amounts: Vec<i64> = listed["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|refund| refund["amount_minor"].as_i64())
        .collect();
    assert_eq!(amounts, [1_250], "{listed:#}");
    browser.close().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f96_the_keyboard_alone_decides_a_request() {
    let app = walk::desk().await;
    let order = app.order("7210").captured(250_000, "USD").push().await;
    let refund = app.shop.ask(&order).amount(50_000).reason("goodwill").accepted().await;
    app.senior("Omar").await;
    let browser = Browser::open(true).await;
    browser.look(Look { width: 1280, height: 900, dark: false }).await;

    browser.go(&format!("{}/login?lang=en", app.bases()[0])).await;
    tab_to(&browser, "#email").await;
    browser.keys(&email_of("Omar")).await;
    tab_to(&browser, "#password").await;
    browser.keys(&password_of("Omar")).await;
    browser.keys(ENTER).await;
    browser.until_shows(".rail").await;
    browser.keys("gq").await;
    browser.until_shows("[data-rows]").await;
    browser.keys("j").await;
    browser.keys(ENTER).await;
    browser.until_shows("#work").await;
    assert_eq!(browser.path().await, format!("/desk/refunds/{}", refund.id));
    // Single keys move the focus; they never send a form.
    browser.keys("c").await;
    browser.keys(ENTER).await;
    browser.until_shows("form[action$='/release']").await;
    browser.keys("d").await;
    browser.until("return document.activeElement.matches('input[value=deny]')").await;
    browser.keys(SPACE).await;
    tab_to(&browser, "form[action$='/decide'] .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows("form[action$='/decision']").await;
    tab_to(&browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows(".error-summary").await;
    assert!(focus_is_on(&browser, ".error-summary").await, "what is wrong is where the reader is");
    tab_to(&browser, ".error-summary a[href='#note']").await;
    browser.keys(ENTER).await;
    assert!(focus_is_on(&browser, "#note").await, "from the summary to the field");
    browser.keys("Worn for a year").await;
    tab_to(&browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until("return !location.pathname.endsWith('/decision')").await;
    let shown = app.shop.show(&refund).await;
    assert_eq!((shown["state"].as_str(), shown["qualifier"].as_str()), (Some("canceled"), Some("denied")), "{shown:#}");
    browser.close().await;
    app.finish().await;
}

/// To the button that goes on, and on to the page that shows this.
async fn go_on(browser: &Browser, next: &str) {
    tab_to(browser, "main .button.primary").await;
    browser.keys(ENTER).await;
    browser.until_shows(next).await;
}

/// Presses the tabulator until the focus is there; it has to be seen at every stop.
async fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..STOPS_MAX {
        browser.keys(&TAB.to_string()).await;
        let page = browser.path().await;
        let stop = browser.run("return document.activeElement.outerHTML.slice(0, 200)").await;
        // After its last stop a page hands the focus to the browser's own controls.
        let left = browser.run("return document.activeElement === document.body").await == json!(true);
        assert!(left || browser.run(IN_SIGHT).await == json!(true), "{page}: the focus cannot be seen on {stop}");
        if focus_is_on(browser, selector).await {
            return;
        }
    }
    panic!("{}: no way by keyboard to {selector}", browser.path().await);
}

async fn focus_is_on(browser: &Browser, selector: &str) -> bool {
    let asked = format!("return document.activeElement.matches({})", json!(selector));
    browser.run(&asked).await == json!(true)
}
