//! The actions that the trail tells of, as they stand in its records. What the desk comes to do later is told by its word.

/// Every action, by what it is done to.
pub const ACTIONS: &[&str] = &[
    "refund.create",
    "refund.approve",
    "refund.deny",
    "refund.withdraw",
    "refund.cancel",
    "refund.guard_failed",
    "refund.submit",
    "refund.accepted",
    "refund.outcome_unknown",
    "refund.succeeded",
    "refund.failed_retryable",
    "refund.failed_final",
    "refund.retry",
    "refund.turned_out_paid",
    "refund.reversed",
    "refund.first_approval",
    "refund.decide",
    "refund.undo",
    "refund.decision_lapsed",
    "refund.claim",
    "refund.release",
    "refund.skip",
    "refund.take_over",
    "refund.note",
    "refund.message",
    "refund.answer",
    "refund.evidence_added",
    "refund.hold",
    "refund.dead_letter",
    "claims.hand_over",
    "evidence.upload",
    "evidence.scan",
    "evidence.view",
    "evidence.download",
    "evidence.describe",
    "evidence.key",
    "order.create",
    "order.change",
    "order.import",
    "order.link",
    "inbox.requeue",
    "outbox.requeue",
    "outbox.propose_give_up",
    "outbox.keep",
    "outbox.give_up",
    "policy.activate",
    "flag.change",
    "user.add",
    "user.roles",
    "user.suspend",
    "user.reactivate",
    "user.link",
    "user.password",
    "user.second_factor",
    "user.second_factor_reset",
    "user.sign_in",
    "user.sign_out",
    "token.create",
    "token.rotate",
    "token.revoke",
    "desk.setup_link",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::refund::Event;

    #[test]
    fn every_state_change_is_among_them() {
        let known: BTreeSet<&str> = ACTIONS.iter().copied().collect();
        assert_eq!(known.len(), ACTIONS.len());
        // What is deferred moves nothing and is not in the trail.
        for event in Event::ALL.iter().filter(|event| **event != Event::Defer) {
            assert!(known.contains(format!("refund.{}", event.as_str()).as_str()), "{event:?}");
        }
    }
}
