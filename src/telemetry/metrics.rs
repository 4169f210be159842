//! Every metric of the desk, by the name that dashboards know. Source: SPEC section 15.
//!
//! Callers use the functions; the names stand here once. Prometheus reads them at `/metrics` through [`render`].

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// From arrival to answer of a create, in milliseconds.
pub const REFUND_CREATE_LATENCY_MS: &str = "refund_create_latency_ms";
/// Refunds that reached a state, by `state`.
pub const REFUND_OUTCOME_TOTAL: &str = "refund_outcome_total";
/// Share of unmatched items in the latest reconciliation, in per cent.
pub const REFUND_MISMATCH_RATE_PCT: &str = "refund_mismatch_rate_pct";
/// Share of requests that the policy decided alone, in per cent.
pub const REFUND_AUTO_DECISION_RATE_PCT: &str = "refund_auto_decision_rate_pct";
/// Webhooks that had arrived before.
pub const WEBHOOK_REPLAY_DEDUP_TOTAL: &str = "webhook_replay_dedup_total";
/// Refunds that should not have been and were not, by `kind`.
pub const REFUND_PREVENTED_TOTAL: &str = "refund_prevented_total";
/// State of each account's breaker: 0 closed, 1 half open, 2 open.
pub const PROVIDER_BREAKER_STATE: &str = "provider_breaker_state";
/// Calls to processors, by `account` and `outcome`.
pub const PROVIDER_CALLS_TOTAL: &str = "provider_calls_total";
/// Webhooks refused, by `account`.
pub const WEBHOOK_REFUSED_TOTAL: &str = "webhook_refused_total";
/// HTTP requests answered, by `method`, `route` and `status`.
pub const HTTP_REQUESTS_TOTAL: &str = "http_requests_total";
/// From arrival to answer, in milliseconds, by `method` and `route`.
pub const HTTP_REQUEST_LATENCY_MS: &str = "http_request_latency_ms";
/// Database connections, by `state`: `idle` or `busy`.
pub const DATABASE_CONNECTIONS: &str = "database_connections";
/// Rows that wait in the outbox, by `kind`.
pub const OUTBOX_DEPTH: &str = "outbox_depth";
/// Age of the oldest row that waits in the outbox, in seconds, by `kind`.
pub const OUTBOX_OLDEST_AGE_S: &str = "outbox_oldest_age_s";
/// Rows for which a person must act, by `queue`: `outbox` or `inbox`.
pub const DEAD_LETTERS: &str = "dead_letters";
/// Always 1, with the program's `version`.
pub const BUILD_INFO: &str = "build_info";

/// Around the budgets of 25 and 250 ms (QUALITY section 3), up to the 5 s after which 503 is answered.
const LATENCY_BUCKETS_MS: [f64; 12] = [1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 150.0, 250.0, 500.0, 1000.0, 5000.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// What a prevented refund would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prevented {
    /// More than remains.
    OverRefund,
    /// The same again.
    Duplicate,
    /// Too many or too much in a short time.
    Velocity,
}

/// What a breaker lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// Everything.
    Closed,
    /// One probe.
    HalfOpen,
    /// Nothing.
    Open,
}

/// Starts recording, once per process; later calls change nothing.
pub fn start() {
    HANDLE.get_or_init(|| {
        let matchers = [REFUND_CREATE_LATENCY_MS, HTTP_REQUEST_LATENCY_MS];
        let mut builder = PrometheusBuilder::new();
        for name in matchers {
            builder = builder.set_buckets_for_metric(Matcher::Full(name.into()), &LATENCY_BUCKETS_MS).ok()?;
        }
        let handle = builder.install_recorder().ok()?;
        describe();
        start_at_zero();
        Some(handle)
    });
}

/// The text that Prometheus reads.
pub fn render() -> String {
    HANDLE.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
}

/// Folds what was measured since the last call into the buckets. Without it memory grows where nobody reads `/metrics`;
/// housekeeping calls it every few seconds.
pub fn fold() {
    if let Some(handle) = HANDLE.get().and_then(Option::as_ref) {
        handle.run_upkeep();
    }
}

/// A create was answered.
pub fn refund_created(took: Duration) {
    histogram!(REFUND_CREATE_LATENCY_MS).record(milliseconds(took));
}

/// A refund reached `state`.
pub fn refund_reached(state: &'static str) {
    counter!(REFUND_OUTCOME_TOTAL, "state" => state).increment(1);
}

/// A reconciliation found `unmatched` of `all` items.
pub fn mismatch_rate(unmatched: u64, all: u64) {
    gauge!(REFUND_MISMATCH_RATE_PCT).set(per_cent(unmatched, all));
}

/// Of `all` decided requests the policy decided `automatic` alone.
pub fn auto_decision_rate(automatic: u64, all: u64) {
    gauge!(REFUND_AUTO_DECISION_RATE_PCT).set(per_cent(automatic, all));
}

/// A webhook had arrived before.
pub fn webhook_replayed() {
    counter!(WEBHOOK_REPLAY_DEDUP_TOTAL).increment(1);
}

/// A webhook was not believed.
pub fn webhook_refused(account: &str) {
    counter!(WEBHOOK_REFUSED_TOTAL, "account" => account.to_owned()).increment(1);
}

/// A refund that should not have been was not.
pub fn refund_prevented(kind: Prevented) {
    counter!(REFUND_PREVENTED_TOTAL, "kind" => kind.as_str()).increment(1);
}

/// An account's breaker changed.
pub fn breaker(account: &str, state: Breaker) {
    let value = match state {
        Breaker::Closed => 0.0,
        Breaker::HalfOpen => 1.0,
        Breaker::Open => 2.0,
    };
    gauge!(PROVIDER_BREAKER_STATE, "account" => account.to_owned()).set(value);
}

/// A processor was called; `outcome` is a word of the unified vocabulary.
pub fn provider_called(account: &str, outcome: &'static str) {
    counter!(PROVIDER_CALLS_TOTAL, "account" => account.to_owned(), "outcome" => outcome).increment(1);
}

/// A request was answered; `route` is the pattern, never the path, and `method` one of a closed list.
pub fn http_answered(method: &'static str, route: String, status: u16, took: Duration) {
    counter!(HTTP_REQUESTS_TOTAL, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!(HTTP_REQUEST_LATENCY_MS, "method" => method, "route" => route).record(milliseconds(took));
}

/// How the pool stands.
pub fn database_connections(idle: u32, busy: u32) {
    gauge!(DATABASE_CONNECTIONS, "state" => "idle").set(f64::from(idle));
    gauge!(DATABASE_CONNECTIONS, "state" => "busy").set(f64::from(busy));
}

/// What waits in the outbox.
pub fn outbox(kind: &'static str, depth: u32, oldest_age_s: u32) {
    gauge!(OUTBOX_DEPTH, "kind" => kind).set(f64::from(depth));
    gauge!(OUTBOX_OLDEST_AGE_S, "kind" => kind).set(f64::from(oldest_age_s));
}

/// What waits for a person in `queue`, `outbox` or `inbox`.
pub fn dead_letters(queue: &'static str, count: u32) {
    gauge!(DEAD_LETTERS, "queue" => queue).set(f64::from(count));
}

impl Prevented {
    const ALL: [Self; 3] = [Self::OverRefund, Self::Duplicate, Self::Velocity];

    fn as_str(self) -> &'static str {
        match self {
            Self::OverRefund => "over_refund",
            Self::Duplicate => "duplicate",
            Self::Velocity => "velocity",
        }
    }
}

fn describe() {
    let latency = Unit::Milliseconds;
    describe_histogram!(REFUND_CREATE_LATENCY_MS, latency, "From arrival to answer of a create.");
    describe_counter!(REFUND_OUTCOME_TOTAL, "Refunds that reached a state.");
    describe_gauge!(REFUND_MISMATCH_RATE_PCT, Unit::Percent, "Share of unmatched items in the latest reconciliation.");
    describe_gauge!(REFUND_AUTO_DECISION_RATE_PCT, Unit::Percent, "Share of requests that the policy decided alone.");
    describe_counter!(WEBHOOK_REPLAY_DEDUP_TOTAL, "Webhooks that had arrived before.");
    describe_counter!(WEBHOOK_REFUSED_TOTAL, "Webhooks that were not believed.");
    describe_counter!(REFUND_PREVENTED_TOTAL, "Refunds that should not have been and were not.");
    describe_gauge!(PROVIDER_BREAKER_STATE, "State of an account's breaker: 0 closed, 1 half open, 2 open.");
    describe_counter!(PROVIDER_CALLS_TOTAL, "Calls to processors.");
    describe_counter!(HTTP_REQUESTS_TOTAL, "HTTP requests answered.");
    describe_histogram!(HTTP_REQUEST_LATENCY_MS, latency, "From arrival to answer.");
    describe_gauge!(DATABASE_CONNECTIONS, "Database connections.");
    describe_gauge!(OUTBOX_DEPTH, "Rows that wait in the outbox.");
    describe_gauge!(OUTBOX_OLDEST_AGE_S, Unit::Seconds, "Age of the oldest row that waits in the outbox.");
    describe_gauge!(DEAD_LETTERS, "Rows for which a person must act.");
    describe_gauge!(BUILD_INFO, "Always 1, with the program's version.");
}

/// Rates over time need a first value; a series that begins with its first event hides that event.
fn start_at_zero() {
    for state in ["completed", "failed", "canceled"] {
        counter!(REFUND_OUTCOME_TOTAL, "state" => state).increment(0);
    }
    for kind in Prevented::ALL {
        counter!(REFUND_PREVENTED_TOTAL, "kind" => kind.as_str()).increment(0);
    }
    counter!(WEBHOOK_REPLAY_DEDUP_TOTAL).increment(0);
    gauge!(REFUND_MISMATCH_RATE_PCT).set(0.0);
    gauge!(REFUND_AUTO_DECISION_RATE_PCT).set(0.0);
    for queue in ["outbox", "inbox"] {
        dead_letters(queue, 0);
    }
    gauge!(BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

#[expect(clippy::float_arithmetic, reason = "a measurement; no money is near")]
fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// Nothing of nothing is 0 per cent.
#[expect(clippy::float_arithmetic, reason = "a share of counts; no money is near")]
fn per_cent(part: u64, whole: u64) -> f64 {
    let count = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { 100.0 * count(part) / count(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_promised_names_are_there_from_the_start() {
        start();
        start();
        refund_created(Duration::from_micros(12_500));
        webhook_replayed();
        mismatch_rate(1, 2000);
        breaker("simulator", Breaker::Open);
        refund_prevented(Prevented::OverRefund);
        fold();
        let text = render();
        for line in [
            "refund_create_latency_ms_bucket{le=\"25\"} 1",
            "refund_create_latency_ms_bucket{le=\"10\"} 0",
            "refund_create_latency_ms_count 1",
            "refund_outcome_total{state=\"completed\"} 0",
            "refund_mismatch_rate_pct 0.05",
            "refund_auto_decision_rate_pct 0",
            "webhook_replay_dedup_total 1",
            "refund_prevented_total{kind=\"over_refund\"} 1",
            "provider_breaker_state{account=\"simulator\"} 2",
            concat!("build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert!(per_cent(0, 0).abs() < f64::EPSILON && (per_cent(1, 4) - 25.0).abs() < f64::EPSILON);
    }
}
