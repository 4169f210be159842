//! The server: everything mounted behind one boundary, where each request gets its correlation id, its span and its
//! protections, and where each refusal becomes an answer and is logged once.

use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::{Method, header};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpMessage, HttpResponse, HttpServer, web};
use tracing::Instrument;

use super::edge::{Conversation, Edge};
use super::problem::{self, Problem};
use super::{headers, trace};
use crate::services::refusal::{Code, Refusal};

/// A request head that is not complete by then is given up: slow clients must not hold connections.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Idle connections are kept this long; longer than the idle time-out of common proxies is not needed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A client that does not close its side is cut off.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Requests that are still running when the server stops get this long. Source: SPEC section 16, within 20 s in all.
const SHUTDOWN_S: u64 = 12;

/// Where answers are documents for programs, not pages for people.
const PROGRAM_PATHS: [&str; 6] = ["/v1/", "/webhooks/", "/simulator/", "/healthz", "/readyz", "/metrics"];

/// Serves on a listener until the process is told to stop. Signals are the caller's business.
pub fn run(
    listener: TcpListener,
    edge: web::Data<Edge>,
    configure: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(edge.clone())
            .configure(configure.clone())
            .default_service(web::to(nothing_here))
            .wrap(from_fn(boundary))
    })
    .client_request_timeout(HEAD_TIMEOUT)
    .client_disconnect_timeout(DISCONNECT_TIMEOUT)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(SHUTDOWN_S)
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// Answers where nothing lives.
pub async fn nothing_here() -> Result<HttpResponse, Refusal> {
    Err(Refusal::new(Code::PathNotFound))
}

/// Everything passes here, in and out. Outermost, so that what other layers refuse is told the same way.
pub async fn boundary(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let Some(edge) = request.app_data::<web::Data<Edge>>().cloned() else {
        return Err(Refusal::new(Code::Internal).because("the edge is not set up").into());
    };
    let conversation = begin(&request, &edge);
    let method = request.method().clone();
    let span = trace::request_span(&request, &conversation.correlation_id);
    let answer = if headers::too_large(request.headers()) {
        let refusal = Refusal::field(Code::TooLarge, "headers", "field-headers");
        let (request, _) = request.into_parts();
        Ok(ServiceResponse::new(request, HttpResponse::from_error(refusal)))
    } else {
        request.extensions_mut().insert(conversation.clone());
        next.call(request).instrument(span.clone()).await.map(ServiceResponse::map_into_boxed_body)
    };
    let _entered = span.entered();
    let mut answer = match answer {
        Ok(answer) => told(answer, &edge, &conversation),
        Err(error) => return Err(untold(error, &edge, &conversation)),
    };
    headers::protect(answer.headers_mut(), &conversation.correlation_id, edge.secure());
    trace::answered(&method, answer.request().match_pattern().as_deref(), answer.status(), started.elapsed());
    Ok(answer)
}

fn begin(request: &ServiceRequest, edge: &Edge) -> Conversation {
    let correlation_id = match headers::correlation_id(request.headers()) {
        Some(told) => told.into(),
        None => ulid::Ulid::generate().to_string().into(),
    };
    let address = edge.client_address(request.peer_addr().map(|peer| peer.ip()), request.headers());
    Conversation { correlation_id, address }
}

/// Puts a document or a page in the place of a bare error answer; everything else passes.
fn told(answer: ServiceResponse<BoxBody>, edge: &Edge, conversation: &Conversation) -> ServiceResponse<BoxBody> {
    let Some(error) = answer.response().error() else { return answer };
    let refusal = refusal_of(error);
    let request = answer.request();
    log(&refusal, request.method(), request.match_pattern().as_deref());
    let problem = Problem {
        refusal: &refusal,
        public_url: &edge.public_url,
        path: request.path(),
        correlation_id: &conversation.correlation_id,
        lang: edge.l10n.lang(edge.locale(request.headers())),
    };
    let for_programs = PROGRAM_PATHS.iter().any(|prefix| request.path().starts_with(prefix));
    let page = edge.error_page.filter(|_| !for_programs).and_then(|page| page(request, &problem));
    let mut response = page.unwrap_or_else(|| problem.answer());
    for (name, value) in answer.headers().iter().filter(|(name, _)| **name != header::CONTENT_TYPE) {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    let (request, _) = answer.into_parts();
    ServiceResponse::new(request, response)
}

/// An error that a layer passed up without a request: a document, whatever the path.
fn untold(error: Error, edge: &Edge, conversation: &Conversation) -> Error {
    let refusal = refusal_of(&error);
    log(&refusal, &Method::default(), None);
    let problem = Problem {
        refusal: &refusal,
        public_url: &edge.public_url,
        path: "",
        correlation_id: &conversation.correlation_id,
        lang: edge.l10n.lang(crate::l10n::Locale::DEFAULT),
    };
    let mut response = problem.answer();
    headers::protect(response.headers_mut(), &conversation.correlation_id, edge.secure());
    InternalError::from_response(error, response).into()
}

fn refusal_of(error: &Error) -> Refusal {
    error.as_error::<Refusal>().cloned().unwrap_or_else(|| problem::from_library(error))
}

/// Says once what was refused, with code and cause; ids and codes only. A refused request for a refund carries the
/// brief's message id.
fn log(refusal: &Refusal, method: &Method, route: Option<&str>) {
    let asked = *method == Method::POST && route == Some(super::api::REFUNDS_OF_ORDER);
    let msgid = if asked { "MSG.refund.requested" } else { "MSG.http.refused" };
    let status = problem::status(refusal).as_u16();
    let code = refusal.code.as_str();
    let cause = refusal.cause.as_deref().unwrap_or_default();
    let at = refusal.errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>().join(" ");
    if status >= 500 {
        tracing::error!(msgid, code, status, at, cause, "refused");
    } else {
        tracing::info!(msgid, code, status, at, cause, "refused");
    }
}
