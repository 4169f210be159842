//! Evidence uploaded by programs: a form with one file, read as it comes. The address that it answers with is named in the
//! request for a refund, once.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::Method;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::call::Call;
use super::routes::{About, Access, Route};
use crate::domain::access::{Permission, Scope};
use crate::domain::evidence::LINK;
use crate::http::edge::in_time;
use crate::http::limits::Work;
use crate::http::multipart::Form;
use crate::services::attach_evidence::{self, Arrived};
use crate::services::refusal::{Code, Refusal};
use crate::services::{Context, Desk};

/// Bytes of the words that stand in for a file; the use case counts characters.
const ALT_BYTES_MAX: usize = 4 * 1024;

/// A file with the words that stand in for it.
#[derive(ToSchema)]
#[schema(as = EvidenceUpload)]
pub struct EvidenceUpload {
    /// The file: JPEG, PNG, WebP or PDF, by its content.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// What it shows, for people who cannot see it.
    #[schema(max_length = 300)]
    pub alt: Option<String>,
}

/// Where an uploaded file is.
#[derive(Serialize, ToSchema)]
#[schema(as = EvidenceUploaded)]
pub struct EvidenceUploaded {
    /// Its address, such as `link://ev_…`, to be named in a request.
    pub uri: String,
}

/// The route of this module.
pub fn route() -> Route {
    Route {
        method: Method::POST,
        path: "/v1/evidence",
        access: Access::Token(Scope::RefundsCreate, Permission::RefundCreate),
        work: Work::Create,
        replays: false,
        about: About::new("refunds", "upload-evidence")
            .form::<EvidenceUpload>(example)
            .answers::<EvidenceUploaded>(201)
            .refuses(&[Code::Evidence, Code::EvidenceSize, Code::EvidenceType]),
        handle: |call| Box::pin(upload(call)),
    }
}

fn example() -> Value {
    json!({"file": "@photo.jpg", "alt": "The kettle's broken lid"})
}

async fn upload(mut call: Call) -> Result<HttpResponse, Refusal> {
    let payload = call.stream().ok_or_else(|| Refusal::new(Code::Internal).because("the body was read already"))?;
    let (desk, context) = (call.desk()?, call.context()?);
    in_time(attach_evidence::admit(&desk, &context)).await?;
    let mut form = Form::of(call.request.headers(), payload)?;
    let read = read(&desk, &context, &mut form).await;
    if read.is_err() {
        form.pass_over().await;
    }
    let (arrived, alt) = read?;
    let evidence_id = attach_evidence::keep(&desk, &context, arrived, &alt).await?;
    Ok(HttpResponse::Created().json(EvidenceUploaded { uri: format!("{LINK}{evidence_id}") }))
}

/// Reads the whole form: one file, and what stands in for it.
async fn read(desk: &Arc<Desk>, context: &Context, form: &mut Form) -> Result<(Arrived, String), Refusal> {
    let (mut file, mut alt) = (None, None);
    while let Some(mut part) = form.next().await? {
        match part.name.as_str() {
            "file" if file.is_none() => {
                let name = part.file_name.clone().unwrap_or_default();
                file = Some(attach_evidence::receive(desk, context, &name, part.bytes()).await?);
            }
            "alt" if alt.is_none() => alt = Some(part.text(ALT_BYTES_MAX).await?),
            "file" | "alt" => return Err(Refusal::field(Code::Body, &part.name, "field-parameter-repeated")),
            other => {
                let allowed = ("allowed", "file, alt".to_owned());
                return Err(Refusal::new(Code::Body).and_field(other, "field-unknown-here", &[allowed]));
            }
        }
    }
    let file = file.ok_or_else(|| Refusal::field(Code::Evidence, "file", "field-required"))?;
    Ok((file, alt.unwrap_or_default()))
}
