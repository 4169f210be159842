//! One node: the server, the workers and the embedded simulator, in this process, put together as `makegood serve` does.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use makegood::app::{App, Purpose};
use makegood::config::Config;
use makegood::http::opening;
use makegood::telemetry::metrics;
use makegood::workers::{self, Workers};
use tokio::task::JoinHandle;

use super::quiet::eventually;

/// What a node has under way ends within this time.
const END_TIMEOUT: Duration = Duration::from_secs(20);

/// A running node.
pub(super) struct Node {
    /// Everything, put together.
    pub(super) app: Arc<App>,
    /// Where it is reached, without a slash at the end.
    pub(super) base: String,
    server: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    workers: Mutex<Option<Workers>>,
}

impl Node {
    /// Starts one on a port of the system's choice; its workers too, unless the configuration turns them off.
    pub(super) async fn start(config: Config) -> Self {
        metrics::start();
        let listener = TcpListener::bind(config.listen).expect("a port");
        let address = listener.local_addr().expect("an address");
        let works = config.workers;
        let app = App::build(config, Purpose::Serve { address }).await.unwrap_or_else(|error| panic!("{error}"));
        let server = opening::open(&app, listener, opening::environment(&app)).expect("a server");
        let node = Self {
            base: app.public_url().to_owned(),
            server: server.handle(),
            serving: tokio::spawn(server),
            workers: Mutex::new(None),
            app,
        };
        if works {
            node.begin_work();
        }
        node
    }

    /// Starts the workers.
    pub(super) fn begin_work(&self) {
        let started = workers::start(&self.app);
        let before = self.workers.lock().expect("no panic").replace(started);
        assert!(before.is_none(), "the workers are at work already");
    }

    /// Stops everything, in the order of `makegood serve`.
    pub(super) async fn stop(self) {
        let workers = self.workers.lock().expect("no panic").take();
        let work = async {
            if let Some(workers) = workers {
                workers.stop().await;
            }
        };
        tokio::join!(self.server.stop(true), work);
        self.serving.await.expect("no panic").expect("a good end");
        self.app.stop().await;
        // What still runs for this node, such as a last look at a file, holds its folder until it is through.
        let app = Arc::downgrade(&self.app);
        drop(self.app);
        assert!(eventually(END_TIMEOUT, async || app.strong_count() == 0).await, "the node does not end");
    }
}
