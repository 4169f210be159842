//! The policy: a decision table as data, its evaluation with a trace, and the floors that no table can switch off.
//!
//! Rules are read in order and the first whose conditions all hold decides; the last one has none. Floors raise what the
//! table says and never lower it. Everything is a function of [`Facts`] and the version, so a stored decision can be
//! replayed. Drafts, activation and canaries are the business of `services`. Source: SPEC section 6.

mod conditions;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::decision::{MinRole, Requirement};
use super::refund::{Reason, UnknownWord, words};
use super::risk::{Facts, compare_to_face};

pub use conditions::{BadCondition, Because, Condition, Conditions, CustomerRefunds, Range};

/// Version 1 as it is shipped, in the form that [`Policy`] is stored and sent in.
pub const SHIPPED_V1: &str = include_str!("shipped-v1.json");

/// More rules than anybody can oversee; evaluation stays far below a millisecond.
const RULES_MAX: usize = 200;

/// The longest rule id; it stands in the API, in lists and in the trail.
const RULE_ID_LENGTH_MAX: usize = 60;

/// What the message id of every denial begins with.
const DENIAL_PREFIX: &str = "refund.denied.";

/// A valid decision table of one version. Reading one from JSON validates it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct Policy {
    version: i64,
    rules: Vec<Rule>,
    otherwise: Rule,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in decisions and traces: lower case, digits, `_` and `-`.
    pub id: String,
    /// When it applies.
    #[serde(default)]
    pub when: Conditions,
    /// What it says then.
    pub outcome: Outcome,
}

/// What a rule, or the whole decision, says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Approved at once.
    AutoApprove,
    /// People decide.
    Review(Requirement),
    /// Denied at once.
    Deny {
        /// What the customer is told, as a message id.
        message_id: String,
    },
}

/// What the table alone says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What the first matching rule says.
    pub outcome: Outcome,
    /// Which rule that is.
    pub rule_id: String,
    /// Every rule that was read, in order; the last line is the one that matched.
    pub trace: Vec<TraceLine>,
}

/// One rule as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    /// Which rule.
    pub rule: String,
    /// Whether it applied.
    pub matched: bool,
    /// All its conditions where it applied, else the first that did not hold.
    pub because: Vec<Because>,
}

/// The decision: what the table says, raised by the floors. Stored with the facts and shown in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What holds.
    pub outcome: Outcome,
    /// The version that decided.
    pub policy_version: i64,
    /// The rule that decided.
    pub rule_id: String,
    /// The floors that raised what the rule says, in order.
    pub raised_by: Vec<Floor>,
    /// How the rules were read.
    pub trace: Vec<TraceLine>,
}

words! {
    /// What holds whatever a table says.
    Floor {
        /// From the high value on: two people.
        HighValue = "high_value",
        /// Goodwill up to its threshold, or with dual control off: a senior.
        GoodwillSenior = "goodwill_senior",
        /// Goodwill above its threshold: two people.
        GoodwillTwoPeople = "goodwill_two_people",
        /// A suspected duplicate is never approved without a person.
        SuspectedDuplicate = "suspected_duplicate",
        /// What a customer asks to look at again is decided by a person, and denied by nobody else.
        Appeal = "appeal",
    }
}

/// Why a table is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPolicy {
    /// Versions count from 1.
    #[error("the version is a whole number from 1 on")]
    Version,
    /// No last rule without conditions.
    #[error("the last rule is the catch-all: it takes no conditions")]
    NoCatchAll,
    /// A rule without conditions stands before the last.
    #[error("rule {0:?} has no conditions, so that no rule after it would ever apply")]
    EarlyCatchAll(String),
    /// Too many rules.
    #[error("a policy has at most {RULES_MAX} rules")]
    TooManyRules,
    /// Two rules share an id.
    #[error("two rules are called {0:?}")]
    RepeatedId(String),
    /// A rule id of other characters or another length.
    #[error("{0:?} is no rule id: use up to {RULE_ID_LENGTH_MAX} lower-case letters, digits, _ and -")]
    RuleId(String),
    /// A review takes one approval or two.
    #[error("rule {0:?}: a review takes 1 or 2 approvals")]
    Approvals(String),
    /// A denial needs a message.
    #[error(
        "rule {0:?}: the message id of a denial begins with {DENIAL_PREFIX} and goes on in lower case, digits and _"
    )]
    MessageId(String),
    /// A condition that cannot hold or says nothing.
    #[error("rule {rule:?}: {problem}")]
    Condition {
        /// Which rule.
        rule: String,
        /// What is wrong.
        problem: BadCondition,
    },
}

impl Policy {
    /// A policy of these rules, where they make one.
    pub fn new(version: i64, rules: Vec<Rule>) -> Result<Self, BadPolicy> {
        if version < 1 {
            return Err(BadPolicy::Version);
        }
        if rules.len() > RULES_MAX {
            return Err(BadPolicy::TooManyRules);
        }
        let mut ids = BTreeSet::new();
        for rule in &rules {
            rule.check()?;
            if !ids.insert(rule.id.as_str()) {
                return Err(BadPolicy::RepeatedId(rule.id.clone()));
            }
        }
        let mut rules = rules;
        let otherwise = rules.pop().filter(|rule| rule.when.is_empty()).ok_or(BadPolicy::NoCatchAll)?;
        match rules.iter().find(|rule| rule.when.is_empty()) {
            Some(early) => Err(BadPolicy::EarlyCatchAll(early.id.clone())),
            None => Ok(Self { version, rules, otherwise }),
        }
    }

    /// Version 1 as it is shipped. The error cannot happen in a build whose tests passed.
    pub fn shipped() -> Result<Self, serde_json::Error> {
        serde_json::from_str(SHIPPED_V1)
    }

    /// The version.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// All rules in order, the catch-all last.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain([&self.otherwise])
    }

    /// The windows that [`Facts::customer_windows`] must hold for this policy, in days.
    pub fn customer_windows_days(&self) -> BTreeSet<u16> {
        self.rules.iter().filter_map(|rule| rule.when.customer_refunds.map(|refunds| refunds.days)).collect()
    }

    /// Whether the policy asks for [`Facts::customer_refund_ratio_bp`].
    pub fn asks_for_customer_refund_ratio(&self) -> bool {
        self.rules.iter().any(|rule| rule.when.customer_refund_ratio_bp.is_some())
    }
}

/// What the table says: the first rule whose conditions all hold.
pub fn evaluate(policy: &Policy, facts: &Facts) -> Evaluation {
    let mut trace = Vec::new();
    for rule in policy.rules.iter() {
        match rule.when.judge(facts) {
            Ok(because) => {
                trace.push(TraceLine { rule: rule.id.clone(), matched: true, because });
                return Evaluation { outcome: rule.outcome.clone(), rule_id: rule.id.clone(), trace };
            }
            Err(failed) => trace.push(TraceLine { rule: rule.id.clone(), matched: false, because: vec![failed] }),
        }
    }
    let last = &policy.otherwise;
    trace.push(TraceLine { rule: last.id.clone(), matched: true, because: Vec::new() });
    Evaluation { outcome: last.outcome.clone(), rule_id: last.id.clone(), trace }
}

/// The decision on a request: the table, then the floors.
pub fn decide(policy: &Policy, facts: &Facts) -> Verdict {
    verdict(policy, evaluate(policy, facts), &floors(facts))
}

/// The decision where the caller's own right to submit stands in for the table's review: its denials and the floors of
/// amount and goodwill hold all the same. Source: SPEC section 7.
pub fn decide_submitted(policy: &Policy, facts: &Facts) -> Verdict {
    let mut evaluation = evaluate(policy, facts);
    if matches!(evaluation.outcome, Outcome::Review(_)) {
        evaluation.outcome = Outcome::AutoApprove;
    }
    let floors: Vec<_> = floors(facts).into_iter().filter(|(floor, _)| *floor != Floor::SuspectedDuplicate).collect();
    verdict(policy, evaluation, &floors)
}

/// The floors that stand under these facts, each with the least that it asks for. High value and goodwill are judged on
/// the sum that [`Facts::limit_sum_minor`] makes of everything asked for in parts.
pub fn floors(facts: &Facts) -> Vec<(Floor, Requirement)> {
    let sum_to = |face_hundredths| compare_to_face(facts.limit_sum_minor(), face_hundredths, facts.currency);
    let two_people = Requirement { approvals: 2, min_role: MinRole::Agent };
    let mut floors = Vec::new();
    if sum_to(facts.limits.high_value_hundredths) != Ordering::Less {
        floors.push((Floor::HighValue, two_people));
    }
    if facts.reason == Reason::Goodwill {
        let above = sum_to(facts.limits.goodwill_threshold_hundredths) == Ordering::Greater;
        floors.push(if above && facts.goodwill_dual_control {
            (Floor::GoodwillTwoPeople, two_people)
        } else {
            (Floor::GoodwillSenior, Requirement { approvals: 1, min_role: MinRole::Senior })
        });
    }
    if !facts.twins.is_empty() {
        floors.push((Floor::SuspectedDuplicate, Requirement { approvals: 1, min_role: MinRole::Agent }));
    }
    if facts.appeal {
        floors.push((Floor::Appeal, Requirement { approvals: 1, min_role: MinRole::Agent }));
    }
    floors
}

fn verdict(policy: &Policy, evaluation: Evaluation, floors: &[(Floor, Requirement)]) -> Verdict {
    let Evaluation { outcome, rule_id, trace } = evaluation;
    let (outcome, raised_by) = raise(outcome, floors);
    Verdict { outcome, policy_version: policy.version, rule_id, raised_by, trace }
}

/// The outcome raised to what the floors ask for, with the floors that changed it. A denial stays a denial, unless its
/// customer has asked to look again: then people say it.
fn raise(outcome: Outcome, floors: &[(Floor, Requirement)]) -> (Outcome, Vec<Floor>) {
    let is_appeal = floors.iter().any(|(floor, _)| *floor == Floor::Appeal);
    let mut requirement = match outcome {
        Outcome::Deny { .. } if !is_appeal => return (outcome, Vec::new()),
        Outcome::Deny { .. } => None,
        Outcome::Review(requirement) => Some(requirement),
        Outcome::AutoApprove => None,
    };
    let mut raised_by = Vec::new();
    for (floor, least) in floors {
        let raised = requirement.map_or(*least, |so_far| so_far.at_least(*least));
        if requirement != Some(raised) {
            requirement = Some(raised);
            raised_by.push(*floor);
        }
    }
    (requirement.map_or(Outcome::AutoApprove, Outcome::Review), raised_by)
}

impl Rule {
    fn check(&self) -> Result<(), BadPolicy> {
        let plain = |text: &str, more: &[u8]| {
            let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || more.contains(&byte);
            !text.is_empty() && text.len() <= RULE_ID_LENGTH_MAX && text.bytes().all(allowed)
        };
        if !plain(&self.id, b"_-") {
            return Err(BadPolicy::RuleId(self.id.chars().take(RULE_ID_LENGTH_MAX).collect()));
        }
        match &self.outcome {
            Outcome::Review(Requirement { approvals, .. }) if !(1..=2).contains(approvals) => {
                return Err(BadPolicy::Approvals(self.id.clone()));
            }
            Outcome::Deny { message_id }
                if !message_id.strip_prefix(DENIAL_PREFIX).is_some_and(|rest| plain(rest, b"_")) =>
            {
                return Err(BadPolicy::MessageId(self.id.clone()));
            }
            Outcome::AutoApprove | Outcome::Review(_) | Outcome::Deny { .. } => {}
        }
        self.when.check().map_err(|problem| BadPolicy::Condition { rule: self.id.clone(), problem })
    }
}

/// The form in which a policy is stored and sent.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    version: i64,
    rules: Vec<Rule>,
}

impl TryFrom<Table> for Policy {
    type Error = BadPolicy;

    fn try_from(table: Table) -> Result<Self, BadPolicy> {
        Self::new(table.version, table.rules)
    }
}

impl From<Policy> for Table {
    fn from(policy: Policy) -> Self {
        let Policy { version, mut rules, otherwise } = policy;
        rules.push(otherwise);
        Self { version, rules }
    }
}

#[cfg(test)]
mod tests;
