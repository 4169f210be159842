//! Decisions by people: who may give the next approval, and whether it is the last one needed.
//!
//! Pure counting of principals after SPEC sections 2 and 6. How many approvals a request needs comes from `policy`;
//! storing, undo and telling people is done in `services`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::access::{Principal, Role};
use super::currency::Currency;
use super::refund::{UnknownWord, words};
use super::risk::{Limits, scaled_minor};

words! {
    /// The least that every approver of a request must be.
    MinRole {
        /// An agent, or above.
        Agent = "agent",
        /// A senior agent, or above.
        Senior = "senior",
    }
}

impl MinRole {
    /// The rank of [`Role::approval_rank`] that reaches this role.
    pub fn rank(self) -> u8 {
        match self {
            MinRole::Agent => Role::Agent.approval_rank(),
            MinRole::Senior => Role::Senior.approval_rank(),
        }
    }
}

/// What a request needs before it is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Different people that must say yes: 1 or 2.
    pub approvals: u8,
    /// What each of them must be at least.
    pub min_role: MinRole,
}

impl Requirement {
    /// The higher of both, in approvals and in role.
    pub fn at_least(self, other: Self) -> Self {
        Self { approvals: self.approvals.max(other.approvals), min_role: self.min_role.max(other.min_role) }
    }
}

/// One person's yes, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who; an API token is its owner.
    pub principal: Principal,
    /// The rank that they had then.
    pub rank: u8,
    /// The amount that they said yes to.
    pub amount_minor: i64,
    /// When.
    pub at: Timestamp,
    /// Whether a later change of amount, reason or evidence made it void.
    pub voided: bool,
}

/// The request as an approver meets it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What it needs.
    pub requirement: Requirement,
    /// Who asked for it.
    pub creator: &'a Principal,
    /// Who changed its amount, reason or evidence since.
    pub adjusters: &'a [Principal],
    /// Approvals given so far, void ones too.
    pub approvals: &'a [Approval],
    /// Its amount.
    pub amount_minor: i64,
    /// What limits look at: the amount with what was asked before it ([`super::risk::Facts::limit_sum_minor`]).
    pub limit_sum_minor: i64,
}

/// Who wants to approve.
#[derive(Clone, Copy, Debug)]
pub struct Approver<'a> {
    /// Who; an API token is its owner.
    pub principal: &'a Principal,
    /// Their highest [`Role::approval_rank`], 0 where no role of theirs approves.
    pub rank: u8,
    /// Up to what sum they may give the last approval; `None` without limit. See [`limit_minor`].
    pub limit_minor: Option<i64>,
}

/// What an approval comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The amount that is approved: the request's, or the lower one.
    pub amount_minor: i64,
    /// Whether the approvals of all others are void from now on.
    pub voids_others: bool,
    /// Whether this was the last approval needed.
    pub complete: bool,
}

/// Why somebody may not give this approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// None of their roles approves anything.
    #[error("no role of this principal approves refunds")]
    NotAnApprover,
    /// They asked for it themselves.
    #[error("whoever asks for a refund does not approve it")]
    OwnRequest,
    /// They changed it.
    #[error("whoever changes a request does not approve it")]
    Adjusted,
    /// They said yes before.
    #[error("the second approval comes from another person")]
    AlreadyApproved,
    /// The request asks for a higher role.
    #[error("this request takes a higher role")]
    RoleTooLow,
    /// They may not give the last approval of such a sum.
    #[error("the sum is above the limit of this approver, whose approval would be the last")]
    OverLimit,
    /// The amount given is not below the request's, or not above zero.
    #[error("an amount that is approved instead must be lower and above zero")]
    NotLower,
}

/// Whether `approver` may say yes now, and what that comes to. `lowered_to_minor` is a lower amount to approve instead:
/// it makes the others' approvals void and counts as this person's own.
pub fn approve(case: &Case<'_>, approver: &Approver<'_>, lowered_to_minor: Option<i64>) -> Result<Given, Refused> {
    if approver.rank == 0 {
        return Err(Refused::NotAnApprover);
    }
    if approver.principal == case.creator {
        return Err(Refused::OwnRequest);
    }
    if case.adjusters.contains(approver.principal) {
        return Err(Refused::Adjusted);
    }
    let standing = || case.approvals.iter().filter(|approval| !approval.voided);
    if standing().any(|approval| &approval.principal == approver.principal) {
        return Err(Refused::AlreadyApproved);
    }
    if approver.rank < case.requirement.min_role.rank() {
        return Err(Refused::RoleTooLow);
    }
    let amount_minor = match lowered_to_minor {
        Some(lower) if lower <= 0 || lower >= case.amount_minor => return Err(Refused::NotLower),
        Some(lower) => lower,
        None => case.amount_minor,
    };
    let voids_others = lowered_to_minor.is_some();
    // An approval of another amount, or by somebody who no longer reaches the role, is no yes to this request.
    let counts = |approval: &&Approval| {
        !voids_others
            && approval.amount_minor == case.amount_minor
            && approval.rank >= case.requirement.min_role.rank()
            && &approval.principal != case.creator
            && !case.adjusters.contains(&approval.principal)
    };
    let others: BTreeSet<&Principal> = standing().filter(counts).map(|approval| &approval.principal).collect();
    let complete = others.len() + 1 >= usize::from(case.requirement.approvals);
    let limit_sum_minor = case.limit_sum_minor.max(case.amount_minor) - (case.amount_minor - amount_minor);
    if complete && approver.limit_minor.is_some_and(|limit| limit_sum_minor > limit) {
        return Err(Refused::OverLimit);
    }
    Ok(Given { amount_minor, voids_others, complete })
}

/// Up to what sum somebody of this rank may give the last approval: agents up to their limit in the currency, seniors
/// and admins without one. Source: SPEC section 2.
pub fn limit_minor(rank: u8, limits: &Limits, currency: Currency) -> Option<i64> {
    (rank < MinRole::Senior.rank()).then(|| scaled_minor(limits.agent_limit_hundredths, currency))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::id::{CustomerId, UserId};

    const AMOUNT: i64 = 50_000;
    const ONE_AGENT: Requirement = Requirement { approvals: 1, min_role: MinRole::Agent };
    const ONE_SENIOR: Requirement = Requirement { approvals: 1, min_role: MinRole::Senior };
    const TWO_AGENTS: Requirement = Requirement { approvals: 2, min_role: MinRole::Agent };
    const TWO_SENIORS: Requirement = Requirement { approvals: 2, min_role: MinRole::Senior };

    fn user(n: u128) -> Principal {
        Principal::User(UserId::from_ulid(ulid::Ulid::from_parts(1_700_000_000_000, n)))
    }

    fn customer() -> Principal {
        Principal::Customer(CustomerId::from_ulid(ulid::Ulid::from_parts(1_700_000_000_000, 99)))
    }

    fn yes(principal: Principal, rank: u8, amount_minor: i64) -> Approval {
        Approval { principal, rank, amount_minor, at: Timestamp::UNIX_EPOCH, voided: false }
    }

    fn approver(principal: &Principal, rank: u8) -> Approver<'_> {
        let limit_minor = limit_minor(rank, &Limits::default(), "USD".parse().unwrap());
        Approver { principal, rank, limit_minor }
    }

    fn case<'a>(requirement: Requirement, creator: &'a Principal, approvals: &'a [Approval]) -> Case<'a> {
        Case { requirement, creator, adjusters: &[], approvals, amount_minor: AMOUNT, limit_sum_minor: AMOUNT }
    }

    #[test]
    fn f82_the_creator_never_approves_whoever_they_are() {
        for rank in [1, 2] {
            for creator in [user(1), Principal::Token("shop".into())] {
                for requirement in [ONE_AGENT, TWO_AGENTS] {
                    let case = case(requirement, &creator, &[]);
                    assert_eq!(approve(&case, &approver(&creator, rank), None), Err(Refused::OwnRequest));
                    assert_eq!(approve(&case, &approver(&creator, rank), Some(1)), Err(Refused::OwnRequest));
                }
            }
        }
    }

    #[test]
    fn who_has_no_approving_role_does_not_approve() {
        let (customer, finance) = (customer(), user(5));
        let case = case(ONE_AGENT, &customer, &[]);
        assert_eq!(approve(&case, &approver(&customer, 0), None), Err(Refused::NotAnApprover));
        assert_eq!(approve(&case, &approver(&finance, 0), None), Err(Refused::NotAnApprover));
    }

    #[test]
    fn nobody_approves_twice_and_two_people_complete() {
        let (creator, first, second) = (customer(), user(1), user(2));
        let none = case(TWO_AGENTS, &creator, &[]);
        let given = Given { amount_minor: AMOUNT, voids_others: false, complete: false };
        assert_eq!(approve(&none, &approver(&first, 1), None), Ok(given));
        let approvals = [yes(first.clone(), 1, AMOUNT)];
        let one = case(TWO_AGENTS, &creator, &approvals);
        assert_eq!(approve(&one, &approver(&first, 1), None), Err(Refused::AlreadyApproved));
        assert_eq!(approve(&one, &approver(&first, 1), Some(10)), Err(Refused::AlreadyApproved));
        assert_eq!(approve(&one, &approver(&second, 1), None), Ok(Given { complete: true, ..given }));
    }

    #[test]
    fn the_minimum_role_is_every_approvers() {
        let (creator, first, second) = (customer(), user(1), user(2));
        assert_eq!(approve(&case(ONE_SENIOR, &creator, &[]), &approver(&first, 1), None), Err(Refused::RoleTooLow));
        assert!(approve(&case(ONE_SENIOR, &creator, &[]), &approver(&first, 2), None).unwrap().complete);
        assert_eq!(approve(&case(TWO_SENIORS, &creator, &[]), &approver(&first, 1), None), Err(Refused::RoleTooLow));
        // An approval that stands from before the requirement rose does not count.
        let approvals = [yes(second, 1, AMOUNT)];
        assert!(!approve(&case(TWO_SENIORS, &creator, &approvals), &approver(&first, 2), None).unwrap().complete);
    }

    #[test]
    fn above_their_limit_a_person_gives_the_first_approval_and_never_the_last() {
        let (creator, first, second) = (customer(), user(1), user(2));
        let approvals = [yes(first.clone(), 2, 100_001)];
        let above = |approvals| Case {
            amount_minor: 100_001,
            limit_sum_minor: 100_001,
            ..case(TWO_AGENTS, &creator, approvals)
        };
        assert!(!approve(&above(&[]), &approver(&second, 1), None).unwrap().complete);
        assert_eq!(approve(&above(&approvals), &approver(&second, 1), None), Err(Refused::OverLimit));
        assert!(approve(&above(&approvals), &approver(&second, 2), None).unwrap().complete);
        let alone = Case { requirement: ONE_AGENT, ..above(&[]) };
        assert_eq!(approve(&alone, &approver(&second, 1), None), Err(Refused::OverLimit));
        let at_the_limit = Case { amount_minor: 100_000, limit_sum_minor: 100_000, ..alone };
        assert!(approve(&at_the_limit, &approver(&second, 1), None).unwrap().complete);
        // Asking in parts does not help: the sum counts, less what the approver takes off.
        let split = Case { amount_minor: 60_000, limit_sum_minor: 120_000, ..alone };
        assert_eq!(approve(&split, &approver(&second, 1), None), Err(Refused::OverLimit));
        assert!(approve(&split, &approver(&second, 1), Some(40_000)).unwrap().complete);
    }

    #[test]
    fn limits_scale_with_the_currency_and_end_with_the_rank() {
        let limits = Limits::default();
        assert_eq!(limit_minor(1, &limits, "USD".parse().unwrap()), Some(100_000));
        assert_eq!(limit_minor(1, &limits, "JPY".parse().unwrap()), Some(150_000));
        assert_eq!(limit_minor(1, &limits, "KWD".parse().unwrap()), Some(300_000));
        assert_eq!(limit_minor(2, &limits, "USD".parse().unwrap()), None);
    }

    #[test]
    fn f83_a_change_voids_approvals_and_its_author_does_not_approve() {
        let (creator, first, second, adjuster) = (customer(), user(1), user(2), user(3));
        let voided = [Approval { voided: true, ..yes(first.clone(), 1, 60_000) }];
        let adjusters = [adjuster.clone()];
        let changed = Case { adjusters: &adjusters, ..case(TWO_AGENTS, &creator, &voided) };
        assert_eq!(approve(&changed, &approver(&adjuster, 2), None), Err(Refused::Adjusted));
        assert!(!approve(&changed, &approver(&second, 1), None).unwrap().complete);
        // Whose approval was voided may say yes to what the request is now.
        assert!(!approve(&changed, &approver(&first, 1), None).unwrap().complete);
        // Even where nobody marked it void, an approval of another amount is none of this one.
        let stale = [yes(first, 1, 60_000)];
        let changed = Case { approvals: &stale, ..changed };
        assert!(!approve(&changed, &approver(&second, 1), None).unwrap().complete);
    }

    #[test]
    fn a_lower_amount_voids_the_others_and_counts_as_ones_own() {
        let (creator, first, second) = (customer(), user(1), user(2));
        let approvals = [yes(first.clone(), 1, AMOUNT)];
        let two = case(TWO_AGENTS, &creator, &approvals);
        let given = approve(&two, &approver(&second, 1), Some(40_000)).unwrap();
        assert_eq!(given, Given { amount_minor: 40_000, voids_others: true, complete: false });
        // The other one may now approve the lower amount.
        let after = [Approval { voided: true, ..approvals[0].clone() }, yes(second.clone(), 1, 40_000)];
        let lowered = Case { amount_minor: 40_000, limit_sum_minor: 40_000, ..case(TWO_AGENTS, &creator, &after) };
        assert!(approve(&lowered, &approver(&first, 1), None).unwrap().complete);
        assert_eq!(approve(&lowered, &approver(&second, 1), None), Err(Refused::AlreadyApproved));
        assert!(approve(&case(ONE_AGENT, &creator, &[]), &approver(&first, 1), Some(1)).unwrap().complete);
        for wrong in [0, -1, AMOUNT, AMOUNT + 1, i64::MAX, i64::MIN] {
            assert_eq!(approve(&two, &approver(&second, 1), Some(wrong)), Err(Refused::NotLower), "{wrong}");
        }
    }

    proptest! {
        /// I8: whatever people try in whatever order, nobody appears twice among creator, adjusters and approvers.
        #[test]
        fn i8_nobody_appears_twice(
            tries in prop::collection::vec((0_u128..5, 0_u8..3, prop::option::of(1_i64..60_000), any::<bool>()), 1..24),
            approvals in 1_u8..=2,
            senior in any::<bool>(),
        ) {
            let requirement =
                Requirement { approvals, min_role: if senior { MinRole::Senior } else { MinRole::Agent } };
            let creator = user(0);
            let (mut amount_minor, mut given, mut adjusters) = (AMOUNT, Vec::<Approval>::new(), Vec::new());
            for (who, rank, lowered, adjusts) in tries {
                let principal = user(who);
                if adjusts {
                    amount_minor += 1;
                    given.iter_mut().for_each(|approval| approval.voided = true);
                    adjusters.push(principal);
                    continue;
                }
                let case = Case {
                    requirement,
                    creator: &creator,
                    adjusters: &adjusters,
                    approvals: &given,
                    amount_minor,
                    limit_sum_minor: amount_minor,
                };
                let Ok(step) = approve(&case, &approver(&principal, rank), lowered) else { continue };
                if step.voids_others {
                    given.iter_mut().for_each(|approval| approval.voided = true);
                }
                amount_minor = step.amount_minor;
                given.push(yes(principal, rank, amount_minor));
                let standing: Vec<_> = given.iter().filter(|approval| !approval.voided).collect();
                let mut people: Vec<_> = standing.iter().map(|approval| &approval.principal).chain(&adjusters).collect();
                people.push(&creator);
                let distinct_adjusters: BTreeSet<_> = adjusters.iter().collect();
                let is_creator_adjuster = distinct_adjusters.contains(&creator);
                let distinct: BTreeSet<_> = people.iter().collect();
                let expected = standing.len() + distinct_adjusters.len() + usize::from(!is_creator_adjuster);
                prop_assert_eq!(distinct.len(), expected);
                prop_assert_eq!(step.complete, standing.len() >= usize::from(approvals));
                prop_assert!(standing.iter().all(|approval| approval.rank >= requirement.min_role.rank()));
                if step.complete {
                    break;
                }
            }
        }
    }
}
