//! How calls to processors travel: one client, its limits, and what a broken call means at every processor.
//!
//! The judgement that matters stands here once: a connection that could not be made had no effect; everything that went
//! wrong later may have had one. What a processor's own words mean is the business of its connector.

use std::error::Error;
use std::sync::Once;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use url::Url;

use crate::domain::provider::{LookUp, NotDone, NotDoneCause, Outcome, Unknown, UnknownCause};

/// A processor that takes longer to accept a connection is down; nothing was sent yet, so giving up is safe.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Idle connections are closed before load balancers usually close them (60 s), so that few calls meet a dead one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Processors answer in a few kilobytes, lists in some hundred; more is a fault or an attack.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A client for calls to this base. It follows no redirect and uses no proxy from the environment, so that calls go
/// to the configured base and nowhere else.
pub(super) fn client(base: &Url) -> Result<Client, String> {
    static INSTALL: Once = Once::new();
    // A provider that somebody installed before is as good; the error says only that there is one.
    INSTALL.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let builder = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tcp_nodelay(true)
        .user_agent(concat!("makegood/", env!("CARGO_PKG_VERSION")));
    // Plain http needs no certificates, and a bare machine may have none to load.
    let builder = if base.scheme() == "https" { builder } else { builder.tls_certs_only([]) };
    builder.build().map_err(|error| describe(&error))
}

/// Reads a base that calls are made to: http or https, a host, no query; it ends with a slash afterwards.
pub(super) fn parse_base(text: &str) -> Result<Url, &'static str> {
    const WHY: &str =
        "is not a usable address; use http:// or https://, a host, and a path where the processor has one";
    let mut base = Url::parse(text).map_err(|_| WHY)?;
    let plain = matches!(base.scheme(), "http" | "https") && base.has_host();
    let bare = base.query().is_none() && base.fragment().is_none();
    let anonymous = base.username().is_empty() && base.password().is_none();
    if !(plain && bare && anonymous) {
        return Err(WHY);
    }
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// The body, at most [`ANSWER_BYTES_MAX`] bytes.
    pub(super) body: Vec<u8>,
    /// When the processor asks to be called again, in milliseconds.
    retry_after_ms: Option<u64>,
}

/// Why there is no whole answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No connection: nothing was sent.
    Unreachable(String),
    /// The deadline passed.
    Timeout(String),
    /// The connection broke, or the answer was larger than allowed.
    Lost(String),
}

/// Sends a request and reads its whole answer, within the deadline.
pub(super) async fn send(request: RequestBuilder, deadline: Duration) -> Result<Answer, Trouble> {
    let mut response = request.timeout(deadline).send().await.map_err(trouble)?;
    let retry_after_ms = response
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.trim().parse::<u64>().ok())
        .map(|seconds| seconds.saturating_mul(1000));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(trouble)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Trouble::Lost(format!("the answer has more than {ANSWER_BYTES_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status: response.status(), body, retry_after_ms })
}

impl Answer {
    /// An answer with this status and body, and no wish to be called later.
    #[cfg(test)]
    pub(super) fn new(status: u16, body: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, body: body.as_bytes().to_vec(), retry_after_ms: None }
    }

    /// What the status alone settles for a refund call, at every processor; nothing where the body has to be read.
    pub(super) fn settled_by_status(&self) -> Option<Outcome> {
        let detail = format!("the processor answered HTTP {}", self.status.as_u16());
        match self.status.as_u16() {
            401 | 403 => Some(not_done(NotDoneCause::Credentials, detail, None)),
            429 => Some(not_done(NotDoneCause::RateLimited, detail, self.retry_after_ms)),
            408 | 504 => Some(unknown(UnknownCause::Timeout, detail)),
            500..=599 => Some(unknown(UnknownCause::ServerError, detail)),
            200..=299 | 400..=499 => None,
            _ => Some(unknown(UnknownCause::Unintelligible, detail)),
        }
    }
}

impl Trouble {
    /// What a broken refund call means.
    pub(super) fn as_outcome(&self) -> Outcome {
        match self {
            Trouble::Unreachable(detail) => not_done(NotDoneCause::Unreachable, detail.clone(), None),
            Trouble::Timeout(detail) => unknown(UnknownCause::Timeout, detail.clone()),
            Trouble::Lost(detail) => unknown(UnknownCause::ConnectionLost, detail.clone()),
        }
    }

    /// What happened, in English.
    pub(super) fn detail(&self) -> &str {
        match self {
            Trouble::Unreachable(detail) | Trouble::Timeout(detail) | Trouble::Lost(detail) => detail,
        }
    }

    /// What a broken read means: nothing was learnt.
    pub(super) fn as_look_up(&self) -> LookUp {
        LookUp::Unavailable { detail: self.detail().to_owned() }
    }
}

/// An outcome that may have been done.
pub(super) fn unknown(cause: UnknownCause, detail: impl Into<String>) -> Outcome {
    Outcome::Unknown(Unknown { cause, detail: detail.into() })
}

fn not_done(cause: NotDoneCause, detail: String, retry_after_ms: Option<u64>) -> Outcome {
    Outcome::NotDone(NotDone { cause, detail, retry_after_ms })
}

fn trouble(error: reqwest::Error) -> Trouble {
    let connect = error.is_connect();
    let timeout = error.is_timeout();
    let detail = describe(&error.without_url());
    match (connect, timeout) {
        (true, _) => Trouble::Unreachable(detail),
        (false, true) => Trouble::Timeout(detail),
        (false, false) => Trouble::Lost(detail),
    }
}

/// The error with its causes, innermost last; reqwest's own text alone says too little.
fn describe(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16) -> Answer {
        Answer { retry_after_ms: Some(2000), ..Answer::new(status, "") }
    }

    fn settled(status: u16) -> String {
        match answer(status).settled_by_status() {
            Some(Outcome::NotDone(not_done)) => format!("not done: {}", not_done.cause),
            Some(Outcome::Unknown(unknown)) => format!("unknown: {}", unknown.cause),
            Some(Outcome::Answered(_) | Outcome::Refused(_)) => "decided".to_owned(),
            None => "body".to_owned(),
        }
    }

    #[test]
    fn a_status_settles_only_what_it_proves() {
        assert_eq!(settled(200), "body");
        assert_eq!(settled(402), "body");
        assert_eq!(settled(401), "not done: credentials");
        assert_eq!(settled(403), "not done: credentials");
        assert_eq!(settled(429), "not done: rate_limited");
        assert_eq!(settled(408), "unknown: timeout");
        assert_eq!(settled(500), "unknown: server_error");
        assert_eq!(settled(503), "unknown: server_error");
        assert_eq!(settled(302), "unknown: unintelligible");
    }

    #[test]
    fn the_processors_wish_to_be_called_later_is_kept() {
        let Some(Outcome::NotDone(not_done)) = answer(429).settled_by_status() else { panic!("429 is not done") };
        assert_eq!(not_done.retry_after_ms, Some(2000));
    }

    #[test]
    fn a_base_is_an_address_and_nothing_more() {
        assert_eq!(parse_base("https://x.example/v72").unwrap().as_str(), "https://x.example/v72/");
        for text in
            ["", "x", "ftp://x", "http://", "http://u:p@x", "http://x/?a=1", "http://x/#a", "file:///etc/passwd"]
        {
            assert!(parse_base(text).is_err(), "{text}");
        }
    }
}
