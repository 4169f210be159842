//! The languages that the desk speaks.
//!
//! Adding one is a folder `locales/<tag>/` and one line in the table below; the tests then say which texts are missing.

use std::fmt;

use unic_langid::{LanguageIdentifier, langid};

/// Declares the table of languages: variant, tag, tag of its CLDR data, direction, name in its own language.
macro_rules! locales {
    ($($(#[$doc:meta])* $variant:ident = $tag:literal, $cldr:literal, $direction:literal, $name:literal;)+) => {
        /// A language that the desk speaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Locale { $($(#[$doc])* $variant),+ }

        impl Locale {
            /// Every language, pseudo-locales too.
            pub const ALL: &'static [Locale] = &[$(Locale::$variant),+];

            /// The BCP 47 tag, as it stands in `lang` attributes, in links and in data.
            pub fn tag(self) -> &'static str {
                match self { $(Locale::$variant => $tag),+ }
            }

            /// The writing direction: `ltr` or `rtl`, as it stands in `dir` attributes.
            pub fn dir(self) -> &'static str {
                match self { $(Locale::$variant => $direction),+ }
            }

            /// What the language calls itself, for the language picker.
            pub fn name(self) -> &'static str {
                match self { $(Locale::$variant => $name),+ }
            }

            /// The tag of the CLDR data by which numbers, dates and plurals are written.
            pub fn cldr(self) -> &'static str {
                match self { $(Locale::$variant => $cldr),+ }
            }

            pub(super) fn language(self) -> LanguageIdentifier {
                match self { $(Locale::$variant => langid!($cldr)),+ }
            }
        }
    };
}

locales! {
    /// English; dates with the day before the month and a 24-hour clock, which read the same everywhere.
    En = "en", "en-GB", "ltr", "English";
    /// Arabic.
    Ar = "ar", "ar", "rtl", "العربية";
    /// English with accents and a third longer: shows what is not translated and what does not fit.
    EnXa = "en-XA", "en-GB", "ltr", "Ȧȧƈƈḗḗƞŧḗḗḓ";
    /// English mirrored and set from right to left: shows what does not turn.
    ArXb = "ar-XB", "en-GB", "rtl", "Ɔıpı";
}

impl Locale {
    /// The language to fall back to, in which every text is written first.
    pub const DEFAULT: Locale = Locale::En;

    /// Whether this is English in disguise, for tests only.
    pub fn is_pseudo(self) -> bool {
        matches!(self, Locale::EnXa | Locale::ArXb)
    }

    /// The languages that people may choose; pseudo-locales only where they are allowed (never in live mode).
    pub fn offered(allow_pseudo: bool) -> impl Iterator<Item = Locale> {
        Self::ALL.iter().copied().filter(move |locale| allow_pseudo || !locale.is_pseudo())
    }

    /// The language for a BCP 47 tag: the same tag, else the same language (`ar-EG` gives Arabic). Case does not matter.
    pub fn from_tag(tag: &str) -> Option<Locale> {
        let tag = tag.trim().replace('_', "-");
        let exact = Self::ALL.iter().find(|locale| locale.tag().eq_ignore_ascii_case(&tag));
        exact.or_else(|| Self::ALL.iter().find(|locale| !locale.is_pseudo() && locale.speaks_like(&tag))).copied()
    }

    /// Whether a reader of `tag` reads this language: the same primary language and, where both name one, script.
    fn speaks_like(self, tag: &str) -> bool {
        let (Ok(wanted), Ok(own)) = (tag.parse::<LanguageIdentifier>(), self.tag().parse::<LanguageIdentifier>())
        else {
            return false;
        };
        let same_script = wanted.script.is_none() || own.script.is_none() || wanted.script == own.script;
        wanted.language == own.language && same_script
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_finds_its_language() {
        for (tag, locale) in [
            ("en", Some(Locale::En)),
            ("en-US", Some(Locale::En)),
            ("AR", Some(Locale::Ar)),
            ("ar-EG", Some(Locale::Ar)),
            ("ar_SA", Some(Locale::Ar)),
            ("en-xa", Some(Locale::EnXa)),
            ("ar-XB", Some(Locale::ArXb)),
            ("tlh", None),
            ("", None),
            ("*", None),
            ("not a tag", None),
        ] {
            assert_eq!(Locale::from_tag(tag), locale, "{tag:?}");
        }
    }
}
