//! What waits to leave the house: calls to processors, letters, questions to the scanner; what is under way, how often it was
//! tried and when it is tried next.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::access::Permission;
use crate::domain::id::OutboxId;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, term};
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_outbox::{self, Load, Mark, OutboxRow, WaitingPage, Work};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "admin/outbox.html")]
pub struct Outbox {
    /// The frame.
    pub page: Page,
    /// The kinds of work, with how much there is of each.
    pub kinds: Vec<Kind>,
    /// How many rows stopped, in a sentence, where any did.
    pub stopped: Option<String>,
    /// What is under way.
    pub under_way: Vec<Row>,
    /// What waits.
    pub rows: Vec<Row>,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// A kind of work.
pub struct Kind {
    /// Where it is shown.
    pub href: String,
    /// Its name.
    pub name: String,
    /// How much there is.
    pub count: String,
    /// Whether it is shown.
    pub current: bool,
}

/// Something that waits or is under way.
pub struct Row {
    /// Its id.
    pub id: String,
    /// The refund that it is about.
    pub refund_id: Option<String>,
    /// The processor's account, where one is called.
    pub account: Option<String>,
    /// How often it was tried.
    pub attempts: String,
    /// When it is tried next, or until when somebody has it.
    pub due: Moment,
    /// Whether that has passed: it is due now.
    pub is_due: bool,
    /// What went wrong last.
    pub error: Option<String>,
}

/// Shows what waits of one kind.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    // A kind or cursor that is none of ours is the first.
    let work = visit.query("kind").and_then(|word| word.parse().ok()).unwrap_or(Work::Submit);
    let after = visit.query("after").and_then(|text| read_mark(&text));
    let is_first = after.is_none();
    let found = read_outbox::waiting(&visit.desk, &context, work, after).await?;
    shown(&Outbox::of(&visit.page, work, is_first, found), &visit.page)
}

impl Outbox {
    /// The page.
    pub fn of(page: &Page, work: Work, is_first: bool, found: WaitingPage) -> Self {
        let lang = page.lang();
        let kind = |load: &Load| Kind {
            href: address(load.work, None),
            name: page.t(term("outbox-kind-", load.work.as_str())),
            count: lang.number(load.waiting + load.under_way),
            current: load.work == work,
        };
        Self {
            kinds: found.loads.iter().map(kind).collect(),
            stopped: (found.stopped > 0).then(|| page.t1("outbox-stopped", "count", found.stopped)),
            under_way: found.under_way.iter().map(|row| Row::of(page, row, found.now)).collect(),
            rows: found.rows.iter().map(|row| Row::of(page, row, found.now)).collect(),
            first: (!is_first).then(|| address(work, None)),
            next: found.next.map(|mark| address(work, Some(&mark))),
            page: page.clone(),
        }
    }
}

impl Row {
    fn of(page: &Page, row: &OutboxRow, now: i64) -> Self {
        let lang = page.lang();
        let due_at = row.lease_until.unwrap_or(row.due_at);
        let may_read = page.person.as_ref().is_some_and(|person| person.permissions.contains(&Permission::RefundRead));
        Self {
            id: row.outbox_id.clone(),
            refund_id: row.refund_id.clone().filter(|_| may_read),
            account: row.account.clone(),
            attempts: lang.number(row.attempts),
            due: Moment::of(&lang, jiff::Timestamp::from_microsecond(due_at).unwrap_or_default()),
            is_due: row.lease_until.is_none() && due_at <= now,
            error: row.last_error.clone(),
        }
    }
}

fn address(work: Work, after: Option<&Mark>) -> String {
    match after {
        None => format!("/admin/outbox?kind={work}"),
        Some(mark) => format!("/admin/outbox?kind={work}&after={}.{}", mark.due_at, mark.outbox_id),
    }
}

fn read_mark(text: &str) -> Option<Mark> {
    let (due_at, outbox_id) = text.split_once('.')?;
    Some(Mark { due_at: due_at.parse().ok()?, outbox_id: OutboxId::parse(outbox_id).ok()?.into() })
}
