//! The texts of one language, read from its embedded Fluent files.
//!
//! Each language has two bundles over the same files: one that sets directional marks around what it puts into a text,
//! and one without marks, for where they may not stand.

use std::borrow::Cow;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::Memoizable;
use intl_memoizer::concurrent::IntlLangMemoizer;
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use super::locale::Locale;
use super::numbers::Numbers;
use super::{L10nError, pseudo};

type Bundle = FluentBundle<Arc<FluentResource>>;
type Disguise = fn(&str) -> Cow<'_, str>;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/locales"]
struct Files;

/// Whether directional marks may stand around what is put into a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// Pages and bodies of mails: a name in another script must not disturb the sentence around it.
    Kept,
    /// Subjects, titles, CSV, JSON, logs: only what is seen.
    Left,
}

/// All texts of one language.
pub(super) struct Catalogue {
    marked: Bundle,
    plain: Bundle,
}

impl Catalogue {
    /// Reads the language's files; a pseudo-locale is made from English.
    pub(super) fn load(locale: Locale) -> Result<Self, L10nError> {
        let source = if locale.is_pseudo() { Locale::DEFAULT } else { locale };
        let resources = resources(source)?;
        let made = |marks| bundle(locale, &resources, marks);
        Ok(Self { marked: made(Marks::Kept)?, plain: made(Marks::Left)? })
    }

    /// Whether the language has the text (a message with a value, or an attribute as `message.attribute`).
    pub(super) fn has(&self, id: &str) -> bool {
        self.pattern(Marks::Left, id).is_some()
    }

    /// The text, and what was wrong with it; `None` where the language does not have it.
    pub(super) fn format(&self, marks: Marks, id: &str, args: &FluentArgs<'_>) -> Option<(String, Vec<String>)> {
        let (bundle, pattern) = self.pattern(marks, id)?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        Some((text, errors.iter().map(ToString::to_string).collect()))
    }

    fn pattern(&self, marks: Marks, id: &str) -> Option<(&Bundle, &fluent_syntax::ast::Pattern<&str>)> {
        let bundle = match marks {
            Marks::Kept => &self.marked,
            Marks::Left => &self.plain,
        };
        if let Some(message) = bundle.get_message(&fluent_id(id)) {
            return Some((bundle, message.value()?));
        }
        let (message, attribute) = id.rsplit_once('.')?;
        let attribute = bundle.get_message(&fluent_id(message))?.get_attribute(attribute)?;
        Some((bundle, attribute.value()))
    }
}

/// The Fluent id of a wire id: `refund.state.provider_pending` is `refund-state-provider-pending`.
pub fn fluent_id(wire_id: &str) -> Cow<'_, str> {
    if wire_id.contains(['.', '_']) { Cow::Owned(wire_id.replace(['.', '_'], "-")) } else { Cow::Borrowed(wire_id) }
}

fn resources(locale: Locale) -> Result<Vec<Arc<FluentResource>>, L10nError> {
    let folder = format!("{}/", locale.tag());
    let mut resources = Vec::new();
    for path in Files::iter().filter(|path| path.starts_with(&folder) && path.ends_with(".ftl")) {
        let bad_file = |detail: String| L10nError::BadFile { path: path.to_string(), detail };
        let file = Files::get(&path).ok_or_else(|| bad_file("is listed and cannot be read".to_owned()))?;
        let text = String::from_utf8(file.data.into_owned()).map_err(|error| bad_file(error.to_string()))?;
        let resource = FluentResource::try_new(text)
            .map_err(|(_, errors)| bad_file(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        resources.push(Arc::new(resource));
    }
    if resources.is_empty() {
        return Err(L10nError::BadFile { path: folder, detail: "holds no texts".to_owned() });
    }
    Ok(resources)
}

fn bundle(locale: Locale, resources: &[Arc<FluentResource>], marks: Marks) -> Result<Bundle, L10nError> {
    let mut bundle = Bundle::new_concurrent(vec![locale.language()]);
    bundle.set_use_isolating(marks == Marks::Kept);
    bundle.set_formatter(Some(write_count));
    bundle.set_transform(disguise(locale, marks));
    for resource in resources {
        bundle.add_resource(Arc::clone(resource)).map_err(|errors| L10nError::BadFile {
            path: locale.tag().to_owned(),
            detail: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })?;
    }
    Ok(bundle)
}

/// What a pseudo-locale does to the text of its messages; nothing in a real language.
fn disguise(locale: Locale, marks: Marks) -> Option<Disguise> {
    if locale == Locale::EnXa {
        Some(pseudo::accented)
    } else if locale == Locale::ArXb {
        Some(if marks == Marks::Kept { pseudo::mirrored } else { pseudo::mirrored_plain })
    } else {
        None
    }
}

/// Counts in the language's own digits; everything else as Fluent writes it.
fn write_count(value: &FluentValue<'_>, languages: &IntlLangMemoizer) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            let ascii = number.as_string();
            languages.with_try_get::<Numbers, _, _>((), |numbers| numbers.rewrite(&ascii)).ok().flatten()
        }
        FluentValue::String(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => None,
    }
}

impl Memoizable for Numbers {
    type Args = ();
    type Error = L10nError;

    fn construct(language: LanguageIdentifier, (): ()) -> Result<Self, L10nError> {
        Numbers::of(&language.to_string())
    }
}
