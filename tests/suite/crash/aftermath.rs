//! When everything has come to rest: what must hold whatever was killed before (QUALITY 1), seen from the database, the
//! processor's book, the letters, the callers' own notes, and the program's own checks.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::diary::{Account, Diary};
use super::premises::Premises;
use crate::harness::{Witness, eventually};

/// By then everything is done that a desk does by itself: calls that hang, retries, webhooks whose delivery was cut off.
const REST_TIMEOUT: Duration = Duration::from_secs(150);

/// Requests that are under way at once.
const CALLERS: usize = 12;

/// What the program itself can prove.
const PROOFS: [&[&str]; 4] =
    [&["doctor", "--invariants"], &["ledger", "check"], &["audit", "verify"], &["policy", "replay"]];

/// Runs the desk in peace: every request is answered, every answer given again, everything brought to its end. Then looks
/// whether all of it is right, stops the desk well, and lets the program prove the same.
pub(super) async fn settle(premises: &Premises, diary: &Diary, also: impl AsyncFnOnce(&Witness)) -> Account {
    let mut process = premises.start(&[]);
    let base = process.base().await.expect("a desk that nobody kills serves");
    // The second time around, every answer was seen once.
    for _ in 0..2 {
        let answered = eventually(REST_TIMEOUT, async || {
            diary.plan_everything();
            diary.live(&base, &premises.deciders, CALLERS).await;
            diary.open() == 0
        });
        assert!(answered.await, "{} requests are never answered", diary.open());
    }
    let witness = premises.witness(&base);
    rest(&witness).await;
    witness.check_invariants().await;
    let account = diary.account();
    same_story(&witness, &account).await;
    also(&witness).await;
    drop(witness);
    assert!(process.stop().await.success(), "a desk that is asked to end ends well");
    prove(premises).await;
    account
}

/// Lets the program prove that all is right.
pub(super) async fn prove(premises: &Premises) {
    for proof in PROOFS {
        premises.run(proof).await;
    }
    premises.nobody_panicked();
    assert_eq!(premises.deadlocks(), 0, "transactions take locks in different orders");
}

/// Waits until nothing is left to do but what waits for a person: letters of which nobody knows whether they arrived.
pub(super) async fn rest(witness: &Witness) {
    let mut open = Vec::new();
    let rests = eventually(REST_TIMEOUT, async || {
        open = witness.open_work().await;
        open.retain(|line| !line.starts_with("outbox mail unknown "));
        let unsealed = "count(*) FROM audit_records a LEFT JOIN audit_sealed s ON s.audit_id = a.audit_id
                        WHERE s.audit_id IS NULL";
        let unsealed = witness.number(unsealed).await;
        open.extend((unsealed > 0).then(|| format!("{unsealed} audit records are not sealed")));
        open.is_empty()
    });
    assert!(rests.await, "work is never done:\n  {}", open.join("\n  "));
}

/// I3 and I4: what callers saw is there, once; what they asked for in vain is not.
async fn same_story(witness: &Witness, account: &Account) {
    let mut created = BTreeMap::new();
    for line in witness.lines("SELECT refund_id || ' ' || metadata AS line FROM refunds").await {
        let (refund_id, metadata) = line.split_once(' ').expect("two parts");
        let metadata: Value = serde_json::from_str(metadata).expect("JSON");
        let wish = metadata["wish"].as_str().expect("every refund was wished for").to_owned();
        let twin = created.insert(wish, refund_id.to_owned());
        assert_eq!(twin, None, "one wish, two refunds: {refund_id}");
    }
    assert_eq!(created, account.created, "refunds of the desk on the left, answers that callers saw on the right");
    let reached = witness.lines("SELECT refund_id || ' ' || to_state AS line FROM transitions").await;
    for (verb, refund_id, state) in &account.moved {
        assert!(reached.contains(&format!("{refund_id} {state}")), "{verb} was answered: {refund_id} is {state}");
    }
    let told = |verbs: &[&str]| account.moved.iter().filter(|(verb, ..)| verbs.contains(verb)).count();
    for (verbs, rows) in [
        (&["approve"][..], "count(*) FROM approvals"),
        (&["deny"], "count(*) FROM transitions WHERE event = 'deny' AND actor LIKE 'user:%'"),
        (&["cancel"], "count(*) FROM transitions WHERE event IN ('cancel', 'withdraw')"),
        (&["retry"], "count(*) FROM transitions WHERE event = 'retry'"),
    ] {
        let done = witness.number(rows).await;
        assert_eq!(usize::try_from(done), Ok(told(verbs)), "{verbs:?}: done, and told to have been done");
    }
}
