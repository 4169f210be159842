//! The thirteen modes, how a payment's id chooses one, and what each does: a pure table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::provider::UnifiedStatus;
use crate::domain::refund::{UnknownWord, words};

use super::failure::{FAILURES, Failure, REVERSED};

/// How often `http_500` and `rate_limited` are in the way before the refund is done.
const TROUBLED_CALLS: u32 = 2;

/// What the ids of payments that choose a mode begin with.
const PREFIX: &str = "sim_";

words! {
    /// How the simulator behaves. Source: SPEC section 7.
    Mode {
        /// Does it and says so.
        Succeeded = "succeeded",
        /// Refuses, or takes and fails.
        Failed = "failed",
        /// Takes it; succeeds later.
        PendingThenSucceeded = "pending_then_succeeded",
        /// Takes it; fails later.
        PendingThenFailed = "pending_then_failed",
        /// Does it and never answers.
        TimeoutDone = "timeout_done",
        /// Neither does it nor answers.
        TimeoutLost = "timeout_lost",
        /// Answers with server errors.
        Http500 = "http_500",
        /// Does it and answers late.
        Slow = "slow",
        /// Does it and takes it back.
        LateReversal = "late_reversal",
        /// Tells the same fact several times.
        DuplicateWebhook = "duplicate_webhook",
        /// Tells the end by webhook before it answers the call.
        OutOfOrderWebhook = "out_of_order_webhook",
        /// Signs its first webhook wrongly.
        BadSignature = "bad_signature",
        /// Answers 429.
        RateLimited = "rate_limited",
    }
}

/// How an account's payments behave that name no mode themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// The mode where the odds choose no other.
    pub default: Mode,
    /// Modes with their probability in per cent. Chosen by the reference's digest, so that every call for one refund
    /// and every node choose the same.
    pub odds: Vec<(Mode, u8)>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self { default: Mode::Succeeded, odds: Vec::new() }
    }
}

/// The mode of one refund with its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) mode: Mode,
    failure: &'static Failure,
    stored: bool,
    later_attempt: bool,
}

/// What one call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// The refund is remembered, unless it is already, and answered.
    Do(Deed),
    /// Nothing is done, and the call is never answered.
    Hang,
    /// Nothing is done, and the call is answered 500.
    ServerError {
        /// Whether the answer claims to be a replay of an earlier one.
        replayed: bool,
    },
    /// Nothing is done, and the call is answered 429.
    TooMany,
}

/// How a refund goes that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deed {
    /// Where it stands at first.
    pub(super) first: Stand,
    /// Where it ends, if elsewhere.
    pub(super) then: Option<Stand>,
    /// How the first call is answered.
    pub(super) pause: Pause,
    /// The webhooks about the end.
    pub(super) webhooks: &'static [Webhook],
}

/// A standing: the status, and for `Failed` why.
pub(super) type Stand = (UnifiedStatus, Option<&'static Failure>);

/// What delays the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    None,
    /// By the configured slowness.
    Slow,
    /// Until its webhook is out.
    Overtaken,
    /// For longer than any client waits.
    Forever,
}

/// One webhook about the end of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Webhook {
    /// Deliveries with one number are one event, told again.
    pub(super) event: u8,
    /// Whether its first delivery is signed wrongly.
    pub(super) spoiled: bool,
}

const ONCE: &[Webhook] = &[Webhook { event: 1, spoiled: false }];
const SPOILED: &[Webhook] = &[Webhook { event: 1, spoiled: true }];
const REPEATED: &[Webhook] =
    &[Webhook { event: 1, spoiled: false }, Webhook { event: 1, spoiled: false }, Webhook { event: 2, spoiled: false }];

const PENDING: Stand = (UnifiedStatus::Pending, None);
const SUCCEEDED: Stand = (UnifiedStatus::Succeeded, None);

impl Chosen {
    /// The mode that the payment's id names, or else the account's.
    pub(super) fn of(connector_transaction_id: &str, reference: &str, behaviour: &Behaviour) -> Self {
        let named = named_mode(connector_transaction_id);
        let (mode, detail) = named.unwrap_or_else(|| (mode_by_odds(reference, behaviour), ""));
        Self {
            mode,
            failure: FAILURES.iter().find(|failure| leads(detail, failure.code)).unwrap_or(default_failure()),
            stored: leads(detail, "stored"),
            later_attempt: is_later_attempt(reference),
        }
    }

    /// Whether what a call does depends on how many came before it.
    pub(super) fn counts_calls(self) -> bool {
        match self.mode {
            Mode::TimeoutLost | Mode::Http500 | Mode::RateLimited => true,
            Mode::Succeeded
            | Mode::Failed
            | Mode::PendingThenSucceeded
            | Mode::PendingThenFailed
            | Mode::TimeoutDone
            | Mode::Slow
            | Mode::LateReversal
            | Mode::DuplicateWebhook
            | Mode::OutOfOrderWebhook
            | Mode::BadSignature => false,
        }
    }

    /// What the call with this number does; the first has number 1.
    pub(super) fn plan(self, call: u32) -> Plan {
        let fails = !(self.failure.retryable && self.later_attempt);
        let failed = (UnifiedStatus::Failed, Some(self.failure));
        match self.mode {
            Mode::Failed if fails => Plan::Do(at_once(failed)),
            Mode::Succeeded | Mode::Failed => Plan::Do(at_once(SUCCEEDED)),
            Mode::PendingThenFailed if fails => Plan::Do(later(failed, ONCE)),
            Mode::PendingThenSucceeded | Mode::PendingThenFailed => Plan::Do(later(SUCCEEDED, ONCE)),
            Mode::TimeoutDone => Plan::Do(Deed { pause: Pause::Forever, webhooks: ONCE, ..at_once(SUCCEEDED) }),
            Mode::TimeoutLost if call == 1 => Plan::Hang,
            Mode::Http500 if self.stored && !self.later_attempt => Plan::ServerError { replayed: call > 1 },
            Mode::Http500 if !self.stored && call <= TROUBLED_CALLS => Plan::ServerError { replayed: false },
            Mode::RateLimited if call <= TROUBLED_CALLS => Plan::TooMany,
            Mode::TimeoutLost | Mode::Http500 | Mode::RateLimited => Plan::Do(at_once(SUCCEEDED)),
            Mode::Slow => Plan::Do(Deed { pause: Pause::Slow, ..at_once(SUCCEEDED) }),
            Mode::LateReversal => Plan::Do(Deed {
                then: Some((UnifiedStatus::Failed, Some(&REVERSED))),
                webhooks: ONCE,
                ..at_once(SUCCEEDED)
            }),
            Mode::DuplicateWebhook => Plan::Do(later(SUCCEEDED, REPEATED)),
            Mode::OutOfOrderWebhook => Plan::Do(Deed { pause: Pause::Overtaken, ..later(SUCCEEDED, ONCE) }),
            Mode::BadSignature => Plan::Do(later(SUCCEEDED, SPOILED)),
        }
    }
}

impl Deed {
    /// Where the refund ends.
    pub(super) fn end(&self) -> Stand {
        self.then.unwrap_or(self.first)
    }
}

fn at_once(first: Stand) -> Deed {
    Deed { first, then: None, pause: Pause::None, webhooks: &[] }
}

fn later(then: Stand, webhooks: &'static [Webhook]) -> Deed {
    Deed { first: PENDING, then: Some(then), pause: Pause::None, webhooks }
}

fn default_failure() -> &'static Failure {
    const DEFAULT: &Failure = match FAILURES.first() {
        Some(failure) => failure,
        None => &REVERSED,
    };
    DEFAULT
}

/// The mode that an id names, and what follows it in the id.
fn named_mode(connector_transaction_id: &str) -> Option<(Mode, &str)> {
    let rest = connector_transaction_id.strip_prefix(PREFIX)?;
    let mode = Mode::ALL.iter().copied().find(|mode| leads(rest, mode.as_str()))?;
    let detail = rest.strip_prefix(mode.as_str()).unwrap_or_default();
    Some((mode, detail.strip_prefix('_').unwrap_or_default()))
}

/// Whether the text begins with the word, as a whole word.
fn leads(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

fn mode_by_odds(reference: &str, behaviour: &Behaviour) -> Mode {
    if behaviour.odds.is_empty() {
        return behaviour.default;
    }
    let digest = Sha256::digest(reference);
    let number = digest.iter().take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    let draw = number % 100;
    let mut upper = 0;
    for (mode, percent) in &behaviour.odds {
        upper += u32::from(*percent);
        if draw < upper {
            return *mode;
        }
    }
    behaviour.default
}

/// Whether the reference is that of a second or later attempt: it ends in a dot and a number.
fn is_later_attempt(reference: &str) -> bool {
    let suffix = reference.rsplit_once('.').map(|(_, suffix)| suffix);
    suffix.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(id: &str) -> Chosen {
        Chosen::of(id, "rf_1", &Behaviour::default())
    }

    #[test]
    fn the_payments_id_names_the_mode() {
        for &mode in Mode::ALL {
            assert_eq!(chosen(&format!("sim_{mode}_001")).mode, mode);
            assert_eq!(chosen(&format!("sim_{mode}")).mode, mode);
        }
        for id in ["pay_1", "sim_", "sim_nonsense_1", "sim_slower_1", "failed_1"] {
            assert_eq!(chosen(id).mode, Mode::Succeeded, "{id}");
        }
    }

    #[test]
    fn every_failure_code_can_be_asked_for() {
        for failure in FAILURES {
            assert_eq!(chosen(&format!("sim_failed_{}_7", failure.code)).failure, failure);
            assert_eq!(chosen(&format!("sim_pending_then_failed_{}", failure.code)).failure, failure);
        }
        assert_eq!(chosen("sim_failed_01").failure.code, "declined");
    }

    #[test]
    fn every_mode_ends() {
        for &mode in Mode::ALL {
            let chosen = chosen(&format!("sim_{mode}_1"));
            let done = (1..10).any(|call| matches!(chosen.plan(call), Plan::Do(_)));
            assert!(done, "{mode} never does anything");
        }
    }

    #[test]
    fn a_passing_trouble_has_passed_at_the_next_attempt() {
        let next = |id| Chosen::of(id, "rf_1.2", &Behaviour::default()).plan(1);
        assert_eq!(next("sim_failed_insufficient_funds_1"), Plan::Do(at_once(SUCCEEDED)));
        assert_eq!(next("sim_http_500_stored_1"), Plan::Do(at_once(SUCCEEDED)));
        assert_ne!(next("sim_failed_declined_1"), Plan::Do(at_once(SUCCEEDED)));
        assert_eq!(chosen("sim_http_500_stored_1").plan(9), Plan::ServerError { replayed: true });
    }

    #[test]
    fn odds_choose_by_the_reference_and_stay_with_it() {
        let behaviour = Behaviour { default: Mode::Succeeded, odds: vec![(Mode::Failed, 30), (Mode::Slow, 20)] };
        let count = |mode| {
            let modes = (0..10_000).map(|number| Chosen::of("pay_1", &format!("rf_{number}"), &behaviour).mode);
            modes.filter(|chosen| *chosen == mode).count()
        };
        assert!((2_700..3_300).contains(&count(Mode::Failed)));
        assert!((1_700..2_300).contains(&count(Mode::Slow)));
        assert_eq!(count(Mode::Failed) + count(Mode::Slow) + count(Mode::Succeeded), 10_000);
    }
}
