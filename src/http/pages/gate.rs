//! The gate before every page: establishes who looks, and lets in whom the table of pages lets in.
//!
//! Handlers and use cases ask again for what they need; here nobody gets as far as them who has no business there, and a
//! page that nobody wrote into the table opens for nobody.

use actix_session::SessionExt;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};

use super::reader;
use super::routes::{self, Entry};
use super::viewer::Viewer;
use crate::domain::access::Permission;
use crate::services::refusal::{Code, Refusal};

/// The fact by which the error page knows that a second factor has to be set up first.
pub const SECOND_FACTOR_DUE: &str = "second_factor_due";

/// An address with a secret in it goes nowhere as the page that somebody came from.
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");

/// Lets a request in, or answers it here.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let judged = judge(&request).await;
    let mut answer = match judged {
        Ok(_) => next.call(request).await?.map_into_boxed_body(),
        Err(refusal) => {
            let (request, _) = request.into_parts();
            return Ok(ServiceResponse::new(request, HttpResponse::from_error(refusal)));
        }
    };
    if matches!(judged, Ok(Some(Entry::Linked))) {
        answer.headers_mut().insert(header::REFERRER_POLICY, NO_REFERRER);
    }
    Ok(answer)
}

/// Who the page is for, where the viewer is let in; nothing where there is no such page.
async fn judge(request: &ServiceRequest) -> Result<Option<Entry>, Refusal> {
    let (site, _) = reader::shared(request.request())?;
    let viewer = Viewer::of_session(&request.get_session(), &site).await?;
    let owes = viewer.owes_second_factor(&site);
    request.extensions_mut().insert(viewer.clone());
    // Where nothing is mounted, the router says so; a method that is not mounted is its business too.
    let Some(path) = request.match_pattern() else { return Ok(None) };
    let Some(route) = routes::find(request.method(), &path) else {
        return if routes::knows(&path) { Ok(None) } else { Err(unlisted(&path)) };
    };
    let let_in = match route.entry {
        Entry::Everybody(_) | Entry::Linked => Ok(()),
        Entry::Customers => match viewer {
            Viewer::Customer(_) => Ok(()),
            Viewer::Nobody | Viewer::Person(_) => Err(Refusal::new(Code::Authentication)),
        },
        Entry::Protecting => person(&viewer),
        Entry::Own => person(&viewer).and_then(|()| protected(owes)),
        Entry::Staff(permission) => {
            person(&viewer).and_then(|()| protected(owes)).and_then(|()| permitted(&viewer, permission))
        }
    };
    let_in.map(|()| Some(route.entry))
}

fn person(viewer: &Viewer) -> Result<(), Refusal> {
    if viewer.person().is_some() { Ok(()) } else { Err(Refusal::new(Code::Authentication)) }
}

fn protected(owes: bool) -> Result<(), Refusal> {
    if owes { Err(Refusal::new(Code::Authentication).with(SECOND_FACTOR_DUE, true)) } else { Ok(()) }
}

fn permitted(viewer: &Viewer, permission: Permission) -> Result<(), Refusal> {
    if viewer.may(permission) { Ok(()) } else { Err(Refusal::new(Code::Scope).with("permission", permission.as_str())) }
}

fn unlisted(path: &str) -> Refusal {
    Refusal::new(Code::PathNotFound).because(format!("{path} has no row in the table of pages"))
}
