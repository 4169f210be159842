//! From the composition root to a server that listens: what requests share is taken from the `App`, and everything that
//! has an address is mounted here.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web;

use super::api::routes;
use super::auth::{KnownToken, Tokens};
use super::edge::{Edge, FindToken};
use super::health::{Readiness, Ready, WorkerHealth};
use super::limits::{Limits, Rates};
pub use super::pages::frame::Environment;
use super::pages::site::Site;
use super::pages::{self, error};
use super::server;
use crate::app::App;
use crate::services::{readiness, tokens};

/// A database that has not answered by then does not answer.
const READINESS_DEADLINE: Duration = Duration::from_secs(2);

/// Which ribbon the pages of this desk carry.
pub fn environment(app: &App) -> Environment {
    if app.config.is_live() { Environment::Live } else { Environment::Test }
}

/// Serves the desk on a listener until the server is stopped.
pub fn open(app: &Arc<App>, listener: TcpListener, environment: Environment) -> io::Result<Server> {
    let desk = web::Data::from(Arc::clone(&app.desk));
    let edge = edge(app);
    let pages = pages::configure(Site::of(app, environment), edge.secure());
    server::run(listener, web::Data::new(edge), move |service| {
        service.app_data(desk.clone()).configure(routes::configure).configure(pages.clone());
    })
}

/// What all requests share, as this desk has it.
pub fn edge(app: &Arc<App>) -> Edge {
    let limits = app.config.limits;
    let proxies = app.config.trusted_proxies.clone();
    Edge {
        public_url: app.public_url().to_owned(),
        live: app.config.is_live(),
        trusts: Box::new(move |address| proxies.iter().any(|network| network.contains(&address))),
        limits: Limits::new(Rates {
            create_per_second: limits.create_per_second,
            decide_per_second: limits.decide_per_second,
            read_per_second: limits.read_per_second,
            sign_in_per_minute: limits.sign_in_per_minute,
        }),
        l10n: Arc::clone(&app.l10n),
        clock: app.clock.clone(),
        ids: app.ids.clone(),
        tokens: Tokens::default(),
        find_token: find_token(app),
        readiness: readiness(app),
        origin_salt: app.desk.keys.origin,
        error_page: Some(error::answer),
    }
}

fn find_token(app: &Arc<App>) -> FindToken {
    let (desk, clock) = (Arc::clone(&app.desk), app.clock.clone());
    Box::new(move |token_hash| {
        let (desk, now) = (Arc::clone(&desk), clock.now());
        Box::pin(async move {
            let found = tokens::recognise(&desk, token_hash.clone(), now).await?;
            Ok(found.map(|token| KnownToken {
                actor: token.actor,
                token_hash,
                expires_at: token.expires_at,
                revoked_at: token.revoked_at,
            }))
        })
    })
}

fn readiness(app: &Arc<App>) -> Readiness {
    let app = Arc::clone(app);
    Box::new(move || {
        let app = Arc::clone(&app);
        Box::pin(async move {
            let checked = tokio::time::timeout(READINESS_DEADLINE, readiness::check(&app.desk)).await;
            let (database, migrations) = checked.map_or((false, false), |found| (found.database, found.migrations));
            let workers = app.health.all().into_iter().map(|(name, line)| WorkerHealth {
                name: name.to_owned(),
                state: line.state.as_str().to_owned(),
                restarts: line.restarts,
            });
            Ready { ready: database && migrations, database, migrations, workers: workers.collect() }
        })
    })
}
