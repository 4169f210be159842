//! Risk: the facts that a decision sees, the limits they are held against, and what suspects them.
//!
//! [`Facts`] are read once, under lock, stored with the decision as JSON and replayed later; nothing else reaches the
//! policy. Limits are face amounts in hundredths of a major unit and scaled per currency here. What follows from a
//! suspicion is decided in `policy`. Source: SPEC section 6.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::calendar::within_days;
use super::currency::Currency;
use super::id::RefundId;
use super::order::Rail;
use super::refund::{Reason, State};

/// How far back splitting is summed, in days.
pub const SPLITTING_DAYS: u16 = 30;
/// How far back twins and velocity look, in days.
pub const VELOCITY_DAYS: u16 = 1;

/// Everything that a decision is made from. Stored with it: members are added with a default, never renamed or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Why the money is asked back.
    pub reason: Reason,
    /// How the payer paid.
    pub rail: Rail,
    /// Currency of every amount here.
    pub currency: Currency,
    /// What is asked for.
    pub amount_minor: i64,
    /// What the order's payment captured.
    pub captured_minor: i64,
    /// When it was captured; where the merchant did not say, when the order was placed.
    pub captured_at: Timestamp,
    /// When the facts were read.
    pub now: Timestamp,
    /// Whether evidence is attached.
    pub has_evidence: bool,
    /// The order's requests before this one, whatever became of them; may be capped: at least so many.
    pub order_earlier_refunds: u32,
    /// This and all requests in requested to completed of the same order and reason in the last 30 days.
    pub order_reason_sum_minor: i64,
    /// For goodwill: this and all requests in requested to completed of the same customer, reason and currency in the
    /// last 30 days. For other reasons this amount alone.
    pub customer_goodwill_sum_minor: i64,
    /// Requests that this one may be a repetition of, by [`twins`].
    #[serde(default)]
    pub twins: Vec<RefundId>,
    /// Requests of this customer in the last 24 hours, this one included; may be capped: at least so many.
    pub customer_requests_24h: u32,
    /// What they sum up to in this currency, this one included; may be capped: at least so much.
    pub customer_amount_24h_minor: i64,
    /// Requests on this order in the last 24 hours, this one included; may be capped: at least so many.
    pub order_requests_24h: u32,
    /// Whether the customer is on the block list.
    #[serde(default)]
    pub customer_blocked: bool,
    /// The customer's refunds in further windows, one for each that the policy asks about.
    #[serde(default)]
    pub customer_windows: Vec<Window>,
    /// What was given back of all that this customer's orders captured in this currency before this request, in
    /// hundredths of a percent; absent where no policy in force asks for it.
    #[serde(default)]
    pub customer_refund_ratio_bp: Option<i64>,
    /// Whether `refunds.goodwill.dual_control` is on for the order.
    pub goodwill_dual_control: bool,
    /// Whether the customer asks to look again at what was denied.
    #[serde(default)]
    pub appeal: bool,
    /// The limits in force.
    #[serde(default)]
    pub limits: Limits,
}

/// The customer's refunds of the last `days` × 24 hours, this request not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// How far back.
    pub days: u16,
    /// How many requests in requested to completed.
    pub count: u32,
    /// What they sum up to in the request's currency.
    pub amount_minor: i64,
}

/// The limits that risk sets. Amounts are face amounts in hundredths of a major unit, scaled by [`scaled_minor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Up to here goodwill takes one senior, above it two people.
    pub goodwill_threshold_hundredths: i64,
    /// From here on every refund takes two people.
    pub high_value_hundredths: i64,
    /// Up to here an agent may give the last approval.
    pub agent_limit_hundredths: i64,
    /// More requests of one customer in 24 hours raise the velocity flag.
    pub customer_requests_24h_max: u32,
    /// A larger sum of one customer in 24 hours raises it too.
    pub customer_amount_24h_max_hundredths: i64,
    /// More requests on one order in 24 hours raise it too.
    pub order_requests_24h_max: u32,
}

impl Default for Limits {
    /// As shipped: 200.00, 1,000.00, 1,000.00; 5 requests, 2,000.00, 4 requests. Source: SPEC sections 2 and 6.
    fn default() -> Self {
        Self {
            goodwill_threshold_hundredths: 20_000,
            high_value_hundredths: 100_000,
            agent_limit_hundredths: 100_000,
            customer_requests_24h_max: 5,
            customer_amount_24h_max_hundredths: 200_000,
            order_requests_24h_max: 4,
        }
    }
}

impl Facts {
    /// What amount limits look at: the largest of this amount, the sum over order and reason, and for goodwill the sum
    /// over the customer. Asking in parts therefore does not help.
    pub fn limit_sum_minor(&self) -> i64 {
        let own = self.amount_minor.max(self.order_reason_sum_minor);
        if self.reason == Reason::Goodwill { own.max(self.customer_goodwill_sum_minor) } else { own }
    }

    /// How long ago the money was captured; negative where that lies ahead.
    pub fn since_capture(&self) -> SignedDuration {
        self.now.duration_since(self.captured_at)
    }

    /// The sum over order and reason as a share of what was captured, in hundredths of a percent; nothing captured
    /// counts as the whole.
    pub fn share_of_order_bp(&self) -> i64 {
        if self.captured_minor <= 0 {
            return 10_000;
        }
        let sum = i128::from(self.amount_minor.max(self.order_reason_sum_minor));
        clamped(sum * 10_000 / i128::from(self.captured_minor))
    }

    /// The customer's refunds in the window of so many days, where they were read.
    pub fn customer_window(&self, days: u16) -> Option<&Window> {
        self.customer_windows.iter().find(|window| window.days == days)
    }
}

/// Whether one customer or one order asks too often or for too much in 24 hours.
pub fn velocity_flag(facts: &Facts) -> bool {
    let limits = &facts.limits;
    let amount =
        compare_to_face(facts.customer_amount_24h_minor, limits.customer_amount_24h_max_hundredths, facts.currency);
    facts.customer_requests_24h > limits.customer_requests_24h_max
        || amount == Ordering::Greater
        || facts.order_requests_24h > limits.order_requests_24h_max
}

/// Another request on the same order, as far as it matters for being a twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub refund_id: RefundId,
    /// What it asks for.
    pub amount_minor: i64,
    /// Why.
    pub reason: Reason,
    /// Where it stands.
    pub state: State,
    /// When it was completed, where it was.
    pub completed_at: Option<Timestamp>,
    /// The lines that it names; none where it asks by amount alone.
    pub line_ids: Vec<String>,
}

/// The candidates that a request may be a repetition of: same amount and reason, open or completed in the last 24 hours.
/// Two requests that both name lines and share none are for different things. Source: SPEC sections 5 and 6.
pub fn twins(
    amount_minor: i64,
    reason: Reason,
    line_ids: &[String],
    candidates: &[Candidate],
    now: Timestamp,
) -> Vec<RefundId> {
    let repeats = |other: &&Candidate| {
        other.amount_minor == amount_minor
            && other.reason == reason
            && is_open_or_fresh(other, now)
            && !are_different_lines(line_ids, &other.line_ids)
    };
    candidates.iter().filter(repeats).map(|other| other.refund_id.clone()).collect()
}

fn is_open_or_fresh(other: &Candidate, now: Timestamp) -> bool {
    match other.state {
        State::Requested | State::Approved | State::Submitting | State::ProviderPending => true,
        State::Completed => other.completed_at.is_some_and(|at| within_days(now, at, VELOCITY_DAYS)),
        State::Failed | State::Canceled => false,
    }
}

fn are_different_lines(ours: &[String], theirs: &[String]) -> bool {
    !ours.is_empty() && !theirs.is_empty() && !ours.iter().any(|line| theirs.contains(line))
}

/// What a face amount in hundredths of a major unit is in the currency's minor unit, rounded down: 200.00 is 30,000
/// in JPY and 60.000 in KWD. For showing; comparisons go by [`compare_to_face`].
pub fn scaled_minor(face_hundredths: i64, currency: Currency) -> i64 {
    let (numerator, denominator) = minor_per_face_hundredth(currency);
    clamped((i128::from(face_hundredths) * numerator).div_euclid(denominator))
}

/// Compares an amount with a face amount exactly, without rounding either.
pub fn compare_to_face(amount_minor: i64, face_hundredths: i64, currency: Currency) -> Ordering {
    let (numerator, denominator) = minor_per_face_hundredth(currency);
    (i128::from(amount_minor) * denominator).cmp(&(i128::from(face_hundredths) * numerator))
}

/// The exact factor from face hundredths to minor units, as a fraction. Source: SPEC section 6.
fn minor_per_face_hundredth(currency: Currency) -> (i128, i128) {
    let (numerator, denominator) = match currency.code() {
        "JPY" => (150, 1),
        "KRW" => (1_300, 1),
        "IDR" => (15_000, 1),
        "KWD" | "BHD" | "OMR" => (3, 10),
        _ => (1, 1),
    };
    (numerator * i128::from(currency.minor_per_major()), denominator * 100)
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A harmless first request: 45.00 USD of 150.00, captured ten days ago.
    pub(crate) fn plain_facts() -> Facts {
        Facts {
            reason: Reason::NotReceived,
            rail: Rail::Card,
            currency: "USD".parse().unwrap(),
            amount_minor: 4_500,
            captured_minor: 15_000,
            captured_at: "2025-11-10T12:00:00Z".parse().unwrap(),
            now: "2025-11-20T12:00:00Z".parse().unwrap(),
            has_evidence: false,
            order_earlier_refunds: 0,
            order_reason_sum_minor: 4_500,
            customer_goodwill_sum_minor: 4_500,
            twins: Vec::new(),
            customer_requests_24h: 1,
            customer_amount_24h_minor: 4_500,
            order_requests_24h: 1,
            customer_blocked: false,
            customer_windows: Vec::new(),
            customer_refund_ratio_bp: None,
            goodwill_dual_control: true,
            appeal: false,
            limits: Limits::default(),
        }
    }

    pub(crate) fn a_refund_id(n: u128) -> RefundId {
        RefundId::from_ulid(ulid::Ulid::from_parts(1_700_000_000_000, n))
    }

    #[test]
    fn face_amounts_scale_per_currency() {
        let table = [
            (20_000, "USD", 20_000),
            (20_000, "JPY", 30_000),
            (20_000, "KRW", 260_000),
            (20_000, "IDR", 300_000_000),
            (20_000, "KWD", 60_000),
            (20_000, "BHD", 60_000),
            (20_000, "OMR", 60_000),
            (20_000, "TND", 200_000),
            (20_000, "CLP", 200),
            (100_000, "USD", 100_000),
            (100_000, "JPY", 150_000),
            (100_000, "KWD", 300_000),
            (1, "JPY", 1),
            (i64::MAX, "IDR", i64::MAX),
        ];
        for (face, code, minor) in table {
            assert_eq!(scaled_minor(face, code.parse().unwrap()), minor, "{face} {code}");
        }
    }

    #[test]
    fn velocity_is_more_than_the_limit_not_the_limit() {
        let facts = plain_facts();
        assert!(!velocity_flag(&facts));
        let at_the_limit = Facts {
            customer_requests_24h: 5,
            customer_amount_24h_minor: 200_000,
            order_requests_24h: 4,
            ..facts.clone()
        };
        assert!(!velocity_flag(&at_the_limit));
        assert!(velocity_flag(&Facts { customer_requests_24h: 6, ..facts.clone() }));
        assert!(velocity_flag(&Facts { customer_amount_24h_minor: 200_001, ..facts.clone() }));
        assert!(velocity_flag(&Facts { order_requests_24h: 5, ..facts.clone() }));
        let yen = Facts { currency: "JPY".parse().unwrap(), customer_amount_24h_minor: 300_000, ..facts };
        assert!(!velocity_flag(&yen));
        assert!(velocity_flag(&Facts { customer_amount_24h_minor: 300_001, ..yen }));
    }

    #[test]
    fn f16_a_twin_has_the_same_amount_and_reason_and_is_open_or_fresh() {
        let now: Timestamp = "2025-11-20T12:00:00Z".parse().unwrap();
        let other = |state, completed_at: Option<&str>| Candidate {
            refund_id: a_refund_id(1),
            amount_minor: 500,
            reason: Reason::Quality,
            state,
            completed_at: completed_at.map(|text| text.parse().unwrap()),
            line_ids: Vec::new(),
        };
        let is_twin = |candidate: Candidate| !twins(500, Reason::Quality, &[], &[candidate], now).is_empty();
        for state in [State::Requested, State::Approved, State::Submitting, State::ProviderPending] {
            assert!(is_twin(other(state, None)), "{state}");
        }
        assert!(is_twin(other(State::Completed, Some("2025-11-19T12:00:00Z"))));
        assert!(!is_twin(other(State::Completed, Some("2025-11-19T11:59:59.999999Z"))));
        assert!(!is_twin(other(State::Failed, None)));
        assert!(!is_twin(other(State::Canceled, None)));
        assert!(!is_twin(Candidate { amount_minor: 501, ..other(State::Requested, None) }));
        assert!(!is_twin(Candidate { reason: Reason::Other, ..other(State::Requested, None) }));
    }

    #[test]
    fn requests_for_different_lines_are_no_twins() {
        let now: Timestamp = "2025-11-20T12:00:00Z".parse().unwrap();
        let lines = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let is_twin = |ours: &[&str], theirs: &[&str]| {
            let candidate = Candidate {
                refund_id: a_refund_id(1),
                amount_minor: 500,
                reason: Reason::Quality,
                state: State::Requested,
                completed_at: None,
                line_ids: lines(theirs),
            };
            !twins(500, Reason::Quality, &lines(ours), &[candidate], now).is_empty()
        };
        assert!(!is_twin(&["1"], &["2"]));
        assert!(!is_twin(&["1", "2"], &["3"]));
        assert!(is_twin(&["1"], &["1"]));
        assert!(is_twin(&["1", "2"], &["2", "3"]));
        assert!(is_twin(&[], &["1"]));
        assert!(is_twin(&["1"], &[]));
    }

    #[test]
    fn limits_look_at_the_sum() {
        let split = Facts { order_reason_sum_minor: 9_000, customer_goodwill_sum_minor: 90_000, ..plain_facts() };
        assert_eq!(split.limit_sum_minor(), 9_000);
        assert_eq!(split.share_of_order_bp(), 6_000);
        assert_eq!(Facts { reason: Reason::Goodwill, ..split }.limit_sum_minor(), 90_000);
    }

    #[test]
    fn stored_facts_read_back_and_unknown_members_do_not_hurt() {
        let mut facts = plain_facts();
        facts.twins.push(a_refund_id(7));
        facts.customer_windows.push(Window { days: 90, count: 3, amount_minor: 12 });
        let mut stored = serde_json::to_value(&facts).unwrap();
        assert_eq!(serde_json::from_value::<Facts>(stored.clone()).unwrap(), facts);
        stored["a_member_of_the_future"] = 1.into();
        assert_eq!(serde_json::from_value::<Facts>(stored).unwrap(), facts);
    }

    #[test]
    fn the_stored_names_are_these() {
        // Decisions of years ago are replayed from these names: add to them, never rename.
        insta::assert_json_snapshot!(plain_facts());
    }

    proptest! {
        #[test]
        fn comparing_agrees_with_scaling(amount in any::<i64>(), face in 0_i64..1_000_000_000, index in 0_usize..200) {
            let all: Vec<_> = Currency::all().collect();
            let currency = all[index % all.len()];
            let more = compare_to_face(amount, face, currency) == Ordering::Greater;
            prop_assert_eq!(more, amount > scaled_minor(face, currency));
        }
    }
}
