//! From a letter to a mail: subject, plain text and HTML in the customer's language, and the headers that machines read.
//!
//! The plain text is written, not made from the HTML; both come from the same sentences. What customers and merchants
//! typed (names, order numbers, an agent's words) can break neither headers nor HTML: control characters go before a
//! header is made, and the templates escape. Source of the form: UX section 3.9.

use std::time::SystemTime;

use askama::Template;
use jiff::civil::Date;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::letter::{About, Content, Letter};
use crate::domain::calendar::{Basis, Expected};
use crate::l10n::{Args, L10n, Lang};

/// Longest subject; what is longer is cut, since an order number may be of any length.
const SUBJECT_CHARS_MAX: usize = 200;

/// Who writes.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The desk's address and name.
    pub from: Mailbox,
    /// Where answers go, where not to `from`.
    pub reply_to: Option<Mailbox>,
    /// The host name in message ids: the host of the public URL.
    pub host: String,
}

/// The text is no sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no sender; use Name <address>")]
pub struct NotASender;

impl Sender {
    /// Reads `Name <address>`; `host` is that of the public URL.
    pub fn parse(from: &str, host: &str) -> Result<Self, NotASender> {
        let from: Mailbox = from.parse().map_err(|_| NotASender)?;
        Ok(Self { from, reply_to: None, host: host.to_owned() })
    }
}

/// A letter of which no mail can be made; trying again changes nothing.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The customer's address is none.
    #[error("the address of the recipient is not valid")]
    Address,
    /// The template did not render.
    #[error("the template failed: {0}")]
    Template(#[from] askama::Error),
    /// The mail could not be put together.
    #[error("the mail could not be built: {0}")]
    Build(#[from] lettre::error::Error),
}

/// A letter as its reader has it in front of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// The letter in its reader's language, to be looked at.
pub fn written(l10n: &L10n, letter: &Letter) -> Result<Written, ComposeError> {
    let page = write(l10n.lang(letter.locale), letter);
    let (html, text) = (HtmlPage { page: &page }.render()?, TextPage { page: &page }.render()?);
    Ok(Written { subject: page.subject, text, html })
}

/// The mail of this letter.
pub fn compose(l10n: &L10n, sender: &Sender, letter: &Letter) -> Result<Message, ComposeError> {
    let lang = l10n.lang(letter.locale);
    let Written { subject, text, html } = written(l10n, letter)?;
    let to = Mailbox::new(
        letter.name.as_deref().map(one_line).filter(|name| !name.is_empty()),
        letter.to.trim().parse::<Address>().map_err(|_| ComposeError::Address)?,
    );
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.id, sender.host)))
        .date(SystemTime::from(letter.written_at))
        .from(sender.from.clone())
        .reply_to(sender.reply_to.clone().unwrap_or_else(|| sender.from.clone()))
        .to(to)
        .subject(subject)
        .raw_header(header("X-Makegood-Message", letter.kind().as_str()))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .raw_header(header("Content-Language", lang.tag()));
    if let Some(about) = letter.about() {
        // One thread for each refund: every letter answers a message that was never sent, named after the refund.
        builder = builder
            .references(format!("<{}@{}>", about.refund_id, sender.host))
            .raw_header(header("X-Makegood-Refund", about.refund_id.as_str()));
    }
    Ok(builder.multipart(MultiPart::alternative_plain_html(text, html))?)
}

/// A letter in sentences.
struct Page {
    lang: &'static str,
    dir: &'static str,
    brand: String,
    subject: String,
    greeting: String,
    heading: String,
    paragraphs: Vec<String>,
    /// An agent's own words, in paragraphs.
    quote: Vec<String>,
    after_quote: Vec<String>,
    facts: Vec<Fact>,
    button: String,
    url: String,
    link_hint: String,
    sign_off: String,
    footer: String,
}

/// A label and what it stands for.
struct Fact {
    label: String,
    value: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct HtmlPage<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct TextPage<'a> {
    page: &'a Page,
}

fn write(lang: Lang<'_>, letter: &Letter) -> Page {
    let mut page = Page {
        lang: lang.tag(),
        dir: lang.dir(),
        brand: lang.plain("shell-product", &Args::new()),
        subject: String::new(),
        greeting: match &letter.name {
            Some(name) if !one_line(name).is_empty() => lang.t1("mail-greeting", "name", one_line(name)),
            Some(_) | None => lang.t("mail-greeting-nameless"),
        },
        heading: lang.t(&heading_id(letter.texts())),
        paragraphs: Vec::new(),
        quote: Vec::new(),
        after_quote: Vec::new(),
        facts: Vec::new(),
        button: String::new(),
        url: String::new(),
        link_hint: lang.t("mail-link-hint"),
        sign_off: lang.t("mail-sign-off"),
        footer: String::new(),
    };
    match &letter.content {
        Content::SignInLink { order_id, url, until } => write_link(&mut page, lang, order_id, url, *until),
        Content::StaffLink { url, until, .. } => write_staff_link(&mut page, lang, letter.texts(), url, *until),
        Content::Received(about)
        | Content::LookingAgain(about)
        | Content::Approved(about)
        | Content::Denied { about, .. }
        | Content::Delayed(about)
        | Content::Submitted { about, .. }
        | Content::Completed { about, .. }
        | Content::Failed(about)
        | Content::AgentMessage { about, .. } => write_about(&mut page, lang, letter, about),
    }
    page
}

fn write_link(page: &mut Page, lang: Lang<'_>, order_id: &str, url: &str, until: jiff::Timestamp) {
    let order = one_line(order_id);
    page.subject = subject(&lang.plain("mail-sign-in-link-subject", &Args::new().with("order", &order)));
    page.paragraphs.push(lang.t2("mail-sign-in-link-body", "order", &order, "until", lang.datetime_with_zone(until)));
    page.paragraphs.push(lang.t("mail-sign-in-link-unasked"));
    page.button = lang.t("mail-sign-in-link-button");
    url.clone_into(&mut page.url);
    page.footer = lang.t1("mail-sign-in-link-footer", "order", &order);
}

/// A link for somebody at the desk. Its subject names nothing but what it is.
fn write_staff_link(page: &mut Page, lang: Lang<'_>, kind: &str, url: &str, until: jiff::Timestamp) {
    page.subject = subject(&lang.plain(&subject_id(kind), &Args::new()));
    page.paragraphs.push(lang.t1(&body_id(kind), "until", lang.datetime_with_zone(until)));
    page.paragraphs.push(lang.t("mail-staff-unasked"));
    page.button = lang.t("mail-staff-button");
    url.clone_into(&mut page.url);
    page.sign_off = lang.t("mail-staff-sign-off");
    page.footer = lang.t("mail-staff-footer");
}

fn write_about(page: &mut Page, lang: Lang<'_>, letter: &Letter, about: &About) {
    let kind = letter.texts();
    let order = one_line(&about.order_id);
    let tender = lang.plain("mail-tender", &Args::new().with("rail", about.rail.as_str()));
    let short = Args::new().with("amount", lang.amount_with_code(about.amount)).with("order", &order);
    let long = Args::new().with("amount", about.amount).with("order", &order).with("tender", tender);
    page.subject = subject(&lang.plain(&subject_id(kind), &short));
    match &letter.content {
        Content::Denied { reason_id, look_again_until, is_final, .. } => {
            page.paragraphs.push(lang.text(&body_id(kind), &long));
            page.paragraphs.extend(reason_id.as_deref().map(|id| lang.t(id)));
            page.paragraphs.push(match look_again_until {
                Some(until) => lang.t1("mail-denied-look-again", "date", lang.date(*until)),
                None if *is_final => lang.t("mail-denied-final"),
                None => lang.t("mail-denied-question"),
            });
        }
        Content::Submitted { expected, .. } => {
            page.paragraphs.push(lang.text(&body_id(kind), &long));
            page.paragraphs.push(arrival(lang, *expected));
            page.paragraphs.push(lang.t1("mail-expected-depends", "rail", about.rail.as_str()));
        }
        Content::Completed { expected, reference, .. } => {
            page.paragraphs.push(lang.text(&body_id(kind), &long));
            page.paragraphs.extend(expected.map(|it| lang.t1("mail-completed-by", "to", day(lang, it.to))));
            let reference = reference.as_deref().map(one_line);
            page.paragraphs.extend(reference.map(|it| lang.t1("mail-completed-reference", "reference", it)));
        }
        Content::Failed(_) => {
            page.paragraphs.push(lang.text(&body_id(kind), &long));
            page.paragraphs.push(lang.t("mail-failed-next"));
        }
        Content::AgentMessage { text, answerable, .. } => {
            page.quote = paragraphs(text);
            let next = if *answerable { "mail-agent-message-next" } else { "mail-agent-message-closed" };
            page.after_quote.push(lang.t(next));
        }
        Content::Received(_)
        | Content::LookingAgain(_)
        | Content::Approved(_)
        | Content::Delayed(_)
        | Content::SignInLink { .. }
        | Content::StaffLink { .. } => {
            page.paragraphs.push(lang.text(&body_id(kind), &long));
        }
    }
    let refund = about.refund_id.as_str().to_owned();
    page.facts = vec![
        Fact { label: lang.t("mail-fact-amount"), value: lang.money(about.amount) },
        Fact { label: lang.t("mail-fact-order"), value: order.clone() },
        Fact { label: lang.t("mail-fact-refund"), value: refund },
    ];
    page.button = lang.t("mail-status-button");
    about.status_url.clone_into(&mut page.url);
    page.footer = lang.t1("mail-footer", "order", &order);
}

fn subject_id(kind: &str) -> String {
    format!("mail-{kind}-subject")
}

fn heading_id(kind: &str) -> String {
    format!("mail-{kind}-heading")
}

fn body_id(kind: &str) -> String {
    format!("mail-{kind}-body")
}

/// When the money usually arrives: between two days, or by one where the first says nothing.
fn arrival(lang: Lang<'_>, expected: Expected) -> String {
    let to = day(lang, expected.to);
    if expected.from == expected.to || expected.basis == Basis::Hours {
        lang.t1("mail-expected-day", "to", to)
    } else {
        lang.t2("mail-expected-range", "from", day(lang, expected.from), "to", to)
    }
}

fn day(lang: Lang<'_>, day: Date) -> String {
    lang.weekday_date(day)
}

/// Text that stands in one line: control characters become spaces, and spaces become one.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn subject(text: &str) -> String {
    one_line(text).chars().take(SUBJECT_CHARS_MAX).collect()
}

/// The paragraphs of what an agent wrote; line ends within one are kept.
fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |letter: &char| *letter == '\n' || !letter.is_control();
    let blocks = text.split("\n\n").map(|block| block.trim().chars().filter(kept).collect::<String>());
    blocks.filter(|block| !block.is_empty()).collect()
}

/// A header of our own, whose value is ASCII by its type: a word, an id, a tag.
fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
