//! What is put into a text: names, counts, amounts and dates, each written as its language writes it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::currency::Currency;
use crate::domain::money::Money;

/// One value for a placeable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Text as it is: a name, an order number, text that is written already.
    Text(String),
    /// A whole number, which also chooses the plural form.
    Count(i64),
    /// An amount, written for customers.
    Money(Money),
    /// A calendar day, written with its month's name and year.
    Day(Date),
    /// A moment, written with day and time in the reader's time zone.
    Moment(Timestamp),
}

/// What can be put into a text. Implemented for references too, because templates pass references.
pub trait IntoArg {
    /// The value.
    fn arg(&self) -> Arg;
}

impl<T: IntoArg + ?Sized> IntoArg for &T {
    fn arg(&self) -> Arg {
        (**self).arg()
    }
}

impl IntoArg for Arg {
    fn arg(&self) -> Arg {
        self.clone()
    }
}

impl IntoArg for str {
    fn arg(&self) -> Arg {
        Arg::Text(self.to_owned())
    }
}

impl IntoArg for String {
    fn arg(&self) -> Arg {
        Arg::Text(self.clone())
    }
}

impl IntoArg for Cow<'_, str> {
    fn arg(&self) -> Arg {
        Arg::Text(self.clone().into_owned())
    }
}

impl IntoArg for Currency {
    fn arg(&self) -> Arg {
        Arg::Text(self.code().to_owned())
    }
}

impl IntoArg for Money {
    fn arg(&self) -> Arg {
        Arg::Money(*self)
    }
}

impl IntoArg for Date {
    fn arg(&self) -> Arg {
        Arg::Day(*self)
    }
}

impl IntoArg for Timestamp {
    fn arg(&self) -> Arg {
        Arg::Moment(*self)
    }
}

macro_rules! counts {
    ($($number:ty),+) => {
        $(impl IntoArg for $number {
            fn arg(&self) -> Arg {
                Arg::Count(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        })+
    };
}
counts!(u8, u16, u32, u64, usize, i32, i64);

/// Named values for one text.
#[derive(Clone, Debug, Default)]
pub struct Args(Vec<(&'static str, Arg)>);

impl Args {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more value.
    pub fn with(mut self, name: &'static str, value: impl IntoArg) -> Self {
        self.0.push((name, value.arg()));
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &Arg)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}
