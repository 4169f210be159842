//! The plot: what stands at the top level, how long files are, and which names are none.

use std::collections::BTreeSet;
use std::fs;

use super::assert_none;
use super::sources::{files, root};

/// What may be seen at the top level.
const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "src",
    "templates",
    "static",
    "locales",
    "migrations",
    "tests",
];

/// Made by tools, not kept.
const MADE: &[&str] = &["target", "data"];

/// A subject that needs more lines is two.
const LINES_MAX: usize = 600;

/// Names of places where things land that nobody understood.
const NO_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "types", "misc"];

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LINES_MAX).then(|| format!("{path}: {lines} lines"))
}

fn strays<'a>(entries: impl Iterator<Item = &'a str>) -> Vec<String> {
    entries
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(name) && !MADE.contains(name))
        .map(ToOwned::to_owned)
        .collect()
}

fn is_no_name(path: &str) -> bool {
    path.split('/').any(|part| NO_NAMES.contains(&part.trim_end_matches(".rs")))
}

#[test]
fn the_top_level_is_the_plan() {
    let entries: BTreeSet<String> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_none("At the top level stands what the plan does not have", &strays(entries.iter().map(String::as_str)));
}

#[test]
fn no_file_is_too_long() {
    let mut all = files("src", &[".rs"]);
    for (folder, endings) in [("tests", &[".rs"][..]), ("templates", &[".html"]), ("static", &[".css", ".js"])] {
        all.extend(files(folder, endings));
    }
    let violations: Vec<String> = all.iter().filter_map(|source| too_long(&source.path, &source.text)).collect();
    assert_none(&format!("More than {LINES_MAX} lines"), &violations);
}

#[test]
fn every_module_has_a_name_of_its_own() {
    let all = files("src", &[".rs"]);
    let violations: Vec<String> =
        all.iter().filter(|source| is_no_name(&source.path)).map(|s| s.path.clone()).collect();
    assert_none("A name that says nothing", &violations);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_the_plan_is_found() {
        assert_eq!(strays(["src", ".ci", "target", "docs", "Makefile"].into_iter()), ["docs", "Makefile"]);
        assert!(too_long("x.rs", &"line\n".repeat(601)).is_some() && too_long("x.rs", &"line\n".repeat(600)).is_none());
        assert!(is_no_name("src/http/utils.rs") && is_no_name("src/types/mod.rs") && !is_no_name("src/store/db.rs"));
    }
}
