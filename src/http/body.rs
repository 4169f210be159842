//! Reading a request's body: whole, in time, within its limit, and of the announced kind.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;

use crate::services::refusal::{Code, Refusal};

/// JSON bodies and webhooks. Source: SPEC section 5, limits.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// An honest client sends 256 KiB within this time over any line; a slow one must not hold a worker's memory.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// The whole body as it came, uncompressed.
pub async fn read(headers: &HeaderMap, payload: Payload) -> Result<Bytes, Refusal> {
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|value| value == "identity");
    if !plain {
        return Err(Refusal::field(Code::MediaType, "Content-Encoding", "field-content-encoding"));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > BODY_BYTES_MAX) {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_TIMEOUT, collect(payload)).await {
        Ok(body) => body,
        Err(_) => Err(broken()),
    }
}

/// Refuses a body that is not announced as JSON.
pub fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let announced = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (media_type, parameters) = announced.split_once(';').unwrap_or((announced, ""));
    let charset = parameters.trim().to_ascii_lowercase();
    let utf8 = charset.is_empty() || matches!(charset.as_str(), "charset=utf-8" | "charset=\"utf-8\"");
    if media_type.trim().eq_ignore_ascii_case("application/json") && utf8 {
        Ok(())
    } else {
        Err(Refusal::field(Code::MediaType, "Content-Type", "field-content-type"))
    }
}

async fn collect(mut payload: Payload) -> Result<Bytes, Refusal> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broken().because(error))?;
        if body.is_empty() && chunk.len() <= BODY_BYTES_MAX {
            // Most bodies come in one piece, which needs no copy of its own when it is the only one.
            body = BytesMut::from(chunk);
            continue;
        }
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn too_large() -> Refusal {
    Refusal::new(Code::TooLarge).and_field("/", "field-body-size", &[("most", BODY_BYTES_MAX.to_string())])
}

fn broken() -> Refusal {
    Refusal::field(Code::Body, "/", "field-body-broken")
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest;
    use actix_web::http::header::{HeaderName, HeaderValue};
    use actix_web::test::TestRequest;

    use super::*;

    async fn read_body(bytes: Vec<u8>) -> Result<Bytes, Code> {
        let (request, mut inner) = TestRequest::post().set_payload(bytes).to_http_parts();
        let payload = Payload::from_request(&request, &mut inner).await.unwrap();
        read(&HeaderMap::new(), payload).await.map_err(|refusal| refusal.code)
    }

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    }

    #[actix_web::test]
    async fn the_limit_is_exact() {
        assert_eq!(read_body(vec![b'x'; BODY_BYTES_MAX]).await.unwrap().len(), BODY_BYTES_MAX);
        assert_eq!(read_body(vec![b'x'; BODY_BYTES_MAX + 1]).await, Err(Code::TooLarge));
        assert_eq!(read_body(Vec::new()).await.unwrap().len(), 0);
    }

    #[test]
    fn only_json_in_utf8_is_json() {
        for good in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
        ] {
            assert!(require_json(&with(header::CONTENT_TYPE, good)).is_ok(), "{good}");
        }
        for bad in [
            "",
            "text/plain",
            "application/json; charset=latin1",
            "application/jsonx",
            "application/x-www-form-urlencoded",
        ] {
            assert_eq!(require_json(&with(header::CONTENT_TYPE, bad)).unwrap_err().code, Code::MediaType, "{bad}");
        }
        assert!(require_json(&HeaderMap::new()).is_err());
    }
}
