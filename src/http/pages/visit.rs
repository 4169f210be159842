//! One visit of a page: the frame, who is signed in, and what a handler needs to call a use case and to answer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_session::{Session, SessionExt};
use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use askama::Template;
use percent_encoding::percent_decode_str;

use super::frame::{Page, Person};
use super::parts::Notice;
use super::posted::Posted;
use super::site::Site;
use super::viewer::Viewer;
use super::{reader, session};
use crate::app::Clock;
use crate::domain::access::{Actor, Principal};
use crate::domain::id::RefundId;
use crate::http::edge::{Conversation, Edge};
use crate::http::limits::Work;
use crate::l10n::Locale;
use crate::services::refusal::{Code, Refusal};
use crate::services::{Context, Desk};

/// Where the session keeps what the last form did.
const FLASH: &str = "flash";
/// The kinds of notices that a form can leave behind.
const FLASH_KINDS: [&str; 4] = ["success", "info", "warning", "failure"];

/// A request for a page.
pub struct Visit {
    /// The frame of the page that is shown.
    pub page: Page,
    /// What pages share.
    pub site: web::Data<Site>,
    /// What all requests share.
    pub edge: web::Data<Edge>,
    /// What use cases work on.
    pub desk: Arc<Desk>,
    /// The session.
    pub session: Session,
    /// The request.
    pub request: HttpRequest,
    /// Who looks.
    pub viewer: Viewer,
}

impl FromRequest for Visit {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(Visit::begin(request))
    }
}

impl Visit {
    /// The visit of a request that was judged already; nothing is counted, and what the last form did is not told.
    pub fn of(request: HttpRequest) -> Result<Self, Refusal> {
        let (site, edge) = reader::shared(&request)?;
        let session = request.get_session();
        let viewer = Viewer::of_request(&request);
        let mut page = reader::page(&request)?;
        if let Some(present) = viewer.person() {
            page.person = Some(Person::of(&page, present));
        }
        let desk = Arc::clone(&site.desk);
        Ok(Self { page, site, edge, desk, session, request, viewer })
    }

    async fn begin(request: HttpRequest) -> Result<Self, Refusal> {
        let mut visit = Self::of(request)?;
        if *visit.request.method() == Method::GET {
            visit.count(Work::Read)?;
            visit.page.flash = visit.take_flash();
        }
        Ok(visit)
    }

    /// What use cases are told, where a customer is signed in; otherwise they are sent for a link.
    pub fn customer(&self) -> Result<Context, Refusal> {
        let actor = self.viewer.actor().filter(|actor| actor.customer_id().is_some());
        actor.map(|actor| self.context_of(actor)).ok_or_else(|| Refusal::new(Code::Authentication))
    }

    /// What use cases are told, where somebody of the desk is signed in; otherwise they are asked to.
    pub fn staff(&self) -> Result<Context, Refusal> {
        let person = self.viewer.person();
        person.map(|present| self.context_of(present.actor.clone())).ok_or_else(|| Refusal::new(Code::Authentication))
    }

    /// What use cases are told of a caller who is nobody yet: somebody who asks for a link, opens one, or signs in.
    pub fn nobody(&self) -> Context {
        self.context_of(Actor::internal(Principal::System))
    }

    /// What use cases are told of this actor.
    pub fn context_of(&self, actor: Actor) -> Context {
        let conversation = Conversation::of(&self.request);
        let correlation_id = conversation.correlation_id.to_string();
        let origin = self.edge.origin(conversation.address);
        Context::new(actor, self.edge.clock.now(), Clock::system(), correlation_id, origin, self.edge.ids.mint())
    }

    /// Counts a piece of work against the session's limit, else the address's.
    pub fn count(&self, work: Work) -> Result<(), Refusal> {
        let word = session::word(&self.session);
        let limits = &self.edge.limits;
        let caller = if word.is_empty() {
            limits.address(Conversation::of(&self.request).address)
        } else {
            limits.session(&word)
        };
        limits.check(caller, work).map(|_| ()).map_err(|(refusal, _)| refusal)
    }

    /// Speaks the language of the customer or account that this visit turned out to be for, unless the reader chose one.
    pub fn prefer(&mut self, tag: &str) {
        if !reader::has_chosen_language(&self.request)
            && let Some(locale) = Locale::from_tag(tag).filter(|locale| !locale.is_pseudo())
        {
            self.page.locale = locale;
        }
    }

    /// A part of the path, decoded. The router has decoded all but `%`, `/` and `+`, which it keeps encoded.
    pub fn path(&self, name: &str) -> String {
        let part = self.request.match_info().get(name).unwrap_or_default();
        percent_decode_str(part).decode_utf8_lossy().into_owned()
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.request.query_string().as_bytes();
        url::form_urlencoded::parse(query).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The refund that the path names; what cannot be one does not exist.
    pub fn refund_id(&self) -> Result<RefundId, Refusal> {
        RefundId::parse(&self.path("refund_id")).map_err(|_| Refusal::new(Code::RefundNotFound))
    }

    /// Whether htmx asks for a part of the page.
    pub fn wants_part(&self) -> bool {
        let kind = self.request.headers().get("hx-request-type").and_then(|value| value.to_str().ok());
        kind == Some("partial")
    }

    /// Leaves a notice for the next page.
    pub fn leave(&self, kind: &'static str, text: &str) -> Result<(), Refusal> {
        session::put(&self.session, FLASH, &format!("{kind}|{text}"))
    }

    fn take_flash(&self) -> Option<Notice> {
        let flash = session::get(&self.session, FLASH)?;
        self.session.remove(FLASH);
        let (kind, text) = flash.split_once('|')?;
        let kind = FLASH_KINDS.into_iter().find(|known| *known == kind)?;
        Some(Notice { kind, text: text.to_owned() })
    }
}

/// The answer: a page.
pub fn shown(screen: &impl Template, page: &Page) -> Result<HttpResponse, Refusal> {
    written(StatusCode::OK, screen, page)
}

/// The answer to a form that was not accepted: the same page, with what was typed and what is wrong.
pub fn refused(screen: &impl Template, page: &Page) -> Result<HttpResponse, Refusal> {
    written(StatusCode::UNPROCESSABLE_ENTITY, screen, page)
}

/// The answer with any status.
pub fn written(status: StatusCode, screen: &impl Template, page: &Page) -> Result<HttpResponse, Refusal> {
    let html = screen.render().map_err(|error| Refusal::new(Code::Internal).because(error))?;
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_LANGUAGE, page.tag()))
        .insert_header((header::VARY, "accept-language, cookie, hx-request, hx-request-type"))
        .body(html))
}

/// The word by which a form is known, as its page was made with it; none where it is no such word.
pub fn form_word(form: &Posted) -> Option<String> {
    form.get("form").parse::<ulid::Ulid>().ok().map(|word| word.to_string())
}

/// The answer to a form that was accepted: another page, by GET.
pub fn to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}
