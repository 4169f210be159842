//! The body that pushes an order: its shape for the reference, and its reading into the domain's order.

use utoipa::ToSchema;

use super::fields::{AMOUNT_MINOR_MAX, At, Faults};
use super::schema;
use crate::domain::currency::Currency;
use crate::domain::order::{Customer, Line, Order, Payment, PaymentStatus, Rail};
use crate::services::push_order::LINES_MAX;
use crate::services::refusal::{Code, Refusal};

/// The merchant's ids: orders, lines, payments, transactions, accounts.
const ID_CHARACTERS_MAX: usize = 128;
/// Names, descriptions and references, shown on one line.
const LINE_CHARACTERS_MAX: usize = 300;
/// The longest address that mail can carry (RFC 5321).
const EMAIL_CHARACTERS_MAX: usize = 254;
const LANGUAGE_CHARACTERS_MAX: usize = 35;
/// Payments of one order; more than one captured is a split tender anyway.
const PAYMENTS_MAX: usize = 20;
const QUANTITY_MAX: i64 = 1_000_000;

/// An order with its lines and payments. Pushing it again replaces it.
#[derive(ToSchema)]
#[schema(as = Order)]
pub struct OrderBody {
    /// Who bought.
    pub customer: CustomerBody,
    /// Currency of every amount in it, ISO 4217.
    #[schema(schema_with = schema::currency)]
    pub currency: String,
    /// When it was placed, RFC 3339.
    #[schema(schema_with = schema::moment)]
    pub placed_at: String,
    /// What was bought; shipping is a line.
    #[schema(max_items = 2000)]
    pub lines: Vec<LineBody>,
    /// How it was paid. Two captured payments make a split tender.
    #[schema(max_items = 20)]
    pub payments: Vec<PaymentBody>,
    /// Your own reference, such as an RMA number.
    #[schema(max_length = 300)]
    pub external_reference: Option<String>,
    /// When a dispute over its payment was closed in your favour; undoes `charged_back`.
    #[schema(schema_with = schema::optional_moment, required = false)]
    pub dispute_closed_at: Option<String>,
}

/// The customer of an order.
#[derive(ToSchema)]
#[schema(as = Customer)]
pub struct CustomerBody {
    /// E-mail address; compared without case.
    #[schema(max_length = 254)]
    pub email: String,
    /// Name, for letters.
    #[schema(max_length = 300)]
    pub name: Option<String>,
    /// Language tag for pages and letters, such as `en` or `ar`.
    #[schema(max_length = 35)]
    pub locale: Option<String>,
}

/// One line of an order. Tax and discount are of the whole line.
#[derive(ToSchema)]
#[schema(as = OrderLine)]
pub struct LineBody {
    /// Your id of the line, unique in the order.
    #[schema(max_length = 128)]
    pub line_id: String,
    /// What it is.
    #[schema(max_length = 300)]
    pub description: String,
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// Price of one before tax and discount, in minor units.
    #[schema(minimum = 0)]
    pub unit_amount_minor: i64,
    /// Tax of the whole line; 0 where it is missing.
    #[schema(minimum = 0)]
    pub tax_minor: Option<i64>,
    /// Discount of the whole line, as a positive number; 0 where it is missing.
    #[schema(minimum = 0)]
    pub discount_minor: Option<i64>,
}

/// A payment of an order.
#[derive(ToSchema)]
#[schema(as = Payment)]
pub struct PaymentBody {
    /// Your id of the payment, unique in the order.
    #[schema(max_length = 128)]
    pub payment_id: String,
    /// The provider account that captured it.
    #[schema(max_length = 128)]
    pub provider_account: String,
    /// The processor's id of the payment.
    #[schema(max_length = 128)]
    pub connector_transaction_id: String,
    /// How the payer paid.
    #[schema(schema_with = schema::rail)]
    pub rail: String,
    /// Where it stands.
    #[schema(schema_with = schema::payment_status)]
    pub status: String,
    /// What was captured, in minor units of the order's currency.
    #[schema(minimum = 0)]
    pub captured_minor: i64,
    /// When it was captured, RFC 3339.
    #[schema(schema_with = schema::optional_moment, required = false)]
    pub captured_at: Option<String>,
}

/// Reads the order's id as it stands in the path.
pub fn order_id(text: &str) -> Result<String, Refusal> {
    let long = text.chars().nth(ID_CHARACTERS_MAX).is_some();
    if text.is_empty() || long || text.trim() != text || text.chars().any(char::is_control) {
        let faults = Faults::default();
        faults.add("order_id".to_owned(), Code::Body, "field-not-an-id", &[]);
        return faults.finish(None);
    }
    Ok(text.to_owned())
}

/// Reads the body into an order of this id.
pub fn order(at: At<'_>, order_id: String) -> Option<Order> {
    let body = at.object(&[
        "customer",
        "currency",
        "placed_at",
        "lines",
        "payments",
        "external_reference",
        "dispute_closed_at",
    ])?;
    let customer = body.required("customer", Code::Body, customer);
    let currency = body.required("currency", Code::Currency, currency);
    let placed_at = body.required("placed_at", Code::Body, |at| at.moment());
    let lines = body.required("lines", Code::Body, |at| {
        let lines = at.items(LINES_MAX, Code::Body, line)?;
        distinct(&at, lines, |line| &line.line_id)
    });
    let payments = body.required("payments", Code::Body, |at| {
        let payments = at.items(PAYMENTS_MAX, Code::Body, payment)?;
        distinct(&at, payments, |payment| &payment.payment_id)
    });
    let external_reference =
        body.optional("external_reference", |at| at.line(LINE_CHARACTERS_MAX, Code::Body).map(str::to_owned));
    let dispute_closed_at = body.optional("dispute_closed_at", |at| at.moment());
    Some(Order {
        order_id,
        customer: customer?,
        currency: currency?,
        placed_at: placed_at?,
        lines: lines?,
        payments: payments?,
        external_reference: external_reference?,
        dispute_closed_at: dispute_closed_at?,
    })
}

/// A currency by its three capital letters.
pub fn currency(at: At<'_>) -> Option<Currency> {
    let text = at.text(Code::Currency)?;
    text.parse().ok().or_else(|| at.refuse(Code::Currency, "field-currency-unknown", &[]))
}

/// An id of the merchant's or a processor's.
pub fn id(at: At<'_>) -> Option<String> {
    at.line(ID_CHARACTERS_MAX, Code::Body).map(str::to_owned)
}

fn customer(at: At<'_>) -> Option<Customer> {
    let body = at.object(&["email", "name", "locale"])?;
    let email = body.required("email", Code::Body, |at| {
        let text = at.line(EMAIL_CHARACTERS_MAX, Code::Body)?;
        // What may stand around the one "@" is the mail server's to judge.
        let plausible = text.split('@').count() == 2 && !text.starts_with('@') && !text.ends_with('@');
        if plausible && !text.contains(char::is_whitespace) {
            Some(text.to_owned())
        } else {
            at.refuse(Code::Body, "field-email", &[])
        }
    });
    let name = body.optional("name", |at| at.line(LINE_CHARACTERS_MAX, Code::Body).map(str::to_owned));
    let locale = body.optional("locale", |at| {
        let text = at.line(LANGUAGE_CHARACTERS_MAX, Code::Body)?;
        let is_tag = text.parse::<unic_langid::LanguageIdentifier>().is_ok();
        if is_tag { Some(text.to_owned()) } else { at.refuse(Code::Body, "field-language", &[]) }
    });
    Some(Customer {
        email: email?,
        name: name?.unwrap_or_default(),
        locale: locale?.unwrap_or_else(|| "en".to_owned()),
    })
}

fn line(at: At<'_>) -> Option<Line> {
    let body =
        at.object(&["line_id", "description", "quantity", "unit_amount_minor", "tax_minor", "discount_minor"])?;
    let line_id = body.required("line_id", Code::Body, id);
    let description =
        body.required("description", Code::Body, |at| at.line(LINE_CHARACTERS_MAX, Code::Body).map(str::to_owned));
    let quantity = body.required("quantity", Code::Body, |at| at.integer_between(1, QUANTITY_MAX, Code::Body));
    let unit_amount_minor = body.required("unit_amount_minor", Code::AmountRange, amount);
    let tax_minor = body.optional("tax_minor", amount);
    let discount_minor = body.optional("discount_minor", amount);
    let line = Line {
        line_id: line_id?,
        description: description?,
        quantity: quantity?,
        unit_amount_minor: unit_amount_minor?,
        tax_minor: tax_minor?.unwrap_or(0),
        discount_minor: discount_minor?.unwrap_or(0),
    };
    match line.total_minor() {
        Some(total) if total <= AMOUNT_MINOR_MAX => Some(line),
        Some(_) | None => at.refuse(Code::AmountRange, "field-line-total", &[]),
    }
}

fn payment(at: At<'_>) -> Option<Payment> {
    let body = at.object(&[
        "payment_id",
        "provider_account",
        "connector_transaction_id",
        "rail",
        "status",
        "captured_minor",
        "captured_at",
    ])?;
    let payment_id = body.required("payment_id", Code::Body, id);
    let provider_account = body.required("provider_account", Code::Body, id);
    let connector_transaction_id = body.required("connector_transaction_id", Code::Body, id);
    let rail = body.required("rail", Code::Body, |at| at.word(Rail::ALL, Code::Body));
    let status = body.required("status", Code::Body, |at| at.word(PaymentStatus::ALL, Code::Body));
    let captured_minor = body.required("captured_minor", Code::AmountRange, amount);
    let captured_at = body.optional("captured_at", |at| at.moment());
    Some(Payment {
        payment_id: payment_id?,
        provider_account: provider_account?,
        connector_transaction_id: connector_transaction_id?,
        rail: rail?,
        status: status?,
        captured_minor: captured_minor?,
        captured_at: captured_at?,
    })
}

fn amount(at: At<'_>) -> Option<i64> {
    at.integer_between(0, AMOUNT_MINOR_MAX, Code::AmountRange)
}

/// The items where no two share an id.
pub fn distinct<T>(at: &At<'_>, items: Vec<T>, id: impl Fn(&T) -> &str) -> Option<Vec<T>> {
    let mut seen = std::collections::BTreeSet::new();
    if items.iter().all(|item| seen.insert(id(item))) {
        Some(items)
    } else {
        at.refuse(Code::Body, "field-repeated", &[])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::http::api::orders::example;

    fn faults(body: &Value) -> Vec<(String, &'static str)> {
        let Err(refusal) = Faults::collect(body, |at| order(at, "1".to_owned())) else { return Vec::new() };
        refusal.errors.into_iter().map(|error| (error.pointer, error.message_id)).collect()
    }

    fn changed(pointer: &str, value: Value) -> Value {
        let mut body = example();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    }

    #[test]
    fn the_example_is_an_order() {
        let order = Faults::collect(&example(), |at| order(at, "1001".to_owned())).unwrap();
        assert_eq!(order.order_id, "1001");
        let total: i64 = order.lines.iter().filter_map(Line::total_minor).sum();
        assert_eq!(total, order.payments[0].captured_minor);
    }

    #[test]
    fn every_fault_is_named_at_its_place() {
        for (pointer, value, message_id) in [
            ("/customer", json!("x"), "field-not-an-object"),
            ("/customer/email", json!("x"), "field-email"),
            ("/customer/email", json!("a@b@c"), "field-email"),
            ("/customer/locale", json!("not a tag"), "field-language"),
            ("/currency", json!("usd"), "field-currency-unknown"),
            ("/currency", json!("XAU"), "field-currency-unknown"),
            ("/currency", json!(null), "field-required"),
            ("/placed_at", json!("2026-11-20"), "field-not-a-time"),
            ("/placed_at", json!(1_700_000_000), "field-not-text"),
            ("/lines", json!({}), "field-not-a-list"),
            ("/lines/0/line_id", json!(""), "field-empty"),
            ("/lines/0/line_id", json!("x".repeat(129)), "field-too-long"),
            ("/lines/0/description", json!("a\u{7}b"), "field-control-characters"),
            ("/lines/0/quantity", json!(0), "field-too-small"),
            ("/lines/0/quantity", json!(1.0), "field-not-a-whole-number"),
            ("/lines/0/quantity", json!("1"), "field-not-a-whole-number"),
            ("/lines/0/quantity", json!(true), "field-not-a-whole-number"),
            ("/lines/0/unit_amount_minor", json!(-1), "field-too-small"),
            ("/lines/0/unit_amount_minor", json!(u64::MAX), "field-too-large"),
            ("/lines/0/unit_amount_minor", json!(1e30), "field-too-large"),
            ("/lines/0/unit_amount_minor", json!(i64::MAX), "field-too-large"),
            ("/payments/0/rail", json!("cash"), "field-not-allowed-word"),
            ("/payments/0/status", json!("Captured"), "field-not-allowed-word"),
            ("/payments/0/captured_minor", json!("100"), "field-not-a-whole-number"),
        ] {
            assert_eq!(faults(&changed(pointer, value)), [(pointer.to_owned(), message_id)], "{pointer}");
        }
        assert_eq!(
            faults(&changed("/lines/0/discount_minor", json!(999_999))),
            [("/lines/0".to_owned(), "field-line-total")]
        );
        let mut repeated = example();
        let line = repeated["lines"][0].clone();
        repeated["lines"].as_array_mut().unwrap().push(line);
        assert_eq!(faults(&repeated), [("/lines".to_owned(), "field-repeated")]);
    }

    #[test]
    fn many_faults_are_named_in_one_answer() {
        let faults = faults(&json!({"currency": 1, "lines": [{"line_id": "1", "price": 2}], "odd/one": null}));
        let pointers: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
        for expected in
            ["/customer", "/currency", "/placed_at", "/lines/0/price", "/lines/0/quantity", "/payments", "/odd~1one"]
        {
            assert!(pointers.contains(&expected), "{expected} in {pointers:?}");
        }
    }

    #[test]
    fn an_order_id_is_one_line() {
        assert!(order_id("1001").is_ok() && order_id("SO-2026/11 20").is_ok());
        for bad in ["", " x", "x\n", &"x".repeat(129)] {
            assert_eq!(order_id(bad).unwrap_err().code, Code::Body, "{bad:?}");
        }
    }
}
