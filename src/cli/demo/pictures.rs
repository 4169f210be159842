//! What the demo's customer sends: a photograph of a keyboard with a crack, and a bill. Drawn here, so that the program
//! carries no files of its own for it.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::super::Failure;

/// Measures of the photograph in pixels.
const WIDTH: u32 = 1_600;
const HEIGHT: u32 = 1_200;

/// A white key in pixels, and where keys begin and end.
const KEY: u32 = 160;
const KEYS: std::ops::Range<u32> = 340..1_090;

/// White keys that stick: they stand lower than the others.
const STUCK: [u32; 3] = [3, 4, 7];

/// The photograph, as JPEG.
pub(super) fn keyboard() -> Result<Vec<u8>, Failure> {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_fn(WIDTH, HEIGHT, pixel);
    image.write_to(&mut bytes, ImageFormat::Jpeg).map_err(|error| Failure::failed(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn pixel(x: u32, y: u32) -> Rgb<u8> {
    // The crack runs down the lid and across the keys, in a zigzag.
    let wobble = (y % 90).min(90 - y % 90);
    let crack = 620 + y / 4 + wobble;
    if x.abs_diff(crack) < 2 + y / 400 {
        return Rgb([12, 9, 8]);
    }
    if !KEYS.contains(&y) {
        let light = (x / 20 + y / 9 + (x * y) % 7) % 40;
        return shade([58, 36, 26], light);
    }
    let key = x / KEY;
    let into = y - KEYS.start;
    let drop = if STUCK.contains(&key) { 34 } else { 0 };
    // A black key lies over the end of one white key and the beginning of the next.
    let (at, has_black) = (x % KEY, |key: u32| key % 7 != 2 && key % 7 != 6);
    let is_black = at > 112 && has_black(key) || at < 48 && key > 0 && has_black(key - 1);
    if is_black && into < 440 {
        return shade([18, 18, 20], (x % 40) / 2);
    }
    if x % KEY < 4 || into < drop {
        return Rgb([70, 66, 60]);
    }
    shade([226, 220, 206], 26_u32.saturating_sub(into / 30 + drop / 2))
}

fn shade(base: [u8; 3], light: u32) -> Rgb<u8> {
    let light = u8::try_from(light).unwrap_or(u8::MAX);
    Rgb(base.map(|part| part.saturating_add(light)))
}

/// The bill, as a PDF of two pages.
pub(super) fn bill() -> Vec<u8> {
    let first = page(&["Klavierhaus Lindner", "Invoice 2291", "Grand piano, walnut ... 9,999.00 USD", "Paid by card"]);
    let second =
        page(&["Delivery note 2291", "Crate opened in the presence of the courier.", "Lid cracked, three keys stick."]);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Count 2 /Kids [4 0 R 6 0 R] >>".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        leaf(5),
        first,
        leaf(7),
        second,
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1_u32..).zip(&objects) {
        places.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (table, size) = (file.len(), objects.len() + 1);
    file.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n"));
    places.iter().for_each(|place| file.push_str(&format!("{place:010} 00000 n \n")));
    file.push_str(&format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    file.into_bytes()
}

fn leaf(contents: u32) -> String {
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents {contents} 0 R >>"
    )
}

/// Lines of text, the first one large, above a rule.
fn page(lines: &[&str]) -> String {
    let mut text = "0.6 w 60 740 m 535 740 l S BT /F 22 Tf 60 760 Td ".to_owned();
    for (nth, line) in lines.iter().enumerate() {
        if nth > 0 {
            text.push_str("/F 13 Tf 0 -44 Td ");
        }
        text.push_str(&format!("({line}) Tj "));
    }
    text.push_str("ET");
    format!("<< /Length {} >> stream\n{text}\nendstream", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::{Kind, sniff};

    #[test]
    fn what_the_customer_sends_is_what_it_seems() {
        assert_eq!(sniff(&keyboard().unwrap()), Ok(Kind::Jpeg));
        assert_eq!(sniff(&bill()), Ok(Kind::Pdf));
    }
}
