//! An order at the desk: what was captured, what went back, and a request on the customer's behalf.

use std::time::Instant;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde_json::json;

use super::facts::{self, Other};
use super::narrow::Choice;
use crate::domain::access::Permission;
use crate::domain::allocation::LineState;
use crate::domain::idempotency::fingerprint;
use crate::domain::money::Money;
use crate::domain::refund::Reason;
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Value, rail_words, reason_words, term};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, to, written};
use crate::http::problem;
use crate::l10n::Args;
use crate::services::KeyScope;
use crate::services::read_orders::{self, OrderView as Read};
use crate::services::refusal::{Code, Refusal};
use crate::services::request_refund::{NOTE_LENGTH_MAX, RequestRefund, request_refund};
use crate::telemetry::metrics;

/// The route as keys know it.
const ROUTE: &str = "POST /desk/orders/{order_id}/refunds";

/// Refusals whose sentence is the same for people and for programs.
const SAID_AS_ON_THE_API: [Code; 5] =
    [Code::ExceedsRemaining, Code::NotCaptured, Code::ChargedBack, Code::SplitTender, Code::Idempotency];

/// The page.
#[derive(Template)]
#[template(path = "desk/order.html")]
pub struct OrderPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// The shop's number.
    pub id: String,
    /// Where the form goes.
    pub action: String,
    /// The facts.
    pub facts: Vec<Fact>,
    /// The lines: what each is and what it came to.
    pub lines: Vec<(String, String, Amount)>,
    /// Its refunds, newest first.
    pub refunds: Vec<Other>,
    /// What is left to refund, in a sentence; none where nothing can be asked for.
    pub left: Option<String>,
    /// Why nothing can be asked for.
    pub nothing: Option<String>,
    /// The currency.
    pub currency: &'static str,
    /// The reasons to choose from.
    pub reasons: Vec<Choice>,
    /// What was typed as an amount.
    pub typed: String,
    /// The note.
    pub note: String,
    /// The idempotency key.
    pub key: String,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    amount: String,
    reason: Option<Reason>,
    note: String,
    key: String,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let key = visit.edge.ids.mint().to_string();
    page_of(&visit, Typed { key, ..Typed::default() }, Faults::none(), StatusCode::OK).await
}

/// Asks for a refund on the customer's behalf. Whoever asks does not approve it.
pub async fn ask(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let started = Instant::now();
    let context = visit.staff()?;
    visit.count(Work::Create)?;
    let order_id = visit.path("order_id");
    let order = read_orders::read_order(&visit.desk, &context, &order_id).await?;
    let typed = Typed {
        amount: form.trimmed("amount").to_owned(),
        reason: form.get("reason").parse().ok(),
        note: form.trimmed("note").to_owned(),
        key: form.get("key").chars().filter(char::is_ascii_alphanumeric).take(64).collect(),
    };
    let page = &visit.page;
    let mut faults = Faults::none();
    let mut amount_minor = 0;
    match page.lang().parse_amount(&typed.amount, order.order.currency) {
        Ok(money) if money.minor > 0 => amount_minor = money.minor,
        Ok(_) => faults.add("amount", page.t("field-amount-negative")),
        Err(error) => {
            let example = Money::new(order.remaining_refundable_minor(), order.order.currency);
            let args = Args::new().with("example", page.lang().amount(example)).with("currency", example.currency);
            faults.add(
                "amount",
                page.lang().text(error.message_id(), &args.with("decimals", example.currency.exponent())),
            );
        }
    }
    if typed.note.is_empty() {
        faults.add("note", page.t("desk-ask-note-needed"));
    }
    if typed.note.chars().count() > NOTE_LENGTH_MAX {
        faults.add("note", page.t1("desk-refund-note-long", "most", NOTE_LENGTH_MAX));
    }
    let Some(reason) = typed.reason.filter(|_| faults.is_empty()) else {
        return page_of(&visit, typed, faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let payload = json!({"amount_minor": amount_minor, "reason": reason, "note": typed.note});
    let digest = fingerprint(&facts::order_address(&order_id), &payload)
        .map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let principal = context.actor.principal.to_string();
    let command = RequestRefund {
        order_id,
        amount_minor: Some(amount_minor),
        currency: Some(order.order.currency),
        reason,
        lines: Vec::new(),
        note: Some(typed.note.clone()),
        evidence: Vec::new(),
        metadata: std::collections::BTreeMap::new(),
        expected_remaining_minor: None,
        key: Some((KeyScope { principal, route: ROUTE.to_owned(), key: typed.key.clone() }, digest)),
    };
    match request_refund(&visit.desk, &context, command).await {
        Ok(asked) => {
            let refund_id = asked.refund_id()?;
            metrics::refund_created(started.elapsed());
            visit.leave("success", &page.t("desk-ask-done"))?;
            Ok(to(&format!("/desk/refunds/{refund_id}")))
        }
        Err(refusal) if SAID_AS_ON_THE_API.contains(&refusal.code) => {
            faults.add("amount", page.t(problem::shape(refusal.code).message_id));
            page_of(&visit, typed, faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(refusal) => Err(refusal),
    }
}

async fn page_of(visit: &Visit, typed: Typed, faults: Faults, status: StatusCode) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let read = read_orders::read_order(&visit.desk, &context, &visit.path("order_id")).await?;
    let page = if faults.is_empty() { visit.page.clone() } else { visit.page.clone().with_faults() };
    let lang = page.lang();
    let may_ask = context.actor.may(Permission::RefundCreate);
    let remaining = Money::new(read.remaining_refundable_minor(), read.order.currency);
    let refundable = read.refundable().is_ok();
    let screen = OrderPage {
        faults,
        id: read.order.order_id.clone(),
        action: format!("{}/refunds", facts::order_address(&read.order.order_id)),
        facts: order_facts(&page, &read),
        lines: lines(&page, &read),
        refunds: read.refunds.iter().rev().map(|refund| facts::other(&page, refund)).collect(),
        left: (refundable && may_ask).then(|| lang.money(remaining)),
        nothing: (!refundable).then(|| page.t("desk-order-nothing")),
        currency: read.order.currency.code(),
        reasons: reasons(&page, typed.reason.unwrap_or(Reason::Goodwill)),
        typed: typed.amount,
        note: typed.note,
        key: typed.key,
        page: page.clone(),
    };
    written(status, &screen, &page)
}

fn reasons(page: &Page, chosen: Reason) -> Vec<Choice> {
    let choice = |&reason: &Reason| Choice {
        word: reason.as_str(),
        name: reason_words(&page.lang(), reason),
        chosen: reason == chosen,
    };
    Reason::ALL.iter().map(choice).collect()
}

fn lines(page: &Page, read: &Read) -> Vec<(String, String, Amount)> {
    let lang = page.lang();
    let currency = read.order.currency;
    let line = |state: &LineState| {
        let line = &state.line;
        let total = Money::new(line.total_minor().unwrap_or_default(), currency);
        (line.description.clone(), facts::line_sum(page, line, currency), Amount::of(&lang, total))
    };
    read.lines.iter().map(line).collect()
}

fn order_facts(page: &Page, read: &Read) -> Vec<Fact> {
    let lang = page.lang();
    let usage = read.usage();
    let money =
        |id: &str, minor| Fact::new(&lang, id, Value::Money(Amount::of(&lang, Money::new(minor, read.order.currency))));
    let id = |name: &str, value: &str| Fact::new(&lang, name, Value::Id(value.to_owned()));
    let mut facts = vec![id("desk-fact-order", &read.order.order_id)];
    if let Some(customer) = &read.customer {
        facts.push(Fact::words(&lang, "desk-fact-customer", customer.name.clone()));
        facts.push(id("desk-fact-email", &customer.email));
    }
    facts.push(Fact::new(&lang, "desk-fact-placed", Value::Moment(Moment::of(&lang, read.order.placed_at))));
    facts.extend(read.order.external_reference.as_deref().map(|text| id("desk-fact-external", text)));
    facts.push(money("desk-capacity-captured", usage.captured_minor));
    facts.push(money("desk-fact-committed", usage.committed_minor));
    facts.push(money("desk-capacity-left", read.remaining_refundable_minor()));
    for payment in &read.payments {
        let status = page.t(term("desk-payment-", payment.status.as_str()));
        let words = page.t2("desk-queue-sum", "first", rail_words(&lang, payment.rail), "next", status);
        facts.push(Fact::words(&lang, "desk-fact-rail", words));
        facts.push(Fact::words(&lang, "desk-fact-account", payment.provider_account.clone()));
        facts.push(id("desk-fact-transaction", &payment.connector_transaction_id));
    }
    facts
}
