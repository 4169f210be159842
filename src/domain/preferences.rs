//! What somebody who works at the desk chooses for themselves: language, time zone, colours, rows close together or not,
//! and whether single keys do anything.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refund::{UnknownWord, words};

words! {
    /// The choice of colours.
    Theme {
        /// As the device is.
        Auto = "auto",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

words! {
    /// How close together the rows of a table stand.
    Density {
        /// With air.
        Cozy = "cozy",
        /// More rows on a screen.
        Compact = "compact",
    }
}

impl Theme {
    /// The choice for a word of a form or cookie; anything else is as the device is.
    pub fn from_word(word: &str) -> Self {
        word.parse().unwrap_or(Theme::Auto)
    }

    /// Value of the attribute `data-theme`, absent where the device decides.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::Auto => None,
            Theme::Light | Theme::Dark => Some(self.as_str()),
        }
    }
}

impl Density {
    /// The choice for a word of a form; anything else has air.
    pub fn from_word(word: &str) -> Self {
        word.parse().unwrap_or(Density::Cozy)
    }

    /// Value of the attribute `data-density`, absent where nothing has to be different.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Density::Cozy => None,
            Density::Compact => Some(self.as_str()),
        }
    }
}

/// The choices of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// BCP 47 tag of their language.
    pub locale: String,
    /// IANA name of the time zone in which they read times.
    pub time_zone: String,
    /// Their colours.
    pub theme: Theme,
    /// How their tables stand.
    pub density: Density,
    /// Whether single keys are shortcuts.
    pub single_keys: bool,
}

impl Preferences {
    /// What holds for somebody new who reads this language.
    pub fn of_reader(locale: &str) -> Self {
        Self {
            locale: locale.to_owned(),
            time_zone: "UTC".to_owned(),
            theme: Theme::Auto,
            density: Density::Cozy,
            single_keys: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_none_chooses_nothing() {
        assert_eq!((Theme::from_word("dark"), Theme::from_word("pink")), (Theme::Dark, Theme::Auto));
        assert_eq!((Density::from_word("compact"), Density::from_word("")), (Density::Compact, Density::Cozy));
        assert_eq!((Theme::Auto.attribute(), Theme::Light.attribute()), (None, Some("light")));
    }
}
