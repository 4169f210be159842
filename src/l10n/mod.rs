//! Words for people: every text, number, amount and date that a page, a mail or an answer shows.
//!
//! Texts come from `locales/<tag>/*.ftl` (Fluent), embedded in the binary; numbers and dates from CLDR (ICU4X). A page
//! asks [`L10n`] for a [`Lang`] and hands it to its template. What a text is called on the wire (`refund.request.accepted`)
//! and in Fluent (`refund-request-accepted`) differs by one function, [`fluent_id`]. Knows the domain's money and nothing
//! else of the house; which texts a screen needs is the screen's business.

mod amount;
mod args;
mod catalogue;
mod dates;
mod lang;
mod locale;
mod money;
mod negotiate;
mod numbers;
mod pseudo;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Mutex;

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::tz::TimeZone;

pub use self::amount::AmountError;
pub use self::args::{Arg, Args, IntoArg};
pub use self::catalogue::fluent_id;
pub use self::lang::{Given, IntoDay, Lang};
pub use self::locale::Locale;
pub use self::negotiate::{Wishes, negotiate};
pub use self::numbers::Numbers;

use self::catalogue::{Catalogue, Marks};
use self::dates::Dates;

/// Faults that are kept for a look; more say nothing new.
const FAULTS_MAX: usize = 100;

/// The texts or the language data that came with the binary cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum L10nError {
    /// A file of texts does not read, or says something twice.
    #[error("locales/{path} {detail}")]
    BadFile {
        /// Which file or folder, below `locales/`.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// The language data has nothing for a tag.
    #[error("there is no language data for {tag}: {detail}")]
    Cldr {
        /// The tag.
        tag: String,
        /// What is wrong.
        detail: String,
    },
}

/// Every language, loaded once and shared.
pub struct L10n {
    voices: BTreeMap<Locale, Voice>,
    zone: TimeZone,
    faults: Mutex<Vec<String>>,
}

/// One language: its texts, its numbers, its dates.
struct Voice {
    catalogue: Catalogue,
    numbers: Numbers,
    dates: Dates,
}

impl L10n {
    /// Loads what is embedded in the binary; times are shown in UTC.
    pub fn embedded() -> Result<Self, L10nError> {
        let mut voices = BTreeMap::new();
        for locale in Locale::ALL.iter().copied() {
            let voice = Voice {
                catalogue: Catalogue::load(locale)?,
                numbers: Numbers::of(locale.cldr())?,
                dates: Dates::of(locale.cldr())?,
            };
            voices.insert(locale, voice);
        }
        Ok(Self { voices, zone: TimeZone::UTC, faults: Mutex::new(Vec::new()) })
    }

    /// The same, showing times in this time zone.
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// One language in the desk's time zone, ready to be handed to a template.
    pub fn lang(&self, locale: Locale) -> Lang<'_> {
        Lang::new(self, locale, &self.zone)
    }

    /// One language in a reader's own time zone.
    pub fn lang_in<'a>(&'a self, locale: Locale, zone: &'a TimeZone) -> Lang<'a> {
        Lang::new(self, locale, zone)
    }

    /// Whether there is a text of this id.
    pub fn has(&self, id: &str) -> bool {
        self.voices.get(&Locale::DEFAULT).is_some_and(|voice| voice.catalogue.has(id))
    }

    /// What went wrong so far: texts that are missing in a language or at all, values that a text wanted and did not get.
    /// A test that ends with faults fails; people are shown English, or the id.
    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().map(|faults| faults.clone()).unwrap_or_default()
    }

    fn say(&self, lang: Lang<'_>, marks: Marks, id: &str, args: &Args) -> String {
        if let Some(text) = self.try_say(lang, marks, id, args) {
            return text;
        }
        self.note(format!("{id} is missing in {}", lang.locale()));
        match self.try_say(lang.in_locale(Locale::DEFAULT), marks, id, args) {
            Some(english) => english,
            None => id.to_owned(),
        }
    }

    fn try_say(&self, lang: Lang<'_>, marks: Marks, id: &str, args: &Args) -> Option<String> {
        let locale = lang.locale();
        let voice = self.voices.get(&locale)?;
        let mut values = FluentArgs::new();
        for (name, value) in args.iter() {
            values.set(name, value_in(lang, value));
        }
        let (text, errors) = voice.catalogue.format(marks, id, &values)?;
        for error in errors {
            self.note(format!("{id} in {locale}: {error}"));
        }
        Some(text)
    }

    fn note(&self, fault: String) {
        tracing::warn!(fault, "a text is not as it should be");
        if let Ok(mut faults) = self.faults.lock()
            && faults.len() < FAULTS_MAX
        {
            faults.push(fault);
        }
    }
}

fn value_in(lang: Lang<'_>, arg: &Arg) -> FluentValue<'static> {
    match arg {
        Arg::Text(text) => FluentValue::from(text.clone()),
        Arg::Count(count) => FluentValue::from(*count),
        Arg::Money(money) => FluentValue::from(lang.money(money)),
        Arg::Day(day) => FluentValue::from(lang.date(day)),
        Arg::Moment(moment) => FluentValue::from(lang.datetime(moment)),
    }
}
