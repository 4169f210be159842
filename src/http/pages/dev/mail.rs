//! The messages that landed in the data folder: the list, and one of them.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::id::OutboxId;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Fact, Moment};
use crate::http::pages::visit::{Visit, shown};
use crate::mail::{Folder, Kept};
use crate::services::refusal::{Code, Refusal};

/// Messages in the list; older ones are in the folder.
const LISTED_MAX: usize = 100;
/// What a message may do when it is looked at: nothing but look as it was written, inside our own page.
pub(super) const LETTER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'self'",
);
/// What the page around a message may do: as every page, and show the message in a frame.
pub(super) const FRAME_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Shows the list.
pub async fn list(visit: Visit) -> Result<HttpResponse, Refusal> {
    let kept = read(folder(&visit)?, |folder| folder.newest(LISTED_MAX)).await?;
    let lang = visit.page.lang();
    let letter = |kept: Kept| LetterItem {
        id: kept.id.to_string(),
        subject: kept.subject,
        to: kept.to,
        at: Moment::of(&lang, kept.written_at.unwrap_or_else(|| visit.edge.clock.now())),
    };
    let letters = kept.into_iter().map(letter).collect();
    shown(&MailPage { page: visit.page.clone(), letters }, &visit.page)
}

/// Shows one message.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let kept = one(&visit).await?;
    let letter = LetterView::of(&visit.page, kept);
    let mut answer = shown(&LetterPage { page: visit.page.clone(), letter }, &visit.page)?;
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, FRAME_POLICY);
    Ok(answer)
}

/// The message's HTML alone, as a mail program would be given it.
pub async fn html(visit: Visit) -> Result<HttpResponse, Refusal> {
    let kept = one(&visit).await?;
    let same_origin = HeaderValue::from_static("SAMEORIGIN");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, LETTER_POLICY))
        .insert_header((HeaderName::from_static("x-frame-options"), same_origin))
        .body(kept.html))
}

/// The folder, outside live mode; in it there is no such page.
fn folder(visit: &Visit) -> Result<Arc<Folder>, Refusal> {
    let folder = visit.site.letters.clone().filter(|_| !visit.edge.live);
    folder.ok_or_else(|| Refusal::new(Code::PathNotFound))
}

async fn one(visit: &Visit) -> Result<Kept, Refusal> {
    let id = OutboxId::parse(&visit.path("letter")).map_err(|_| Refusal::new(Code::PathNotFound))?;
    let kept = read(folder(visit)?, move |folder| folder.read(&id)).await?;
    kept.ok_or_else(|| Refusal::new(Code::PathNotFound))
}

async fn read<T: Send + 'static>(
    folder: Arc<Folder>,
    look: impl FnOnce(&Folder) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let looked =
        web::block(move || look(&folder)).await.map_err(|error| Refusal::new(Code::Internal).because(error))?;
    looked.map_err(|error| Refusal::new(Code::Internal).because(error))
}

/// The list.
#[derive(Template)]
#[template(path = "dev/mail.html")]
pub struct MailPage {
    /// The frame.
    pub page: Page,
    /// Messages, newest first.
    pub letters: Vec<LetterItem>,
}

/// A message in the list.
pub struct LetterItem {
    /// Its id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Whom it is for.
    pub to: String,
    /// When it was written.
    pub at: Moment,
}

/// One message.
#[derive(Template)]
#[template(path = "dev/letter.html")]
pub struct LetterPage {
    /// The frame.
    pub page: Page,
    /// The message.
    pub letter: LetterView,
}

/// One message.
pub struct LetterView {
    /// Its id.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// From, to, when.
    pub facts: Vec<Fact>,
    /// Whether it has an HTML form.
    pub has_html: bool,
    /// Its text.
    pub text: String,
    /// All its headers.
    pub headers: String,
}

impl LetterView {
    fn of(page: &Page, kept: Kept) -> Self {
        let lang = page.lang();
        let written = kept.written_at.map(|at| Fact::words(&lang, "dev-letter-sent", lang.datetime(at)));
        Self {
            id: kept.id.to_string(),
            facts: std::iter::once(Fact::words(&lang, "dev-letter-to", kept.to)).chain(written).collect(),
            subject: kept.subject,
            has_html: !kept.html.is_empty(),
            text: kept.text,
            headers: kept.headers,
        }
    }
}
