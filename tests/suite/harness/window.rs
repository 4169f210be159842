//! A browser's window without scripts, for pages over real HTTP: it keeps cookies, goes where it is sent, and sends the
//! token of the page that it shows.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::app::TestApp;
use super::caller::Caller;
use super::uploads::Form;

/// How often a window lets itself be sent on.
const REDIRECTS_MAX: usize = 5;

/// A window with its cookies and the page that it shows.
pub(crate) struct Window {
    nobody: Caller,
    cookies: BTreeMap<String, String>,
    /// Where the page stands.
    pub(crate) path: String,
    page: Option<Answer>,
}

impl Window {
    /// The page.
    pub(crate) fn page(&self) -> &Answer {
        self.page.as_ref().expect("a page")
    }

    /// The page as text, without the marks around what was put into sentences.
    pub(crate) fn text(&self) -> String {
        self.page().text().chars().filter(|letter| !matches!(letter, '\u{2066}'..='\u{2069}')).collect()
    }

    /// Fails unless the page stands here and shows this.
    #[track_caller]
    pub(crate) fn shows(&self, path: &str, text: &str) {
        assert!(
            self.path == path && self.text().contains(text),
            "{} does not show {text:?}:\n{}",
            self.path,
            self.text()
        );
    }

    /// Goes to an address.
    pub(crate) async fn go(&mut self, path: &str) {
        self.ask("GET", path, None).await;
    }

    /// Sends a form with these fields.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) {
        let token = self.hidden("csrf");
        let fields = fields.iter().copied().chain([("csrf", token.as_str())]);
        let body = serde_urlencoded::to_string(fields.collect::<Vec<_>>()).expect("a form");
        self.ask("POST", path, Some(("application/x-www-form-urlencoded".to_owned(), body.into_bytes()))).await;
    }

    /// Sends a form with files.
    pub(crate) async fn send_files(&mut self, path: &str, fill: impl FnOnce(Form) -> Form) {
        let form = fill(Form::default().text("csrf", &self.hidden("csrf")));
        self.ask("POST", path, Some(form.body())).await;
    }

    /// Sends a form with files and whatever token.
    pub(crate) async fn send_files_as(&mut self, path: &str, form: &Form) {
        self.ask("POST", path, Some(form.body())).await;
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let text = self.page().text();
        let rest =
            text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}:\n{text}"));
        rest.split('"').next().expect("a value").to_owned()
    }

    async fn ask(&mut self, method: &str, path: &str, body: Option<(String, Vec<u8>)>) {
        let mut answer = self.once(method, path, body).await;
        self.path = path.to_owned();
        for _ in 0..REDIRECTS_MAX {
            let to = answer.header("location").to_owned();
            if to.is_empty() {
                break;
            }
            answer = self.once("GET", &to, None).await;
            self.path = to;
        }
        self.page = Some(answer);
    }

    async fn once(&mut self, method: &str, path: &str, body: Option<(String, Vec<u8>)>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.nobody.request(method, path);
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some((media_type, bytes)) = body {
            request = request.header("content-type", media_type).bytes(bytes);
        }
        let answer = request.send().await;
        for cookie in answer.headers.get_all("set-cookie") {
            let text = cookie.to_str().expect("a cookie");
            let (name, value) = text.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

impl TestApp {
    /// An empty window.
    pub(crate) fn window(&self) -> Window {
        Window { nobody: self.stranger(), cookies: BTreeMap::new(), path: String::new(), page: None }
    }

    /// A window of the customer of this order, who came by the shop's link.
    pub(crate) async fn customer_of(&self, order: &super::orders::Order) -> Window {
        let link = self.shop.post(&format!("{}/link", order.path()), &serde_json::json!({})).await.expect(201).json();
        let url: url::Url = link["url"].as_str().expect("an address").parse().expect("a URL");
        let mut window = self.window();
        window.go(url.path()).await;
        window.send(url.path(), &[]).await;
        window
    }

    /// A window of somebody of the desk.
    pub(crate) async fn signed_in(&self, name: &str) -> Window {
        let mut window = self.window();
        window.go("/login").await;
        let (email, password) = (format!("{name}@desk.example"), format!("a long password of {name}"));
        window.send("/login", &[("email", &email), ("password", &password)]).await;
        window
    }
}
