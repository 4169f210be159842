//! The list of all refunds, newest first: by state with how many there are, narrowed by its address, and as a file.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use askama::Template;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::narrow::{Bar, Filters, OF_LIST};
use super::queue::{Row, Tab, counted};
use super::views::{self, Saved};
use crate::domain::id::RefundId;
use crate::domain::refund::State;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Tag;
use crate::http::pages::stream::{Piece, Spout, pieces};
use crate::http::pages::visit::{Visit, shown};
use crate::services::Context;
use crate::services::export_refunds::export_refunds;
use crate::services::read_list::{Asked, Count, List as Found, SCAN_MAX, Wanted, read_list};
use crate::services::refusal::{Code, Refusal};

/// Where the list is.
const LIST: &str = "/desk/refunds";
/// What a file for a spreadsheet begins with, so that it reads names in all scripts.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The page.
#[derive(Template)]
#[template(path = "desk/list.html")]
pub struct List {
    /// The frame.
    pub page: Page,
    /// The states to choose from, with how many there are of each.
    pub tabs: Vec<Tab>,
    /// The views that people keep.
    pub saved: Saved,
    /// The filters.
    pub bar: Bar,
    /// What was typed to be found.
    pub text: String,
    /// Whether anything narrows the list.
    pub filtered: bool,
    /// The refunds of this page of the list.
    pub rows: Vec<Row>,
    /// What this list is as a file: for programs, and for a spreadsheet.
    pub files: [String; 2],
    /// What the file holds, in words.
    pub file_words: String,
    /// How far back was looked, in words, where not everything was; and what makes the search smaller.
    pub stopped: Option<Stopped>,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// A search that did not look at everything.
pub struct Stopped {
    /// How far it looked, in words.
    pub words: String,
    /// What makes it smaller: address and words.
    pub ways: Vec<(String, String)>,
}

/// Shows a page of the list.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let filters = Filters::of(&visit, &context, OF_LIST);
    let asked = asked(&visit, &filters);
    let is_first = asked.wanted.before.is_none();
    let found = read_list(&visit.desk, &context, asked).await?;
    let saved = views::saved(&visit, &context).await?;
    let page = &visit.page;
    let after = |next: &RefundId| filters.address(LIST, &[("cursor", next.as_str())]);
    let listed = total(&found, |state| filters.states.is_empty() || filters.states.contains(&state));
    let screen = List {
        tabs: tabs(page, &filters, &found),
        saved,
        bar: filters.bar(page, LIST, LIST, &found.holders),
        text: filters.text.clone().unwrap_or_default(),
        filtered: filters.any(),
        rows: found.items.iter().map(|item| Row::of(page, item, context.now, context.system_now)).collect(),
        files: [filters.address("/desk/refunds.csv", &[]), filters.address("/desk/refunds.csv", &[("bom", "1")])],
        file_words: page.t1("queue-file", "count", counted(page, listed)),
        stopped: found.stopped.then(|| stopped(page, &context, &filters, &found)),
        first: (!is_first).then(|| filters.address(LIST, &[])),
        next: found.next.as_ref().map(after),
        page: page.clone(),
    };
    shown(&screen, page)
}

/// Hands out the list as a file, row by row as it is read.
pub async fn download(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let filters = Filters::of(&visit, &context, OF_LIST);
    let asked = Asked { wanted: Wanted { before: None, ..asked(&visit, &filters).wanted }, text: filters.text.clone() };
    let day = context.now.strftime("%Y-%m-%d").to_string();
    let for_spreadsheets = visit.query("bom").as_deref() == Some("1");
    let (sender, receiver) = mpsc::channel::<Piece>(2);
    let desk = std::sync::Arc::clone(&visit.desk);
    let spout = Spout::new(sender.clone(), Handle::current());
    actix_web::rt::spawn(async move {
        if for_spreadsheets && sender.send(Ok(BYTE_ORDER_MARK.into())).await.is_err() {
            return;
        }
        let refusal = match export_refunds(&desk, &context, asked, spout).await {
            Ok(Ok(_)) => return,
            Ok(Err(error)) => Refusal::new(Code::Unavailable).because(error),
            Err(refusal) => refusal,
        };
        tracing::warn!(code = refusal.code.as_str(), cause = refusal.cause, "a list broke off");
        // The connection breaks off too, so that nobody takes a part for the whole; who left is told nothing.
        let _gone = sender.send(Err(refusal)).await;
    });
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(format!("refunds_{day}.csv"))],
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header(disposition)
        .streaming(pieces(receiver)))
}

fn asked(visit: &Visit, filters: &Filters) -> Asked {
    // A cursor that is none of ours is the start.
    let before = visit.query("cursor").and_then(|text| RefundId::parse(&text).ok());
    let wanted =
        Wanted { narrowed: filters.narrowed.clone(), states: filters.states.clone(), before, ..Wanted::default() };
    Asked { wanted, text: filters.text.clone() }
}

/// How many there are of these states together.
fn total(found: &Found, is_meant: impl Fn(State) -> bool) -> Count {
    let meant = found.counts.iter().filter(|(state, _)| is_meant(*state));
    meant.fold(Count::default(), |sum, (_, count)| Count {
        number: sum.number.saturating_add(count.number),
        more: sum.more || count.more,
    })
}

fn tabs(page: &Page, filters: &Filters, found: &Found) -> Vec<Tab> {
    let all = Tab {
        href: filters.address_without("state", LIST, &[]),
        name: page.t("desk-list-all"),
        count: counted(page, total(found, |_| true)),
        current: filters.states.is_empty(),
    };
    let tab = |(state, count): &(State, Count)| Tab {
        href: filters.address_without("state", LIST, &[("state", state.as_str())]),
        name: Tag::of(&page.lang(), *state, None).word,
        count: counted(page, *count),
        current: filters.states == [*state],
    };
    std::iter::once(all).chain(found.counts.iter().map(tab)).collect()
}

fn stopped(page: &Page, context: &Context, filters: &Filters, found: &Found) -> Stopped {
    let lang = page.lang();
    let words = page.t1("queue-stopped", "count", lang.number(SCAN_MAX));
    let since = |days: i64, id: &str| {
        let day = context.now.checked_sub(jiff::SignedDuration::from_hours(24 * days)).ok()?;
        let day = day.strftime("%Y-%m-%d").to_string();
        Some((filters.address_without("from", LIST, &[("from", &day)]), page.t(id)))
    };
    let on = found
        .next
        .as_ref()
        .map(|next| (filters.address(LIST, &[("cursor", next.as_str())]), page.t("queue-stopped-on")));
    let ways = [since(7, "queue-stopped-week"), since(30, "queue-stopped-month"), on];
    Stopped { words, ways: ways.into_iter().flatten().collect() }
}
