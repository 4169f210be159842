//! Every check passes on what the desk itself wrote, and says where it is wrong once somebody else wrote too.

use super::bench::Bench;
use crate::services::check_books::{Books, check_books};
use crate::services::check_moves::{Moves, check_moves};
use crate::services::outbox_admin;
use crate::services::replay_policy::{Replay, replay_policy};
use crate::services::verify_audit::{Trail, verify_audit};

async fn books(bench: &Bench) -> Books {
    check_books(&bench.desk, &bench.context()).await.unwrap()
}

async fn moves(bench: &Bench) -> Moves {
    check_moves(&bench.desk, &bench.context()).await.unwrap()
}

async fn trail(bench: &Bench) -> Trail {
    verify_audit(&bench.desk, &bench.context(), None).await.unwrap()
}

async fn replay(bench: &Bench) -> Replay {
    replay_policy(&bench.desk, &bench.context()).await.unwrap()
}

fn sentences<T: ToString>(faults: &crate::services::findings::Findings<T>) -> Vec<String> {
    faults.named().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn what_the_desk_wrote_is_right() {
    let (bench, _) = Bench::busy().await;
    let books = books(&bench).await;
    assert_eq!(sentences(&books.faults), Vec::<String>::new());
    assert_eq!((books.entries, books.refunds, books.payments), (6, 4, 4));
    let moves = moves(&bench).await;
    assert_eq!(sentences(&moves.faults), Vec::<String>::new());
    assert_eq!((moves.refunds, moves.transitions), (4, 14));
    let trail = trail(&bench).await;
    assert_eq!(sentences(&trail.faults), Vec::<String>::new());
    assert_eq!((trail.seals, trail.unsealed, trail.transitions), (1, 0, 14));
    let replay = replay(&bench).await;
    assert_eq!((replay.decisions, replay.faults.total()), (4, 0));
}

#[tokio::test]
async fn i1_and_i5_wrong_books_are_found_where_they_are() {
    for (sql, expected) in [
        (
            "UPDATE payments SET committed_minor = 2600 WHERE order_id = '1001'",
            vec!["payment p1 of order 1001: 2600 is committed, and the refunds that count sum to 2500"],
        ),
        (
            "UPDATE payments SET captured_minor = 1000 WHERE order_id = '1003'",
            vec![
                "payment p1 of order 1003: the declared shortfall is 0, and what is committed exceeds what was captured by \
                 1500",
            ],
        ),
        (
            "UPDATE ledger_entries SET amount_minor = 2501 WHERE kind = 'REFUND_SETTLED'",
            vec![
                "entry {settled}: it is not of the amount, currency and accounts of refund {completed}",
                "USD: liability.refunds_pending is 4999, and the refunds that are pending sum to 5000",
            ],
        ),
        (
            "DELETE FROM ledger_entries WHERE kind = 'REFUND_SETTLED'",
            vec![
                "refund {completed}: its entries (REFUND_PENDING) do not lead to completed",
                "refund {completed}: its last entry {settled} is none of its entries",
                "USD: liability.refunds_pending is 7500, and the refunds that are pending sum to 5000",
            ],
        ),
        (
            "UPDATE ledger_entries SET period = '2020-02' WHERE kind = 'REFUND_SETTLED'",
            vec!["entry {settled}: it stands in period 2020-02, and was posted in {month}"],
        ),
        (
            "UPDATE ledger_entries SET credit_account = 'asset.provider.other' WHERE kind = 'REFUND_SETTLED'",
            vec!["entry {settled}: it is not of the amount, currency and accounts of refund {completed}"],
        ),
        (
            "INSERT INTO ledger_entries SELECT 'le_00000000000000000000000000', kind, debit_account, credit_account, \
             amount_minor, currency, 'rf_00000000000000000000000000', period, posted_at, occurred_at FROM \
             ledger_entries WHERE kind = 'REFUND_RELEASED'",
            vec![
                "entry le_00000000000000000000000000: there is no refund rf_00000000000000000000000000",
                "USD: liability.refunds_pending is 2500, and the refunds that are pending sum to 5000",
            ],
        ),
    ] {
        let (bench, refunds) = Bench::busy().await;
        let story =
            crate::services::read_refunds::read_story(&bench.desk, &bench.context(), &refunds[0]).await.unwrap();
        let settled = story.entries.last().unwrap();
        bench.tamper(sql).await;
        let expected: Vec<String> = expected
            .into_iter()
            .map(|text| {
                text.replace("{settled}", settled.entry_id.as_str())
                    .replace("{completed}", refunds[0].as_str())
                    .replace("{month}", &settled.period)
            })
            .collect();
        assert_eq!(sentences(&books(&bench).await.faults), expected, "{sql}");
    }
}

#[tokio::test]
async fn i6_i7_and_i11_moves_that_cannot_be_are_found() {
    for (sql, expected) in [
        (
            "UPDATE transitions SET event = 'cancel' WHERE event = 'succeeded'",
            vec![
                "refund {0}, change 5: cancel does not lead from submitting to completed",
                "refund {0}: its changes post 1 × REFUND_PENDING, and its entries are 1 × REFUND_PENDING, 1 × \
                 REFUND_SETTLED",
                "refund {0}, letter {letter}: the change that it tells of did not happen",
            ],
        ),
        (
            "UPDATE refunds SET state = 'completed' WHERE state = 'provider_pending'",
            vec!["refund {2}: it is completed, and its last change led to provider_pending"],
        ),
        (
            "INSERT INTO outbox SELECT 'ob_00000000000000000000000000', kind, 'again', refund_id, account, payload, \
             status, attempts, due_at, lease_owner, fence, lease_until, last_error, created_at, finished_at FROM outbox \
             WHERE outbox_id = '{letter}'",
            vec!["refund {0}, letter {letter}: its change has another letter already"],
        ),
        (
            "UPDATE outbox SET payload = replace(payload, 'completed', 'failed') WHERE outbox_id = '{letter}'",
            vec!["refund {0}, letter {letter}: its change is told by another letter, or by none"],
        ),
    ] {
        let (bench, refunds) = Bench::busy().await;
        let story =
            crate::services::read_refunds::read_story(&bench.desk, &bench.context(), &refunds[0]).await.unwrap();
        let letter = story.work.iter().rfind(|row| row.payload.contains("completed")).unwrap().outbox_id.clone();
        let fill = |text: &str| {
            text.replace("{letter}", &letter).replace("{0}", refunds[0].as_str()).replace("{2}", refunds[2].as_str())
        };
        bench.tamper(&fill(sql)).await;
        let expected: Vec<String> = expected.into_iter().map(fill).collect();
        assert_eq!(sentences(&moves(&bench).await.faults), expected, "{sql}");
    }
}

#[tokio::test]
async fn i9_a_touched_trail_is_found_where_it_was_touched() {
    const ONE: &str = "(SELECT audit_id FROM audit_records WHERE action = 'refund.approve' ORDER BY audit_id LIMIT 1)";
    for (sql, expected) in [
        (
            format!("UPDATE audit_records SET actor = 'system' WHERE audit_id = {ONE}"),
            vec![
                "record {one}: it was edited after it was written",
                "state change 2 of refund {0}: its audit record names another actor or conversation",
            ],
        ),
        (
            format!("DELETE FROM audit_records WHERE audit_id = {ONE}"),
            vec![
                "record {one}, sealed by 1: it was removed",
                "state change 2 of refund {0}: its audit record does not exist",
            ],
        ),
        (
            format!("DELETE FROM audit_sealed WHERE audit_id = {ONE}; UPDATE audit_seals SET records = records - 1"),
            vec!["seal 1: it does not fit: records or seals were removed, inserted, moved or replaced here"],
        ),
        (
            "UPDATE audit_sealed SET position = 1 - position WHERE position < 2".to_owned(),
            vec!["seal 1: it does not fit: records or seals were removed, inserted, moved or replaced here"],
        ),
        (
            "UPDATE audit_seals SET seal_no = 2; UPDATE audit_sealed SET seal_no = 2".to_owned(),
            vec!["seal 2: the one before it is 0, so seals were removed or inserted"],
        ),
        (
            "DELETE FROM transitions WHERE seq = 2".to_owned(),
            vec!["record {one} (refund.approve of refund:{0}): the state change does not exist"],
        ),
        (
            "UPDATE transitions SET audit_id = audit_id || 'x' WHERE seq = 2".to_owned(),
            vec![
                "state change 2 of refund {0}: its audit record does not exist",
                "record {one} (refund.approve of refund:{0}): the state change does not exist",
            ],
        ),
    ] {
        let (bench, refunds) = Bench::busy().await;
        let story =
            crate::services::read_refunds::read_story(&bench.desk, &bench.context(), &refunds[0]).await.unwrap();
        let one = story.transitions[1].audit_id.clone();
        bench.tamper(&sql).await;
        let fill = |text: &str| text.replace("{one}", &one).replace("{0}", refunds[0].as_str());
        let expected: Vec<String> = expected.into_iter().map(fill).collect();
        assert_eq!(sentences(&trail(&bench).await.faults), expected, "{sql}");
    }
}

#[tokio::test]
async fn i9_a_record_slipped_in_between_is_found() {
    let (bench, _) = Bench::busy().await;
    // Written as the desk writes, an hour before everything else.
    let context = bench.context_at(bench.context().now.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap());
    crate::services::import_orders::import_orders(
        &bench.desk,
        &context,
        std::sync::Arc::new(vec![super::bench::order("2001")]),
    )
    .await
    .unwrap();
    let found = sentences(&trail(&bench).await.faults);
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with("no seal covers it, though later records are sealed: it was inserted"), "{found:?}");
}

#[tokio::test]
async fn i9_a_cut_off_tail_does_not_have_the_noted_head() {
    let (bench, _) = Bench::busy().await;
    let earlier = trail(&bench).await.head;
    bench.refund("1005").await;
    let newer: crate::domain::audit::Hash = bench.seal().await.unwrap().parse().unwrap();
    for noted in [earlier, newer, crate::domain::audit::GENESIS] {
        let trail = verify_audit(&bench.desk, &bench.context(), Some(noted)).await.unwrap();
        assert!(trail.faults.is_clean(), "{:?}", trail.faults);
        assert_eq!(trail.head, newer);
    }
    bench
        .tamper(
            "DELETE FROM transitions WHERE audit_id IN (SELECT audit_id FROM audit_sealed WHERE seal_no = 2);
             DELETE FROM audit_records WHERE audit_id IN (SELECT audit_id FROM audit_sealed WHERE seal_no = 2);
             DELETE FROM audit_sealed WHERE seal_no = 2; DELETE FROM audit_seals WHERE seal_no = 2;",
        )
        .await;
    assert!(trail(&bench).await.faults.is_clean(), "a shorter trail fits by itself");
    let trail = verify_audit(&bench.desk, &bench.context(), Some(newer)).await.unwrap();
    assert_eq!(
        sentences(&trail.faults),
        [format!("the head {newer} is no seal of this trail: its tail was cut off, or it was made anew")]
    );
}

#[tokio::test]
async fn i10_a_decision_that_does_not_come_out_again_is_found() {
    for (sql, expected) in [
        (
            "UPDATE decisions SET rule = 'everything_else' WHERE refund_id = '{0}'",
            "refund {0}, policy version 1: rule everything_else said \"auto_approve\", and the stored facts lead to rule \
             small_amount and \"auto_approve\"",
        ),
        (
            "UPDATE decisions SET facts = replace(facts, '\"amount_minor\":2500', '\"amount_minor\":60000') WHERE \
             refund_id = '{0}'",
            "refund {0}, policy version 1: rule small_amount said \"auto_approve\", and the stored facts lead to rule \
             everything_else and {\"review\":{\"approvals\":1,\"min_role\":\"agent\"}}",
        ),
        (
            "UPDATE decisions SET policy_version = 7 WHERE refund_id = '{0}'",
            "refund {0}, policy version 7: this version does not exist",
        ),
    ] {
        let (bench, refunds) = Bench::busy().await;
        let fill = |text: &str| text.replace("{0}", refunds[0].as_str());
        bench.tamper(&fill(sql)).await;
        assert_eq!(sentences(&replay(&bench).await.faults), [fill(expected)]);
    }
}

#[tokio::test]
async fn what_died_gets_another_chance_once() {
    let (bench, refunds) = Bench::busy().await;
    let (context, waiting) = (bench.context(), &refunds[3]);
    let open = outbox_admin::list(&bench.desk, &context, "", 100).await.unwrap();
    let row = open.iter().find(|row| row.kind == "submit" && row.refund_id.as_deref() == Some(waiting.as_str()));
    let row = row.unwrap().clone();
    assert!(outbox_admin::requeue(&bench.desk, &context, &row.outbox_id).await.is_err(), "it waits already");
    bench
        .tamper(&format!(
            "UPDATE outbox SET status = 'dead', attempts = 9 WHERE outbox_id = '{}';
             UPDATE refunds SET dead_lettered = TRUE, qualifier = 'dead_lettered' WHERE refund_id = '{waiting}';",
            row.outbox_id
        ))
        .await;
    let again = outbox_admin::requeue(&bench.desk, &context, &row.outbox_id).await.unwrap();
    assert_eq!((again.status.as_str(), again.attempts, &again.dedupe_key), ("waiting", 0, &row.dedupe_key));
    let view = crate::services::read_refunds::read_refund(&bench.desk, &context, waiting).await.unwrap();
    assert!(
        !view.refund.dead_lettered && view.refund.qualifier != Some(crate::domain::refund::Qualifier::DeadLettered)
    );
    assert!(moves(&bench).await.faults.is_clean() && trail(&bench).await.faults.is_clean());
    assert!(outbox_admin::requeue(&bench.desk, &context, "ob_nothing").await.is_err());
}
