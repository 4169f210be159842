//! Section 7: the books.

use jiff::SignedDuration;

use crate::harness::{Engine, TestApp};

/// Tables whose rows stay as they were written.
const APPEND_ONLY: [(&str, &str); 5] = [
    ("ledger_entries", "amount_minor = amount_minor"),
    ("audit_records", "reason = reason"),
    ("transitions", "event = event"),
    ("audit_seals", "seal = seal"),
    ("audit_sealed", "position = position"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f69_what_was_written_cannot_be_changed_removed_or_replaced() {
    let app = TestApp::start().await;
    let order = app.order("f69").push().await;
    let refund = app.shop.ask(&order).accepted().await;
    app.until(&refund, "completed").await;
    let sealed = async || app.number("count(*) FROM audit_sealed").await > 0;
    assert!(crate::harness::eventually(std::time::Duration::from_secs(10), sealed).await, "the trail is sealed");
    for (table, same) in APPEND_ONLY {
        let count = format!("count(*) FROM {table}");
        let before = app.number(&count).await;
        assert!(before > 0, "{table} is empty");
        let mut attempts = vec![format!("UPDATE {table} SET {same}"), format!("DELETE FROM {table}")];
        match Engine::chosen() {
            Engine::Sqlite => {
                attempts.push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"));
                attempts.push(format!("REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"));
            }
            Engine::Postgres => {
                attempts.push(format!("TRUNCATE {table}"));
                attempts.push(format!("TRUNCATE {table} CASCADE"));
            }
        }
        for attempt in attempts {
            let refused = app.execute(&attempt).await.expect_err(&attempt);
            assert!(refused.contains("append-only"), "{attempt}: {refused}");
        }
        assert!(app.number(&count).await >= before, "{table}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f69_an_entry_that_does_not_balance_cannot_be_written() {
    let app = TestApp::start().await;
    let insert = |amount: i64, debit: &str, credit: &str| {
        format!(
            "INSERT INTO ledger_entries (entry_id, kind, debit_account, credit_account, amount_minor, currency, period, posted_at, occurred_at)
             VALUES ('le_{amount}{debit}', 'ADJUSTMENT', '{debit}', '{credit}', {amount}, 'USD', '2026-01', 0, 0)"
        )
    };
    for wrong in [insert(0, "a", "b"), insert(-5, "a", "b"), insert(5, "a", "a")] {
        app.execute(&wrong).await.expect_err(&wrong);
    }
    assert_eq!(app.number("count(*) FROM ledger_entries").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_itself_refuses_more_than_was_captured() {
    let app = TestApp::start().await;
    app.order("guard").captured(10_000, "USD").push().await;
    for wrong in [
        "UPDATE payments SET committed_minor = 10001",
        "UPDATE payments SET committed_minor = 6000, external_minor = 4001",
        "UPDATE payments SET captured_minor = -1",
        "UPDATE payments SET committed_minor = -1",
    ] {
        app.execute(wrong).await.expect_err(wrong);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f70_posting_and_state_change_are_one_commit() {
    let app = TestApp::start().await;
    let order = app.order("f70").push().await;
    let ask = app.shop.ask(&order).amount(1_000).key("f70");
    for table in ["ledger_entries", "audit_records", "outbox"] {
        app.execute(&format!("ALTER TABLE {table} RENAME TO {table}_away")).await.unwrap();
        let answer = ask.send().await;
        assert!(answer.status >= 500, "{table}: {answer}");
        app.execute(&format!("ALTER TABLE {table}_away RENAME TO {table}")).await.unwrap();
        for untouched in ["refunds", "transitions", "ledger_entries", "idempotency", "outbox", "decisions"] {
            assert_eq!(app.number(&format!("count(*) FROM {untouched}")).await, 0, "{untouched} without {table}");
        }
        assert_eq!(app.remaining(&order).await, 10_000);
    }
    let refund = ask.accepted().await;
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f71_whatever_comes_to_nothing_leaves_nothing_owed() {
    let app = TestApp::start().await;
    let failed = app.order("f71-failed").mode("failed").push().await;
    app.until(&app.shop.ask(&failed).accepted().await, "failed").await;
    let later = app.order("f71-later").mode("pending_then_failed").push().await;
    app.until(&app.shop.ask(&later).accepted().await, "failed").await;
    let denied = app.order("f71-denied").push().await;
    let refund = app.shop.ask(&denied).reason("other").accepted().await;
    app.agent("agent").await.deny(&refund, "no").await.expect(200);
    app.quiet().await;
    let owed = "COALESCE(SUM(credit_minor - debit_minor), 0) FROM v_ledger_entries WHERE account = 'liability.refunds_pending'";
    assert_eq!(app.number(owed).await, 0);
    let entries = app.lines("SELECT kind AS line FROM ledger_entries ORDER BY refund_id, entry_id").await;
    assert_eq!(entries, ["REFUND_PENDING", "REFUND_RELEASED", "REFUND_PENDING", "REFUND_RELEASED"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f88_a_chargeback_between_approval_and_sending_stops_the_refund() {
    // Nobody works at this node, so that an approved refund stays unsent.
    let app = TestApp::start_with(|config| config.workers = false).await;
    let order = app.order("f88").push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    assert_eq!(app.shop.show(&refund).await["state"], "approved");
    app.order("f88").status("charged_back").push().await;
    app.begin_work();
    let shown = app.until_qualified(&refund, "canceled", "guard").await;
    assert_eq!(shown["closure"], "guard");
    app.quiet().await;
    assert!(app.book(&order).await.is_empty());
    assert_eq!(app.letters(&refund), ["received", "approved", "denied"]);
    let owed = "COALESCE(SUM(credit_minor - debit_minor), 0) FROM v_ledger_entries WHERE account = 'liability.refunds_pending'";
    assert_eq!(app.number(owed).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f71_an_approved_refund_is_canceled_before_it_is_sent() {
    let app = TestApp::start_with(|config| config.workers = false).await;
    let order = app.order("f71-canceled").push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    assert_eq!(app.remaining(&order).await, 6_000);
    let canceled = app.shop.act(&refund, "cancel").await.expect(200).json();
    assert_eq!((canceled["state"].as_str(), canceled["closure"].as_str()), (Some("canceled"), Some("canceled")));
    assert_eq!(app.remaining(&order).await, 10_000);
    app.begin_work();
    app.shift_clock(SignedDuration::from_mins(1));
    app.quiet().await;
    assert!(app.book(&order).await.is_empty(), "nothing was sent");
    app.finish().await;
}
