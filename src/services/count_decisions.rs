//! How many of the requests of the last fourteen days the policy decided alone: `refund_auto_decision_rate_pct`.
//!
//! Counted from the rows, so that every node tells the same. There may be millions: each look goes on where the last one
//! ended, by day, and forgets the days that are over.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::desk::Desk;
use super::refusal::Refusal;
use crate::domain::access::Principal;
use crate::domain::id::RefundId;
use crate::store::decisions;

/// What the objective looks back on. Source: the SLO of SPEC section 15.
const WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Ids are minted before their rows are committed; after so long all of a moment are there. A write that takes longer is
/// answered 503.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// Rows of one query.
const PAGE: i64 = 5_000;

/// Queries of one look at most, so that a first look back on fourteen days leaves room for others.
const PAGES_MAX: usize = 4;

const DAY_MS: i64 = 86_400_000;

/// What was counted so far.
#[derive(Debug)]
pub struct DecisionCount {
    after: String,
    /// By day since 1970: how many the policy decided alone, and how many there were.
    days: BTreeMap<i64, (u64, u64)>,
}

impl DecisionCount {
    /// Nothing was counted yet.
    pub fn starting(now: Timestamp) -> Self {
        Self { after: first_id(now.saturating_sub(WINDOW).unwrap_or(now)), days: BTreeMap::new() }
    }

    /// Counts what came since the last look.
    pub async fn go_on(&mut self, desk: &Desk, now: Timestamp) -> Result<(), Refusal> {
        let before = first_id(now.saturating_sub(SETTLED_AFTER).unwrap_or(now));
        for _ in 0..PAGES_MAX {
            let (after, before) = (self.after.clone(), before.clone());
            let words =
                desk.db.read(move |conn| Ok::<_, Refusal>(decisions::last_words(conn, &after, &before, PAGE)?)).await?;
            let is_last = i64::try_from(words.len()).is_ok_and(|count| count < PAGE);
            for word in words {
                let (automatic, all) = self.days.entry(word.decided_at / 1000 / DAY_MS).or_default();
                let by_policy = word.decided_by.and_then(|by| by.parse().ok()).is_some_and(is_policy);
                *automatic = automatic.saturating_add(u64::from(by_policy));
                *all = all.saturating_add(1);
                self.after = word.refund_id;
            }
            if is_last {
                break;
            }
        }
        let oldest = now.saturating_sub(WINDOW).unwrap_or(now).as_millisecond() / DAY_MS;
        self.days.retain(|day, _| *day >= oldest);
        Ok(())
    }

    /// How many the policy decided alone, and how many there were.
    pub fn automatic_of_all(&self) -> (u64, u64) {
        self.days.values().fold((0, 0), |(automatic, all), (more_automatic, more)| {
            (automatic.saturating_add(*more_automatic), all.saturating_add(*more))
        })
    }
}

/// The lowest id that can be minted at this moment.
fn first_id(at: Timestamp) -> String {
    let ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
    RefundId::from_ulid(ulid::Ulid::from_parts(ms, 0)).to_string()
}

fn is_policy(principal: Principal) -> bool {
    match principal {
        Principal::Policy(_) => true,
        Principal::User(_)
        | Principal::Token(_)
        | Principal::Customer(_)
        | Principal::Provider(_)
        | Principal::System
        | Principal::Shell => false,
    }
}
