//! The sign of a currency, where it has one that is understood everywhere.

use crate::domain::currency::Currency;

/// The sign of the currency, such as `$`, `€` or `¥`; empty where it has none but letters, which the code says better.
pub(super) fn sign(currency: Currency) -> String {
    let symbol = iso_currency::Currency::from_code(currency.code()).map(|known| known.symbol().symbol);
    symbol.filter(|sign| sign.chars().count() == 1 && !sign.contains(char::is_alphabetic)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_signs_and_not_letters() {
        for (code, expected) in [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("KWD", ""), ("GEL", "")] {
            assert_eq!(sign(code.parse().unwrap()), expected, "{code}");
        }
    }
}
