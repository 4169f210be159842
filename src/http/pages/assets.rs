//! Style sheets, scripts and icons: embedded, served under a name that changes with their content, compressed once.
//!
//! The sheets are many files to read and one file to load, and so are our own scripts. What was not written here lies
//! in `static/vendor`, with its hash in VENDOR.toml.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::header::{self, ContentEncoding, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::Embed;
use sha2::{Digest, Sha384};

use crate::services::refusal::{Code, Refusal};

/// The sheets in the order of their layers. Within a layer they do not depend on order.
const SHEETS: &[&str] = &[
    "css/layers.css",
    "css/reset.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components/button.css",
    "css/components/evidence.css",
    "css/components/form.css",
    "css/components/icon.css",
    "css/components/notice.css",
    "css/components/panel.css",
    "css/components/story.css",
    "css/components/table.css",
    "css/components/tag.css",
    "css/components/queue.css",
    "css/components/thread.css",
    "css/components/start.css",
    "css/components/tracker.css",
    "css/components/typed.css",
    "css/screens.css",
    "css/utilities.css",
    "css/print.css",
];
/// Our own scripts; each is absent-safe and knows nothing of the others.
const SCRIPTS: &[&str] = &["js/a11y.js", "js/time.js", "js/copy.js", "js/keys.js", "js/upload.js", "js/claim.js"];
/// Files that are served as they are.
const SINGLES: &[&str] = &["mark.svg", "sprite.svg", "vendor/htmx.min.js", "vendor/hx-sse.min.js"];
/// Hexadecimal digits of the content's hash in its address: enough that two versions never share one.
const NAME_DIGITS: usize = 16;

const CACHED_FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Files;

struct Asset {
    url: String,
    integrity: String,
    media_type: &'static str,
    bytes: Vec<u8>,
    gzip: OnceLock<Vec<u8>>,
}

static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let bundles = [("app.css", SHEETS), ("app.js", SCRIPTS)];
    let bundles = bundles.into_iter().map(|(name, files)| (name, joined(files)));
    let singles = SINGLES.iter().map(|name| (*name, joined(std::slice::from_ref(name))));
    bundles.chain(singles).map(|(name, bytes)| (name, asset(name, bytes))).collect()
});

/// Adds the one route.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes.route("/static/{file:.*}", web::get().to(serve));
}

/// The address of a file, which changes whenever its content does. Empty for a name that does not exist.
pub fn url(name: &str) -> &'static str {
    ASSETS.get(name).map_or("", |asset| asset.url.as_str())
}

/// The hash that the browser compares before it uses the file.
pub fn integrity(name: &str) -> &'static str {
    ASSETS.get(name).map_or("", |asset| asset.integrity.as_str())
}

async fn serve(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let asset = ASSETS.values().find(|asset| asset.url == request.path());
    let asset = asset.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, CACHED_FOR_EVER))
        .insert_header((header::VARY, "accept-encoding"));
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("gzip")) {
        response.insert_header(ContentEncoding::Gzip);
        return Ok(response.body(asset.gzip.get_or_init(|| compressed(&asset.bytes)).as_slice()));
    }
    Ok(response.body(asset.bytes.as_slice()))
}

fn joined(files: &[&str]) -> Vec<u8> {
    files.iter().filter_map(|name| Files::get(name)).flat_map(|file| file.data.into_owned()).collect()
}

fn asset(name: &'static str, bytes: Vec<u8>) -> Asset {
    let hash = Sha384::digest(&bytes);
    let digits: String = hex::encode(hash).chars().take(NAME_DIGITS).collect();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset {
        url: format!("/static/{stem}.{digits}.{ending}"),
        integrity: format!("sha384-{}", STANDARD.encode(hash)),
        media_type: match ending {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        },
        bytes,
        gzip: OnceLock::new(),
    }
}

/// Writing into memory does not fail; if it did, the answer would be empty and the browser would say so.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: UX section 8, budgets.
    const STYLE_BYTES_MAX: usize = 12 * 1024;
    const OWN_SCRIPT_BYTES_MAX: usize = 12 * 1024;

    #[test]
    fn vendored_files_are_those_that_were_vetted() {
        let vendor: toml::Table = toml::from_str(include_str!("../../../static/vendor/VENDOR.toml")).unwrap();
        let files = vendor["file"].as_array().unwrap();
        for file in files {
            let path = file["path"].as_str().unwrap();
            let hash = STANDARD.encode(Sha384::digest(joined(&[path])));
            assert_eq!(file["sha384"].as_str(), Some(hash.as_str()), "{path}");
            for member in ["name", "version", "licence", "source"] {
                assert!(file[member].as_str().is_some_and(|value| !value.is_empty()), "{path}: {member}");
            }
        }
        let listed = |name: &str| files.iter().any(|file| file["path"].as_str() == Some(name));
        for name in Files::iter().filter(|name| name.starts_with("vendor/") && name.ends_with(".js")) {
            assert!(listed(&name), "{name} is not in VENDOR.toml");
        }
    }

    #[test]
    fn every_sheet_and_script_is_served() {
        for name in Files::iter().filter(|name| name.ends_with(".css") || name.starts_with("js/")) {
            assert!(SHEETS.contains(&&*name) || SCRIPTS.contains(&&*name), "{name}");
        }
        for name in SHEETS.iter().chain(SCRIPTS).chain(SINGLES) {
            assert!(Files::get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_a_page_loads_stays_small() {
        assert!(compressed(&ASSETS["app.css"].bytes).len() <= STYLE_BYTES_MAX);
        assert!(ASSETS["app.js"].bytes.len() <= OWN_SCRIPT_BYTES_MAX);
    }

    #[test]
    fn no_side_is_named_left_or_right() {
        for name in SHEETS {
            let sheet = String::from_utf8(joined(&[name])).unwrap();
            for (number, line) in sheet.lines().enumerate() {
                let properties = line.split(['{', ';', '}']).filter_map(|rule| rule.split_once(':'));
                for (property, value) in properties {
                    let property = property.trim();
                    let physical = ["left", "right", "top", "bottom", "width", "height"].contains(&property)
                        || property.ends_with("-left")
                        || property.ends_with("-right");
                    let aligned = property == "text-align" && ["left", "right"].contains(&value.trim());
                    assert!(!physical && !aligned, "{name}:{}: {property}", number + 1);
                }
            }
        }
    }

    #[test]
    fn every_symbol_that_a_template_names_is_in_the_sprite() {
        let sprite = String::from_utf8(joined(&["sprite.svg"])).unwrap();
        let names =
            ["mark", "seal", "circle", "check", "arrow-right", "hourglass", "triangle-alert", "ban", "landmark"];
        for name in names {
            assert!(sprite.contains(&format!("id=\"{name}\"")), "{name}");
        }
    }
}
