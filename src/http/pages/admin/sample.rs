//! Sample screens of administration.

use std::collections::BTreeSet;

use askama::Template;

use super::diagnostics::Diagnostics;
use super::flags::{FlagItem, Flags};
use super::invite::{Invite, InviteForm, LinkShown};
use super::people::{People, PersonItem};
use super::person::{PersonPage, Reset, RoleChoice, Somebody, Suspend};
use super::roles::Roles;
use super::settings::Settings;
use crate::app::doctor::Finding;
use crate::config::Line;
use crate::domain::access::Role;
use crate::domain::flag::{Flag, FlagName};
use crate::http::pages::account::setup::languages;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Fact, Moment, Value};
use crate::services::read_flags::FlagView;
use crate::services::who::Names;

const ID: &str = "us_01KAQ7W3H5M2ZX0D9V4T8C1B6N";

/// Every screen with sample content, by a name for it.
pub(in crate::http::pages) fn screens(page: &Page) -> Vec<(&'static str, String)> {
    let at = |path: &str| Page { path: path.to_owned(), ..page.clone() };
    let mut screens = vec![
        ("people", people(&at("/admin/users"))),
        ("person", person(&at("/admin/users"), false)),
        ("person-suspended", person(&at("/admin/users"), true)),
        ("invite", invite(&at("/admin/users/new"))),
        ("link", link(&at("/admin/users"))),
        ("suspend", suspend(&at("/admin/users"))),
        ("reset-factor", reset(&at("/admin/users"))),
        ("roles", Roles::of(&at("/admin/roles"), |role| role == Role::Admin).render().unwrap()),
        ("flags", flags(&at("/admin/flags"))),
        ("settings", settings(&at("/admin/settings"))),
        ("diagnostics", diagnostics(&at("/admin/diagnostics"), true)),
        ("diagnostics-sick", diagnostics(&at("/admin/diagnostics"), false)),
    ];
    screens.extend(super::sample_outbox::screens(page));
    screens
}

fn moment(page: &Page) -> Moment {
    Moment::of(&page.lang(), "2026-11-20T13:02:00Z".parse().unwrap())
}

fn people(page: &Page) -> String {
    let item = |name: &str, state: Option<&str>| PersonItem {
        id: ID.to_owned(),
        name: name.to_owned(),
        email: "a-rather-long-address-of-somebody@desk.example".to_owned(),
        roles: page.t2("page-role-list", "first", page.t("page-role-agent"), "second", page.t("page-role-senior")),
        state: state.map(|id| page.t(id)),
        second_factor: page.t(if state.is_none() { "admin-factor-on" } else { "admin-factor-off" }),
        signed_in: state.is_none().then(|| moment(page)),
    };
    let people = vec![
        item("Amina Hassan", None),
        item("عمر الحسن", Some("admin-state-invited")),
        item("Li Wei", Some("admin-state-suspended")),
    ];
    People { page: page.clone(), people, may_change: true }.render().unwrap()
}

fn person(page: &Page, suspended: bool) -> String {
    let mut faults = Faults::none();
    let page = if suspended { page.clone() } else { page.clone().with_faults() };
    if !suspended {
        faults.add("roles", page.t("field-last-admin"));
    }
    let person = Somebody {
        id: ID.to_owned(),
        name: "Amina Hassan".to_owned(),
        state: suspended.then(|| page.t("admin-state-suspended")),
        facts: vec![
            Fact::words(&page.lang(), "account-login-email", "amina@desk.example"),
            Fact::new(&page.lang(), "admin-fact-added", Value::Moment(moment(&page))),
            Fact::new(&page.lang(), "admin-fact-id", Value::Id(ID.to_owned())),
        ],
        version: 3,
        active: !suspended,
        invited: false,
        has_second_factor: true,
        may_change: true,
        is_self: false,
    };
    let roles = RoleChoice::all(&page, &BTreeSet::from([Role::Agent]));
    let trouble = suspended.then(|| page.t("admin-overtaken"));
    PersonPage { page, faults, trouble, person, roles }.render().unwrap()
}

fn invite(page: &Page) -> String {
    let mut faults = Faults::none();
    faults.add("email", page.t("account-email-wrong"));
    let page = page.clone().with_faults();
    let form = InviteForm { name: "Omar".to_owned(), email: "omar@".to_owned(), shown: true };
    let (languages, roles) = (languages(page.tag()), RoleChoice::all(&page, &BTreeSet::new()));
    Invite { page, faults, form, languages, roles }.render().unwrap()
}

fn link(page: &Page) -> String {
    let screen = LinkShown {
        page: page.clone(),
        name: "Omar".to_owned(),
        back: format!("/admin/users/{ID}"),
        url: "https://desk.example/welcome?token=sample-sample-sample-sample-sample-sample-00".to_owned(),
        until: "24 Nov 2026, 13:02 UTC".to_owned(),
    };
    screen.render().unwrap()
}

fn suspend(page: &Page) -> String {
    let colleagues = vec![
        Choice::new("", page.t("admin-suspend-put-back"), true),
        Choice::new(ID, page.t2("admin-colleague", "name", "Omar", "email", "omar@desk.example"), false),
    ];
    let screen = Suspend {
        page: page.clone(),
        name: "Amina Hassan".to_owned(),
        back: format!("/admin/users/{ID}"),
        holds: Some(page.t1("admin-suspend-holds", "count", 3)),
        colleagues,
    };
    screen.render().unwrap()
}

fn reset(page: &Page) -> String {
    Reset { page: page.clone(), name: "Amina Hassan".to_owned(), back: format!("/admin/users/{ID}") }.render().unwrap()
}

fn flags(page: &Page) -> String {
    let mut faults = Faults::none();
    faults.add_at(FlagName::Refunds.as_str(), "share-refunds-v1", page.t("admin-flag-wrong"));
    let page = page.clone().with_faults();
    let names = Names::from([(format!("user:{ID}"), "Amina Hassan".to_owned())]);
    let set = Some((format!("user:{ID}"), "2026-11-20T13:02:00Z".parse().unwrap()));
    let view =
        |(name, share_pct, set)| FlagItem::of(&page, &FlagView { flag: Flag { name, share_pct }, set }, &names, "1042");
    let flags = [(FlagName::Refunds, 10, set), (FlagName::GoodwillDualControl, 100, None)].map(view).into();
    Flags { page: page.clone(), faults, flags, order_id: "1042".to_owned(), may_change: true }.render().unwrap()
}

fn settings(page: &Page) -> String {
    let line = |key: &str, value: Option<&str>, origin: &str| Line {
        key: key.to_owned(),
        value: value.map(str::to_owned),
        origin: origin.to_owned(),
    };
    let lines = [
        line("listen", Some("127.0.0.1:8080"), "default"),
        line("database_url", Some("postgres://desk:••••@database.internal.example:5432/makegood"), "DATABASE_URL"),
        line("limits.create_per_second", Some("50"), "/etc/makegood/makegood.toml"),
        line("provider.stripe-eu.secret_key", None, "command line"),
    ];
    Settings::of(page, &lines).render().unwrap()
}

fn diagnostics(page: &Page, ok: bool) -> String {
    let finding = |part: &str, ok, detail: &str| Finding { part: part.to_owned(), ok, detail: detail.to_owned() };
    let findings = vec![
        finding("database", true, "Sqlite, every migration applied"),
        finding("account stripe-eu", ok, "the credentials were refused by https://api.processor.example/v1/refunds"),
    ];
    Diagnostics::of(page, "2026-11-20T13:02:00Z".parse().unwrap(), findings).render().unwrap()
}
