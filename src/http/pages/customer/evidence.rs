//! The question before the last: is there anything to show? And the same for a request that was made already.

use actix_web::HttpResponse;
use actix_web::web::Payload;
use askama::Template;

use super::draft::{self, Opened, Writing};
use super::step::{Step, StepName};
use super::upload;
use crate::domain::evidence::Scan;
use crate::domain::id::RefundId;
use crate::domain::refund::State;
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::l10n::Lang;
use crate::services::read_evidence::EvidenceRow;
use crate::services::refusal::{Code, Refusal};
use crate::services::{attach_evidence, read_refunds};

/// What the browser offers to choose from. No HEIC among it, so that iPhones hand over JPEG.
const ACCEPTED: &str = "image/jpeg,image/png,image/webp,application/pdf";

/// Bytes of a kilobyte and of a megabyte, as people count files.
const KILOBYTE: i64 = 1_024;
const MEGABYTE: i64 = 1_024 * KILOBYTE;

/// The page.
#[derive(Template)]
#[template(path = "customer/evidence.html")]
pub struct EvidencePage {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// The files so far.
    pub files: Vec<FileItem>,
    /// How many more there may be, of what size, in a sentence.
    pub hint: String,
    /// Whether there may be more.
    pub has_room: bool,
    /// What the browser offers.
    pub accepted: &'static str,
}

/// The page on which files are added to a request that was made.
#[derive(Template)]
#[template(path = "customer/evidence_add.html")]
pub struct AddPage {
    /// The frame.
    pub page: Page,
    /// The refund.
    pub refund_id: String,
    /// What is wrong.
    pub faults: Faults,
    /// The files so far.
    pub files: Vec<FileItem>,
    /// How many more there may be, of what size, in a sentence.
    pub hint: String,
    /// Whether there may be more.
    pub has_room: bool,
    /// What the browser offers.
    pub accepted: &'static str,
}

/// A file as its giver sees it.
pub struct FileItem {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is and how large.
    pub about: String,
    /// What stands in for it.
    pub alt: String,
    /// What the scanner says, where its giver should know.
    pub trouble: Option<String>,
}

impl FileItem {
    /// These files, in their order.
    pub fn all<'a>(lang: &Lang<'_>, rows: impl Iterator<Item = &'a EvidenceRow>) -> Vec<Self> {
        rows.map(|row| Self::of(lang, row)).collect()
    }

    fn of(lang: &Lang<'_>, row: &EvidenceRow) -> Self {
        let size = size_words(lang, row.size_bytes);
        let kind = row.kind.as_str().to_uppercase();
        let unnamed = row.file_name.is_empty();
        Self {
            id: row.evidence_id.to_string(),
            name: if unnamed { lang.t("customer-evidence-unnamed") } else { row.file_name.clone() },
            about: lang.t2("customer-evidence-about", "kind", kind, "size", size),
            alt: row.alt.clone(),
            trouble: (row.scan == Scan::Infected).then(|| lang.t("field-evidence-infected")),
        }
    }
}

/// How large a file is, rounded up.
pub fn size_words(lang: &Lang<'_>, size_bytes: i64) -> String {
    match size_bytes {
        small if small < MEGABYTE => lang.t1("customer-evidence-kilobytes", "size", small / KILOBYTE + 1),
        large => lang.t1("customer-evidence-megabytes", "size", large / MEGABYTE + 1),
    }
}

/// Asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(answer) = writing.unanswered_before(StepName::Evidence) {
        return Ok(answer);
    }
    let files = writing.evidence(&visit).await?;
    shown(&screen(&visit, &visit.page, &writing, &files, Faults::none()), &visit.page)
}

/// Takes files, descriptions and dismissals; goes on where that was asked for and nothing is wrong.
pub async fn answer(visit: Visit, payload: Payload) -> Result<HttpResponse, Refusal> {
    let mut writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    visit.count(Work::Create)?;
    let before = writing.evidence(&visit).await?;
    let room = visit.desk.blobs.limits.files_max.saturating_sub(before.len());
    let uploads = upload::read(&visit, &writing.context, payload, room).await?;
    writing.draft.evidence = before.iter().map(|row| row.evidence_id.clone()).collect();
    writing.draft.evidence.extend(uploads.taken.iter().cloned());
    let mut faults = Faults::none();
    uploads.faults.iter().for_each(|fault| faults.add("file", fault.clone()));
    for row in &before {
        let alt = uploads.get(&format!("alt-{}", row.evidence_id)).trim();
        if alt != row.alt && !alt.is_empty() {
            let told = attach_evidence::describe_waiting(&visit.desk, &writing.context, &row.evidence_id, alt).await;
            match told {
                Err(refusal) if refusal.code == Code::Body => {
                    faults.add("file", visit.page.t("customer-evidence-alt-long"))
                }
                told => told?,
            }
        }
    }
    let wish = uploads.get("do").to_owned();
    if let Some(dismissed) = wish.strip_prefix("remove-") {
        let gone = writing.draft.evidence.iter().position(|id| id.as_str() == dismissed);
        if let Some(at) = gone {
            let id = writing.draft.evidence.remove(at);
            attach_evidence::dismiss(&visit.desk, &writing.context, &id).await?;
        }
    }
    writing.keep(&visit).await?;
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        let files = writing.evidence(&visit).await?;
        return refused(&screen(&visit, &page, &writing, &files, faults), &page);
    }
    if wish == "continue" { Ok(writing.after(StepName::Evidence)) } else { Ok(to(StepName::Evidence.href())) }
}

/// Asks for more about a request that was made.
pub async fn show_more(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let refund_id = visit.refund_id()?;
    let view = read_refunds::read_refund(&visit.desk, &context, &refund_id).await?;
    if view.refund.state != State::Requested {
        return too_late(&visit, &refund_id);
    }
    shown(&more(&visit, &visit.page, &refund_id, &view.evidence, Faults::none()), &visit.page)
}

/// Takes more files for a request that was made.
pub async fn add(visit: Visit, payload: Payload) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let refund_id = visit.refund_id()?;
    visit.count(Work::Create)?;
    let view = read_refunds::read_refund(&visit.desk, &context, &refund_id).await?;
    let room = visit.desk.blobs.limits.files_max.saturating_sub(view.evidence.len());
    let uploads = upload::read(&visit, &context, payload, room).await?;
    let mut faults = Faults::none();
    uploads.faults.iter().for_each(|fault| faults.add("file", fault.clone()));
    match attach_evidence::add_evidence(&visit.desk, &context, &refund_id, uploads.taken).await {
        Err(refusal) if refusal.code == Code::State => return too_late(&visit, &refund_id),
        added => added?,
    };
    if faults.is_empty() {
        visit.leave("success", &visit.page.t("customer-evidence-added"))?;
        return Ok(to(&format!("/refunds/r/{refund_id}")));
    }
    let page = visit.page.clone().with_faults();
    let view = read_refunds::read_refund(&visit.desk, &context, &refund_id).await?;
    refused(&more(&visit, &page, &refund_id, &view.evidence, faults), &page)
}

fn too_late(visit: &Visit, refund_id: &RefundId) -> Result<HttpResponse, Refusal> {
    visit.leave("warning", &visit.page.t("customer-evidence-too-late"))?;
    Ok(to(&format!("/refunds/r/{refund_id}")))
}

fn screen(visit: &Visit, page: &Page, writing: &Writing, files: &[EvidenceRow], faults: Faults) -> EvidencePage {
    EvidencePage {
        page: page.clone(),
        step: writing.step(StepName::Evidence),
        faults,
        files: FileItem::all(&page.lang(), files.iter()),
        hint: hint(visit, page),
        has_room: files.len() < visit.desk.blobs.limits.files_max,
        accepted: ACCEPTED,
    }
}

fn more(visit: &Visit, page: &Page, refund_id: &RefundId, files: &[EvidenceRow], faults: Faults) -> AddPage {
    AddPage {
        page: page.clone(),
        refund_id: refund_id.to_string(),
        faults,
        files: FileItem::all(&page.lang(), files.iter()),
        hint: hint(visit, page),
        has_room: files.len() < visit.desk.blobs.limits.files_max,
        accepted: ACCEPTED,
    }
}

fn hint(visit: &Visit, page: &Page) -> String {
    let limits = visit.desk.blobs.limits;
    let megabytes = limits.bytes_max / (1024 * 1024);
    page.t2("customer-evidence-hint", "files", limits.files_max, "size", megabytes)
}
