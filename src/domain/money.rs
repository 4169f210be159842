//! Money: integer minor units with their currency, and the only arithmetic there is, which is checked.
//!
//! There is no conversion from or to a float in this crate. Decimal text is read and written here, by the exponent of
//! the currency; how a locale writes it is the business of `l10n`.

use serde::{Deserialize, Serialize};

use super::currency::Currency;

/// An amount in the currency's minor unit; may be negative only as a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents for USD, yen for JPY, fils for KWD.
    pub minor: i64,
    /// The currency that gives the minor unit its size.
    pub currency: Currency,
}

/// Why an operation on money has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The two amounts are of different currencies.
    #[error("{left} and {right} cannot be added: the currencies differ")]
    CurrencyMismatch {
        /// Currency on the left.
        left: Currency,
        /// Currency on the right.
        right: Currency,
    },
    /// The result does not fit into 64 bits.
    #[error("the amount is too large")]
    Overflow,
    /// The text is no amount of this currency.
    #[error("{text:?} is not an amount in {currency}: use digits with at most {exponent} decimals")]
    NotAnAmount {
        /// What was given, cut to a length that is safe to show.
        text: String,
        /// The currency that it was read for.
        currency: Currency,
        /// Decimals that the currency has.
        exponent: u32,
    },
}

impl Money {
    /// An amount in minor units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The sum, where the currencies agree and the result fits.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_add)
    }

    /// The difference, where the currencies agree and the result fits.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_sub)
    }

    /// The amount as a plain decimal with all digits of the currency and a dot: `45.00`, `5800`, `1.234`, `-0.05`.
    pub fn to_decimal(self) -> String {
        let digits = usize::try_from(self.currency.exponent()).unwrap_or(0);
        let sign = if self.minor < 0 { "-" } else { "" };
        let mut text = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        if digits > 0 {
            text.insert(text.len() - digits, '.');
        }
        format!("{sign}{text}")
    }

    /// Reads a plain decimal with a dot, as `to_decimal` writes it; fewer decimals are filled up, more are refused.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let refusal = || MoneyError::NotAnAmount {
            text: text.chars().take(40).collect(),
            currency,
            exponent: currency.exponent(),
        };
        let digits = usize::try_from(currency.exponent()).unwrap_or(0);
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let dangling_dot = unsigned.ends_with('.');
        if whole.is_empty() || dangling_dot || !all_digits(whole) || !all_digits(fraction) || fraction.len() > digits {
            return Err(refusal());
        }
        let minor: i64 = format!("{whole}{fraction:0<digits$}").parse().map_err(|_| MoneyError::Overflow)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    fn with(self, other: Self, op: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency });
        }
        let minor = op(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, currency: self.currency })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, code.parse().unwrap())
    }

    #[test]
    fn f64_decimals_have_the_digits_of_the_currency() {
        assert_eq!(money(5800, "JPY").to_decimal(), "5800");
        assert_eq!(money(5800, "USD").to_decimal(), "58.00");
        assert_eq!(money(1234, "KWD").to_decimal(), "1.234");
        assert_eq!(money(-5, "USD").to_decimal(), "-0.05");
        assert_eq!(money(0, "USD").to_decimal(), "0.00");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        let usd = "USD".parse().unwrap();
        for text in
            ["", "-", ".", "1.", ".5", "1.234", "1e3", "1,00", "+1", " 1", "1 ", "--1", "٣", "99999999999999999999"]
        {
            assert!(Money::from_decimal(text, usd).is_err(), "{text:?}");
        }
        assert_eq!(Money::from_decimal("10.5", usd).unwrap().minor, 1050);
        assert!(Money::from_decimal("10.5", "JPY".parse().unwrap()).is_err());
    }

    #[test]
    fn currencies_do_not_mix_and_sums_do_not_wrap() {
        assert!(money(1, "USD").checked_add(money(1, "EUR")).is_err());
        assert_eq!(money(i64::MAX, "USD").checked_add(money(1, "USD")), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn decimal_text_round_trips(minor in -i64::MAX..i64::MAX, index in 0_usize..200) {
            let all: Vec<_> = Currency::all().collect();
            let money = Money::new(minor, all[index % all.len()]);
            prop_assert_eq!(Money::from_decimal(&money.to_decimal(), money.currency).unwrap(), money);
        }
    }
}
