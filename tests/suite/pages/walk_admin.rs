//! The part of the walk that administrators take: people, keys, the trail, what stopped, flags, settings.

use makegood::domain::access::Role;

use super::browser::Browser;
use crate::harness::TestApp;

/// Who administers the desk.
const ADMIN: &str = "Root";

/// The button that a page is about.
const PRIMARY: &str = "main .button.primary";

/// The pages that are visited by their address alone.
const PLACES: [(&str, &str); 9] = [
    ("admin, people", "/admin/users"),
    ("admin, roles", "/admin/roles"),
    ("admin, the outbox", "/admin/outbox?kind=poll"),
    ("admin, flags", "/admin/flags?order=7100"),
    ("admin, settings", "/admin/settings"),
    ("admin, diagnostics", "/admin/diagnostics"),
    ("the trail", "/audit"),
    ("the trail, narrowed to nothing", "/audit?actor=nobody@desk.example"),
    ("keys, none", "/developers/keys"),
];

/// Visits every page of administration and calls `see` with the name of each.
pub(super) async fn administer(app: &TestApp, browser: &Browser, locale: &str, see: &mut impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    app.worker(ADMIN, &[Role::Admin]).await;
    browser.client.delete_all_cookies().await.expect("no cookies");
    browser.go(&format!("{base}/login?lang={locale}")).await;
    browser.fill("#email", &format!("{ADMIN}@desk.example")).await;
    browser.fill("#password", &format!("a long password of {ADMIN}")).await;
    browser.press(PRIMARY).await;
    browser.until_shows(".rail").await;
    for (name, path) in PLACES {
        browser.go(&format!("{base}{path}")).await;
        see(name).await;
    }
    people(app, browser, see).await;
    keys(browser, base, see).await;
    trail(browser, base, see).await;
    dead_letters(app, browser, see).await;
}

async fn people(app: &TestApp, browser: &Browser, see: &mut impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    browser.go(&format!("{base}/admin/users/new")).await;
    see("admin, an invitation").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("admin, an invitation refused").await;
    browser.fill("#name", "Noor").await;
    browser.fill("#email", "noor@desk.example").await;
    browser.press("input[name=roles][value=senior]").await;
    browser.press("input[name=way][value=shown]").await;
    browser.press(PRIMARY).await;
    browser.until_shows("#link").await;
    see("admin, a link that is shown once").await;
    browser.press(PRIMARY).await;
    see("admin, somebody").await;
    let person = browser.path().await;
    browser.go(&format!("{base}{person}/suspend")).await;
    see("admin, whether to suspend").await;
    browser.press(PRIMARY).await;
    browser.until_shows("#flash .notice").await;
    see("admin, somebody who is suspended").await;
}

async fn keys(browser: &Browser, base: &str, see: &mut impl AsyncFnMut(&str)) {
    browser.go(&format!("{base}/developers/keys/new")).await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("keys, a new one refused").await;
    browser.fill("#name", "back end of the shop").await;
    browser.press("input[name=scopes][value='refunds:create']").await;
    browser.press(PRIMARY).await;
    browser.until_shows("#key").await;
    see("keys, a text that is shown once").await;
    browser.press(PRIMARY).await;
    see("keys").await;
    browser.press("main .items a").await;
    see("keys, a new text").await;
    browser.go(&format!("{base}/developers/keys")).await;
    browser.press("main .items a.danger").await;
    see("keys, whether to revoke").await;
}

async fn trail(browser: &Browser, base: &str, see: &mut impl AsyncFnMut(&str)) {
    browser.go(&format!("{base}/audit?action=refund.approve")).await;
    browser.press("main .rows a.ref").await;
    see("the trail, a record").await;
    browser.go(&format!("{base}/audit/verify")).await;
    browser.fill("#head", "nonsense").await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    see("the trail, a head that is none").await;
    browser.go(&format!("{base}/audit")).await;
    browser.press(PRIMARY).await;
    browser.until_shows("main .notice").await;
    see("the trail, proved").await;
}

/// A question to a processor that ran out of tries; it is answered otherwise in the end.
async fn dead_letters(app: &TestApp, browser: &Browser, see: &mut impl AsyncFnMut(&str)) {
    let base = &app.bases()[0];
    browser.go(&format!("{base}/admin/dlq")).await;
    see("admin, nothing has stopped").await;
    let died = "UPDATE outbox SET status = 'dead', attempts = 12, last_error = 'no answer within 10 s', lease_owner = NULL, \
                lease_until = NULL, fence = fence + 1, finished_at = due_at WHERE kind = 'poll' AND status IN ('waiting', 'leased')";
    app.execute(died).await.expect("an update");
    browser.go(&format!("{base}/admin/dlq")).await;
    see("admin, dead letters").await;
    browser.press("main .rows a.ref").await;
    see("admin, a dead letter").await;
    let letter = browser.path().await;
    browser.press("main button.danger").await;
    browser.until_shows(".error-summary").await;
    see("admin, a reason refused").await;
    browser.fill("#reason", "The dashboard of the processor shows no refund of this payment.").await;
    browser.press("main button.danger").await;
    browser.until_shows("#proposal").await;
    see("admin, a proposal of one’s own").await;
    // Seen by a colleague.
    app.execute("UPDATE discards SET proposed_by = 'shell'").await.expect("an update");
    browser.go(&format!("{base}{letter}")).await;
    see("admin, a proposal of somebody else").await;
}
