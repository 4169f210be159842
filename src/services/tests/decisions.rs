//! The share of requests that the policy decides alone.

use jiff::SignedDuration;

use super::bench::Bench;
use crate::domain::refund::Reason;
use crate::services::count_decisions::DecisionCount;

#[tokio::test]
async fn what_the_policy_decides_alone_is_counted_once_and_for_fourteen_days() {
    let bench = Bench::new().await;
    let now = bench.context().now;
    let later = |seconds: i64| now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
    let mut count = DecisionCount::starting(now);
    bench.refund("1001").await;
    bench.refund("1002").await;
    bench.request("1003", Reason::Other).await;
    count.go_on(&bench.desk, later(0)).await.unwrap();
    assert_eq!(count.automatic_of_all(), (0, 0), "others of the same moment may still come");
    for _ in 0..2 {
        count.go_on(&bench.desk, later(60)).await.unwrap();
        assert_eq!(count.automatic_of_all(), (2, 3));
    }
    count.go_on(&bench.desk, later(16 * 86_400)).await.unwrap();
    assert_eq!(count.automatic_of_all(), (0, 0));
    let mut again = DecisionCount::starting(later(60));
    again.go_on(&bench.desk, later(120)).await.unwrap();
    assert_eq!(again.automatic_of_all(), (2, 3), "a start counts what was there before");
}
