//! How orders look in answers.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;
use crate::domain::allocation::LineState;
use crate::domain::order::{PaymentStatus, Rail, RefundStatus};
use crate::services::read_orders::{self, PaymentRow};

/// An order as it stands, with what remains to be given back.
#[derive(Serialize, ToSchema)]
#[schema(as = OrderState)]
pub struct OrderView {
    /// Your id.
    pub order_id: String,
    /// Who bought; null after they were erased.
    pub customer: Option<CustomerView>,
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
    /// What can still be given back, in minor units.
    pub remaining_refundable_minor: i64,
    /// How much was given back.
    #[schema(schema_with = schema::refund_status)]
    pub refund_status: RefundStatus,
    /// When it was first pushed.
    #[schema(schema_with = schema::moment)]
    pub created_at: Timestamp,
    /// When it changed last.
    #[schema(schema_with = schema::moment)]
    pub updated_at: Timestamp,
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

impl From<read_orders::OrderView> for OrderView {
    fn from(shown: read_orders::OrderView) -> Self {
        let remaining_refundable_minor = shown.remaining_refundable_minor();
        let refund_status = shown.refund_status();
        let order = shown.order;
        Self {
            order_id: order.order_id,
            customer: shown.customer.map(|customer| CustomerView {
                email: customer.email,
                name: customer.name,
                locale: customer.locale,
            }),
            currency: order.currency.code(),
            placed_at: order.placed_at,
            lines: shown.lines.into_iter().map(LineView::from).collect(),
            payments: shown.payments.into_iter().map(PaymentView::from).collect(),
            external_reference: order.external_reference,
            remaining_refundable_minor,
            refund_status,
            created_at: order.created_at,
            updated_at: order.updated_at,
        }
    }
}

impl From<LineState> for LineView {
    fn from(LineState { line, .. }: LineState) -> Self {
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

impl From<PaymentRow> for PaymentView {
    fn from(payment: PaymentRow) -> Self {
        Self {
            payment_id: payment.payment_id,
            provider_account: payment.provider_account,
            connector_transaction_id: payment.connector_transaction_id,
            rail: payment.rail,
            status: payment.status,
            captured_minor: payment.usage.captured_minor,
            captured_at: payment.captured_at,
        }
    }
}
