//! Every decision made again from its stored facts and version: `makegood policy replay`. Source: SPEC section 6, QUALITY
//! I10.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::context::Context;
use super::desk::{Desk, parse_policy};
use super::findings::Findings;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::id::RefundId;
use crate::domain::policy::{Outcome, Policy, decide};
use crate::domain::risk::Facts;
use crate::store::decisions::DecisionRow;
use crate::store::{Conn, decisions, policies};

/// Decisions that are read at once.
const PAGE: i64 = 500;

/// What was replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Decisions that were made again.
    pub decisions: u64,
    /// Where the two differ.
    pub faults: Findings<ReplayFault>,
}

/// A decision that does not come out again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayFault {
    /// Another rule or outcome.
    #[error(
        "refund {refund_id}, policy version {policy_version}: rule {stored_rule} said {stored_outcome}, and the stored \
         facts lead to rule {rule} and {outcome}"
    )]
    Differs {
        /// The refund.
        refund_id: RefundId,
        /// The version that decided.
        policy_version: i64,
        /// The rule that is stored.
        stored_rule: String,
        /// The outcome that is stored, as JSON.
        stored_outcome: String,
        /// The rule that the facts lead to.
        rule: String,
        /// The outcome that the facts lead to, as JSON.
        outcome: String,
    },
    /// The version does not exist, or facts or outcome cannot be read.
    #[error("refund {refund_id}, policy version {policy_version}: {problem}")]
    Unreadable {
        /// The refund.
        refund_id: RefundId,
        /// The version that decided.
        policy_version: i64,
        /// What is wrong.
        problem: String,
    },
}

/// Makes every decision again and says where the outcome differs.
pub async fn replay_policy(desk: &Arc<Desk>, context: &Context) -> Result<Replay, Refusal> {
    context.require(Permission::PolicyRead)?;
    desk.db.read(replay).await
}

fn replay(conn: &mut Conn) -> Result<Replay, Refusal> {
    let mut replay = Replay::default();
    let mut versions: BTreeMap<i64, Result<Policy, String>> = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = decisions::decisions_after(conn, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(replay) };
        after = last.refund_id.to_string();
        for decision in page {
            let policy = match versions.entry(decision.policy_version) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(policy(conn, decision.policy_version)?),
            };
            replay.decisions += 1;
            if let Some(fault) = difference(&decision, policy) {
                replay.faults.add(fault);
            }
        }
    }
}

fn policy(conn: &mut Conn, version: i64) -> Result<Result<Policy, String>, Refusal> {
    let Some(document) = policies::find(conn, version)? else {
        return Ok(Err("this version does not exist".to_owned()));
    };
    Ok(parse_policy(version, &document).map_err(|error| error.to_string()))
}

fn difference(decision: &DecisionRow, policy: &Result<Policy, String>) -> Option<ReplayFault> {
    let unreadable = |problem: String| {
        let (refund_id, policy_version) = (decision.refund_id.clone(), decision.policy_version);
        Some(ReplayFault::Unreadable { refund_id, policy_version, problem })
    };
    let policy = match policy {
        Ok(policy) => policy,
        Err(problem) => return unreadable(problem.clone()),
    };
    let facts: Facts = match serde_json::from_str(&decision.facts) {
        Ok(facts) => facts,
        Err(error) => return unreadable(format!("its facts cannot be read: {error}")),
    };
    let stored: Outcome = match serde_json::from_str(&decision.outcome) {
        Ok(stored) => stored,
        Err(error) => return unreadable(format!("its outcome cannot be read: {error}")),
    };
    let again = decide(policy, &facts);
    if again.rule_id == decision.rule && again.outcome == stored {
        return None;
    }
    Some(ReplayFault::Differs {
        refund_id: decision.refund_id.clone(),
        policy_version: decision.policy_version,
        stored_rule: decision.rule.clone(),
        stored_outcome: decision.outcome.clone(),
        rule: again.rule_id,
        outcome: serde_json::to_string(&again.outcome).unwrap_or_else(|error| error.to_string()),
    })
}
