//! The order in which a call passes: who asks, whether they may, how often they may, and only then what they want.

use actix_web::http::Method;
use actix_web::web::{self, Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};

use super::call::Call;
use super::routes::{Access, Route};
use crate::domain::access::Actor;
use crate::http::auth::KnownToken;
use crate::http::body;
use crate::http::edge::{Conversation, Edge, in_time};
use crate::http::limits::{Caller, Work};
use crate::services::refusal::{Code, Refusal};

/// Serves one call of a route; every refusal is left to the boundary.
pub async fn serve(
    route: &'static Route,
    request: HttpRequest,
    payload: Payload,
    edge: web::Data<Edge>,
) -> HttpResponse {
    let (caller, token) = match in_time(admit(route, &request, &edge)).await {
        Ok(admitted) => admitted,
        Err(refusal) => return HttpResponse::from_error(refusal),
    };
    let (left, over_limit) = match edge.limits.check(caller, route.work) {
        Ok(left) => (left, None),
        Err((refusal, left)) => (Some(left), Some(refusal)),
    };
    let actor = token.map(|token| token.actor.clone());
    let answer = match over_limit {
        Some(refusal) if !route.replays => Err(refusal),
        over_limit => handle(route, request, payload, edge, actor, over_limit).await,
    };
    let mut answer = answer.unwrap_or_else(HttpResponse::from_error);
    if let Some(left) = left {
        left.write(answer.headers_mut());
    }
    answer
}

/// Reads the body in the client's time, then serves in the desk's.
async fn handle(
    route: &Route,
    request: HttpRequest,
    payload: Payload,
    edge: web::Data<Edge>,
    actor: Option<Actor>,
    over_limit: Option<Refusal>,
) -> Result<HttpResponse, Refusal> {
    if route.about.takes_form() {
        // Files come in the client's time; the handler bounds it, and the desk's own.
        let call = Call::new(request, Bytes::new(), edge, actor, over_limit).with_stream(payload);
        return (route.handle)(call).await;
    }
    let body = if route.method == Method::GET { Bytes::new() } else { body::read(request.headers(), payload).await? };
    let call = Call::new(request, body, edge, actor, over_limit);
    in_time((route.handle)(call)).await
}

type Admitted = (Caller, Option<std::sync::Arc<KnownToken>>);

async fn admit(route: &Route, request: &HttpRequest, edge: &Edge) -> Result<Admitted, Refusal> {
    let address = edge.limits.address(Conversation::of(request).address);
    let permission = match route.access {
        Access::Public(_) => return Ok((address, None)),
        Access::Token(_, permission) => permission,
    };
    let look_up = |hash: String| (edge.find_token)(hash);
    let token = match edge.tokens.authenticate(request.headers(), edge.clock.now(), look_up).await {
        Ok(token) => token,
        Err(refusal) => {
            // Guessing tokens is counted by address, so that it cannot be done at any speed.
            let guessed = refusal.code == Code::Authentication;
            return Err(match edge.limits.check(address, Work::Read) {
                Err((over_limit, _)) if guessed => over_limit,
                Ok(_) | Err(_) => refusal,
            });
        }
    };
    if !token.actor.may(permission) {
        return Err(Refusal::new(Code::Scope).with("permission", permission.as_str()));
    }
    let caller = match &token.actor.token {
        Some(id) => edge.limits.token(id.as_str()),
        None => address,
    };
    Ok((caller, Some(token)))
}
