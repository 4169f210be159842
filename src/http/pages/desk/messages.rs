//! The messages of a case: everything that customer and desk wrote to each other, what became of each letter, and a form to
//! write the next, from a canned reply or by hand. What is for colleagues only stands in a form of its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::story::who;
use crate::domain::access::Permission;
use crate::domain::id::{OutboxId, ReplyId};
use crate::domain::message::takes_answers;
use crate::domain::reply;
use crate::http::limits::Work;
use crate::http::pages::desk::reply_values;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, Tag, reason_words, term};
use crate::http::pages::posted::Posted;
use crate::http::pages::thread::{Entry, FateLine};
use crate::http::pages::visit::{Visit, form_word, to, written};
use crate::l10n::Locale;
use crate::mail;
use crate::services::letters::{self, Fate, Letter, letters_of};
use crate::services::messages::{MESSAGE_LENGTH_MAX, Write, write_to_customer};
use crate::services::read_case::{CaseView, read_case};
use crate::services::refusal::{Code, Refusal};
use crate::services::replies::{self, Reply};
use crate::services::send_letter::about;

/// The page.
#[derive(Template)]
#[template(path = "desk/messages.html")]
pub struct MessagesPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the letter.
    pub faults: Faults,
    /// The refund.
    pub id: String,
    /// How much it is about, in a sentence.
    pub amount_words: String,
    /// Where it stands.
    pub tag: Tag,
    /// Reason and order, in one line.
    pub summary: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// Everything that was written, oldest first.
    pub thread: Vec<Entry>,
    /// Whether the customer waits for an answer.
    pub unanswered: bool,
    /// Whether this person can write.
    pub may_write: bool,
    /// The language that the customer reads, as it calls itself.
    pub language: Language,
    /// The replies to choose from.
    pub replies: Vec<Choice>,
    /// What happened to the reply that was chosen, where there is something to know.
    pub about_reply: Option<String>,
    /// The letter so far.
    pub message: String,
    /// The word by which the form is known.
    pub form: String,
    /// The letter as its reader will have it.
    pub preview: Option<Preview>,
}

/// A language that somebody reads.
#[derive(Clone)]
pub struct Language {
    /// Its tag.
    pub tag: &'static str,
    /// Its direction.
    pub dir: &'static str,
    /// What it calls itself.
    pub name: &'static str,
}

/// A reply to choose.
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its name; with its language, where it has no text in the customer's.
    pub name: String,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// A letter as its reader will have it.
pub struct Preview {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What was sent with the form.
#[derive(Default)]
struct Draft {
    faults: Faults,
    reply: String,
    about_reply: Option<String>,
    message: String,
    wants_preview: bool,
}

/// Shows them.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    page_of(&visit, StatusCode::OK, Draft::default()).await
}

/// Sends the letter; before that, puts a reply into it or shows it as it will be read.
pub async fn send(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let message = form.trimmed("message").to_owned();
    let mut draft = Draft { reply: form.get("reply").to_owned(), message, ..Draft::default() };
    if form.get("do") == "fill" {
        return fill(&visit, draft).await;
    }
    if draft.message.is_empty() {
        draft.faults.add("message", visit.page.t("desk-message-needed"));
    }
    if draft.message.chars().count() > MESSAGE_LENGTH_MAX {
        draft.faults.add("message", visit.page.t1("desk-refund-note-long", "most", MESSAGE_LENGTH_MAX));
    }
    if !draft.faults.is_empty() {
        return page_of(&visit, StatusCode::UNPROCESSABLE_ENTITY, draft).await;
    }
    if form.get("do") == "preview" {
        draft.wants_preview = true;
        return page_of(&visit, StatusCode::OK, draft).await;
    }
    let refund_id = visit.refund_id()?;
    // A letter is no verdict: it may be about a refund that has moved on since the page was made.
    let write = Write {
        refund_id: refund_id.clone(),
        body: draft.message,
        asks: false,
        expected_version: None,
        form: form_word(&form),
    };
    write_to_customer(&visit.desk, &context, write).await?;
    visit.leave("success", &visit.page.t("desk-message-sent"))?;
    Ok(to(&format!("/desk/refunds/{refund_id}/messages")))
}

/// Sends a letter again that did not arrive, or of which nobody knows whether it did.
pub async fn send_again(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let refund_id = visit.refund_id()?;
    let letter = OutboxId::parse(&visit.path("letter")).map_err(|_| Refusal::new(Code::PathNotFound))?;
    match letters::send_again(&visit.desk, &context, &refund_id, &letter).await {
        Ok(()) => visit.leave("success", &visit.page.t("desk-letter-again-done"))?,
        Err(refusal) if refusal.code == Code::State => {
            visit.leave("info", &visit.page.t("desk-letter-again-late"))?;
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(to(&format!("/desk/refunds/{refund_id}/messages")))
}

/// Puts the chosen reply behind what was written so far, with real values, in the customer's language.
async fn fill(visit: &Visit, mut draft: Draft) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let Some(reply) = chosen(visit, &draft.reply).await? else {
        draft.faults.add("reply", visit.page.t("desk-reply-choose"));
        return page_of(visit, StatusCode::UNPROCESSABLE_ENTITY, draft).await;
    };
    let locale = locale_of(&case);
    let Some((tag, text)) = text_for(&reply, locale) else {
        draft.faults.add("reply", visit.page.t("desk-reply-empty"));
        return page_of(visit, StatusCode::UNPROCESSABLE_ENTITY, draft).await;
    };
    let spoken = Locale::from_tag(tag).unwrap_or(locale);
    let filled =
        reply::fill(text, |slot| reply_values::of_case(&visit.page, spoken, &visit.desk.public_url, &case, slot));
    // What was saved could be filled; a text that cannot was put there past the desk, and is shown as it stands.
    let filled = filled.unwrap_or_else(|_| text.to_owned());
    draft.message = if draft.message.is_empty() { filled } else { format!("{}\n\n{filled}", draft.message) };
    draft.about_reply = Some(if spoken == locale {
        visit.page.t1("desk-reply-put-in", "language", locale.name())
    } else {
        visit.page.t2("desk-reply-other-language", "wanted", locale.name(), "given", spoken.name())
    });
    page_of(visit, StatusCode::OK, draft).await
}

async fn chosen(visit: &Visit, id: &str) -> Result<Option<Reply>, Refusal> {
    let Ok(reply_id) = ReplyId::parse(id) else { return Ok(None) };
    match replies::read(&visit.desk, &visit.staff()?, &reply_id).await {
        Ok(reply) => Ok(Some(reply).filter(|reply| reply.archived_at.is_none())),
        Err(refusal) if refusal.code == Code::PathNotFound => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// The language that the customer reads.
fn locale_of(case: &CaseView) -> Locale {
    case.customer.as_ref().and_then(|customer| Locale::from_tag(&customer.locale)).unwrap_or(Locale::DEFAULT)
}

/// The text of a reply in a language, else in the desk's own, else in any that it has; with the tag of its language.
fn text_for(reply: &Reply, locale: Locale) -> Option<(&str, &str)> {
    let in_language = |tag: &str| reply.texts.get_key_value(tag);
    let found = in_language(locale.tag()).or_else(|| in_language(Locale::DEFAULT.tag()));
    found.or_else(|| reply.texts.first_key_value()).map(|(tag, text)| (tag.as_str(), text.as_str()))
}

async fn page_of(visit: &Visit, status: StatusCode, draft: Draft) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let page = if draft.faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let lang = page.lang();
    let refund = &case.story.view.refund;
    let locale = locale_of(&case);
    let may_write = context.actor.may(Permission::RefundDecide);
    let replies = if may_write { replies::list(&visit.desk, &context).await? } else { Vec::new() };
    let reason = reason_words(&lang, refund.reason);
    let preview = draft.wants_preview.then(|| preview(visit, &case, locale, &draft.message)).transpose()?;
    let screen = MessagesPage {
        id: refund.refund_id.to_string(),
        amount_words: lang.money(refund.amount),
        tag: Tag::of(&lang, refund.state, refund.qualifier),
        summary: page.t2("desk-refund-summary", "reason", reason, "order", refund.order_id.as_str()),
        customer: case.customer.as_ref().map(|_| customer_name(&page, &case)),
        thread: thread(&page, &case),
        unanswered: case.unanswered,
        may_write,
        language: Language { tag: locale.tag(), dir: locale.dir(), name: locale.name() },
        replies: choices(&page, &replies, locale, &draft.reply),
        about_reply: draft.about_reply,
        message: draft.message,
        form: visit.edge.ids.mint().to_string(),
        preview,
        faults: draft.faults,
        page: page.clone(),
    };
    written(status, &screen, &page)
}

fn choices(page: &Page, replies: &[Reply], locale: Locale, chosen: &str) -> Vec<Choice> {
    let offered = replies.iter().filter(|reply| reply.archived_at.is_none());
    let choice = |reply: &Reply| {
        let has_text = reply.texts.contains_key(locale.tag());
        let name = if has_text {
            reply.name.clone()
        } else {
            page.t2("desk-reply-not-in", "name", reply.name.as_str(), "language", locale.name())
        };
        Choice { chosen: reply.reply_id == chosen, id: reply.reply_id.clone(), name }
    };
    offered.map(choice).collect()
}

/// The letter as it would leave now.
fn preview(visit: &Visit, case: &CaseView, locale: Locale, message: &str) -> Result<Preview, Refusal> {
    let refund = &case.story.view.refund;
    let letter = mail::Letter {
        // Its id stands in its headers only, which nobody sees here.
        id: OutboxId::from_ulid(visit.edge.ids.mint()),
        written_at: visit.edge.clock.now(),
        to: String::new(),
        name: case.customer.as_ref().map(|customer| customer.name.clone()),
        locale,
        content: mail::Content::AgentMessage {
            about: about(&visit.desk, refund),
            text: message.to_owned(),
            answerable: takes_answers(refund),
        },
    };
    let written =
        mail::written(&visit.page.l10n, &letter).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    Ok(Preview { subject: written.subject, text: written.text })
}

/// Messages with what became of their letters, and the letters that the desk sent by itself, oldest first.
pub fn thread(page: &Page, case: &CaseView) -> Vec<Entry> {
    let lang = page.lang();
    let letters = letters_of(&case.story.work);
    let mut entries = Vec::new();
    for message in &case.messages {
        let letter = letters.iter().find(|letter| letter.message_id.as_ref() == Some(&message.message_id));
        let entry = Entry {
            side: if message.to_customer { "own" } else { "other" },
            who: if message.to_customer { who(page, case, &message.author) } else { customer_name(page, case) },
            at: Moment::of(&lang, message.created_at),
            words: message.body.clone(),
            fate: letter.map(|letter| fate(page, letter)),
        };
        entries.push((message.created_at, entry));
    }
    for letter in letters.iter().filter(|letter| letter.message_id.is_none()) {
        // A letter that the desk sends by itself follows a change: it is as old as that.
        let change = case.story.transitions.iter().find(|change| Some(change.position) == letter.version);
        let at = change.map_or(case.story.view.refund.created_at, |change| change.at);
        let entry = Entry {
            side: "letter",
            who: page.t("desk-letter-by-itself"),
            at: Moment::of(&lang, at),
            words: page.t(term("desk-letter-", letter.kind.as_str())),
            fate: Some(fate(page, letter)),
        };
        entries.push((at, entry));
    }
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The customer by name, where the name is known.
fn customer_name(page: &Page, case: &CaseView) -> String {
    let name = case.customer.as_ref().map(|customer| customer.name.trim().to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| page.t("desk-who-customer"))
}

fn fate(page: &Page, letter: &Letter) -> FateLine {
    let again = || Some(letter.outbox_id.clone());
    let line = |kind, words, again| FateLine { kind, words, again };
    match &letter.fate {
        Fate::OnItsWay => line("waiting", page.t("desk-fate-on-its-way"), None),
        Fate::Delayed { why } => line("waiting", page.t1("desk-fate-delayed", "why", why), None),
        Fate::Sent { .. } => line("fine", page.t("desk-fate-sent"), None),
        Fate::Undeliverable { why } => line("trouble", page.t1("desk-fate-undeliverable", "why", why), again()),
        Fate::Unknown { why } => line("trouble", page.t1("desk-fate-unknown", "why", why), again()),
    }
}
