//! A Chromium of its own for each test, driven over WebDriver.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// The longest that a page takes to show what a test waits for.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// A browser that is open.
pub(super) struct Browser {
    pub(super) client: Client,
    driver: Child,
    _profile: tempfile::TempDir,
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
        let serde_json::Value::Object(capabilities) = capabilities else { panic!("an object") };
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let begun = std::time::Instant::now();
        let client = loop {
            match builder.connect(&address).await {
                Ok(client) => break client,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        Self { client, driver, _profile: profile }
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

    /// Presses such an element where the page has one.
    pub(super) async fn press_if_there(&self, selector: &str) {
        if let Ok(found) = self.client.find(Locator::Css(selector)).await {
            // A page that is being left has nothing to press any more.
            let _left = found.click().await;
        }
    }

    /// Closes it.
    pub(super) async fn close(mut self) {
        self.client.clone().close().await.expect("an end");
        self.driver.kill().expect("a signal");
        self.driver.wait().expect("an end");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that failed before it closed its browser leaves no driver behind; one that closed it has none.
        let _gone = self.driver.kill();
    }
}
