//! The files of a refund for the desk's eyes: pixels that we drew, and the original as a download. Nothing of a file is
//! ever shown by the browser as it came.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType, HeaderValue};

use super::file::{self, nth};
use crate::domain::evidence::{ALT_CHARACTERS_MAX, View};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to};
use crate::services::read_evidence;
use crate::services::refusal::{Code, Refusal};

/// Even by itself in a window of its own, what is answered here does nothing.
const NOTHING_RUNS: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'none'; sandbox; frame-ancestors 'none'");

/// For the reader's eyes, and for no cache.
const NOT_KEPT: HeaderValue = HeaderValue::from_static("private, no-store");

/// One view of a file: `?w=` wide, `?rot=` degrees turned, `?page=` of a document.
pub async fn image(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let (width, degrees, page) = (visit.query("w"), visit.query("rot"), visit.query("page"));
    let view = View::asked(width.as_deref(), degrees.as_deref(), page.as_deref());
    let drawn = read_evidence::view(&visit.desk, &context, &visit.refund_id()?, nth(&visit)?, view).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, drawn.media_type))
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .insert_header((header::CONTENT_SECURITY_POLICY, NOTHING_RUNS))
        .insert_header((header::CACHE_CONTROL, NOT_KEPT))
        .body(drawn.bytes))
}

/// The original, to be kept, never to be shown.
pub async fn original(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let file = read_evidence::original(&visit.desk, &context, &visit.refund_id()?, nth(&visit)?).await?;
    let name = vec![DispositionParam::Filename(file.name)];
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: name };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, file.kind.media_type()))
        .insert_header(disposition)
        .insert_header((header::CONTENT_SECURITY_POLICY, NOTHING_RUNS))
        .insert_header((header::CACHE_CONTROL, NOT_KEPT))
        .no_chunking(file.size_bytes)
        .streaming(file.bytes))
}

/// Writes the words that stand in for a file.
pub async fn describe(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let (refund_id, nth, typed) = (visit.refund_id()?, nth(&visit)?, form.trimmed("alt"));
    match read_evidence::describe(&visit.desk, &context, &refund_id, nth, typed).await {
        Ok(()) => visit.leave("success", &visit.page.t("desk-evidence-described"))?,
        Err(refusal) if refusal.code == Code::Body => {
            let mut faults = Faults::none();
            faults.add("alt", visit.page.t1("desk-evidence-alt-long", "most", ALT_CHARACTERS_MAX));
            return file::shown_with(&visit, faults, Some(typed)).await;
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(to(&format!("/desk/refunds/{refund_id}/evidence/{nth}")))
}

/// Writes that nobody can make out what a file shows, or that one can after all.
pub async fn mark(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let (refund_id, nth, unreadable) = (visit.refund_id()?, nth(&visit)?, form.get("unreadable") == "yes");
    read_evidence::mark_unreadable(&visit.desk, &context, &refund_id, nth, unreadable).await?;
    let told = if unreadable { "desk-evidence-marked" } else { "desk-evidence-unmarked" };
    visit.leave("success", &visit.page.t(told))?;
    Ok(to(&format!("/desk/refunds/{refund_id}/evidence/{nth}")))
}
