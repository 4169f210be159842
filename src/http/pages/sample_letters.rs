//! Sample screens of messages, canned replies and letters.

use askama::Template;

use super::desk::messages::{Choice, Language, MessagesPage, Preview};
use super::desk::replies::{Coverage, Replies, ReplyPage, Row, Text};
use super::desk::unanswered::{self, UnansweredPage};
use super::dev::preview::{self, PreviewPage};
use super::faults::Faults;
use super::frame::Page;
use super::parts::{Amount, Moment, Tag, reason_words};
use super::sample::{at, usd};
use super::thread::{Entry, FateLine};
use crate::domain::refund::{Qualifier, Reason, State};
use crate::l10n::Locale;

const ID: &str = "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N";

/// The screens, by name.
pub(super) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    vec![
        ("messages", messages(page)),
        ("replies", replies(page)),
        ("reply", reply(&page.clone().with_faults(), true)),
        ("reply-read", reply(page, false)),
        ("letters", letters(page)),
        ("unanswered", unanswered(page)),
    ]
}

/// A question, its answer, and what became of the letters.
pub(super) fn thread(page: &Page) -> Vec<Entry> {
    let entry = |side, who: &str, words: &str, fate| Entry {
        side,
        who: who.to_owned(),
        at: Moment::of(&page.lang(), at("2026-11-20T13:31:00Z")),
        words: words.to_owned(),
        fate,
    };
    let fate = |kind, id: &str, again: Option<&str>| {
        let words = page.t1(id, "why", "permanent error (550): 5.1.1 no such user");
        Some(FateLine { kind, words, again: again.map(str::to_owned) })
    };
    let sent = FateLine { kind: "fine", words: page.t("desk-fate-sent"), again: None };
    vec![
        entry("letter", &page.t("desk-letter-by-itself"), &page.t("desk-letter-received"), Some(sent)),
        entry(
            "own",
            "Amina Hassan",
            "Which box was it?\n\nA photo helps.",
            fate("trouble", "desk-fate-undeliverable", Some("ob_1")),
        ),
        entry("other", "Zoë Probe", "The blue one. <script>alert(1)</script>", None),
        entry("own", "Amina Hassan", "شكرًا لك", fate("waiting", "desk-fate-delayed", None)),
    ]
}

fn messages(page: &Page) -> String {
    let lang = page.lang();
    let choice = |name: &str, chosen| Choice { id: "rp_1".to_owned(), name: name.to_owned(), chosen };
    let screen = MessagesPage {
        page: page.clone(),
        faults: Faults::none(),
        id: ID.to_owned(),
        amount_words: lang.money(usd(41_200)),
        tag: Tag::of(&lang, State::Requested, Some(Qualifier::NeedsInfo)),
        summary: page.t2("desk-refund-summary", "reason", reason_words(&lang, Reason::Quality), "order", "1042"),
        customer: Some("Zoë Probe".to_owned()),
        thread: thread(page),
        unanswered: true,
        may_write: true,
        language: Language { tag: "ar", dir: "rtl", name: Locale::Ar.name() },
        replies: vec![choice("Ask for a photo", true), choice("Asking the carrier", false)],
        about_reply: Some(page.t1("desk-reply-put-in", "language", Locale::Ar.name())),
        message: "شكرًا لك".to_owned(),
        form: "01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        preview: Some(Preview {
            subject: "رسالة بشأن رد المبلغ".to_owned(),
            text: "مرحبًا سلمى،\n\nشكرًا لك".to_owned(),
        }),
    };
    screen.render().unwrap()
}

fn unanswered(page: &Page) -> String {
    let lang = page.lang();
    let row = |minor, qualifier| unanswered::Row {
        id: ID.to_owned(),
        order_id: "1042".to_owned(),
        customer: Some("Zoë Probe".to_owned()),
        amount: Amount::of(&lang, usd(minor)),
        reason: reason_words(&lang, Reason::NotReceived),
        tag: Tag::of(&lang, State::ProviderPending, Some(qualifier)),
        since: Moment::of(&lang, at("2026-11-20T13:31:00Z")),
    };
    let screen = UnansweredPage {
        page: page.clone(),
        rows: vec![row(41_200, Qualifier::Overdue), row(123_450, Qualifier::Unknown)],
        first: None,
        next: Some("/desk/messages?after=x".to_owned()),
    };
    screen.render().unwrap()
}

fn replies(page: &Page) -> String {
    let coverage = |locale: Locale, there| Coverage {
        language: locale.name(),
        tag: locale.tag(),
        there,
        words: page.t(if there { "reply-there" } else { "reply-not-there" }),
    };
    let row = |name: &str, arabic| Row {
        id: "rp_01KAQ000000000000000000001".to_owned(),
        name: name.to_owned(),
        beginning: "Thank you for telling us about order { $order }.".to_owned(),
        has: vec![coverage(Locale::En, true), coverage(Locale::Ar, arabic)],
    };
    let screen = Replies {
        page: page.clone(),
        languages: vec![("en", Locale::En.name()), ("ar", Locale::Ar.name())],
        offered: vec![row("Ask for a photo", true), row("Asking the carrier", false)],
        archived: vec![row("Old", true)],
        missing: vec![page.t2("reply-missing", "count", 1_i64, "language", Locale::Ar.name())],
        may_write: true,
        sees_letters: true,
    };
    screen.render().unwrap()
}

fn reply(page: &Page, may_write: bool) -> String {
    let mut faults = Faults::none();
    let fault = page.t1("reply-slot-unknown", "name", "$ordre");
    if may_write {
        faults.add_at("text", "text-en", fault.clone());
    }
    let text = |locale: Locale, value: &str, fault: Option<String>| Text {
        field: format!("text-{}", locale.tag()),
        tag: locale.tag(),
        dir: locale.dir(),
        language: locale.name(),
        value: value.to_owned(),
        preview: fault.is_none().then(|| value.to_owned()),
        fault,
    };
    let screen = ReplyPage {
        page: page.clone(),
        faults,
        trouble: may_write.then(|| page.t("reply-overtaken")),
        action: "/desk/replies/rp_01KAQ000000000000000000001".to_owned(),
        id: Some("rp_01KAQ000000000000000000001".to_owned()),
        name: "Ask for a photo".to_owned(),
        version: 2,
        texts: vec![
            text(Locale::En, "Order { $ordre }", may_write.then_some(fault)),
            text(Locale::Ar, "الطلب { $order }", None),
        ],
        slots: vec![("{ $order }".to_owned(), page.t("reply-slot-order"), "1042".to_owned())],
        archived: true,
        may_write,
    };
    screen.render().unwrap()
}

fn letters(page: &Page) -> String {
    let choice = |name: String, current| preview::Choice { href: "#".to_owned(), name, lang: None, current };
    let screen = PreviewPage {
        page: page.clone(),
        kinds: vec![
            choice(page.t("desk-letter-received"), true),
            choice(page.t("desk-letter-agent-message"), false),
            choice(page.t("desk-letter-denied-again"), false),
        ],
        languages: vec![choice("English".to_owned(), true)],
        frame: "/admin/mail/preview/html?template=received&locale=en".to_owned(),
        dir: "ltr",
        tag: "en",
        subject: "Refund requested: 45.00 USD for order 1042".to_owned(),
        text: "Hello Zoë,\n\nWe’re processing your refund.".to_owned(),
    };
    screen.render().unwrap()
}
