//! One language in hand: what templates call.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::{Args, IntoArg};
use super::catalogue::Marks;
use super::{AmountError, L10n, Locale, Voice, money};
use crate::domain::currency::Currency;
use crate::domain::money::Money;

/// One language of the desk, and the time zone of whoever reads it. Small and freely copied; every screen's template has
/// one.
#[derive(Clone, Copy)]
pub struct Lang<'a> {
    l10n: &'a L10n,
    locale: Locale,
    zone: &'a TimeZone,
}

/// What a day can be told from: a day, or a moment, which falls on a day in the reader's time zone. Implemented for
/// references too, because templates pass references.
pub trait IntoDay {
    /// The day, in the reader's time zone.
    fn day(&self, lang: &Lang<'_>) -> Date;
}

impl<T: IntoDay + ?Sized> IntoDay for &T {
    fn day(&self, lang: &Lang<'_>) -> Date {
        (**self).day(lang)
    }
}

impl IntoDay for Date {
    fn day(&self, _: &Lang<'_>) -> Date {
        *self
    }
}

impl IntoDay for Timestamp {
    fn day(&self, lang: &Lang<'_>) -> Date {
        lang.zone.to_datetime(*self).date()
    }
}

/// A value of this type, given as it is or borrowed any number of times, because templates pass references.
pub trait Given<T> {
    /// The value.
    fn given(&self) -> T;
}

impl<T, U: Given<T> + ?Sized> Given<T> for &U {
    fn given(&self) -> T {
        (**self).given()
    }
}

impl Given<Money> for Money {
    fn given(&self) -> Money {
        *self
    }
}

impl Given<Timestamp> for Timestamp {
    fn given(&self) -> Timestamp {
        *self
    }
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {
        $(impl Given<i64> for $number {
            fn given(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        })+
    };
}
whole_numbers!(u8, u16, u32, u64, usize, i32, i64);

impl<'a> Lang<'a> {
    pub(super) fn new(l10n: &'a L10n, locale: Locale, zone: &'a TimeZone) -> Self {
        Self { l10n, locale, zone }
    }

    pub(super) fn in_locale(self, locale: Locale) -> Self {
        Self { locale, ..self }
    }

    /// Which language it is.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The tag for the attribute `lang`.
    pub fn tag(&self) -> &'static str {
        self.locale.tag()
    }

    /// The direction for the attribute `dir`.
    pub fn dir(&self) -> &'static str {
        self.locale.dir()
    }

    /// The text of this id.
    pub fn t(&self, id: &str) -> String {
        self.text(id, &Args::new())
    }

    /// The text of this id with one value.
    pub fn t1(&self, id: &str, name: &'static str, value: impl IntoArg) -> String {
        self.text(id, &Args::new().with(name, value))
    }

    /// The text of this id with two values.
    pub fn t2(
        &self,
        id: &str,
        first_name: &'static str,
        first: impl IntoArg,
        second_name: &'static str,
        second: impl IntoArg,
    ) -> String {
        self.text(id, &Args::new().with(first_name, first).with(second_name, second))
    }

    /// The text of this id with any values.
    pub fn text(&self, id: &str, args: &Args) -> String {
        self.l10n.say(*self, Marks::Kept, id, args)
    }

    /// The text of this id without marks that are not seen: for titles, subjects, JSON, CSV, logs.
    pub fn plain(&self, id: &str, args: &Args) -> String {
        self.l10n.say(*self, Marks::Left, id, args)
    }

    /// An amount in sentences for customers: `$45.00 USD`, `1.234 KWD`.
    pub fn money(&self, money: impl Given<Money>) -> String {
        let money = money.given();
        let sign = money::sign(money.currency);
        let args = Args::new().with("amount", self.amount(money)).with("code", money.currency);
        if sign.is_empty() {
            self.plain("money-by-code", &args)
        } else {
            self.plain("money-by-sign", &args.with("sign", sign))
        }
    }

    /// An amount for tables, where the code stands in a place of its own: `1,234.50`.
    pub fn amount(&self, money: impl Given<Money>) -> String {
        self.voice().map_or_else(|| money.given().to_decimal(), |voice| voice.numbers.amount(money.given()))
    }

    /// An amount with its code and without its sign: `45.00 USD`, for subjects, buttons and fields.
    pub fn amount_with_code(&self, money: impl Given<Money>) -> String {
        let money = money.given();
        self.plain("money-by-code", &Args::new().with("amount", self.amount(money)).with("code", money.currency))
    }

    /// A whole number.
    pub fn number(&self, number: impl Given<i64>) -> String {
        self.voice().map_or_else(|| number.given().to_string(), |voice| voice.numbers.number(number.given()))
    }

    /// A day in full: `4 December 2026`.
    pub fn date(&self, day: impl IntoDay) -> String {
        let day = day.day(self);
        self.voice().map_or_else(|| day.to_string(), |voice| voice.dates.long(day))
    }

    /// A day for tables: `4 Dec 2026`.
    pub fn date_short(&self, day: impl IntoDay) -> String {
        let day = day.day(self);
        self.voice().map_or_else(|| day.to_string(), |voice| voice.dates.short(day))
    }

    /// A day soon, by its weekday: `Fri 4 Dec`.
    pub fn weekday_date(&self, day: impl IntoDay) -> String {
        let day = day.day(self);
        self.voice().map_or_else(|| day.to_string(), |voice| voice.dates.weekday(day))
    }

    /// A time of day in the reader's time zone: `14:05`.
    pub fn time(&self, moment: impl Given<Timestamp>) -> String {
        let time = self.zone.to_datetime(moment.given()).time();
        self.voice().map_or_else(|| time.to_string(), |voice| voice.dates.time(time))
    }

    /// Day and time in the reader's time zone: `4 Dec 2026, 14:05`.
    pub fn datetime(&self, moment: impl Given<Timestamp>) -> String {
        let moment = self.zone.to_datetime(moment.given());
        self.voice().map_or_else(|| moment.to_string(), |voice| voice.dates.moment(moment))
    }

    /// Day and time with the name of the time zone, for who may read it anywhere: `4 Dec 2026, 14:05 UTC`.
    pub fn datetime_with_zone(&self, moment: impl Given<Timestamp>) -> String {
        let moment = moment.given();
        let zone = self.zone.to_offset_info(moment);
        format!("{} {}", self.datetime(moment), zone.abbreviation())
    }

    /// Reads an amount that a person typed, by the habits of this language.
    pub fn parse_amount(&self, text: &str, currency: Currency) -> Result<Money, AmountError> {
        match self.voice() {
            Some(voice) => voice.numbers.parse_amount(text, currency),
            None => Money::from_decimal(text, currency).map_err(|_| AmountError::NotAnAmount),
        }
    }

    fn voice(&self) -> Option<&'a Voice> {
        self.l10n.voices.get(&self.locale)
    }
}
