//! The queue: what waits for people, the most urgent first, in five views.

use actix_web::HttpResponse;
use askama::Template;
use jiff::Timestamp;

use super::narrow::{Chip, Choice, Filters, sums};
use crate::domain::access::Permission;
use crate::domain::review::View;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Tag, reason_words, term};
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_queue::{Mark, Queued, read_queue};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "desk/queue.html")]
pub struct QueuePage {
    /// The frame.
    pub page: Page,
    /// The view that is shown.
    pub view: View,
    /// All views, with how many are in each.
    pub tabs: Vec<Tab>,
    /// The filters in force.
    pub chips: Vec<Chip>,
    /// The page without any of them.
    pub cleared: String,
    /// The reasons to choose from.
    pub reasons: Vec<Choice>,
    /// The rails to choose from.
    pub rails: Vec<Choice>,
    /// The texts of the other filters: currency, least, most, from, to.
    pub texts: [String; 5],
    /// What this page of the view comes to.
    pub sums: String,
    /// The requests.
    pub rows: Vec<Row>,
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
    /// Where it stands.
    pub tag: Tag,
    /// When it is due, where it is.
    pub due: Option<Due>,
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

/// Shows a page of a view.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    // A view or cursor that is none of ours is the first.
    let view = visit.query("view").and_then(|word| word.parse().ok()).unwrap_or(View::Unclaimed);
    let after = visit.query("after").and_then(|text| read_mark(&text));
    let filters = Filters::of(&visit);
    let base = format!("/desk/queue?view={view}");
    let is_first = after.is_none();
    let found = read_queue(&visit.desk, &context, view, filters.narrowed.clone(), after).await?;
    let page = &visit.page;
    let lang = page.lang();
    let tab = |&(each, count): &(View, i64)| Tab {
        href: filters.address(&format!("/desk/queue?view={each}"), &[]),
        name: page.t(term("desk-view-", each.as_str())),
        count: lang.number(count),
        current: each == view,
    };
    let listed = sums(found.items.iter().map(|item| &item.refund.amount)).into_iter().map(|sum| lang.money(sum));
    let nothing = match &found.last_closed {
        _ if filters.any() => page.t("desk-queue-none-match-why"),
        Some((at, who)) => page.t2("desk-queue-clear-why", "who", who.as_str(), "at", lang.datetime(*at)),
        None => page.t("desk-queue-none-why"),
    };
    let screen = QueuePage {
        view,
        tabs: found.counts.iter().map(tab).collect(),
        chips: filters.chips(page, &base),
        cleared: base.clone(),
        reasons: filters.reasons(page),
        rails: filters.rails(page),
        texts: ["currency", "min", "max", "from", "to"].map(|name| filters.text(name)),
        sums: listed.reduce(|first, next| page.t2("desk-queue-sum", "first", first, "next", next)).unwrap_or_default(),
        rows: found.items.iter().map(|item| Row::of(page, item, context.now, context.system_now)).collect(),
        works: context.actor.may(Permission::RefundDecide),
        nothing_title: page.t(if filters.any() { "desk-queue-none-match" } else { "desk-queue-none" }),
        nothing,
        first: (!is_first).then(|| filters.address(&base, &[])),
        next: found.next.map(|mark| filters.address(&base, &[("after", &write_mark(&mark))])),
        page: page.clone(),
    };
    shown(&screen, page)
}

impl Row {
    fn of(page: &Page, item: &Queued, now: Timestamp, system_now: Timestamp) -> Self {
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
            tag: Tag::of(&lang, refund.state, refund.qualifier),
            due: item.review.as_ref().map(|review| Due::of(page, review.due_at, now)),
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
