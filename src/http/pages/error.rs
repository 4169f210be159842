//! What a reader sees in place of a page: what happened, whether anything was changed, and ways out.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::frame::Page;
use super::gate::SECOND_FACTOR_DUE;
use super::parts::term;
use super::posted::FORM_TOO_OLD;
use super::{reader, visit};
use crate::http::problem::{self, Problem};
use crate::services::refusal::{Code, Refusal};

/// Where people of the desk work; all other pages are for customers.
const STAFF_PATHS: [&str; 11] = [
    "/desk",
    "/orders",
    "/finance",
    "/risk",
    "/developers",
    "/audit",
    "/admin",
    "/account",
    "/search",
    "/login",
    "/logout",
];
/// Where a second factor is set up.
const SECOND_FACTOR: &str = "/account/second-factor";

/// The page.
#[derive(Template)]
#[template(path = "errors/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub page: Page,
    /// The status of the answer.
    pub status: u16,
    /// Id of the heading.
    pub heading: &'static str,
    /// What it means, and what to do.
    pub lead: String,
    /// Ways out, the likeliest first.
    pub ways: Vec<Way>,
}

/// A way out.
pub struct Way {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub words: String,
}

/// The boundary's hook: a page for every refusal on a path for people; who is not signed in is sent where they can.
pub fn answer(request: &HttpRequest, problem: &Problem<'_>) -> Option<HttpResponse> {
    let refusal = problem.refusal;
    let is_get = *request.method() == Method::GET;
    if refusal.code == Code::Authentication && is_get {
        return Some(visit::to(&entrance(request, refusal)));
    }
    let page = reader::page(request).ok()?;
    let status = problem::status(refusal);
    let (heading, lead) = told(&page, refusal, is_get);
    let ways = ways(&page, request, refusal);
    let screen = ErrorPage { page: page.clone(), status: status.as_u16(), heading, lead, ways };
    let mut answer = visit::written(status, &screen, &page).ok()?;
    if let Some(seconds) = refusal.retry_after_s {
        answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
    }
    Some(answer)
}

/// Where somebody gets in who is not signed in: staff at the door, and back to where they wanted; customers by a link.
fn entrance(request: &HttpRequest, refusal: &Refusal) -> String {
    if refusal.facts.contains_key(SECOND_FACTOR_DUE) {
        return SECOND_FACTOR.to_owned();
    }
    if !is_staff_path(request.path()) {
        return "/refunds?ended".to_owned();
    }
    let wanted: String = url::form_urlencoded::byte_serialize(request.uri().to_string().as_bytes()).collect();
    format!("/login?next={wanted}")
}

fn is_staff_path(path: &str) -> bool {
    let below = |staff: &&str| path.strip_prefix(*staff).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    STAFF_PATHS.iter().any(below)
}

fn told(page: &Page, refusal: &Refusal, is_get: bool) -> (&'static str, String) {
    let with = |heading: &'static str, lead: &'static str| (heading, page.t(lead));
    match refusal.code {
        Code::Authentication => with("errors-signed-out", "errors-signed-out-lead"),
        Code::Scope if refusal.facts.contains_key(FORM_TOO_OLD) => with("errors-conflict", "page-form-too-old"),
        Code::Scope => match refusal.facts.get("permission").and_then(serde_json::Value::as_str) {
            Some(permission) => {
                let right = page.t(term("access-permission-", permission));
                ("errors-forbidden", page.t1("errors-forbidden-needs", "right", right))
            }
            None => with("errors-forbidden", "errors-forbidden-lead"),
        },
        Code::DualControl | Code::Limit => ("errors-forbidden", page.t(problem::shape(refusal.code).message_id)),
        Code::OrderNotFound
        | Code::RefundNotFound
        | Code::PaymentNotFound
        | Code::EvidenceNotFound
        | Code::AccountNotFound
        | Code::PathNotFound => with("errors-not-found", "errors-not-found-lead"),
        Code::Idempotency | Code::InProgress | Code::State | Code::Version | Code::Remaining | Code::Payment => {
            with("errors-conflict", "errors-conflict-lead")
        }
        Code::Rate => ("errors-rate", page.t1("errors-rate-lead", "seconds", refusal.retry_after_s.unwrap_or(1))),
        Code::Unavailable => with("errors-unavailable", "errors-unavailable-lead"),
        Code::Internal if is_get => with("errors-internal", "errors-internal-lead-read"),
        Code::Internal => with("errors-internal", "errors-internal-lead"),
        Code::ExceedsRemaining | Code::NotCaptured | Code::ChargedBack | Code::SplitTender | Code::Denied => {
            ("errors-refused", page.t(problem::shape(refusal.code).message_id))
        }
        Code::Body
        | Code::AmountRange
        | Code::Currency
        | Code::Reason
        | Code::Evidence
        | Code::EvidenceSize
        | Code::EvidenceType
        | Code::Metadata
        | Code::IdempotencyKey
        | Code::Method
        | Code::TooLarge
        | Code::MediaType => with("errors-invalid", "errors-invalid-lead"),
    }
}

fn ways(page: &Page, request: &HttpRequest, refusal: &Refusal) -> Vec<Way> {
    let way = |href: &str, id: &str| Way { href: href.to_owned(), words: page.t(id) };
    let home = if is_staff_path(request.path()) {
        way("/desk", "errors-way-desk")
    } else {
        way("/refunds", "errors-way-refunds")
    };
    let status = problem::status(refusal);
    let again = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    if again && *request.method() == Method::GET {
        vec![way(&page.here(), "errors-way-again"), home]
    } else {
        vec![home]
    }
}
