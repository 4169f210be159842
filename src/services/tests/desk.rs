//! People at the desk: claims, questions, and the last approval that can be undone.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::bench::{Bench, order};
use crate::domain::access::{Actor, Principal, Role};
use crate::domain::id::{RefundId, UserId};
use crate::domain::preferences::Preferences;
use crate::domain::refund::{Qualifier, Reason, Refund, State};
use crate::domain::review::{CLAIM_S, View};
use crate::services::claims::{self, Claimed};
use crate::services::decide_refund::{DecideRefund, Verdict};
use crate::services::follow_refund::follow;
use crate::services::messages::{Write, write_to_customer, write_to_desk};
use crate::services::move_refund::{Move, move_refund};
use crate::services::read_queue::{Narrowed, read_queue};
use crate::services::request_refund::{Asked, RequestRefund, request_refund};
use crate::services::settle_decisions::{settle_due, undo_decision};
use crate::services::{Code, Context, Refusal, push_order, read_refunds};
use crate::store::people::{self, UserRow};

async fn person(bench: &Bench, name: &str, role: Role) -> Actor {
    let user_id = UserId::from_ulid(ulid::Ulid::from_parts(1, rand::random()));
    let roles = BTreeSet::from([role]);
    let user = UserRow {
        user_id: user_id.clone(),
        email: format!("{name}@desk.example"),
        name: name.to_owned(),
        preferences: Preferences::of_reader("en"),
        password_hash: String::new(),
        active: true,
        roles: roles.clone(),
        version: 1,
        epoch: 1,
        created_at: Timestamp::now(),
        signed_in_at: None,
    };
    bench.desk.db.write(move |tx| Ok::<_, Refusal>(people::insert_user(tx, &user)?)).await.unwrap();
    Actor::user(user_id, roles)
}

/// A goodwill request of this much, always of the same customer, that waits for people.
async fn goodwill(bench: &Bench, order_id: &str, amount_minor: i64) -> RefundId {
    let mut order = order(order_id);
    order.customer.email = "zoe@example.com".to_owned();
    push_order::push_order(&bench.desk, &bench.context(), order).await.unwrap();
    let command = RequestRefund {
        order_id: order_id.to_owned(),
        amount_minor: Some(amount_minor),
        currency: None,
        reason: Reason::Goodwill,
        lines: Vec::new(),
        note: None,
        evidence: Vec::new(),
        metadata: std::collections::BTreeMap::new(),
        expected_remaining_minor: None,
        key: None,
    };
    match request_refund(&bench.desk, &bench.context(), command).await.unwrap() {
        Asked::Created { refund_id, .. } => refund_id,
        Asked::Replayed(_) => unreachable!("no key was given"),
    }
}

async fn found(bench: &Bench, refund_id: &RefundId) -> Refund {
    read_refunds::read_refund(&bench.desk, &bench.context(), refund_id).await.unwrap().refund
}

async fn approve(bench: &Bench, context: &Context, refund_id: &RefundId, window_s: i64) -> Result<Refund, Refusal> {
    let command = DecideRefund {
        refund_id: refund_id.clone(),
        verdict: Verdict::Approve { amount_minor: None },
        note: Some("fine".to_owned()),
        expected_version: None,
        expected_remaining_minor: None,
        heeds_claims: false,
        undo_window_s: window_s,
    };
    move_refund(&bench.desk, context, Move::Decide(command)).await
}

async fn in_view(bench: &Bench, context: &Context, view: View) -> Vec<RefundId> {
    let queue = read_queue(&bench.desk, context, view, Narrowed::default(), None).await.unwrap();
    let (_, count) = queue.counts.iter().find(|(each, _)| *each == view).unwrap();
    assert_eq!(usize::try_from(count.number).unwrap(), queue.items.len(), "the count of {view} is of its rows");
    queue.items.into_iter().map(|item| item.refund.refund_id).collect()
}

#[tokio::test]
async fn the_last_approval_waits_and_is_then_carried_out_once() {
    let bench = Bench::new().await;
    let senior = person(&bench, "omar", Role::Senior).await;
    let refund_id = goodwill(&bench, "1001", 2_000).await;
    let now = bench.context().now;
    let context = bench.context_at(now).acting_as(senior.clone());
    let waiting = approve(&bench, &context, &refund_id, 15).await.unwrap();
    assert_eq!((waiting.state, waiting.qualifier), (State::Requested, Some(Qualifier::Decided)));
    let story = read_refunds::read_story(&bench.desk, &bench.context(), &refund_id).await.unwrap();
    assert!(story.entries.is_empty(), "nothing is posted before");
    assert_eq!(story.work.len(), 1, "nothing but the receipt is mailed before");
    assert_eq!(settle_due(&bench.desk, &bench.context_at(now)).await.unwrap(), 0);
    let later = bench.context_at(now + SignedDuration::from_secs(16));
    assert_eq!(settle_due(&bench.desk, &later).await.unwrap(), 1);
    assert_eq!(settle_due(&bench.desk, &later).await.unwrap(), 0);
    let story = read_refunds::read_story(&bench.desk, &bench.context(), &refund_id).await.unwrap();
    assert_eq!(story.view.refund.state, State::Approved);
    assert_eq!((story.entries.len(), story.view.approvals.len()), (1, 1));
    assert_eq!(story.view.decision.unwrap().decided_by, Some(senior.principal.to_string()));
    let notes: Vec<_> = story.view.notes.iter().map(|note| note.body.as_str()).collect();
    assert_eq!(notes, ["fine"]);
}

#[tokio::test]
async fn an_undone_approval_leaves_no_trace_but_in_the_trail() {
    let bench = Bench::new().await;
    let (omar, rania) = (person(&bench, "omar", Role::Senior).await, person(&bench, "rania", Role::Senior).await);
    let refund_id = goodwill(&bench, "1001", 2_000).await;
    let now = bench.context().now;
    let omars = bench.context_at(now).acting_as(omar);
    approve(&bench, &omars, &refund_id, 15).await.unwrap();
    let ranias = bench.context_at(now).acting_as(rania);
    assert_eq!(undo_decision(&bench.desk, &ranias, &refund_id).await.unwrap_err().code, Code::State);
    assert_eq!(approve(&bench, &ranias, &refund_id, 15).await.unwrap_err().code, Code::State);
    let undone = undo_decision(&bench.desk, &omars, &refund_id).await.unwrap();
    assert_eq!((undone.state, undone.qualifier), (State::Requested, Some(Qualifier::AwaitingFirst)));
    let later = bench.context_at(now + SignedDuration::from_secs(60));
    assert_eq!(settle_due(&bench.desk, &later).await.unwrap(), 0);
    let view = read_refunds::read_refund(&bench.desk, &bench.context(), &refund_id).await.unwrap();
    assert_eq!((view.approvals.len(), view.notes.len()), (0, 0));
    approve(&bench, &ranias, &refund_id, 0).await.unwrap();
    assert_eq!(bench.state(&refund_id).await, State::Approved);
}

#[tokio::test]
async fn f85_who_was_suspended_meanwhile_has_approved_nothing() {
    let bench = Bench::new().await;
    let senior = person(&bench, "omar", Role::Senior).await;
    let refund_id = goodwill(&bench, "1001", 2_000).await;
    let now = bench.context().now;
    approve(&bench, &bench.context_at(now).acting_as(senior), &refund_id, 15).await.unwrap();
    bench.tamper("UPDATE users SET active = FALSE").await;
    let later = bench.context_at(now + SignedDuration::from_secs(16));
    assert_eq!(settle_due(&bench.desk, &later).await.unwrap(), 1);
    let refund = found(&bench, &refund_id).await;
    assert_eq!((refund.state, refund.qualifier), (State::Requested, Some(Qualifier::AwaitingFirst)));
    assert_eq!(settle_due(&bench.desk, &later).await.unwrap(), 0);
}

#[tokio::test]
async fn f87_a_withdrawal_beats_an_approval_that_still_waits() {
    let bench = Bench::new().await;
    let senior = person(&bench, "omar", Role::Senior).await;
    let refund_id = goodwill(&bench, "1001", 2_000).await;
    let now = bench.context().now;
    approve(&bench, &bench.context_at(now).acting_as(senior), &refund_id, 15).await.unwrap();
    move_refund(&bench.desk, &bench.context(), Move::Cancel(refund_id.clone(), None)).await.unwrap();
    let later = bench.context_at(now + SignedDuration::from_secs(16));
    assert_eq!(settle_due(&bench.desk, &later).await.unwrap(), 0);
    assert_eq!(bench.state(&refund_id).await, State::Canceled);
}

#[tokio::test]
async fn a_claim_keeps_others_off_until_it_runs_out() {
    let bench = Bench::new().await;
    let (amina, omar) = (person(&bench, "amina", Role::Agent).await, person(&bench, "omar", Role::Senior).await);
    let (first, second) = (goodwill(&bench, "1001", 2_000).await, goodwill(&bench, "1002", 9_000).await);
    let now = bench.context().now;
    let aminas = bench.context_at(now).acting_as(amina);
    let omars = bench.context_at(now).acting_as(omar);
    // Both are due in the same minute or in the next: the larger amount first within a minute.
    let got = claims::claim_next(&bench.desk, &aminas).await.unwrap().unwrap();
    let rest = if got == first { second } else { first };
    assert_eq!(in_view(&bench, &aminas, View::Mine).await, std::slice::from_ref(&got));
    assert_eq!(in_view(&bench, &omars, View::Unclaimed).await, std::slice::from_ref(&rest));
    assert!(matches!(claims::claim(&bench.desk, &omars, &got, None).await.unwrap(), Claimed::Theirs(_)));
    assert!(matches!(claims::claim(&bench.desk, &omars, &got, Some("urgent")).await.unwrap(), Claimed::Yours(_)));
    assert!(in_view(&bench, &aminas, View::Mine).await.is_empty());
    claims::skip(&bench.desk, &aminas, &rest, "language").await.unwrap();
    assert!(in_view(&bench, &aminas, View::Unclaimed).await.is_empty());
    assert_eq!(in_view(&bench, &omars, View::Unclaimed).await, std::slice::from_ref(&rest));
    assert_eq!(claims::claim_next(&bench.desk, &aminas).await.unwrap(), None);
    let later = bench.context_at(now + SignedDuration::from_secs(CLAIM_S + 1)).acting_as(omars.actor.clone());
    assert_eq!(in_view(&bench, &later, View::Mine).await, Vec::<RefundId>::new());
    assert_eq!(in_view(&bench, &later, View::Unclaimed).await.len(), 2);
}

#[tokio::test]
async fn a_question_waits_for_its_answer() {
    let bench = Bench::new().await;
    let amina = person(&bench, "amina", Role::Agent).await;
    let refund_id = goodwill(&bench, "1001", 2_000).await;
    let context = bench.context().acting_as(amina);
    let write = |body: &str, asks| Write {
        refund_id: refund_id.clone(),
        body: body.to_owned(),
        asks,
        expected_version: None,
        form: None,
    };
    let asked = write_to_customer(&bench.desk, &context, write("Which box?", true)).await.unwrap();
    assert_eq!(asked.qualifier, Some(Qualifier::NeedsInfo));
    assert_eq!(in_view(&bench, &context, View::Info).await, std::slice::from_ref(&refund_id));
    assert!(in_view(&bench, &context, View::Unclaimed).await.is_empty());
    let customer = bench.context().acting_as(Actor::customer(asked.customer_id.clone()));
    let answered = write_to_desk(&bench.desk, &customer, write("The blue one", false)).await.unwrap();
    assert_eq!(answered.qualifier, Some(Qualifier::AwaitingFirst));
    let followed = follow(&bench.desk, &customer, &refund_id).await.unwrap();
    let said: Vec<_> = followed.messages.iter().map(|message| (message.to_customer, message.body.as_str())).collect();
    assert_eq!(said, [(true, "Which box?"), (false, "The blue one")]);
    let story = read_refunds::read_story(&bench.desk, &context, &refund_id).await.unwrap();
    assert_eq!(story.work.iter().filter(|work| work.payload.contains("agent_message")).count(), 1);
}

#[tokio::test]
async fn two_people_approve_what_takes_two_and_never_one_twice() {
    let bench = Bench::new().await;
    let (omar, rania) = (person(&bench, "omar", Role::Senior).await, person(&bench, "rania", Role::Senior).await);
    // Splitting does not help: the second request makes the customer's goodwill more than the threshold.
    for order_id in ["1001", "1002", "1003"] {
        goodwill(&bench, order_id, 9_000).await;
    }
    let refund_id = goodwill(&bench, "1004", 9_000).await;
    let omars = bench.context().acting_as(omar);
    let first = approve(&bench, &omars, &refund_id, 15).await.unwrap();
    assert_eq!((first.state, first.qualifier), (State::Requested, Some(Qualifier::AwaitingSecond)));
    assert_eq!(approve(&bench, &omars, &refund_id, 15).await.unwrap_err().code, Code::DualControl);
    assert_eq!(in_view(&bench, &omars, View::Second).await, std::slice::from_ref(&refund_id));
    let ranias = bench.context().acting_as(rania);
    let second = approve(&bench, &ranias, &refund_id, 0).await.unwrap();
    assert_eq!(second.state, State::Approved);
    assert!(in_view(&bench, &omars, View::Second).await.is_empty());
}

#[tokio::test]
async fn claims_are_handed_over_when_somebody_leaves() {
    let bench = Bench::new().await;
    let (amina, omar) = (person(&bench, "amina", Role::Agent).await, person(&bench, "omar", Role::Senior).await);
    let refund_id = goodwill(&bench, "1001", 2_000).await;
    let aminas = bench.context().acting_as(amina.clone());
    claims::claim(&bench.desk, &aminas, &refund_id, None).await.unwrap();
    let (from, to) = (amina.principal, omar.principal.clone());
    let moved = claims::hand_over(&bench.desk, &bench.context(), &from, &to).await.unwrap();
    assert_eq!(moved, 1);
    assert_eq!(in_view(&bench, &bench.context().acting_as(omar), View::Mine).await, [refund_id]);
    assert!(matches!(to, Principal::User(_)));
}
