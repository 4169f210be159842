//! A note that only colleagues read. What the customer reads is written in [`super::messages`], in another form.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::refund::{Attempted, shown_with};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to};
use crate::services::messages::write_note;
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
    // Who wrote it beside the messages stays there.
    let back = if form.get("back") == "messages" { "/messages" } else { "#story" };
    Ok(to(&format!("/desk/refunds/{refund_id}{back}")))
}
