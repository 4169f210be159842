//! Whether everything that the desk needs is there and answers: the same that `makegood doctor` tells, as a page and as a
//! report to copy.

use actix_web::HttpResponse;
use askama::Template;

use crate::app::doctor::{Finding, as_text};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, Notice};
use crate::http::pages::visit::{Visit, shown};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "admin/diagnostics.html")]
pub struct Diagnostics {
    /// The frame.
    pub page: Page,
    /// Whether all is well, in a sentence.
    pub notice: Notice,
    /// When it was looked.
    pub at: Moment,
    /// What was found, part by part; in English, as at the shell.
    pub findings: Vec<Finding>,
    /// The same as text.
    pub report: String,
}

/// Looks around and tells.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let at = context.now;
    let findings = (visit.site.look_around)(context).await;
    shown(&Diagnostics::of(&visit.page, at, findings), &visit.page)
}

impl Diagnostics {
    /// The page.
    pub fn of(page: &Page, at: jiff::Timestamp, findings: Vec<Finding>) -> Self {
        let sick = findings.iter().filter(|finding| !finding.ok).count();
        let notice = match sick {
            0 => Notice { kind: "success", text: page.t("admin-diagnostics-well") },
            sick => Notice { kind: "failure", text: page.t1("admin-diagnostics-sick", "count", sick) },
        };
        let report = format!("Makegood {}, {:.0}\n{}", page.version(), at, as_text(&findings));
        Self { page: page.clone(), notice, at: Moment::of(&page.lang(), at), findings, report }
    }
}
