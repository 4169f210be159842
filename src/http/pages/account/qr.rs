//! A square of dots (QR code) that a telephone reads, drawn here, so that the secret in it goes nowhere else.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the square, without which some cameras do not find it. Source: ISO/IEC 18004.
const MARGIN: i32 = 4;

/// The side of the square in modules, margin included, and its dark modules as a path; nothing where the text is too long.
pub(super) fn drawn(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|at| code.get_module(*at, y)).map(|_| 1).sum::<i32>();
            if run > 0 {
                // Writing to a string does not fail.
                let _written = write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += run.max(1);
        }
    }
    Some((code.size() + 2 * MARGIN, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_are_where_cameras_look_for_them() {
        let (side, path) =
            drawn("otpauth://totp/Makegood:a@b.example?secret=GEZDGNBVGY3TQOJQ&issuer=Makegood").unwrap();
        assert!(side > 2 * MARGIN + 21);
        // The finder in the corner: seven dark modules in its first row, one at each end of its second.
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        assert!(path.contains("M4 5h1v1h-1z") && path.contains("M10 5h1v1h-1z"));
        assert_eq!(drawn(&"x".repeat(5_000)), None);
    }
}
