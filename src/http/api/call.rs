//! One call of the API: the request with who makes it, and the readers that every handler uses.

use std::str::FromStr;
use std::sync::Arc;

use actix_web::http::header::{self, HeaderName};
use actix_web::web::{self, Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::fields::{At, Faults};
use super::query::Query;
use crate::app::Clock;
use crate::domain::access::Actor;
use crate::domain::id::RefundId;
use crate::domain::idempotency::Key;
use crate::http::edge::{Conversation, Edge};
use crate::http::headers::IDEMPOTENCY_KEY;
use crate::http::{body, json};
use crate::services::Context;
use crate::services::desk::Desk;
use crate::services::refusal::{Code, Refusal};

/// A request with what the guard established.
pub struct Call {
    /// The request's head.
    pub request: HttpRequest,
    /// What all requests share.
    pub edge: web::Data<Edge>,
    /// Set where the caller is over its limit and the handler may still answer a repeated request.
    pub over_limit: Option<Refusal>,
    /// The body as it came; empty where the method has none.
    pub body: Bytes,
    stream: Option<Payload>,
    actor: Option<Actor>,
}

impl Call {
    /// A call by `actor`, or by nobody in particular on a public route.
    pub fn new(
        request: HttpRequest,
        body: Bytes,
        edge: web::Data<Edge>,
        actor: Option<Actor>,
        over_limit: Option<Refusal>,
    ) -> Self {
        Self { request, edge, over_limit, body, stream: None, actor }
    }

    /// The same with a body that nobody has read yet.
    #[must_use]
    pub fn with_stream(self, stream: Payload) -> Self {
        Self { stream: Some(stream), ..self }
    }

    /// The body that nobody has read yet, once.
    pub fn stream(&mut self) -> Option<Payload> {
        self.stream.take()
    }

    /// What use cases are told about the call.
    pub fn context(&self) -> Result<Context, Refusal> {
        let actor = self.actor.clone().ok_or_else(|| Refusal::new(Code::Authentication))?;
        Ok(self.context_of(actor))
    }

    /// The same for an actor that the handler itself established, such as a processor by its signature.
    pub fn context_of(&self, actor: Actor) -> Context {
        let conversation = Conversation::of(&self.request);
        Context::new(
            actor,
            self.edge.clock.now(),
            Clock::system(),
            conversation.correlation_id.to_string(),
            self.edge.origin(conversation.address),
            self.edge.ids.mint(),
        )
    }

    /// What use cases work with.
    pub fn desk(&self) -> Result<Arc<Desk>, Refusal> {
        let desk = self.request.app_data::<web::Data<Desk>>().cloned();
        desk.map(web::Data::into_inner).ok_or_else(|| Refusal::new(Code::Internal).because("the desk is not mounted"))
    }

    /// A part of the path, decoded. The router has decoded all but `%`, `/` and `+`, which it keeps encoded.
    pub fn path(&self, name: &str) -> String {
        let part = self.request.match_info().get(name).unwrap_or_default();
        percent_decode_str(part).decode_utf8_lossy().into_owned()
    }

    /// The order that the path names; what PostgreSQL could not even be asked for (a NUL) does not exist.
    pub fn order_id(&self) -> Result<String, Refusal> {
        Some(self.path("order_id")).filter(|id| !id.contains('\0')).ok_or_else(|| Refusal::new(Code::OrderNotFound))
    }

    /// The refund that the path names; what cannot be one does not exist.
    pub fn refund_id(&self) -> Result<RefundId, Refusal> {
        RefundId::parse(&self.path("refund_id")).map_err(|_| Refusal::new(Code::RefundNotFound))
    }

    /// The query's parameters, of which only those named are known.
    pub fn query(&self, known: &'static [&'static str]) -> Result<Query, Refusal> {
        Query::parse(self.request.query_string(), known)
    }

    /// The body as strict JSON, and what `read` makes of it.
    pub fn json<T>(&self, read: impl FnOnce(At<'_>) -> Option<T>) -> Result<(Value, T), Refusal> {
        body::require_json(self.request.headers())?;
        let value = json::parse(&self.body)?;
        let read = Faults::collect(&value, read)?;
        Ok((value, read))
    }

    /// Takes the body of a call that has nothing to say: none, or an empty object.
    pub fn nothing(&self) -> Result<(), Refusal> {
        if self.body.is_empty() {
            return Ok(());
        }
        body::require_json(self.request.headers())?;
        Faults::collect(&json::parse(&self.body)?, |at| at.object(&[]).map(|_| ()))
    }

    /// The idempotency key, where one was sent; a wrong or repeated one is refused.
    pub fn idempotency_key(&self) -> Result<Option<Key>, Refusal> {
        let refusal = || Refusal::field(Code::IdempotencyKey, "Idempotency-Key", "field-idempotency-key");
        let mut lines = self.request.headers().get_all(&IDEMPOTENCY_KEY);
        match (lines.next(), lines.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(refusal()),
            (Some(line), None) => {
                let text = line.to_str().map_err(|_| refusal())?;
                Key::parse(text).map(Some).map_err(|_| refusal())
            }
        }
    }

    /// The idempotency key of a call that cannot do without.
    pub fn required_idempotency_key(&self) -> Result<Key, Refusal> {
        self.idempotency_key()?.ok_or_else(|| Refusal::field(Code::IdempotencyKey, "Idempotency-Key", "field-required"))
    }

    /// The version that `If-Match` asks for: `None` without the header or with `*`. A tag that no version of this refund
    /// can have does not match.
    pub fn expected_version(&self, refund_id: &RefundId) -> Result<Option<i64>, Refusal> {
        let Some(line) = self.single(header::IF_MATCH)? else { return Ok(None) };
        if line.trim() == "*" {
            return Ok(None);
        }
        version_of(line, refund_id).map(Some).ok_or_else(|| Refusal::new(Code::Version))
    }

    /// Whether the caller has an answer already and asks for a newer one only.
    pub fn has_tags(&self) -> bool {
        self.request.headers().contains_key(header::IF_NONE_MATCH)
    }

    /// Whether `If-None-Match` names this tag, so that 304 is the answer.
    pub fn knows(&self, etag: &str) -> bool {
        self.request.headers().get_all(header::IF_NONE_MATCH).filter_map(|line| line.to_str().ok()).any(|line| {
            line.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
        })
    }

    fn single(&self, name: HeaderName) -> Result<Option<&str>, Refusal> {
        let mut lines = self.request.headers().get_all(&name);
        match (lines.next(), lines.next()) {
            (None, _) => Ok(None),
            (Some(line), None) => line.to_str().map(Some).map_err(|_| Refusal::new(Code::Version)),
            (Some(_), Some(_)) => Err(Refusal::new(Code::Version)),
        }
    }
}

/// The tag of a refund in one version.
pub fn etag(refund_id: &RefundId, version: i64) -> String {
    format!("\"{refund_id}-{version}\"")
}

fn version_of(tag: &str, refund_id: &RefundId) -> Option<i64> {
    let tag = tag.trim();
    let bare = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    let version = bare.strip_prefix(refund_id.as_str())?.strip_prefix('-')?;
    i64::from_str(version).ok().filter(|number| number.to_string() == version)
}

/// 304 with the tag, without a body.
pub fn not_modified(etag: &str) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_one_version_of_one_refund() {
        let id = RefundId::from_ulid(ulid::Ulid::from_parts(1, 1));
        let other = RefundId::from_ulid(ulid::Ulid::from_parts(1, 2));
        assert_eq!(version_of(&etag(&id, 7), &id), Some(7));
        assert_eq!(version_of(&format!("W/{}", etag(&id, 7)), &id), Some(7));
        assert_eq!(version_of(&etag(&id, 7), &other), None);
        for bad in ["", "7", "\"7\"", &format!("{id}-7"), &format!("\"{id}-07\""), &format!("\"{id}-x\"")] {
            assert_eq!(version_of(bad, &id), None, "{bad}");
        }
    }
}
