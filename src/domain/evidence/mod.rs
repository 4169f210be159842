//! Evidence: what files may be given with a request, what they are called, and when they may be seen.
//!
//! Pure. A file is what its bytes say ([`kind`]), whatever its name or sender calls it. Where bytes are kept and how they
//! are drawn is the business of `blobs`; who may give and see them, of `services`. Source: SPEC section 10.

pub mod kind;
mod look;
mod name;
mod view;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::refund::{UnknownWord, words};

pub use kind::{Kind, sniff};
pub use look::{Attention, Manner, VIEWING_MINUTES, is_same_viewing};
pub use name::{FileName, download_name};
pub use view::{THUMBNAIL_WIDTH, Turn, View};

/// What an address of evidence starts with in the API: `link://ev_…`.
pub const LINK: &str = "link://";

/// Bytes at the beginning of a file by which its kind is told: enough for the entries of an Office archive.
pub const HEAD_BYTES: usize = 8 * 1024;

/// Pixels of an image at most: far above any phone's camera, far below what a bomb of a few kilobytes unfolds to.
pub const PIXELS_MAX: u64 = 40_000_000;

/// Pages of a document that are drawn; what comes behind is in the original.
pub const PAGES_MAX: u32 = 50;

/// Characters of the words that stand in for an image.
pub const ALT_CHARACTERS_MAX: usize = 300;

/// How much evidence a request may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub bytes_max: u64,
    /// Files of one refund.
    pub files_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes_max: 10 * 1024 * 1024, files_max: 5 }
    }
}

words! {
    /// What the virus scanner says of a file.
    Scan {
        /// Not asked yet, or it does not answer: until then nobody sees the file.
        Pending = "pending",
        /// Nothing was found.
        Clean = "clean",
        /// Something was found: quarantined, nobody sees the file.
        Infected = "infected",
        /// There was no scanner when the file came.
        Unscanned = "unscanned",
    }
}

impl Scan {
    /// What a file begins as.
    pub fn first(has_scanner: bool) -> Self {
        if has_scanner { Self::Pending } else { Self::Unscanned }
    }

    /// Whether a file may be seen. A desk that has a scanner shows nothing that it has not found clean.
    pub fn may_be_seen(self, has_scanner: bool) -> bool {
        match self {
            Self::Clean => true,
            Self::Unscanned => !has_scanner,
            Self::Pending | Self::Infected => false,
        }
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsuitable {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than allowed.
    #[error("the file is too large")]
    TooLarge,
    /// More files than allowed.
    #[error("there are too many files")]
    TooMany,
    /// More pixels than allowed.
    #[error("the image has too many pixels")]
    TooManyPixels,
    /// A photograph as iPhones keep it.
    #[error("HEIC is not taken")]
    Heic,
    /// A drawing that can hold scripts.
    #[error("SVG is not taken")]
    Svg,
    /// A text, table or presentation of an office program.
    #[error("documents of office programs are not taken")]
    Office,
    /// Anything else.
    #[error("this type of file is not taken")]
    Other,
    /// It begins like a kind that is taken, and goes on as none.
    #[error("the file cannot be read")]
    Unreadable,
    /// A document that opens with a password only.
    #[error("the document is protected by a password")]
    Protected,
}

impl Unsuitable {
    /// The Fluent id of the sentence that says what is wrong and what to do instead.
    pub fn message_id(self) -> &'static str {
        match self {
            Self::Empty => "field-evidence-empty",
            Self::TooLarge => "field-evidence-size",
            Self::TooMany => "field-evidence-many",
            Self::TooManyPixels => "field-evidence-pixels",
            Self::Heic => "field-evidence-heic",
            Self::Svg => "field-evidence-svg",
            Self::Office => "field-evidence-office",
            Self::Other => "field-evidence-type",
            Self::Unreadable => "field-evidence-unreadable",
            Self::Protected => "field-evidence-password",
        }
    }
}

/// What is learnt of a file by opening it once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// Width in pixels, upright; of images.
    pub width: Option<u32>,
    /// Height in pixels, upright; of images.
    pub height: Option<u32>,
    /// Pages; one for images.
    pub pages: u32,
    /// When the camera says that it was taken, as the file has it, unverified.
    pub taken: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_scanner_only_what_is_clean_is_seen() {
        let seen = |scanner| Scan::ALL.iter().filter(|scan| scan.may_be_seen(scanner)).copied().collect::<Vec<_>>();
        assert_eq!(seen(true), [Scan::Clean]);
        assert_eq!(seen(false), [Scan::Clean, Scan::Unscanned]);
        assert_eq!((Scan::first(true), Scan::first(false)), (Scan::Pending, Scan::Unscanned));
    }
}
