//! The list of refunds, newest first, by state.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::id::RefundId;
use crate::domain::refund::{Refund, State};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Tag, reason_words};
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_refunds::{self, Filter, PAGE_DEFAULT};
use crate::services::refusal::Refusal;

/// Shows a page of the list.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    // A state or cursor that is none of ours narrows nothing: the list is then the whole one, from its start.
    let state = visit.query("state").and_then(|word| word.parse::<State>().ok());
    let before = visit.query("cursor").and_then(|text| RefundId::parse(&text).ok());
    let first = before.is_some().then(|| address(state, None));
    let filter = Filter { states: state.into_iter().collect(), before, ..Filter::default() };
    let found = read_refunds::list_refunds(&visit.desk, &context, filter, PAGE_DEFAULT).await?;
    let screen = List {
        tabs: tabs(&visit.page, state),
        filtered: state.is_some(),
        refunds: found.items.iter().map(|view| Row::of(&visit.page, &view.refund)).collect(),
        first,
        next: found.next.map(|next| address(state, Some(&next))),
        page: visit.page.clone(),
    };
    shown(&screen, &visit.page)
}

/// The page.
#[derive(Template)]
#[template(path = "desk/list.html")]
pub struct List {
    /// The frame.
    pub page: Page,
    /// The states to choose from.
    pub tabs: Vec<Tab>,
    /// Whether one is chosen.
    pub filtered: bool,
    /// The refunds of this page of the list.
    pub refunds: Vec<Row>,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// A state to choose.
pub struct Tab {
    /// The list in this state.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub current: bool,
}

/// A refund in the list.
pub struct Row {
    /// Its id.
    pub id: String,
    /// The order that it is for.
    pub order_id: String,
    /// How much.
    pub amount: Amount,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub tag: Tag,
    /// When it was asked for.
    pub asked: Moment,
}

fn tabs(page: &Page, chosen: Option<State>) -> Vec<Tab> {
    let all = Tab { href: address(None, None), name: page.t("desk-list-all"), current: chosen.is_none() };
    let tab = |state: &State| Tab {
        href: address(Some(*state), None),
        name: Tag::of(&page.lang(), *state, None).word,
        current: chosen == Some(*state),
    };
    std::iter::once(all).chain(State::ALL.iter().map(tab)).collect()
}

fn address(state: Option<State>, cursor: Option<&RefundId>) -> String {
    let state = state.map(|state| format!("state={state}"));
    let cursor = cursor.map(|cursor| format!("cursor={cursor}"));
    let query: Vec<String> = state.into_iter().chain(cursor).collect();
    if query.is_empty() { "/desk/refunds".to_owned() } else { format!("/desk/refunds?{}", query.join("&")) }
}

impl Row {
    fn of(page: &Page, refund: &Refund) -> Self {
        let lang = page.lang();
        Self {
            id: refund.refund_id.to_string(),
            order_id: refund.order_id.clone(),
            amount: Amount::of(&lang, refund.amount),
            reason: reason_words(&lang, refund.reason),
            tag: Tag::of(&lang, refund.state, refund.qualifier),
            asked: Moment::of(&lang, refund.created_at),
        }
    }
}
