//! Documents: pages of a PDF drawn to pixels. Nothing in it runs: no scripts, no forms, no embedded files, no addresses.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::{DynamicImage, RgbaImage};

use super::child::Reason;
use super::picture::{as_png, turned};
use crate::domain::evidence::{Looks, PAGES_MAX, Unsuitable, View};

/// Pixels that a page may be high: a page may be long, but not a tower.
const HEIGHT_MAX: u16 = 6_000;

/// What a document is like.
pub(super) fn look(file: Vec<u8>) -> Result<Looks, Reason> {
    let pdf = open(file)?;
    match u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX) {
        0 => Err(Unsuitable::Unreadable.into()),
        pages => Ok(Looks { pages, ..Looks::default() }),
    }
}

/// One page of a document, on white.
pub(super) fn draw(file: Vec<u8>, view: View) -> Result<Vec<u8>, Reason> {
    if view.page > PAGES_MAX {
        return Err(Reason::NoSuchPage);
    }
    let pdf = open(file)?;
    let at = usize::try_from(view.page.saturating_sub(1)).unwrap_or(usize::MAX);
    let page = pdf.pages().get(at).ok_or(Reason::NoSuchPage)?;
    let scale = scale(page.render_dimensions(), view.width).ok_or(Unsuitable::Unreadable)?;
    let paper = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn =
        hayro::render(page, &RenderCache::new(), &InterpreterSettings::default(), &RenderSettings::default(), &paper);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let pixels = RgbaImage::from_raw(width, height, drawn.data_as_u8_slice().to_vec());
    let image = DynamicImage::ImageRgba8(pixels.ok_or(Unsuitable::Unreadable)?);
    as_png(DynamicImage::ImageRgb8(turned(image, view.turn).into_rgb8()))
}

fn open(file: Vec<u8>) -> Result<Pdf, Reason> {
    // The library tells the reason by a type that it does not name.
    Pdf::new(file).map_err(|error| match format!("{error:?}").starts_with("Decryption") {
        true => Unsuitable::Protected.into(),
        false => Unsuitable::Unreadable.into(),
    })
}

/// How much a page of this size, in points, is scaled to be so wide, and not too high.
#[expect(clippy::float_arithmetic, reason = "sizes of pages are in points and parts of them")]
fn scale((width, height): (f32, f32), wanted: u16) -> Option<f32> {
    let is_size = |length: f32| length.is_finite() && length >= 1.0;
    if !is_size(width) || !is_size(height) {
        return None;
    }
    let scale = (f32::from(wanted) / width).min(f32::from(HEIGHT_MAX) / height);
    // A sliver of a pixel is no page.
    (scale * width >= 1.0 && scale * height >= 1.0).then_some(scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::Turn;

    /// A PDF of so many pages, each with a black bar at its left edge; 200 × 100 points.
    fn pdf(pages: usize) -> Vec<u8> {
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>".to_owned(),
            format!(
                "<< /Type /Pages /Count {pages} /Kids [{}] >>",
                (0..pages).map(|n| format!("{} 0 R ", n + 4)).collect::<String>()
            ),
            "<< /Length 20 >> stream\n0 g 0 0 20 100 re f \nendstream".to_owned(),
        ];
        objects.extend(
            (0..pages).map(|_| "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 3 0 R >>".to_owned()),
        );
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (number, object) in objects.iter().enumerate() {
            places.push(file.len());
            file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
        }
        let table = file.len();
        file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
        places.iter().for_each(|place| file.extend(format!("{place:010} 00000 n \n").bytes()));
        let size = objects.len() + 1;
        file.extend(format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
        file
    }

    fn drawn(pages: usize, view: View) -> Result<image::RgbImage, Reason> {
        draw(pdf(pages), view).map(|bytes| image::load_from_memory(&bytes).unwrap().to_rgb8())
    }

    #[test]
    fn a_page_is_drawn_as_wide_as_asked_and_turned() {
        let page = drawn(2, View { width: 400, page: 2, ..View::default() }).unwrap();
        assert_eq!(page.dimensions(), (400, 200));
        assert_eq!((page.get_pixel(10, 100).0, page.get_pixel(300, 100).0), ([0; 3], [255; 3]));
        let turned = drawn(2, View { width: 400, page: 2, turn: Turn::Right }).unwrap();
        assert_eq!(turned.dimensions(), (200, 400));
        assert_eq!((turned.get_pixel(100, 10).0, turned.get_pixel(100, 300).0), ([0; 3], [255; 3]));
    }

    #[test]
    fn pages_are_counted_and_the_first_fifty_drawn() {
        assert_eq!(look(pdf(60)).unwrap().pages, 60);
        let page = |page| drawn(60, View { width: 64, page, ..View::default() });
        assert!(page(50).is_ok());
        assert_eq!(page(51), Err(Reason::NoSuchPage));
        assert_eq!(drawn(2, View { page: 3, ..View::default() }), Err(Reason::NoSuchPage));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for nonsense in [b"%PDF-1.7\nnothing".to_vec(), b"%PDF-".to_vec(), pdf(0)] {
            assert_eq!(look(nonsense), Err(Reason::Unsuitable(Unsuitable::Unreadable)));
        }
    }

    #[test]
    fn towers_and_slivers_are_no_pages() {
        assert_eq!(scale((200.0, 100.0), 400), Some(2.0));
        assert_eq!(scale((100.0, 60_000.0), 1_000), Some(0.1));
        for size in [(0.0, 10.0), (f32::NAN, 10.0), (f32::INFINITY, 10.0), (-5.0, 5.0), (1.0, 1e9)] {
            assert_eq!(scale(size, 800), None, "{size:?}");
        }
    }
}
