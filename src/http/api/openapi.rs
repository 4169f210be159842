//! The OpenAPI 3.1 document, made from the table of routes and the types that they read and write.

use actix_web::HttpResponse;
use actix_web::http::Method;
use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AdditionalProperties, SchemaType, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, Content, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder, Schema, ServerBuilder,
};

use super::call::Call;
use super::routes::{About, Access, Parameter, Route, SchemaAbout, routes as table};
use crate::http::limits::Work;
use crate::http::problem::{self, MEDIA_TYPE};
use crate::l10n::{Args, Lang, Locale};
use crate::services::refusal::{Code, Refusal};

/// Headings of the reference, in order.
pub const TAGS: [&str; 4] = ["orders", "refunds", "events", "desk"];
/// Name of the security scheme.
const BEARER: &str = "bearer";

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: "/v1/openapi.json",
        access: Access::Public("who writes a client has no token yet; the document tells nothing about customers"),
        work: Work::Read,
        replays: false,
        about: About::new("desk", "openapi").answers_plainly(200),
        handle: |call| Box::pin(show(call)),
    }]
}

async fn show(call: Call) -> Result<HttpResponse, Refusal> {
    let document = document(call.edge.l10n.lang(Locale::DEFAULT), &call.edge.public_url);
    Ok(HttpResponse::Ok().json(document))
}

/// The document for a desk that is reached at `public_url`, with texts in this language.
pub fn document(lang: Lang<'_>, public_url: &str) -> OpenApi {
    let say = |id: &str| lang.plain(id, &Args::new());
    let mut paths = Paths::new();
    let mut schemas = Vec::new();
    collect(SchemaAbout::of::<ProblemDocument>(), &mut schemas);
    for route in table() {
        for schema in route.about.body.iter().filter_map(|body| body.schema) {
            collect(schema, &mut schemas);
        }
        for schema in route.about.answers.iter().filter_map(|answer| answer.schema) {
            collect(schema, &mut schemas);
        }
        paths.add_path_operation(route.path, vec![http_method(&route.method)], operation(route, lang));
    }
    let mut components = Components::new();
    components.schemas = schemas.into_iter().map(|(name, schema)| (name, closed(schema))).collect();
    components.add_security_scheme(BEARER, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let info = InfoBuilder::new()
        .title(say("docs-title"))
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(say("docs-about")))
        .build();
    let tags = TAGS.map(|tag| TagBuilder::new().name(tag).description(Some(say(&format!("docs-tag-{tag}")))).build());
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(public_url).build()]))
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

/// The codes with which a route refuses: its own and those that come with guard, body and limits.
pub fn codes(route: &Route) -> Vec<Code> {
    let mut codes = route.about.refuses.to_vec();
    if matches!(route.access, Access::Token(..)) {
        codes.extend([Code::Authentication, Code::Scope]);
    }
    if route.about.body.is_some() {
        codes.extend([Code::Body, Code::TooLarge, Code::MediaType]);
    }
    if route.work != Work::Unlimited {
        codes.extend([Code::Rate, Code::Unavailable]);
    }
    codes.sort_by_key(|code| (problem::shape(*code).status, *code));
    codes.dedup();
    codes
}

/// The parameters in a path, in order.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// The Fluent id of a parameter's text.
pub fn parameter_text(name: &str) -> String {
    format!("docs-parameter-{}", name.to_ascii_lowercase().replace('_', "-"))
}

fn operation(route: &Route, lang: Lang<'_>) -> Operation {
    let say = |id: &str| lang.plain(id, &Args::new());
    let about = &route.about;
    let mut operation = OperationBuilder::new()
        .tag(about.tag)
        .operation_id(Some(about.id))
        .summary(Some(say(&format!("docs-{}", about.id))))
        .description(Some(say(&format!("docs-{}-about", about.id))));
    for name in path_parameters(route.path) {
        let text = say(&parameter_text(name));
        operation = operation.parameter(parameter(name, ParameterIn::Path, true, text));
    }
    for Parameter { name, header, required } in about.parameters.iter().copied() {
        let place = if header { ParameterIn::Header } else { ParameterIn::Query };
        operation = operation.parameter(parameter(name, place, required, say(&parameter_text(name))));
    }
    if let Some(body) = &about.body {
        let required = if body.required { Required::True } else { Required::False };
        let mut content = Content::new(body.schema.map(reference));
        content.example = Some((body.example)());
        let media_type = if body.form { "multipart/form-data" } else { "application/json" };
        let body = RequestBodyBuilder::new().content(media_type, content).required(Some(required));
        operation = operation.request_body(Some(body.build()));
    }
    for answer in &about.answers {
        let mut response = ResponseBuilder::new().description(say("docs-answer-success"));
        if let Some(schema) = answer.schema {
            response = response.content("application/json", Content::new(Some(reference(schema))));
        }
        operation = operation.response(answer.status.to_string(), response.build());
    }
    for (status, response) in refusals(route, lang) {
        operation = operation.response(status, response);
    }
    if let Access::Token(scope, _) = route.access {
        operation = operation.security(SecurityRequirement::new(BEARER, [scope.as_str()]));
    }
    operation.build()
}

/// One response a status; its description lists the codes with their sentences.
fn refusals(route: &Route, lang: Lang<'_>) -> Vec<(String, Response)> {
    let mut by_status: Vec<(u16, Vec<String>)> = Vec::new();
    for code in codes(route) {
        let shape = problem::shape(code);
        let line = format!("`{code}`: {}", lang.plain(shape.message_id, &Args::new()));
        match by_status.last_mut().filter(|(status, _)| *status == shape.status.as_u16()) {
            Some((_, lines)) => lines.push(line),
            None => by_status.push((shape.status.as_u16(), vec![line])),
        }
    }
    by_status
        .into_iter()
        .filter(|(status, _)| !route.about.answers.iter().any(|answer| answer.status == *status))
        .map(|(status, lines)| {
            let content = Content::new(Some(reference(SchemaAbout::of::<ProblemDocument>())));
            let response = ResponseBuilder::new().description(lines.join("\n\n")).content(MEDIA_TYPE, content);
            (status.to_string(), response.build())
        })
        .collect()
}

fn parameter(name: &str, place: ParameterIn, required: bool, text: String) -> utoipa::openapi::path::Parameter {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if required { Required::True } else { Required::False })
        .description(Some(text))
        .schema(Some(Schema::Object(schema)))
        .build()
}

fn reference(schema: SchemaAbout) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name((schema.name)()))
}

fn collect(schema: SchemaAbout, schemas: &mut Vec<(String, RefOr<Schema>)>) {
    (schema.collect)(schemas);
}

/// An object takes no members beside its own, unless it is a free map.
fn closed(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(object)) = &mut schema
        && !object.properties.is_empty()
    {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    }
    schema
}

fn http_method(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        "PATCH" => HttpMethod::Patch,
        _ => HttpMethod::Get,
    }
}

/// Why a request was not carried out (RFC 9457), with facts that help to mend it beside these members.
#[derive(ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Where it is explained.
    pub r#type: String,
    /// A short name.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong, in the language of `Accept-Language`.
    pub detail: String,
    /// The path of the request.
    pub instance: String,
    /// The stable code.
    pub code: String,
    /// The dotted message id of `detail`.
    pub message_id: String,
    /// Ties log, trail and answer together.
    pub correlation_id: String,
    /// Whether the same request may succeed later, unchanged.
    pub retryable: bool,
    /// The fields at fault.
    pub errors: Option<Vec<ProblemField>>,
}

/// One field at fault.
#[derive(ToSchema)]
pub struct ProblemField {
    /// JSON pointer as a fragment (`#/amount_minor`), or the name of a parameter or header.
    pub pointer: String,
    /// The code of this fault.
    pub code: String,
    /// What is wrong with it and what is allowed.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::l10n::L10n;

    fn english() -> (L10n, Value) {
        let l10n = L10n::embedded().unwrap();
        let document = serde_json::to_value(document(l10n.lang(Locale::En), "https://desk.example")).unwrap();
        (l10n, document)
    }

    #[test]
    fn every_route_is_documented_in_every_language() {
        let (l10n, document) = english();
        super::document(l10n.lang(Locale::Ar), "https://desk.example");
        assert_eq!(l10n.faults(), Vec::<String>::new());
        assert_eq!(document["openapi"], "3.1.0");
        for route in table() {
            let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
            assert_eq!(operation["operationId"], route.about.id);
            assert!(TAGS.contains(&route.about.tag));
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    members.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| references(value, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let (_, document) = english();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn operation_ids_are_unique() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(table().iter().all(|route| seen.insert(route.about.id)));
    }
}
