//! The checks of the invariants, each as a report; `ledger`, `audit`, `policy` and `doctor` run them.

use serde_json::json;

use super::report::Report;
use crate::app::App;
use crate::domain::audit::Hash;
use crate::services::check_books::{Books, check_books};
use crate::services::check_moves::{Moves, check_moves};
use crate::services::replay_policy::{Replay, replay_policy};
use crate::services::verify_audit::{Trail, verify_audit};
use crate::services::{Context, Refusal};

/// I1 and I5.
pub(super) async fn books(app: &App, context: &Context) -> Result<Report, Refusal> {
    let books = check_books(&app.desk, context).await?;
    let balances: Vec<_> = books
        .balances
        .iter()
        .map(|((currency, account), balance)| {
            json!({"currency": currency, "account": account, "balance_minor": balance.to_string()})
        })
        .collect();
    let read = json!({
        "entries": books.entries, "refunds": books.refunds, "payments": books.payments, "balances": balances,
    });
    Ok(Report::new("ledger", &books.faults, read, trial_balance(&books)))
}

/// I6, I7 and I11.
pub(super) async fn moves(app: &App, context: &Context) -> Result<Report, Refusal> {
    let Moves { refunds, transitions, faults } = check_moves(&app.desk, context).await?;
    let read = json!({"refunds": refunds, "transitions": transitions});
    Ok(Report::new("moves", &faults, read, format!("moves: {transitions} state changes of {refunds} refunds")))
}

/// I6 and I9.
pub(super) async fn trail(app: &App, context: &Context, since_head: Option<Hash>) -> Result<Report, Refusal> {
    let Trail { records, seals, head, unsealed, transitions, faults } =
        verify_audit(&app.desk, context, since_head).await?;
    let read = json!({
        "records": records, "seals": seals, "unsealed": unsealed, "transitions": transitions, "head": head.to_string(),
    });
    let sentence = format!(
        "audit: {records} records under {seals} seals, {unsealed} not sealed yet, {transitions} state changes\nhead: {head}"
    );
    Ok(Report::new("audit", &faults, read, sentence))
}

/// I10.
pub(super) async fn decisions(app: &App, context: &Context) -> Result<Report, Refusal> {
    let Replay { decisions, faults } = replay_policy(&app.desk, context).await?;
    Ok(Report::new(
        "policy",
        &faults,
        json!({"decisions": decisions}),
        format!("policy: {decisions} decisions replayed"),
    ))
}

/// The trial balance in columns, with what was read below it.
fn trial_balance(books: &Books) -> String {
    let width = |column: fn(&(String, String)) -> &String| {
        books.balances.keys().map(|key| column(key).chars().count()).max().unwrap_or(0)
    };
    let (currencies, accounts) = (width(|(currency, _)| currency), width(|(_, account)| account));
    let rows = books.balances.iter().map(|((currency, account), balance)| {
        let side = if *balance < 0 { "Cr" } else { "Dr" };
        format!("{currency:currencies$}  {account:accounts$}  {:>20} {side}\n", balance.unsigned_abs())
    });
    let rows: String = rows.collect();
    format!("{rows}ledger: {} entries, {} refunds, {} payments", books.entries, books.refunds, books.payments)
}
