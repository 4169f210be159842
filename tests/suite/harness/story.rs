//! The story of a refund in lines, for snapshots: what is different in every run is replaced by what it is.

use serde_json::Value;

use super::app::TestApp;
use super::orders::Order;
use super::refunds::Refund;

impl TestApp {
    /// States, ledger entries, audit records, letters and the processor's book, each in its order.
    pub(crate) async fn story(&self, order: &Order, refund: &Refund) -> String {
        let id = &refund.id;
        let shown = self.shop.show(refund).await;
        let mut story = vec![format!(
            "{} {} {}{}, remaining {}",
            shown["amount_minor"],
            shown["currency"].as_str().unwrap_or_default(),
            shown["state"].as_str().unwrap_or_default(),
            shown["qualifier"].as_str().map(|word| format!(" ({word})")).unwrap_or_default(),
            self.remaining(order).await,
        )];
        story.push("states".to_owned());
        story.extend(
            self.chapter(&format!(
                "SELECT COALESCE(from_state, '-') || ' -> ' || to_state || ' by ' || event || ' of ' || actor AS line
             FROM transitions WHERE refund_id = '{id}' ORDER BY position"
            ))
            .await,
        );
        story.push("ledger".to_owned());
        story.extend(self.chapter(&format!(
            "SELECT kind || ' ' || CAST(amount_minor AS TEXT) || ' ' || currency || ' ' || debit_account || ' -> ' || credit_account AS line
             FROM ledger_entries WHERE refund_id = '{id}' ORDER BY entry_id"
        )).await);
        story.push("audit".to_owned());
        story.extend(
            self.chapter(&format!(
                "SELECT action || ' by ' || actor || ': ' || reason AS line
             FROM v_audit WHERE subject = 'refund:{id}' ORDER BY audit_id"
            ))
            .await,
        );
        story.push("letters".to_owned());
        let letters = self.mails().into_iter().filter(|mail| mail.refund_id == *id);
        story.extend(letters.map(|mail| format!("  {}: {}", mail.kind, mail.subject)));
        story.push("the processor's book".to_owned());
        let booked =
            self.book(order).await.into_iter().filter(|booked| booked.merchant_refund_id.starts_with(id.as_str()));
        story.extend(booked.map(|booked| {
            format!("  {} {} {} {}", booked.merchant_refund_id, booked.amount_minor, booked.currency, booked.status)
        }));
        redacted(&story.join("\n"), refund)
    }

    /// What remains refundable of an order.
    pub(crate) async fn remaining(&self, order: &Order) -> i64 {
        self.order_shown(order).await["remaining_refundable_minor"].as_i64().expect("what remains")
    }

    /// The order as it stands.
    pub(crate) async fn order_shown(&self, order: &Order) -> Value {
        self.shop.get(&order.path()).await.expect(200).json()
    }

    async fn chapter(&self, sql: &str) -> Vec<String> {
        self.lines(sql).await.into_iter().map(|line| format!("  {line}")).collect()
    }
}

/// Ids of people and refunds differ in every run.
fn redacted(story: &str, refund: &Refund) -> String {
    let mut text = story.replace(&refund.id, "[refund]");
    while let Some(start) = text.find("user:us_") {
        let end = text[start..].find([':', ' ', '\n']).filter(|end| *end > 4).map_or(text.len(), |end| start + end);
        let end = text[start + 5..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(end, |end| start + 5 + end);
        text.replace_range(start..end, "[person]");
    }
    text
}
