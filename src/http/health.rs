//! What operators and their machines ask: alive, ready, measured.

use actix_web::HttpResponse;
use actix_web::http::Method;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use utoipa::ToSchema;

use super::api::call::Call;
use super::api::routes::{About, Access, Route};
use super::limits::Work;
use crate::services::refusal::Refusal;
use crate::telemetry::metrics;

/// Tells whether this process can serve.
pub type Readiness = Box<dyn Fn() -> LocalBoxFuture<'static, Ready> + Send + Sync>;

/// Whether this process can serve, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Readiness)]
pub struct Ready {
    /// Whether requests should be sent here: the database answers and its schema is this program's.
    pub ready: bool,
    /// Whether the database answers.
    pub database: bool,
    /// Whether its schema is this program's.
    pub migrations: bool,
    /// The background loops of this process.
    pub workers: Vec<WorkerHealth>,
}

/// A background loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Worker)]
pub struct WorkerHealth {
    /// Which.
    pub name: String,
    /// `running`, `restarting`, `stopped`.
    pub state: String,
    /// How often it was restarted.
    pub restarts: u64,
}

/// Whether the process lives.
#[derive(Serialize, ToSchema)]
#[schema(as = Liveness)]
pub struct Alive {
    /// Always `alive`.
    pub status: &'static str,
    /// The program's version.
    pub version: &'static str,
}

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    let reason = Access::Public("load balancers and monitors have no token; nothing about customers is told");
    let route = |path, about, handle| Route {
        method: Method::GET,
        path,
        access: reason,
        work: Work::Unlimited,
        replays: false,
        about,
        handle,
    };
    vec![
        route("/healthz", About::new("desk", "healthz").answers::<Alive>(200), |call| Box::pin(alive(call))),
        route("/readyz", About::new("desk", "readyz").answers::<Ready>(200).answers::<Ready>(503), |call| {
            Box::pin(ready(call))
        }),
        route("/metrics", About::new("desk", "metrics").answers_plainly(200), |call| Box::pin(measured(call))),
    ]
}

async fn alive(_: Call) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().json(Alive { status: "alive", version: env!("CARGO_PKG_VERSION") }))
}

async fn ready(call: Call) -> Result<HttpResponse, Refusal> {
    let ready = (call.edge.readiness)().await;
    let mut answer = if ready.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    Ok(answer.json(ready))
}

async fn measured(_: Call) -> Result<HttpResponse, Refusal> {
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics::render()))
}
