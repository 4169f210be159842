//! The one table of routes: what is mounted, what is guarded, what is documented and what the law test reads.
//!
//! A route cannot be written down without saying who may use it, how it is counted and how it is documented.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse, guard};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::call::Call;
use super::guard::serve;
use crate::domain::access::{Permission, Scope};
use crate::http::edge::Edge;
use crate::http::limits::Work;
use crate::http::server::nothing_here;
use crate::services::refusal::{Code, Refusal};

/// What a handler answers.
pub type Answer = Pin<Box<dyn Future<Output = Result<HttpResponse, Refusal>>>>;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Tokens with this scope, which gives this permission.
    Token(Scope, Permission),
    /// Everybody; says why.
    Public(&'static str),
}

/// One route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// How it is counted.
    pub work: Work,
    /// Whether a repeated request is answered before limits are looked at.
    pub replays: bool,
    /// How it is documented.
    pub about: About,
    /// What it does.
    pub handle: fn(Call) -> Answer,
}

/// How a route is documented. Texts come from Fluent: `docs-{id}` names it, `docs-{id}-about` says what it does.
#[derive(Clone)]
pub struct About {
    /// Its name in clients and addresses: lower case with dashes.
    pub id: &'static str,
    /// Under which heading: `orders`, `refunds`, `events`, `desk`.
    pub tag: &'static str,
    /// Headers and query parameters.
    pub parameters: &'static [Parameter],
    /// The body that it takes.
    pub body: Option<BodyAbout>,
    /// What it answers where it succeeds.
    pub answers: Vec<AnswerAbout>,
    /// The codes with which it refuses, beside those that every route has.
    pub refuses: &'static [Code],
}

/// A header or query parameter. Its text is `docs-parameter-{name}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a header.
    pub header: bool,
    /// Whether it has to be there.
    pub required: bool,
}

/// A body that a route takes.
#[derive(Clone)]
pub struct BodyAbout {
    /// Its schema, or `None` where it is raw.
    pub schema: Option<SchemaAbout>,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether it is a form with files, which the handler reads as it comes.
    pub form: bool,
    /// An example that works.
    pub example: fn() -> serde_json::Value,
}

/// An answer of a route.
#[derive(Clone)]
pub struct AnswerAbout {
    /// Its status.
    pub status: u16,
    /// Its schema, or `None` where it has no body or no JSON.
    pub schema: Option<SchemaAbout>,
}

/// A schema by name, with those that it refers to.
#[derive(Clone, Copy)]
pub struct SchemaAbout {
    /// The schema's name.
    pub name: fn() -> Cow<'static, str>,
    /// Adds the schema and those that it refers to.
    pub collect: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl SchemaAbout {
    /// The schema of a type.
    pub fn of<T: ToSchema>() -> Self {
        Self {
            name: T::name,
            collect: |schemas| {
                schemas.push((T::name().into_owned(), T::schema()));
                T::schemas(schemas);
            },
        }
    }
}

impl About {
    /// A route's documentation, without parameters, body and refusals of its own.
    pub fn new(tag: &'static str, id: &'static str) -> Self {
        Self { id, tag, parameters: &[], body: None, answers: Vec::new(), refuses: &[] }
    }

    /// With these headers and query parameters.
    pub fn parameters(self, parameters: &'static [Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// With a JSON body.
    pub fn body<T: ToSchema>(self, example: fn() -> serde_json::Value) -> Self {
        Self {
            body: Some(BodyAbout { schema: Some(SchemaAbout::of::<T>()), required: true, form: false, example }),
            ..self
        }
    }

    /// With a form that carries files.
    pub fn form<T: ToSchema>(self, example: fn() -> serde_json::Value) -> Self {
        let schema = Some(SchemaAbout::of::<T>());
        Self { body: Some(BodyAbout { schema, required: true, form: true, example }), ..self }
    }

    /// Whether the body is a form that carries files.
    pub fn takes_form(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.form)
    }

    /// With a body that is taken as it comes.
    pub fn raw_body(self, example: fn() -> serde_json::Value) -> Self {
        Self { body: Some(BodyAbout { schema: None, required: true, form: false, example }), ..self }
    }

    /// With an answer in JSON.
    pub fn answers<T: ToSchema>(mut self, status: u16) -> Self {
        self.answers.push(AnswerAbout { status, schema: Some(SchemaAbout::of::<T>()) });
        self
    }

    /// With an answer that has no JSON.
    pub fn answers_plainly(mut self, status: u16) -> Self {
        self.answers.push(AnswerAbout { status, schema: None });
        self
    }

    /// With these refusals.
    pub fn refuses(self, refuses: &'static [Code]) -> Self {
        Self { refuses, ..self }
    }
}

impl Parameter {
    /// A header that may be missing.
    pub const fn header(name: &'static str) -> Self {
        Self { name, header: true, required: false }
    }

    /// A query parameter that may be missing.
    pub const fn query(name: &'static str) -> Self {
        Self { name, header: false, required: false }
    }

    /// The same, and it has to be there.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// Every route of the API, of the webhooks and of what operators ask.
pub fn routes() -> &'static [Route] {
    static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
        let mut routes = super::orders::routes();
        routes.push(super::create::route());
        routes.push(super::evidence::route());
        routes.extend(super::refunds::routes());
        routes.extend(super::decisions::routes());
        routes.extend(crate::http::webhooks::routes());
        routes.extend(super::openapi::routes());
        routes.extend(crate::http::health::routes());
        routes.push(crate::http::simulator::route());
        routes
    });
    &ROUTES
}

/// Mounts the table: each path once, with its methods, and 405 with `Allow` for all others.
pub fn configure(service: &mut web::ServiceConfig) {
    let mut paths: BTreeMap<&'static str, Vec<&'static Route>> = BTreeMap::new();
    for route in routes() {
        paths.entry(route.path).or_default().push(route);
    }
    for (path, routes) in paths {
        service.service(resource(path, routes));
    }
    // What is left under these is for programs too, and none of the pages' business.
    for rest in ["/v1/{rest:.*}", "/webhooks/{rest:.*}"] {
        service.service(web::resource(rest).default_service(web::to(nothing_here)));
    }
}

fn resource(path: &'static str, routes: Vec<&'static Route>) -> actix_web::Resource {
    let allowed = routes.iter().map(|route| methods(route)).collect::<Vec<_>>().join(", ");
    let mut resource = web::resource(path);
    for route in routes {
        let handler =
            move |request: HttpRequest, payload: Payload, edge: web::Data<Edge>| serve(route, request, payload, edge);
        resource = resource.route(guarded(&route.method).to(handler));
    }
    resource.default_service(web::to(move || {
        let refusal = Refusal::new(Code::Method).with("allowed_methods", allowed.clone());
        async move { Err::<HttpResponse, Refusal>(refusal) }
    }))
}

/// GET answers HEAD too.
fn guarded(method: &Method) -> actix_web::Route {
    if *method == Method::GET {
        web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
    } else {
        web::method(method.clone())
    }
}

fn methods(route: &Route) -> &str {
    if route.method == Method::GET { "GET, HEAD" } else { route.method.as_str() }
}
