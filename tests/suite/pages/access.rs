//! Every page, in every language and both themes, on a telephone and on a desk: nothing that keeps people out, nothing
//! that does not fit.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::browser::{Browser, Look};
use super::walk;

/// axe-core, as `tests/run tools` lays it beside what is built.
const AXE: &str = "tools/axe-core-4.14.1/package/axe.min.js";

/// The looks that each page is given: a telephone and a desk, light and dark.
const LOOKS: [Look; 4] = [
    Look { width: 320, height: 640, dark: false },
    Look { width: 320, height: 640, dark: true },
    Look { width: 1280, height: 800, dark: true },
    Look { width: 1280, height: 800, dark: false },
];

/// What axe-core finds: rules that are broken, how badly, and where. Colours alone depend on the theme.
const FIND: &str = "
    const done = arguments[arguments.length - 1];
    const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    // A letter is shown inside a page of the mail program, which has the landmarks.
    if (location.protocol !== 'data:') all.push('best-practice');
    const only = matchMedia('(prefers-color-scheme: dark)').matches
        ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } : { type: 'tag', values: all };
    axe.run(document, { runOnly: only, resultTypes: ['violations'], iframes: false }).then(
        (found) => done(found.violations.map((rule) => ({
            impact: rule.impact, rule: rule.id, help: rule.help,
            at: rule.nodes.map((node) => node.target.join(' ') + ' ' + node.any.map((check) => check.message).join(' ')),
        }))),
        (error) => done([{ impact: 'critical', rule: String(error), help: '', at: [] }]),
    );";

/// Room between lines, paragraphs, letters and words, as people set it who need it. Source: WCAG 2.2, 1.4.12.
const SPACE_OUT: &str = "
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets.push(sheet);";

/// What stands outside the window, or makes the page scroll sideways. What scrolls in a box of its own does not count.
const OUTSIDE: &str = "
    const page = document.scrollingElement;
    const scrolls = (element) => element && element !== page
        && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
    const outside = [...document.body.querySelectorAll('*')].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1) && !scrolls(element);
    });
    const names = outside.map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    const cut = [...document.body.querySelectorAll('*')].filter((element) => element.clientWidth > 1
        && getComputedStyle(element).overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1);
    names.push(...cut.map((element) => `${element.tagName.toLowerCase()}.${element.className} is cut off`));
    if (page.scrollWidth > page.clientWidth) names.push(`the page is ${page.scrollWidth} wide`);
    if (page.scrollLeft !== 0) names.push(`the page stands ${page.scrollLeft} to the side`);
    return names;";

#[tokio::test(flavor = "multi_thread")]
async fn f96_every_page_is_accessible_and_fits_in_english() {
    look_at_everything("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f96_every_page_is_accessible_and_fits_in_arabic() {
    look_at_everything("ar").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f96_every_page_is_accessible_and_fits_in_words_a_third_longer() {
    look_at_everything("en-XA").await;
}

/// A look that finds nothing on a bad page would find nothing on ours.
#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_people_out_and_what_does_not_fit_is_found() {
    let browser = Browser::open(true).await;
    let bad =
        "<p style='color:%23aaa;width:600px'>Faint</p><img src=x><div style='overflow:hidden;width:9px'>Abcdef</div>";
    browser.go(&format!("data:text/html,<!doctype html><html><title>x</title><body>{bad}")).await;
    browser.client.execute(&axe(), Vec::new()).await.expect("axe-core");
    browser.look(LOOKS[0]).await;
    let found = faults_of(&browser).await.join("\n");
    for fault in ["color-contrast", "image-alt", "html-has-lang", "not fit: p", "div. is cut off", "the page is 6"] {
        assert!(found.contains(fault), "{fault}: {found}");
    }
    browser.close().await;
}

async fn look_at_everything(locale: &str) {
    let axe = axe();
    let app = walk::desk().await;
    let browser = Browser::open(true).await;
    let mut faults = String::new();
    walk::walk(&app, &browser, locale, async |name| {
        browser.client.execute(&axe, Vec::new()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        for look in LOOKS {
            browser.look(look).await;
            for fault in faults_of(&browser).await {
                writeln!(faults, "  {name}, {} px, dark {}: {fault}", look.width, look.dark).expect("memory");
            }
        }
        // Letters of Arabic are joined; to part them is to misspell them.
        if locale != "ar" {
            browser.look(LOOKS[0]).await;
            browser.run(SPACE_OUT).await;
            for fault in outside(&browser).await {
                writeln!(faults, "  {name}, spaced out: {fault}").expect("memory");
            }
        }
    })
    .await;
    assert!(faults.is_empty(), "in {locale}:\n{faults}");
    browser.close().await;
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}

async fn faults_of(browser: &Browser) -> Vec<String> {
    let broken = browser.run_for(FIND).await;
    outside(browser).await.into_iter().chain(broken.as_array().expect("a list").iter().map(Value::to_string)).collect()
}

async fn outside(browser: &Browser) -> Vec<String> {
    let outside = browser.run(OUTSIDE).await;
    outside
        .as_array()
        .expect("a list")
        .iter()
        .map(|name| format!("does not fit: {}", name.as_str().unwrap_or_default()))
        .collect()
}

/// The program text of axe-core.
fn axe() -> String {
    let test = std::env::current_exe().expect("a path");
    let path: PathBuf = test.ancestors().nth(3).expect("the folder of what is built").join(AXE);
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; tests/run tools lays it there", path.display()))
}
