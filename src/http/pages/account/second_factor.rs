//! Somebody's own second factor: begun with a square of dots for their app, confirmed by a code, renewed, turned off. Each
//! change takes the password, and a code of what is on; recovery codes are shown once.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::again::{self, Again, present};
use super::login::wait_words;
use super::{qr, security};
use crate::domain::second_factor::{RECOVERY_CODES, SharedSecret, recovery_code};
use crate::http::edge::random_bytes;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, to, written};
use crate::services::refusal::Refusal;
use crate::services::second_factor::{self, Changed, Given, Standing};

/// Where it is.
const HERE: &str = "/account/second-factor";

/// The page that begins and confirms.
#[derive(Template)]
#[template(path = "account/second-factor.html")]
pub struct SecondFactor {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// How long to wait, where there were too many attempts.
    pub wait: Option<String>,
    /// Whether one is on already.
    pub is_on: bool,
    /// Whether nothing else can be done before.
    pub is_due: bool,
    /// What to hand to the app, where it was begun.
    pub secret: Option<SecretView>,
}

/// A secret as it is handed to an app.
pub struct SecretView {
    /// To be typed.
    pub words: String,
    /// To be tapped on a telephone.
    pub address: String,
    /// Modules of the square's side, with its margin.
    pub side: i32,
    /// The dark modules, as a path.
    pub path: String,
}

/// The page that takes a password and a code before something is changed.
#[derive(Template)]
#[template(path = "account/prove.html")]
pub struct Prove {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// How long to wait, where there were too many attempts.
    pub wait: Option<String>,
    /// What is to be done.
    pub act: Act,
}

/// The page that shows recovery codes, once.
#[derive(Template)]
#[template(path = "account/codes.html")]
pub struct Codes {
    /// The frame.
    pub page: Page,
    /// The codes.
    pub codes: Vec<String>,
    /// Whether a second factor was turned on just now.
    pub turned_on: bool,
}

/// What takes a password and a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Turning the second factor off.
    TurnOff,
    /// Making new recovery codes.
    RenewCodes,
}

impl Act {
    /// Id of its name.
    pub fn name(self) -> &'static str {
        match self {
            Act::TurnOff => "account-factor-off",
            Act::RenewCodes => "account-factor-codes",
        }
    }

    /// Id of the sentence about it.
    pub fn lead(self) -> &'static str {
        match self {
            Act::TurnOff => "account-factor-off-lead",
            Act::RenewCodes => "account-factor-codes-lead",
        }
    }

    /// Whether it takes a protection away.
    pub fn is_dangerous(self) -> bool {
        self == Act::TurnOff
    }

    /// Where its form is sent.
    pub fn action(self) -> &'static str {
        match self {
            Act::TurnOff => "/account/second-factor/off",
            Act::RenewCodes => "/account/second-factor/codes",
        }
    }
}

/// What is wrong with a form, and how long to wait.
#[derive(Default)]
struct Trouble {
    faults: Faults,
    wait: Option<String>,
}

/// Shows what is to be handed to the app, or how to begin.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    shown_with(&visit, Trouble::default()).await
}

/// Begins: makes a secret, which counts for nothing until a code of it was given.
pub async fn begin(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let secret = SharedSecret::from_bytes(random_bytes());
    second_factor::begin(&visit.desk, &visit.staff()?, &secret).await?;
    Ok(to(HERE))
}

/// Confirms with a code of the new secret, and of the old one where there is one; shows the recovery codes.
pub async fn confirm(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let mut trouble = proved(&visit, &form).await?;
    if !trouble.is_none() {
        return shown_with(&visit, trouble).await;
    }
    let codes = fresh_codes();
    let given = Given { current: Some(form.trimmed("current").to_owned()), recovery_codes: codes.clone() };
    match second_factor::confirm(&visit.desk, &visit.staff()?, form.trimmed("code"), given).await? {
        Changed::Done(epoch) => return show_codes(&visit, epoch, codes, true),
        Changed::WrongNew => trouble.faults.add("code", visit.page.t("account-verify-wrong")),
        Changed::WrongCurrent => trouble.faults.add("current", visit.page.t("account-verify-wrong")),
        Changed::NothingBegun => {
            visit.leave("warning", &visit.page.t("account-factor-too-late"))?;
            return Ok(to(HERE));
        }
    }
    shown_with(&visit, trouble).await
}

/// Asks for what turning off takes.
pub async fn ask_off(visit: Visit) -> Result<HttpResponse, Refusal> {
    asked(&visit, Act::TurnOff, Trouble::default())
}

/// Turns it off.
pub async fn turn_off(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    altered(&visit, &form, Act::TurnOff).await
}

/// Asks for what new recovery codes take.
pub async fn ask_codes(visit: Visit) -> Result<HttpResponse, Refusal> {
    asked(&visit, Act::RenewCodes, Trouble::default())
}

/// Makes new recovery codes and shows them.
pub async fn renew_codes(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    altered(&visit, &form, Act::RenewCodes).await
}

async fn altered(visit: &Visit, form: &Posted, act: Act) -> Result<HttpResponse, Refusal> {
    let mut trouble = proved(visit, form).await?;
    if !trouble.is_none() {
        return asked(visit, act, trouble);
    }
    let (context, codes) = (visit.staff()?, fresh_codes());
    let given = Given { current: Some(form.trimmed("code").to_owned()), recovery_codes: codes.clone() };
    let changed = match act {
        Act::TurnOff => second_factor::turn_off(&visit.desk, &context, given).await?,
        Act::RenewCodes => second_factor::renew_codes(&visit.desk, &context, given).await?,
    };
    match (changed, act) {
        (Changed::Done(epoch), Act::RenewCodes) => show_codes(visit, epoch, codes, false),
        (Changed::Done(epoch), Act::TurnOff) => {
            session::go_on(&visit.session, epoch)?;
            visit.leave("success", &visit.page.t("account-factor-is-off"))?;
            Ok(to("/account/security"))
        }
        (Changed::WrongNew | Changed::WrongCurrent, _) => {
            trouble.faults.add("code", visit.page.t("account-verify-wrong"));
            asked(visit, act, trouble)
        }
        (Changed::NothingBegun, _) => Err(security::overtaken()),
    }
}

/// What is wrong with the password that a form gives.
async fn proved(visit: &Visit, form: &Posted) -> Result<Trouble, Refusal> {
    let mut trouble = Trouble::default();
    match again::password(visit, &present(visit)?, form.get("password")).await? {
        Again::Right => {}
        Again::Wrong => trouble.faults.add("password", visit.page.t("account-password-wrong")),
        Again::TooOften(refusal) => trouble.wait = Some(wait_words(&visit.page, &refusal)),
    }
    Ok(trouble)
}

impl Trouble {
    fn is_none(&self) -> bool {
        self.faults.is_empty() && self.wait.is_none()
    }

    fn status(&self) -> StatusCode {
        match (&self.wait, self.faults.is_empty()) {
            (Some(_), _) => StatusCode::TOO_MANY_REQUESTS,
            (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, true) => StatusCode::OK,
        }
    }

    fn page(&self, visit: &Visit) -> Page {
        if self.faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() }
    }
}

async fn shown_with(visit: &Visit, trouble: Trouble) -> Result<HttpResponse, Refusal> {
    let standing = second_factor::standing(&visit.desk, &visit.staff()?).await?;
    let (status, page) = (trouble.status(), trouble.page(visit));
    let screen = SecondFactor {
        is_on: standing.on_since.is_some(),
        is_due: visit.viewer.owes_second_factor(&visit.site),
        secret: secret_view(&standing, &present(visit)?.user.email),
        faults: trouble.faults,
        wait: trouble.wait,
        page: page.clone(),
    };
    written(status, &screen, &page)
}

fn secret_view(standing: &Standing, account: &str) -> Option<SecretView> {
    let secret = standing.pending.as_ref()?;
    let address = secret.to_address(account)?;
    let (side, path) = qr::drawn(&address)?;
    Some(SecretView { words: secret.to_words(account), address, side, path })
}

fn asked(visit: &Visit, act: Act, trouble: Trouble) -> Result<HttpResponse, Refusal> {
    let (status, page) = (trouble.status(), trouble.page(visit));
    let screen = Prove { page: page.clone(), faults: trouble.faults, wait: trouble.wait, act };
    written(status, &screen, &page)
}

fn show_codes(visit: &Visit, epoch: i64, codes: Vec<String>, turned_on: bool) -> Result<HttpResponse, Refusal> {
    session::go_on(&visit.session, epoch)?;
    written(StatusCode::OK, &Codes { page: visit.page.clone(), codes, turned_on }, &visit.page)
}

fn fresh_codes() -> Vec<String> {
    std::iter::repeat_with(|| recovery_code(random_bytes())).take(RECOVERY_CODES).collect()
}
