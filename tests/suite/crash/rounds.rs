//! Rounds of life under load, each ended by `kill -9` at a random moment, then peace and the reckoning.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::aftermath;
use super::chance::{self, Chance};
use super::diary::Diary;
use super::mood::Mood;
use super::premises::{MailWay, Premises};
use crate::harness::Engine;

/// How long a desk lives at most before it is killed: about as long as it takes to answer everything.
const LIFE_MS_MAX: u64 = 1_200;

/// How long a start takes at most before it is killed: a little longer than it takes.
const START_MS_MAX: u64 = 120;

/// Requests that are under way at once.
const CALLERS: usize = 12;

/// Orders of a round at most; each has up to three refunds.
const ORDERS_MAX: usize = 12;

/// QUALITY 2: `kill -9` at random under load.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_survives_and_nothing_happens_twice() {
    let mut chance = Chance::of("kill -9 under load");
    let mail = if chance.rng.random() { MailWay::Server } else { MailWay::Folder };
    let premises = Premises::furnished(mail).await;
    let mood = Mood::Moody(Box::new(StdRng::seed_from_u64(chance.rng.random())));
    let diary = Diary::new(mood);
    let rounds = chance::rounds();
    for _ in 0..rounds {
        round(&premises, &diary, &mut chance.rng).await;
        premises.leases_run_out().await;
    }
    let account = aftermath::settle(&premises, &diary, async |_| {}).await;
    let (refunds, moves, replays) = (account.created.len(), account.moved.len(), account.replays);
    let done = account.late.iter().filter(|(_, told)| told == "replayed").count();
    chance.tell(&format!(
        "{rounds} rounds on {:?}, letters to a {mail:?}: {refunds} refunds, {moves} moves; of {} answers that a kill kept \
         from their callers {done} were recorded before it; {replays} answers were given again, to the byte",
        Engine::chosen(),
        account.late.len()
    ));
}

/// One life of a desk, which may end before it serves.
async fn round(premises: &Premises, diary: &Diary, rng: &mut StdRng) {
    let webhook_delay_ms = rng.random_range(0..400).to_string();
    let mut process = premises.start(&[("MAKEGOOD_SIMULATOR_WEBHOOK_DELAY_MS", &webhook_delay_ms)]);
    if rng.random_ratio(1, 6) {
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..START_MS_MAX))).await;
        return process.kill();
    }
    let base = process.base().await.expect("a desk that nobody has killed yet serves");
    diary.plan_round(&premises.shop, rng.random_range(1..=ORDERS_MAX));
    let life = Duration::from_millis(rng.random_range(0..LIFE_MS_MAX));
    let death = async {
        tokio::time::sleep(life).await;
        process.kill();
    };
    tokio::join!(diary.live(&base, &premises.deciders, CALLERS), death);
}
