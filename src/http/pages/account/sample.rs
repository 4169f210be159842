//! Sample screens of signing in and of accounts.

use askama::Template;

use super::own::OwnAccount;
use super::second_factor::{Act, Codes, Prove, SecondFactor, SecretView};
use super::security::{Security, SessionItem};
use super::setup::{SetUp, SetUpForm, SetUpOver, languages};
use super::verify::Verify;
use super::welcome::{Forgot, ForgotSent, LinkOver, Welcome};
use crate::domain::second_factor::{SharedSecret, recovery_code};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Fact, Moment};

/// Every screen with sample content, by a name for it.
pub(in crate::http::pages) fn screens(page: &Page, desk: &Page) -> Vec<(&'static str, String)> {
    vec![
        ("own", own(desk)),
        ("security", security(desk, true)),
        ("security-bare", security(desk, false)),
        ("second-factor", second_factor(desk, true)),
        ("second-factor-begin", second_factor(desk, false)),
        ("prove", prove(desk, Act::TurnOff)),
        ("prove-codes", prove(desk, Act::RenewCodes)),
        ("codes", codes(desk)),
        ("verify", verify(page)),
        ("setup", set_up(page)),
        ("setup-over", SetUpOver { page: page.clone() }.render().unwrap()),
        ("welcome", welcome(page, Some("Amina"))),
        ("welcome-new", welcome(page, None)),
        ("link-over", LinkOver { page: page.clone() }.render().unwrap()),
        ("forgot", Forgot { page: page.clone(), email: String::new(), faults: Faults::none() }.render().unwrap()),
        ("forgot-sent", ForgotSent { page: page.clone(), shows_dev_mail: true }.render().unwrap()),
    ]
}

fn verify(page: &Page) -> String {
    let mut faults = Faults::none();
    faults.add("code", page.t("account-verify-wrong"));
    let wait = Some(page.t1("account-login-wait", "seconds", 42));
    Verify { page: page.clone().with_faults(), faults, wait }.render().unwrap()
}

fn set_up(page: &Page) -> String {
    let screen = SetUp {
        page: page.clone(),
        form: SetUpForm { token: "st_x".to_owned(), name: "Amina".to_owned(), email: "amina@desk.example".to_owned() },
        faults: Faults::none(),
        password_hint: page.t1("account-password-hint", "least", 12),
        languages: languages(page.tag()),
    };
    screen.render().unwrap()
}

fn welcome(page: &Page, name: Option<&str>) -> String {
    let mut faults = Faults::none();
    faults.add("password", page.t("account-password-guessable"));
    let screen = Welcome {
        page: page.clone().with_faults(),
        token: "x".to_owned(),
        email: "amina@desk.example".to_owned(),
        name: name.map(str::to_owned),
        faults,
        password_hint: page.t1("account-password-hint", "least", 12),
    };
    screen.render().unwrap()
}

fn own(page: &Page) -> String {
    let screen = OwnAccount {
        page: page.clone(),
        faults: Faults::none(),
        facts: vec![
            Fact::words(&page.lang(), "account-login-email", "amina@desk.example"),
            Fact::words(&page.lang(), "account-own-roles", page.t("page-role-agent")),
        ],
        name: "Amina Hassan".to_owned(),
        time_zone: "Asia/Dubai".to_owned(),
        time_zones: vec!["Africa/Cairo".to_owned(), "Asia/Dubai".to_owned()],
        languages: languages(page.tag()),
        themes: vec![Choice::new("auto", page.t("shell-theme-auto"), true)],
        densities: vec![
            Choice::new("cozy", page.t("account-density-cozy"), true),
            Choice::new("compact", page.t("account-density-compact"), false),
        ],
        single_keys: true,
    };
    screen.render().unwrap()
}

fn security(page: &Page, protected: bool) -> String {
    let moment = |text: &str| Moment::of(&page.lang(), text.parse().unwrap());
    let session = |browser: &str, is_own| SessionItem {
        name: "0123456789abcdef".to_owned(),
        browser: browser.to_owned(),
        network: "192.0.2.0/24".to_owned(),
        began: moment("2026-11-20T13:02:00Z"),
        seen: moment("2026-11-20T15:02:00Z"),
        is_own,
    };
    let screen = Security {
        page: page.clone(),
        faults: Faults::none(),
        wait: None,
        second_factor: protected.then(|| moment("2026-11-01T08:00:00Z")),
        codes_left: page.t1("account-codes-left", "left", if protected { 9 } else { 0 }),
        no_codes_left: !protected,
        password_hint: page.t1("account-password-hint", "least", 12),
        sessions: vec![session("Firefox · Linux", true), session("", false)],
    };
    screen.render().unwrap()
}

fn second_factor(page: &Page, begun: bool) -> String {
    let secret = SharedSecret::from_bytes([7; 20]);
    let address = secret.to_address("amina@desk.example").unwrap();
    let (side, path) = super::qr::drawn(&address).unwrap();
    let view = SecretView { words: secret.to_words("amina@desk.example"), address, side, path };
    let screen = SecondFactor {
        page: page.clone(),
        faults: Faults::none(),
        wait: None,
        is_on: begun,
        is_due: !begun,
        secret: begun.then_some(view),
    };
    screen.render().unwrap()
}

fn prove(page: &Page, act: Act) -> String {
    let mut faults = Faults::none();
    faults.add("password", page.t("account-password-wrong"));
    Prove { page: page.clone().with_faults(), faults, wait: None, act }.render().unwrap()
}

fn codes(page: &Page) -> String {
    let codes = (0..10).map(|number| recovery_code([number; 20])).collect();
    Codes { page: page.clone(), codes, turned_on: true }.render().unwrap()
}
