//! A form that was sent: read within limits, refused where it does not carry the reader's token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::csrf;
use super::reader::Reader;
use crate::services::refusal::{Code, Refusal};

/// The longest form: a note of 2,000 characters in any script, three bytes each, every byte escaped, and room.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// More fields than any form of ours has, even for an order of many lines.
const FIELDS_MAX: usize = 1_000;
/// The fact by which the error page knows that it was the token.
pub const FORM_TOO_OLD: &str = "form_too_old";

/// The fields of a form, in the order in which they were sent.
#[derive(Debug)]
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// The value of a field; empty where it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// The value of a field without white space around it.
    pub fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// All values of a field that can be sent more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest for Posted {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let expected = request.extensions().get::<Reader>().map(|reader| reader.csrf().to_owned());
        let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        let too_large =
            declared.and_then(|text| text.parse::<usize>().ok()).is_some_and(|bytes| bytes > FORM_BYTES_MAX);
        let body = web::Payload::from_request(request, payload);
        Box::pin(async move {
            if !is_form {
                return Err(Refusal::new(Code::MediaType));
            }
            if too_large {
                return Err(Refusal::new(Code::TooLarge));
            }
            let body = body.await.map_err(|error| Refusal::new(Code::Body).because(error))?;
            let bytes = body.to_bytes_limited(FORM_BYTES_MAX).await.map_err(|_| Refusal::new(Code::TooLarge))?;
            let bytes = bytes.map_err(|error| Refusal::new(Code::Body).because(error))?;
            let fields = read(&bytes)?;
            let posted = Posted(fields);
            match expected {
                Some(expected) if csrf::holds(&expected, posted.get("csrf")) => Ok(posted),
                Some(_) | None => Err(Refusal::new(Code::Scope).with(FORM_TOO_OLD, true)),
            }
        })
    }
}

fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(bytes)
        .take(FIELDS_MAX + 1)
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    // Line ends come as CR LF from forms; the rest of the house counts characters as people do.
    let fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect();
    if fields.len() > FIELDS_MAX { Err(Refusal::new(Code::TooLarge)) } else { Ok(fields) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_repeat() {
        let posted = Posted(read(b"line=a&line=b+c&note=x%0D%0Ay&csrf=t").unwrap());
        assert_eq!(posted.all("line").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!((posted.get("note"), posted.get("nothing")), ("x\ny", ""));
    }

    #[test]
    fn a_flood_of_fields_is_refused() {
        let flood = "a=1&".repeat(FIELDS_MAX + 1);
        assert_eq!(read(flood.as_bytes()).unwrap_err().code, Code::TooLarge);
    }
}
