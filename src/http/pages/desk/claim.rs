//! Taking and giving back: the next case, claims one by one and several at once, putting aside, and taking over.

use actix_web::HttpResponse;

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

fn reason(form: &Posted) -> Option<String> {
    let reason: String = form.trimmed("reason").chars().take(NOTE_LENGTH_MAX).collect();
    Some(reason).filter(|reason| !reason.is_empty())
}

fn address(refund_id: &RefundId) -> String {
    format!("/desk/refunds/{refund_id}")
}
