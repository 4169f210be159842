//! The API reference: every call with its parameters, body, answers, refusals and a `curl` that works as it stands.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Value;

use super::fields::{self, Field};
use super::sample_call;
use crate::http::api::openapi::{self, TAGS};
use crate::http::api::routes::{Access, Route, SchemaAbout, routes};
use crate::http::edge::Edge;
use crate::http::pages::frame::Page;
use crate::http::pages::{reader, visit};
use crate::http::problem::shape;
use crate::l10n::Locale;
use crate::services::refusal::{Code, Refusal};

/// The page.
#[derive(Template)]
#[template(path = "docs/reference.html")]
pub struct Reference {
    /// The frame.
    pub page: Page,
    /// Calls by what they are about.
    pub chapters: Vec<Chapter>,
}

/// Calls about one thing.
pub struct Chapter {
    /// Its word, for addresses within the page.
    pub tag: &'static str,
    /// Its name.
    pub name: String,
    /// The calls.
    pub calls: Vec<CallView>,
}

/// One call.
pub struct CallView {
    /// Its word, for addresses within the page.
    pub id: &'static str,
    /// Its name.
    pub name: String,
    /// What it does.
    pub about: String,
    /// The method.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The scope that a token needs; none where no token is needed.
    pub scope: Option<&'static str>,
    /// Parameters of path, query and headers.
    pub parameters: Vec<ParameterView>,
    /// The members of the body.
    pub body: Vec<Field>,
    /// What it answers where it succeeds.
    pub answers: Vec<AnswerView>,
    /// With what it refuses.
    pub refusals: Vec<RefusalView>,
    /// The call as it is typed into a shell.
    pub curl: String,
}

/// A parameter of a path, a query or a header.
pub struct ParameterView {
    /// Its name.
    pub name: &'static str,
    /// Id of the text that says where it stands.
    pub place: &'static str,
    /// Whether it has to be there.
    pub required: bool,
    /// What it is.
    pub about: String,
}

/// A successful answer.
pub struct AnswerView {
    /// Its status.
    pub status: u16,
    /// The members of its body.
    pub fields: Vec<Field>,
}

/// A refusal.
pub struct RefusalView {
    /// Its status.
    pub status: u16,
    /// Its code.
    pub code: &'static str,
    /// Where it is explained.
    pub href: String,
    /// What it means.
    pub about: String,
}

/// Shows the reference.
pub async fn show(request: HttpRequest, edge: web::Data<Edge>) -> Result<HttpResponse, Refusal> {
    let page = reader::page(&request)?;
    let document = openapi::document(edge.l10n.lang(Locale::DEFAULT), &edge.public_url);
    let document = serde_json::to_value(document).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let screen = Reference { chapters: chapters(&page, &document, &edge.public_url), page: page.clone() };
    visit::shown(&screen, &page)
}

/// Every call by chapter, in the order of the table.
pub fn chapters(page: &Page, document: &Value, public_url: &str) -> Vec<Chapter> {
    let chapter = |tag: &'static str| Chapter {
        tag,
        name: page.t(format!("docs-tag-{tag}")),
        calls: routes()
            .iter()
            .filter(|route| route.about.tag == tag)
            .map(|route| call(page, document, public_url, route))
            .collect(),
    };
    TAGS.into_iter().map(chapter).collect()
}

fn call(page: &Page, document: &Value, public_url: &str, route: &'static Route) -> CallView {
    let members = |schema: Option<SchemaAbout>| {
        schema.map(|schema| fields::of_schema(document, &(schema.name)())).unwrap_or_default()
    };
    let about = &route.about;
    CallView {
        id: about.id,
        name: page.t(format!("docs-{}", about.id)),
        about: page.t(format!("docs-{}-about", about.id)),
        method: route.method.to_string(),
        path: route.path,
        scope: match route.access {
            Access::Token(scope, _) => Some(scope.as_str()),
            Access::Public(_) => None,
        },
        parameters: parameters(page, route),
        body: members(about.body.as_ref().and_then(|body| body.schema)),
        answers: about
            .answers
            .iter()
            .map(|answer| AnswerView { status: answer.status, fields: members(answer.schema) })
            .collect(),
        refusals: openapi::codes(route).into_iter().map(|code| refusal(page, code)).collect(),
        curl: sample_call::curl(route, public_url),
    }
}

fn parameters(page: &Page, route: &'static Route) -> Vec<ParameterView> {
    let view =
        |name, place, required| ParameterView { name, place, required, about: page.t(openapi::parameter_text(name)) };
    let in_path = openapi::path_parameters(route.path).map(|name| view(name, "docs-in-path", true));
    let beside = route.about.parameters.iter().map(|parameter| {
        let place = if parameter.header { "docs-in-header" } else { "docs-in-query" };
        view(parameter.name, place, parameter.required)
    });
    in_path.chain(beside).collect()
}

fn refusal(page: &Page, code: Code) -> RefusalView {
    let shape = shape(code);
    RefusalView {
        status: shape.status.as_u16(),
        code: code.as_str(),
        href: format!("/problems/{}", shape.slug),
        about: page.t(shape.message_id),
    }
}
