//! The list of refunds where no index leads to what is wanted: it looks at a piece, says how far, and goes on from there.

use super::bench::Bench;
use crate::domain::id::RefundId;
use crate::domain::refund::{Reason, State};
use crate::services::Refusal;
use crate::store::listing::{self, Wanted};
use crate::store::queue::Narrowed;

/// One piece of a list that looks at so many refunds: what it holds, and where it stopped.
async fn piece(bench: &Bench, wanted: &Wanted, scan_max: i64) -> (Vec<RefundId>, Option<RefundId>) {
    let wanted = wanted.clone();
    let read = bench.desk.db.read(move |conn| {
        let floor = listing::floor(conn, &wanted, scan_max)?;
        let found = listing::page(conn, &wanted, floor.as_ref(), 50)?;
        Ok::<_, Refusal>((found.into_iter().map(|refund| refund.refund_id).collect(), floor))
    });
    read.await.unwrap()
}

#[tokio::test]
async fn a_search_that_nothing_leads_goes_on_where_it_stopped_and_misses_nothing() {
    let bench = Bench::new().await;
    let mut asked = Vec::new();
    for number in 0..7 {
        asked.push(bench.request(&format!("{number}"), Reason::Other).await);
    }
    asked.sort();
    asked.reverse();
    let in_dollars = Narrowed { currency: "USD".parse().ok(), ..Narrowed::default() };
    let mut wanted = Wanted { narrowed: in_dollars.clone(), ..Wanted::default() };
    let (mut seen, mut pieces) = (Vec::new(), 0);
    loop {
        let (found, floor) = piece(&bench, &wanted, 2).await;
        pieces += 1;
        seen.extend(found);
        if floor.is_none() {
            break;
        }
        wanted.before = floor;
    }
    assert_eq!((seen, pieces), (asked, 3));
    let yen = Wanted { narrowed: Narrowed { currency: "JPY".parse().ok(), ..in_dollars }, ..Wanted::default() };
    let (found, floor) = piece(&bench, &yen, 2).await;
    assert!(found.is_empty() && floor.is_some(), "an empty piece says that there may be more");
}

#[tokio::test]
async fn counts_say_where_there_may_be_more() {
    let bench = Bench::new().await;
    for number in 0..5 {
        bench.request(&format!("{number}"), Reason::Other).await;
    }
    let count = async |wanted: Wanted, scan_max| {
        let read = bench.desk.db.read(move |conn| Ok::<_, Refusal>(listing::counts(conn, &wanted, scan_max)?));
        let counts = read.await.unwrap();
        let (_, count) = counts.into_iter().find(|(state, _)| *state == State::Requested).unwrap();
        (count.number, count.more)
    };
    let large = Wanted { narrowed: Narrowed { min_minor: Some(1), ..Narrowed::default() }, ..Wanted::default() };
    assert_eq!(count(Wanted::default(), 2).await, (5, false), "an index leads to them");
    assert_eq!(count(large.clone(), 2).await, (3, true), "what was not looked at may hold more");
    assert_eq!(count(large, 50).await, (5, false));
}
