//! Taking and giving back: the next case, claims one by one and several at once, putting aside, taking over, and the signs
//! of life that keep a claim.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};

use super::refund;
use crate::domain::access::Permission;
use crate::domain::id::RefundId;
use crate::http::limits::Work;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to};
use crate::services::claims::{self, Claimed};
use crate::services::refusal::Refusal;
use crate::services::request_refund::NOTE_LENGTH_MAX;

/// Claims what is due next and opens it.
pub async fn next(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    match claims::claim_next(&visit.desk, &context).await? {
        Some(refund_id) => Ok(to(&address(&refund_id))),
        None => {
            visit.leave("info", &visit.page.t("desk-queue-no-next"))?;
            Ok(to("/desk/queue"))
        }
    }
}

/// Claims one; with a reason it is taken over from whoever holds it.
pub async fn claim(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let refund_id = visit.refund_id()?;
    let reason = reason(&form);
    let page = &visit.page;
    match claims::claim(&visit.desk, &context, &refund_id, reason.as_deref()).await? {
        Claimed::Yours(_) => {}
        Claimed::Theirs(_) => visit.leave("warning", &page.t("desk-claim-theirs"))?,
        Claimed::Over => visit.leave("info", &page.t("desk-claim-over"))?,
    }
    Ok(to(&address(&refund_id)))
}

/// Gives it back.
pub async fn release(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    claims::release(&visit.desk, &context, &visit.refund_id()?).await?;
    visit.leave("success", &visit.page.t("desk-claim-released"))?;
    Ok(to("/desk/queue"))
}

/// Claims all that were ticked.
pub async fn several(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let ids: Vec<RefundId> = form.all("refund").filter_map(|id| RefundId::parse(id).ok()).collect();
    let got = claims::claim_all(&visit.desk, &context, &ids).await?;
    let kind = if got > 0 { "success" } else { "info" };
    visit.leave(kind, &visit.page.t1("desk-claim-several", "count", got))?;
    Ok(to(if got > 0 { "/desk/queue?view=mine" } else { "/desk/queue" }))
}

/// Puts it aside for half an hour, with a reason, and opens what is due next.
pub async fn skip(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let refund_id = visit.refund_id()?;
    let Some(reason) = reason(&form) else {
        visit.leave("warning", &visit.page.t("desk-skip-reason-needed"))?;
        return Ok(to(&address(&refund_id)));
    };
    claims::skip(&visit.desk, &context, &refund_id, &reason).await?;
    visit.leave("info", &visit.page.t("desk-skip-done"))?;
    Ok(match claims::claim_next(&visit.desk, &context).await? {
        Some(next) => to(&address(&next)),
        None => to("/desk/queue"),
    })
}

/// A sign of life from the page of a case: the claim is renewed, and a live page is told how it stands.
pub async fn renew(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let refund_id = visit.refund_id()?;
    let is_theirs = claims::renew(&visit.desk, &context, &refund_id).await?;
    if !visit.wants_part() {
        return Ok(to(&address(&refund_id)));
    }
    let mut answer = refund::part_of(&visit, is_theirs).await?;
    if !is_theirs {
        // Somebody took it over: then the verdict is theirs to give, and that part of the page changes too.
        let target = HeaderValue::from_static("#work");
        answer.headers_mut().insert(HeaderName::from_static("hx-retarget"), target);
    }
    Ok(answer)
}

/// Whatever form somebody sends about a case that they hold is a sign of life: it renews their claim.
pub async fn keep_by_forms(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    // What is about the claim itself writes it by itself.
    let is_about_case =
        |pattern: String| pattern.starts_with("/desk/refunds/{refund_id}/") && !pattern.contains("/claim");
    let is_form = *request.method() == Method::POST && request.match_pattern().is_some_and(is_about_case);
    let answer = next.call(request).await?;
    // What was refused for who sent it is no sign of them.
    if is_form && !matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        keep(answer.request()).await;
    }
    Ok(answer)
}

/// Renews the claim, where it is one; a form that was carried out stays so whatever becomes of the claim.
async fn keep(request: &HttpRequest) {
    let Ok(visit) = Visit::of(request.clone()) else { return };
    let Some(context) = visit.staff().ok().filter(|context| context.actor.may(Permission::RefundDecide)) else {
        return;
    };
    let Ok(refund_id) = visit.refund_id() else { return };
    if let Err(refusal) = claims::renew(&visit.desk, &context, &refund_id).await {
        tracing::warn!(%refund_id, code = refusal.code.as_str(), "a claim was not renewed");
    }
}

fn reason(form: &Posted) -> Option<String> {
    let reason: String = form.trimmed("reason").chars().take(NOTE_LENGTH_MAX).collect();
    Some(reason).filter(|reason| !reason.is_empty())
}

fn address(refund_id: &RefundId) -> String {
    format!("/desk/refunds/{refund_id}")
}
