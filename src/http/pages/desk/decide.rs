//! What people do with a refund: approve, deny, take back, try again. Each form carries the version that was seen; where
//! the refund has moved on since, nothing happens and the page shows how it stands now, with what was written kept.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::refund::{Attempted, shown_with};
use crate::domain::refund::Refund;
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to};
use crate::http::problem;
use crate::services::decide_refund::{DecideRefund, Verdict};
use crate::services::move_refund::{Move, move_refund};
use crate::services::refusal::{Code, Refusal};
use crate::services::request_refund::NOTE_LENGTH_MAX;

/// Refusals whose sentence is the same for people and for programs.
const SAID_AS_ON_THE_API: [Code; 5] =
    [Code::DualControl, Code::ExceedsRemaining, Code::NotCaptured, Code::ChargedBack, Code::SplitTender];

/// Approves or denies.
pub async fn decide(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let note = form.trimmed("note").to_owned();
    let (verdict, done) = match form.get("decision") {
        "approve" => (Verdict::Approve { amount_minor: None }, "desk-refund-approved"),
        "deny" => (Verdict::Deny, "desk-refund-denied"),
        _unknown => return Err(Refusal::new(Code::Body)),
    };
    let mut faults = Faults::none();
    if verdict == Verdict::Deny && note.is_empty() {
        faults.add("note", visit.page.t("desk-refund-note-needed"));
    }
    if note.chars().count() > NOTE_LENGTH_MAX {
        faults.add("note", visit.page.t1("desk-refund-note-long", "most", NOTE_LENGTH_MAX));
    }
    if !faults.is_empty() {
        let attempted = Attempted { faults, note, trouble: None };
        return shown_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, attempted).await;
    }
    let command = DecideRefund {
        refund_id: visit.refund_id()?,
        verdict,
        note: Some(note.clone()).filter(|note| !note.is_empty()),
        expected_version: version(&form),
    };
    told(&visit, move_refund(&visit.desk, &context, Move::Decide(command)).await, done, note).await
}

/// Takes an approved refund back before it is sent.
pub async fn cancel(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let outcome = move_refund(&visit.desk, &context, Move::Cancel(visit.refund_id()?, version(&form))).await;
    told(&visit, outcome, "desk-refund-canceled", String::new()).await
}

/// Starts another attempt of a failed one.
pub async fn retry(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let outcome = move_refund(&visit.desk, &context, Move::Retry(visit.refund_id()?, version(&form))).await;
    told(&visit, outcome, "desk-refund-retried", String::new()).await
}

fn version(form: &Posted) -> Option<i64> {
    form.get("version").parse().ok()
}

async fn told(
    visit: &Visit,
    outcome: Result<Refund, Refusal>,
    done: &str,
    note: String,
) -> Result<HttpResponse, Refusal> {
    let refusal = match outcome {
        Ok(refund) => {
            visit.leave("success", &visit.page.t1(done, "amount", refund.amount))?;
            return Ok(to(&format!("/desk/refunds/{}", refund.refund_id)));
        }
        Err(refusal) => refusal,
    };
    let is_one_of = |codes: &[Code]| codes.contains(&refusal.code);
    let trouble = if is_one_of(&[Code::State, Code::Version]) {
        visit.page.t("desk-refund-overtaken")
    } else if refusal.code == Code::Limit {
        visit.page.t("desk-refund-limit")
    } else if is_one_of(&SAID_AS_ON_THE_API) {
        visit.page.t(problem::shape(refusal.code).message_id)
    } else {
        return Err(refusal);
    };
    let attempted = Attempted { faults: Faults::none(), note, trouble: Some(trouble) };
    shown_with(visit, problem::status(&refusal), attempted).await
}
