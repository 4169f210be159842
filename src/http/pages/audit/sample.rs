//! Sample screens of the audit trail.

use askama::Template;

use super::Object;
use super::list::{Row, TrailList, actions};
use super::narrow::Chip;
use super::record::Record;
use super::verify::{Verdict, Verify};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Fact, Moment, Notice, Value};
use crate::services::read_audit::{AuditRow, Place, RecordView};
use crate::services::who::Names;

const HASH: &str = "de3e740dafbf35bf78a51fe399de2de1d763ab5ce786dd52f700a3d3df1d901a";

/// Every screen with sample content, by a name for it.
pub(in crate::http::pages) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    let page = &Page { path: "/audit".to_owned(), ..page.clone() };
    vec![
        ("audit", list(page, true)),
        ("audit-none", list(page, false)),
        ("audit-record", record(page)),
        ("audit-verify", verify(page, false)),
        ("audit-verify-touched", verify(page, true)),
    ]
}

fn list(page: &Page, some: bool) -> String {
    let at = |text: &str| Moment::of(&page.lang(), text.parse().unwrap());
    let row = |action: &str, subject: &str, is_sealed| Row {
        id: "au_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        at: at("2026-11-20T13:02:00Z"),
        who: "Amina Hassan".to_owned(),
        action: super::action_words(page, action),
        word: action.to_owned(),
        object: Object::of(page, &names(), subject),
        is_sealed,
    };
    let rows = vec![
        row("user.suspend", "user:us_01KAQ7W3H5M2ZX0D9V4T8C1B6N", false),
        row("refund.approve", "refund:rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N", true),
        row("something.new", "order:*", true),
    ];
    let screen = TrailList {
        page: page.clone(),
        chips: vec![Chip { words: page.t1("audit-by", "who", "Amina Hassan"), href: "/audit".to_owned() }],
        actions: actions(page, ""),
        texts: ["amina@desk.example".to_owned(), String::new(), String::new(), String::new()],
        export: "/audit/export".to_owned(),
        head: some.then(|| (HASH.to_owned(), at("2026-11-20T13:02:01Z"))),
        rows: if some { rows } else { Vec::new() },
        is_narrowed: !some,
        first: None,
        next: some.then(|| "/audit?after=x".to_owned()),
    };
    screen.render().unwrap()
}

fn names() -> Names {
    Names::from([("user:us_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(), "Omar".to_owned())])
}

fn record(page: &Page) -> String {
    let row = AuditRow {
        audit_id: "au_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        at: 1_795_000_000_000_000,
        actor: "policy:3".to_owned(),
        action: "refund.approve".to_owned(),
        subject: "refund:rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        reason: "small-amounts".to_owned(),
        correlation_id: "01KAQ7W3H5M2".to_owned(),
        origin: "0123456789abcdef01234567".to_owned(),
        before_json: r#"{"state":"requested","attempt":0,"amount_minor":10000}"#.to_owned(),
        after_json: r#"{"state":"approved","attempt":1,"amount_minor":10000,"qualifier":null}"#.to_owned(),
        note_digest: String::new(),
        record_hash: HASH.to_owned(),
    };
    let place = Place { seal_no: 12, seal: HASH.to_owned(), position: 3, sealed_at: 1_795_000_001_000_000 };
    let note = Some("It fits. <script>alert(1)</script>".to_owned());
    let found = RecordView { row, place: Some(place), note, is_intact: true, names: names() };
    Record::of(page, found).render().unwrap()
}

fn verify(page: &Page, touched: bool) -> String {
    let mut faults = Faults::none();
    let page = if touched { page.clone().with_faults() } else { page.clone() };
    if touched {
        faults.add("head", page.t("audit-head-wrong"));
    }
    let (kind, id) = if touched { ("failure", "audit-verify-touched") } else { ("success", "audit-verify-clean") };
    let found = Verdict {
        notice: Notice { kind, text: page.t(id) },
        facts: vec![
            Fact::words(&page.lang(), "audit-verify-records", "12,345"),
            Fact::new(&page.lang(), "audit-head", Value::Id(HASH.to_owned())),
        ],
        faults: if touched { vec![format!("record {HASH}: it was edited after it was written")] } else { Vec::new() },
        more: touched.then(|| page.t1("audit-verify-more", "count", 7)),
    };
    Verify { page, faults, head: String::new(), is_busy: touched, found: Some(found) }.render().unwrap()
}
