//! Canned replies: the list with the languages that each has, and one to write, look at with example values, and put away.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::reply_values;
use crate::domain::access::Permission;
use crate::domain::id::ReplyId;
use crate::domain::reply::{self, BadReply, NAME_LENGTH_MAX, Slot, TEXT_LENGTH_MAX};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to, written};
use crate::l10n::Locale;
use crate::services::refusal::{Code, Refusal};
use crate::services::replies::{self, Reply, Written};

/// The list.
#[derive(Template)]
#[template(path = "desk/replies.html")]
pub struct Replies {
    /// The frame.
    pub page: Page,
    /// The languages, as they call themselves.
    pub languages: Vec<(&'static str, &'static str)>,
    /// Those that are offered.
    pub offered: Vec<Row>,
    /// Those that were put away.
    pub archived: Vec<Row>,
    /// In how many of the replies that are offered each language is missing, in sentences; none where all have all.
    pub missing: Vec<String>,
    /// Whether this person can write them.
    pub may_write: bool,
    /// Whether this person can look at all letters.
    pub sees_letters: bool,
}

/// A reply in the list.
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it begins, in the first language that it has.
    pub beginning: String,
    /// For each language whether it has a text.
    pub has: Vec<Coverage>,
}

/// Whether a reply has a text in a language.
pub struct Coverage {
    /// The language, as it calls itself.
    pub language: &'static str,
    /// Its tag.
    pub tag: &'static str,
    /// Whether it has one.
    pub there: bool,
    /// The same in a word.
    pub words: String,
}

/// One reply.
#[derive(Template)]
#[template(path = "desk/reply.html")]
pub struct ReplyPage {
    /// The frame.
    pub page: Page,
    /// What is wrong.
    pub faults: Faults,
    /// Why it was not saved, where the form was right.
    pub trouble: Option<String>,
    /// Where the form goes.
    pub action: String,
    /// Its id; a new one has none.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The version that was seen.
    pub version: i64,
    /// Its texts, one field a language.
    pub texts: Vec<Text>,
    /// The slots, each as it is written, what it is, and an example.
    pub slots: Vec<(String, String, String)>,
    /// Whether it was put away.
    pub archived: bool,
    /// Whether this person can write.
    pub may_write: bool,
}

/// A text of a reply in its language.
pub struct Text {
    /// The field.
    pub field: String,
    /// The language's tag.
    pub tag: &'static str,
    /// Its direction.
    pub dir: &'static str,
    /// What it calls itself.
    pub language: &'static str,
    /// The text.
    pub value: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// The text with example values, where that was asked for and nothing is wrong.
    pub preview: Option<String>,
}

/// Shows the list.
pub async fn list(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let all = replies::list(&visit.desk, &context).await?;
    let page = &visit.page;
    let (archived, offered): (Vec<Reply>, Vec<Reply>) = all.into_iter().partition(|reply| reply.archived_at.is_some());
    let missing = languages().filter_map(|locale| {
        let without = offered.iter().filter(|reply| !reply.texts.contains_key(locale.tag())).count();
        (without > 0).then(|| page.t2("reply-missing", "count", without, "language", locale.name()))
    });
    let screen = Replies {
        languages: languages().map(|locale| (locale.tag(), locale.name())).collect(),
        missing: missing.collect(),
        offered: offered.iter().map(|reply| row(page, reply)).collect(),
        archived: archived.iter().map(|reply| row(page, reply)).collect(),
        may_write: context.actor.may(Permission::RefundDecide),
        sees_letters: context.actor.may(Permission::AdminRead),
        page: page.clone(),
    };
    shown(&screen, page)
}

/// Begins a new one.
pub async fn begin(visit: Visit) -> Result<HttpResponse, Refusal> {
    page_of(&visit, StatusCode::OK, None, Typed::default(), Faults::none(), None).await
}

/// Adds it, or shows it with example values.
pub async fn add(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let typed = Typed::of(&form);
    let faults = typed.faults(&visit.page);
    if !faults.is_empty() {
        return page_of(&visit, StatusCode::UNPROCESSABLE_ENTITY, None, typed, faults, None).await;
    }
    if typed.wants_preview {
        return page_of(&visit, StatusCode::OK, None, typed, faults, None).await;
    }
    replies::add(&visit.desk, &context, typed.written()).await?;
    visit.leave("success", &visit.page.t1("reply-added", "name", typed.name.as_str()))?;
    Ok(to("/desk/replies"))
}

/// Shows one.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let reply = found(&visit).await?;
    let typed = Typed {
        name: reply.name.clone(),
        texts: reply.texts.clone(),
        version: reply.version,
        // Who may only read sees what it comes to.
        wants_preview: !visit.staff()?.actor.may(Permission::RefundDecide),
    };
    page_of(&visit, StatusCode::OK, Some(&reply), typed, Faults::none(), None).await
}

/// Saves it, or shows it with example values. What somebody else changed meanwhile is not written over.
pub async fn save(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let reply = found(&visit).await?;
    let mut typed = Typed::of(&form);
    let faults = typed.faults(&visit.page);
    if !faults.is_empty() {
        return page_of(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(&reply), typed, faults, None).await;
    }
    if typed.wants_preview {
        return page_of(&visit, StatusCode::OK, Some(&reply), typed, faults, None).await;
    }
    match replies::edit(&visit.desk, &context, &id_of(&visit)?, typed.version, typed.written()).await {
        Ok(()) => {
            visit.leave("success", &visit.page.t1("reply-saved", "name", typed.name.as_str()))?;
            Ok(to("/desk/replies"))
        }
        Err(refusal) if refusal.code == Code::Version => {
            let now = found(&visit).await?;
            typed.version = now.version;
            let trouble = Some(visit.page.t("reply-overtaken"));
            page_of(&visit, StatusCode::CONFLICT, Some(&now), typed, Faults::none(), trouble).await
        }
        Err(refusal) => Err(refusal),
    }
}

/// Puts it away, or takes it out again.
pub async fn archive(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let away = form.get("away") == "yes";
    replies::archive(&visit.desk, &context, &id_of(&visit)?, away).await?;
    visit.leave("success", &visit.page.t(if away { "reply-archived" } else { "reply-restored" }))?;
    Ok(to("/desk/replies"))
}

/// What was typed.
#[derive(Default)]
struct Typed {
    name: String,
    texts: BTreeMap<String, String>,
    version: i64,
    wants_preview: bool,
}

impl Typed {
    fn of(form: &Posted) -> Self {
        let text = |locale: Locale| (locale.tag().to_owned(), form.trimmed(&field(locale)).to_owned());
        Self {
            name: form.trimmed("name").to_owned(),
            texts: languages().map(text).filter(|(_, text)| !text.is_empty()).collect(),
            version: form.get("version").parse().unwrap_or_default(),
            wants_preview: form.get("do") == "preview",
        }
    }

    fn faults(&self, page: &Page) -> Faults {
        let mut faults = Faults::none();
        if self.name.is_empty() {
            faults.add("name", page.t("reply-name-needed"));
        }
        if self.name.chars().count() > NAME_LENGTH_MAX {
            faults.add("name", page.t1("desk-refund-note-long", "most", NAME_LENGTH_MAX));
        }
        if self.texts.is_empty() {
            faults.add_at("text", &field(Locale::DEFAULT), page.t("reply-text-needed"));
        }
        for locale in languages() {
            let text = self.texts.get(locale.tag()).map(String::as_str).unwrap_or_default();
            if let Some(fault) = fault_of(page, text) {
                faults.add_at(
                    "text",
                    &field(locale),
                    page.t2("reply-fault", "language", locale.name(), "fault", fault),
                );
            }
        }
        faults
    }

    fn written(&self) -> Written {
        Written { name: self.name.clone(), texts: self.texts.clone() }
    }
}

fn fault_of(page: &Page, text: &str) -> Option<String> {
    if text.chars().count() > TEXT_LENGTH_MAX {
        return Some(page.t1("desk-refund-note-long", "most", TEXT_LENGTH_MAX));
    }
    match reply::check(text) {
        Ok(()) => None,
        Err(BadReply::UnknownSlot(name)) => Some(page.t1("reply-slot-unknown", "name", name)),
        Err(BadReply::Unclosed) => Some(page.t("reply-slot-unclosed")),
    }
}

/// The languages that a reply can have a text in.
fn languages() -> impl Iterator<Item = Locale> {
    Locale::offered(false)
}

fn field(locale: Locale) -> String {
    format!("text-{}", locale.tag())
}

fn id_of(visit: &Visit) -> Result<ReplyId, Refusal> {
    ReplyId::parse(&visit.path("reply_id")).map_err(|_| Refusal::new(Code::PathNotFound))
}

async fn found(visit: &Visit) -> Result<Reply, Refusal> {
    replies::read(&visit.desk, &visit.staff()?, &id_of(visit)?).await
}

fn row(page: &Page, reply: &Reply) -> Row {
    let has = languages().map(|locale| {
        let there = reply.texts.contains_key(locale.tag());
        let words = page.t(if there { "reply-there" } else { "reply-not-there" });
        Coverage { language: locale.name(), tag: locale.tag(), there, words }
    });
    let in_own = reply.texts.get(page.lang().tag()).or_else(|| reply.texts.values().next());
    Row {
        id: reply.reply_id.clone(),
        name: reply.name.clone(),
        beginning: in_own.and_then(|text| text.lines().next()).unwrap_or_default().to_owned(),
        has: has.collect(),
    }
}

async fn page_of(
    visit: &Visit,
    status: StatusCode,
    reply: Option<&Reply>,
    typed: Typed,
    faults: Faults,
    trouble: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let page = if faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let public_url = visit.desk.public_url.as_str();
    let text = |locale: Locale| {
        let value = typed.texts.get(locale.tag()).cloned().unwrap_or_default();
        let fault = faults.all().iter().find(|fault| fault.field == field(locale)).map(|fault| fault.message.clone());
        let fill = || reply::fill(&value, |slot| reply_values::of_example(&page, locale, public_url, slot)).ok();
        let preview = (typed.wants_preview && fault.is_none() && !value.is_empty()).then(fill).flatten();
        let (tag, dir, language) = (locale.tag(), locale.dir(), locale.name());
        Text { field: field(locale), tag, dir, language, preview, value, fault }
    };
    let slot = |&slot: &Slot| {
        let example = reply_values::of_example(&page, page.lang().locale(), public_url, slot);
        (format!("{{ ${slot} }}"), reply_values::meaning(&page, slot), example)
    };
    let id = reply.map(|reply| reply.reply_id.clone());
    let screen = ReplyPage {
        action: format!("/desk/replies/{}", id.as_deref().unwrap_or("new")),
        texts: languages().map(text).collect(),
        slots: Slot::ALL.iter().map(slot).collect(),
        archived: reply.is_some_and(|reply| reply.archived_at.is_some()),
        may_write: visit.staff()?.actor.may(Permission::RefundDecide),
        id,
        name: typed.name.clone(),
        version: typed.version,
        trouble,
        page: page.clone(),
        faults: faults.clone(),
    };
    written(status, &screen, &page)
}
