//! The laws of the texts: every language says the same things, every text that is asked for exists, and none is there
//! for nothing.
//!
//! Which texts are asked for is read from the sources: string literals of `src/`, and of the expressions in `templates/`.
//! A literal with a hole (`refund-state-{}`) or an open end (`refund-state-`) asks for every text that fits. What data
//! asks for, rather than code, is listed in [`ASKED_FOR_BY_DATA`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{Locale, fluent_id, pseudo};
use crate::domain::access::{Permission, Role};
use crate::domain::message::MessageKind;
use crate::domain::order::Rail;
use crate::domain::refund::{Qualifier, Reason, State};

/// Texts whose ids stand in data: the policy's denials.
const ASKED_FOR_BY_DATA: &[&str] = &["refund-denied-"];

/// Values that a translation may leave out: `$sign` where the language writes amounts without one.
const MAY_BE_LEFT_OUT: &[(&str, &str)] = &[("money-by-sign", "sign")];

/// The methods of `L10n` and `Lang` that take an id first, or right after the language.
const ASKING: &[&str] = &["t", "t1", "t2", "text", "plain"];

#[test]
fn every_language_says_the_same_things() {
    let english = texts(Locale::En);
    let mut faults = Vec::new();
    for locale in Locale::ALL.iter().copied().filter(|locale| !locale.is_pseudo() && *locale != Locale::En) {
        let translated = texts(locale);
        for (id, text) in &english {
            let Some(other) = translated.get(id) else {
                faults.push(format!("{id} is missing in {locale}"));
                continue;
            };
            if other.file != text.file {
                faults.push(format!("{id} stands in {} in {locale} and in {} in English", other.file, text.file));
            }
            let optional = |name: &&String| !MAY_BE_LEFT_OUT.contains(&(id.as_str(), name.as_str()));
            for name in text.values.difference(&other.values).filter(optional) {
                faults.push(format!("{id} in {locale} leaves out ${name}"));
            }
            for name in other.values.difference(&text.values) {
                faults.push(format!("{id} in {locale} wants ${name}, which nobody gives it"));
            }
        }
        faults.extend(
            translated.keys().filter(|id| !english.contains_key(*id)).map(|id| format!("{id} is only in {locale}")),
        );
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_text_that_is_asked_for_exists() {
    let english = texts(Locale::En);
    let sources = sources();
    let missing: BTreeSet<String> = sources
        .iter()
        .flat_map(|source| source.required.iter().map(move |id| (id, &source.path)))
        .filter(|(id, _)| !exists(&english, id))
        .map(|(id, path)| format!("{id} in {}", path.display()))
        .collect();
    assert!(missing.is_empty(), "\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_word_of_the_domain_has_its_text() {
    let english = texts(Locale::En);
    let mut wanted: Vec<String> = Vec::new();
    wanted.extend(State::ALL.iter().map(|word| format!("refund-state-{word}")));
    wanted.extend(Qualifier::ALL.iter().map(|word| format!("refund-qualifier-{word}")));
    wanted.extend(Reason::ALL.iter().map(|word| format!("refund-reason-{word}")));
    wanted.extend(Rail::ALL.iter().map(|word| format!("rail-{word}")));
    wanted.extend(Role::ALL.iter().map(|word| format!("page-role-{word}")));
    wanted.extend(Permission::ALL.iter().map(|word| format!("access-permission-{word}")));
    wanted.extend(
        MessageKind::ALL.iter().flat_map(|word| ["subject", "heading"].map(|part| format!("mail-{word}-{part}"))),
    );
    let missing: Vec<&String> = wanted.iter().filter(|id| !exists(&english, id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn no_text_is_there_for_nothing() {
    let english = texts(Locale::En);
    let sources = sources();
    let mut asked: BTreeSet<String> = sources.iter().flat_map(|source| source.literals.iter().cloned()).collect();
    asked.extend(english.values().flat_map(|text| text.references.iter().cloned()));
    let holes: Vec<(String, String)> = sources.iter().flat_map(|source| source.holes.iter().cloned()).collect();
    let unused: Vec<&String> = english
        .keys()
        .filter(|id| !asked.contains(*id))
        .filter(|id| !holes.iter().any(|(start, end)| id.starts_with(start) && id.ends_with(end)))
        .filter(|id| !ASKED_FOR_BY_DATA.iter().any(|start| id.starts_with(start)))
        .collect();
    assert!(unused.is_empty(), "\n{unused:#?}");
}

#[test]
fn the_texts_of_the_brief_stand_word_for_word() {
    let l10n = super::L10n::embedded().unwrap();
    for (id, text) in [
        ("refund.request.accepted", "We’re processing your refund."),
        ("refund.completed", "Your refund is complete."),
        ("refund.failed", "We couldn’t complete your refund."),
        ("refund.exceeds_remaining", "This refund exceeds the available amount."),
        ("refund.not_captured", "We can’t refund this payment yet."),
    ] {
        assert_eq!(l10n.lang(Locale::En).t(id), text);
    }
}

#[test]
fn accented_english_is_three_tenths_longer() {
    for (id, text) in texts(Locale::En) {
        for words in &text.words {
            let (before, after) =
                (words.trim_end().chars().count(), pseudo::accented(words).trim_end().chars().count());
            let has_letters = words.contains(|letter: char| letter.is_ascii_alphabetic());
            assert!(!has_letters || after * 10 >= before * 13, "{id}: {before} became {after}");
        }
    }
}

#[test]
fn english_has_the_apostrophes_of_typography() {
    for (id, text) in texts(Locale::En) {
        assert!(!text.words.iter().any(|words| words.contains('\'')), "{id}: use ’");
    }
}

/// One text: a message, an attribute (`message.attribute`) or a term (`-term`).
#[derive(Default)]
struct Text {
    file: String,
    /// The values that it wants, by name.
    values: BTreeSet<String>,
    /// The other texts that it is made of.
    references: BTreeSet<String>,
    /// Its own words, between what is put in.
    words: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn texts(locale: Locale) -> BTreeMap<String, Text> {
    let mut texts = BTreeMap::new();
    for path in files(&root().join("locales").join(locale.tag()), "ftl") {
        let source = fs::read_to_string(&path).unwrap();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let resource =
            fluent_syntax::parser::parse(source.as_str()).unwrap_or_else(|(_, errors)| panic!("{path:?}: {errors:?}"));
        let mut add = |id: String, pattern: &Pattern<&str>| {
            let mut text = Text { file: file.clone(), ..Text::default() };
            read_pattern(pattern, &mut text);
            assert!(texts.insert(id.clone(), text).is_none(), "{id} stands twice in {locale}");
        };
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    if let Some(value) = &message.value {
                        add(message.id.name.to_owned(), value);
                    }
                    for attribute in &message.attributes {
                        add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                    }
                }
                Entry::Term(term) => add(format!("-{}", term.id.name), &term.value),
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                Entry::Junk { content } => panic!("{path:?}: {content}"),
            }
        }
    }
    texts
}

fn read_pattern(pattern: &Pattern<&str>, text: &mut Text) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.words.push((*value).to_owned()),
            PatternElement::Placeable { expression } => read_expression(expression, text),
        }
    }
}

fn read_expression(expression: &Expression<&str>, text: &mut Text) {
    match expression {
        Expression::Inline(inline) => read_inline(inline, text),
        Expression::Select { selector, variants } => {
            read_inline(selector, text);
            variants.iter().for_each(|variant| read_pattern(&variant.value, text));
        }
    }
}

fn read_inline(inline: &InlineExpression<&str>, text: &mut Text) {
    match inline {
        InlineExpression::VariableReference { id } => {
            text.values.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, attribute } => {
            let attribute = attribute.as_ref().map(|attribute| format!(".{}", attribute.name)).unwrap_or_default();
            text.references.insert(format!("{}{attribute}", id.name));
        }
        InlineExpression::TermReference { id, .. } => {
            text.references.insert(format!("-{}", id.name));
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| read_inline(argument, text));
        }
        InlineExpression::Placeable { expression } => read_expression(expression, text),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

/// Whether a text of this wire id exists, or of this message and attribute.
fn exists(texts: &BTreeMap<String, Text>, id: &str) -> bool {
    texts.contains_key(fluent_id(id).as_ref()) || texts.contains_key(&attribute_id(id))
}

fn attribute_id(id: &str) -> String {
    match id.rsplit_once('.') {
        Some((message, attribute)) => format!("{}.{attribute}", fluent_id(message)),
        None => id.to_owned(),
    }
}

/// What one source file asks for.
#[derive(Default)]
struct Source {
    path: PathBuf,
    /// Ids that a text must exist of: they are handed to a method that writes texts, or name what is wrong with a field.
    required: BTreeSet<String>,
    /// Everything that may be an id, as Fluent ids.
    literals: BTreeSet<String>,
    /// Start and end of ids that are put together.
    holes: Vec<(String, String)>,
}

fn sources() -> Vec<Source> {
    // The tests of the texts ask for texts that do not exist.
    let own = root().join("src").join("l10n");
    let not_asking = [own.join("tests.rs"), own.join("laws.rs")];
    let rust = files(&root().join("src"), "rs").into_iter().filter(|path| !not_asking.contains(path)).map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let mut source = Source { path, ..Source::default() };
        source.read_tokens(tokens);
        source
    });
    let templates = files(&root().join("templates"), "").into_iter().map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let mut source = Source { path, ..Source::default() };
        source.read_template(&text);
        source
    });
    rust.chain(templates).collect()
}

impl Source {
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    let is_call = group.delimiter() == Delimiter::Parenthesis && index >= 2;
                    if is_call && is_asking(&tokens[index - 2], &tokens[index - 1]) {
                        let id =
                            group.stream().into_iter().filter_map(|token| literal(&token)).find(|text| is_id(text));
                        self.required.extend(id);
                    }
                    self.read_tokens(group.stream());
                }
                TokenTree::Literal(_) => {
                    if let Some(text) = literal(token) {
                        self.note(&text);
                        if text.starts_with("field-") && is_id(&text) {
                            self.required.insert(text);
                        }
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    /// Reads the literals between `{{ }}` and `{% %}`, and between quotes inside of attributes' values of these.
    fn read_template(&mut self, text: &str) {
        for piece in text.split("{{").skip(1).chain(text.split("{%").skip(1)) {
            let code = piece.split("}}").next().unwrap_or(piece).split("%}").next().unwrap_or(piece);
            let mut before = "";
            for (index, part) in code.split('"').enumerate() {
                if index % 2 == 1 {
                    self.note(part);
                    let asks = ASKING.iter().any(|method| before.ends_with(&format!(".{method}(")));
                    if asks && is_id(part) {
                        self.required.insert(part.to_owned());
                    }
                }
                before = part;
            }
        }
    }

    fn note(&mut self, text: &str) {
        if is_id(text) {
            self.literals.insert(fluent_id(text).into_owned());
            self.literals.insert(attribute_id(text));
        } else if let Some((start, rest)) = text.split_once('{') {
            let end = rest.rsplit_once('}').map_or("", |(_, end)| end);
            if is_start(start) {
                self.holes.push((fluent_id(start).into_owned(), fluent_id(end).into_owned()));
            }
        } else if is_start(text) {
            self.holes.push((fluent_id(text).into_owned(), String::new()));
        }
    }
}

/// Whether two tokens are `.` and the name of a method that writes texts.
fn is_asking(dot: &TokenTree, name: &TokenTree) -> bool {
    matches!(dot, TokenTree::Punct(dot) if dot.as_char() == '.')
        && matches!(name, TokenTree::Ident(name) if ASKING.contains(&name.to_string().as_str()))
}

fn literal(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value())
}

/// Whether the text looks like an id: words in small letters, joined by hyphens or dots.
fn is_id(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    text.contains(['-', '.']) && text.split(['-', '.']).all(is_word)
}

/// Whether the text looks like the start of an id: it ends where the next word begins.
fn is_start(text: &str) -> bool {
    text.strip_suffix(['-', '.']).is_some_and(|start| is_id(start) || is_id(&format!("{start}-x")))
}

/// All files below a folder whose names end so; none where there is no folder.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.to_string_lossy().ends_with(extension) {
            found.push(path);
        }
    }
    found
}
