//! Dead letters: what ran out of automatic tries, by cause. One or all of a cause can be tried again, under the same key.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::access::Permission;
use crate::domain::id::{InboxId, OutboxId};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Tag, term};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to};
use crate::http::pages::who::who;
use crate::services::outbox_admin;
use crate::services::read_outbox::{self, CauseCount, DeadLetter, InboxRow, StoppedPage};
use crate::services::refusal::{Code, Refusal};
use crate::services::who::Names;

/// Where they are.
pub(super) const HERE: &str = "/admin/dlq";

/// The page.
#[derive(Template)]
#[template(path = "admin/dlq.html")]
pub struct Dlq {
    /// The frame.
    pub page: Page,
    /// Why things stopped.
    pub causes: Vec<CauseItem>,
    /// Whether the list shows one cause.
    pub is_narrowed: bool,
    /// What stopped.
    pub rows: Vec<Row>,
    /// News from processors that could not be applied.
    pub events: Vec<Event>,
    /// Whether this person may do anything about it.
    pub may_change: bool,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// Why things stopped.
pub struct CauseItem {
    /// Its word in addresses and forms.
    pub word: String,
    /// The list with this cause alone.
    pub href: String,
    /// What kind of work, and at which account.
    pub what: String,
    /// What went wrong, in the words of whoever refused.
    pub error: String,
    /// How many.
    pub count: String,
    /// The button that tries all of them again.
    pub retry: String,
    /// When the first was given up.
    pub since: Option<Moment>,
    /// Whether the list shows it alone.
    pub current: bool,
}

/// Something that stopped.
pub struct Row {
    /// Its id.
    pub id: String,
    /// What kind of work.
    pub what: String,
    /// How often it was tried.
    pub tries: String,
    /// What went wrong.
    pub error: String,
    /// When it was given up.
    pub since: Option<Moment>,
    /// The refund that it is about, its amount and where it stands.
    pub refund: Option<(String, Amount, Tag)>,
    /// Who proposed to give it up.
    pub proposed_by: Option<String>,
}

/// News from a processor that could not be applied.
pub struct Event {
    /// Its id.
    pub id: String,
    /// The processor's word for it.
    pub kind: String,
    /// The account that it came for.
    pub account: String,
    /// Why it could not be applied.
    pub why: String,
    /// When it came.
    pub at: Moment,
}

/// Shows what stopped.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    // A cursor that is none of ours is the start.
    let after = visit.query("after").and_then(|text| OutboxId::parse(&text).ok()).map(String::from);
    let is_first = after.is_none();
    let found = read_outbox::stopped(&visit.desk, &context, visit.query("cause"), after).await?;
    let may_change = context.actor.may(Permission::Operate);
    shown(&Dlq::of(&visit.page, found, is_first, may_change), &visit.page)
}

/// Tries everything again that stopped for one cause.
pub async fn retry_all(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let cause = read_outbox::cause(&visit.desk, &context, form.get("cause")).await?;
    let again = outbox_admin::requeue_all(&visit.desk, &context, &cause).await?;
    visit.leave("success", &visit.page.t1("outbox-retried-all", "count", again))?;
    Ok(to(HERE))
}

/// Tries to apply an event again.
pub async fn retry_event(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let inbox_id = InboxId::parse(&visit.path("inbox_id")).map_err(|_| Refusal::new(Code::PathNotFound))?;
    let done = outbox_admin::requeue_event(&visit.desk, &visit.staff()?, inbox_id.as_str()).await;
    match done {
        Ok(()) => visit.leave("success", &visit.page.t("outbox-retried"))?,
        Err(refusal) if refusal.code == Code::State => {
            visit.leave("warning", &visit.page.t("outbox-overtaken"))?;
        }
        Err(refusal) => return Err(refusal),
    }
    Ok(to(HERE))
}

impl Dlq {
    /// The page.
    pub fn of(page: &Page, found: StoppedPage, is_first: bool, may_change: bool) -> Self {
        let address = |after: Option<&str>| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(found.cause.as_ref().map(|cause| ("cause", cause.as_str())));
            query.extend_pairs(after.map(|after| ("after", after)));
            let query = query.finish();
            if query.is_empty() { HERE.to_owned() } else { format!("{HERE}?{query}") }
        };
        Self {
            causes: found.causes.iter().map(|cause| CauseItem::of(page, cause, found.cause.as_deref())).collect(),
            is_narrowed: found.cause.is_some(),
            rows: found.letters.iter().map(|letter| Row::of(page, letter, &found.names)).collect(),
            events: found.events.iter().map(|event| Event::of(page, event)).collect(),
            may_change,
            first: (!is_first).then(|| address(None)),
            next: found.next.as_deref().map(|after| address(Some(after))),
            page: page.clone(),
        }
    }
}

impl Event {
    fn of(page: &Page, event: &InboxRow) -> Self {
        let why = match event.status.as_str() {
            "unmatched" => page.t("outbox-event-unmatched"),
            _ => error_words(page, event.note.as_deref()),
        };
        Self {
            id: event.inbox_id.clone(),
            kind: event.event_type.clone(),
            account: event.account.clone(),
            why,
            at: moment(page, event.received_at),
        }
    }
}

impl CauseItem {
    fn of(page: &Page, (word, counted): &(String, CauseCount), chosen: Option<&str>) -> Self {
        let current = chosen == Some(word);
        Self {
            word: word.clone(),
            href: if current { HERE.to_owned() } else { format!("{HERE}?cause={word}") },
            what: what(page, &counted.cause.kind, counted.cause.account.as_deref()),
            error: error_words(page, counted.cause.error.as_deref()),
            count: page.lang().number(counted.rows),
            retry: page.t1("outbox-retry-all", "count", counted.rows),
            since: counted.since.map(|at| moment(page, at)),
            current,
        }
    }
}

impl Row {
    fn of(page: &Page, letter: &DeadLetter, names: &Names) -> Self {
        let row = &letter.row;
        let refund = letter.refund.as_ref().map(|refund| {
            let lang = page.lang();
            let tag = Tag::of(&lang, refund.state, refund.qualifier);
            (refund.refund_id.to_string(), Amount::of(&lang, refund.amount), tag)
        });
        Self {
            id: row.outbox_id.clone(),
            what: what(page, &row.kind, row.account.as_deref()),
            tries: page.t1("outbox-tries", "count", row.attempts),
            error: error_words(page, row.last_error.as_deref()),
            since: row.finished_at.map(|at| moment(page, at)),
            refund,
            proposed_by: letter.proposal.as_ref().map(|proposal| who(page, names, &proposal.proposed_by.to_string())),
        }
    }
}

/// What kind of work, and at which account.
pub(super) fn what(page: &Page, kind: &str, account: Option<&str>) -> String {
    let kind = page.t(term("outbox-kind-", kind));
    match account {
        Some(account) => page.t2("outbox-kind-at", "kind", kind, "account", account),
        None => kind,
    }
}

pub(super) fn error_words(page: &Page, error: Option<&str>) -> String {
    error.map_or_else(|| page.t("outbox-no-error"), str::to_owned)
}

pub(super) fn moment(page: &Page, micros: i64) -> Moment {
    Moment::of(&page.lang(), jiff::Timestamp::from_microsecond(micros).unwrap_or_default())
}
