//! A request that is being written: the answers given so far, kept on the server under the customer and the order, and
//! what they come to.

use serde::{Deserialize, Serialize};

use actix_web::HttpResponse;

use super::step::{Step, StepName, order_address};
use crate::domain::allocation::{self, Share, Wanted};
use crate::domain::id::EvidenceId;
use crate::domain::money::Money;
use crate::domain::order::{Rail, Usage};
use crate::domain::refund::Reason;
use crate::http::pages::session;
use crate::http::pages::visit::{Visit, to};
use crate::services::read_evidence::{self, EvidenceRow};
use crate::services::read_orders::{self, OrderView};
use crate::services::refusal::{Code, Refusal};
use crate::services::{Context, drafts};

/// Where the session keeps the order that the customer is asking about.
const ORDER: &str = "order";

/// The answers given so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The idempotency key that the request will be made under.
    pub key: String,
    /// Lines with how many of each; empty where nothing is chosen, or lines cannot be.
    pub lines: Vec<ChosenLine>,
    /// Why.
    pub reason: Option<Reason>,
    /// In the customer's words.
    pub note: String,
    /// What was typed for a part, as it was typed.
    pub typed: String,
    /// How much; everything where `all`.
    pub share: Option<AmountChoice>,
    /// Files that were sent.
    pub evidence: Vec<EvidenceId>,
    /// The refund that the request became.
    pub sent: Option<String>,
}

/// A line with how many of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenLine {
    /// The shop's id of the line.
    pub line_id: String,
    /// How many.
    pub quantity: i64,
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountChoice {
    /// All of what was chosen, or all that is left.
    All,
    /// This many minor units.
    Part(i64),
}

/// A draft with the order that it is for.
pub struct Writing {
    /// Who writes.
    pub context: Context,
    /// The order as it stands.
    pub order: OrderView,
    /// How the payer paid, and so gets the money back.
    pub rail: Rail,
    /// What was captured, and what became of it.
    usage: Usage,
    /// The answers.
    pub draft: Draft,
}

/// What was found where a draft was looked for.
pub enum Opened {
    /// The draft.
    Here(Box<Writing>),
    /// None; the customer goes elsewhere.
    Elsewhere(HttpResponse),
}

/// Begins a draft for an order, or goes on with the one there is.
pub async fn begin(visit: &Visit, order_id: &str) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let order = read_orders::read_order(&visit.desk, &context, order_id).await?;
    if order.refundable().is_err() {
        return Ok(to(&order_address(order_id)));
    }
    session::put(&visit.session, ORDER, order_id)?;
    let kept = read(visit, &context, order_id).await?;
    if kept.is_none_or(|draft| draft.sent.is_some()) {
        let draft = Draft { key: visit.edge.ids.mint().to_string(), ..Draft::default() };
        keep(visit, &context, order_id, &draft).await?;
    }
    let first = StepName::of_order(lines_can_be_chosen(&order)).first().copied().unwrap_or(StepName::Reason);
    Ok(to(first.href()))
}

/// The draft that the customer is writing.
pub async fn open(visit: &Visit) -> Result<Opened, Refusal> {
    let context = visit.customer()?;
    let Some(order_id) = session::get(&visit.session, ORDER) else {
        return Ok(Opened::Elsewhere(to("/refunds")));
    };
    let order = read_orders::read_order(&visit.desk, &context, &order_id).await?;
    let elsewhere = Opened::Elsewhere(to(&order_address(&order_id)));
    let Some(draft) = read(visit, &context, &order_id).await? else { return Ok(elsewhere) };
    if let Some(refund_id) = &draft.sent {
        return Ok(Opened::Elsewhere(to(&format!("/refunds/r/{refund_id}"))));
    }
    let Ok((rail, usage)) = order.refundable().map(|payment| (payment.rail, payment.usage)) else {
        return Ok(elsewhere);
    };
    Ok(Opened::Here(Box::new(Writing { context, order, rail, usage, draft })))
}

async fn read(visit: &Visit, context: &Context, order_id: &str) -> Result<Option<Draft>, Refusal> {
    let text = drafts::read_draft(&visit.desk, context, order_id).await?;
    // A draft of an older version of the desk that no longer reads is no loss worth an error: it is begun again.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn keep(visit: &Visit, context: &Context, order_id: &str, draft: &Draft) -> Result<(), Refusal> {
    let text = serde_json::to_string(draft).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    drafts::keep_draft(&visit.desk, context, order_id, text).await
}

/// Whether lines can be chosen: there are some, they come to what was paid, and something of them is left.
fn lines_can_be_chosen(order: &OrderView) -> bool {
    let total = order.lines.iter().try_fold(0_i64, |sum, state| sum.checked_add(state.line.total_minor()?));
    let captured = order.refundable().map(|payment| payment.usage.captured_minor);
    let some_left = order.lines.iter().any(|state| state.left_minor() > 0);
    some_left && total.zip(captured.ok()).is_some_and(|(total, captured)| total == captured)
}

impl Writing {
    /// Keeps what was answered.
    pub async fn keep(&self, visit: &Visit) -> Result<(), Refusal> {
        keep(visit, &self.context, &self.order.order.order_id, &self.draft).await
    }

    /// The files that were sent and are still there.
    pub async fn evidence(&self, visit: &Visit) -> Result<Vec<EvidenceRow>, Refusal> {
        if self.draft.evidence.is_empty() {
            return Ok(Vec::new());
        }
        read_evidence::waiting(&visit.desk, &self.context, self.draft.evidence.clone()).await
    }

    /// The steps of this request.
    pub fn steps(&self) -> &'static [StepName] {
        StepName::of_order(lines_can_be_chosen(&self.order))
    }

    /// Where one is.
    pub fn step(&self, name: StepName) -> Step {
        Step::new(name, self.steps(), &self.order.order.order_id)
    }

    /// The step after this one.
    pub fn after(&self, name: StepName) -> HttpResponse {
        let at = self.steps().iter().position(|step| *step == name).unwrap_or(0);
        to(self.steps().get(at + 1).copied().unwrap_or(StepName::Check).href())
    }

    /// The first step before this one that is not answered yet, where there is one.
    pub fn unanswered_before(&self, name: StepName) -> Option<HttpResponse> {
        let before = self.steps().iter().take_while(|step| **step != name);
        let open = before.copied().find(|step| match step {
            StepName::Items => self.draft.lines.is_empty(),
            StepName::Reason => self.draft.reason.is_none(),
            StepName::Amount => self.draft.share.is_none(),
            // Nobody has to show anything.
            StepName::Evidence | StepName::Check => false,
        });
        open.map(|step| to(step.href()))
    }

    /// An amount in the order's currency.
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.order.order.currency)
    }

    /// What is left of the payment.
    pub fn remaining_minor(&self) -> i64 {
        self.usage.remaining_refundable_minor()
    }

    /// The most that can be asked for: what was chosen comes to, and never more than is left.
    pub fn most_minor(&self) -> i64 {
        let chosen: i64 = self.shares().iter().map(|share| share.amount_minor).sum();
        let left = self.remaining_minor();
        if self.draft.lines.is_empty() { left } else { chosen.min(left) }
    }

    /// How much is asked for.
    pub fn amount_minor(&self) -> i64 {
        match self.draft.share {
            Some(AmountChoice::Part(minor)) => minor,
            Some(AmountChoice::All) | None => self.most_minor(),
        }
    }

    /// Whether everything that was bought is chosen.
    pub fn is_everything(&self) -> bool {
        let all_of = |state: &allocation::LineState| {
            let chosen = self.draft.lines.iter().find(|line| line.line_id == state.line.line_id);
            chosen.is_some_and(|chosen| chosen.quantity == state.line.quantity)
        };
        self.draft.lines.is_empty() || self.order.lines.iter().all(all_of)
    }

    /// The lines as the request names them. A part of the amount is shared out over the chosen lines.
    pub fn wanted(&self) -> Vec<Wanted> {
        let shares = self.shares();
        let whole: i64 = shares.iter().map(|share| share.amount_minor).sum();
        let amount = self.amount_minor();
        if amount == whole {
            return self.chosen();
        }
        let lowered = allocation::lowered(&shares, amount).into_iter().filter(|share| share.amount_minor > 0);
        let part =
            |share: Share| Wanted { line_id: share.line_id, quantity: None, amount_minor: Some(share.amount_minor) };
        lowered.map(part).collect()
    }

    fn chosen(&self) -> Vec<Wanted> {
        let wanted = |line: &ChosenLine| Wanted {
            line_id: line.line_id.clone(),
            quantity: Some(line.quantity),
            amount_minor: None,
        };
        self.draft.lines.iter().map(wanted).collect()
    }

    /// What the chosen lines come to; nothing where one of them no longer is what it was.
    fn shares(&self) -> Vec<Share> {
        let captured = self.usage.captured_minor;
        let allocation = allocation::by_lines(&self.order.lines, captured, &self.chosen());
        allocation.map(|allocation| allocation.shares).unwrap_or_default()
    }

    /// Whether the chosen lines can still be given back as they were chosen.
    pub fn lines_still_hold(&self) -> bool {
        self.draft.lines.is_empty() || !self.shares().is_empty()
    }
}
