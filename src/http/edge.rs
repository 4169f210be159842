//! What the edge knows for as long as the process lives, and what it establishes for each request.
//!
//! [`Edge`] is shared by all workers; [`Conversation`] hangs on the request. Neither knows what the desk does.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::future::LocalBoxFuture;
use rand::RngCore;
use sha2::{Digest, Sha256};

use super::auth::{KnownToken, Tokens};
use super::health::Readiness;
use super::limits::Limits;
use super::problem::Problem;
use crate::app::{Clock, Ids};
use crate::l10n::{L10n, Locale, Wishes, negotiate};
use crate::services::refusal::{Code, Refusal};

/// Proxies in front of us that are looked through, at most.
const PROXIES_MAX: usize = 16;

/// What all requests share.
pub struct Edge {
    /// Public address of the desk, without a slash at the end.
    pub public_url: String,
    /// Whether pseudo-locales and the like are off.
    pub live: bool,
    /// Whether an address is one of our own proxies, whose word on the client's address counts.
    pub trusts: Box<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// How often a caller may ask.
    pub limits: Limits,
    /// Texts for people.
    pub l10n: Arc<L10n>,
    /// Business time.
    pub clock: Clock,
    /// Mints identifiers.
    pub ids: Ids,
    /// Tokens that were seen within the last second.
    pub tokens: Tokens,
    /// Finds the token with this digest in the database.
    pub find_token: FindToken,
    /// Tells whether this process can serve.
    pub readiness: Readiness,
    /// Salt of the digests that stand for addresses in the trail.
    pub origin_salt: [u8; 32],
    /// Writes an error page where the path is one for people; `None` where there is none to write.
    pub error_page: Option<ErrorPage>,
}

/// Finds a token by the SHA-256 of its text, in hex.
pub type FindToken = Box<dyn Fn(String) -> LocalBoxFuture<'static, Result<Option<KnownToken>, Refusal>> + Send + Sync>;

/// The pages' hook for errors: the request, what is wrong, and the language.
pub type ErrorPage = fn(&HttpRequest, &Problem<'_>) -> Option<HttpResponse>;

/// One request, as established before anything else.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// Ties together everything that the request causes.
    pub correlation_id: Arc<str>,
    /// The client's address, as far as our proxies can be trusted.
    pub address: IpAddr,
}

impl Edge {
    /// Whether the public address is https.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The language of an answer to a program: only `Accept-Language` counts.
    pub fn locale(&self, headers: &HeaderMap) -> Locale {
        let accept_language = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        negotiate(Wishes { accept_language, ..Wishes::default() }, false)
    }

    /// What stands for an address in the trail: a salted digest, the same for the same address.
    pub fn origin(&self, address: IpAddr) -> String {
        const DIGEST_BYTES: usize = 12;
        let mut hash = Sha256::new();
        hash.update(self.origin_salt);
        hash.update(address.to_canonical().to_string());
        hex::encode(hash.finalize().into_iter().take(DIGEST_BYTES).collect::<Vec<u8>>())
    }

    /// The client's address: the peer's, or the last in `X-Forwarded-For` that is not one of our proxies.
    pub fn client_address(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
        if !(self.trusts)(address) {
            return address;
        }
        let lines: Vec<&str> = headers.get_all(header::X_FORWARDED_FOR).filter_map(|line| line.to_str().ok()).collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(PROXIES_MAX);
        for hop in hops {
            let Ok(told) = hop.trim().parse::<IpAddr>() else { break };
            address = told.to_canonical();
            if !(self.trusts)(address) {
                break;
            }
        }
        address
    }
}

/// What a request waits for the desk: long enough for any answer that is on its way, short enough that a database that does
/// not answer is told within the 5 s of SPEC section 5.
const DESK_TIMEOUT: Duration = Duration::from_millis(4_500);

/// What the desk answers, or 503 where it does not answer in time. What was begun may still be done; the same key tells.
pub async fn in_time<T>(work: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    match tokio::time::timeout(DESK_TIMEOUT, work).await {
        Ok(answer) => answer,
        Err(_) => Err(Refusal::new(Code::Unavailable).retry_after_s(1).because("the desk did not answer in time")),
    }
}

/// A secret that nobody can guess, for links: 256 bits as text.
pub fn secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// Bytes that nobody can guess.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

impl Conversation {
    /// The conversation that the request belongs to.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Conversation>().cloned().unwrap_or_else(|| Conversation {
            correlation_id: Arc::from(""),
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;
    use crate::http::sample::edge;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(header::X_FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        edge().client_address(Some(peer.parse().unwrap()), &headers).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(client("192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.9", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, nonsense, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn an_origin_tells_addresses_apart_without_telling_them() {
        let edge = edge();
        let origin = |text: &str| edge.origin(text.parse().unwrap());
        assert_eq!(origin("192.0.2.1"), origin("::ffff:192.0.2.1"));
        assert_ne!(origin("192.0.2.1"), origin("192.0.2.2"));
        assert_eq!(origin("192.0.2.1").len(), 24);
    }
}
