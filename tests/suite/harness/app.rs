//! The desk under test: where it runs, who calls it, what time it is, and how a test ends.

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use makegood::app::{App, Purpose};
use makegood::config::{Config, Sources};
use makegood::domain::access::Principal;
use makegood::domain::secret::Secret;
use makegood::services::{Context, Desk};
use reqwest::Client;
use tempfile::TempDir;

use super::caller::Caller;
use super::database::{Database, Engine};
use super::node::Node;
use super::orders::OrderBuilder;
use super::post::PostOffice;

/// What the simulated processor signs its webhooks with.
pub(super) const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The desk's key; the same at all nodes. 32 bytes.
const SECRET_KEY: &str = "bWFrZWdvb2Qtc3VpdGUtc2VjcmV0LTMyLWJ5dGVzISE=";

/// A desk on a database of its own, with a shop that uses it.
pub(crate) struct TestApp {
    /// A shop whose token may do everything.
    pub(crate) shop: Caller,
    /// Another shop, a principal of its own.
    pub(crate) other_shop: Caller,
    nodes: Vec<Node>,
    config: Config,
    client: Client,
    /// The mail server that it hands its letters to; else they land in a folder.
    pub(super) post: Option<PostOffice>,
    // Dropped last: the nodes stand on them.
    database: Database,
    _folder: TempDir,
}

impl TestApp {
    /// A desk as it is shipped, with a processor that answers at once.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A desk whose configuration was changed.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::create(folder.path());
        let mut config = config(&folder, &database);
        change(&mut config);
        let node = Node::start(config.clone()).await;
        let client = client();
        let nobody = Caller::new("nobody", None, &node.base, client.clone());
        let mut app = Self {
            shop: nobody.clone(),
            other_shop: nobody,
            nodes: vec![node],
            config,
            client,
            post: None,
            database,
            _folder: folder,
        };
        app.shop = app.merchant("shop").await;
        app.other_shop = app.merchant("other-shop").await;
        app
    }

    /// A desk that hands its letters to a mail server.
    pub(crate) async fn mailing(post: &PostOffice) -> Self {
        let url = Secret::new(post.url());
        let mut app = Self::start_with(|config| config.smtp_url = Some(url)).await;
        app.post = Some(post.clone());
        app
    }

    /// A desk that runs on two nodes where the engine is PostgreSQL, and on one where it is SQLite.
    pub(crate) async fn replicated() -> Self {
        Self::replicated_with(|_| {}).await
    }

    /// The same with another configuration.
    pub(crate) async fn replicated_with(change: impl FnOnce(&mut Config)) -> Self {
        let mut app = Self::start_with(change).await;
        if Engine::chosen() == Engine::Postgres {
            app.second_node().await;
        }
        app
    }

    /// One more node over the same database, which has to be PostgreSQL.
    async fn second_node(&mut self) {
        let node = Node::start(self.config.clone()).await;
        self.nodes.push(node);
    }

    /// Stops the desk and starts it again, on one node, with another configuration.
    pub(crate) async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        for node in self.nodes.drain(..) {
            node.stop().await;
        }
        change(&mut self.config);
        let node = Node::start(self.config.clone()).await;
        self.shop = self.shop.at(&node.base);
        self.other_shop = self.other_shop.at(&node.base);
        self.nodes.push(node);
    }

    /// The desk as one command at the shell opens it, beside the nodes that serve.
    pub(crate) async fn command(&self) -> Arc<App> {
        App::build(self.config.clone(), Purpose::Command).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Lets the workers of a desk begin that was started without them.
    pub(crate) fn begin_work(&self) {
        self.node().begin_work();
    }

    /// The addresses of all nodes.
    pub(crate) fn bases(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.base.clone()).collect()
    }

    /// Starts an order.
    pub(crate) fn order(&self, id: &str) -> OrderBuilder {
        OrderBuilder::new(&self.shop, id, &self.now().to_string())
    }

    /// Business time.
    pub(crate) fn now(&self) -> Timestamp {
        self.node().app.clock.now()
    }

    /// Moves business time on, at every node.
    pub(crate) fn shift_clock(&self, by: SignedDuration) {
        for node in &self.nodes {
            node.app.clock.shift(by);
        }
    }

    /// The use cases' desk, for what has no route.
    pub(crate) fn desk(&self) -> &Arc<Desk> {
        &self.node().app.desk
    }

    /// The context of a call by this principal, now.
    pub(crate) fn context(&self, principal: Principal) -> Context {
        self.node().app.context(principal)
    }

    /// Waits until no work is left, checks what must always hold, and stops.
    pub(crate) async fn finish(self) {
        self.finish_leaving(&[]).await;
    }

    /// The same for a test that leaves work of these kinds behind on purpose; see [`TestApp::quiet_but`].
    pub(crate) async fn finish_leaving(mut self, left: &[&str]) {
        self.quiet_but(left).await;
        self.check_invariants().await;
        for node in self.nodes.drain(..) {
            node.stop().await;
        }
    }

    /// Where the desk keeps what is not in its database.
    pub(crate) fn data_folder(&self) -> &Path {
        &self.config.data_dir
    }

    pub(super) fn node(&self) -> &Node {
        self.nodes.first().expect("a node")
    }

    /// Where its database is, as `DATABASE_URL` says it.
    pub(super) fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Where the first node is reached, and with what.
    pub(super) fn reached_by(&self) -> (String, Client) {
        (self.node().base.clone(), self.client.clone())
    }

    pub(super) fn caller(&self, name: &str, token: Option<String>) -> Caller {
        Caller::new(name, token, &self.node().base, self.client.clone())
    }
}

fn config(folder: &TempDir, database: &Database) -> Config {
    let sources = Sources { working_folder: folder.path().to_owned(), ..Sources::default() }
        .with_flag("listen", "127.0.0.1:0")
        .with_flag("data_dir", folder.path().display().to_string())
        .with_flag("database_url", &database.url)
        .with_flag("secret_key", SECRET_KEY)
        .with_flag("simulator.webhook_delay_ms", "30");
    let mut config = Config::load(&sources).unwrap_or_else(|refusal| panic!("{refusal}")).config;
    // In a test this program is the suite, which draws nothing.
    config.evidence.program = env!("CARGO_BIN_EXE_makegood").into();
    for account in &mut config.providers {
        account.settings.webhook_secret = Some(Secret::new(WEBHOOK_SECRET.to_owned()));
    }
    config
}

/// A client that follows nothing and asks no proxy.
pub(crate) fn client() -> Client {
    // Where the desk runs in this process it has installed the same already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([]);
    builder.build().expect("a client")
}
