//! Who asks: the bearer token of an API call, looked up by its digest, and the rights that come with it.
//!
//! A token is found by the SHA-256 of its text and compared in constant time. Answers of the database are kept for one
//! second, so that a busy integrator costs one look-up a second; a revoked token therefore works for at most that long,
//! on each node. Sessions of people are the pages' business.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderMap};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::access::Actor;
use crate::services::refusal::{Code, Refusal};

/// What every token begins with, so that scanners for leaked secrets recognise it.
pub const TOKEN_PREFIX: &str = "mg_";
/// No token of ours is longer; what is longer is not worth hashing.
const TOKEN_BYTES_MAX: usize = 128;
/// How long the database's word on a token counts, and so how long a revoked one may still work.
const KNOWN_FOR: Duration = Duration::from_secs(1);
/// Tokens that are remembered at once, at most.
const KNOWN_MAX: usize = 10_000;

/// A token as the database knows it.
#[derive(Clone, Debug)]
pub struct KnownToken {
    /// Who acts by it.
    pub actor: Actor,
    /// SHA-256 of its text, in hex.
    pub token_hash: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Tokens that were seen within the last second.
#[derive(Default)]
pub struct Tokens {
    seen: RwLock<HashMap<[u8; 32], Seen>>,
}

/// When the database spoke, and what it said.
type Seen = (Instant, Arc<KnownToken>);

impl Tokens {
    /// Who asks, by the header `Authorization`. `look_up` finds the token with a digest; where it cannot, its refusal
    /// passes: a database that does not answer is 503, never 401.
    pub async fn authenticate<F>(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
        look_up: impl FnOnce(String) -> F,
    ) -> Result<Arc<KnownToken>, Refusal>
    where
        F: Future<Output = Result<Option<KnownToken>, Refusal>>,
    {
        let digest: [u8; 32] = Sha256::digest(bearer(headers)?).into();
        let known = match self.recall(&digest) {
            Some(known) => known,
            None => {
                let hash = hex::encode(digest);
                let found = look_up(hash.clone()).await?.filter(|token| same(&token.token_hash, &hash));
                let known = Arc::new(found.ok_or_else(|| Refusal::new(Code::Authentication))?);
                self.remember(digest, Arc::clone(&known));
                known
            }
        };
        let over = known.revoked_at.is_some() || known.expires_at.is_some_and(|end| end <= now);
        if over { Err(Refusal::new(Code::Authentication)) } else { Ok(known) }
    }

    /// Forgets what the database said, so that a token that was ended here stops here at once.
    pub fn forget(&self) {
        if let Ok(mut seen) = self.seen.write() {
            seen.clear();
        }
    }

    fn recall(&self, digest: &[u8; 32]) -> Option<Arc<KnownToken>> {
        let seen = self.seen.read().ok()?;
        let (at, known) = seen.get(digest)?;
        (at.elapsed() < KNOWN_FOR).then(|| Arc::clone(known))
    }

    fn remember(&self, digest: [u8; 32], known: Arc<KnownToken>) {
        if let Ok(mut seen) = self.seen.write() {
            if seen.len() >= KNOWN_MAX {
                seen.retain(|_, (at, _)| at.elapsed() < KNOWN_FOR);
            }
            if seen.len() < KNOWN_MAX {
                seen.insert(digest, (Instant::now(), known));
            }
        }
    }
}

/// The token's text in the only form that is taken: one header, `Bearer mg_…`.
fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut lines = headers.get_all(header::AUTHORIZATION);
    let only = lines.next().filter(|_| lines.next().is_none());
    let text = only.and_then(|line| line.to_str().ok()).and_then(|line| {
        let (scheme, token) = line.split_once(' ')?;
        scheme.eq_ignore_ascii_case("Bearer").then_some(token.trim_start_matches(' '))
    });
    text.filter(|token| token.starts_with(TOKEN_PREFIX) && token.len() <= TOKEN_BYTES_MAX)
        .ok_or_else(|| Refusal::new(Code::Authentication))
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeSet;

    use actix_web::http::header::HeaderValue;

    use super::*;
    use crate::domain::access::Scope;
    use crate::domain::id::TokenId;

    const TEXT: &str = "mg_0123456789";

    fn headers(line: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(line).unwrap());
        headers
    }

    fn token() -> KnownToken {
        let id = TokenId::from_ulid(ulid::Ulid::from_parts(1, 1));
        KnownToken {
            actor: Actor::token(id, "shop", &BTreeSet::from([Scope::OrdersRead]), None),
            token_hash: hex::encode(Sha256::digest(TEXT)),
            expires_at: None,
            revoked_at: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[actix_web::test]
    async fn only_one_well_formed_header_names_a_token() {
        for line in [
            "",
            "Bearer",
            "Bearer ",
            "Basic mg_0123456789",
            "mg_0123456789",
            "Bearer 0123456789",
            &format!("Bearer mg_{}", "x".repeat(200)),
        ] {
            let found = Tokens::default().authenticate(&headers(line), at(0), async |_| Ok(Some(token()))).await;
            assert_eq!(found.unwrap_err().code, Code::Authentication, "{line}");
        }
        let mut twice = headers(&format!("Bearer {TEXT}"));
        twice.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer mg_other"));
        let found = Tokens::default().authenticate(&twice, at(0), async |_| Ok(Some(token()))).await;
        assert_eq!(found.unwrap_err().code, Code::Authentication);
    }

    #[actix_web::test]
    async fn a_token_works_until_it_ends_and_is_looked_up_once_a_second() {
        let tokens = Tokens::default();
        let headers = headers(&format!("bearer {TEXT}"));
        let looked_up = Cell::new(0);
        let look_up = async |hash: String| {
            looked_up.set(looked_up.get() + 1);
            Ok(Some(KnownToken { expires_at: Some(at(10)), token_hash: hash, ..token() }))
        };
        assert!(tokens.authenticate(&headers, at(9), look_up).await.is_ok());
        assert_eq!(tokens.authenticate(&headers, at(10), look_up).await.unwrap_err().code, Code::Authentication);
        assert_eq!(looked_up.get(), 1);
    }

    #[actix_web::test]
    async fn what_the_database_says_decides() {
        let headers = headers(&format!("Bearer {TEXT}"));
        let unknown = Tokens::default().authenticate(&headers, at(0), async |_| Ok(None)).await;
        assert_eq!(unknown.unwrap_err().code, Code::Authentication);
        let revoked = KnownToken { revoked_at: Some(at(0)), ..token() };
        let revoked = Tokens::default().authenticate(&headers, at(0), async |_| Ok(Some(revoked))).await;
        assert_eq!(revoked.unwrap_err().code, Code::Authentication);
        let other = KnownToken { token_hash: "00".repeat(32), ..token() };
        let other = Tokens::default().authenticate(&headers, at(0), async |_| Ok(Some(other))).await;
        assert_eq!(other.unwrap_err().code, Code::Authentication);
        let down = Tokens::default()
            .authenticate(&headers, at(0), async |_| Err(Refusal::new(Code::Unavailable).retry_after_s(1)))
            .await;
        assert_eq!(down.unwrap_err().code, Code::Unavailable);
    }
}
