//! A browser window without scripts: it keeps cookies, follows what it is told, and fills in forms as they are written.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use makegood::domain::access::{Principal, Role};
use makegood::services::people::{self, NewUser};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method};

use super::app::{TestApp, client};

/// Leads from one page to the next, at most.
const REDIRECTS_MAX: usize = 5;

/// A window with its cookies and the page that it shows.
#[derive(Clone)]
pub(crate) struct Worker {
    /// The cookies that it keeps, by name.
    pub(crate) cookies: BTreeMap<String, String>,
    /// The page that it shows.
    pub(crate) shown: Shown,
    /// What it sends with every request.
    pub(crate) headers: BTreeMap<&'static str, String>,
    base: String,
    client: Client,
}

/// What a window shows.
#[derive(Clone, Default)]
pub(crate) struct Shown {
    /// The address, without the host.
    pub(crate) path: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// The headers of the answer.
    pub(crate) headers: HeaderMap,
    /// The page's source.
    pub(crate) html: String,
}

impl Shown {
    /// The page's text contains this.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        let plain: String = self.html.chars().filter(|letter| !matches!(letter, '\u{2066}'..='\u{2069}')).collect();
        assert!(plain.contains(text), "{} {} does not say {text:?}:\n{plain}", self.status, self.path);
        self
    }

    /// The page's text does not contain this.
    #[track_caller]
    pub(crate) fn hides(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{} says {text:?}", self.path);
        self
    }

    /// The answer had this status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}:\n{}", self.path, self.html);
        self
    }

    /// The page stands at this address.
    #[track_caller]
    pub(crate) fn at(&self, path: &str) -> &Self {
        assert_eq!(self.path, path, "{}", self.html);
        self
    }

    /// Where the answer leads; empty where it leads nowhere.
    pub(crate) fn location(&self) -> &str {
        self.headers.get("location").map_or("", |value| value.to_str().expect("an address"))
    }

    /// What stands between two texts, the first time.
    #[track_caller]
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let rest = self.html.split_once(before).map(|(_, rest)| rest);
        let found = rest.and_then(|rest| rest.split_once(after)).map(|(found, _)| found.to_owned());
        found.unwrap_or_else(|| panic!("nothing between {before:?} and {after:?} in {}:\n{}", self.path, self.html))
    }

    /// The value of a hidden field.
    #[track_caller]
    pub(crate) fn hidden(&self, name: &str) -> String {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }
}

impl Worker {
    fn new(base: &str, client: Client) -> Self {
        Self {
            cookies: BTreeMap::new(),
            shown: Shown::default(),
            headers: BTreeMap::new(),
            base: base.to_owned(),
            client,
        }
    }

    /// A window at a desk of another process.
    pub(crate) fn at(base: &str) -> Self {
        Self::new(base, client())
    }

    /// Another window of somebody at another address, as a proxy of ours tells it.
    pub(crate) fn coming_from(mut self, address: &str) -> Self {
        self.headers.insert("x-forwarded-for", address.to_owned());
        self
    }

    /// Goes to an address and on to wherever that leads.
    pub(crate) async fn go(&mut self, path: &str) -> &Shown {
        self.shown = self.once("GET", path, None).await;
        self.follow().await
    }

    /// Sends a form with these fields and the token that the page shown carries, and goes on to wherever that leads.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> &Shown {
        let token = self.shown.hidden("csrf");
        self.shown = self.post(path, fields, &token).await;
        self.follow().await
    }

    /// Sends a form with this token; goes nowhere.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)], token: &str) -> Shown {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", token)]).collect();
        let body = serde_urlencoded::to_string(fields).expect("a form");
        self.once("POST", path, Some(body)).await
    }

    /// Signs in as somebody of the desk whom [`TestApp::worker`] added.
    pub(crate) async fn sign_in(&mut self, name: &str) -> &Shown {
        self.sign_in_with(&email_of(name), &password_of(name)).await
    }

    /// Signs in with an address and a password.
    pub(crate) async fn sign_in_with(&mut self, email: &str, password: &str) -> &Shown {
        self.go("/login").await;
        self.send("/login", &[("email", email), ("password", password)]).await
    }

    /// One request; goes nowhere. A stream is not read.
    pub(crate) async fn once(&mut self, method: &str, path: &str, body: Option<String>) -> Shown {
        let method: Method = method.parse().expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for line in headers.get_all("set-cookie") {
            self.keep(line.to_str().expect("a cookie"));
        }
        let streams = headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let html = if streams { String::new() } else { answer.text().await.expect("a page") };
        Shown { path: path.to_owned(), status, headers, html }
    }

    /// Opens a live feed.
    pub(crate) async fn stream(&self, path: &str) -> Feed {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.get(format!("{}{path}", self.base)).header("cookie", cookies.join("; "));
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error:?}"));
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        Feed { answer, heard: String::new() }
    }

    async fn follow(&mut self) -> &Shown {
        for _ in 0..REDIRECTS_MAX {
            let location = self.shown.location().to_owned();
            if location.is_empty() {
                break;
            }
            self.shown = self.once("GET", &location, None).await;
        }
        &self.shown
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').expect("a cookie with a value");
        if value.is_empty() || attributes.contains("Max-Age=0") {
            self.cookies.remove(name.trim());
        } else {
            self.cookies.insert(name.trim().to_owned(), value.to_owned());
        }
    }
}

/// A live feed that is open.
pub(crate) struct Feed {
    answer: reqwest::Response,
    heard: String,
}

impl Feed {
    /// The name of the next event; nothing where none comes in time.
    pub(crate) async fn next(&mut self, within: Duration) -> Option<String> {
        let deadline = Instant::now() + within;
        loop {
            if let Some((event, rest)) = self.heard.split_once("\n\n") {
                let name = event.lines().find_map(|line| line.strip_prefix("event: ")).map(str::to_owned);
                self.heard = rest.to_owned();
                match name {
                    Some(name) => return Some(name),
                    // What only keeps the connection open.
                    None => continue,
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let piece = tokio::time::timeout(left, self.answer.chunk()).await.ok()?.expect("a feed");
            self.heard.push_str(&String::from_utf8_lossy(&piece?));
        }
    }
}

/// Where letters to somebody of the desk go.
pub(crate) fn email_of(name: &str) -> String {
    format!("{name}@desk.example")
}

/// The password of somebody of the desk.
pub(crate) fn password_of(name: &str) -> String {
    format!("a long password of {name}")
}

impl TestApp {
    /// A browser window of its own.
    pub(crate) fn desk_window(&self) -> Worker {
        let (base, client) = self.reached_by();
        Worker::new(&base, client)
    }

    /// Adds somebody to the desk with these roles.
    pub(crate) async fn worker(&self, name: &str, roles: &[Role]) {
        let user = NewUser {
            email: email_of(name),
            name: name.to_owned(),
            locale: "en".to_owned(),
            roles: roles.iter().copied().collect(),
            password: password_of(name),
        };
        people::add_user(self.desk(), &self.context(Principal::Shell), user).await.expect("a person is added");
    }

    /// A window in which somebody is signed in, who is added with this role.
    pub(crate) async fn working(&self, name: &str, role: Role) -> Worker {
        self.worker(name, &[role]).await;
        let mut window = self.desk_window();
        window.sign_in(name).await.is(200);
        window
    }

    /// A window in which the customer of an order has opened it.
    pub(crate) async fn opened(&self, order_id: &str) -> Worker {
        let link = self.shop.post(&format!("/v1/orders/{order_id}/link"), &serde_json::json!({})).await.expect(201);
        let url = link.json()["url"].as_str().expect("an address").to_owned();
        let path = url.split_once("/refunds/").map(|(_, rest)| format!("/refunds/{rest}")).expect("a link");
        let mut window = self.desk_window();
        window.go(&path).await.is(200);
        window.send(&path, &[]).await.is(200);
        window
    }
}
