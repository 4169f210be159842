//! Starts that are killed: the first ones, with nothing there yet, whose migrations, keys and first rows are under way.

use std::time::Duration;

use rand::Rng as _;

use super::chance::{self, Chance};
use super::premises::{MailWay, Premises};

/// How long a first start takes at most before it is killed: longer than it takes.
const START_MS_MAX: u64 = 150;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_that_was_killed_is_taken_up_by_the_next() {
    let mut chance = Chance::of("kill -9 in the middle of the first start");
    let rounds = chance::rounds();
    for _ in 0..rounds {
        let premises = Premises::empty(MailWay::Folder);
        let mut kills = 0;
        for _ in 0..chance.rng.random_range(1..=3) {
            let process = premises.start(&[]);
            tokio::time::sleep(Duration::from_millis(chance.rng.random_range(0..START_MS_MAX))).await;
            process.kill();
            kills += 1;
        }
        let mut process = premises.start(&[]);
        let base = process.base().await.expect("a desk that nobody kills serves");
        let witness = premises.witness(&base);
        witness.stranger.get("/readyz").await.expect(200);
        assert_eq!(witness.number("count(*) FROM policies").await, 1, "after {kills} kills");
        let activated = "count(*) FROM audit_records WHERE action = 'policy.activate'";
        assert_eq!(witness.number(activated).await, 1, "after {kills} kills");
        drop(witness);
        assert!(process.stop().await.success());
        premises.run(&["ledger", "check"]).await;
        premises.run(&["audit", "verify"]).await;
        premises.nobody_panicked();
    }
    chance.tell(&format!("{rounds} first starts"));
}
