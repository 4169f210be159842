//! What a problem means and what to do about it: where the `type` of every problem document leads.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::http::pages::frame::Page;
use crate::http::pages::{reader, visit};
use crate::http::problem::{Shape, shape};
use crate::services::refusal::{Code, Refusal};

/// The page of one problem.
#[derive(Template)]
#[template(path = "docs/problem.html")]
pub struct ProblemPage {
    /// The frame.
    pub page: Page,
    /// Its code.
    pub code: &'static str,
    /// The status of answers with it.
    pub status: u16,
    /// Its short name.
    pub name: String,
    /// What it means.
    pub cause: String,
    /// What to do about it.
    pub fix: String,
    /// Whether the same request may succeed later, unchanged.
    pub retryable: bool,
}

/// All problems.
#[derive(Template)]
#[template(path = "docs/problems.html")]
pub struct ProblemList {
    /// The frame.
    pub page: Page,
    /// The problems by status.
    pub problems: Vec<ProblemLine>,
}

/// One problem of the list.
pub struct ProblemLine {
    /// Where it is explained.
    pub href: String,
    /// Its code.
    pub code: &'static str,
    /// The status of answers with it.
    pub status: u16,
    /// Its short name.
    pub name: String,
}

/// Shows one problem.
pub async fn show(request: HttpRequest, slug: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let code = Code::ALL.iter().copied().find(|code| shape(*code).slug == slug.as_str());
    let code = code.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
    let page = reader::page(&request)?;
    visit::shown(&explained(page.clone(), code), &page)
}

/// Shows all problems.
pub async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let page = reader::page(&request)?;
    visit::shown(&listed(page.clone()), &page)
}

fn explained(page: Page, code: Code) -> ProblemPage {
    let shape = shape(code);
    ProblemPage {
        code: code.as_str(),
        status: shape.status.as_u16(),
        name: page.t(shape.title()),
        cause: page.t(shape.message_id),
        fix: page.t(shape.fix()),
        retryable: shape.retryable,
        page,
    }
}

fn listed(page: Page) -> ProblemList {
    let mut all: Vec<(Code, Shape)> = Code::ALL.iter().map(|code| (*code, shape(*code))).collect();
    all.sort_by_key(|(_, shape)| shape.status);
    let problems = all
        .into_iter()
        .map(|(code, shape)| ProblemLine {
            href: format!("/problems/{}", shape.slug),
            code: code.as_str(),
            status: shape.status.as_u16(),
            name: page.t(shape.title()),
        })
        .collect();
    ProblemList { page, problems }
}
