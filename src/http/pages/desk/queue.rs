//! The queue: what waits for people, the most urgent first, in five views; live without anything moving under the cursor.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::HttpResponse;
use askama::Template;
use jiff::Timestamp;

use super::narrow::{Bar, Filters, OF_QUEUE, sums};
use super::views::{self, Saved};
use crate::domain::access::Permission;
use crate::domain::review::View;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Tag, rail_words, reason_words, term};
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_queue::{Count, Mark, Queue, Queued, read_queue};
use crate::services::refusal::Refusal;

/// The page; the block `news` is what a live page asks for.
#[derive(Template)]
#[template(path = "desk/queue.html", blocks = ["news"])]
pub struct QueuePage {
    /// The frame.
    pub page: Page,
    /// All views, with how many are in each.
    pub tabs: Vec<Tab>,
    /// What happened since the page was made, where something did.
    pub news: Option<String>,
    /// This page anew.
    pub here: String,
    /// Where a live page asks what happened since it was made.
    pub live: String,
    /// The views that people keep.
    pub saved: Saved,
    /// The filters.
    pub bar: Bar,
    /// What this page of the view comes to.
    pub sums: String,
    /// The requests.
    pub rows: Vec<Row>,
    /// Whether they wait for a second approval, which begins with comparing.
    pub compares: bool,
    /// Whether this person may claim and decide.
    pub works: bool,
    /// That there is nothing, where there is nothing.
    pub nothing_title: String,
    /// Why.
    pub nothing: String,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// A view to choose.
pub struct Tab {
    /// The view.
    pub href: String,
    /// Its name.
    pub name: String,
    /// How many are in it.
    pub count: String,
    /// Whether it is shown.
    pub current: bool,
}

/// A request.
pub struct Row {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// How the payer paid.
    pub rail: String,
    /// Where it stands.
    pub tag: Tag,
    /// When it is due, where it is.
    pub due: Option<Due>,
    /// When it changed last.
    pub updated: Moment,
    /// Who holds it.
    pub owner: Option<String>,
}

/// When something is due.
pub struct Due {
    /// The moment.
    pub at: Moment,
    /// How far that is from now.
    pub words: String,
    /// Whether it has passed.
    pub late: bool,
}

/// Shows a page of a view; only what is new of it where a live page asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    // A view or cursor that is none of ours is the first.
    let view = visit.query("view").and_then(|word| word.parse().ok()).unwrap_or(View::Unclaimed);
    let after = visit.query("after").and_then(|text| read_mark(&text));
    let filters = Filters::of(&visit, &context, OF_QUEUE);
    let base = format!("/desk/queue?view={view}");
    let is_first = after.is_none();
    let cursor = after.as_ref().map(write_mark);
    let found = read_queue(&visit.desk, &context, view, filters.narrowed.clone(), after).await?;
    let saved = views::saved(&visit, &context).await?;
    let page = &visit.page;
    let lang = page.lang();
    let tab = |&(each, count): &(View, Count)| Tab {
        href: filters.address(&format!("/desk/queue?view={each}"), &[]),
        name: page.t(term("desk-view-", each.as_str())),
        count: counted(page, count),
        current: each == view,
    };
    let listed = sums(found.items.iter().map(|item| &item.refund.amount)).into_iter().map(|sum| lang.money(sum));
    let nothing = match &found.last_closed {
        _ if filters.any() => page.t("desk-queue-none-match-why"),
        Some((at, who)) => page.t2("desk-queue-clear-why", "who", who.as_str(), "at", lang.datetime(*at)),
        None => page.t("desk-queue-none-why"),
    };
    let cursor: Vec<(&str, &str)> = cursor.iter().map(|cursor| ("after", cursor.as_str())).collect();
    let since = Since::of(&visit, &found);
    let seen = [("seen", since.seen.as_str()), ("newest", since.newest.as_str())];
    let screen = QueuePage {
        tabs: found.counts.iter().map(tab).collect(),
        news: since.news(page, &found),
        here: filters.address(&base, &cursor),
        live: filters.address(&base, &[cursor.as_slice(), &seen].concat()),
        saved,
        bar: filters.bar(page, "/desk/queue", &base, &found.holders),
        sums: listed.reduce(|first, next| page.t2("desk-queue-sum", "first", first, "next", next)).unwrap_or_default(),
        rows: found.items.iter().map(|item| Row::of(page, item, context.now, context.system_now)).collect(),
        compares: view == View::Second,
        works: context.actor.may(Permission::RefundDecide),
        nothing_title: page.t(if filters.any() { "desk-queue-none-match" } else { "desk-queue-none" }),
        nothing,
        first: (!is_first).then(|| filters.address(&base, &[])),
        next: found.next.as_ref().map(|mark| filters.address(&base, &[("after", &write_mark(mark))])),
        page: page.clone(),
    };
    if visit.wants_part() { shown(&screen.as_news(), page) } else { shown(&screen, page) }
}

/// A count as people read it: beyond what is counted there are more.
pub fn counted(page: &Page, count: Count) -> String {
    let number = page.lang().number(count.number);
    if count.more { page.t1("queue-count-more", "count", number) } else { number }
}

/// What a page showed when it was made.
struct Since {
    /// Its rows, as one word.
    seen: String,
    /// The request that had come last, of all.
    newest: String,
}

impl Since {
    /// What the page showed that asks, else what this one shows.
    fn of(visit: &Visit, found: &Queue) -> Self {
        let own = || visit.query("seen").zip(visit.query("newest")).filter(|_| visit.wants_part());
        let newest = || found.newest.as_ref().map(ToString::to_string).unwrap_or_default();
        let (seen, newest) = own().unwrap_or_else(|| (outline(found), newest()));
        Self { seen, newest }
    }

    /// What happened since, in words.
    fn news(&self, page: &Page, found: &Queue) -> Option<String> {
        if outline(found) == self.seen {
            return None;
        }
        let new = found.items.iter().filter(|item| item.refund.refund_id.as_str() > self.newest.as_str()).count();
        Some(if new > 0 { page.t1("queue-news", "count", new) } else { page.t("queue-changed") })
    }
}

/// The rows of a page as one word: which, in which order, as they stand and who holds them.
fn outline(found: &Queue) -> String {
    let mut hasher = DefaultHasher::new();
    for item in &found.items {
        (item.refund.refund_id.as_str(), item.refund.version, &item.owner).hash(&mut hasher);
    }
    format!("{:x}", hasher.finish())
}

impl Row {
    /// A row of queue or list.
    pub fn of(page: &Page, item: &Queued, now: Timestamp, system_now: Timestamp) -> Self {
        let lang = page.lang();
        let refund = &item.refund;
        let claim = item.review.as_ref().and_then(|review| review.claim.as_ref());
        let left = claim.map(|claim| minutes_until(claim.until, system_now).max(1));
        Self {
            id: refund.refund_id.to_string(),
            order_id: refund.order_id.clone(),
            customer: item.customer.clone(),
            amount: Amount::of(&lang, refund.amount),
            reason: reason_words(&lang, refund.reason),
            rail: rail_words(&lang, refund.rail),
            tag: Tag::of(&lang, refund.state, refund.qualifier),
            due: item.review.as_ref().map(|review| Due::of(page, review.due_at, now)),
            updated: Moment::of(&lang, refund.updated_at),
            owner: item
                .owner
                .as_ref()
                .zip(left)
                .map(|(name, left)| page.t2("desk-queue-owner", "name", name.as_str(), "minutes", left)),
        }
    }
}

impl Due {
    /// When something is due, seen from now.
    pub fn of(page: &Page, due_at: Timestamp, now: Timestamp) -> Self {
        let minutes = minutes_until(due_at, now);
        let late = minutes < 0;
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let span = match hours {
            0 => page.t1("desk-time-minutes", "minutes", rest),
            1..48 => page.t2("desk-time-hours", "hours", hours, "minutes", rest),
            _ => page.t1("desk-time-days", "days", hours / 24),
        };
        let words = page.t1(if late { "desk-due-late" } else { "desk-due-in" }, "time", span);
        Self { at: Moment::of(&page.lang(), due_at), words, late }
    }
}

fn minutes_until(at: Timestamp, now: Timestamp) -> i64 {
    at.as_second().saturating_sub(now.as_second()).div_euclid(60)
}

/// A cursor as it stands in an address: when due, amount, id.
fn write_mark(mark: &Mark) -> String {
    format!("{}.{}.{}", mark.due_at, mark.amount_minor, mark.refund_id)
}

fn read_mark(text: &str) -> Option<Mark> {
    let mut parts = text.splitn(3, '.');
    Some(Mark {
        due_at: parts.next()?.parse().ok()?,
        amount_minor: parts.next()?.parse().ok()?,
        refund_id: parts.next()?.to_owned(),
    })
}
