//! What a customer writes to the desk on the page of their refund: an answer, or a word of their own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::status::shown_with;
use crate::domain::id::RefundId;
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, form_word, to};
use crate::services::messages::{MESSAGE_LENGTH_MAX, Write, write_to_desk};
use crate::services::refusal::{Code, Refusal};

/// Who comes to the form's own address comes from a page that was not accepted, and goes to where it stands.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    Ok(to(&address(&visit.refund_id()?)))
}

/// Takes it, once.
pub async fn write(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let refund_id = visit.refund_id()?;
    visit.count(Work::Decide)?;
    let typed = form.trimmed("message").to_owned();
    let mut faults = Faults::none();
    if typed.is_empty() {
        faults.add("message", visit.page.t("customer-message-needed"));
    }
    if typed.chars().count() > MESSAGE_LENGTH_MAX {
        faults.add("message", visit.page.t1("customer-message-long", "most", MESSAGE_LENGTH_MAX));
    }
    if !faults.is_empty() {
        return shown_with(&visit, StatusCode::UNPROCESSABLE_ENTITY, faults, typed, None).await;
    }
    let write = Write {
        refund_id: refund_id.clone(),
        body: typed.clone(),
        asks: false,
        expected_version: None,
        form: form_word(&form),
    };
    match write_to_desk(&visit.desk, &context, write).await {
        Ok(_) => {
            visit.leave("success", &visit.page.t("customer-message-taken"))?;
            Ok(to(&address(&refund_id)))
        }
        Err(refusal) if refusal.code == Code::State => {
            let trouble = Some(visit.page.t("customer-message-too-late"));
            shown_with(&visit, StatusCode::CONFLICT, Faults::none(), typed, trouble).await
        }
        Err(refusal) => Err(refusal),
    }
}

fn address(refund_id: &RefundId) -> String {
    format!("/refunds/r/{refund_id}#messages")
}
