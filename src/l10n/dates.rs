//! Days and times as a language writes them, by CLDR, in whatever time zone they were put.

use std::str::FromStr;

use icu_calendar::Gregorian;
use icu_datetime::fieldsets::{MDE, T, YMD, YMDT};
use icu_datetime::input::{Date as CldrDate, DateTime as CldrDateTime, Time as CldrTime};
use icu_datetime::{DateTimeFormatterLoadError, FixedCalendarDateTimeFormatter};
use icu_locale_core::Locale as CldrLocale;
use jiff::civil::{Date, DateTime, Time};

use super::L10nError;

/// Writes days and times in one language.
#[derive(Debug)]
pub(super) struct Dates {
    long: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    short: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    weekday: FixedCalendarDateTimeFormatter<Gregorian, MDE>,
    moment: FixedCalendarDateTimeFormatter<Gregorian, YMDT>,
    time: FixedCalendarDateTimeFormatter<(), T>,
}

impl Dates {
    /// For a CLDR tag such as `en-GB` or `ar`.
    pub(super) fn of(cldr: &str) -> Result<Self, L10nError> {
        let cldr_error = |detail: String| L10nError::Cldr { tag: cldr.to_owned(), detail };
        let locale = CldrLocale::from_str(cldr).map_err(|error| cldr_error(error.to_string()))?;
        let load = || -> Result<Self, DateTimeFormatterLoadError> {
            Ok(Self {
                long: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long())?,
                short: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::medium())?,
                weekday: FixedCalendarDateTimeFormatter::try_new((&locale).into(), MDE::medium())?,
                moment: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::medium().with_time_hm())?,
                time: FixedCalendarDateTimeFormatter::try_new((&locale).into(), T::hm())?,
            })
        };
        load().map_err(|error| cldr_error(error.to_string()))
    }

    /// `4 December 2026`.
    pub(super) fn long(&self, day: Date) -> String {
        gregorian(day).map_or_else(|| day.to_string(), |day| self.long.format(&day).to_string())
    }

    /// `4 Dec 2026`.
    pub(super) fn short(&self, day: Date) -> String {
        gregorian(day).map_or_else(|| day.to_string(), |day| self.short.format(&day).to_string())
    }

    /// `Fri 4 Dec`.
    pub(super) fn weekday(&self, day: Date) -> String {
        gregorian(day).map_or_else(|| day.to_string(), |day| self.weekday.format(&day).to_string())
    }

    /// `14:05`.
    pub(super) fn time(&self, time: Time) -> String {
        clock(time).map_or_else(|| time.to_string(), |time| self.time.format(&time).to_string())
    }

    /// `4 Dec 2026, 14:05`.
    pub(super) fn moment(&self, moment: DateTime) -> String {
        match (gregorian(moment.date()), clock(moment.time())) {
            (Some(date), Some(time)) => self.moment.format(&CldrDateTime { date, time }).to_string(),
            (None, _) | (_, None) => moment.to_string(),
        }
    }
}

fn gregorian(day: Date) -> Option<CldrDate<Gregorian>> {
    let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    CldrDate::try_new_gregorian(i32::from(day.year()), month, of_month).ok()
}

fn clock(time: Time) -> Option<CldrTime> {
    let part = |number: i8| u8::try_from(number).ok();
    CldrTime::try_new(part(time.hour())?, part(time.minute())?, part(time.second())?, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime, time};

    use super::*;

    #[test]
    fn days_and_times_follow_cldr() {
        let en = Dates::of("en-GB").unwrap();
        assert_eq!(en.long(date(2026, 12, 4)), "4 December 2026");
        assert_eq!(en.short(date(2026, 12, 4)), "4 Dec 2026");
        assert_eq!(en.weekday(date(2026, 12, 4)), "Fri 4 Dec");
        assert_eq!(en.time(time(14, 5, 59, 0)), "14:05");
        assert_eq!(en.moment(datetime(2026, 12, 4, 14, 5, 0, 0)), "4 Dec 2026, 14:05");
        let ar = Dates::of("ar").unwrap();
        assert_eq!(ar.long(date(2026, 12, 4)), "4 ديسمبر 2026");
        assert_eq!(ar.weekday(date(2026, 12, 4)), "الجمعة، 4 ديسمبر");
    }
}
