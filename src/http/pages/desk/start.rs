//! The start page of the desk: what is one's own, what the team has before it, what is due, and how sending goes.

use actix_web::HttpResponse;
use askama::Template;

use super::queue::{Row, Tab, counted};
use crate::domain::access::Permission;
use crate::domain::review::View;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_desk::{Account, Overview, read_desk};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "desk/start.html")]
pub struct Start {
    /// The frame.
    pub page: Page,
    /// Whether this person may claim and decide.
    pub works: bool,
    /// What is theirs, the first due first.
    pub mine: Vec<Row>,
    /// The views of the queue, and what is due, with how many are in each.
    pub figures: Vec<Tab>,
    /// Who holds how many now: name and number.
    pub holders: Vec<(String, String)>,
    /// How sending to each account goes.
    pub accounts: Vec<AccountRow>,
}

/// How sending to an account goes.
pub struct AccountRow {
    /// Its name.
    pub name: String,
    /// How it goes, in words.
    pub words: String,
    /// Name of its symbol.
    pub icon: &'static str,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let found = read_desk(&visit.desk, &context).await?;
    let page = &visit.page;
    let works = context.actor.may(Permission::RefundDecide);
    let lang = page.lang();
    let screen = Start {
        works,
        mine: found.mine.iter().map(|item| Row::of(page, item, context.now, context.system_now)).collect(),
        figures: figures(page, &found),
        holders: found.holders.iter().map(|(name, count)| (name.clone(), lang.number(*count))).collect(),
        accounts: found.accounts.iter().map(|account| AccountRow::of(page, account)).collect(),
        page: page.clone(),
    };
    shown(&screen, page)
}

/// Every figure leads to the rows that it counts.
fn figures(page: &Page, found: &Overview) -> Vec<Tab> {
    let figure = |href: String, name: String, count| Tab { href, name, count: counted(page, count), current: false };
    let due = |word: &str, id: &str, count| figure(format!("/desk/queue?view=unclaimed&due={word}"), page.t(id), count);
    // What is the reader's own stands above them.
    let of_team = found.counts.iter().filter(|(view, _)| *view != View::Mine);
    let views = of_team.map(|(view, count)| {
        figure(format!("/desk/queue?view={view}"), page.t(term("desk-view-", view.as_str())), *count)
    });
    let dues = [due("late", "desk-start-late", found.late), due("soon", "desk-start-soon", found.soon)];
    dues.into_iter().chain(views).collect()
}

impl AccountRow {
    fn of(page: &Page, account: &Account) -> Self {
        let lang = page.lang();
        let since = account.since.map(|since| lang.datetime(since)).unwrap_or_default();
        let (icon, words) = match (account.dead, account.waiting) {
            (0, 0) => ("seal", page.t("desk-start-account-fine")),
            (0, waiting) => ("hourglass", page.t2("desk-start-account-waits", "count", waiting, "since", since)),
            (dead, _) => ("triangle-alert", page.t1("desk-start-account-dead", "count", dead)),
        };
        Self { name: account.name.clone(), words, icon }
    }
}
