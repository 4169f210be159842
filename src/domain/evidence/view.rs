//! How a file is looked at: how wide, which way up, which page.

use super::Manner;

/// Widths in pixels that are drawn; a thumbnail at least, three times a large window at most.
const WIDTHS: std::ops::RangeInclusive<u16> = 64..=3600;

/// The widest that is a thumbnail: twice as many pixels as it takes on a page, for screens that have them.
pub const THUMBNAIL_WIDTH: u16 = 320;

/// The width where none is asked for.
const WIDTH_DEFAULT: u16 = 1600;

/// A quarter of a turn, clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// As it is.
    None,
    /// To the right.
    Right,
    /// Upside down.
    Half,
    /// To the left.
    Left,
}

impl Turn {
    /// In degrees.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Half => 180,
            Self::Left => 270,
        }
    }

    /// A quarter of a turn further.
    #[must_use]
    pub fn further(self) -> Self {
        match self {
            Self::None => Self::Right,
            Self::Right => Self::Half,
            Self::Half => Self::Left,
            Self::Left => Self::None,
        }
    }

    fn of_degrees(degrees: &str) -> Option<Self> {
        [Self::None, Self::Right, Self::Half, Self::Left].into_iter().find(|turn| turn.degrees().to_string() == degrees)
    }
}

/// One look at a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Width in pixels of what is drawn, before it is turned; an image is never made larger than it is.
    pub width: u16,
    /// Which way up.
    pub turn: Turn,
    /// Which page, from 1.
    pub page: u32,
}

impl Default for View {
    fn default() -> Self {
        Self { width: WIDTH_DEFAULT, turn: Turn::None, page: 1 }
    }
}

impl View {
    /// What was asked for; a width outside of what is drawn becomes the nearest that is, and nonsense what holds
    /// without it.
    pub fn asked(width: Option<&str>, degrees: Option<&str>, page: Option<&str>) -> Self {
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
        let width = number(width).map_or(WIDTH_DEFAULT, |wide| {
            u16::try_from(wide).unwrap_or(u16::MAX).clamp(*WIDTHS.start(), *WIDTHS.end())
        });
        let page = number(page).filter(|page| *page > 0).unwrap_or(1);
        Self { width, turn: degrees.and_then(Turn::of_degrees).unwrap_or(Turn::None), page }
    }

    /// As what the file is looked at.
    pub fn manner(self) -> Manner {
        if self.width <= THUMBNAIL_WIDTH { Manner::Thumbnail } else { Manner::Page }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_within_bounds() {
        let asked = View::asked(Some("800"), Some("270"), Some("3"));
        assert_eq!(asked, View { width: 800, turn: Turn::Left, page: 3 });
        assert_eq!(View::asked(Some("99999999"), Some("45"), Some("0")), View { width: 3600, ..View::default() });
        assert_eq!(View::asked(Some("1"), Some("-90"), Some("x")), View { width: 64, ..View::default() });
        assert_eq!(View::asked(None, None, None), View::default());
    }

    #[test]
    fn four_quarters_are_a_whole_turn() {
        assert_eq!(Turn::None.further(), Turn::Right);
        assert_eq!(Turn::None.further().further().further().further(), Turn::None);
    }

    #[test]
    fn what_is_small_is_a_thumbnail() {
        let manner = |width| View { width, ..View::default() }.manner();
        assert_eq!((manner(THUMBNAIL_WIDTH), manner(THUMBNAIL_WIDTH + 1)), (Manner::Thumbnail, Manner::Page));
    }
}
