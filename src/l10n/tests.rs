//! The public way in, over the real texts.

use jiff::civil::date;

use super::*;
use crate::domain::money::Money;

fn usd(minor: i64) -> Money {
    Money::new(minor, "USD".parse().unwrap())
}

#[test]
fn wire_ids_become_fluent_ids() {
    assert_eq!(fluent_id("refund.request.accepted"), "refund-request-accepted");
    assert_eq!(fluent_id("refund.state.provider_pending"), "refund-state-provider-pending");
    assert_eq!(fluent_id("money-by-code"), "money-by-code");
}

#[test]
fn a_text_is_found_by_its_wire_id_and_by_its_fluent_id() {
    let l10n = L10n::embedded().unwrap();
    for id in ["refund.state.provider_pending", "refund-state-provider-pending"] {
        assert_eq!(l10n.lang(Locale::En).t(id), "Waiting for provider");
    }
    assert_ne!(l10n.lang(Locale::Ar).t("refund.state.completed"), l10n.lang(Locale::En).t("refund.state.completed"));
    assert_eq!(l10n.faults(), Vec::<String>::new());
}

#[test]
fn a_missing_text_or_value_is_a_fault() {
    let l10n = L10n::embedded().unwrap();
    assert_eq!(l10n.lang(Locale::Ar).t("no-such-text"), "no-such-text");
    l10n.lang(Locale::En).t1("money-by-code", "amount", "1");
    assert_eq!(l10n.faults().len(), 2, "{:?}", l10n.faults());
}

#[test]
fn marks_stand_in_pages_and_nowhere_else() {
    let l10n = L10n::embedded().unwrap();
    let args = Args::new().with("amount", "45.00").with("code", usd(0).currency);
    for locale in Locale::ALL.iter().copied() {
        assert!(l10n.lang(locale).text("money-by-code", &args).contains(['\u{2068}', '\u{2069}']), "{locale}");
        let plain = l10n.lang(locale).plain("money-by-code", &args);
        assert!(!plain.contains(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{202E}', '\u{202C}']), "{plain:?}");
    }
}

#[test]
fn money_and_days_are_written_for_people() {
    let l10n = L10n::embedded().unwrap().in_zone(TimeZone::get("Asia/Singapore").unwrap());
    let en = l10n.lang(Locale::En);
    assert_eq!(en.money(usd(4500)), "$45.00 USD");
    let dinars = &&Money::new(1234, "KWD".parse().unwrap());
    assert_eq!(en.money(dinars), "1.234 KWD");
    assert_eq!(en.amount(usd(123_450)), "1,234.50");
    assert_eq!(en.amount_with_code(usd(4500)), "45.00 USD");
    assert_eq!(en.number(12_345), "12,345");
    let late: jiff::Timestamp = "2026-12-03T22:05:00Z".parse().unwrap();
    assert_eq!(en.weekday_date(late), "Fri 4 Dec");
    assert_eq!(en.weekday_date(date(2026, 12, 3)), "Thu 3 Dec");
    assert_eq!(en.datetime(late), "4 Dec 2026, 06:05");
    assert_eq!(en.time(late), "06:05");
    assert_eq!(l10n.lang(Locale::Ar).money(usd(4500)), "45.00 USD");
    assert_eq!(l10n.lang(Locale::EnXa).money(usd(4500)), "$45.00 USD");
}

#[test]
fn pseudo_locales_are_made_from_english() {
    let l10n = L10n::embedded().unwrap();
    assert_eq!(l10n.lang(Locale::EnXa).t("refund-state-approved"), "Aƥƥřooṽeeḓ·");
    assert_eq!(l10n.lang(Locale::ArXb).dir(), "rtl");
    assert_eq!(l10n.faults(), Vec::<String>::new());
}
