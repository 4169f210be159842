//! Handing on: one case to a colleague, with a few words; or everything that one holds, before one leaves.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::domain::access::Principal;
use crate::domain::id::{RefundId, UserId};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Choice;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to, written};
use crate::services::claims::{self, Claimed};
use crate::services::read_refunds::read_refund;
use crate::services::refusal::{Code, Refusal};
use crate::services::request_refund::NOTE_LENGTH_MAX;

/// The page.
#[derive(Template)]
#[template(path = "desk/hand_over.html")]
pub struct HandOver {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The case: its id, and its amount in a sentence; nothing where it is all that one holds.
    pub case: Option<(String, String)>,
    /// The colleagues to choose from.
    pub colleagues: Vec<Choice>,
    /// The words that go with it.
    pub note: String,
}

/// Asks to whom a case goes.
pub async fn show_case(visit: Visit) -> Result<HttpResponse, Refusal> {
    let refund_id = visit.refund_id()?;
    page_of(&visit, Some(&refund_id), "", String::new(), Faults::none()).await
}

/// Asks to whom everything goes.
pub async fn show_all(visit: Visit) -> Result<HttpResponse, Refusal> {
    page_of(&visit, None, "", String::new(), Faults::none()).await
}

/// Hands a case on.
pub async fn hand_on(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let refund_id = visit.refund_id()?;
    let note = form.trimmed("note").to_owned();
    let mut faults = Faults::none();
    let colleague = chosen(&visit, &form, &mut faults);
    if note.chars().count() > NOTE_LENGTH_MAX {
        faults.add("note", visit.page.t1("desk-refund-note-long", "most", NOTE_LENGTH_MAX));
    }
    let Some(colleague) = colleague.filter(|_| faults.is_empty()) else {
        return page_of(&visit, Some(&refund_id), form.get("to"), note, faults).await;
    };
    let words = Some(note.as_str()).filter(|note| !note.is_empty());
    match claims::hand_on(&visit.desk, &context, &refund_id, &colleague, words).await {
        Ok(Claimed::Yours(_)) => visit.leave("success", &visit.page.t("queue-handed-on"))?,
        Ok(Claimed::Theirs(_)) => visit.leave("warning", &visit.page.t("desk-claim-theirs"))?,
        Ok(Claimed::Over) => visit.leave("info", &visit.page.t("desk-claim-over"))?,
        Err(refusal) if refusal.code == Code::Body => {
            faults.add("to", visit.page.t("queue-hand-gone"));
            return page_of(&visit, Some(&refund_id), "", note, faults).await;
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(to(&format!("/desk/refunds/{refund_id}")))
}

/// Hands everything over that one holds.
pub async fn hand_over(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let mut faults = Faults::none();
    let Some(colleague) = chosen(&visit, &form, &mut faults) else {
        return page_of(&visit, None, "", String::new(), faults).await;
    };
    let me = context.actor.principal.clone();
    match claims::hand_over(&visit.desk, &context, &me, &colleague).await {
        Ok(count) => visit.leave("success", &visit.page.t1("queue-handed-over", "count", count))?,
        Err(refusal) if refusal.code == Code::Body => {
            faults.add("to", visit.page.t("queue-hand-gone"));
            return page_of(&visit, None, "", String::new(), faults).await;
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(to("/desk"))
}

fn chosen(visit: &Visit, form: &Posted, faults: &mut Faults) -> Option<Principal> {
    let chosen = UserId::parse(form.get("to")).ok().map(Principal::User);
    if chosen.is_none() {
        faults.add("to", visit.page.t("queue-hand-needed"));
    }
    chosen
}

async fn page_of(
    visit: &Visit,
    refund_id: Option<&RefundId>,
    chosen: &str,
    note: String,
    faults: Faults,
) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let colleagues = claims::colleagues(&visit.desk, &context).await?;
    let (page, status) = if faults.is_empty() {
        (visit.page.clone(), StatusCode::OK)
    } else {
        (visit.page.clone().with_faults(), StatusCode::UNPROCESSABLE_ENTITY)
    };
    let case = match refund_id {
        Some(refund_id) => {
            let refund = read_refund(&visit.desk, &context, refund_id).await?.refund;
            Some((refund_id.to_string(), page.lang().money(refund.amount)))
        }
        None => None,
    };
    let choice = |(user_id, name): (UserId, String)| Choice::new(&user_id, name, user_id.as_str() == chosen);
    let nobody = Choice::new("", page.t("queue-hand-choose"), chosen.is_empty());
    let colleagues = std::iter::once(nobody).chain(colleagues.into_iter().map(choice)).collect();
    let screen = HandOver { page: page.clone(), faults, case, colleagues, note };
    written(status, &screen, &page)
}
