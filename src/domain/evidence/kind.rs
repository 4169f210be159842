//! What kind of file it is, by its bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Unsuitable;
use crate::domain::refund::{UnknownWord, words};

words! {
    /// A kind of file that is taken.
    Kind {
        /// A photograph.
        Jpeg = "jpeg",
        /// A screenshot.
        Png = "png",
        /// Either, as browsers save it.
        Webp = "webp",
        /// A document.
        Pdf = "pdf",
    }
}

impl Kind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// How names of such files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    /// `image` or `document`, as the API calls it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => "image",
            Self::Pdf => "document",
        }
    }
}

/// What office programs' files began with before they were archives.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The kind of a file by its first bytes ([`super::HEAD_BYTES`], or all there are).
pub fn sniff(head: &[u8]) -> Result<Kind, Unsuitable> {
    if head.is_empty() {
        return Err(Unsuitable::Empty);
    }
    if is_svg(head) {
        return Err(Unsuitable::Svg);
    }
    match infer::get(head).map(|found| found.mime_type()) {
        Some("image/jpeg") => Ok(Kind::Jpeg),
        Some("image/png") => Ok(Kind::Png),
        Some("image/webp") => Ok(Kind::Webp),
        // Readers look for the mark in the first kilobyte; here it is the first word, so that nothing hides before it.
        Some("application/pdf") if head.starts_with(b"%PDF-") => Ok(Kind::Pdf),
        Some("image/heif") => Err(Unsuitable::Heic),
        _ if head.starts_with(OLE) => Err(Unsuitable::Office),
        Some(other) if is_office(other) => Err(Unsuitable::Office),
        Some(_) | None => Err(Unsuitable::Other),
    }
}

/// A drawing in XML, whatever comes before its first element.
fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && text.to_ascii_lowercase().contains("<svg")
}

fn is_office(media_type: &str) -> bool {
    const FAMILIES: [&str; 6] = [
        "application/vnd.openxmlformats-officedocument",
        "application/vnd.oasis.opendocument",
        "application/vnd.ms-",
        "application/msword",
        "application/rtf",
        "text/rtf",
    ];
    FAMILIES.iter().any(|family| media_type.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (head, kind) in [
            (b"\xff\xd8\xff\xe0\0\x10JFIF".as_slice(), Kind::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Kind::Png),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Kind::Webp),
            (b"%PDF-1.7\n", Kind::Pdf),
        ] {
            assert_eq!(sniff(head), Ok(kind), "{kind}");
        }
    }

    #[test]
    fn what_is_not_taken_is_called_by_its_name() {
        for (head, why) in [
            (b"".as_slice(), Unsuitable::Empty),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Unsuitable::Heic),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", Unsuitable::Svg),
            (b"\xef\xbb\xbf <?xml version='1.0'?><!-- --><SVG/>", Unsuitable::Svg),
            (b"<!doctype html><script>alert(1)</script>", Unsuitable::Other),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Unsuitable::Office),
            (b"{\\rtf1\\ansi}", Unsuitable::Office),
            (b"PK\x03\x04\x14\0\0\0\0\0", Unsuitable::Other),
            (b"MZ\x90\0", Unsuitable::Other),
            (b"GIF89a\x01\0\x01\0", Unsuitable::Other),
            (b"<script>%PDF-1.7", Unsuitable::Other),
            (b"plain words", Unsuitable::Other),
        ] {
            assert_eq!(sniff(head), Err(why), "{:?}", String::from_utf8_lossy(head));
        }
    }
}
