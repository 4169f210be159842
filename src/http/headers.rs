//! What every answer carries: the correlation id, and the headers that keep browsers from doing harm.
//!
//! A handler that needs another value (a page that may be cached, a file to download) sets its own; only what is missing
//! is added here.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Ties together everything that one request causes; accepted from the caller, else minted.
pub const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
/// Tells a first answer from a stored one. Source: SPEC section 5.
pub const IDEMPOTENCY_STATUS: HeaderName = HeaderName::from_static("idempotency-status");
/// The caller's word for "the same request".
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// All header fields together, with four bytes each for separators. Source: SPEC section 5, limits.
pub const HEADER_BYTES_MAX: usize = 16 * 1024;
/// The longest correlation id that is accepted; every log line and row of the request carries it.
const CORRELATION_ID_BYTES_MAX: usize = 128;
/// Two years, as browsers' preload lists ask.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// Only our own files; no inline script or style, no frames, no plug-ins.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

const PROTECTIONS: [(HeaderName, HeaderValue); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// The correlation id that the caller sent, where it is 1 to 128 visible ASCII characters.
pub fn correlation_id(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(CORRELATION_ID)?.to_str().ok()?;
    let sane = (1..=CORRELATION_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    sane.then_some(text)
}

/// Whether all fields together are larger than any honest caller's.
pub fn too_large(headers: &HeaderMap) -> bool {
    const SEPARATORS_BYTES: usize = 4;
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + SEPARATORS_BYTES).sum();
    bytes > HEADER_BYTES_MAX
}

/// Adds what is missing. `secure` where the public address is https.
pub fn protect(headers: &mut HeaderMap, correlation_id: &str, secure: bool) {
    for (name, value) in PROTECTIONS {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    }
    if let Ok(value) = HeaderValue::from_str(correlation_id) {
        headers.insert(CORRELATION_ID, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: HeaderName, value: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_bytes(value).unwrap());
        headers
    }

    #[test]
    fn a_correlation_id_is_accepted_where_it_is_sane() {
        for good in ["a", "0af7651916cd43dd8448eb211c80319c", "shop/42:retry-3", &"x".repeat(128)] {
            assert_eq!(correlation_id(&sent(CORRELATION_ID, good.as_bytes())), Some(good));
        }
        for bad in [b"".as_slice(), b"a b", b"a\tb", "é".as_bytes(), b"\xff", "x".repeat(129).as_bytes()] {
            assert_eq!(correlation_id(&sent(CORRELATION_ID, bad)), None, "{bad:?}");
        }
        assert_eq!(correlation_id(&HeaderMap::new()), None);
    }

    #[test]
    fn sixteen_kibibytes_of_headers_pass_and_one_byte_more_does_not() {
        let name = HeaderName::from_static("x-a");
        let room = HEADER_BYTES_MAX - "x-a".len() - 4;
        assert!(!too_large(&sent(name.clone(), "x".repeat(room).as_bytes())));
        assert!(too_large(&sent(name, "x".repeat(room + 1).as_bytes())));
    }

    #[test]
    fn what_a_handler_set_stays() {
        let mut headers = sent(header::CACHE_CONTROL, b"public, max-age=60");
        protect(&mut headers, "c-1", true);
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "public, max-age=60");
        assert_eq!(headers.get("x-content-type-options").unwrap(), "nosniff");
        assert_eq!(headers.get("x-correlation-id").unwrap(), "c-1");
        assert!(headers.contains_key("strict-transport-security"));
        let mut plain = HeaderMap::new();
        protect(&mut plain, "c-1", false);
        assert!(!plain.contains_key("strict-transport-security"));
    }
}
