//! A form that carries files: read part by part as it comes, never whole, in the client's time but not for ever.

use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout};

use crate::services::refusal::{Code, Refusal};

/// A client that sends nothing for so long is gone.
const STALL_MAX: Duration = Duration::from_secs(30);

/// A form takes so long at most: the largest files over a slow line.
const FORM_MAX: Duration = Duration::from_secs(900);

/// More parts than any form of ours has.
const PARTS_MAX: usize = 64;

/// What is read of a form that was refused, so that its sender hears the answer before the connection ends.
const REST_BYTES_MAX: usize = 64 * 1024 * 1024;

/// And for how long.
const REST_MAX: Duration = Duration::from_secs(20);

/// A form that is being read.
pub struct Form {
    parts: Multipart,
    ends: Instant,
    left: usize,
}

/// One part of a form.
pub struct Part {
    field: Field,
    ends: Instant,
    /// Name of the field.
    pub name: String,
    /// Name of the file, where it is one.
    pub file_name: Option<String>,
}

impl Form {
    /// The form that a request carries.
    pub fn of(headers: &HeaderMap, payload: Payload) -> Result<Self, Refusal> {
        let announced = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = announced.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("multipart/form-data") {
            return Err(Refusal::field(Code::MediaType, "Content-Type", "field-multipart"));
        }
        let parts = Multipart::new(headers, payload);
        Ok(Self { parts, ends: Instant::now() + FORM_MAX, left: PARTS_MAX })
    }

    /// The next part; what was not read of the one before is passed over.
    pub async fn next(&mut self) -> Result<Option<Part>, Refusal> {
        let Some(field) = in_time(self.ends, self.parts.next()).await? else { return Ok(None) };
        let field = field.map_err(|error| broken(&error))?;
        self.left = self.left.checked_sub(1).ok_or_else(|| Refusal::new(Code::TooLarge))?;
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.content_disposition().and_then(|told| told.get_filename()).map(str::to_owned);
        Ok(Some(Part { field, ends: self.ends, name, file_name }))
    }

    /// Passes over the rest, within bounds, so that whoever is still sending gets to hear the answer.
    pub async fn pass_over(mut self) {
        let rest = async {
            let mut bytes = 0_usize;
            while let Some(Ok(mut field)) = self.parts.next().await {
                while let Some(Ok(piece)) = field.next().await {
                    bytes = bytes.saturating_add(piece.len());
                    if bytes > REST_BYTES_MAX {
                        return;
                    }
                }
            }
        };
        // Who has not finished by then is cut off.
        let _late = timeout(REST_MAX, rest).await;
    }
}

impl Part {
    /// A short text.
    pub async fn text(&mut self, bytes_max: usize) -> Result<String, Refusal> {
        let mut bytes = Vec::new();
        while let Some(piece) = in_time(self.ends, self.field.next()).await? {
            bytes.extend_from_slice(&piece.map_err(|error| broken(&error))?);
            if bytes.len() > bytes_max {
                return Err(Refusal::new(Code::TooLarge));
            }
        }
        let text = String::from_utf8(bytes).map_err(|_| Refusal::field(Code::Body, &self.name, "field-body-broken"))?;
        // Line ends come as CR LF from forms; no database takes a NUL.
        Ok(text.replace("\r\n", "\n").replace('\0', ""))
    }

    /// The bytes of a file, as they come.
    pub fn bytes(&mut self) -> impl Stream<Item = Result<Bytes, String>> {
        let ends = self.ends;
        futures_util::stream::unfold(Some(&mut self.field), move |field| async move {
            let field = field?;
            match in_time(ends, field.next()).await {
                Ok(Some(Ok(piece))) => Some((Ok(piece), Some(field))),
                Ok(Some(Err(error))) => Some((Err(error.to_string()), None)),
                Ok(None) => None,
                Err(late) => Some((Err(late.cause.unwrap_or_default()), None)),
            }
        })
    }
}

/// Waits for the client, but neither for one that stopped sending nor for ever.
async fn in_time<T>(ends: Instant, next: impl Future<Output = T>) -> Result<T, Refusal> {
    let wait = STALL_MAX.min(ends.saturating_duration_since(Instant::now()));
    let late = || Refusal::field(Code::Body, "/", "field-body-broken").because("the client stopped sending");
    timeout(wait, next).await.map_err(|_| late())
}

fn broken(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::field(Code::Body, "/", "field-body-broken").because(error)
}
