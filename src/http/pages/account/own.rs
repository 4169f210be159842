//! Somebody's own account: what they are called, and what they chose for themselves.

use actix_web::HttpResponse;
use askama::Template;
use jiff::tz::TimeZone;

use super::again::present;
use super::setup::{judge_name, languages};
use crate::domain::preferences::{Density, Preferences, Theme};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Fact, Value};
use crate::http::pages::posted::Posted;
use crate::http::pages::reader::{self, LOCALE_OF_ACCOUNT};
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::l10n::Locale;
use crate::services::own_account;
use crate::services::refusal::{Code, Refusal};

/// Characters of a time zone's name at most.
const ZONE_LENGTH_MAX: usize = 64;

/// The page.
#[derive(Template)]
#[template(path = "account/own.html")]
pub struct OwnAccount {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// Who it is.
    pub facts: Vec<Fact>,
    /// What they are called.
    pub name: String,
    /// The time zone as typed.
    pub time_zone: String,
    /// All time zones.
    pub time_zones: Vec<String>,
    /// Languages.
    pub languages: Vec<Choice>,
    /// Colours.
    pub themes: Vec<Choice>,
    /// How tables stand.
    pub densities: Vec<Choice>,
    /// Whether single keys are shortcuts.
    pub single_keys: bool,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let user = present(&visit)?.user;
    shown(&screen(&visit, visit.page.clone(), Faults::none(), &user.name, &user.preferences)?, &visit.page)
}

/// Saves it.
pub async fn save(mut visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let name = form.trimmed("name").to_owned();
    let locale = Locale::from_tag(form.get("locale")).filter(|locale| !locale.is_pseudo()).unwrap_or(Locale::DEFAULT);
    let preferences = Preferences {
        locale: locale.tag().to_owned(),
        time_zone: form.trimmed("time_zone").chars().take(ZONE_LENGTH_MAX).collect(),
        theme: Theme::from_word(form.get("theme")),
        density: Density::from_word(form.get("density")),
        single_keys: form.get("single_keys") == "on",
    };
    let mut faults = Faults::none();
    judge_name(&mut faults, &visit.page, &name);
    if TimeZone::get(&preferences.time_zone).is_err() {
        faults.add("time_zone", visit.page.t("account-own-zone-wrong"));
    }
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        return refused(&screen(&visit, page.clone(), faults, &name, &preferences)?, &page);
    }
    let theme = preferences.theme;
    own_account::choose(&visit.desk, &context, &name, preferences).await?;
    session::put(&visit.session, LOCALE_OF_ACCOUNT, locale.tag())?;
    visit.page.locale = locale;
    visit.leave("success", &visit.page.t("account-own-saved"))?;
    let mut answer = to("/account");
    // What the account says holds from now on, not what was chosen in this browser before.
    for cookie in [reader::theme_cookie(theme, visit.edge.secure()), reader::no_language_cookie(visit.edge.secure())] {
        answer.add_cookie(&cookie).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    }
    Ok(answer)
}

fn screen(visit: &Visit, page: Page, faults: Faults, name: &str, chosen: &Preferences) -> Result<OwnAccount, Refusal> {
    let user = present(visit)?.user;
    let lang = page.lang();
    let roles = page.person.as_ref().map(|person| person.roles.clone()).unwrap_or_default();
    let theme = |each: &Theme| Choice::new(*each, page.t(format!("shell-theme-{each}")), *each == chosen.theme);
    let density =
        |each: &Density| Choice::new(*each, page.t(format!("account-density-{each}")), *each == chosen.density);
    Ok(OwnAccount {
        facts: vec![
            Fact::new(&lang, "account-login-email", Value::Words(user.email)),
            Fact::words(&lang, "account-own-roles", roles),
        ],
        name: name.to_owned(),
        time_zone: chosen.time_zone.clone(),
        time_zones: jiff::tz::db().available().map(|zone| zone.to_string()).collect(),
        languages: languages(&chosen.locale),
        themes: Theme::ALL.iter().map(theme).collect(),
        densities: Density::ALL.iter().map(density).collect(),
        single_keys: chosen.single_keys,
        faults,
        page,
    })
}
