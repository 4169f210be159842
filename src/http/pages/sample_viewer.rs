//! Sample screens of evidence at the desk: a file that is shown, one that is not, and what was approved against what is.

use askama::Template;

use super::desk::file::{FilePage, Neighbours, Opener, PageLink, Picture};
use super::desk::files::{FileCard, ScanTag};
use super::desk::review::{ApprovalItem, CompareRow, Comparison, ReviewPage, Watched};
use super::faults::Faults;
use super::frame::Page;
use super::parts::{Fact, Moment, Notice, StoryEvent, Tag, Value, reason_words};
use super::sample::{at, usd};
use crate::domain::refund::{Qualifier, Reason, State};

const ID: &str = "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N";

/// The screens, by name.
pub(super) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    vec![
        ("file", file(page, true)),
        ("file-infected", file(&page.clone().with_faults(), false)),
        ("review", review(page, true)),
        ("review-nothing", review(page, false)),
    ]
}

/// Files as the desk sees them: one that is clean, one that waits for the scanner, one that is locked away.
pub(super) fn cards(page: &Page) -> Vec<FileCard> {
    let card = |nth: i64, name: &str, kind, icon: &'static str, word: &str| FileCard {
        nth,
        href: Some(format!("/desk/refunds/{ID}/evidence/{nth}")),
        thumbnail: (kind == "clean").then(|| "/static/mark.svg".to_owned()),
        icon,
        name: name.to_owned(),
        alt: page.t1("desk-evidence-alt-none", "file", name),
        about: page.t2("customer-evidence-about", "kind", page.t1("desk-evidence-pdf", "pages", nth), "size", "2 MB"),
        giver: page.t("desk-who-customer"),
        given: moment(page),
        scan: ScanTag { kind, icon, word: page.t(word) },
        unreadable: nth == 1,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    };
    vec![
        card(1, "lid <b>.jpg", "clean", "check", "desk-scan-clean"),
        card(
            2,
            "a-very-long-name-of-a-document-that-somebody-scanned.pdf",
            "pending",
            "hourglass",
            "desk-scan-pending",
        ),
        card(3, "x.png", "infected", "triangle-alert", "desk-scan-infected"),
    ]
}

fn moment(page: &Page) -> Moment {
    Moment::of(&page.lang(), at("2026-11-20T13:31:00Z"))
}

fn file(page: &Page, is_seen: bool) -> String {
    let lang = page.lang();
    let href = format!("/desk/refunds/{ID}/evidence/1");
    let mut faults = Faults::none();
    if !is_seen {
        faults.add("alt", page.t1("desk-evidence-alt-long", "most", 300));
    }
    let leaf = |number: i64| PageLink { href: href.clone(), number: lang.number(number), current: number == 2 };
    let picture = Picture {
        src: "/static/mark.svg".to_owned(),
        alt: page.t1("desk-evidence-alt-none", "file", "lid.jpg"),
        zoom: 2,
        turned: href.clone(),
        larger: Some(href.clone()),
        smaller: Some(href.clone()),
        whole: Some(href.clone()),
        pages: (1..=50).map(leaf).collect(),
        turns: (Some(href.clone()), Some(href.clone())),
        more: Some(page.t2("desk-evidence-more-pages", "drawn", 50, "pages", 10_000)),
    };
    let (kind, word) = if is_seen { ("clean", "desk-scan-clean") } else { ("infected", "desk-scan-infected") };
    let told = if is_seen { "desk-evidence-unscanned" } else { "desk-evidence-infected" };
    let screen = FilePage {
        refund_id: ID.to_owned(),
        case_href: format!("/desk/refunds/{ID}"),
        nth: 1,
        files: cards(page),
        place: page.t2("desk-evidence-place", "nth", 1, "count", 3),
        name: "lid <b>.jpg".to_owned(),
        scan: ScanTag { kind, icon: "check", word: page.t(word) },
        picture: is_seen.then_some(picture),
        notices: vec![Notice { kind: "warning", text: page.t(told) }],
        neighbours: Neighbours {
            before: Some(href.clone()),
            after: Some(href.clone()),
            before_key: "ArrowLeft",
            after_key: "ArrowRight",
        },
        facts: vec![
            Fact::words(&lang, "desk-evidence-type", "JPEG"),
            Fact::words(
                &lang,
                "desk-evidence-measures",
                page.t2("desk-evidence-pixels", "width", 4_032, "height", 3_024),
            ),
            Fact::new(&lang, "desk-evidence-given", Value::Moment(moment(page))),
            Fact::new(&lang, "desk-evidence-digest", Value::Id("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b".repeat(2))),
        ],
        openers: vec![Opener {
            name: "Omar Said".to_owned(),
            first: moment(page),
            extent: Some(page.t2("desk-evidence-pages-seen", "seen", 1, "pages", 3)),
        }],
        alt: "The lid, in two halves".to_owned(),
        may_write: true,
        unreadable: true,
        may_ask: true,
        page: page.clone(),
        faults,
        href,
    };
    screen.render().unwrap()
}

fn review(page: &Page, is_compared: bool) -> String {
    let lang = page.lang();
    let name = "Omar Said".to_owned();
    let row = |id: &str, was: String, is: String| CompareRow { name: page.t(id), changed: was != is, was, is };
    let theirs = |kind, id: &str| (kind, page.t1(id, "name", "Omar Said"));
    let watched = |(nth, card): (usize, FileCard)| Watched {
        card,
        added: nth == 2,
        seen: match nth {
            0 => vec![theirs("seen", "desk-review-opened-before"), ("unseen", page.t("desk-review-you-never"))],
            1 => vec![("unseen", page.t("desk-review-closed"))],
            _ => vec![theirs("unseen", "desk-review-opened-later")],
        },
    };
    let reason = || reason_words(&lang, Reason::Quality);
    let comparison = Comparison {
        at: moment(page),
        note: Some("The courier’s photos show the same crack.\nFine by me.".to_owned()),
        notices: vec![Notice { kind: "warning", text: page.t1("desk-review-void", "name", name.as_str()) }],
        changes: vec![
            page.t2("desk-review-amount", "was", usd(180_000), "is", usd(150_000)),
            page.t1("desk-review-files", "count", 1),
        ],
        rows: vec![
            row("desk-list-amount", lang.money(usd(180_000)), lang.money(usd(150_000))),
            row("desk-list-reason", reason(), reason()),
        ],
        files: cards(page).into_iter().enumerate().map(watched).collect(),
        since: vec![StoryEvent {
            kind: "person",
            what: page.t("desk-event-evidence"),
            at: moment(page),
            who: Some(page.t("desk-who-customer")),
            words: None,
        }],
        name: name.clone(),
    };
    let approval = |name: &str, counts| ApprovalItem {
        href: format!("/desk/refunds/{ID}/review?approval=1"),
        name: name.to_owned(),
        at: moment(page),
        amount: lang.money(usd(180_000)),
        counts,
        current: !counts,
    };
    let screen = ReviewPage {
        page: page.clone(),
        refund_id: ID.to_owned(),
        version: 3,
        amount_words: lang.money(usd(150_000)),
        tag: Tag::of(&lang, State::Requested, Some(Qualifier::AwaitingSecond)),
        approvals: vec![approval(&name, false), approval("Amina Hassan", true)],
        comparison: is_compared.then_some(comparison),
        may_decide: true,
        blocked: Some(page.t("desk-refund-adjusted")),
    };
    screen.render().unwrap()
}
