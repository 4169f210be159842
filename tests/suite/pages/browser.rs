//! A Chromium of its own for each test, driven over WebDriver.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// The longest that a page takes to show what a test waits for.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks for what a test waits for.
const PAUSE: Duration = Duration::from_millis(50);

/// A browser that is open.
pub(super) struct Browser {
    pub(super) client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
}

/// The window that a page is looked at in, and the colours that its device prefers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Width in CSS pixels.
    pub(super) width: u32,
    /// Height in CSS pixels.
    pub(super) height: u32,
    /// Whether the device prefers dark colours.
    pub(super) dark: bool,
}

impl Browser {
    /// Opens one, with scripts or without.
    pub(super) async fn open(scripts: bool) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, which tests/run installs");
        let profile = tempfile::tempdir().expect("a folder");
        let scripts_setting = if scripts { 1 } else { 2 };
        let capabilities = json!({"goog:chromeOptions": {
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--window-size=760,1000",
                format!("--user-data-dir={}", profile.path().display()),
            ],
            "prefs": {"profile.managed_default_content_settings.javascript": scripts_setting},
        }});
        let Value::Object(capabilities) = capabilities else { panic!("an object") };
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let begun = Instant::now();
        let client = loop {
            match builder.connect(&address).await {
                Ok(client) => break client,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        Self { client, driver, _profile: profile }
    }

    /// Goes to an address.
    pub(super) async fn go(&self, address: &str) {
        self.client.goto(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// The path of the page that is shown.
    pub(super) async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// The text of the first such element.
    pub(super) async fn text(&self, selector: &str) -> String {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.unwrap_or_else(|error| panic!("{selector}: {error}")).text().await.expect("a text")
    }

    /// Whether such an element is on the page now.
    pub(super) async fn shows(&self, selector: &str) -> bool {
        !self.client.find_all(Locator::Css(selector)).await.expect("a page").is_empty()
    }

    /// Waits until such an element is on the page.
    pub(super) async fn until_shows(&self, selector: &str) {
        let begun = Instant::now();
        while !self.shows(selector).await {
            let page = async || format!("{}: {}", self.path().await, self.text("main").await);
            assert!(begun.elapsed() < PATIENCE, "{selector} did not come; shown is {}", page().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until a script finds that it is so.
    pub(super) async fn until(&self, script: &str) {
        let begun = Instant::now();
        while self.run(script).await != json!(true) {
            assert!(begun.elapsed() < PATIENCE, "never so: {script}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Presses the first such element. One that a live page replaced before it could be pressed is looked for again.
    pub(super) async fn press(&self, selector: &str) {
        let begun = Instant::now();
        loop {
            let found = self.client.find(Locator::Css(selector)).await;
            let found = found.unwrap_or_else(|error| panic!("{selector}: {error}"));
            match found.click().await {
                Ok(()) => return,
                Err(error) if error.is_stale_element_reference() && begun.elapsed() < PATIENCE => {}
                Err(error) => panic!("{selector}: {error}"),
            }
        }
    }

    /// Presses such an element where the page has one.
    pub(super) async fn press_if_there(&self, selector: &str) {
        if let Ok(found) = self.client.find(Locator::Css(selector)).await {
            // A page that is being left has nothing to press any more.
            let _left = found.click().await;
        }
    }

    /// Types into the first such field what stands there then.
    pub(super) async fn fill(&self, selector: &str, text: &str) {
        let found = self.client.find(Locator::Css(selector)).await;
        let found = found.unwrap_or_else(|error| panic!("{selector}: {error}"));
        found.clear().await.expect("a field");
        found.send_keys(text).await.expect("a field");
    }

    /// Presses these keys one after the other, wherever the focus is.
    pub(super) async fn keys(&self, keys: &str) {
        let strokes = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |strokes, value| {
            strokes.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(strokes).await.expect("a keyboard");
    }

    /// Runs a script in the page and gives back what it returns.
    pub(super) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a script that hands what it found to its last argument, a function.
    pub(super) async fn run_for(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Looks at the page in another window.
    pub(super) async fn look(&self, look: Look) {
        let size = json!({"width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Looks at the page as it would be on paper, or on the screen again.
    pub(super) async fn paper(&self, on: bool) {
        self.devtools("Emulation.setEmulatedMedia", json!({"media": if on { "print" } else { "" }})).await;
    }

    /// The page as a PDF, in A4.
    pub(super) async fn printed(&self) -> Vec<u8> {
        let size = json!({"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true});
        let done = self.client.issue_cmd(DevTools { cmd: "Page.printToPDF", params: size }).await;
        let data = done.unwrap_or_else(|error| panic!("a PDF: {error}"))["data"].as_str().expect("bytes").to_owned();
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).expect("base64")
    }

    /// Closes it.
    pub(super) async fn close(mut self) {
        self.client.clone().close().await.expect("an end");
        self.driver.kill().expect("a signal");
        self.driver.wait().expect("an end");
    }

    async fn devtools(&self, cmd: &'static str, params: Value) {
        let done = self.client.issue_cmd(DevTools { cmd, params }).await;
        done.unwrap_or_else(|error| panic!("{cmd}: {error}"));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that failed before it closed its browser leaves no driver behind; one that closed it has none.
        let _gone = self.driver.kill();
    }
}

/// A command to Chromium's own tools, which WebDriver has no word for.
#[derive(Debug)]
struct DevTools {
    cmd: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _request_url: &url::Url) -> (reqwest::Method, Option<String>) {
        let body = json!({"cmd": self.cmd, "params": self.params});
        (reqwest::Method::POST, Some(body.to_string()))
    }
}
