//! The first question: what is it about?

use actix_web::HttpResponse;
use askama::Template;

use super::draft::{self, ChosenLine, Opened, Writing};
use super::step::{Step, StepName};
use crate::domain::allocation::LineState;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Amount;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown};
use crate::services::refusal::Refusal;

/// More pieces than this are not listed one by one; all of them, or this many, can still be chosen.
const QUANTITIES_LISTED_MAX: i64 = 50;

/// The page.
#[derive(Template)]
#[template(path = "customer/items.html")]
pub struct Items {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// What can be chosen.
    pub items: Vec<Item>,
}

/// A line of the order that can be chosen.
pub struct Item {
    /// Id of its control.
    pub field: String,
    /// The shop's id of the line.
    pub line_id: String,
    /// What it is.
    pub description: String,
    /// What is left of it, where part of it was refunded.
    pub note: Option<String>,
    /// What it comes to.
    pub total: Amount,
    /// Whether it is chosen.
    pub chosen: bool,
    /// How many of it can be chosen.
    pub quantities: Vec<Quantity>,
}

/// A number of pieces.
pub struct Quantity {
    /// The number that is sent.
    pub number: i64,
    /// The number in the reader's digits.
    pub words: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(answer) = writing.unanswered_before(StepName::Items) {
        return Ok(answer);
    }
    shown(&screen(&visit.page, &writing, Faults::none()), &visit.page)
}

/// Takes the answer.
pub async fn answer(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let mut writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    let chosen: Vec<&str> = form.all("line").collect();
    let states = writing.order.lines.iter().filter(|state| chosen.contains(&state.line.line_id.as_str()));
    let line = |state: &LineState| {
        let sent = form.get(&format!("quantity:{}", state.line.line_id)).parse().unwrap_or(i64::MAX);
        ChosenLine { line_id: state.line.line_id.clone(), quantity: sent.clamp(1, state.left_quantity().max(1)) }
    };
    let lines: Vec<ChosenLine> = states.filter(|state| state.left_minor() > 0).map(line).collect();
    if lines != writing.draft.lines {
        // What was asked for of other lines says nothing about these.
        writing.draft.share = None;
        writing.draft.typed.clear();
    }
    writing.draft.lines = lines;
    let mut faults = Faults::none();
    if writing.draft.lines.is_empty() {
        faults.add_at("items", &field(0), visit.page.t("customer-items-none"));
    } else if !writing.lines_still_hold() {
        faults.add_at("items", &field(0), visit.page.t("customer-items-changed"));
    }
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        return refused(&screen(&page, &writing, faults), &page);
    }
    writing.keep(&visit).await?;
    Ok(writing.after(StepName::Items))
}

fn screen(page: &Page, writing: &Writing, faults: Faults) -> Items {
    let left = writing.order.lines.iter().filter(|state| state.left_minor() > 0);
    let items = left.enumerate().map(|(at, state)| Item::of(page, writing, at, state)).collect();
    Items { page: page.clone(), step: writing.step(StepName::Items), faults, items }
}

fn field(at: usize) -> String {
    format!("item-{at}")
}

impl Item {
    fn of(page: &Page, writing: &Writing, at: usize, state: &LineState) -> Self {
        let lang = page.lang();
        let left = state.left_quantity();
        let chosen = writing.draft.lines.iter().find(|line| line.line_id == state.line.line_id);
        let wanted = chosen.map_or(left, |chosen| chosen.quantity.clamp(1, left.max(1)));
        let listed = (1..=left.min(QUANTITIES_LISTED_MAX)).chain((left > QUANTITIES_LISTED_MAX).then_some(left));
        let quantity = |number: i64| Quantity { number, words: lang.number(number), chosen: number == wanted };
        let partly = state.left_minor() < state.line.total_minor().unwrap_or(0);
        Self {
            field: field(at),
            line_id: state.line.line_id.clone(),
            description: state.line.description.clone(),
            note: partly.then(|| page.t("customer-items-partly")),
            total: Amount::of(&lang, writing.money(state.left_minor())),
            chosen: chosen.is_some(),
            quantities: listed.map(quantity).collect(),
        }
    }
}
