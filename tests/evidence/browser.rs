//! A real Chromium: pages are opened, filled in and pressed over WebDriver, and photographed in every size and scheme.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// The longest that a page takes to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Widths and heights of windows: a desk's and a telephone's.
const WINDOWS: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// How wide the browser's own window is. Narrower pages are shown as on a telephone, or what is written from right to
/// left would be cut.
const WINDOW: u32 = 1280;

const SCHEMES: [&str; 2] = ["light", "dark"];

/// A browser that is open.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

/// A picture of a page.
pub(crate) struct Shot {
    /// `light` or `dark`.
    pub(crate) scheme: &'static str,
    /// The window's width.
    pub(crate) width: u32,
    /// As PNG.
    pub(crate) png: Vec<u8>,
}

impl Browser {
    /// Opens one that nobody has used.
    pub(crate) async fn open() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver cannot be started; `tests/run tools` installs it")?;
        let profile = tempfile::tempdir()?;
        let capabilities = json!({"goog:chromeOptions": {"args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,800", format!("--user-data-dir={}", profile.path().display()),
        ]}});
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let mut browser = Opening { driver: Some(driver) };
        let begun = Instant::now();
        let client = loop {
            match builder.connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => break client,
                Err(error) => ensure!(begun.elapsed() < PATIENCE, "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let driver = browser.driver.take().context("a driver")?;
        Ok(Self { client, driver, _profile: profile })
    }

    /// Opens a page.
    pub(crate) async fn go(&self, url: &str) -> Result<()> {
        self.client.goto(url).await.with_context(|| format!("{url} does not open"))
    }

    /// The path of the page that is open.
    pub(crate) async fn path(&self) -> Result<String> {
        Ok(self.client.current_url().await?.path().to_owned())
    }

    /// Waits until the page has such an element.
    pub(crate) async fn wait_for(&self, selector: &str) -> Result<()> {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.map(drop).with_context(|| format!("{selector} does not come"))
    }

    /// Types into a field.
    pub(crate) async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let field = self.client.find(Locator::Css(selector)).await.with_context(|| format!("no field {selector}"))?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Presses everything that is such.
    pub(crate) async fn press_all(&self, selector: &str) -> Result<()> {
        for element in self.client.find_all(Locator::Css(selector)).await? {
            element.click().await?;
        }
        Ok(())
    }

    /// Presses a button that leads to another page, and waits until that page is there.
    pub(crate) async fn press(&self, selector: &str) -> Result<()> {
        let before = self.path().await?;
        let button = self.client.find(Locator::Css(selector)).await;
        button.with_context(|| format!("no button {selector} at {before}"))?.click().await?;
        let begun = Instant::now();
        while self.path().await? == before {
            ensure!(begun.elapsed() < PATIENCE, "{before} is not left; it says: {}", self.text("main").await?);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.wait_for("main").await
    }

    /// The text of an element.
    pub(crate) async fn text(&self, selector: &str) -> Result<String> {
        Ok(self.client.find(Locator::Css(selector)).await?.text().await?)
    }

    /// What a script returns.
    pub(crate) async fn script(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// The values of all cookies, which are secrets of this browser.
    pub(crate) async fn cookies(&self) -> Result<Vec<String>> {
        let cookies = self.client.get_all_cookies().await?;
        Ok(cookies.iter().map(|cookie| cookie.value().to_owned()).filter(|value| value.len() > 16).collect())
    }

    /// Photographs the page that is open, whole, in every window and scheme. A page that has to be scrolled sideways is a
    /// failure.
    pub(crate) async fn shots(&self) -> Result<Vec<Shot>> {
        let mut shots = Vec::new();
        for (width, height) in WINDOWS {
            self.tell(
                "Emulation.setDeviceMetricsOverride",
                json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < WINDOW}),
            )
            .await?;
            let needed = self.script("return document.scrollingElement.scrollWidth").await?;
            ensure!(needed.as_u64() <= Some(u64::from(width)), "{} is {needed} wide at {width}", self.path().await?);
            for scheme in SCHEMES {
                shots.push(Shot { scheme, width, png: self.shot(scheme, width).await? });
            }
        }
        Ok(shots)
    }

    /// Opens a page in a window of this width and photographs it, whole.
    pub(crate) async fn picture_of(&self, url: &str, width: u32) -> Result<Vec<u8>> {
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < WINDOW}),
        )
        .await?;
        self.go(url).await?;
        self.shot("light", width).await
    }

    async fn shot(&self, scheme: &str, width: u32) -> Result<Vec<u8>> {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.tell("Emulation.setEmulatedMedia", json!({"features": features})).await?;
        let height = self.script("return document.documentElement.scrollHeight").await?;
        let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
        let wish = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let taken = self.tell("Page.captureScreenshot", wish).await?;
        STANDARD.decode(taken["data"].as_str().unwrap_or_default()).context("a picture that is none")
    }

    /// A command of the DevTools protocol.
    async fn tell(&self, command: &'static str, parameters: Value) -> Result<Value> {
        self.client.issue_cmd(DevTools { command, parameters }).await.with_context(|| format!("{command} failed"))
    }

    /// Closes it.
    pub(crate) async fn close(self) -> Result<()> {
        self.client.clone().close().await.context("the browser does not close")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        end(&mut self.driver);
    }
}

/// A driver whose browser is not there yet.
struct Opening {
    driver: Option<Child>,
}

impl Drop for Opening {
    fn drop(&mut self) {
        if let Some(driver) = &mut self.driver {
            end(driver);
        }
    }
}

fn end(driver: &mut Child) {
    // One that has gone by itself needs no end.
    let _gone = driver.kill();
    let _reaped = driver.wait();
}

#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"cmd": self.command, "params": self.parameters}).to_string()))
    }
}
