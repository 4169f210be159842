//! Files as people and attackers send them, made here byte by byte.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// What stands in the metadata of [`photo`] and must never leave the desk.
pub(crate) const SECRET_PLACE: &str = "SECRETPLACE 52.5200N 13.4050E";

/// A photograph of 64 × 48 pixels, as a camera writes it: with its place and its time.
pub(crate) fn photo() -> Vec<u8> {
    let tag = format!("Exif\0\0{}", exif());
    let segment = [b"\xff\xe1".as_slice(), &u16::try_from(tag.len() + 2).unwrap().to_be_bytes(), &latin(&tag)].concat();
    let plain = plain_photo();
    [&plain[..2], &segment, &plain[2..]].concat()
}

/// A TIFF of one directory with one text, in which the place stands.
fn exif() -> String {
    let text = format!("{SECRET_PLACE}\0");
    let mut bytes = b"II*\0\x08\0\0\0\x01\0".to_vec();
    // ImageDescription, ASCII, so many bytes, behind the directory.
    bytes.extend(0x010e_u16.to_le_bytes());
    bytes.extend(2_u16.to_le_bytes());
    bytes.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
    bytes.extend(26_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(text.bytes());
    bytes.into_iter().map(char::from).collect()
}

/// One byte a character.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

/// The same without metadata.
pub(crate) fn plain_photo() -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([u8::try_from(x * 3).unwrap(), 90, u8::try_from(y * 4).unwrap()])
    });
    encoded(&image::DynamicImage::ImageRgb8(pixels), image::ImageFormat::Jpeg)
}

/// A photograph of a cracked lid, large enough to be looked at.
pub(crate) fn cracked_lid() -> Vec<u8> {
    let shade = |x: u32, y: u32, least: u32| u8::try_from(least + (x + y) / 20).unwrap();
    let pixels = image::RgbImage::from_fn(960, 640, |x, y| {
        let crack = 300 + x / 5 + (x / 37 % 3) * 18 + (x % 37) / 3;
        let is_lid = (120..840).contains(&x) && (90..550).contains(&y);
        match (is_lid, y.abs_diff(crack)) {
            (false, _) => image::Rgb([shade(x, y, 150), shade(x, y, 146), shade(x, y, 138)]),
            (true, 0..=3) => image::Rgb([18, 20, 26]),
            (true, 4..=7) => image::Rgb([shade(x, y, 110), shade(x, y, 120), shade(x, y, 136)]),
            (true, _) => image::Rgb([shade(x, y, 52), shade(x, y, 70), shade(x, y, 98)]),
        }
    });
    encoded(&image::DynamicImage::ImageRgb8(pixels), image::ImageFormat::Jpeg)
}

/// A screenshot.
pub(crate) fn screenshot() -> Vec<u8> {
    encoded(&image::DynamicImage::ImageRgba8(image::RgbaImage::new(40, 30)), image::ImageFormat::Png)
}

/// A picture as browsers save it.
pub(crate) fn webp() -> Vec<u8> {
    encoded(&image::DynamicImage::ImageRgb8(image::RgbImage::new(20, 10)), image::ImageFormat::WebP)
}

fn encoded(image: &image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A photograph that is this long, with noise behind its end, which decoders pass over.
pub(crate) fn photo_of(bytes: usize) -> Vec<u8> {
    let mut file = plain_photo();
    let mut noise = 0x2545_F491_u32;
    while file.len() < bytes {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        file.push(noise.to_be_bytes()[0]);
    }
    file
}

/// A PNG of a few kilobytes whose head promises so many pixels.
pub(crate) fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut head = width.to_be_bytes().to_vec();
    head.extend(height.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    let mut zeros = ZlibEncoder::new(Vec::new(), Compression::best());
    zeros.write_all(&vec![0; 4 << 20]).unwrap();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, body) in [(b"IHDR", head), (b"IDAT", zeros.finish().unwrap()), (b"IEND", Vec::new())] {
        file.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        let chunk = [name.as_slice(), &body].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&chunk);
        file.extend(&chunk);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}

/// A PDF of so many pages, each with a black bar at its left edge; it would run a script, open an address and start a
/// program where anybody let it.
pub(crate) fn pdf(pages: usize) -> Vec<u8> {
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 4)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\)) >> >>"
            .to_owned(),
        format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>"),
        "<< /Length 20 >> stream\n0 g 0 0 20 100 re f \nendstream".to_owned(),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 3 0 R /AA << /O << /S /Launch /F (/bin/sh) >> >> >>";
    objects.extend((0..pages).map(|_| page.to_owned()));
    document(&objects)
}

/// A PDF of a few hundred kilobytes whose one page keeps whoever draws it busy: packed, it is drawn on millions of times.
pub(crate) fn endless_pdf() -> Vec<u8> {
    const STROKES: usize = 12_000_000;
    let line = b"0 0 199 99 re f\n".repeat(10_000);
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..STROKES / 10_000 {
        packed.write_all(&line).unwrap();
    }
    let packed = packed.finish().unwrap();
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>".to_vec(),
        [format!("<< /Length {} /Filter /FlateDecode >> stream\n", packed.len()).as_bytes(), &packed, b"\nendstream"]
            .concat(),
    ];
    document(&objects)
}

fn document(objects: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", number + 1).bytes());
        file.extend(object.as_ref());
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    let size = objects.len() + 1;
    file.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    places.iter().for_each(|place| file.extend(format!("{place:010} 00000 n \n").bytes()));
    file.extend(format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}

/// What an iPhone keeps a photograph in.
pub(crate) fn heic() -> Vec<u8> {
    [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice(), &[0; 400]].concat()
}

/// A drawing that would run a script.
pub(crate) fn svg() -> Vec<u8> {
    b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(2)</script></svg>".to_vec()
}

/// A photograph that is a page, a program and an archive too.
pub(crate) fn polyglot() -> Vec<u8> {
    let page = b"<html><script>alert(document.cookie)</script></html>";
    let comment = [b"\xff\xfe".as_slice(), &u16::try_from(page.len() + 2).unwrap().to_be_bytes(), page].concat();
    let plain = plain_photo();
    [&plain[..2], &comment, &plain[2..], b"PK\x03\x04\x14\0\0\0\0\0 evil.sh PK\x05\x06", &[0; 18]].concat()
}

/// What every virus scanner calls a virus, taken apart so that none finds this file.
pub(crate) fn eicar() -> String {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}
