//! No physical sides in style sheets: what is right in English is left in Arabic.

use super::assert_none;
use super::sources::{Source, files};

fn physical_sides(source: &Source) -> Vec<String> {
    let text = without_comments(&source.text);
    // Declarations end at these; selectors and at-rules come along and do not look like declarations of sides.
    let parts = text.split(['{', '}', ';']);
    let mut found = Vec::new();
    for part in parts {
        let Some((property, value)) = part.split_once(':') else { continue };
        let (property, value) = (property.trim(), value.trim());
        let names_side = |word: &str| word.split('-').any(|part| matches!(part, "left" | "right"));
        let has_physical_value = matches!(property, "text-align" | "float" | "clear" | "caption-side" | "resize")
            && value.split_whitespace().any(|word| matches!(word, "left" | "right"));
        let names_vertical_side = ["margin", "padding", "border"].iter().any(|box_part| {
            property.strip_prefix(box_part).is_some_and(|rest| rest.starts_with("-top") || rest.starts_with("-bottom"))
        });
        if !property.starts_with("--") && (names_side(property) || has_physical_value || names_vertical_side) {
            found.push(format!("{}: {property}: {value}", source.path));
        }
    }
    found
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

#[test]
fn style_sheets_name_no_physical_side() {
    let violations: Vec<String> = files("static", &[".css"]).iter().flat_map(physical_sides).collect();
    assert_none("A physical side", &violations);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(text: &str) -> usize {
        physical_sides(&Source { path: "x.css".into(), text: text.into() }).len()
    }

    #[test]
    fn physical_sides_are_found() {
        for text in [
            "a { margin-left: 1px }",
            "a{padding-right:1px;color:red}",
            "a { left: 0; }",
            "a { text-align: right }",
            "a { float: left; }",
            "a { border-top-left-radius: 1px }",
            "a { margin-top: 1px }",
            "@media (width > 40em) { a { inset-inline: 0; right: 0 } }",
        ] {
            assert_eq!(sides(text), 1, "{text}");
        }
        for text in [
            "a { margin-inline-start: 1px; text-align: start; inset-block-end: 0 }",
            "/* left: 0 */ a:hover { color: red }",
            ".left:hover { transform: translate(0) }",
            "a { background: url(\"data:image/svg+xml,left\") }",
            "a { --left: 1px; top: 0 }",
        ] {
            assert_eq!(sides(text), 0, "{text}");
        }
    }
}
