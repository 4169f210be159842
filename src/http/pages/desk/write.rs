//! Two forms that cannot be mixed up: a note that only colleagues read, and a letter to the customer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::refund::{Attempted, shown_with};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to};
use crate::services::messages::{MESSAGE_LENGTH_MAX, Write, write_note, write_to_customer};
use crate::services::refusal::Refusal;
use crate::services::request_refund::NOTE_LENGTH_MAX;

/// Keeps a note for colleagues.
pub async fn note(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let note = form.trimmed("staff-note").to_owned();
    let mut faults = Faults::none();
    if note.is_empty() {
        faults.add("staff-note", visit.page.t("desk-note-needed"));
    }
    if note.chars().count() > NOTE_LENGTH_MAX {
        faults.add("staff-note", visit.page.t1("desk-refund-note-long", "most", NOTE_LENGTH_MAX));
    }
    if !faults.is_empty() {
        let attempted = Attempted { faults, note, ..Attempted::default() };
        return shown_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, attempted).await;
    }
    let refund_id = visit.refund_id()?;
    write_note(&visit.desk, &context, &refund_id, note).await?;
    visit.leave("success", &visit.page.t("desk-note-saved"))?;
    Ok(to(&format!("/desk/refunds/{refund_id}#story")))
}

/// Sends the customer a letter.
pub async fn message(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let message = form.trimmed("message").to_owned();
    let mut faults = Faults::none();
    if message.is_empty() {
        faults.add("message", visit.page.t("desk-message-needed"));
    }
    if message.chars().count() > MESSAGE_LENGTH_MAX {
        faults.add("message", visit.page.t1("desk-refund-note-long", "most", MESSAGE_LENGTH_MAX));
    }
    if !faults.is_empty() {
        let attempted = Attempted { faults, message, ..Attempted::default() };
        return shown_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, attempted).await;
    }
    let refund_id = visit.refund_id()?;
    // A letter is no verdict: it may be about a refund that has moved on since the page was made.
    let write = Write { refund_id: refund_id.clone(), body: message, asks: false, expected_version: None };
    write_to_customer(&visit.desk, &context, write).await?;
    visit.leave("success", &visit.page.t("desk-message-sent"))?;
    Ok(to(&format!("/desk/refunds/{refund_id}#story")))
}
