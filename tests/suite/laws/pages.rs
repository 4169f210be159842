//! Every page has a row that says who it is for, and every row a page: a route cannot be mounted and forgotten.

use std::collections::BTreeSet;

use makegood::http::pages::routes::TABLE;

use super::assert_none;
use super::sources::{Source, files};

/// Served to everybody without a session: styles, scripts, icons.
const OUTSIDE: &str = "src/http/pages/assets.rs";

/// Methods that a route can be mounted for.
const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

/// Method and path of each route that a file mounts, as it stands there.
fn mounted(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (opening, is_resource) in [("web::resource(\"", true), (".route(\"", false)] {
        for piece in source.text.split(opening).skip(1) {
            let (path, rest) = piece.split_once('"').unwrap_or((piece, ""));
            let call = if is_resource { call_of_resource(rest) } else { rest.split(".to(").next().unwrap_or(rest) };
            let methods: Vec<&str> = METHODS.into_iter().filter(|method| names(call, method)).collect();
            assert!(!methods.is_empty(), "{}: what is mounted at {path} is not understood", source.path);
            found.extend(methods.into_iter().map(|method| format!("{} {path}", method.to_uppercase())));
        }
    }
    let redirects = source.text.split("web::redirect(\"").skip(1).filter_map(|piece| piece.split('"').next());
    found.extend(redirects.map(|path| format!("GET {path}")));
    found
}

/// What is said of one resource: up to the end of the call that it is handed to.
fn call_of_resource(rest: &str) -> &str {
    let mut depth = 1_i32;
    for (at, letter) in rest.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        // The bracket of `resource(` closes first; the one that the resource stands in closes last.
        if depth < 0 {
            return &rest[..at];
        }
    }
    rest
}

fn names(call: &str, method: &str) -> bool {
    call.contains(&format!(".{method}(")) || call.contains(&format!("web::{method}("))
}

fn all_mounted() -> BTreeSet<String> {
    let sources = files("src/http/pages", &[".rs"]);
    let ours = sources.iter().filter(|source| source.path != OUTSIDE && !source.path.contains("/tests/"));
    ours.flat_map(mounted).collect()
}

fn rows() -> Vec<String> {
    TABLE.iter().map(|route| format!("{} {}", route.method, route.path)).collect()
}

#[test]
fn every_page_has_a_row() {
    let rows: BTreeSet<String> = rows().into_iter().collect();
    let missing: Vec<String> = all_mounted().difference(&rows).cloned().collect();
    assert_none("A page without a row in src/http/pages/routes.rs, which opens for nobody", &missing);
}

#[test]
fn every_row_has_a_page() {
    let mounted = all_mounted();
    assert!(mounted.len() > 30, "the routes were not found");
    let empty: Vec<String> = rows().into_iter().filter(|row| !mounted.contains(row)).collect();
    assert_none("A row without a page", &empty);
}

#[test]
fn no_row_stands_twice() {
    let mut seen = BTreeSet::new();
    let twice: Vec<String> = rows().into_iter().filter(|row| !seen.insert(row.clone())).collect();
    assert_none("A row that stands twice", &twice);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_as_they_are_mounted() {
        let text = r#"
            routes
                .service(web::resource("/a").get(a::show).post(a::send))
                .service(web::resource("/b/{id}").post(b::end))
                .service(web::resource("/c").route(web::get().to(c::show)))
                .route("/d", web::get().to(d::show))
                .service(web::redirect("/e", "/a").see_other());
        "#;
        let source = Source { path: "x.rs".to_owned(), text: text.to_owned() };
        assert_eq!(mounted(&source), ["GET /a", "POST /a", "POST /b/{id}", "GET /c", "GET /d", "GET /e"]);
    }
}
