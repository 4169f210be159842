//! What protects somebody's own account: second factor, password, and where they are signed in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::again::{self, Again, present};
use super::login::wait_words;
use super::new_password;
use crate::app::Clock;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Moment;
use crate::http::pages::posted::Posted;
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, to, written};
use crate::services::refusal::{Code, Refusal};
use crate::services::{own_account, second_factor};

/// Where it is.
const HERE: &str = "/account/security";

/// The page.
#[derive(Template)]
#[template(path = "account/security.html")]
pub struct Security {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// How long to wait, where there were too many attempts.
    pub wait: Option<String>,
    /// Since when a second factor is on.
    pub second_factor: Option<Moment>,
    /// What is left of the recovery codes, in a sentence.
    pub codes_left: String,
    /// Whether no recovery code is left.
    pub no_codes_left: bool,
    /// What is asked of a password.
    pub password_hint: String,
    /// Where the person is signed in.
    pub sessions: Vec<SessionItem>,
}

/// A place where the person is signed in.
pub struct SessionItem {
    /// By which it is named in the form.
    pub name: String,
    /// Browser and system.
    pub browser: String,
    /// The network.
    pub network: String,
    /// When it began.
    pub began: Moment,
    /// When it was used last.
    pub seen: Moment,
    /// Whether it is this one.
    pub is_own: bool,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown_with(&visit, StatusCode::OK, Faults::none(), None).await
}

/// Changes the password; every other session ends.
pub async fn change_password(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let (context, present) = (visit.staff()?, present(&visit)?);
    let (had, wanted) = (form.get("password"), form.get("new_password"));
    let mut faults = Faults::none();
    let known = [present.user.name.as_str(), present.user.email.as_str()];
    new_password::judge(&mut faults, &visit.page, "new_password", wanted, &known);
    if faults.is_empty() {
        match again::password(&visit, &present, had).await? {
            Again::Right => {}
            Again::Wrong => faults.add("password", visit.page.t("account-password-wrong")),
            Again::TooOften(refusal) => {
                let wait = Some(wait_words(&visit.page, &refusal));
                return shown_with(&visit, StatusCode::TOO_MANY_REQUESTS, faults, wait).await;
            }
        }
    }
    if !faults.is_empty() {
        return shown_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, faults, None).await;
    }
    let epoch = own_account::change_password(&visit.desk, &context, &present.user.password_hash, wanted).await?;
    session::go_on(&visit.session, epoch)?;
    visit.leave("success", &visit.page.t("account-password-changed"))?;
    Ok(to(HERE))
}

/// Ends one session.
pub async fn end_session(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    own_account::end_session(&visit.desk, &visit.staff()?, form.get("session")).await?;
    visit.leave("success", &visit.page.t("account-session-ended"))?;
    Ok(to(HERE))
}

/// Ends all sessions but this one.
pub async fn end_other_sessions(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let epoch = own_account::end_other_sessions(&visit.desk, &visit.staff()?).await?;
    session::go_on(&visit.session, epoch)?;
    visit.leave("success", &visit.page.t("account-sessions-ended"))?;
    Ok(to(HERE))
}

async fn shown_with(
    visit: &Visit,
    status: StatusCode,
    faults: Faults,
    wait: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let page = if faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let lang = page.lang();
    let standing = second_factor::standing(&visit.desk, &context).await?;
    let sessions = own_account::sessions_of(&visit.desk, &context, Clock::system()).await?;
    let item = |row: own_account::SessionView| {
        let (begun, is_own) = session::read_row(&row.state, &visit.session);
        SessionItem {
            name: row.name,
            browser: begun.browser,
            network: begun.network,
            began: Moment::of(&lang, row.created_at),
            seen: Moment::of(&lang, row.seen_at),
            is_own,
        }
    };
    let screen = Security {
        faults,
        wait,
        second_factor: standing.on_since.map(|at| Moment::of(&lang, at)),
        codes_left: page.t1("account-codes-left", "left", standing.codes_left),
        no_codes_left: standing.codes_left == 0,
        password_hint: new_password::hint(&page),
        sessions: sessions.into_iter().map(item).collect(),
        page: page.clone(),
    };
    written(status, &screen, &page)
}

/// A change that somebody else made in the same moment.
pub(super) fn overtaken() -> Refusal {
    Refusal::new(Code::State)
}
