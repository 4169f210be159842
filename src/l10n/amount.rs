//! Amounts as people type them: with dots, commas, spaces or Arabic signs, in Western, Arabic-Indic or Persian digits.
//!
//! What can be read in one way only is accepted; what would be a thousand times more in another country is refused, with
//! a sentence that says how to write it. Digits stay digits: nothing here is a float.

use super::numbers::Numbers;
use crate::domain::currency::Currency;
use crate::domain::money::Money;

/// Longest text that is looked at: twenty digits, their separators and a currency code fit.
const TEXT_CHARS_MAX: usize = 64;

/// Why a typed amount was not taken. Each has its sentence in `problems.ftl`, with `$currency` and `$decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was typed.
    #[error("no amount was given")]
    Empty,
    /// There are letters or signs that do not belong into an amount.
    #[error("this is not an amount")]
    NotAnAmount,
    /// It could be read as a thousand times more or less.
    #[error("the amount can be read in two ways")]
    Ambiguous,
    /// More decimals than the currency has.
    #[error("the amount has more decimals than its currency")]
    TooManyDecimals,
    /// An amount below zero.
    #[error("the amount is below zero")]
    Negative,
    /// More than 64 bits of minor units.
    #[error("the amount is too large")]
    TooLarge,
    /// The code of another currency stands beside it.
    #[error("the amount names another currency")]
    OtherCurrency,
}

impl AmountError {
    /// The id of its sentence.
    pub fn message_id(self) -> &'static str {
        match self {
            AmountError::Empty => "field-amount-empty",
            AmountError::NotAnAmount => "field-amount-not-an-amount",
            AmountError::Ambiguous => "field-amount-ambiguous",
            AmountError::TooManyDecimals => "field-amount-too-many-decimals",
            AmountError::Negative => "field-amount-negative",
            AmountError::TooLarge => "field-amount-too-large",
            AmountError::OtherCurrency => "field-amount-other-currency",
        }
    }
}

impl Numbers {
    /// Reads an amount that a person typed, by the habits of this language.
    pub fn parse_amount(&self, text: &str, currency: Currency) -> Result<Money, AmountError> {
        let bare = without_currency(text, currency)?;
        let typed: String = bare.chars().filter(|letter| !is_invisible(*letter)).map(plain_sign).collect();
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(AmountError::Empty);
        }
        if typed.starts_with('-') || typed.ends_with('-') {
            return Err(AmountError::Negative);
        }
        let (whole, decimals) = self.split(typed, currency)?;
        let whole = whole.trim_start_matches('0');
        let plain = if decimals.is_empty() { format!("0{whole}") } else { format!("0{whole}.{decimals}") };
        Money::from_decimal(&plain, currency).map_err(|_| AmountError::TooLarge)
    }

    /// The digits before and after the decimal separator, without separators.
    fn split(&self, typed: &str, currency: Currency) -> Result<(String, String), AmountError> {
        let exponent = usize::try_from(currency.exponent()).unwrap_or(0);
        let mut seen = typed.chars().filter(|letter| !letter.is_ascii_digit());
        let Some(first) = seen.next() else { return Ok((typed.to_owned(), String::new())) };
        let rest: Vec<char> = seen.collect();
        let last = rest.last().copied().unwrap_or(first);
        let same = rest.iter().all(|letter| *letter == first);

        let (head, tail) = typed.rsplit_once(last).unwrap_or((typed, ""));
        let decimals_possible = matches!(last, '.' | ',' | DECIMAL) && !head.contains(last);
        let grouping_possible = same && last != DECIMAL && is_grouped(typed, last);
        let decimals_fit = tail.len() <= exponent;

        let as_decimals = || {
            let whole = ungrouped(head)?;
            if tail.is_empty() || !tail.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(AmountError::NotAnAmount);
            }
            if decimals_fit { Ok((whole, tail.to_owned())) } else { Err(AmountError::TooManyDecimals) }
        };
        match (decimals_possible, grouping_possible) {
            (false, false) => Err(AmountError::NotAnAmount),
            (true, false) => as_decimals(),
            (false, true) => Ok((ungrouped(typed)?, String::new())),
            // One dot or comma before exactly three digits: thousands to some, decimals to others.
            (true, true) => {
                let is_decimal_here = last == self.decimal || (self.decimal == DECIMAL && last == '.');
                let is_grouping_here = last == self.grouping || (self.grouping == GROUPING && last == ',');
                match (decimals_fit, is_decimal_here, is_grouping_here) {
                    (true, true, _) => as_decimals(),
                    (false, _, true) => Ok((ungrouped(typed)?, String::new())),
                    _ => Err(AmountError::Ambiguous),
                }
            }
        }
    }
}

/// Arabic decimal separator.
const DECIMAL: char = '\u{066B}';
/// Arabic thousands separator.
const GROUPING: char = '\u{066C}';
/// What all spaces become.
const SPACE: char = ' ';
/// What all apostrophes become.
const APOSTROPHE: char = '\'';

/// The text without the code or sign of the currency, which may stand before or after the number.
fn without_currency(text: &str, currency: Currency) -> Result<String, AmountError> {
    if text.chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(AmountError::NotAnAmount);
    }
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let sign = super::money::sign(currency);
    let bare: String = text.chars().filter(|letter| !letter.is_ascii_alphabetic() && !sign.contains(*letter)).collect();
    if letters.is_empty() || letters.eq_ignore_ascii_case(currency.code()) {
        Ok(bare)
    } else if letters.to_ascii_uppercase().parse::<Currency>().is_ok() {
        Err(AmountError::OtherCurrency)
    } else {
        Err(AmountError::NotAnAmount)
    }
}

/// Marks that direct the writing and are not seen; copying from a page brings them along.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The sign that stands for this one: digits become ASCII, kinds of spaces, apostrophes, commas and minuses become one.
fn plain_sign(letter: char) -> char {
    let digit = |zero: char| u32::from(letter).checked_sub(u32::from(zero)).and_then(|n| char::from_digit(n, 10));
    match letter {
        '\u{0660}'..='\u{0669}' => digit('\u{0660}').unwrap_or(letter),
        '\u{06F0}'..='\u{06F9}' => digit('\u{06F0}').unwrap_or(letter),
        '\u{FF10}'..='\u{FF19}' => digit('\u{FF10}').unwrap_or(letter),
        '\u{060C}' | '\u{FF0C}' => ',',
        '\u{FF0E}' => '.',
        '\u{2019}' | '\u{02BC}' => APOSTROPHE,
        '\u{2212}' | '\u{2013}' => '-',
        other if other.is_whitespace() => SPACE,
        other => other,
    }
}

/// Whether `separator` stands where thousands, or the lakhs and crores of India, are parted, and there only.
fn is_grouped(typed: &str, separator: char) -> bool {
    if !matches!(separator, '.' | ',' | SPACE | APOSTROPHE | GROUPING) {
        return false;
    }
    let groups: Vec<&str> = typed.split(separator).collect();
    let (Some((first, others)), true) = (groups.split_first(), groups.len() > 1) else { return false };
    let Some((last, middle)) = others.split_last() else { return false };
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let by_threes = (1..=3).contains(&first.len()) && middle.iter().all(|group| group.len() == 3);
    let by_twos = (1..=2).contains(&first.len()) && !middle.is_empty() && middle.iter().all(|group| group.len() == 2);
    digits && last.len() == 3 && (by_threes || by_twos)
}

/// The digits of a whole number whose groups, if it has any, are parted by one separator.
fn ungrouped(whole: &str) -> Result<String, AmountError> {
    match whole.chars().find(|letter| !letter.is_ascii_digit()) {
        None if whole.is_empty() => Err(AmountError::NotAnAmount),
        None => Ok(whole.to_owned()),
        Some(separator) if is_grouped(whole, separator) => Ok(whole.replace(separator, "")),
        Some(_) => Err(AmountError::NotAnAmount),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LANGUAGES: [&str; 6] = ["en-GB", "ar", "ar-EG", "fa", "de", "fr"];
    const CURRENCIES: [&str; 3] = ["JPY", "USD", "KWD"];

    fn parse(cldr: &str, text: &str, code: &str) -> Result<i64, AmountError> {
        Numbers::of(cldr).unwrap().parse_amount(text, code.parse().unwrap()).map(|money| money.minor)
    }

    #[test]
    fn f67_digits_and_separators_of_many_countries() {
        for cldr in LANGUAGES {
            for text in [
                "1234.50",
                "1234,50",
                "1.234,50",
                "1,234.50",
                "1 234,50",
                "1\u{202f}234,50",
                "1\u{a0}234.5",
                "1'234.50",
                "1’234,50",
                "١٬٢٣٤٫٥٠",
                "١٢٣٤٫٥٠",
                "١٢٣٤,٥٠",
                "١٢٣٤،٥",
                "۱۲۳۴٫۵۰",
                "۱٬۲۳۴٫۵",
                "\u{200f}1234.50 ",
                "USD 1,234.50",
                "1234.50 usd",
                "$1,234.50",
                "01234.50",
                "１２３４．５０",
            ] {
                assert_eq!(parse(cldr, text, "USD"), Ok(123_450), "{text} in {cldr}");
            }
            assert_eq!(parse(cldr, "45", "USD"), Ok(4500), "{cldr}");
            assert_eq!(parse(cldr, "1,23,45,678.90", "INR"), Ok(1_234_567_890), "{cldr}");
            assert_eq!(parse(cldr, "1.234.567", "USD"), Ok(123_456_700), "{cldr}");
        }
    }

    #[test]
    fn three_digits_after_one_separator_are_read_only_where_there_is_one_reading() {
        use AmountError::{Ambiguous, TooManyDecimals};
        for (cldr, text, code, minor) in [
            ("en-GB", "1,234", "USD", Ok(123_400)),
            ("en-GB", "1,234", "JPY", Ok(1234)),
            ("en-GB", "1,234", "KWD", Err(Ambiguous)),
            ("en-GB", "1.234", "KWD", Ok(1234)),
            ("en-GB", "1.234", "USD", Err(Ambiguous)),
            ("en-GB", "1.234", "JPY", Err(Ambiguous)),
            ("de", "1.234", "USD", Ok(123_400)),
            ("de", "1,234", "USD", Err(Ambiguous)),
            ("de", "1,234", "KWD", Ok(1234)),
            ("de", "1.234", "KWD", Err(Ambiguous)),
            ("fr", "1.234", "USD", Err(Ambiguous)),
            ("fr", "1 234", "KWD", Ok(1_234_000)),
            ("ar", "1,234", "USD", Ok(123_400)),
            ("ar-EG", "1,234", "USD", Ok(123_400)),
            ("ar", "١٬٢٣٤", "KWD", Ok(1_234_000)),
            ("ar", "١٫٢٣٤", "KWD", Ok(1234)),
            ("ar", "١٫٢٣٤", "USD", Err(TooManyDecimals)),
            ("en-GB", "1.2345", "USD", Err(TooManyDecimals)),
            ("en-GB", "0.5", "JPY", Err(TooManyDecimals)),
        ] {
            assert_eq!(parse(cldr, text, code), minor, "{text} {code} in {cldr}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_and_says_why() {
        use AmountError::{Empty, Negative, NotAnAmount, OtherCurrency, TooLarge};
        for (text, error) in [
            ("", Empty),
            ("  \u{200e}", Empty),
            ("USD", Empty),
            ("-5", Negative),
            ("−5.00", Negative),
            ("5-", Negative),
            ("45 EUR", OtherCurrency),
            ("fifty", NotAnAmount),
            ("1e3", NotAnAmount),
            ("1.2.3", NotAnAmount),
            ("1,2,3.4", NotAnAmount),
            ("1..5", NotAnAmount),
            ("5.", NotAnAmount),
            (".5", NotAnAmount),
            ("1.234,567.8", NotAnAmount),
            ("12 34", NotAnAmount),
            ("1 234.567,89", NotAnAmount),
            ("1/2", NotAnAmount),
            ("१२", NotAnAmount),
            ("99999999999999999999", TooLarge),
            ("92233720368547758.08", TooLarge),
        ] {
            assert_eq!(parse("en-GB", text, "USD"), Err(error), "{text:?}");
        }
        assert_eq!(parse("en-GB", &"1".repeat(1000), "USD"), Err(NotAnAmount));
    }

    proptest! {
        #[test]
        fn f64_what_is_written_is_read_back(minor in 0..i64::MAX, small in 0..10_000_000_i64, language in 0..6_usize, currency in 0..3_usize) {
            let numbers = Numbers::of(LANGUAGES[language]).unwrap();
            for minor in [minor, small] {
                let money = Money::new(minor, CURRENCIES[currency].parse().unwrap());
                prop_assert_eq!(numbers.parse_amount(&numbers.amount(money), money.currency), Ok(money));
            }
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,30}", language in 0..6_usize) {
            let _ = Numbers::of(LANGUAGES[language]).unwrap().parse_amount(&text, "USD".parse().unwrap());
        }
    }
}
