//! What must always hold (QUALITY 1), as far as rows and the processor's book can show it. Written from the
//! specification, not from the code: where both are wrong in the same way, nothing would be found.

use std::collections::BTreeMap;

use makegood::domain::policy::{self, Outcome, Policy};
use makegood::domain::risk::Facts;
use serde_json::Value;

use super::app::TestApp;
use super::witness::Witness;

/// Refunds that count against what was captured. Source: SPEC section 4.
const COMMITTED: &str = "('approved', 'submitting', 'provider_pending', 'completed')";

/// Refunds that are owed and not paid. Source: SPEC section 8.
const PENDING: &str = "('approved', 'submitting', 'provider_pending')";

/// Legal moves: from, event, to, the entries that they post. Source: SPEC sections 3 and 8.
const MOVES: &[(&str, &str, &str, &str)] = &[
    ("-", "create", "requested", ""),
    ("requested", "approve", "approved", "REFUND_PENDING"),
    ("requested", "deny", "canceled", ""),
    ("requested", "withdraw", "canceled", ""),
    ("approved", "cancel", "canceled", "REFUND_RELEASED"),
    ("approved", "guard_failed", "canceled", "REFUND_RELEASED"),
    ("approved", "submit", "submitting", ""),
    ("submitting", "accepted", "provider_pending", ""),
    ("submitting", "outcome_unknown", "provider_pending", ""),
    ("submitting", "succeeded", "completed", "REFUND_SETTLED"),
    ("provider_pending", "succeeded", "completed", "REFUND_SETTLED"),
    ("submitting", "failed_retryable", "failed", "REFUND_RELEASED"),
    ("submitting", "failed_final", "failed", "REFUND_RELEASED"),
    ("submitting", "reversed", "failed", "REFUND_RELEASED"),
    ("provider_pending", "failed_retryable", "failed", "REFUND_RELEASED"),
    ("provider_pending", "failed_final", "failed", "REFUND_RELEASED"),
    ("provider_pending", "reversed", "failed", "REFUND_RELEASED"),
    ("failed", "retry", "approved", "REFUND_PENDING"),
    ("failed", "turned_out_paid", "completed", "REFUND_PENDING REFUND_SETTLED"),
    ("approved", "turned_out_paid", "completed", "REFUND_SETTLED"),
    ("completed", "reversed", "failed", "REFUND_REVERSED"),
    ("completed", "failed_final", "failed", "REFUND_REVERSED"),
    ("completed", "failed_retryable", "failed", "REFUND_REVERSED"),
];

/// What the customer is told by letter. Source: SPEC section 11.
const LETTERS: &[(&str, &str)] = &[
    ("create", "received"),
    ("approve", "approved"),
    ("deny", "denied"),
    ("guard_failed", "denied"),
    ("accepted", "submitted"),
    ("succeeded", "completed"),
    ("turned_out_paid", "completed"),
    ("failed_retryable", "failed"),
    ("failed_final", "failed"),
    ("reversed", "failed"),
];

impl TestApp {
    /// Checks all of them; fails with every one that does not hold.
    pub(crate) async fn check_invariants(&self) {
        self.witness().check_invariants().await;
    }
}

impl Witness {
    /// Checks all of them; fails with every one that does not hold.
    pub(crate) async fn check_invariants(&self) {
        let mut broken = Vec::new();
        broken.extend(self.over_refunds().await);
        broken.extend(self.strange_books().await);
        broken.extend(self.unbalanced().await);
        broken.extend(self.histories().await);
        broken.extend(self.strange_letters().await);
        broken.extend(self.unmailed_messages().await);
        broken.extend(self.decisions_that_differ().await);
        assert!(broken.is_empty(), "invariants do not hold:\n  {}", broken.join("\n  "));
    }

    /// I1: what is committed is what refunds say, and never more than was captured or declared.
    async fn over_refunds(&self) -> Vec<String> {
        self.lines(&format!(
            "SELECT 'I1: payment of order ' || p.order_id || ': committed ' || CAST(p.committed_minor AS TEXT)
                || ', refunds ' || CAST(COALESCE(r.total, 0) AS TEXT) || ', captured ' || CAST(p.captured_minor AS TEXT)
                || ', shortfall ' || CAST(p.shortfall_minor AS TEXT) AS line
             FROM payments p LEFT JOIN (
                SELECT order_id, payment_id, SUM(amount_minor) AS total FROM refunds WHERE state IN {COMMITTED}
                GROUP BY order_id, payment_id
             ) r ON r.order_id = p.order_id AND r.payment_id = p.payment_id
             WHERE p.committed_minor <> COALESCE(r.total, 0)
                OR p.committed_minor + p.external_minor > p.captured_minor + p.shortfall_minor
                OR (p.shortfall_minor > 0
                    AND p.shortfall_minor <> p.committed_minor + p.external_minor - p.captured_minor)"
        ))
        .await
    }

    /// I2: at most one success in the processor's book for each refund, and exactly one where it is completed.
    async fn strange_books(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let rows = self
            .lines("SELECT refund_id || ' ' || state || ' ' || connector_transaction_id AS line FROM refunds WHERE attempt > 0")
            .await;
        let mut books = BTreeMap::new();
        for row in rows {
            let [id, state, transaction] = words(&row);
            if !books.contains_key(transaction) {
                books.insert(transaction.to_owned(), self.book_of(transaction).await);
            }
            let ours = books[transaction].iter().filter(|booked| {
                booked.merchant_refund_id.split('.').next() == Some(id) && booked.status == "SUCCEEDED"
            });
            let paid = ours.count();
            let right = match state {
                "completed" => paid == 1,
                "approved" | "submitting" | "provider_pending" => paid <= 1,
                _ => paid == 0,
            };
            if !right {
                broken.push(format!("I2: refund {id} is {state}, and was paid {paid} times"));
            }
        }
        broken
    }

    /// I5: what is owed is what refunds on their way say.
    async fn unbalanced(&self) -> Vec<String> {
        self.lines(&format!(
            "SELECT 'I5: refunds_pending in ' || currency || ' is off by ' || CAST(SUM(minor) AS TEXT) AS line FROM (
                SELECT currency, credit_minor - debit_minor AS minor FROM v_ledger_entries
                WHERE account = 'liability.refunds_pending'
                UNION ALL
                SELECT currency, -amount_minor AS minor FROM refunds WHERE state IN {PENDING}
             ) AS sides GROUP BY currency HAVING SUM(minor) <> 0
             UNION ALL
             SELECT 'I5: ' || currency || ' does not balance' AS line FROM v_ledger_entries
             GROUP BY currency HAVING SUM(debit_minor) <> SUM(credit_minor)"
        ))
        .await
    }

    /// I6 and I7: every refund came where it is by legal moves, each with its audit record, entries and letter.
    async fn histories(&self) -> Vec<String> {
        let mut broken = self
            .lines(
                "SELECT 'I6: transition ' || t.refund_id || ' ' || t.event || ' has no audit record of its own' AS line
                 FROM transitions t LEFT JOIN audit_records a ON a.audit_id = t.audit_id
                    AND a.subject = 'refund:' || t.refund_id AND a.action = 'refund.' || t.event
                    AND a.actor = t.actor AND a.correlation_id = t.correlation_id AND a.at = t.at
                 WHERE a.audit_id IS NULL
                 UNION ALL
                 SELECT 'I6: audit record ' || a.action || ' of ' || a.subject || ' has no transition' AS line
                 FROM audit_records a LEFT JOIN transitions t ON t.audit_id = a.audit_id
                 WHERE a.subject LIKE 'refund:%' AND t.audit_id IS NULL
                    AND a.action NOT IN ('refund.evidence_added', 'refund.first_approval', 'refund.hold', 'refund.refused', \
                        'refund.decide', 'refund.undo', 'refund.decision_lapsed', 'refund.claim', 'refund.release', \
                        'refund.take_over', 'refund.hand_on', 'refund.skip', 'refund.message', 'refund.answer', 'refund.note', 'refund.appeal', \
                        'refund.seen')",
            )
            .await;
        let moves = grouped(
            self.lines(
                "SELECT refund_id || ' ' || COALESCE(from_state, '-') || ' ' || event || ' ' || to_state AS line
                 FROM transitions ORDER BY refund_id, position",
            )
            .await,
        );
        let mut entries = grouped(
            self.lines(
                "SELECT l.refund_id || ' ' || l.kind || CASE WHEN l.amount_minor = r.amount_minor
                    AND l.currency = r.currency THEN '' ELSE ' of another amount' END AS line
                 FROM ledger_entries l JOIN refunds r ON r.refund_id = l.refund_id ORDER BY l.refund_id, l.entry_id",
            )
            .await,
        );
        let letters = grouped(
            self.lines(
                "SELECT refund_id || ' ' || payload AS line FROM outbox WHERE kind = 'mail' AND refund_id IS NOT NULL
                 ORDER BY refund_id, outbox_id",
            )
            .await,
        );
        let refunds = self.lines("SELECT refund_id || ' ' || state AS line FROM refunds ORDER BY refund_id").await;
        for refund in refunds {
            let [id, state] = words(&refund);
            let history = moves.get(id).cloned().unwrap_or_default();
            let (reached, posted, faults) = walk(&history);
            broken.extend(faults.into_iter().map(|fault| format!("I7: refund {id}: {fault}")));
            if reached != state {
                broken.push(format!("I6: refund {id} is {state}, its history ends in {reached}"));
            }
            let found = entries.remove(id).unwrap_or_default();
            if found != posted {
                broken.push(format!("I6: refund {id} posted {found:?}; its moves post {posted:?}"));
            }
            let of_moves = letters.get(id).into_iter().flatten().map(|payload| kind_of(payload));
            let told = sorted(of_moves.filter(|kind| kind != "agent_message").collect());
            let expected = sorted(letters_of(&history));
            if told != expected {
                broken.push(format!("I6: refund {id} tells {told:?}; its moves tell {expected:?}"));
            }
        }
        broken
    }

    /// I11: every letter that was sent left by a row of its own, once; a row of unknown fate may have sent its letter. Only
    /// a letter that was overtaken before it was written is left out: nobody is told that a refund is under way once it
    /// has failed.
    async fn strange_letters(&self) -> Vec<String> {
        let rows = self.lines(
            "SELECT outbox_id || ' ' || status || ' ' || payload AS line FROM outbox
             WHERE kind = 'mail' AND status IN ('done', 'unknown')",
        );
        let rows: BTreeMap<String, (String, String)> = rows
            .await
            .iter()
            .map(|row| {
                let mut parts = row.splitn(3, ' ').map(str::to_owned);
                let mut part = || parts.next().expect("three parts");
                (part(), (part(), kind_of(&part())))
            })
            .collect();
        let sent: Vec<(String, String)> =
            self.mails().into_iter().map(|mail| (mail.id.to_string(), mail.kind)).collect();
        let strangers = sent.iter().filter(|(id, kind)| rows.get(id).is_none_or(|(_, told)| told != kind));
        let mut broken: Vec<String> =
            strangers.map(|(id, kind)| format!("I11: letter {id} ({kind}) has no row that is done")).collect();
        for (id, (status, kind)) in &rows {
            let count = sent.iter().filter(|(other, _)| other == id).count();
            let is_right = match (status.as_str(), count) {
                (_, 1) | ("unknown", 0) => true,
                (_, 0) => kind == "submitted",
                (..) => false,
            };
            if !is_right {
                broken.push(format!("I11: row {id} ({kind}) is {status} and has {count} letters"));
            }
        }
        broken
    }

    /// I11: every message to a customer has one letter, and every such letter its message.
    async fn unmailed_messages(&self) -> Vec<String> {
        let count = async |table: &str, with: &str| {
            let sql = format!(
                "SELECT refund_id || ' ' || CAST(COUNT(*) AS TEXT) AS line FROM {table} WHERE {with} GROUP BY refund_id"
            );
            self.lines(&format!("{sql} ORDER BY refund_id")).await
        };
        let written = count("messages", "to_customer").await;
        let mailed = count("outbox", "kind = 'mail' AND payload LIKE '%agent_message%'").await;
        if written == mailed {
            Vec::new()
        } else {
            vec![format!("I11: messages {written:?}, their letters {mailed:?}")]
        }
    }

    /// I10: every decision comes out the same from its stored facts and version.
    async fn decisions_that_differ(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let decisions = self
            .lines(
                "SELECT p.document || '\n' || d.refund_id || '\n' || d.rule || '\n' || d.outcome || '\n' || d.facts AS line
                 FROM decisions d JOIN policies p ON p.policy_version = d.policy_version",
            )
            .await;
        for decision in decisions {
            let mut parts = decision.rsplitn(5, '\n');
            let mut part = || parts.next().expect("five parts");
            let (facts, outcome, rule, id, document) = (part(), part(), part(), part(), part());
            let facts: Facts = serde_json::from_str(facts).expect("facts");
            let outcome: Outcome = serde_json::from_str(outcome).expect("an outcome");
            let policy: Policy = serde_json::from_str(document).expect("a policy");
            let verdict = policy::decide(&policy, &facts);
            if (verdict.rule_id.as_str(), &verdict.outcome) != (rule, &outcome) {
                broken.push(format!("I10: refund {id} was {rule} {outcome:?}; replayed {verdict:?}"));
            }
        }
        broken
    }
}

/// Follows a history: where it ends, what it posts, and what is wrong with it.
fn walk(history: &[String]) -> (String, Vec<String>, Vec<String>) {
    let (mut state, mut posted, mut faults) = ("-".to_owned(), Vec::new(), Vec::new());
    for step in history {
        let [from, event, to] = words(step);
        if from != state {
            faults.push(format!("{event} starts from {from}, but it was {state}"));
        }
        match MOVES.iter().find(|(f, e, t, _)| (*f, *e, *t) == (from, event, to)) {
            Some((.., entries)) => posted.extend(entries.split_whitespace().map(str::to_owned)),
            None => faults.push(format!("no such move: {step}")),
        }
        to.clone_into(&mut state);
    }
    (state, posted, faults)
}

fn letters_of(history: &[String]) -> Vec<String> {
    let told = |step: &String| {
        let [_, event, _] = words(step);
        LETTERS.iter().find(|(of, _)| *of == event).map(|(_, kind)| (*kind).to_owned())
    };
    history.iter().filter_map(told).collect()
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words
}

fn kind_of(payload: &str) -> String {
    let payload: Value = serde_json::from_str(payload).expect("a letter's payload");
    payload["kind"].as_str().expect("a letter's kind").to_owned()
}

/// The first word of each line with the rests of its lines, in order.
fn grouped(lines: Vec<String>) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        let (id, rest) = line.split_once(' ').expect("two words");
        groups.entry(id.to_owned()).or_default().push(rest.to_owned());
    }
    groups
}

fn words<const COUNT: usize>(line: &str) -> [&str; COUNT] {
    let words: Vec<&str> = line.split(' ').collect();
    words.try_into().unwrap_or_else(|_| panic!("{COUNT} words in {line:?}"))
}
