//! Somebody at the pages with a browser that has no scripts: it keeps cookies, follows where it is sent, and fills in
//! forms as they are written.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::app::TestApp;
use super::caller::{Caller, Request};

/// More redirects than any form of ours answers with.
const REDIRECTS_MAX: usize = 5;

/// A visitor, and the page in front of them.
pub(crate) struct Visitor {
    caller: Caller,
    cookies: BTreeMap<String, String>,
    page: Option<Answer>,
    path: String,
}

impl TestApp {
    /// Somebody new.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor { caller: self.stranger(), cookies: BTreeMap::new(), page: None, path: String::new() }
    }
}

impl Visitor {
    /// Goes to a path, and on where that leads.
    pub(crate) async fn go(&mut self, path: &str) -> &Answer {
        let request = self.caller.request("GET", path);
        self.follow(path, request).await
    }

    /// Sends a form of the page in front of them, with the hidden fields that the page has, and goes where that leads.
    pub(crate) async fn send(&mut self, path: &str, hidden: &[&str], fields: &[(&str, &str)]) -> &Answer {
        let kept: Vec<(&str, String)> = hidden.iter().chain(&["csrf"]).map(|name| (*name, self.hidden(name))).collect();
        let kept = kept.iter().map(|(name, value)| (*name, value.as_str()));
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields.iter().copied().chain(kept))
            .finish();
        let request = self.caller.request("POST", path);
        let request = request.header("content-type", "application/x-www-form-urlencoded").bytes(body);
        self.follow(path, request).await
    }

    /// The path of the page in front of them.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The text of the page in front of them, without the marks that isolate directions.
    pub(crate) fn text(&self) -> String {
        self.page.as_ref().expect("a page").text().replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "")
    }

    async fn follow(&mut self, path: &str, request: Request) -> &Answer {
        let (mut path, mut request) = (path.to_owned(), request);
        for _ in 0..REDIRECTS_MAX {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = request.header("cookie", cookies.join("; ")).send().await;
            for set in answer.headers.get_all("set-cookie") {
                let pair = set.to_str().expect("a cookie").split(';').next().expect("a pair");
                let (name, value) = pair.split_once('=').expect("a pair");
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if answer.status != 303 {
                self.path = path;
                return self.page.insert(answer);
            }
            path = answer.header("location").to_owned();
            request = self.caller.request("GET", &path);
        }
        panic!("{path} leads in circles");
    }

    fn hidden(&self, name: &str) -> String {
        let html = self.page.as_ref().expect("a page").text();
        let value = html.split_once(&format!("name=\"{name}\" value=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.unwrap_or_else(|| panic!("{} has no hidden {name}", self.path)).0.to_owned()
    }
}
