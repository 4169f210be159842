//! Sample frames for the tests of screens.

use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;

use super::account::login::{Login, LoginForm};
use super::customer::amount::AmountPage;
use super::customer::appeal::Appeal;
use super::customer::check::{Answer, Check};
use super::customer::help::Help;
use super::customer::items::{Item, Items, Quantity};
use super::customer::link::{Expired, Open, Sent};
use super::customer::order::{LineItem, OrderPage, OrderView, RefundItem, Sum};
use super::customer::reason::{ReasonChoice, ReasonPage, reason_for_customers};
use super::customer::start::{RailTime, Start, StartForm};
use super::customer::status::{Status, StatusView};
use super::customer::step::{Step, StepName};
use super::customer::withdraw::Withdraw;
use super::dev::mail::{LetterItem, LetterPage, LetterView, MailPage};
use super::error::{ErrorPage, Way};
use super::faults::Faults;
use super::frame::{Environment, Page, Person};
use super::parts::{Amount, Fact, Mark, Moment, Notice, Stage, StoryEvent, Tag, Value, rail_words};
use super::sample_desk;
use crate::domain::access::Permission;
use crate::domain::calendar::Timelines;
use crate::domain::money::Money;
use crate::domain::preferences::{Density, Theme};
use crate::domain::refund::{Reason, State};
use crate::l10n::{L10n, Locale};

/// The frame of a page in this language, signed in as nobody.
pub(super) fn page(locale: Locale) -> Page {
    Page {
        l10n: Arc::new(L10n::embedded().unwrap()),
        locale,
        offers_pseudo: false,
        theme: Theme::Auto,
        density: Density::Cozy,
        single_keys: true,
        zone: jiff::tz::TimeZone::UTC,
        environment: Environment::Demo,
        path: "/refunds".to_owned(),
        query: String::new(),
        csrf: "sample".to_owned(),
        flash: None,
        correlation_id: "01KAQ7W3H5M2".to_owned(),
        person: None,
        faulty: false,
    }
}

/// Every screen with sample content, by a name for it.
pub(super) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    let desk = Page {
        path: "/desk".to_owned(),
        person: Some(Person {
            name: "Amina Hassan".to_owned(),
            roles: "Agent".to_owned(),
            permissions: Permission::ALL.iter().copied().collect(),
        }),
        ..page.clone()
    };
    let mut screens = vec![
        ("start", start(page, false)),
        ("start-faults", start(&page.clone().with_faults(), true)),
        ("help", Help::new(page.clone(), RailTime::all(&page.lang(), &Timelines::default())).render().unwrap()),
        ("sent", Sent { page: page.clone(), shows_dev_mail: true }.render().unwrap()),
        ("open", Open { page: page.clone(), action: "/refunds/verify/x".to_owned() }.render().unwrap()),
        ("expired", Expired { page: page.clone() }.render().unwrap()),
        ("order", order(page, true)),
        ("order-nothing-left", order(page, false)),
        ("items", items(page)),
        ("reason", reason(page)),
        ("amount", amount(&page.clone().with_faults())),
        ("check", check(page)),
        ("status-processing", status(page, State::ProviderPending)),
        ("status-completed", status(page, State::Completed)),
        ("status-failed", status(page, State::Failed)),
        ("status-denied", status(page, State::Canceled)),
        ("status-asked", status(page, State::Requested)),
        ("appeal", appeal(&page.clone().with_faults())),
        ("withdraw", withdraw(page)),
        ("login", login(page)),
        ("refund", sample_desk::refund(&desk)),
        ("decide", sample_desk::decide(&desk)),
        ("desk-order", sample_desk::order(&desk)),
        ("search", sample_desk::search(&desk)),
        ("shortcuts", sample_desk::shortcuts(&desk)),
        ("error", error(page)),
        ("mail", mail(page)),
        ("letter", letter(page)),
    ];
    screens.extend(super::sample_evidence::screens(page));
    screens.extend(super::sample_letters::screens(&desk));
    screens.extend(super::sample_viewer::screens(&desk));
    screens.extend(super::sample_queue::screens(&desk));
    screens.extend(super::account::sample::screens(page, &desk));
    screens.extend(super::admin::sample::screens(&desk));
    screens.extend(super::audit::sample::screens(&desk));
    screens.extend(super::developers::sample::screens(&desk));
    screens
}

pub(super) fn usd(minor: i64) -> Money {
    Money::new(minor, "USD".parse().unwrap())
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn start(page: &Page, faulty: bool) -> String {
    let mut faults = Faults::none();
    if faulty {
        faults.add("order_id", page.t("customer-start-order-empty"));
        faults.add("email", page.t("customer-start-email-wrong"));
    }
    let form = StartForm { order_id: String::new(), email: if faulty { "zoe@".to_owned() } else { String::new() } };
    let rails = RailTime::all(&page.lang(), &Timelines::default());
    Start { page: page.clone(), form, faults, rails }.render().unwrap()
}

fn order(page: &Page, some_left: bool) -> String {
    let lang = page.lang();
    let item = |id: &str, reason, minor, state, qualifier| RefundItem {
        id: id.to_owned(),
        what: reason_for_customers(&lang, reason),
        asked: Moment::of(&lang, at("2026-11-20T13:02:00Z")),
        amount: Amount::of(&lang, usd(minor)),
        tag: Tag::of(&lang, state, qualifier),
    };
    let line = |description: &str, each: Option<String>, minor| LineItem {
        description: description.to_owned(),
        each,
        total: Amount::of(&lang, usd(minor)),
    };
    let each = page.t2("customer-order-line-each", "quantity", 2, "price", lang.money(usd(2500)));
    let sum = |id: &str, minor, total| Sum { name: page.t(id), amount: Amount::of(&lang, usd(minor)), total };
    let order = OrderView {
        id: "1042".to_owned(),
        placed: page.t1("customer-order-placed", "date", at("2026-11-01T09:00:00Z")),
        notice: (!some_left).then(|| Notice { kind: "info", text: page.t("customer-order-none-left") }),
        left: Amount::of(&lang, usd(if some_left { 7000 } else { 0 })),
        may_ask: some_left,
        refunds: vec![
            item("rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N", Reason::NotReceived, 2500, State::ProviderPending, None),
            item("rf_01KAQ6W3H5M2ZX0D9V4T8C1B6N", Reason::Quality, 500, State::Completed, None),
        ],
        paid_by: rail_words(&lang, crate::domain::order::Rail::Card),
        lines: vec![
            line("Blue lamp with a shade of hand-blown glass", None, 5000),
            line("مصباح أزرق", Some(each), 5000),
        ],
        sums: vec![
            sum("customer-order-paid", 10_000, false),
            sum("customer-order-given", 3000, false),
            sum("customer-order-left", if some_left { 7000 } else { 0 }, true),
        ],
    };
    OrderPage { page: page.clone(), order }.render().unwrap()
}

fn step(name: StepName) -> Step {
    Step::new(name, StepName::of_order(true), "1042")
}

fn items(page: &Page) -> String {
    let lang = page.lang();
    let quantity = |number| Quantity { number, words: lang.number(number), chosen: number == 2 };
    let item = |field: &str, description: &str, chosen, quantities| Item {
        field: field.to_owned(),
        line_id: field.to_owned(),
        description: description.to_owned(),
        note: None,
        total: Amount::of(&lang, usd(5000)),
        chosen,
        quantities,
    };
    let items = vec![
        item("items", "Blue lamp with a shade of hand-blown glass", true, Vec::new()),
        item("item-2", "Bulb, warm white", false, vec![quantity(1), quantity(2)]),
    ];
    Items { page: page.clone(), step: step(StepName::Items), faults: Faults::none(), items }.render().unwrap()
}

fn reason(page: &Page) -> String {
    let choices = ReasonChoice::all(&page.lang(), Some(Reason::NotReceived));
    let step = step(StepName::Reason);
    ReasonPage { page: page.clone(), step, faults: Faults::none(), choices, note: String::new() }.render().unwrap()
}

fn amount(page: &Page) -> String {
    let most_words = page.lang().money(usd(7000));
    let mut faults = Faults::none();
    faults.add("amount", page.t1("customer-amount-too-much", "most", most_words.as_str()));
    let screen = AmountPage {
        page: page.clone(),
        step: step(StepName::Amount),
        faults,
        all_name: page.t("customer-amount-all-left"),
        most: Amount::of(&page.lang(), usd(7000)),
        most_words,
        part: true,
        typed: "85.00".to_owned(),
        offer_most: true,
        seen_remaining_minor: 7000,
    };
    screen.render().unwrap()
}

fn check(page: &Page) -> String {
    let answer = |id: &str, lines: Vec<String>, change: &str| Answer {
        name: page.t(id),
        lines,
        change: Some(format!("/refunds/new/{change}")),
    };
    let screen = Check {
        page: page.clone(),
        step: step(StepName::Check),
        faults: Faults::none(),
        trouble: None,
        amount: Amount::of(&page.lang(), usd(5000)),
        amount_words: page.lang().money(usd(5000)),
        answers: vec![
            answer("customer-check-items", vec!["Blue lamp".to_owned(), "2 × مصباح".to_owned()], "items"),
            answer("customer-check-reason", vec![reason_for_customers(&page.lang(), Reason::NotReceived)], "reason"),
            answer("customer-check-note", vec!["The parcel never came.".to_owned()], "reason"),
            answer("customer-check-amount", vec![page.lang().money(usd(5000))], "amount"),
        ],
        when: page.t1("customer-check-when-card", "time", "5 to 10 business days"),
        key: "sample".to_owned(),
    };
    screen.render().unwrap()
}

fn stage(page: &Page, mark: Mark, icon: &'static str, id: &str, detail: Option<String>) -> Stage {
    Stage { mark, icon, name: page.t(id), detail }
}

/// The heading, the second and the third stage, and what to know, of a refund in this state.
fn standing(page: &Page, state: State) -> (&'static str, Stage, Stage, Notice) {
    let lang = page.lang();
    let by = page.t1("customer-stage-by", "date", lang.weekday_date(at("2026-12-04T00:00:00Z")));
    match state {
        State::Completed => (
            "refund-completed",
            stage(page, Mark::Done, "check", "customer-stage-processing", None),
            stage(
                page,
                Mark::Finished,
                "landmark",
                "customer-stage-refunded",
                Some(lang.datetime(at("2026-11-21T13:02:00Z"))),
            ),
            Notice { kind: "success", text: page.t("customer-notice-completed-plain") },
        ),
        State::Failed => (
            "refund-failed",
            stage(page, Mark::Stopped, "x", "customer-stage-processing", Some(page.t("customer-stage-failed"))),
            stage(page, Mark::Ahead, "landmark", "customer-stage-refunded", None),
            Notice { kind: "failure", text: page.t("customer-notice-failed") },
        ),
        State::Requested | State::Approved | State::Submitting | State::ProviderPending | State::Canceled => (
            "refund-request-accepted",
            stage(
                page,
                Mark::Current,
                "hourglass",
                "customer-stage-processing",
                Some(page.t("customer-stage-sending")),
            ),
            stage(page, Mark::Ahead, "landmark", "customer-stage-refunded", Some(by)),
            Notice {
                kind: "info",
                text: page.t1("customer-notice-expected", "date", lang.date(at("2026-12-04T00:00:00Z"))),
            },
        ),
    }
}

fn status(page: &Page, state: State) -> String {
    let lang = page.lang();
    let requested =
        stage(page, Mark::Done, "check", "customer-stage-requested", Some(lang.datetime(at("2026-11-20T13:02:00Z"))));
    let (heading, second, third, notice) = standing(page, state);
    let denied = state == State::Canceled;
    let stages = if denied {
        let ended = stage(page, Mark::Ended, "ban", "customer-stage-requested", Some(page.t("customer-stage-denied")));
        let ahead = |id: &str, icon| stage(page, Mark::Ahead, icon, id, None);
        vec![ended, ahead("customer-stage-processing", "hourglass"), ahead("customer-stage-refunded", "landmark")]
    } else {
        vec![requested, second, third]
    };
    let event = |id: &str, kind, time: &str| StoryEvent {
        kind,
        what: page.t(id),
        at: Moment::of(&lang, at(time)),
        who: None,
        words: None,
    };
    let refund = StatusView {
        id: "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        order_id: "1042".to_owned(),
        version: 3,
        heading: if denied { "customer-status-denied" } else { heading },
        announcement: page.t2("customer-announce", "status", page.t(heading), "amount", lang.money(usd(10_000))),
        moving: state == State::ProviderPending,
        ended: denied || state == State::Failed,
        amount: Amount::of(&lang, usd(10_000)),
        stages,
        notices: vec![if denied {
            Notice { kind: "warning", text: page.t("customer-denied-not-received") }
        } else {
            notice
        }],
        facts: vec![
            Fact::words(&lang, "customer-fact-reason", reason_for_customers(&lang, Reason::NotReceived)),
            Fact::new(&lang, "customer-check-note", Value::Note("It never came. <script>alert(1)</script>".to_owned())),
            Fact::words(&lang, "customer-fact-back-to", page.t("customer-back-to-card")),
            Fact::new(&lang, "customer-fact-reference", Value::Id("rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned())),
        ],
        story: vec![
            event("customer-event-submitted", "step", "2026-11-20T13:02:02Z"),
            event("customer-event-requested", "person", "2026-11-20T13:02:00Z"),
        ],
        files: if denied { Vec::new() } else { super::sample_evidence::files(page) },
        may_add_files: state == State::ProviderPending,
        may_withdraw: state == State::ProviderPending,
        thread: if state == State::Requested { super::sample_letters::thread(page) } else { Vec::new() },
        may_write: state == State::ProviderPending || state == State::Requested,
        is_asked: state == State::Requested,
        look_again: denied.then(|| page.t1("customer-appeal-until", "date", lang.date(at("2026-12-20T00:00:00Z")))),
        appeal: None,
        denied: None,
    };
    let mut faults = Faults::none();
    if state == State::Requested {
        faults.add("message", page.t("customer-message-needed"));
    }
    let form = "01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned();
    Status { page: page.clone(), faults, refund, typed: String::new(), form }.render().unwrap()
}

fn appeal(page: &Page) -> String {
    let lang = page.lang();
    let mut faults = Faults::none();
    faults.add("why", page.t("customer-appeal-needed"));
    let screen = Appeal {
        page: page.clone(),
        faults,
        refund_id: "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        amount_words: lang.money(usd(10_000)),
        reason: reason_for_customers(&lang, Reason::NotReceived),
        until: page.t1("customer-appeal-until", "date", lang.date(at("2026-12-20T00:00:00Z"))),
        why: String::new(),
    };
    screen.render().unwrap()
}

fn withdraw(page: &Page) -> String {
    let amount_words = page.lang().money(usd(10_000));
    Withdraw { page: page.clone(), refund_id: "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(), amount_words }
        .render()
        .unwrap()
}

fn login(page: &Page) -> String {
    let form = LoginForm { email: "amina@desk.example".to_owned(), next: "/desk".to_owned() };
    Login { page: page.clone(), form, faults: Faults::none(), wait: None }.render().unwrap()
}

fn error(page: &Page) -> String {
    let screen = ErrorPage {
        page: page.clone(),
        status: 404,
        heading: "errors-not-found",
        lead: page.t("errors-not-found-lead"),
        ways: vec![Way { href: "/refunds".to_owned(), words: page.t("errors-way-refunds") }],
    };
    screen.render().unwrap()
}

fn mail(page: &Page) -> String {
    let letter = LetterItem {
        id: "x".to_owned(),
        subject: "Refund approved: 45.00 USD for order 1042".to_owned(),
        to: "zoe@example.com".to_owned(),
        at: Moment::of(&page.lang(), at("2026-11-20T13:31:00Z")),
    };
    MailPage { page: page.clone(), letters: vec![letter] }.render().unwrap()
}

fn letter(page: &Page) -> String {
    let letter = LetterView {
        id: "x".to_owned(),
        subject: "Refund approved: 45.00 USD for order 1042".to_owned(),
        facts: vec![Fact::words(&page.lang(), "dev-letter-to", "zoe@example.com")],
        has_html: false,
        text: "Hello Zoë,\n\nwe have approved your refund.".to_owned(),
        headers: "X-Makegood-Refund: rf_…".to_owned(),
    };
    LetterPage { page: page.clone(), letter }.render().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_renders_in_every_language_without_a_missing_text() {
        for locale in Locale::ALL.iter().copied() {
            let page = page(locale);
            for (name, html) in screens(&page) {
                assert!(html.contains(&format!("lang=\"{}\" dir=\"{}\"", locale.tag(), locale.dir())), "{name}");
                assert!(html.contains("<h1"), "{name}");
                if let Ok(folder) = std::env::var("LOOK") {
                    std::fs::write(format!("{folder}/{name}.{}.html", locale.tag()), &html).unwrap();
                }
            }
            assert_eq!(page.l10n.faults(), Vec::<String>::new(), "{locale}");
        }
    }

    #[test]
    fn what_people_wrote_is_text_and_nothing_else() {
        let (_, html) = screens(&page(Locale::En)).into_iter().find(|(name, _)| *name == "status-processing").unwrap();
        assert!(!html.contains("<script>alert"));
        assert!(html.contains("&#60;script&#62;alert(1)"));
    }

    #[test]
    fn pages_hold_no_inline_style_script_or_handler() {
        for (name, html) in screens(&page(Locale::En)) {
            for inline in [" style=", "<style", "<script>", " onclick=", "hx-on", "javascript:"] {
                assert!(!html.replace("&#60;script&#62;", "").contains(inline), "{name}: {inline}");
            }
        }
    }
}
