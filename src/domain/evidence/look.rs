//! Looks at a file: which of them are one viewing, and what somebody had opened before they approved.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::refund::{UnknownWord, words};

/// Looks of one person at the same page within so many minutes of the first are one viewing: turning and enlarging a page
/// is no other one, coming back to it later is. Each viewing stands in the audit trail once.
pub const VIEWING_MINUTES: i64 = 10;

words! {
    /// As what a file was looked at.
    Manner {
        /// Small, among others: enough to know which file it is, not to know what it shows.
        Thumbnail = "thumbnail",
        /// A page of it, large enough to be read.
        Page = "page",
        /// As it came, to be kept.
        Original = "original",
    }
}

impl Manner {
    /// Whether somebody who looked so has opened the file.
    pub fn opens(self) -> bool {
        match self {
            Self::Page | Self::Original => true,
            Self::Thumbnail => false,
        }
    }
}

/// Whether a look now belongs to the viewing that began then. Of looks at the same moment the later one may be written
/// first; a clock that stepped back further begins another viewing.
pub fn is_same_viewing(began: Timestamp, now: Timestamp) -> bool {
    now.duration_since(began).abs() < SignedDuration::from_mins(VIEWING_MINUTES)
}

/// What somebody who approved had seen of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Opened before they approved.
    Before,
    /// Opened, but only after they had approved.
    After,
    /// Never opened.
    Never,
    /// It came after they had approved.
    CameLater,
}

impl Attention {
    /// Of a file that was given and first opened then, for somebody who approved then.
    pub fn of(approved_at: Timestamp, given_at: Timestamp, opened_at: Option<Timestamp>) -> Self {
        match opened_at {
            Some(opened) if opened <= approved_at => Self::Before,
            _ if given_at > approved_at => Self::CameLater,
            Some(_) => Self::After,
            None => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_viewing_lasts_ten_minutes_from_where_it_began() {
        assert!(is_same_viewing(at(0), at(0)) && is_same_viewing(at(0), at(599)) && is_same_viewing(at(1), at(0)));
        assert!(!is_same_viewing(at(0), at(600)) && !is_same_viewing(at(600), at(0)));
    }

    #[test]
    fn what_was_opened_counts_from_the_approval() {
        for (given, opened, attention) in [
            (1, Some(10), Attention::Before),
            (1, Some(11), Attention::After),
            (1, None, Attention::Never),
            (11, None, Attention::CameLater),
            (11, Some(12), Attention::CameLater),
        ] {
            assert_eq!(Attention::of(at(10), at(given), opened.map(at)), attention, "{given} {opened:?}");
        }
    }

    #[test]
    fn a_thumbnail_opens_nothing() {
        let opening: Vec<Manner> = Manner::ALL.iter().copied().filter(|manner| manner.opens()).collect();
        assert_eq!(opening, [Manner::Page, Manner::Original]);
    }
}
