//! How often one caller may ask: a token bucket per kind of work and caller, and failed sign-ins.
//!
//! A caller is its token, else its session, else its address. Rates come from `[limits]`; 0 turns a limit off. Bursts are
//! four times the rate. State is kept in memory, by node: a limit protects a node, it does not bill a customer.
//! Source: SPEC section 5.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::services::refusal::{Code, Refusal};

/// Bursts, in seconds of the rate. Source: SPEC section 5.
const BURST_SECONDS: u32 = 4;
/// Checks between two sweeps that forget callers who are back at a full bucket.
const CHECKS_PER_SWEEP: u32 = 65_536;
/// Accounts and addresses with failed sign-ins that are remembered at once; beyond it the oldest minute is forgotten.
const SIGN_INS_REMEMBERED_MAX: usize = 100_000;
/// Failed sign-ins are counted over this time.
const SIGN_IN_WINDOW: Duration = Duration::from_secs(60);

/// What a request costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Makes something: refunds, orders, links.
    Create,
    /// Moves a refund on: decisions, hints, retries, cancellations.
    Decide,
    /// Looks.
    Read,
    /// Is never limited: processors' webhooks, which come in bursts after an outage, and monitors.
    Unlimited,
}

/// Allowed rates; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Creates a second and caller.
    pub create_per_second: u32,
    /// Decisions a second and caller.
    pub decide_per_second: u32,
    /// Reads a second and caller.
    pub read_per_second: u32,
    /// Failed sign-ins a minute, by account and by address.
    pub sign_in_per_minute: u32,
}

/// Who asks, as counted here: a hash under a key of this process, so that a check allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller(u64);

/// Somebody who tries to sign in.
///
/// A stranger who guesses closes the door for the account and for their address, but not for a device on which the person
/// signed in before: that is counted by itself, so that nobody can lock anybody out.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The account, known or not.
    pub account: &'a str,
    /// From where.
    pub address: IpAddr,
    /// A device on which this account signed in before.
    pub device: Option<&'a str>,
}

/// All limits of this node.
pub struct Limits {
    create: Option<Bucket>,
    decide: Option<Bucket>,
    read: Option<Bucket>,
    sign_in_per_minute: u32,
    sign_ins: Mutex<HashMap<u64, (Instant, u32)>>,
    hasher: RandomState,
}

/// What is left to a caller, for the headers.
#[derive(Clone, Debug)]
pub struct Left {
    policy: HeaderValue,
    name: &'static str,
    remaining: u32,
    reset_s: u32,
}

impl Limits {
    /// Limits at these rates, nobody counted yet.
    pub fn new(rates: Rates) -> Self {
        Self {
            create: Bucket::new("create", rates.create_per_second),
            decide: Bucket::new("decide", rates.decide_per_second),
            read: Bucket::new("read", rates.read_per_second),
            sign_in_per_minute: rates.sign_in_per_minute,
            sign_ins: Mutex::new(HashMap::new()),
            hasher: RandomState::new(),
        }
    }

    /// The caller behind a token, by the token's id.
    pub fn token(&self, id: &str) -> Caller {
        self.caller("token", id)
    }

    /// The caller behind a session.
    pub fn session(&self, id: &str) -> Caller {
        self.caller("session", id)
    }

    /// The caller behind an address; an IPv6 customer has a whole /64.
    pub fn address(&self, address: IpAddr) -> Caller {
        self.caller("address", network(address))
    }

    /// Counts one piece of work: what is left, or 429. `None` where there is no limit.
    pub fn check(&self, caller: Caller, work: Work) -> Result<Option<Left>, (Refusal, Left)> {
        let bucket = match work {
            Work::Create => &self.create,
            Work::Decide => &self.decide,
            Work::Read => &self.read,
            Work::Unlimited => return Ok(None),
        };
        bucket.as_ref().map(|bucket| bucket.check(caller)).transpose()
    }

    /// Counts an attempt to sign in before anything is looked up, so that many at once count as many; 429 where there were
    /// too many that failed.
    pub fn sign_in_begun(&self, who: &SignIn<'_>, now: Instant) -> Result<(), Refusal> {
        if self.sign_in_per_minute == 0 {
            return Ok(());
        }
        let Ok(mut attempts) = self.sign_ins.lock() else { return Ok(()) };
        if attempts.len() >= SIGN_INS_REMEMBERED_MAX {
            attempts.retain(|_, (since, _)| now.duration_since(*since) < SIGN_IN_WINDOW);
        }
        let keys = self.sign_in_keys(who);
        for key in &keys {
            if let Some((since, count)) = attempts.get(key)
                && *count >= self.sign_in_per_minute
                && let Some(rest) = SIGN_IN_WINDOW.checked_sub(now.duration_since(*since))
            {
                return Err(Refusal::new(Code::Rate).retry_after_s(rest.as_secs() + 1));
            }
        }
        for key in keys {
            let entry = attempts.entry(key).or_insert((now, 0));
            if now.duration_since(entry.0) >= SIGN_IN_WINDOW {
                *entry = (now, 0);
            }
            entry.1 = entry.1.saturating_add(1);
        }
        Ok(())
    }

    /// Takes an attempt back that was right: only failures count.
    pub fn sign_in_succeeded(&self, who: &SignIn<'_>) {
        let Ok(mut attempts) = self.sign_ins.lock() else { return };
        for key in self.sign_in_keys(who) {
            if let Some((_, count)) = attempts.get_mut(&key) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Counts a link that is asked for by mail, whether the mailbox is known or not: nobody's mailbox is flooded from here.
    pub fn link_asked(&self, email: &str, now: Instant) -> Result<(), Refusal> {
        let Ok(mut asked) = self.sign_ins.lock() else { return Ok(()) };
        let entry = asked.entry(self.hasher.hash_one(("mailbox", email.to_lowercase()))).or_insert((now, 0));
        if now.duration_since(entry.0) >= SIGN_IN_WINDOW {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        if self.sign_in_per_minute == 0 || entry.1 <= self.sign_in_per_minute {
            return Ok(());
        }
        let rest = SIGN_IN_WINDOW.saturating_sub(now.duration_since(entry.0));
        Err(Refusal::new(Code::Rate).retry_after_s(rest.as_secs() + 1))
    }

    fn sign_in_keys(&self, who: &SignIn<'_>) -> Vec<u64> {
        if let Some(device) = who.device {
            return vec![self.hasher.hash_one(("device", device))];
        }
        let account = self.hasher.hash_one(("account", who.account.trim().to_lowercase()));
        vec![account, self.hasher.hash_one(("address", network(who.address)))]
    }

    fn caller(&self, kind: &str, id: impl Hash) -> Caller {
        Caller(self.hasher.hash_one((kind, id)))
    }
}

impl Left {
    /// Writes `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
    pub fn write(&self, headers: &mut HeaderMap) {
        headers.insert(HeaderName::from_static("ratelimit-policy"), self.policy.clone());
        let text = format!("\"{}\";r={};t={}", self.name, self.remaining, self.reset_s);
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(HeaderName::from_static("ratelimit"), value);
        }
    }
}

/// The network that stands for an address: itself, or the /64 of an IPv6 address.
fn network(address: IpAddr) -> u128 {
    const HOST_BITS: u32 = 64;
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address) >> HOST_BITS << HOST_BITS,
    }
}

type Keyed = RateLimiter<Caller, DashMapStateStore<Caller>, DefaultClock, StateInformationMiddleware>;

struct Bucket {
    name: &'static str,
    limiter: Keyed,
    clock: DefaultClock,
    policy: HeaderValue,
    rate: NonZeroU32,
    burst: NonZeroU32,
    checks: AtomicU32,
}

impl Bucket {
    fn new(name: &'static str, per_second: u32) -> Option<Self> {
        let rate = NonZeroU32::new(per_second)?;
        let burst = rate.saturating_mul(NonZeroU32::new(BURST_SECONDS)?);
        let clock = DefaultClock::default();
        let quota = Quota::per_second(rate).allow_burst(burst);
        let limiter = RateLimiter::dashmap_with_clock(quota, clock.clone()).with_middleware();
        let policy = HeaderValue::from_str(&format!("\"{name}\";q={burst};w={BURST_SECONDS}")).ok()?;
        Some(Self { name, limiter, clock, policy, rate, burst, checks: AtomicU32::new(0) })
    }

    fn check(&self, caller: Caller) -> Result<Left, (Refusal, Left)> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&caller) {
            Ok(state) => Ok(self.left(state.remaining_burst_capacity())),
            Err(until) => {
                let wait = until.wait_time_from(self.clock.now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err((Refusal::new(Code::Rate).retry_after_s(seconds.max(1)), self.left(0)))
            }
        }
    }

    fn left(&self, remaining: u32) -> Left {
        let missing = self.burst.get().saturating_sub(remaining);
        let reset_s = missing.div_ceil(self.rate.get());
        Left { policy: self.policy.clone(), name: self.name, remaining, reset_s }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_second: u32) -> Limits {
        Limits::new(Rates {
            create_per_second: per_second,
            decide_per_second: per_second,
            read_per_second: 0,
            sign_in_per_minute: 3,
        })
    }

    #[test]
    fn a_burst_passes_and_the_next_is_told_when_to_come_back() {
        let limits = limits(1);
        let caller = limits.token("tk_1");
        for remaining in [3, 2, 1, 0] {
            assert_eq!(limits.check(caller, Work::Create).unwrap().unwrap().remaining, remaining);
        }
        let (refusal, left) = limits.check(caller, Work::Create).unwrap_err();
        assert_eq!((refusal.code, refusal.retry_after_s), (Code::Rate, Some(1)));
        let mut headers = HeaderMap::new();
        left.write(&mut headers);
        assert_eq!(headers.get("ratelimit-policy").unwrap(), "\"create\";q=4;w=4");
        assert_eq!(headers.get("ratelimit").unwrap(), "\"create\";r=0;t=4");
    }

    #[test]
    fn callers_and_kinds_of_work_are_counted_apart() {
        let limits = limits(1);
        for _ in 0..4 {
            limits.check(limits.token("tk_1"), Work::Create).unwrap();
        }
        assert!(limits.check(limits.token("tk_1"), Work::Create).is_err());
        assert!(limits.check(limits.token("tk_1"), Work::Decide).is_ok());
        assert!(limits.check(limits.session("tk_1"), Work::Create).is_ok());
        for _ in 0..1000 {
            assert!(limits.check(limits.token("tk_1"), Work::Read).unwrap().is_none());
        }
    }

    #[test]
    fn one_subscriber_of_ipv6_is_one_caller() {
        let limits = limits(1);
        let at = |text: &str| limits.address(text.parse().unwrap());
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:192.0.2.1"), at("192.0.2.1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }

    #[test]
    fn sign_ins_close_the_door_for_a_minute() {
        let limits = limits(1);
        let start = Instant::now();
        for _ in 0..3 {
            limits.sign_in_begun(&trying("Ana@shop.example", HERE), start).unwrap();
        }
        assert!(limits.sign_in_begun(&trying("ana@shop.example", ELSEWHERE), start).is_err());
        assert!(limits.sign_in_begun(&trying("bo@shop.example", HERE), start).is_err());
        assert!(limits.sign_in_begun(&trying("bo@shop.example", ELSEWHERE), start).is_ok());
        let later = start + SIGN_IN_WINDOW + SIGN_IN_WINDOW;
        assert!(limits.sign_in_begun(&trying("ana@shop.example", HERE), later).is_ok());
    }

    #[test]
    fn a_stranger_locks_nobody_out() {
        let limits = limits(1);
        let start = Instant::now();
        let known = |device| SignIn { device: Some(device), ..trying("ana@shop.example", HERE) };
        for _ in 0..3 {
            limits.sign_in_begun(&trying("ana@shop.example", HERE), start).unwrap();
        }
        assert!(limits.sign_in_begun(&trying("ana@shop.example", ELSEWHERE), start).is_err());
        for _ in 0..3 {
            limits.sign_in_begun(&known("hers"), start).unwrap();
        }
        assert!(limits.sign_in_begun(&known("hers"), start).is_err());
        assert!(limits.sign_in_begun(&known("her other one"), start).is_ok());
    }

    #[test]
    fn only_failures_count() {
        let limits = limits(1);
        let start = Instant::now();
        for _ in 0..10 {
            limits.sign_in_begun(&trying("ana@shop.example", HERE), start).unwrap();
            limits.sign_in_succeeded(&trying("ana@shop.example", HERE));
        }
    }

    const HERE: &str = "192.0.2.1";
    const ELSEWHERE: &str = "192.0.2.9";

    fn trying<'a>(account: &'a str, address: &str) -> SignIn<'a> {
        SignIn { account, address: address.parse().unwrap(), device: None }
    }
}
