//! Opening the desk for one command, beside a desk that may be serving, and saying what it refuses.

use std::future::Future;
use std::sync::Arc;

use super::{Failure, Global, running};
use crate::app::{App, Purpose};
use crate::http::problem::{field_detail, shape};
use crate::l10n::{Args, Locale};
use crate::services::Refusal;

/// Opens the desk as it is configured and runs one command on it.
pub(super) fn on_desk<T, F>(global: &Global, command: impl FnOnce(Arc<App>) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let config = global.load()?.config;
    running::to_end(async {
        let app = App::build(config, Purpose::Command).await?;
        let result = command(Arc::clone(&app)).await;
        app.stop().await;
        result
    })
}

/// What a use case refused, in one sentence: what is wrong, where, and what lies behind it.
pub(super) fn refused(app: &App, refusal: &Refusal) -> Failure {
    Failure::failed(sentence(app, refusal))
}

/// The sentence of a refusal.
pub(super) fn sentence(app: &App, refusal: &Refusal) -> String {
    let lang = app.l10n.lang(Locale::DEFAULT);
    let fields: Vec<String> = refusal
        .errors
        .iter()
        .map(|error| match error.pointer.trim_start_matches('/') {
            "" => field_detail(error, lang),
            pointer => format!("{pointer}: {}", field_detail(error, lang)),
        })
        .collect();
    let mut sentence = match fields.as_slice() {
        [] => lang.plain(shape(refusal.code).message_id, &Args::new()),
        fields => fields.join(" "),
    };
    if let Some(cause) = &refusal.cause {
        sentence.push_str(&format!(" ({cause})"));
    }
    sentence
}
