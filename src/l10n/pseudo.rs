//! English in disguise: what the pseudo-locales do to the text of a message, never to what is put into it.
//!
//! `en-XA` wears accents and is at least three tenths longer, so that text that was never translated and boxes that are
//! too narrow both show. `ar-XB` is turned upside down and set from right to left.

use std::borrow::Cow;

/// Right-to-left override: the letters that follow run from right to left whatever they are.
const OVERRIDE: char = '\u{202E}';
/// Ends an override.
const POP: char = '\u{202C}';
/// What text is filled up with that has too few vowels to double.
const FILL: char = '·';

/// Accents, doubled vowels and, where those do not give three tenths more, filling.
pub(super) fn accented(text: &str) -> Cow<'_, str> {
    if !text.contains(|letter: char| letter.is_ascii_alphabetic()) {
        return Cow::Borrowed(text);
    }
    let mut longer = fluent_pseudo::transform(text.trim_end(), false, true).into_owned();
    let wanted = (text.trim_end().chars().count() * 13).div_ceil(10);
    let missing = wanted.saturating_sub(longer.chars().count());
    longer.extend(std::iter::repeat_n(FILL, missing));
    longer.push_str(text.strip_prefix(text.trim_end()).unwrap_or_default());
    Cow::Owned(longer)
}

/// Mirrored letters between marks that set them from right to left; for pages and the bodies of mails.
pub(super) fn mirrored(text: &str) -> Cow<'_, str> {
    match mirrored_plain(text) {
        Cow::Borrowed(same) => Cow::Borrowed(same),
        Cow::Owned(mirrored) => Cow::Owned(format!("{OVERRIDE}{mirrored}{POP}")),
    }
}

/// Mirrored letters without marks, for where marks may not stand.
pub(super) fn mirrored_plain(text: &str) -> Cow<'_, str> {
    if !text.contains(|letter: char| letter.is_ascii_alphabetic()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(fluent_pseudo::transform(text, true, false).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_make_every_text_longer() {
        for text in ["Why", "Refund", "By rhythm", "Order { }", " of "] {
            assert!(accented(text).chars().count() * 10 >= text.trim_end().chars().count() * 13, "{text}");
        }
        assert_eq!(accented(" · "), " · ");
        assert!(accented(" of ").ends_with(' '));
    }

    #[test]
    fn mirrored_text_is_set_from_right_to_left() {
        assert!(mirrored("Refund").starts_with(OVERRIDE) && mirrored("Refund").ends_with(POP));
        assert!(!mirrored_plain("Refund").contains(OVERRIDE));
        assert_eq!(mirrored(": "), ": ");
    }
}
