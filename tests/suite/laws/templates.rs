//! No text in templates: what people read comes from Fluent; and nothing inline that the content policy forbids.

use super::assert_none;
use super::sources::{Source, files};

/// Attributes that people read or hear.
const READ_ATTRIBUTES: &[&str] = &["alt", "title", "placeholder", "label", "aria-label", "aria-description"];

/// Words that are the same in every language.
const NOT_TEXT: &[&str] = &["Makegood"];

fn raw_text(source: &Source) -> Vec<String> {
    let html = without_expressions(&source.text);
    let mut found = Vec::new();
    let mut rest = html.as_str();
    while !rest.is_empty() {
        let (text, tag, after) = next_tag(rest);
        if has_words(text) && !is_attributes(text) {
            found.push(format!("{}: {}", source.path, text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        for (name, value) in attributes(tag) {
            if READ_ATTRIBUTES.contains(&name.as_str()) && has_words(&value) {
                found.push(format!("{}: {name}=\"{value}\"", source.path));
            }
        }
        rest = after;
    }
    found
}

fn inline_code(source: &Source) -> Vec<String> {
    let html = without_expressions(&source.text);
    let mut found = Vec::new();
    let mut rest = html.as_str();
    while !rest.is_empty() {
        let (_, tag, after) = next_tag(rest);
        let name = tag.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        let attributes = attributes(tag);
        let is_loaded = attributes.iter().any(|(name, _)| name == "src");
        if name.eq_ignore_ascii_case("style") || (name.eq_ignore_ascii_case("script") && !is_loaded) {
            found.push(format!("{}: an inline {name}", source.path));
        }
        for (attribute, _) in attributes {
            if attribute == "style" || attribute.starts_with("on") {
                found.push(format!("{}: the attribute {attribute} of {name}", source.path));
            }
        }
        rest = after;
    }
    found
}

/// Leaves out what askama replaces and what comments say. An expression leaves a mark, so that an attribute that
/// consists of one is not empty.
fn without_expressions(text: &str) -> String {
    let mut kept = text.to_owned();
    for (open, close, mark) in [
        ("{#", "#}", ""),
        ("<!--", "-->", ""),
        ("{%", "%}", " "),
        ("{{", "}}", "0"),
        ("<!DOCTYPE", ">", ""),
        ("<!doctype", ">", ""),
    ] {
        let mut cut = String::new();
        let mut rest = kept.as_str();
        while let Some((before, after)) = rest.split_once(open) {
            cut.push_str(before);
            cut.push_str(mark);
            rest = after.split_once(close).map_or("", |(_, after)| after);
        }
        kept = cut + rest;
    }
    kept
}

/// The text up to the next tag, the tag without its brackets, and what follows.
fn next_tag(html: &str) -> (&str, &str, &str) {
    let Some((text, rest)) = html.split_once('<') else { return (html, "", "") };
    let mut quote = None;
    for (at, letter) in rest.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '>') => return (text, &rest[..at], &rest[at + 1..]),
            (Some(_) | None, _) => {}
        }
    }
    (text, rest, "")
}

/// Attributes of a tag as pairs of lower-case name and value.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim_start();
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &after[1..];
                    let (quoted, following) = inner.split_once(quote).unwrap_or((inner, ""));
                    value.push_str(quoted);
                    rest = following;
                }
                _ => {
                    let (plain, following) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
                    value.push_str(plain);
                    rest = following;
                }
            }
        }
        rest = rest.trim_start();
        if name.is_empty() {
            rest = rest.get(1..).unwrap_or_default();
        } else {
            found.push((name, value));
        }
    }
    found
}

/// Whether a piece is what a macro puts into a tag: nothing but attributes with values, none of which is read by people.
fn is_attributes(text: &str) -> bool {
    let pairs = attributes(&format!("tag {text}"));
    pairs.iter().all(|(name, value)| !value.is_empty() && !READ_ATTRIBUTES.contains(&name.as_str()))
}

/// Whether a piece has letters that a person reads: entities and the words that are no text do not count.
fn has_words(text: &str) -> bool {
    let mut text = text.to_owned();
    for word in NOT_TEXT {
        text = text.replace(word, "");
    }
    let mut rest = text.as_str();
    let mut letters = String::new();
    while let Some((before, after)) = rest.split_once('&') {
        letters.push_str(before);
        match after.split_once(';') {
            Some((entity, following)) if entity.len() <= 8 && !entity.contains(' ') => rest = following,
            Some(_) | None => rest = after,
        }
    }
    letters.push_str(rest);
    letters.chars().any(char::is_alphabetic)
}

#[test]
fn templates_hold_no_text() {
    let mut violations: Vec<String> = files("templates", &[".html"]).iter().flat_map(raw_text).collect();
    let letters = files("templates", &[".txt"]);
    violations.extend(letters.iter().filter(|s| has_words(&without_expressions(&s.text))).map(|s| s.path.clone()));
    assert_none("Text in a template", &violations);
}

#[test]
fn pages_hold_nothing_inline() {
    // Mail programs load no style sheets; a letter's styles stand in it.
    let pages = files("templates", &[".html"]).into_iter().filter(|source| !source.path.starts_with("templates/mail/"));
    assert_none("Inline code", &pages.flat_map(|source| inline_code(&source)).collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: "x.html".into(), text: text.into() }
    }

    #[test]
    fn raw_text_is_found() {
        for text in [
            "<p>Hello</p>",
            "Hello",
            "<p>{{ name }} is here</p>",
            "<img alt=\"A receipt\" src=x>",
            "<input placeholder='Search {{ x }}'>",
            "<a title=Close>",
            "{% if x > 1 %}yes{% endif %}",
            "<p>مرحبا</p>",
            "<p>a &amp; b</p>",
            "{% macro m() %} title=\"Close\"{% endmacro %}",
        ] {
            assert_eq!(raw_text(&source(text)).len(), 1, "{text}");
        }
        for text in [
            "<!DOCTYPE html><html lang=\"{{ lang }}\" class=\"page\"><p>{{ t.get(\"hello\") }}</p>",
            "<p>&nbsp;·&#8230;</p><!-- a remark --> {# another #}",
            "{% for x in list %}<b data-x=\"y\" aria-label=\"{{ x }}\">{{ x }}</b>{% endfor %}",
            "{% macro m() %} aria-describedby=\"{{ x }}-hint\" aria-invalid=\"true\"{% endmacro %}",
            "<meta name=\"viewport\" content=\"width=device-width\">",
            "<a title=\"{{ a > b }}\" href='/refunds?x=1'>→ 1</a> Makegood",
        ] {
            assert_eq!(raw_text(&source(text)), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn inline_code_is_found() {
        for text in [
            "<style>p{}</style>",
            "<script>x()</script>",
            "<p style=\"color:red\">",
            "<button onclick=\"x()\">",
            "<button type=button  OnClick = 'x'>",
        ] {
            assert!(!inline_code(&source(text)).is_empty(), "{text}");
        }
        let right = "<script src=\"/static/htmx.js\" defer></script><link rel=stylesheet href=x><p data-on=\"x\">";
        assert_eq!(inline_code(&source(right)), Vec::<String>::new());
    }
}
