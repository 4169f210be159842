//! Orders, put together line by line and pushed over HTTP.

use percent_encoding::NON_ALPHANUMERIC;
use serde_json::{Value, json};

use super::answer::Answer;
use super::caller::Caller;

/// An order that was pushed.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Its id.
    pub(crate) id: String,
    /// The processor's id of its payment.
    pub(crate) transaction: String,
    /// Its currency.
    pub(crate) currency: String,
}

/// An order that is being put together: captured 100.00 USD by card, at a simulator that succeeds, unless told otherwise.
#[derive(Clone, Debug)]
pub(crate) struct OrderBuilder {
    shop: Caller,
    id: String,
    captured_minor: i64,
    currency: String,
    mode: String,
    rail: String,
    status: String,
    account: String,
    email: String,
    locale: String,
    placed_at: String,
    lines: Vec<Value>,
    more_payments: Vec<Value>,
    dispute_closed_at: Option<String>,
}

impl OrderBuilder {
    pub(crate) fn new(shop: &Caller, id: &str, placed_at: &str) -> Self {
        Self {
            shop: shop.clone(),
            id: id.to_owned(),
            captured_minor: 10_000,
            currency: "USD".to_owned(),
            mode: "succeeded".to_owned(),
            rail: "card".to_owned(),
            status: "captured".to_owned(),
            account: "simulator".to_owned(),
            email: format!("customer-{}@buyers.example", percent_encoding::utf8_percent_encode(id, NON_ALPHANUMERIC)),
            locale: "en".to_owned(),
            placed_at: placed_at.to_owned(),
            lines: Vec::new(),
            more_payments: Vec::new(),
            dispute_closed_at: None,
        }
    }

    /// What was captured, in minor units.
    pub(crate) fn captured(mut self, captured_minor: i64, currency: &str) -> Self {
        self.captured_minor = captured_minor;
        self.currency = currency.to_owned();
        self
    }

    /// How the simulator treats its refunds, with details where the mode has some: `failed_insufficient_funds`.
    pub(crate) fn mode(mut self, mode: &str) -> Self {
        self.mode = mode.to_owned();
        self
    }

    /// How it was paid.
    pub(crate) fn rail(mut self, rail: &str) -> Self {
        self.rail = rail.to_owned();
        self
    }

    /// Where its payment stands.
    pub(crate) fn status(mut self, status: &str) -> Self {
        self.status = status.to_owned();
        self
    }

    /// Who bought.
    pub(crate) fn customer(mut self, email: &str, locale: &str) -> Self {
        self.email = email.to_owned();
        self.locale = locale.to_owned();
        self
    }

    /// When it was placed and captured.
    pub(crate) fn placed_at(mut self, at: &str) -> Self {
        self.placed_at = at.to_owned();
        self
    }

    /// A line; without any, one line carries the whole.
    pub(crate) fn line(
        mut self,
        line_id: &str,
        quantity: i64,
        unit_amount_minor: i64,
        tax_minor: i64,
        discount_minor: i64,
    ) -> Self {
        self.lines.push(json!({
            "line_id": line_id, "description": format!("Line {line_id}"), "quantity": quantity,
            "unit_amount_minor": unit_amount_minor, "tax_minor": tax_minor, "discount_minor": discount_minor,
        }));
        self
    }

    /// A second payment, which makes a split tender where both are captured.
    pub(crate) fn paid_also_by(mut self, payment_id: &str, status: &str, captured_minor: i64) -> Self {
        self.more_payments.push(json!({
            "payment_id": payment_id, "provider_account": self.account, "rail": "wallet", "status": status,
            "connector_transaction_id": format!("sim_succeeded_{}_{payment_id}", self.id),
            "captured_minor": captured_minor, "captured_at": self.placed_at,
        }));
        self
    }

    /// The merchant says that a dispute ended in its favour.
    pub(crate) fn dispute_closed_at(mut self, at: &str) -> Self {
        self.dispute_closed_at = Some(at.to_owned());
        self
    }

    /// The processor's id of its payment.
    pub(crate) fn transaction(&self) -> String {
        format!("sim_{}_{}", self.mode, self.id)
    }

    /// The body as it is pushed.
    pub(crate) fn body(&self) -> Value {
        let whole = json!({
            "line_id": "1", "description": "Kettle", "quantity": 1, "unit_amount_minor": self.captured_minor,
        });
        let mut payments = vec![json!({
            "payment_id": "p1", "provider_account": self.account, "connector_transaction_id": self.transaction(),
            "rail": self.rail, "status": self.status, "captured_minor": self.captured_minor,
            "captured_at": self.placed_at,
        })];
        payments.extend(self.more_payments.iter().cloned());
        let mut body = json!({
            "customer": {"email": self.email, "name": "Ana Costa", "locale": self.locale},
            "currency": self.currency, "placed_at": self.placed_at,
            "lines": if self.lines.is_empty() { vec![whole] } else { self.lines.clone() },
            "payments": payments,
        });
        if let Some(at) = &self.dispute_closed_at {
            body["dispute_closed_at"] = json!(at);
        }
        body
    }

    /// Pushes it, whatever is answered.
    pub(crate) async fn send(&self) -> Answer {
        self.shop.request("PUT", &format!("/v1/orders/{}", self.id)).json(&self.body()).send().await
    }

    /// Pushes it.
    pub(crate) async fn push(self) -> Order {
        let answer = self.send().await;
        assert!([200, 201].contains(&answer.status), "{answer}");
        Order { transaction: self.transaction(), id: self.id, currency: self.currency }
    }
}

impl Order {
    /// Where it is read.
    pub(crate) fn path(&self) -> String {
        format!("/v1/orders/{}", self.id)
    }

    /// Where its refunds are asked for and listed.
    pub(crate) fn refunds_path(&self) -> String {
        format!("/v1/orders/{}/refunds", self.id)
    }
}
