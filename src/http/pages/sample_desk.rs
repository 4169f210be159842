//! Sample screens of the desk for the tests of screens.

use askama::Template;

use super::desk::capacity::{Capacity, Part};
use super::desk::decide::{DecidePage, Say};
use super::desk::facts::{LineRow, Other};
use super::desk::narrow::Choice;
use super::desk::order::OrderPage;
use super::desk::queue::Due;
use super::desk::refund::{Claim, Held, RefundPage, RefundView};
use super::desk::search::SearchPage;
use super::desk::shortcuts::Shortcuts;
use super::desk::story::kinds;
use super::desk::trace::TraceLine;
use super::faults::Faults;
use super::frame::Page;
use super::parts::{Amount, Fact, Moment, Notice, StoryEvent, Tag, Value, reason_words};
use super::sample::{at, usd};
use crate::domain::refund::{Qualifier, Reason, State};

pub(super) const ID: &str = "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N";

pub(super) fn refund(page: &Page) -> String {
    let lang = page.lang();
    let event = |kind, id: &str, who: &str, words: Option<&str>| StoryEvent {
        kind,
        what: page.t(id),
        at: Moment::of(&lang, at("2026-11-20T13:31:00Z")),
        who: Some(who.to_owned()),
        words: words.map(str::to_owned),
    };
    let line = |words: &str, hit| TraceLine { words: words.to_owned(), rule: Some("goodwill".to_owned()), hit };
    let amount = |minor| Amount::of(&lang, usd(minor));
    let part =
        |kind, id: &str, minor, from, length| Part { kind, name: page.t(id), amount: amount(minor), from, length };
    let refund = RefundView {
        id: ID.to_owned(),
        version: 2,
        amount: amount(41_200),
        amount_words: lang.money(usd(41_200)),
        tag: Tag::of(&lang, State::Requested, Some(Qualifier::AwaitingSecond)),
        summary: page.t2("desk-refund-summary", "reason", reason_words(&lang, Reason::Goodwill), "order", "1042"),
        order_href: "/desk/orders/1042".to_owned(),
        customer: Some("Zoë Probe".to_owned()),
        asked: Moment::of(&lang, at("2026-11-20T13:02:00Z")),
        due: Some(Due::of(page, at("2026-11-21T08:46:00Z"), at("2026-11-21T09:00:00Z"))),
        notices: vec![Notice { kind: "info", text: page.t("desk-refund-awaiting-second") }],
        capacity: Capacity {
            captured: amount(120_000),
            parts: vec![
                part("done", "desk-capacity-done", 25_000, 0, 208),
                part("flight", "desk-capacity-flight", 8_800, 208, 73),
                part("this", "desk-capacity-this", 41_200, 281, 343),
                part("left", "desk-capacity-left", 45_000, 624, 376),
            ],
            sentence: page.t("desk-capacity-title"),
        },
        note: Some("Second breakage in a month.".to_owned()),
        lines: vec![LineRow {
            description: "Lamp".to_owned(),
            sum: page.t2("desk-line-goods", "quantity", 2, "unit", lang.amount(usd(60_000))),
            total: amount(120_000),
            taken: Some(amount(41_200)),
            used: amount(75_000),
        }],
        files: super::sample_viewer::cards(page),
        review_href: Some(format!("/desk/refunds/{ID}/review")),
        printed: page.t2("desk-printed", "at", at("2026-11-21T09:00:00Z"), "version", 2),
        twins: vec![other(page)],
        history: vec![other(page)],
        trace: vec![line("Customer is not blocked", false), line("Goodwill over 200.00 USD needs two people", true)],
        trace_source: page.t2("desk-refund-policy", "version", 1, "rule", 6),
        kinds: kinds(page, ID, Some("money")),
        story: vec![
            event("person", "desk-event-approved", "Omar Said", Some("Long-standing customer.\nPlease be quick.")),
            event("step", "desk-event-requested", &page.t("desk-who-customer"), None),
        ],
        claim: Claim { open: true, mine: Some(held(page, "queue-claim-mine")), theirs: None },
        may_decide: true,
        may_write: true,
        may_undo: Some(page.t1("desk-undo-left", "seconds", 9)),
        may_cancel: false,
        may_retry: false,
        blocked: None,
        facts: vec![
            Fact::new(&lang, "desk-fact-refund", Value::Id(ID.to_owned())),
            Fact::new(&lang, "desk-fact-order", Value::Link("#".to_owned(), "1042".to_owned())),
            Fact::words(&lang, "desk-fact-reason", reason_words(&lang, Reason::Goodwill)),
            Fact::new(&lang, "desk-fact-asked", Value::Moment(Moment::of(&lang, at("2026-11-20T13:02:00Z")))),
            Fact::new(&lang, "customer-fact-amount", Value::Money(amount(41_200))),
        ],
    };
    let screen = RefundPage {
        page: page.clone(),
        faults: Faults::none(),
        refund,
        note: String::new(),
        message: String::new(),
        form: "01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
    };
    screen.render().unwrap()
}

fn other(page: &Page) -> Other {
    let lang = page.lang();
    Other {
        id: ID.to_owned(),
        order_id: "1039".to_owned(),
        amount: Amount::of(&lang, usd(2_500)),
        reason: reason_words(&lang, Reason::Quality),
        tag: Tag::of(&lang, State::Completed, None),
        asked: Moment::of(&lang, at("2026-11-02T13:31:00Z")),
    }
}

fn held(page: &Page, id: &str) -> Held {
    Held {
        words: page.t1(id, "name", "Omar"),
        until: "2026-11-21T09:09:00Z".to_owned(),
        left: page.t1("desk-time-minutes", "minutes", 9),
    }
}

pub(super) fn order(page: &Page) -> String {
    let lang = page.lang();
    let choice = Choice { word: "goodwill", name: reason_words(&lang, Reason::Goodwill), chosen: true };
    let mut faults = Faults::none();
    faults.add("note", page.t("desk-ask-note-needed"));
    let screen = OrderPage {
        page: page.clone().with_faults(),
        faults,
        id: "1042".to_owned(),
        action: "/desk/orders/1042/refunds".to_owned(),
        facts: vec![Fact::words(&lang, "desk-fact-customer", "Zoë Probe")],
        lines: vec![("Lamp".to_owned(), "2 × 600.00".to_owned(), Amount::of(&lang, usd(120_000)))],
        refunds: vec![other(page)],
        left: Some(lang.money(usd(45_000))),
        nothing: None,
        currency: "USD",
        reasons: vec![choice],
        typed: "12".to_owned(),
        note: String::new(),
        key: "k".to_owned(),
    };
    screen.render().unwrap()
}

pub(super) fn search(page: &Page) -> String {
    let screen = SearchPage { page: page.clone(), text: "45.00 USD".to_owned(), refunds: vec![other(page)] };
    screen.render().unwrap()
}

pub(super) fn shortcuts(page: &Page) -> String {
    Shortcuts::new(page.clone()).render().unwrap()
}

pub(super) fn decide(page: &Page) -> String {
    let mut faults = Faults::none();
    faults.add("note", page.t("desk-refund-note-needed"));
    let screen = DecidePage {
        page: page.clone().with_faults(),
        faults,
        say: Say::Lower,
        remaining_minor: 45_000,
        trouble: Some(page.t("desk-decide-changed")),
        theirs: Some(held(page, "queue-claim-held")),
        reason: String::new(),
        id: ID.to_owned(),
        version: 2,
        amount_words: page.lang().money(usd(41_200)),
        currency: "USD",
        typed: "300".to_owned(),
        note: String::new(),
        message: String::new(),
        denials: Vec::new(),
        form: "01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        consequences: vec![page.t("desk-follows-void"), page.t("desk-follows-first")],
        undo_s: 15,
    };
    screen.render().unwrap()
}
