//! What the desk answered, read whole, with the questions that tests ask about it.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body, byte for byte.
    pub(crate) bytes: Vec<u8>,
    /// What was asked, for the message of a failure.
    asked: String,
}

impl Answer {
    /// Reads the whole answer.
    pub(super) async fn read(asked: String, response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        Ok(Self { status, headers, bytes, asked })
    }

    /// A header's text; empty where it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of visible characters"))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// The code of a refusal; empty where there is none.
    pub(crate) fn code(&self) -> String {
        let document: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        document["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Fails unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Fails unless this is a refusal as SPEC section 5 draws it: status, code, and a whole problem document.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{self}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self}");
        let document = self.json();
        for member in ["type", "title", "status", "detail", "instance", "code", "message_id", "correlation_id"] {
            assert!(!document[member].is_null(), "{member} is missing: {self}");
        }
        assert_eq!(document["status"], status, "{self}");
        assert_eq!(document["correlation_id"], self.header("x-correlation-id"), "{self}");
        self
    }

    /// Fails unless one of the errors points at this place.
    #[track_caller]
    pub(crate) fn at(self, pointer: &str) -> Self {
        let document = self.json();
        let errors = document["errors"].as_array().cloned().unwrap_or_default();
        assert!(errors.iter().any(|error| error["pointer"] == pointer), "no error at {pointer}: {self}");
        self
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = self.text().chars().take(2_000).collect();
        write!(f, "{} was answered {} {body}", self.asked, self.status)
    }
}
