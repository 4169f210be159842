//! Every letter as its reader will have it: each kind in each language, as HTML in light and dark, and as plain text. What
//! stands in it is an example; nothing of it is anybody's.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use askama::Template;
use jiff::civil::Date;

use super::mail::{FRAME_POLICY, LETTER_POLICY};
use crate::domain::appeal::APPEAL_DAYS;
use crate::domain::calendar::{Basis, Expected};
use crate::domain::id::{OutboxId, RefundId};
use crate::domain::message::{Denial, MessageKind};
use crate::domain::money::Money;
use crate::domain::order::Rail;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::http::pages::visit::{Visit, shown};
use crate::l10n::{Args, Locale};
use crate::mail::{self, About, Content, Letter, Written};
use crate::services::refusal::{Code, Refusal};

/// What a letter's HTML says of the colours that it can be read in.
const EITHER: &str = "content=\"light dark\"";

/// An hour of the example, in seconds.
const HOUR_S: i64 = 3_600;

/// The page.
#[derive(Template)]
#[template(path = "dev/preview.html")]
pub struct PreviewPage {
    /// The frame.
    pub page: Page,
    /// The kinds, each with the page on which it is shown.
    pub kinds: Vec<Choice>,
    /// The languages, each with the page in which the letter is.
    pub languages: Vec<Choice>,
    /// Where the letter's HTML is; light and dark are asked for behind it.
    pub frame: String,
    /// The letter's direction.
    pub dir: &'static str,
    /// The letter's language.
    pub tag: &'static str,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
}

/// A kind or a language to choose.
pub struct Choice {
    /// The page that shows it.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// The language of its name, where that is not the page's.
    pub lang: Option<&'static str>,
    /// Whether it is chosen.
    pub current: bool,
}

/// Shows one letter, and the way to all others.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    visit.staff()?;
    let (which, locale) = chosen(&visit);
    let written = written(&visit, which, locale)?;
    let address =
        |which: Which, locale: Locale| format!("/admin/mail/preview?template={}&locale={}", which.word(), locale.tag());
    let kind = |each: Which| Choice {
        href: address(each, locale),
        name: visit.page.t(term("desk-letter-", each.word())),
        lang: None,
        current: each == which,
    };
    let language = |each: Locale| Choice {
        href: address(which, each),
        name: each.name().to_owned(),
        lang: Some(each.tag()),
        current: each == locale,
    };
    let screen = PreviewPage {
        kinds: all().map(kind).collect(),
        languages: Locale::offered(!visit.edge.live).map(language).collect(),
        frame: format!("/admin/mail/preview/html?template={}&locale={}", which.word(), locale.tag()),
        dir: locale.dir(),
        tag: locale.tag(),
        subject: written.subject,
        text: written.text,
        page: visit.page.clone(),
    };
    let mut answer = shown(&screen, &visit.page)?;
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, FRAME_POLICY);
    Ok(answer)
}

/// The letter's HTML alone, in the colours that `?theme=` asks for.
pub async fn html(visit: Visit) -> Result<HttpResponse, Refusal> {
    visit.staff()?;
    let (which, locale) = chosen(&visit);
    let theme = if visit.query("theme").as_deref() == Some("dark") { "content=\"dark\"" } else { "content=\"light\"" };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, LETTER_POLICY))
        .insert_header((HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN")))
        .body(written(&visit, which, locale)?.html.replace(EITHER, theme)))
}

/// A letter to look at: a kind, or a form of one that says something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// The kind as it usually is.
    Kind(MessageKind),
    /// The receipt of a request to look again.
    LookingAgain,
    /// The last word on one.
    DeniedAgain,
}

impl Which {
    fn word(self) -> &'static str {
        match self {
            Which::Kind(kind) => kind.as_str(),
            Which::LookingAgain => "looking_again",
            Which::DeniedAgain => "denied_again",
        }
    }
}

fn all() -> impl Iterator<Item = Which> {
    MessageKind::ALL.iter().copied().map(Which::Kind).chain([Which::LookingAgain, Which::DeniedAgain])
}

/// What the address asks for; the first kind in the reader's language where it asks for nothing that there is.
fn chosen(visit: &Visit) -> (Which, Locale) {
    let word = visit.query("template").unwrap_or_default();
    let which = all().find(|which| which.word() == word).unwrap_or(Which::Kind(MessageKind::Received));
    let wanted = visit.query("locale").and_then(|tag| Locale::from_tag(&tag));
    let offered = wanted.filter(|wanted| Locale::offered(!visit.edge.live).any(|locale| locale == *wanted));
    (which, offered.unwrap_or(visit.page.lang().locale()))
}

fn written(visit: &Visit, which: Which, locale: Locale) -> Result<Written, Refusal> {
    let internal = |error: String| Refusal::new(Code::Internal).because(error);
    let content = content(visit, which, locale).ok_or_else(|| internal("the example has no currency".to_owned()))?;
    let letter = Letter {
        id: OutboxId::from_ulid(visit.edge.ids.mint()),
        written_at: visit.edge.clock.now(),
        to: String::new(),
        name: Some(visit.page.l10n.lang(locale).plain("reply-example-customer", &Args::new())),
        locale,
        content,
    };
    mail::written(&visit.page.l10n, &letter).map_err(|error| internal(error.to_string()))
}

/// What the example says.
fn content(visit: &Visit, which: Which, locale: Locale) -> Option<Content> {
    let refund_id = RefundId::from_ulid(ulid::Ulid::from_parts(1_795_219_200_000, 7));
    let public_url = &visit.desk.public_url;
    let about = About {
        status_url: format!("{public_url}/refunds/r/{refund_id}"),
        refund_id,
        order_id: "1042".to_owned(),
        amount: Money::new(4_500, "USD".parse().ok()?),
        rail: Rail::Card,
    };
    let expected =
        Expected { from: Date::constant(2026, 11, 27), to: Date::constant(2026, 12, 4), basis: Basis::BusinessDays };
    let now = visit.edge.clock.now();
    let in_hours = |hours: i64| now.checked_add(jiff::SignedDuration::from_secs(hours * HOUR_S)).unwrap_or(now);
    let denied = |look_again_until, is_final| Content::Denied {
        about: about.clone(),
        reason_id: Some(Denial::Evidence.message_id()),
        look_again_until,
        is_final,
    };
    let staff_link = |invitation| Content::StaffLink {
        invitation,
        url: format!("{public_url}/welcome?token=example"),
        until: in_hours(24),
    };
    Some(match which {
        Which::LookingAgain => Content::LookingAgain(about),
        Which::DeniedAgain => denied(None, true),
        Which::Kind(kind) => match kind {
            MessageKind::Received => Content::Received(about),
            MessageKind::Approved => Content::Approved(about),
            MessageKind::Denied => denied(Some(in_hours(24 * APPEAL_DAYS)), false),
            MessageKind::Delayed => Content::Delayed(about),
            MessageKind::Submitted => Content::Submitted { about, expected },
            MessageKind::Completed => {
                Content::Completed { about, expected: Some(expected), reference: Some("7412 8830 1193".to_owned()) }
            }
            MessageKind::Failed => Content::Failed(about),
            MessageKind::SignInLink => Content::SignInLink {
                order_id: about.order_id,
                url: format!("{public_url}/refunds/verify/example"),
                until: in_hours(1),
            },
            MessageKind::AgentMessage => Content::AgentMessage {
                about,
                text: visit.page.l10n.lang(locale).t("preview-message"),
                answerable: true,
            },
            MessageKind::Invitation => staff_link(true),
            MessageKind::PasswordLink => staff_link(false),
        },
    })
}
