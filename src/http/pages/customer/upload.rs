//! Files that a customer sends with a form: received one by one as they come, each with its own fault where it has one.
//! What was taken stays taken, whatever is wrong with the others.

use actix_web::HttpMessage;
use actix_web::web::Payload;

use crate::domain::evidence::Unsuitable;
use crate::domain::id::EvidenceId;
use crate::http::edge::in_time;
use crate::http::multipart::{Form, Part};
use crate::http::pages::csrf;
use crate::http::pages::posted::FORM_TOO_OLD;
use crate::http::pages::reader::Reader;
use crate::http::pages::visit::Visit;
use crate::http::problem::field_detail;
use crate::services::refusal::{Code, Refusal};
use crate::services::{Context, attach_evidence};

/// Bytes of a text field.
const TEXT_BYTES_MAX: usize = 4 * 1024;

/// What came with a form.
#[derive(Debug, Default)]
pub struct Uploads {
    /// Files that were taken, in their order.
    pub taken: Vec<EvidenceId>,
    /// What is wrong with the others, each beginning with the file's name.
    pub faults: Vec<String>,
    /// The text fields.
    pub fields: Vec<(String, String)>,
}

impl Uploads {
    /// The value of a field; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }
}

/// Reads a form whose files may be so many. Nothing is received before the form's token is seen.
pub async fn read(visit: &Visit, context: &Context, payload: Payload, room: usize) -> Result<Uploads, Refusal> {
    let mut form = Form::of(visit.request.headers(), payload)?;
    let read = read_parts(visit, context, &mut form, room).await;
    if read.is_err() {
        form.pass_over().await;
    }
    read
}

async fn read_parts(visit: &Visit, context: &Context, form: &mut Form, room: usize) -> Result<Uploads, Refusal> {
    let expected = visit.request.extensions().get::<Reader>().map(|reader| reader.csrf().to_owned());
    let (mut uploads, mut is_ours) = (Uploads::default(), false);
    while let Some(mut part) = form.next().await? {
        if part.name == "csrf" {
            let given = part.text(TEXT_BYTES_MAX).await?;
            is_ours = expected.as_deref().is_some_and(|expected| csrf::holds(expected, &given));
        } else if !is_ours {
            // The token is the first field of our forms.
            return Err(Refusal::new(Code::Scope).with(FORM_TOO_OLD, true));
        } else if part.name != "file" {
            let value = part.text(TEXT_BYTES_MAX).await?;
            uploads.fields.push((part.name.clone(), value));
        } else if part.file_name.as_deref().is_some_and(|name| !name.is_empty()) {
            receive(visit, context, &mut part, room, &mut uploads).await?;
        }
    }
    if is_ours { Ok(uploads) } else { Err(Refusal::new(Code::Scope).with(FORM_TOO_OLD, true)) }
}

async fn receive(
    visit: &Visit,
    context: &Context,
    part: &mut Part,
    room: usize,
    uploads: &mut Uploads,
) -> Result<(), Refusal> {
    let name = part.file_name.clone().unwrap_or_default();
    let kept = if uploads.taken.len() < room { keep(visit, context, part, &name).await } else { Err(too_many(visit)) };
    match kept {
        Ok(id) => uploads.taken.push(id),
        Err(refusal) if is_about_the_file(refusal.code) => uploads.faults.push(fault(visit, &name, &refusal)),
        Err(refusal) => return Err(refusal),
    }
    Ok(())
}

async fn keep(visit: &Visit, context: &Context, part: &mut Part, name: &str) -> Result<EvidenceId, Refusal> {
    in_time(attach_evidence::admit(&visit.desk, context)).await?;
    let arrived = attach_evidence::receive(&visit.desk, context, name, part.bytes()).await?;
    attach_evidence::keep(&visit.desk, context, arrived, "").await
}

/// Whether one file is wrong, so that the others can still be taken.
fn is_about_the_file(code: Code) -> bool {
    [Code::Evidence, Code::EvidenceSize, Code::EvidenceType, Code::Unavailable].contains(&code)
}

fn too_many(visit: &Visit) -> Refusal {
    let most = visit.desk.blobs.limits.files_max.to_string();
    Refusal::new(Code::EvidenceSize).and_field("file", Unsuitable::TooMany.message_id(), &[("most", most)])
}

fn fault(visit: &Visit, name: &str, refusal: &Refusal) -> String {
    let page = &visit.page;
    let why = match refusal.errors.first() {
        Some(error) => field_detail(error, page.lang()),
        None => page.t("customer-evidence-unavailable"),
    };
    page.t2("customer-evidence-fault", "file", name, "why", why)
}
