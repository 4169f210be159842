//! The trail as a file of JSON lines, the same as `makegood audit export` writes, narrowed as the page is. It is sent as it is
//! read, part by part, so that neither a long trail nor a slow reader costs the desk anything.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;
use bytes::Bytes;
use futures_util::stream;

use super::narrow::Filters;
use crate::http::pages::visit::Visit;
use crate::services::export_audit::export_part;
use crate::services::refusal::Refusal;

/// Sends it.
pub async fn send(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let asked = Filters::of(&visit).asked(&visit.page);
    let desk = Arc::clone(&visit.desk);
    // The first part is read before the answer begins, so that what goes wrong at once is told as a page.
    let first = export_part(&desk, &context, asked.clone(), None).await?;
    let day = visit.edge.clock.now().strftime("%Y-%m-%d");
    let parts = stream::try_unfold(first, move |part| {
        let (desk, context, asked) = (Arc::clone(&desk), context.clone(), asked.clone());
        async move {
            let Some((last, lines)) = part else { return Ok::<_, Refusal>(None) };
            let next = export_part(&desk, &context, asked, Some(last)).await?;
            Ok(Some((Bytes::from(lines), next)))
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/jsonl; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"audit_{day}.jsonl\"")))
        .streaming(Box::pin(parts)))
}
