//! Sample screens of what waits and what stopped.

use askama::Template;

use super::dead_letter::{DeadLetterPage, Proposal};
use super::dlq::{CauseItem, Dlq, Event, Row as StoppedRow};
use super::outbox::{Kind, Outbox, Row};
use crate::domain::refund::{Qualifier, State};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Tag, Value};
use crate::http::pages::sample::usd;

const ID: &str = "ob_01KAQ7W3H5M2ZX0D9V4T8C1B6N";
const REFUND: &str = "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N";
const ERROR: &str = "the processor did not answer within 10 s: POST https://api.processor.example/v1/refunds";

pub(super) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    let at = |path: &str| Page { path: path.to_owned(), ..page.clone() };
    let none = Dlq {
        page: at("/admin/dlq"),
        causes: Vec::new(),
        is_narrowed: false,
        rows: Vec::new(),
        events: Vec::new(),
        may_change: true,
        first: None,
        next: None,
    };
    vec![
        ("outbox", outbox(&at("/admin/outbox"))),
        ("dlq", dlq(&at("/admin/dlq"))),
        ("dlq-none", none.render().unwrap()),
        ("dead-letter", dead_letter(&at("/admin/dlq"), None)),
        ("dead-letter-proposed", dead_letter(&at("/admin/dlq"), Some(false))),
        ("dead-letter-own", dead_letter(&at("/admin/dlq"), Some(true))),
    ]
}

fn moment(page: &Page) -> Moment {
    Moment::of(&page.lang(), "2026-11-20T13:02:00Z".parse().unwrap())
}

fn refund(page: &Page) -> Option<(String, Amount, Tag)> {
    let lang = page.lang();
    let tag = Tag::of(&lang, State::ProviderPending, Some(Qualifier::DeadLettered));
    Some((REFUND.to_owned(), Amount::of(&lang, usd(123_456)), tag))
}

fn outbox(page: &Page) -> String {
    let kind = |word: &str, current| Kind {
        href: format!("/admin/outbox?kind={word}"),
        name: page.t(format!("outbox-kind-{word}")),
        count: "1,204".to_owned(),
        current,
    };
    let row = |is_due, error: Option<&str>| Row {
        id: ID.to_owned(),
        refund_id: error.map(|_| REFUND.to_owned()),
        account: error.map(|_| "stripe-eu".to_owned()),
        attempts: "3".to_owned(),
        due: moment(page),
        is_due,
        error: error.map(str::to_owned),
    };
    let screen = Outbox {
        page: page.clone(),
        kinds: vec![kind("submit", true), kind("poll", false), kind("mail", false), kind("scan", false)],
        stopped: Some(page.t1("outbox-stopped", "count", 2)),
        under_way: vec![row(false, Some(ERROR))],
        rows: vec![row(true, None), row(false, Some(ERROR))],
        first: Some("/admin/outbox?kind=submit".to_owned()),
        next: None,
    };
    screen.render().unwrap()
}

fn dlq(page: &Page) -> String {
    let cause = |current| CauseItem {
        word: "0123456789abcdef".to_owned(),
        href: "/admin/dlq?cause=0123456789abcdef".to_owned(),
        what: super::dlq::what(page, "submit", Some("stripe-eu")),
        error: ERROR.to_owned(),
        count: "12".to_owned(),
        retry: page.t1("outbox-retry-all", "count", 12),
        since: Some(moment(page)),
        current,
    };
    let row = |proposed: bool, is_letter: bool| StoppedRow {
        id: ID.to_owned(),
        what: super::dlq::what(page, if is_letter { "mail" } else { "submit" }, None),
        tries: page.t1("outbox-tries", "count", 12),
        error: super::dlq::error_words(page, (!is_letter).then_some(ERROR)),
        since: Some(moment(page)),
        refund: if is_letter { None } else { refund(page) },
        proposed_by: proposed.then(|| "Amina Hassan".to_owned()),
    };
    let screen = Dlq {
        page: page.clone(),
        causes: vec![cause(true), cause(false)],
        is_narrowed: true,
        rows: vec![row(true, false), row(false, true)],
        events: vec![Event {
            id: "ib_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
            kind: "refund.succeeded".to_owned(),
            account: "stripe-eu".to_owned(),
            why: page.t("outbox-event-unmatched"),
            at: moment(page),
        }],
        may_change: true,
        first: None,
        next: Some("/admin/dlq?after=x".to_owned()),
    };
    screen.render().unwrap()
}

fn dead_letter(page: &Page, own: Option<bool>) -> String {
    let mut faults = Faults::none();
    let mut page = page.clone();
    if own.is_none() {
        faults.add("reason", page.t2("outbox-reason-length", "least", 10, "most", 2000));
        page = page.with_faults();
    }
    let screen = DeadLetterPage {
        faults,
        id: ID.to_owned(),
        what: super::dlq::what(&page, "submit", Some("stripe-eu")),
        error: ERROR.to_owned(),
        facts: vec![
            Fact::new(&page.lang(), "outbox-fact-id", Value::Id(ID.to_owned())),
            Fact::words(&page.lang(), "outbox-fact-tries", "12"),
        ],
        refund: refund(&page),
        takes_two: true,
        is_held: own.is_some(),
        proposal: own.map(|is_own| Proposal {
            by: "Amina Hassan".to_owned(),
            at: moment(&page),
            seen: 1,
            reason: "The dashboard shows no refund for this payment.\nLooked at 13:00.".to_owned(),
            is_own,
        }),
        reason: String::new(),
        may_change: true,
        page: page.clone(),
    };
    screen.render().unwrap()
}
