//! Allocation: what a refund takes from which line, and from which part of it, to the last minor unit.
//!
//! Three rules, all in integers, all ending exactly at what was captured, in whatever order the parts are asked for:
//!
//! 1. *Units.* Having given back `q` of a line's `n` units comes to `⌊total × q ÷ n⌋`, and a refund is the difference of
//!    two such sums. How the units were grouped therefore does not matter, and the last unit takes what is left:
//!    3 units for 10.00 are 3.33, 3.33 and 3.34.
//! 2. *An amount alone* is taken from all lines in proportion to what is left of each, by largest remainder: everyone
//!    gets the share rounded down, and the units that are missing go one each to the largest fractions, on a tie to the
//!    line whose id comes first, in whatever order the shop names its lines.
//! 3. *Parts.* What a line gives is made of goods, tax and discount in proportion to what is left of each, by largest
//!    remainder, on a tie goods before tax before discount.
//!
//! No share is ever negative and none exceeds what is left, so no order of requests can lose or gain a cent. Whether a
//! refund may happen at all is decided elsewhere. Source: SPEC section 4.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::order::Line;

/// An amount by what it is made of: goods + tax − discount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// Quantity × unit price, before tax and discount.
    pub goods_minor: i64,
    /// Tax on top.
    pub tax_minor: i64,
    /// Discount taken off, as a positive number.
    pub discount_minor: i64,
}

/// A line with what counting refunds have taken from it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineState {
    /// The line as it was bought.
    pub line: Line,
    /// Units given back.
    pub used_quantity: i64,
    /// Sum of the parts given back.
    pub used: Parts,
}

/// A request for one line. Without quantity and amount it is for all that is left of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which line.
    pub line_id: String,
    /// How many units.
    pub quantity: Option<i64>,
    /// How much; where a quantity is given too, instead of what the units come to.
    pub amount_minor: Option<i64>,
}

/// What a refund takes from one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Which line.
    pub line_id: String,
    /// Units given back with it; 0 where it is an amount alone.
    pub quantity: i64,
    /// How much.
    pub amount_minor: i64,
    /// What that is made of.
    pub parts: Parts,
}

/// A refund by lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// What it takes from each line, in the order of the request.
    pub shares: Vec<Share>,
    /// Sum of the shares, above zero.
    pub total_minor: i64,
}

/// Why lines are refused. Each names the line as the caller wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The order's lines do not come to what was captured.
    #[error("the order's lines come to {lines_minor} and {captured_minor} was captured; ask for an amount instead")]
    LinesDiffer {
        /// What the lines come to.
        lines_minor: i64,
        /// What was captured.
        captured_minor: i64,
    },
    /// No such line in the order.
    #[error("the order has no line {0:?}")]
    UnknownLine(String),
    /// The line is named twice.
    #[error("line {0:?} is named more than once")]
    RepeatedLine(String),
    /// A quantity below 1.
    #[error("line {0:?}: the quantity is a whole number from 1 on")]
    BadQuantity(String),
    /// An amount below 1.
    #[error("line {0:?}: the amount is above zero")]
    BadAmount(String),
    /// More units than are left.
    #[error("line {line_id:?}: {left} of its units are left")]
    QuantityExceedsLine {
        /// Which line.
        line_id: String,
        /// Units that are left.
        left: i64,
    },
    /// More money than is left.
    #[error("line {line_id:?}: {left_minor} is left of it")]
    AmountExceedsLine {
        /// Which line.
        line_id: String,
        /// What is left, in minor units.
        left_minor: i64,
    },
    /// All that is asked for comes to zero.
    #[error("these lines come to nothing")]
    Nothing,
}

/// What a refund of these lines takes from each, given what the order's payment captured.
pub fn by_lines(lines: &[LineState], captured_minor: i64, wanted: &[Wanted]) -> Result<Allocation, Refusal> {
    let lines_minor = clamped(lines.iter().map(|state| i128::from(state.line.total_minor().unwrap_or(0))).sum());
    if lines_minor != captured_minor {
        return Err(Refusal::LinesDiffer { lines_minor, captured_minor });
    }
    let mut named = BTreeSet::new();
    let mut shares = Vec::with_capacity(wanted.len());
    for want in wanted {
        if !named.insert(want.line_id.as_str()) {
            return Err(Refusal::RepeatedLine(want.line_id.clone()));
        }
        let state = lines.iter().find(|state| state.line.line_id == want.line_id);
        let state = state.ok_or_else(|| Refusal::UnknownLine(want.line_id.clone()))?;
        shares.push(of_line(state, want)?);
    }
    let total_minor = clamped(shares.iter().map(|share| i128::from(share.amount_minor)).sum());
    if total_minor <= 0 {
        return Err(Refusal::Nothing);
    }
    Ok(Allocation { shares, total_minor })
}

/// What a refund by amount alone takes from each line; lines that give nothing are left out. Where the lines do not come
/// to what was captured nothing can be attributed to them and none gives anything; no more is taken than they have left.
pub fn by_amount(lines: &[LineState], captured_minor: i64, amount_minor: i64) -> Vec<Share> {
    let totals: i128 = lines.iter().map(|state| i128::from(state.line.total_minor().unwrap_or(0))).sum();
    if totals != i128::from(captured_minor) {
        return Vec::new();
    }
    let left = lines.iter().map(|state| (state.line.line_id.as_str(), state.left_minor())).collect::<Vec<_>>();
    let taken = over_lines(amount_minor, &left);
    let share = |(state, amount_minor): (&LineState, i64)| Share {
        line_id: state.line.line_id.clone(),
        quantity: 0,
        amount_minor,
        parts: state.left().take(amount_minor),
    };
    lines.iter().zip(taken).filter(|(_, amount_minor)| *amount_minor > 0).map(share).collect()
}

/// The shares of a refund whose amount was lowered to `amount_minor`: less of each line, in proportion, for the same
/// units.
pub fn lowered(shares: &[Share], amount_minor: i64) -> Vec<Share> {
    let amounts: Vec<_> = shares.iter().map(|share| (share.line_id.as_str(), share.amount_minor)).collect();
    let lower = |(share, amount_minor): (&Share, i64)| Share {
        amount_minor,
        parts: share.parts.take(amount_minor),
        ..share.clone()
    };
    shares.iter().zip(over_lines(amount_minor, &amounts)).map(lower).collect()
}

fn of_line(state: &LineState, want: &Wanted) -> Result<Share, Refusal> {
    let line_id = want.line_id.clone();
    let (left_quantity, left_minor) = (state.left_quantity(), state.left_minor());
    let share = |quantity, amount_minor| Share {
        line_id: line_id.clone(),
        quantity,
        amount_minor,
        parts: state.left().take(amount_minor),
    };
    if let Some(quantity) = want.quantity {
        if quantity < 1 {
            return Err(Refusal::BadQuantity(line_id));
        }
        if quantity > left_quantity {
            return Err(Refusal::QuantityExceedsLine { line_id, left: left_quantity });
        }
    }
    if let Some(amount_minor) = want.amount_minor {
        if amount_minor < 1 {
            return Err(Refusal::BadAmount(line_id));
        }
        if amount_minor > left_minor {
            return Err(Refusal::AmountExceedsLine { line_id, left_minor });
        }
    }
    Ok(match (want.quantity, want.amount_minor) {
        (quantity, Some(amount_minor)) => share(quantity.unwrap_or(0), amount_minor),
        (Some(quantity), None) => share(quantity, state.units_minor(quantity)),
        (None, None) => share(left_quantity, left_minor),
    })
}

impl LineState {
    /// A line that nothing was given back of.
    pub fn untouched(line: Line) -> Self {
        Self { line, used_quantity: 0, used: Parts::default() }
    }

    /// Units that were not given back.
    pub fn left_quantity(&self) -> i64 {
        self.line.quantity.saturating_sub(self.used_quantity).max(0)
    }

    /// Money of the line that was not given back.
    pub fn left_minor(&self) -> i64 {
        self.left().amount_minor().max(0)
    }

    /// What the next so many units come to; at most what is left of the line, and all of it with the last unit.
    pub fn units_minor(&self, quantity: i64) -> i64 {
        let left_minor = self.left_minor();
        if quantity >= self.left_quantity() {
            return left_minor;
        }
        let total = i128::from(self.line.total_minor().unwrap_or(0));
        let units = i128::from(self.line.quantity.max(1));
        let up_to = |count: i64| total * i128::from(count) / units;
        let due = up_to(self.used_quantity.saturating_add(quantity)) - up_to(self.used_quantity);
        clamped(due).clamp(0, left_minor)
    }

    fn left(&self) -> Parts {
        if self.line.total_minor().is_none() {
            return Parts::default();
        }
        let bought_minor = self.line.quantity.saturating_mul(self.line.unit_amount_minor);
        Parts {
            goods_minor: bought_minor.saturating_sub(self.used.goods_minor),
            tax_minor: self.line.tax_minor.saturating_sub(self.used.tax_minor),
            discount_minor: self.line.discount_minor.saturating_sub(self.used.discount_minor),
        }
    }
}

impl Parts {
    /// Goods + tax − discount.
    pub fn amount_minor(self) -> i64 {
        clamped(i128::from(self.goods_minor) + i128::from(self.tax_minor) - i128::from(self.discount_minor))
    }

    /// The sum, part by part.
    pub fn plus(self, other: Self) -> Self {
        Self {
            goods_minor: self.goods_minor.saturating_add(other.goods_minor),
            tax_minor: self.tax_minor.saturating_add(other.tax_minor),
            discount_minor: self.discount_minor.saturating_add(other.discount_minor),
        }
    }

    /// So much of these parts, in proportion to each, by largest remainder; all of them where all is taken, none where
    /// they come to nothing, as with a discount of 100 %.
    fn take(self, amount_minor: i64) -> Self {
        let whole = self.amount_minor();
        if amount_minor <= 0 {
            return Self::default();
        }
        if amount_minor >= whole {
            return self;
        }
        // The discount goes in as a negative weight: rounding its share down gives the larger discount.
        let weights = [self.goods_minor, self.tax_minor, self.discount_minor.saturating_neg()];
        match largest_remainder(amount_minor, &weights, i128::from(whole)).as_slice() {
            [goods_minor, tax_minor, discount] => {
                Self { goods_minor: *goods_minor, tax_minor: *tax_minor, discount_minor: discount.saturating_neg() }
            }
            _ => Self::default(),
        }
    }
}

/// Divides `amount` over what is left of lines, in proportion; what each gives, in the order in which they are given. Ties
/// are broken by the lines' ids, so that the order does not matter.
fn over_lines(amount: i64, left: &[(&str, i64)]) -> Vec<i64> {
    let mut by_id: Vec<(usize, &str, i64)> = left.iter().enumerate().map(|(at, (id, left))| (at, *id, *left)).collect();
    by_id.sort_by_key(|(_, id, _)| *id);
    let weights: Vec<i64> = by_id.iter().map(|(_, _, left)| *left).collect();
    let mut taken: Vec<(usize, i64)> =
        by_id.iter().zip(pro_rata(amount, &weights)).map(|((at, ..), taken)| (*at, taken)).collect();
    taken.sort_unstable_by_key(|(at, _)| *at);
    taken.into_iter().map(|(_, taken)| taken).collect()
}

/// Divides `amount` over what is left, in proportion, never more than there is.
fn pro_rata(amount: i64, left: &[i64]) -> Vec<i64> {
    let whole: i128 = left.iter().map(|part| i128::from(*part)).sum();
    if i128::from(amount) >= whole {
        return left.to_vec();
    }
    if amount <= 0 {
        return vec![0; left.len()];
    }
    largest_remainder(amount, left, whole)
}

/// `amount × weight ÷ whole` for each weight, where the weights sum up to `whole`: rounded down, and the missing units
/// one each to the largest fractions, on a tie to the first. Only a share with a fraction is ever raised, so none
/// passes its weight.
fn largest_remainder(amount: i64, weights: &[i64], whole: i128) -> Vec<i64> {
    let exact = |weight: &i64| i128::from(amount) * i128::from(*weight);
    let mut shares: Vec<i128> = weights.iter().map(|weight| exact(weight).div_euclid(whole)).collect();
    let missing = i128::from(amount) - shares.iter().sum::<i128>();
    let mut order: Vec<_> = weights.iter().map(|weight| exact(weight).rem_euclid(whole)).enumerate().collect();
    order.sort_by_key(|(position, fraction)| (Reverse(*fraction), *position));
    for (position, _) in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        if let Some(share) = shares.get_mut(position) {
            *share += 1;
        }
    }
    shares.into_iter().map(clamped).collect()
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests;
