//! Sample screens of the desk's lists for the tests of screens: start page, queue, list, kept views, handing over.

use askama::Template;

use super::desk::hand_over::HandOver;
use super::desk::list::{List, Stopped};
use super::desk::narrow::{Bar, Chip, Choice};
use super::desk::queue::{Due, QueuePage, Row, Tab};
use super::desk::start::{AccountRow, Start};
use super::desk::views::{self, Link, Saved, Typed, Views};
use super::faults::Faults;
use super::frame::Page;
use super::parts::{self, Amount, Moment, Tag, reason_words, term};
use super::sample::{at, usd};
use super::sample_desk::ID;
use crate::domain::refund::{Qualifier, Reason, State};
use crate::domain::review::View;

/// All of them, by a name for each.
pub(super) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    vec![
        ("start-of-desk", start(page)),
        ("queue", queue(page)),
        ("list", list(page)),
        ("views", views(page)),
        ("hand-on", hand_over(page, true)),
        ("hand-over", hand_over(page, false)),
    ]
}

fn row(page: &Page, due: Option<&str>, minor: i64, reason: Reason, tag: Tag, owner: Option<&str>) -> Row {
    let lang = page.lang();
    Row {
        id: ID.to_owned(),
        order_id: "1042".to_owned(),
        customer: Some("Zoë Probe".to_owned()),
        amount: Amount::of(&lang, usd(minor)),
        reason: reason_words(&lang, reason),
        rail: page.t("rail-card"),
        tag,
        due: due.map(|due| Due::of(page, at(due), at("2026-11-21T09:00:00Z"))),
        updated: Moment::of(&lang, at("2026-11-20T13:02:00Z")),
        owner: owner.map(|name| page.t2("desk-queue-owner", "name", name, "minutes", 6)),
    }
}

fn waiting(page: &Page) -> Vec<Row> {
    let tag = |qualifier| Tag::of(&page.lang(), State::Requested, Some(qualifier));
    let (first, second) = (tag(Qualifier::AwaitingFirst), tag(Qualifier::AwaitingSecond));
    vec![
        row(page, Some("2026-11-21T08:46:00Z"), 41_200, Reason::Goodwill, second, Some("Omar")),
        row(page, Some("2026-11-21T10:20:00Z"), 125_000, Reason::Quality, first.clone(), None),
        row(page, Some("2026-11-24T10:20:00Z"), 8_990, Reason::Other, first, None),
    ]
}

fn saved() -> Saved {
    let link =
        |name: &str, current| Link { href: "/desk/queue?reason=goodwill".to_owned(), name: name.to_owned(), current };
    Saved {
        here: "/desk/queue?view=mine".to_owned(),
        may_share: true,
        links: vec![link("Goodwill over 200", true), link("نية حسنة", false)],
    }
}

fn bar(page: &Page, in_queue: bool) -> Bar {
    let choice = |word: &'static str, id: &str| Choice { word, name: page.t(id), chosen: true };
    let named = |id: &str| vec![parts::Choice::new("", page.t(id), true)];
    Bar {
        action: "/desk/queue",
        kept: vec![("view", "unclaimed".to_owned())],
        chips: vec![Chip { words: page.lang().money(usd(1_000)), href: "/desk/queue".to_owned() }],
        cleared: "/desk/queue".to_owned(),
        states: if in_queue { Vec::new() } else { vec![choice("failed", "refund-state-failed")] },
        reasons: vec![choice("goodwill", "refund-reason-goodwill")],
        rails: vec![choice("card", "rail-card")],
        texts: ["USD", "10", "", "2026-11-01", ""].map(str::to_owned),
        owners: named("queue-owner-anybody"),
        dues: if in_queue { named("queue-due-whenever") } else { Vec::new() },
    }
}

fn tab(page: &Page, name: String, count: i64, current: bool) -> Tab {
    Tab { href: "/desk/queue".to_owned(), name, count: page.lang().number(count), current }
}

fn views_of_queue(page: &Page) -> Vec<Tab> {
    let counted = View::ALL.iter().zip([4, 23, 6, 9, 2]);
    let name = |view: &View| page.t(term("desk-view-", view.as_str()));
    counted.map(|(view, count)| tab(page, name(view), count, *view == View::Unclaimed)).collect()
}

fn queue(page: &Page) -> String {
    let screen = QueuePage {
        tabs: views_of_queue(page),
        news: Some(page.t1("queue-news", "count", 3)),
        here: "/desk/queue".to_owned(),
        live: "/desk/queue?seen=x".to_owned(),
        saved: saved(),
        bar: bar(page, true),
        sums: page.lang().money(usd(481_235)),
        rows: waiting(page),
        compares: false,
        works: true,
        nothing_title: String::new(),
        nothing: String::new(),
        first: None,
        next: Some("/desk/queue?after=x".to_owned()),
        page: page.clone(),
    };
    screen.render().unwrap()
}

fn list(page: &Page) -> String {
    let lang = page.lang();
    let qualifiers = [
        Some(Qualifier::AwaitingSecond),
        None,
        None,
        Some(Qualifier::Overdue),
        None,
        Some(Qualifier::Retryable),
        Some(Qualifier::Withdrawn),
    ];
    let rows = State::ALL.iter().zip(qualifiers).map(|(state, qualifier)| {
        let due = (*state == State::Requested).then_some("2026-11-21T10:20:00Z");
        row(page, due, 123_450, Reason::Quality, Tag::of(&lang, *state, qualifier), None)
    });
    let states = State::ALL.iter().map(|state| tab(page, Tag::of(&lang, *state, None).word, 12, false));
    let way = |id: &str| ("/desk/refunds?from=2026-11-14".to_owned(), page.t(id));
    let screen = List {
        tabs: std::iter::once(tab(page, page.t("desk-list-all"), 84, true)).chain(states).collect(),
        saved: saved(),
        bar: bar(page, false),
        text: String::new(),
        filtered: true,
        rows: rows.collect(),
        files: ["/desk/refunds.csv", "/desk/refunds.csv?bom=1"].map(str::to_owned),
        file_words: page.t1("queue-file", "count", page.t1("queue-count-more", "count", "1,000")),
        stopped: Some(Stopped {
            words: page.t1("queue-stopped", "count", lang.number(50_000)),
            ways: vec![way("queue-stopped-week"), way("queue-stopped-month"), way("queue-stopped-on")],
        }),
        first: Some("/desk/refunds".to_owned()),
        next: Some("/desk/refunds?cursor=x".to_owned()),
        page: page.clone(),
    };
    screen.render().unwrap()
}

fn views(page: &Page) -> String {
    let view = |id: &str, name: &str, about: String, may_change| views::Row {
        id: id.to_owned(),
        href: "/desk/queue?reason=goodwill".to_owned(),
        name: name.to_owned(),
        about,
        shared: true,
        may_change,
    };
    let mut faults = Faults::none();
    faults.add("name", page.t("queue-view-name-needed"));
    let new = Typed { name: String::new(), address: "/desk/queue?view=mine".to_owned(), shared: true };
    let rows = vec![
        view("1", "Goodwill over 200", page.t("queue-view-own-shared"), true),
        view("2", "Yesterday", page.t1("queue-view-of", "name", "Omar"), false),
    ];
    Views { page: page.clone().with_faults(), faults, new, may_share: true, rows }.render().unwrap()
}

fn hand_over(page: &Page, one: bool) -> String {
    let mut faults = Faults::none();
    faults.add("to", page.t("queue-hand-needed"));
    let screen = HandOver {
        page: page.clone().with_faults(),
        faults,
        case: one.then(|| (ID.to_owned(), page.lang().money(usd(41_200)))),
        colleagues: vec![parts::Choice::new("", page.t("queue-hand-choose"), true)],
        note: String::new(),
    };
    screen.render().unwrap()
}

fn start(page: &Page) -> String {
    let account = |name: &str, icon, words| AccountRow { name: name.to_owned(), icon, words };
    let late = tab(page, page.t("desk-start-late"), 3, false);
    let waits =
        page.t2("desk-start-account-waits", "count", 12, "since", page.lang().datetime(at("2026-11-21T08:46:00Z")));
    let screen = Start {
        page: page.clone(),
        works: true,
        mine: waiting(page),
        figures: std::iter::once(late).chain(views_of_queue(page)).collect(),
        holders: vec![("Omar Said".to_owned(), page.lang().number(4))],
        accounts: vec![
            account("simulator", "seal", page.t("desk-start-account-fine")),
            account("stripe-eu", "hourglass", waits),
        ],
    };
    screen.render().unwrap()
}
