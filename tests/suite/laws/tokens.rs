//! Rust sources as tokens: names and paths, without comments and texts.
//!
//! Tokens rather than a syntax tree, so that what stands inside macros counts as well.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path as written, resolved to the crate's root where it begins with `crate`, `self` or `super`:
/// `crate::store::db`, `diesel::prelude`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedPath {
    /// Its parts; the first is `crate` where it leads to this crate.
    pub(super) parts: Vec<String>,
}

/// Everything that the laws want to know of one file.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// Paths of at least one part: every identifier stands in exactly one.
    pub(super) paths: Vec<NamedPath>,
    /// Literals as written.
    pub(super) literals: Vec<String>,
}

/// Reads a file of the module `module` (`["store", "db"]`); code that is compiled for tests only is left out.
pub(super) fn without_tests(text: &str, module: &[&str]) -> Tokens {
    read(text, module, true)
}

/// The same with the code of tests.
pub(super) fn with_tests(text: &str, module: &[&str]) -> Tokens {
    read(text, module, false)
}

/// The module path of a file under `src`: `src/store/db.rs` is `["store", "db"]`, `src/store/mod.rs` is `["store"]`.
pub(super) fn module_of(path: &str) -> Vec<&str> {
    let inner = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
    inner.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect()
}

/// Whether a file holds tests only.
pub(super) fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn read(text: &str, module: &[&str], skip_tests: bool) -> Tokens {
    let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("cannot be read as Rust: {error}"));
    let mut tokens = Tokens::default();
    let module: Vec<String> = module.iter().map(|part| (*part).to_owned()).collect();
    Walker { tokens: &mut tokens, skip_tests }.walk(stream, &module, &[]);
    tokens
}

struct Walker<'a> {
    tokens: &'a mut Tokens,
    skip_tests: bool,
}

impl Walker<'_> {
    /// `prefix` is what stands before a group in a `use`: the `crate` of `crate::{domain, store}`.
    fn walk(&mut self, stream: TokenStream, module: &[String], prefix: &[String]) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            if self.skip_tests && is_test_attribute(&trees, at) {
                at = after_item(&trees, at);
                continue;
            }
            match tree {
                TokenTree::Ident(_) if is_word(&trees, at, "mod") && is_inline_module(&trees, at) => {
                    let (name, body) = inline_module(&trees, at);
                    let inner: Vec<String> = module.iter().cloned().chain([name]).collect();
                    self.walk(body, &inner, &[]);
                    at += 3;
                }
                TokenTree::Ident(_) => at = self.path(&trees, at, module, prefix),
                TokenTree::Group(group) => {
                    self.walk(group.stream(), module, &[]);
                    at += 1;
                }
                TokenTree::Literal(literal) => {
                    self.tokens.literals.push(literal.to_string());
                    at += 1;
                }
                TokenTree::Punct(_) => at += 1,
            }
        }
    }

    /// Takes the path that begins here and returns where it ends.
    fn path(&mut self, trees: &[TokenTree], start: usize, module: &[String], prefix: &[String]) -> usize {
        let mut parts = Vec::new();
        let mut at = start;
        while let Some(TokenTree::Ident(name)) = trees.get(at) {
            parts.push(name.to_string().trim_start_matches("r#").to_owned());
            at += 1;
            if !is_path_separator(trees, at) {
                break;
            }
            at += 2;
        }
        let whole = resolve(parts, module, prefix);
        match trees.get(at) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && ends_in_separator(trees, at) => {
                self.walk(group.stream(), module, &whole);
                self.tokens.paths.push(NamedPath { parts: whole });
                at + 1
            }
            _ => {
                self.tokens.paths.push(NamedPath { parts: whole });
                at
            }
        }
    }
}

fn resolve(parts: Vec<String>, module: &[String], prefix: &[String]) -> Vec<String> {
    let mut base: Vec<String> = prefix.to_vec();
    let mut rest = parts.into_iter().peekable();
    if base.is_empty() && rest.peek().is_some_and(|part| matches!(part.as_str(), "self" | "super")) {
        base = [vec!["crate".to_owned()], module.to_vec()].concat();
    }
    while let Some(part) = rest.next_if(|part| matches!(part.as_str(), "self" | "super")) {
        if part == "super" && base.len() > 1 {
            base.pop();
        }
    }
    base.extend(rest);
    base
}

fn is_path_separator(trees: &[TokenTree], at: usize) -> bool {
    let is_colon = |at: usize| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}

fn ends_in_separator(trees: &[TokenTree], at: usize) -> bool {
    at >= 2 && is_path_separator(trees, at - 2)
}

fn is_word(trees: &[TokenTree], at: usize, word: &str) -> bool {
    matches!(trees.get(at), Some(TokenTree::Ident(ident)) if *ident == word)
}

fn is_inline_module(trees: &[TokenTree], at: usize) -> bool {
    matches!(trees.get(at + 1), Some(TokenTree::Ident(_)))
        && matches!(trees.get(at + 2), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}

fn inline_module(trees: &[TokenTree], at: usize) -> (String, TokenStream) {
    match (&trees[at + 1], &trees[at + 2]) {
        (TokenTree::Ident(name), TokenTree::Group(body)) => (name.to_string(), body.stream()),
        _ => unreachable!("checked by is_inline_module"),
    }
}

/// `#[cfg(test)]` or `#[test]`.
fn is_test_attribute(trees: &[TokenTree], at: usize) -> bool {
    let Some(TokenTree::Punct(hash)) = trees.get(at) else { return false };
    let Some(TokenTree::Group(group)) = trees.get(at + 1) else { return false };
    let text = group.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket && matches!(text.as_str(), "cfg(test)" | "test")
}

/// The end of the item that the attribute here belongs to: its block, or its semicolon.
fn after_item(trees: &[TokenTree], at: usize) -> usize {
    let mut at = at + 2;
    while let Some(tree) = trees.get(at) {
        at += 1;
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            TokenTree::Punct(punct) if punct.as_char() == ';' => break,
            TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        without_tests(text, &["services", "refund"]).paths.iter().map(|path| path.parts.join("::")).collect()
    }

    #[test]
    fn paths_are_resolved_wherever_they_stand() {
        assert_eq!(
            paths("use crate::{domain::money::Money, store};")[1..],
            ["crate::domain::money::Money", "crate::store", "crate"]
        );
        assert!(paths("use super::super::store::Db;").contains(&"crate::store::Db".to_owned()));
        assert!(paths("use super::{super::store, context};").contains(&"crate::store".to_owned()));
        assert!(paths("fn f() { info!(x = diesel::now()) }").contains(&"diesel::now".to_owned()));
        assert!(paths("mod inner { use super::super::list; }").contains(&"crate::services::list".to_owned()));
        assert!(
            !paths("// diesel::now\n/// diesel::now\nconst X: &str = \"diesel::now\";").join(" ").contains("diesel")
        );
    }

    #[test]
    fn code_of_tests_is_left_out() {
        let text =
            "use a::b; #[cfg(test)] mod tests { use c::d; } #[cfg(test)] use e::f; #[test] fn g() { h::i() } use j::k;";
        let found = paths(text).join(" ");
        assert!(found.contains("a::b") && found.contains("j::k"), "{found}");
        assert!(!found.contains("c::d") && !found.contains("e::f") && !found.contains("h::i"), "{found}");
        assert!(with_tests(text, &["x"]).paths.iter().any(|path| path.parts == ["c", "d"]));
    }

    #[test]
    fn a_file_is_a_module() {
        assert_eq!(module_of("src/store/db.rs"), ["store", "db"]);
        assert_eq!(module_of("src/store/mod.rs"), ["store"]);
        assert!(module_of("src/lib.rs").is_empty());
        assert!(is_test_file("src/config/tests.rs") && is_test_file("src/mail/tests/sending.rs"));
    }
}
