//! Numbers as a language writes them, by CLDR. How people type amounts stands in `amount`.

use std::str::FromStr;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale as CldrLocale;

use super::L10nError;
use crate::domain::money::Money;

/// The minus sign of typography, which stands in pages; data uses the hyphen.
const MINUS: &str = "\u{2212}";

/// Writes numbers in one language.
#[derive(Debug)]
pub struct Numbers {
    formatter: DecimalFormatter,
    /// What the language puts before the decimals.
    pub(super) decimal: char,
    /// What the language puts between groups of digits.
    pub(super) grouping: char,
}

impl Numbers {
    /// For a CLDR tag such as `en-GB`, `ar`, `fa`.
    pub fn of(cldr: &str) -> Result<Self, L10nError> {
        let cldr_error = |detail: String| L10nError::Cldr { tag: cldr.to_owned(), detail };
        let locale = CldrLocale::from_str(cldr).map_err(|error| cldr_error(error.to_string()))?;
        let formatter = DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default())
            .map_err(|error| cldr_error(error.to_string()))?;
        // The separators are read off a number that has both, so that they are CLDR's own.
        let mut sample = Decimal::from(123_456_789);
        sample.multiply_pow10(-1);
        let written = formatter.format(&sample).to_string();
        let mut separators = written.chars().filter(|letter| !letter.is_numeric());
        let (Some(grouping), Some(decimal)) = (separators.next(), separators.next_back()) else {
            return Err(cldr_error(format!("{written} shows no separators")));
        };
        Ok(Self { formatter, decimal, grouping })
    }

    /// A whole number with its digits grouped.
    pub fn number(&self, number: i64) -> String {
        self.write(&Decimal::from(number))
    }

    /// The amount with all decimals of its currency, digits grouped, without the currency.
    pub fn amount(&self, money: Money) -> String {
        let exponent = i16::try_from(money.currency.exponent()).unwrap_or(0);
        let mut decimal = Decimal::from(money.minor);
        decimal.multiply_pow10(-exponent);
        decimal.pad_end(-exponent);
        self.write(&decimal)
    }

    /// A number that is written already with a dot and ASCII digits, in this language's digits.
    pub(super) fn rewrite(&self, ascii: &str) -> Option<String> {
        Decimal::try_from_str(ascii).ok().map(|decimal| self.write(&decimal))
    }

    fn write(&self, decimal: &Decimal) -> String {
        self.formatter.format(decimal).to_string().replace('-', MINUS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(cldr: &str, minor: i64, code: &str) -> String {
        Numbers::of(cldr).unwrap().amount(Money::new(minor, code.parse().unwrap()))
    }

    #[test]
    fn f64_amounts_have_the_decimals_of_the_currency_in_every_language() {
        assert_eq!(amount("en-GB", 5800, "JPY"), "5,800");
        assert_eq!(amount("en-GB", 123_450, "USD"), "1,234.50");
        assert_eq!(amount("en-GB", 1234, "KWD"), "1.234");
        assert_eq!(amount("en-GB", 0, "USD"), "0.00");
        assert_eq!(amount("en-GB", 5, "KWD"), "0.005");
        assert_eq!(amount("en-GB", -5, "USD"), "−0.05");
        assert_eq!(amount("de", 123_450, "EUR"), "1.234,50");
        assert_eq!(amount("fr", 123_450, "EUR"), "1\u{202f}234,50");
        assert_eq!(amount("ar", 123_450, "USD"), "1,234.50");
        assert_eq!(amount("ar-EG", 123_450, "USD"), "١٬٢٣٤٫٥٠");
        assert_eq!(amount("fa", 123_450, "USD"), "۱٬۲۳۴٫۵۰");
        assert_eq!(amount("ar-EG", 5800, "JPY"), "٥٬٨٠٠");
        assert_eq!(amount("en-GB", i64::MIN, "USD"), "−92,233,720,368,547,758.08");
    }

    #[test]
    fn separators_are_those_of_the_language() {
        for (cldr, decimal, grouping) in
            [("en-GB", '.', ','), ("de", ',', '.'), ("fr", ',', '\u{202f}'), ("ar-EG", '٫', '٬'), ("fa", '٫', '٬')]
        {
            let numbers = Numbers::of(cldr).unwrap();
            assert_eq!((numbers.decimal, numbers.grouping), (decimal, grouping), "{cldr}");
        }
    }
}
