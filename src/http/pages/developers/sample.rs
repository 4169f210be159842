//! Sample screens of API keys.

use askama::Template;

use super::keys::{KeyAct, KeyItem, KeyNew, KeyShown, Keys, ScopeChoice, file_address};
use crate::domain::access::Scope;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Moment};

const TEXT: &str = "mg_sample-sample-sample-sample-sample-sample-00";

/// Every screen with sample content, by a name for it.
pub(in crate::http::pages) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    let page = &Page { path: "/developers/keys".to_owned(), ..page.clone() };
    let none = Keys { page: page.clone(), keys: Vec::new(), over: Vec::new(), may_change: false };
    vec![
        ("keys", keys(page)),
        ("keys-none", none.render().unwrap()),
        ("key-new", key_new(page)),
        ("key-shown", key_shown(page)),
        ("key-rotate", key_act(page, vec![Choice::new(24, page.t1("keys-overlap-hours", "hours", 24), true)])),
        ("key-revoke", key_act(page, Vec::new())),
    ]
}

fn keys(page: &Page) -> String {
    let moment = |text: &str| Moment::of(&page.lang(), text.parse().unwrap());
    let key = |name: &str, over: Option<String>| KeyItem {
        id: "tk_01KAQ7W3H5M2ZX0D9V4T8C1B6N".to_owned(),
        name: name.to_owned(),
        prefix: "mg_sample-s".to_owned(),
        owner: "Amina Hassan".to_owned(),
        scopes: Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
        used: Some(moment("2026-11-20T13:02:00Z")),
        ends: over.is_none().then(|| moment("2027-02-18T13:02:00Z")),
        overlap: over.is_none().then(|| page.t1("keys-overlap-until", "until", "21 Nov 2026, 13:02")),
        may_rotate: over.is_none(),
        over,
    };
    let screen = Keys {
        page: page.clone(),
        keys: vec![key("Shop’s back end", None)],
        over: vec![key("متجر قديم", Some(page.t("keys-over-ended")))],
        may_change: true,
    };
    screen.render().unwrap()
}

fn key_new(page: &Page) -> String {
    let mut faults = Faults::none();
    faults.add("name", page.t("keys-name-empty"));
    faults.add("scopes", page.t("keys-scopes-none"));
    let page = page.clone().with_faults();
    let scope = |(index, scope): (usize, &Scope)| ScopeChoice::of(&page, index, *scope, &[Scope::RefundsCreate].into());
    let screen = KeyNew {
        faults,
        typed: String::new(),
        scopes: Scope::ALL.iter().enumerate().map(scope).collect(),
        ends: vec![Choice::new(90, page.t1("keys-ends-days", "days", 90), true)],
        page: page.clone(),
    };
    screen.render().unwrap()
}

fn key_shown(page: &Page) -> String {
    let screen = KeyShown {
        page: page.clone(),
        name: "Shop’s back end".to_owned(),
        text: TEXT.to_owned(),
        file: file_address("https://desk.example", TEXT),
        overlap: Some(page.t("keys-overlap-none-left")),
    };
    screen.render().unwrap()
}

fn key_act(page: &Page, overlaps: Vec<Choice>) -> String {
    let action = "/developers/keys/tk_01KAQ7W3H5M2ZX0D9V4T8C1B6N/rotate".to_owned();
    KeyAct { page: page.clone(), name: "Shop’s back end".to_owned(), action, overlaps }.render().unwrap()
}
