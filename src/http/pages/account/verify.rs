//! The second step of signing in: a code of the app, or a recovery code.

use std::time::Instant;

use actix_web::HttpResponse;
use askama::Template;

use super::login::{enter, too_often, wait_words};
use crate::app::Clock;
use crate::http::edge::Conversation;
use crate::http::limits::SignIn;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::session::{self, Half};
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::services::refusal::Refusal;
use crate::services::{second_factor, sign_in};

/// Who gave the password has so long for the code, in seconds.
const STEP_MAX_S: i64 = 600;
/// Characters of a code that are looked at.
const LENGTH_MAX: usize = 64;

/// The page.
#[derive(Template)]
#[template(path = "account/verify.html")]
pub struct Verify {
    /// The frame.
    pub page: Page,
    /// What is wrong with the code.
    pub faults: Faults,
    /// How long to wait, where there were too many attempts.
    pub wait: Option<String>,
}

/// Shows the form.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    if half(&visit).is_none() {
        return Ok(to("/login"));
    }
    shown(&Verify { page: visit.page.clone(), faults: Faults::none(), wait: None }, &visit.page)
}

/// Signs in with a right code.
pub async fn check(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let Some(half) = half(&visit) else { return Ok(to("/login?expired")) };
    let code = form.trimmed("code");
    if code.is_empty() || code.chars().count() > LENGTH_MAX {
        return again(&visit, "account-verify-empty");
    }
    // Only who has the password comes here, so the account is counted, wherever they are.
    let account = format!("code of {}", half.user_id);
    let who = SignIn { account: &account, address: Conversation::of(&visit.request).address, device: None };
    if let Err(refusal) = visit.edge.limits.sign_in_begun(&who, Instant::now()) {
        let wait = Some(wait_words(&visit.page, &refusal));
        let screen = Verify { page: visit.page.clone(), faults: Faults::none(), wait };
        return too_often(&screen, &visit, &refusal);
    }
    let Some(present) = sign_in::present(&visit.desk, &half.user_id, half.epoch).await? else {
        return Ok(to("/login?expired"));
    };
    let Some(proof) = second_factor::prove(&visit.desk, &visit.nobody(), &half.user_id, code).await? else {
        tracing::info!(msgid = "MSG.desk.sign_in_refused", step = "code", "a sign-in was refused");
        return again(&visit, "account-verify-wrong");
    };
    visit.edge.limits.sign_in_succeeded(&who);
    let answer = enter(&visit, &present.user, proof, &half.next).await?;
    if proof == sign_in::Proof::RecoveryCode {
        let context = visit.context_of(present.actor);
        let left = second_factor::standing(&visit.desk, &context).await?.codes_left;
        visit.leave("warning", &visit.page.t1("account-verify-codes-left", "left", left))?;
    }
    Ok(answer)
}

fn half(visit: &Visit) -> Option<Half> {
    let fresh = |half: &Half| (0..STEP_MAX_S).contains(&(Clock::system().as_second() - half.since_s));
    session::second_step(&visit.session).filter(fresh)
}

fn again(visit: &Visit, id: &str) -> Result<HttpResponse, Refusal> {
    let page = visit.page.clone().with_faults();
    let mut faults = Faults::none();
    faults.add("code", page.t(id));
    refused(&Verify { page: page.clone(), faults, wait: None }, &page)
}
