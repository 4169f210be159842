//! A customer sends files with scripts: the same page, told how far they are, told what is wrong without losing its place.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::browser::Browser;
use super::walk;
use crate::harness::{TestApp, files};

const PRIMARY: &str = "main .button.primary";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sends_files_and_is_told_what_is_wrong_without_reloading() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    };
    let (photo, heic) = (file("lid.jpg", &files::photo_of(2 << 20)), file("phone.heic", &files::heic()));
    let order = app.order("7300").customer("zoe@buyers.example", "en").push().await;
    let browser = Browser::open(true).await;
    browser.go(&walk::link(&app, &order).await).await;
    for choice in [PRIMARY, PRIMARY, "input[name=line]", PRIMARY, "input[name=reason][value=other]", PRIMARY, PRIMARY] {
        browser.press(choice).await;
    }
    browser.until_shows("input[type=file]").await;
    browser.run("window.sameDocument = true").await;

    choose(&browser, &[&photo, &heic]).await;
    browser.press(PRIMARY).await;
    browser.until_shows(".error-summary").await;
    assert!(browser.text(".error-summary").await.contains("phone.heic"), "{}", browser.text("main").await);
    assert_eq!(browser.run("return window.sameDocument === true").await, json!(true), "the page was loaded again");
    assert_eq!(browser.run("return document.activeElement.matches('.error-summary')").await, json!(true));
    assert!(browser.text("main").await.contains("lid.jpg"), "what was right is kept");

    browser.press(PRIMARY).await;
    browser.until_shows("input[name=key]").await;
    assert!(browser.text("main").await.contains("lid.jpg"));
    browser.press(PRIMARY).await;
    browser.until_shows("#status").await;
    assert!(browser.text("#status").await.contains("lid.jpg"));
    browser.close().await;
    app.finish().await;
}

async fn choose(browser: &Browser, paths: &[&Path]) {
    let input = browser.client.find(fantoccini::Locator::Css("input[type=file]")).await.expect("a place for files");
    let listed: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    input.send_keys(&listed.join("\n")).await.expect("files");
}
