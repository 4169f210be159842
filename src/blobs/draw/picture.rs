//! Images: decoded within limits, turned as the camera says, made smaller, and encoded anew, so that nothing of the file
//! but its pixels is left: no position, no camera, no thumbnail of what was cropped away.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::child::Reason;
use crate::domain::evidence::{Kind, Looks, PIXELS_MAX, Turn, Unsuitable, View};

/// Bytes that decoding may take: the most pixels, in 16 bits of four channels.
const DECODED_BYTES_MAX: u64 = PIXELS_MAX * 8;

/// Good for photographs; what is drawn is looked at, not kept.
const JPEG_QUALITY: u8 = 85;

/// What an image is like, by its head alone.
pub(super) fn look(kind: Kind, file: &[u8]) -> Result<Looks, Reason> {
    let mut decoder = decoder(kind, file)?;
    let (width, height) = decoder.dimensions();
    let upright = is_on_its_side(decoder.orientation().unwrap_or(Orientation::NoTransforms));
    let (width, height) = if upright { (height, width) } else { (width, height) };
    let taken = decoder.exif_metadata().ok().flatten().and_then(taken);
    Ok(Looks { width: Some(width), height: Some(height), pages: 1, taken })
}

/// One view of an image.
pub(super) fn draw(kind: Kind, file: &[u8], view: View) -> Result<Vec<u8>, Reason> {
    if view.page != 1 {
        return Err(Reason::NoSuchPage);
    }
    let mut decoder = decoder(kind, file)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    let mut image = smaller(image, view.width, is_on_its_side(orientation));
    image.apply_orientation(orientation);
    encoded(turned(image, view.turn))
}

/// Turned as the reader asks.
pub(super) fn turned(image: DynamicImage, turn: Turn) -> DynamicImage {
    match turn {
        Turn::None => image,
        Turn::Right => image.rotate90(),
        Turn::Half => image.rotate180(),
        Turn::Left => image.rotate270(),
    }
}

/// A photograph as JPEG, what can be seen through as PNG.
fn encoded(image: DynamicImage) -> Result<Vec<u8>, Reason> {
    if image.color().has_alpha() {
        return as_png(DynamicImage::ImageRgba8(image.into_rgba8()));
    }
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    image.into_rgb8().write_with_encoder(encoder).map_err(|_| Unsuitable::Unreadable)?;
    Ok(bytes)
}

/// As PNG, in which letters stay sharp.
pub(super) fn as_png(image: DynamicImage) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(|_| Unsuitable::Unreadable)?;
    Ok(bytes)
}

fn decoder(kind: Kind, file: &[u8]) -> Result<impl ImageDecoder, Reason> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        Kind::Pdf => return Err(Unsuitable::Unreadable.into()),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    match u64::from(width).saturating_mul(u64::from(height)) {
        0 => Err(Unsuitable::Unreadable.into()),
        pixels if pixels > PIXELS_MAX => Err(Unsuitable::TooManyPixels.into()),
        _ => Ok(decoder),
    }
}

fn refused(error: &ImageError) -> Reason {
    let why = if matches!(error, ImageError::Limits(_)) { Unsuitable::TooManyPixels } else { Unsuitable::Unreadable };
    why.into()
}

/// Whether width and height change places when the image is put upright.
fn is_on_its_side(orientation: Orientation) -> bool {
    match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            true
        }
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => false,
    }
}

/// Made so wide, once upright, where it is wider.
fn smaller(image: DynamicImage, upright_width: u16, on_its_side: bool) -> DynamicImage {
    let wanted = u32::from(upright_width);
    let (width, height) = (image.width(), image.height());
    let now = if on_its_side { height } else { width };
    if now <= wanted {
        return image;
    }
    let scaled = |length: u32| -> u32 {
        let scaled = u64::from(length).saturating_mul(u64::from(wanted)) / u64::from(now.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    image.resize_exact(scaled(width), scaled(height), FilterType::Triangle)
}

/// When the camera says that it was taken: `2026-11-20 10:11:12`, and nothing that only looks like a time.
fn taken(exif: Vec<u8>) -> Option<String> {
    let read = exif::Reader::new().read_raw(exif).ok()?;
    let field = read.get_field(exif::Tag::DateTimeOriginal, exif::In::PRIMARY)?;
    let text = field.display_value().to_string();
    let is_time = text.len() == "2026-11-20 10:11:12".len()
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b' '));
    is_time.then_some(text)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, RgbaImage};

    use super::*;

    /// A JPEG of 40 × 20 pixels, red above blue, whose metadata say that it lies on its right side, where and when.
    fn on_its_side() -> Vec<u8> {
        let pixels = RgbImage::from_fn(40, 20, |_, y| if y < 10 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif_of(6)).unwrap();
        pixels.write_with_encoder(encoder).unwrap();
        bytes
    }

    /// Orientation, GPS' reference of latitude, and the time, as cameras write them.
    fn exif_of(orientation: u16) -> Vec<u8> {
        use exif::experimental::Writer;
        use exif::{Field, In, Tag, Value};
        let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
        let fields = [
            field(Tag::Orientation, Value::Short(vec![orientation])),
            field(Tag::GPSLatitudeRef, Value::Ascii(vec![b"SECRETPLACE".to_vec()])),
            field(Tag::DateTimeOriginal, Value::Ascii(vec![b"2026:11:20 10:11:12".to_vec()])),
        ];
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut bytes = Cursor::new(Vec::new());
        writer.write(&mut bytes, false).unwrap();
        bytes.into_inner()
    }

    fn png(image: &RgbaImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
        bytes
    }

    fn drawn(kind: Kind, file: &[u8], view: View) -> DynamicImage {
        image::load_from_memory(&draw(kind, file, view).unwrap()).unwrap()
    }

    fn is_red(image: &DynamicImage, x: u32, y: u32) -> bool {
        let Rgb([red, _, blue]) = *image.to_rgb8().get_pixel(x, y);
        red > blue
    }

    #[test]
    fn an_image_stands_upright_and_keeps_nothing_but_its_pixels() {
        let file = on_its_side();
        assert!(file.windows(11).any(|window| window == b"SECRETPLACE"));
        let looks = look(Kind::Jpeg, &file).unwrap();
        assert_eq!((looks.width, looks.height), (Some(20), Some(40)));
        assert_eq!(looks.taken.as_deref(), Some("2026-11-20 10:11:12"));
        let bytes = draw(Kind::Jpeg, &file, View::default()).unwrap();
        for mark in [b"SECRETPLACE".as_slice(), b"Exif", b"2026:11:20"] {
            assert!(!bytes.windows(mark.len()).any(|window| window == mark));
        }
        // Turned clockwise, what was above is on the right.
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (20, 40));
        assert!(is_red(&image, 17, 20) && !is_red(&image, 2, 20));
    }

    #[test]
    fn a_reader_turns_it_and_asks_how_wide() {
        let file = on_its_side();
        let turned = drawn(Kind::Jpeg, &file, View { turn: Turn::Left, ..View::default() });
        assert_eq!((turned.width(), turned.height()), (40, 20));
        assert!(is_red(&turned, 20, 2) && !is_red(&turned, 20, 17));
        let half = drawn(Kind::Jpeg, &file, View { width: 10, ..View::default() });
        assert_eq!((half.width(), half.height()), (10, 20));
        assert_eq!(draw(Kind::Jpeg, &file, View { page: 2, ..View::default() }), Err(Reason::NoSuchPage));
    }

    #[test]
    fn what_can_be_seen_through_stays_so() {
        let clear = drawn(Kind::Png, &png(&RgbaImage::new(8, 8)), View::default());
        assert_eq!(clear.to_rgba8().get_pixel(0, 0).0[3], 0);
    }

    #[test]
    fn f91_a_bomb_is_refused_by_its_head() {
        // A PNG whose head says 30,000 × 30,000 pixels, in a few bytes.
        let mut bomb = png(&RgbaImage::new(1, 1));
        bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        let sum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        for refused in [look(Kind::Png, &bomb).map(|_| Vec::new()), draw(Kind::Png, &bomb, View::default())] {
            assert_eq!(refused, Err(Reason::Unsuitable(Unsuitable::TooManyPixels)));
        }
        assert_eq!(look(Kind::Png, b"\x89PNG\r\n\x1a\n nonsense"), Err(Reason::Unsuitable(Unsuitable::Unreadable)));
        assert_eq!(look(Kind::Jpeg, &png(&RgbaImage::new(1, 1))), Err(Reason::Unsuitable(Unsuitable::Unreadable)));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        sum.sum()
    }
}
