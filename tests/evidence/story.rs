//! What every case stands on: the desk, its callers, the orders pushed so far, and the words that must not leak.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::exchange::{Answer, Archive, Caller};
use crate::witness::Witness;

/// Stands in every address, name and note of the run: where it shows up in what must hold none, something leaked.
pub(crate) const CANARY: &str = "canary7f3";

/// The card number that processors give out for tests; customers write such things into notes.
pub(crate) const CARD_NUMBER: &str = "4242424242424242";

/// How long anything takes at most that happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);

const AGENT_EMAIL: &str = "agent.canary7f3@desk.example";
const SENIOR_EMAIL: &str = "senior.canary7f3@desk.example";
const SECOND_EMAIL: &str = "second.canary7f3@desk.example";

/// The stage.
pub(crate) struct Stage {
    /// The desk.
    pub(crate) desk: Desk,
    /// What its neighbours saw.
    pub(crate) witness: Witness,
    /// Every request with its answer.
    pub(crate) archive: Arc<Archive>,
    /// The shop's back end.
    pub(crate) shop: Caller,
    /// An agent.
    pub(crate) agent: Caller,
    /// A senior agent.
    pub(crate) senior: Caller,
    /// Another one.
    pub(crate) second: Caller,
    /// Nobody: no token.
    pub(crate) stranger: Caller,
    /// Whoever sends webhooks through the public door, where the witness stands.
    pub(crate) door: Caller,
    aside: Caller,
    /// The senior agent's address and password.
    pub(crate) sign_in: (String, String),
    /// Payments whose refunds the processor's book may hold.
    pub(crate) transactions: Vec<String>,
    /// Each case with what came of it.
    pub(crate) verdicts: Vec<(String, String)>,
    /// Tokens and passwords, which must stand nowhere.
    pub(crate) secrets: Vec<String>,
    /// What the synthetic journeys said.
    pub(crate) journeys: Vec<Value>,
}

/// An order to push: 100.00 USD, captured six days ago by card, in one line.
#[derive(Clone)]
pub(crate) struct Order {
    /// Its number.
    pub(crate) id: String,
    /// What was captured, in minor units.
    pub(crate) captured_minor: i64,
    /// The currency.
    pub(crate) currency: String,
    /// How the simulated processor behaves.
    pub(crate) mode: String,
    /// Where its payment stands.
    pub(crate) status: String,
    /// Who bought: the address without its domain, the name, the language.
    pub(crate) customer: (String, String, String),
    /// What was bought, with its price; none means one line that carries the whole.
    pub(crate) items: Vec<(String, i64)>,
    /// What the customer writes.
    pub(crate) note: String,
    /// How long ago it was paid.
    pub(crate) days_ago: i64,
    /// A second captured payment.
    pub(crate) split: bool,
}

impl Order {
    /// An order with everything as usual, of a customer of its own.
    pub(crate) fn new(id: &str, mode: &str) -> Self {
        Self {
            id: id.to_owned(),
            captured_minor: 10_000,
            currency: "USD".to_owned(),
            mode: mode.to_owned(),
            status: "captured".to_owned(),
            customer: (format!("{CANARY}.{id}"), format!("Ada {CANARY}"), "en".to_owned()),
            items: Vec::new(),
            note: format!("My card is {CARD_NUMBER}, my name {CANARY}."),
            days_ago: 6,
            split: false,
        }
    }

    /// The customer's address.
    pub(crate) fn email(&self) -> String {
        format!("{}@buyers.example", self.customer.0)
    }

    /// The processor's id of the payment; it chooses the mode.
    pub(crate) fn transaction(&self) -> String {
        format!("sim_{}_{}", self.mode, self.id)
    }

    fn body(&self) -> Value {
        let paid_at = Timestamp::now().checked_sub(SignedDuration::from_hours(24 * self.days_ago)).unwrap_or_default();
        let paid_at = paid_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut payments = vec![json!({
            "payment_id": "p1", "provider_account": "simulator", "connector_transaction_id": self.transaction(),
            "rail": "card", "status": self.status, "captured_minor": self.captured_minor, "captured_at": paid_at,
        })];
        if self.split {
            payments.push(json!({
                "payment_id": "p2", "provider_account": "simulator", "rail": "wallet", "status": "captured",
                "connector_transaction_id": format!("{}_p2", self.transaction()), "captured_minor": 100,
                "captured_at": paid_at,
            }));
        }
        let whole = vec![("Blue lamp".to_owned(), self.captured_minor)];
        let items = if self.items.is_empty() { &whole } else { &self.items };
        let lines = items.iter().enumerate().map(|(place, (item, price_minor))| {
            json!({"line_id": (place + 1).to_string(), "description": item, "quantity": 1,
                   "unit_amount_minor": price_minor, "tax_minor": 0, "discount_minor": 0})
        });
        json!({
            "customer": {"email": self.email(), "name": self.customer.1, "locale": self.customer.2},
            "currency": self.currency, "placed_at": paid_at,
            "lines": lines.collect::<Vec<_>>(),
            "payments": payments,
        })
    }
}

impl Stage {
    /// A desk with people and tokens, serving.
    pub(crate) async fn set() -> Result<Self> {
        let witness = Witness::start()?;
        let mut desk = Desk::prepare(&witness.address)?;
        witness.stand_before(&desk.base);
        let people =
            [(AGENT_EMAIL, "agent", "Alex"), (SENIOR_EMAIL, "senior", "Sam"), (SECOND_EMAIL, "senior", "Toni")];
        let mut passwords = Vec::new();
        for (email, role, name) in people {
            passwords.push(desk.add_person(email, role, &format!("{name} {CANARY}"))?);
        }
        let decides = ["orders:read", "refunds:read", "refunds:decide"];
        let sells =
            ["orders:write", "orders:read", "refunds:create", "refunds:read", "refunds:decide", "refunds:submit"];
        let tokens = [
            desk.make_token("shop", &sells, None)?,
            desk.make_token("agent", &decides, Some(AGENT_EMAIL))?,
            desk.make_token("senior", &decides, Some(SENIOR_EMAIL))?,
            desk.make_token("second", &decides, Some(SECOND_EMAIL))?,
        ];
        desk.start(200).await?;
        let archive = Arc::new(Archive::default());
        let [shop, agent, senior, second] = &tokens;
        let caller =
            |name: &str, token: Option<&String>| Caller::new(name, token.map(String::as_str), &desk.base, &archive);
        let (shop, agent) = (caller("the shop", Some(shop))?, caller("an agent", Some(agent))?);
        let (senior, second) = (caller("a senior agent", Some(senior))?, caller("another senior agent", Some(second))?);
        let stranger = caller("nobody", None)?;
        let door = Caller::new("a sender of webhooks", None, &witness.address, &archive)?;
        let aside = Caller::new("nobody", None, &desk.base, &Arc::default())?;
        let senior_password = passwords.get(1).cloned().context("a password")?;
        let secrets = tokens.into_iter().chain(passwords).collect();
        Ok(Self {
            shop,
            agent,
            senior,
            second,
            stranger,
            door,
            aside,
            sign_in: (SENIOR_EMAIL.to_owned(), senior_password),
            secrets,
            desk,
            witness,
            archive,
            transactions: Vec::new(),
            verdicts: Vec::new(),
            journeys: Vec::new(),
        })
    }

    /// What follows belongs to this case.
    pub(crate) fn begin(&self, case: &str, title: &str) {
        println!("case {case}: {title}");
        self.archive.begin(case, title);
    }

    /// Says what came of a case.
    pub(crate) fn verdict(&mut self, case: &str, verdict: impl Into<String>) {
        let verdict = verdict.into();
        println!("  {verdict}");
        self.verdicts.push((case.to_owned(), verdict));
    }

    /// Pushes an order.
    pub(crate) async fn push(&mut self, order: &Order) -> Result<()> {
        let path = format!("/v1/orders/{}", order.id);
        let answer = self.shop.call(Method::PUT, &path).json(&order.body()).send().await?;
        ensure!([200, 201].contains(&answer.status), "the order {} was answered {}", order.id, answer.text());
        self.transactions.push(order.transaction());
        Ok(())
    }

    /// Asks for money back, whatever comes of it; without an amount for all that remains.
    pub(crate) async fn ask(
        &self,
        order: &Order,
        amount_minor: Option<i64>,
        reason: &str,
        key: &str,
    ) -> Result<Answer> {
        self.ask_traced(order, amount_minor, reason, key, None).await
    }

    /// The same as a part of a trace of the caller's.
    pub(crate) async fn ask_traced(
        &self,
        order: &Order,
        amount_minor: Option<i64>,
        reason: &str,
        key: &str,
        traceparent: Option<&str>,
    ) -> Result<Answer> {
        let mut body = json!({"currency": order.currency, "reason": reason, "note": order.note});
        if let Some(amount_minor) = amount_minor {
            body["amount_minor"] = json!(amount_minor);
        }
        let call = self.shop.call(Method::POST, &format!("/v1/orders/{}/refunds", order.id));
        let mut call = call.header("idempotency-key", key).header("x-correlation-id", &format!("evidence-{key}"));
        if let Some(traceparent) = traceparent {
            call = call.header("traceparent", traceparent);
        }
        call.json(&body).send().await
    }

    /// Pushes an order and asks for its refund, which has to be taken; the refund's id.
    pub(crate) async fn refund(&mut self, order: &Order, amount_minor: Option<i64>, reason: &str) -> Result<String> {
        self.push(order).await?;
        refund_id(&self.ask(order, amount_minor, reason, &format!("key-{}", order.id)).await?.expect(202)?)
    }

    /// What the processor's book holds of a payment: reference, status, amount.
    pub(crate) async fn book(&self, transaction: &str) -> Result<Vec<Value>> {
        let path = format!("/simulator/v1/refunds?connector_transaction_id={transaction}");
        let page = self.stranger.get(&path).await?.expect(200)?.json()?;
        Ok(page["data"].as_array().cloned().unwrap_or_default())
    }

    /// What remains of an order.
    pub(crate) async fn remaining(&self, order: &Order) -> Result<i64> {
        let shown = self.shop.get(&format!("/v1/orders/{}", order.id)).await?.expect(200)?.json()?;
        shown["remaining_refundable_minor"].as_i64().context("no remaining amount")
    }

    /// Waits until something was seen.
    pub(crate) async fn eventually<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            ensure!(begun.elapsed() < PATIENCE, "{what} did not come within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// A count among the metrics; 0 where the series has not begun.
    pub(crate) async fn count(&self, series: &str) -> Result<i64> {
        let text = self.metrics().await?;
        let line = text.lines().find_map(|line| line.strip_prefix(series).and_then(|rest| rest.strip_prefix(' ')));
        line.unwrap_or("0").parse().with_context(|| format!("{series} is no whole number"))
    }

    /// What Prometheus reads once the share of automatic decisions is measured, which it is every few seconds.
    pub(crate) async fn settled_metrics(&self) -> Result<String> {
        let begun = Instant::now();
        loop {
            let text = self.metrics().await?;
            if !text.contains("refund_auto_decision_rate_pct 0\n") {
                return Ok(text);
            }
            ensure!(begun.elapsed() < PATIENCE, "refund_auto_decision_rate_pct stays 0");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// What Prometheus reads; not a part of the archive.
    pub(crate) async fn metrics(&self) -> Result<String> {
        Ok(self.aside.get("/metrics").await?.expect(200)?.text())
    }
}

/// The refund that an answer tells of.
pub(crate) fn refund_id(answer: &Answer) -> Result<String> {
    answer.json()?["refund_id"].as_str().map(str::to_owned).context("the answer names no refund")
}

/// The state changes in a refund's history, by their event.
pub(crate) fn moves(events: &[Value]) -> Vec<String> {
    let moves = events.iter().filter(|event| event["kind"] == "transition");
    moves.filter_map(|event| event["details"]["event"].as_str().map(str::to_owned)).collect()
}

/// The ledger entries in a refund's history.
pub(crate) fn postings(events: &[Value]) -> Vec<String> {
    let postings = events.iter().filter(|event| event["kind"] == "posting");
    postings.filter_map(|event| event["details"]["entry"].as_str().map(str::to_owned)).collect()
}

/// Fails with what was found where it is not what was due.
pub(crate) fn due<T: PartialEq + std::fmt::Debug>(what: &str, found: T, wanted: T) -> Result<()> {
    ensure!(found == wanted, "{what}: {found:?}; {wanted:?} was due");
    Ok(())
}
