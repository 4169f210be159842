//! `makegood openapi`: the document of the API.

use clap::Args;

use super::{Failure, Global, print};
use crate::http::api::openapi::document;
use crate::l10n::{L10n, Locale};

/// Prints the OpenAPI document of the API
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  makegood openapi > openapi.json\n  makegood openapi --config live.toml > openapi.json"
)]
pub(super) struct Arguments {}

impl Arguments {
    pub(super) fn run(self, global: &Global) -> Result<(), Failure> {
        let config = global.load()?.config;
        let l10n = L10n::embedded().map_err(|error| Failure::failed(format!("{error}.")))?;
        print::json(&document(l10n.lang(Locale::DEFAULT), config.public_url.as_str().trim_end_matches('/')))
    }
}
