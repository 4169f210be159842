//! A walk through every page there is, in one language, with a stop wherever there is something to look at.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use makegood::domain::access::Role;
use serde_json::json;

use super::browser::Browser;
use crate::harness::{Order, Refund, TestApp, email_of, files, password_of};

/// Who buys everything here.
const CUSTOMER: &str = "zoe@buyers.example";

/// Who works at the desk.
pub(super) const AGENT: &str = "Amina";

/// The button that a page is about.
const PRIMARY: &str = "main .button.primary";

/// The pages that are visited by their address: what they are called, and where they are.
const PLACES: [(&str, &str); 6] = [
    ("no such page", "/nowhere"),
    ("help", "/help"),
    ("letters", "/dev/mail"),
    ("the reference", "/docs"),
    ("problems", "/problems"),
    ("one problem", "/problems/refund-exceeds-remaining"),
];

/// A desk that keeps what is pending pending.
pub(super) async fn desk() -> TestApp {
    TestApp::start_with(|config| config.simulator.webhook_delay_ms = 600_000).await
}

/// Visits every page and calls `see` with the name of each.
pub(super) async fn walk(app: &TestApp, browser: &Browser, locale: &str, mut see: impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    browser.go(&format!("{base}/refunds?lang={locale}")).await;
    find_the_order(app, browser, locale, &mut see).await;
    ask(browser, &mut see).await;
    follow(app, browser, locale, &mut see).await;
    for (name, path) in PLACES {
        browser.go(&format!("{base}{path}")).await;
        see(name).await;
    }
    read_letters(app, browser, &mut see).await;
    work_at_the_desk(app, browser, &mut see).await;
    super::walk_admin::administer(app, browser, locale, &mut see).await;
}

async fn find_the_order(app: &TestApp, browser: &Browser, locale: &str, see: &mut impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    see("start").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("start, refused").await;
    browser.fill("#order_id", "7100").await;
    browser.fill("#email", CUSTOMER).await;
    browser.press(PRIMARY).await;
    see("link sent").await;
    browser.go(&format!("{base}/refunds/verify/nonsense")).await;
    see("link that no longer works").await;
    for (id, status, name) in [("7101", "pending", "order not paid"), ("7102", "captured", "order with nothing left")] {
        let order = app.order(id).status(status).customer(CUSTOMER, locale).push().await;
        if status == "captured" {
            let refund = app.shop.ask(&order).reason("quality").accepted().await;
            app.until(&refund, "completed").await;
        }
        browser.go(&link(app, &order).await).await;
        browser.press(PRIMARY).await;
        see(name).await;
    }
    let order = app.order("7100").captured(12_499, "USD").customer(CUSTOMER, locale);
    let order = order.line("lamp", 1, 6_000, 0, 0).line("bulb", 3, 2_000, 0, 0).line("shipping", 1, 499, 0, 0);
    browser.go(&link(app, &order.push().await).await).await;
    see("link").await;
    browser.press(PRIMARY).await;
    see("order").await;
}

async fn ask(browser: &Browser, see: &mut impl AsyncFnMut(&str)) {
    browser.press(PRIMARY).await;
    see("items").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("items, refused").await;
    browser.press("input[name=line][value=lamp]").await;
    browser.press("input[name=line][value=bulb]").await;
    browser.press(PRIMARY).await;
    see("reason").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("reason, refused").await;
    browser.press("input[name=reason][value=other]").await;
    browser.fill("#note", "The shade has a crack from top to bottom.\nCan you send another?").await;
    browser.press(PRIMARY).await;
    see("amount").await;
    browser.press("#share-part").await;
    browser.fill("#amount", "850").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("amount, refused").await;
    browser.fill("#amount", "45").await;
    browser.press(PRIMARY).await;
    see("evidence").await;
    browser.press(PRIMARY).await;
    see("check").await;
    browser.press(PRIMARY).await;
    see("status, requested").await;
    browser.press("main a[href$='/evidence']").await;
    see("more evidence").await;
    browser.press("main .bar a").await;
    browser.press("main a.danger").await;
    see("withdraw").await;
    browser.press(PRIMARY).await;
    see("status, withdrawn").await;
}

/// The status of a refund in each way in which it can stand.
async fn follow(app: &TestApp, browser: &Browser, locale: &str, see: &mut impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    let agent = app.agent(AGENT).await;
    let order = async |id: &str, mode: &str| app.order(id).mode(mode).customer(CUSTOMER, locale).push().await;
    let quality = async |order: &Order| app.shop.ask(order).reason("quality").accepted().await;
    let show = async |refund: &Refund| browser.go(&format!("{base}/refunds/r/{}", refund.id)).await;

    let pending = quality(&order("7110", "pending_then_succeeded").await).await;
    app.until(&pending, "provider_pending").await;
    show(&pending).await;
    see("status, processing").await;
    let completed = quality(&order("7111", "succeeded").await).await;
    app.until(&completed, "completed").await;
    show(&completed).await;
    see("status, refunded").await;
    let failed = quality(&order("7112", "failed").await).await;
    app.until(&failed, "failed").await;
    show(&failed).await;
    see("status, failed").await;
    let denied = app.shop.ask(&order("7113", "succeeded").await).reason("other").accepted().await;
    agent.deny(&denied, "Worn for a year.").await.expect(200);
    show(&denied).await;
    see("status, denied").await;
    browser.press(PRIMARY).await;
    see("look again").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("look again, refused").await;
    let asked = app.shop.ask(&order("7115", "succeeded").await).reason("other").accepted().await;
    ask_something(app, &asked).await;
    show(&asked).await;
    see("status, asked something").await;
    browser.press("#write button").await;
    browser.until_shows(".error-summary").await;
    see("status, answer refused").await;
    let canceled = app.shop.ask(&order("7114", "succeeded").await).reason("other").accepted().await;
    app.shop.act(&canceled, "cancel").await.expect(200);
    show(&canceled).await;
    see("status, canceled").await;
}

/// Somebody at the desk asks the customer something.
async fn ask_something(app: &TestApp, refund: &Refund) {
    let mut window = app.working("Rania", Role::Agent).await;
    let desk = format!("/desk/refunds/{}", refund.id);
    window.go(&format!("{desk}/decide?v=ask")).await.is(200);
    let version = window.shown.hidden("version");
    let question = [("decision", "ask"), ("message", "Which box was it?"), ("version", version.as_str())];
    window.send(&format!("{desk}/decision"), &question).await.is(200);
}

/// A letter on its page, and the newest letter of each kind as a mail program shows it.
async fn read_letters(app: &TestApp, browser: &Browser, see: &mut impl AsyncFnMut(&str)) {
    browser.go(&format!("{}/dev/mail", app.bases()[0])).await;
    browser.press("main .items a").await;
    see("letter").await;
    let letters: BTreeMap<String, String> = app.mails().into_iter().map(|mail| (mail.kind, mail.html)).collect();
    for (kind, html) in letters {
        browser.go(&format!("data:text/html;charset=utf-8;base64,{}", STANDARD.encode(html))).await;
        see(&format!("letter {kind} in a mail program")).await;
    }
}

async fn work_at_the_desk(app: &TestApp, browser: &Browser, see: &mut impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    browser.go(&format!("{base}/login")).await;
    see("sign-in").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("sign-in, refused").await;
    sign_in(browser, base).await;
    see("desk").await;
    for (name, path) in [
        ("desk, the start", "/desk"),
        ("desk, all refunds", "/desk/refunds"),
        ("desk, nothing in this state", "/desk/refunds?state=submitting"),
        ("desk, saved views", "/desk/views"),
        ("desk, everything handed over", "/desk/hand-over"),
    ] {
        browser.go(&format!("{base}{path}")).await;
        see(name).await;
    }
    let large = app.order("7120").captured(250_000, "USD").push().await;
    let retryable = app.order("7121").mode("failed_insufficient_funds").push().await;
    let retryable = app.shop.ask(&retryable).reason("quality").accepted().await;
    app.until(&retryable, "failed").await;
    let photo = app.shop.uploaded("lid-in-two-halves-as-it-came-out-of-the-box.jpg", &files::photo()).await;
    let bill = app.shop.uploaded("bill.pdf", &files::pdf(60)).await;
    let ask = app.shop.ask(&large).reason("goodwill").with("note", json!("Second breakage in a month."));
    let to_decide = ask.evidence(&[&photo, &bill]).accepted().await;
    for (name, id) in [("desk, a failed refund", &retryable.id), ("desk, a refund to decide", &to_decide.id)] {
        browser.go(&format!("{base}/desk/refunds/{id}")).await;
        see(name).await;
    }
    write_letters(browser, base, &to_decide).await;
    see("desk, messages of a refund").await;
    for (name, path) in [
        ("desk, unanswered messages", "/desk/messages"),
        ("desk, replies", "/desk/replies"),
        ("desk, a new reply", "/desk/replies/new"),
    ] {
        browser.go(&format!("{base}{path}")).await;
        see(name).await;
    }
    browser.fill("#text-en", "Hello { $you }").await;
    browser.press("#reply .button.primary").await;
    browser.until_shows(".error-summary").await;
    see("desk, a reply refused").await;
    for (name, path) in [("desk, a file", "evidence/1"), ("desk, a page of a file", "evidence/2?page=7&zoom=2&rot=90")]
    {
        browser.go(&format!("{base}/desk/refunds/{}/{path}", to_decide.id)).await;
        see(name).await;
    }
    browser.fill("#alt", &"x".repeat(301)).await;
    browser.press("form[action$='/alt'] .button").await;
    browser.until_shows(".error-summary").await;
    see("desk, a description refused").await;
    browser.go(&format!("{base}/desk/refunds/{}/review", to_decide.id)).await;
    see("desk, nothing to compare").await;
    app.senior("Omar").await.approve(&to_decide, "Both show the crack.").await.expect(200);
    let late = app.shop.uploaded("late.png", &files::screenshot()).await;
    app.add_evidence(&app.shop, &to_decide, &[&late]).await;
    browser.go(&format!("{base}/desk/refunds/{}/review", to_decide.id)).await;
    see("desk, a comparison").await;
    browser.go(&format!("{base}/desk/refunds/{}", to_decide.id)).await;
    browser.press("form[action$='/claim'] button").await;
    see("desk, a claimed refund").await;
    browser.go(&format!("{base}/desk/queue?view=mine&reason=goodwill&currency=usd&min=1")).await;
    browser.press("main .more summary").await;
    see("desk, a filtered queue").await;
    browser.go(&format!("{base}/desk/refunds/{}/hand-on", to_decide.id)).await;
    see("desk, a case handed on").await;
    browser.go(&format!("{base}/desk/refunds/{}/decide?v=deny", to_decide.id)).await;
    see("desk, a decision").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("desk, a decision refused").await;
    app.worker("Lea", &[Role::Admin]).await;
    let language = browser.run("return document.documentElement.lang").await;
    let language = language.as_str().expect("a language").to_owned();
    browser.client.delete_all_cookies().await.expect("a browser that forgets");
    sign_in_as(browser, base, "Lea").await;
    browser.go(&format!("{base}/admin/mail/preview?template=denied&locale=ar&lang={language}")).await;
    see("how every letter looks").await;
}

/// A reply put in, and looked at before it leaves.
async fn write_letters(browser: &Browser, base: &str, refund: &Refund) {
    browser.go(&format!("{base}/desk/refunds/{}/messages", refund.id)).await;
    browser.press("#reply option:nth-child(2)").await;
    browser.press("button[value=fill]").await;
    browser.until_shows("#write .notice").await;
    browser.press("button[value=preview]").await;
    browser.until_shows("#preview").await;
}

/// Signs in as the agent.
pub(super) async fn sign_in(browser: &Browser, base: &str) {
    sign_in_as(browser, base, AGENT).await;
}

pub(super) async fn sign_in_as(browser: &Browser, base: &str, name: &str) {
    browser.go(&format!("{base}/login")).await;
    browser.fill("#email", &email_of(name)).await;
    browser.fill("#password", &password_of(name)).await;
    browser.press(PRIMARY).await;
    browser.until_shows(".rail").await;
}

/// A link to an order, as a shop gives it.
pub(super) async fn link(app: &TestApp, order: &Order) -> String {
    let link = app.shop.post(&format!("/v1/orders/{}/link", order.id), &json!({})).await.expect(201).json();
    link["url"].as_str().expect("an address").to_owned()
}
