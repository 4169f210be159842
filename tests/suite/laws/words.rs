//! Words that must not stand in sources: floats near money, unfinished work, tests that do not run.

use super::assert_none;
use super::sources::{Source, files};
use super::tokens::{is_test_file, module_of, with_tests, without_tests};

/// What a test does to show that a float is refused does not count.
fn floats(source: &Source) -> Vec<String> {
    let tokens = without_tests(&source.text, &module_of(&source.path));
    let is_type =
        |name: &str| ["f32", "f64"].iter().any(|float| name == *float || name.ends_with(&format!("_{float}")));
    let types = tokens.paths.iter().flat_map(|path| &path.parts).filter(|name| is_type(name));
    let literals = tokens.literals.iter().filter(|literal| is_float(literal));
    types.chain(literals).map(|float| format!("{}: {float}", source.path)).collect()
}

/// `1.5`, `1.`, `1e3`, `2f64`; not `0x1e3`, `b'.'`, `"1.5"`.
fn is_float(literal: &str) -> bool {
    let is_decimal = literal.starts_with(|first: char| first.is_ascii_digit()) && !literal.starts_with("0x");
    is_decimal
        && (literal.contains(['.', 'e', 'E']) || literal.ends_with("f64") || literal.ends_with("f32"))
        && !literal.ends_with("size")
}

fn unfinished(source: &Source) -> Vec<String> {
    // Written in two parts, so that this file does not find itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("HA", "CK")];
    let lines = source.text.lines().enumerate();
    lines
        .filter(|(_, line)| {
            let mut parts = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            parts.any(|part| words.contains(&part))
        })
        .map(|(index, line)| format!("{}:{}: {}", source.path, index + 1, line.trim()))
        .collect()
}

fn evasions(source: &Source) -> Vec<String> {
    let tokens = with_tests(&source.text, &module_of(&source.path));
    let named = |wanted: &str| tokens.paths.iter().any(|path| path.parts == [wanted]);
    let mut found = Vec::new();
    for (word, instead) in [
        ("todo", "write it"),
        ("unimplemented", "write it"),
        ("ignore", "a test that does not run is none"),
        ("dbg", "remove it"),
        ("allow", "use expect with a reason"),
    ] {
        // As an attribute or a macro; a function of such a name is followed by no bracket and bang.
        let written = [format!("#[{word}"), format!("#![{word}"), format!("{word}!(")];
        if named(word) && written.iter().any(|form| source.text.contains(form)) {
            found.push(format!("{}: {word}; {instead}", source.path));
        }
    }
    found
}

fn undocumented(source: &Source) -> Vec<String> {
    let begins_right = source.text.starts_with("//! ");
    let is_exempt = is_test_file(&source.path);
    if begins_right || is_exempt {
        Vec::new()
    } else {
        vec![format!("{}: begins without a //! paragraph", source.path)]
    }
}

fn ours() -> Vec<Source> {
    let mut all = files("src", &[".rs"]);
    all.extend(files("tests", &[".rs"]));
    assert!(all.len() > 30, "the sources were not found");
    all
}

/// Rooms that money passes through, from the body of a request to the processor, the books and the screen.
const ROOMS_OF_MONEY: &[&str] =
    &["src/domain", "src/store", "src/services", "src/providers", "src/http", "src/mail", "src/l10n", "src/cli"];

/// Take numbers with decimals out of a body, so that they can be refused by name.
const REFUSE_FLOATS: &[&str] = &["src/http/json.rs", "src/http/api/fields.rs"];

/// Types of columns that round.
const ROUNDING_COLUMNS: &[&str] = &["REAL", "FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "NUMERIC", "DECIMAL", "MONEY"];

fn rounding_columns(source: &Source) -> Vec<String> {
    let lines = source.text.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    let words = lines.flat_map(|line| line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'));
    let found = words.filter(|word| ROUNDING_COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(word)));
    found.map(|word| format!("{}: {word}", source.path)).collect()
}

#[test]
fn f60_no_float_is_near_money() {
    let sources = ROOMS_OF_MONEY.iter().flat_map(|room| files(room, &[".rs"]));
    let mut violations: Vec<String> = sources
        .filter(|source| !REFUSE_FLOATS.contains(&source.path.as_str()) && !is_test_file(&source.path))
        .flat_map(|source| floats(&source))
        .collect();
    violations.extend(files("migrations", &[".sql"]).iter().flat_map(rounding_columns));
    assert_none("A float where money is", &violations);
}

#[test]
fn nothing_is_left_for_later() {
    let mut all = ours();
    for (folder, endings) in [
        ("templates", &[".html", ".txt"][..]),
        ("static", &[".css", ".js"]),
        ("locales", &[".ftl"]),
        ("migrations", &[".sql"]),
    ] {
        all.extend(files(folder, endings));
    }
    assert_none("Unfinished work", &all.iter().flat_map(unfinished).collect::<Vec<_>>());
}

#[test]
fn no_test_is_switched_off_and_no_lint_is_silenced_without_a_reason() {
    let laws = "tests/suite/laws/words.rs";
    assert_none(
        "An evasion",
        &ours().iter().filter(|source| source.path != laws).flat_map(evasions).collect::<Vec<_>>(),
    );
}

#[test]
fn every_module_says_what_it_is() {
    assert_none("A module without a paragraph", &ours().iter().flat_map(undocumented).collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: "src/domain/x.rs".into(), text: text.into() }
    }

    #[test]
    fn floats_are_found() {
        for text in [
            "fn f(x: f64) {}",
            "const X: u8 = 1.5;",
            "fn f() { g(1e3) }",
            "fn f() { h!(2f32) }",
            "type X = Vec<f32>;",
            "fn f(x: Value) { g(x.as_f64()) }",
        ] {
            assert!(!floats(&source(text)).is_empty(), "{text}");
        }
        let right =
            "const X: &str = \"1.5\"; fn f64_is_a_case() { let x = 0x1e3; let y = pair.0; let z = 1_000usize; 'e' }";
        assert_eq!(floats(&source(right)), Vec::<String>::new());
        assert_eq!(rounding_columns(&source("x BIGINT, y double precision -- no REAL")).len(), 1);
    }

    #[test]
    fn unfinished_work_is_found() {
        assert_eq!(
            unfinished(&source(concat!("// TO", "DO: later"))),
            [concat!("src/domain/x.rs:1: // TO", "DO: later")]
        );
        assert!(unfinished(&source("// The word todos is none.")).is_empty());
    }

    #[test]
    fn evasions_are_found() {
        for text in [
            "#[ignore] fn f() {}",
            "#[ignore = \"slow\"] fn f() {}",
            "#[allow(dead_code)] fn f() {}",
            "#![allow(unused)]",
            "fn f() { todo!() }",
            "fn f() { dbg!(1) }",
        ] {
            assert_eq!(evasions(&source(text)).len(), 1, "{text}");
        }
        assert!(evasions(&source("#[expect(dead_code, reason = \"x\")] fn allow() { ignore(allow()) }")).is_empty());
    }

    #[test]
    fn silent_modules_are_found() {
        assert_eq!(undocumented(&source("use x;")).len(), 1);
        assert!(undocumented(&source("//! What it is.")).is_empty());
    }
}
