//! How orders look in answers.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;
use crate::domain::order::{Line, Order, Payment, PaymentStatus, Rail, RefundStatus};

/// An order as it stands, with what remains to be given back.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderState)]
pub struct OrderView {
    /// Your id.
    pub order_id: String,
    /// Who bought.
    pub customer: CustomerView,
    /// Currency of every amount in it.
    #[schema(schema_with = schema::currency)]
    pub currency: &'static str,
    /// When it was placed.
    #[schema(schema_with = schema::moment)]
    pub placed_at: Timestamp,
    /// What was bought.
    pub lines: Vec<LineView>,
    /// How it was paid.
    pub payments: Vec<PaymentView>,
    /// Your own reference.
    pub external_reference: Option<String>,
    /// When a dispute was closed in your favour.
    #[schema(schema_with = schema::optional_moment)]
    pub dispute_closed_at: Option<Timestamp>,
    /// What can still be given back, in minor units.
    pub remaining_refundable_minor: i64,
    /// How much was given back.
    #[schema(schema_with = schema::refund_status)]
    pub refund_status: RefundStatus,
}

/// The customer of an order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderStateCustomer)]
pub struct CustomerView {
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language.
    pub locale: String,
}

/// One line of an order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderStateLine)]
pub struct LineView {
    /// Your id of the line.
    pub line_id: String,
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// Price of one before tax and discount.
    pub unit_amount_minor: i64,
    /// Tax of the whole line.
    pub tax_minor: i64,
    /// Discount of the whole line.
    pub discount_minor: i64,
}

/// A payment of an order.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderStatePayment)]
pub struct PaymentView {
    /// Your id of the payment.
    pub payment_id: String,
    /// The provider account that captured it.
    pub provider_account: String,
    /// The processor's id of the payment.
    pub connector_transaction_id: String,
    /// How the payer paid.
    #[schema(schema_with = schema::rail)]
    pub rail: Rail,
    /// Where it stands.
    #[schema(schema_with = schema::payment_status)]
    pub status: PaymentStatus,
    /// What was captured.
    pub captured_minor: i64,
    /// When.
    #[schema(schema_with = schema::optional_moment)]
    pub captured_at: Option<Timestamp>,
}

/// A signed link that a shop gives its customer.
#[derive(Serialize, ToSchema)]
pub struct OrderLink {
    /// The address.
    pub url: String,
    /// Until when it works.
    #[schema(schema_with = schema::moment)]
    pub expires_at: Timestamp,
}

impl OrderView {
    /// An order with what remains of it.
    pub fn new(order: Order, remaining_refundable_minor: i64, refund_status: RefundStatus) -> Self {
        Self {
            order_id: order.order_id,
            customer: CustomerView {
                email: order.customer.email,
                name: order.customer.name,
                locale: order.customer.locale,
            },
            currency: order.currency.code(),
            placed_at: order.placed_at,
            lines: order.lines.into_iter().map(LineView::from).collect(),
            payments: order.payments.into_iter().map(PaymentView::from).collect(),
            external_reference: order.external_reference,
            dispute_closed_at: order.dispute_closed_at,
            remaining_refundable_minor,
            refund_status,
        }
    }
}

impl From<Line> for LineView {
    fn from(line: Line) -> Self {
        Self {
            line_id: line.line_id,
            description: line.description,
            quantity: line.quantity,
            unit_amount_minor: line.unit_amount_minor,
            tax_minor: line.tax_minor,
            discount_minor: line.discount_minor,
        }
    }
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        Self {
            payment_id: payment.payment_id,
            provider_account: payment.provider_account,
            connector_transaction_id: payment.connector_transaction_id,
            rail: payment.rail,
            status: payment.status,
            captured_minor: payment.captured_minor,
            captured_at: payment.captured_at,
        }
    }
}
