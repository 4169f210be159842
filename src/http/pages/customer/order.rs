//! The order: what is left to refund, what was refunded, what was bought; or why nothing can be refunded.

use actix_web::HttpResponse;
use askama::Template;

use super::draft;
use super::reason::reason_for_customers;
use crate::domain::money::Money;
use crate::domain::order::PaymentStatus;
use crate::domain::refund::Refund;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Moment, Notice, Tag, rail_words};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown};
use crate::services::read_orders::{self, NotRefundable};
use crate::services::refusal::Refusal;

/// Shows an order of this customer.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.customer()?;
    let order = read_orders::read_order(&visit.desk, &context, &visit.path("order_id")).await?;
    shown(&OrderPage { page: visit.page.clone(), order: OrderView::of(&visit.page, &order) }, &visit.page)
}

/// Begins a request for an order.
pub async fn ask(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    draft::begin(&visit, form.get("order_id")).await
}

/// The page.
#[derive(Template)]
#[template(path = "customer/order.html")]
pub struct OrderPage {
    /// The frame.
    pub page: Page,
    /// The order.
    pub order: OrderView,
}

/// The order as its customer sees it.
pub struct OrderView {
    /// The shop's number.
    pub id: String,
    /// When it was placed, in words.
    pub placed: String,
    /// Why nothing can be refunded, where it cannot.
    pub notice: Option<Notice>,
    /// What is left to refund.
    pub left: Amount,
    /// Whether a refund can be asked for.
    pub may_ask: bool,
    /// Refunds so far, newest first.
    pub refunds: Vec<RefundItem>,
    /// How it was paid.
    pub paid_by: String,
    /// What was bought.
    pub lines: Vec<LineItem>,
    /// Paid, given back, left.
    pub sums: Vec<Sum>,
}

/// A refund in the list.
pub struct RefundItem {
    /// Its id.
    pub id: String,
    /// Its reason.
    pub what: String,
    /// When it was asked for.
    pub asked: Moment,
    /// How much.
    pub amount: Amount,
    /// Where it stands.
    pub tag: Tag,
}

/// A line of the order.
pub struct LineItem {
    /// What it is, in the shop's words.
    pub description: String,
    /// How many and at what price, where it is more than one.
    pub each: Option<String>,
    /// What it came to.
    pub total: Amount,
}

/// A line of the sum.
pub struct Sum {
    /// What it is.
    pub name: String,
    /// How much.
    pub amount: Amount,
    /// Whether it is the last word.
    pub total: bool,
}

impl OrderView {
    fn of(page: &Page, view: &read_orders::OrderView) -> Self {
        let lang = page.lang();
        let money = |minor: i64| Money::new(minor, view.order.currency);
        let amount = |minor: i64| Amount::of(&lang, money(minor));
        let usage = view.usage();
        let given = usage.committed_minor.saturating_add(usage.external_minor);
        let left = view.remaining_refundable_minor();
        let sum = |id: &str, minor: i64, total: bool| Sum { name: page.t(id), amount: amount(minor), total };
        let line = |state: &crate::domain::allocation::LineState| {
            let line = &state.line;
            let each = (line.quantity > 1).then(|| {
                page.t2("customer-order-line-each", "quantity", line.quantity, "price", money(line.unit_amount_minor))
            });
            let total = amount(line.total_minor().unwrap_or(0));
            LineItem { description: line.description.clone(), each, total }
        };
        Self {
            id: view.order.order_id.clone(),
            placed: page.t1("customer-order-placed", "date", lang.date(view.order.placed_at)),
            notice: view.refundable().err().map(|why| why_not(page, view, why)),
            left: amount(left),
            may_ask: left > 0,
            refunds: view.refunds.iter().rev().map(|refund| RefundItem::of(page, refund)).collect(),
            paid_by: view.payments.first().map(|payment| rail_words(&lang, payment.rail)).unwrap_or_default(),
            lines: view.lines.iter().map(line).collect(),
            sums: vec![
                sum("customer-order-paid", usage.captured_minor, false),
                sum("customer-order-given", given, false),
                sum("customer-order-left", left, true),
            ],
        }
    }
}

impl RefundItem {
    fn of(page: &Page, refund: &Refund) -> Self {
        let lang = page.lang();
        Self {
            id: refund.refund_id.to_string(),
            what: reason_for_customers(&lang, refund.reason),
            asked: Moment::of(&lang, refund.created_at),
            amount: Amount::of(&lang, refund.amount),
            tag: Tag::for_customers(&lang, refund.state, refund.closure),
        }
    }
}

/// Why nothing can be refunded, and what that means for the customer.
fn why_not(page: &Page, view: &read_orders::OrderView, why: NotRefundable) -> Notice {
    let has = |status: PaymentStatus| view.payments.iter().any(|payment| payment.status == status);
    let (kind, text) = match why {
        NotRefundable::NothingLeft => ("info", page.t("customer-order-none-left")),
        NotRefundable::SplitTender => ("warning", page.t("customer-order-split")),
        NotRefundable::ChargedBack => ("warning", page.t("customer-order-charged-back")),
        NotRefundable::NotCaptured if has(PaymentStatus::Pending) => {
            let lines = [page.t("refund-not-captured"), page.t("customer-order-not-captured")];
            ("info", lines.join(" "))
        }
        NotRefundable::NotCaptured if view.payments.is_empty() => {
            ("info", [page.t("refund-not-captured"), page.t("customer-order-no-payment")].join(" "))
        }
        NotRefundable::NotCaptured => {
            ("info", [page.t("refund-not-captured"), page.t("customer-order-payment-failed")].join(" "))
        }
    };
    Notice { kind, text }
}
