//! What every request meets, whatever it asks for: the boundary and the guard, over the real table of routes.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{App, web};
use serde_json::Value;

use super::api::routes;
use super::edge::Edge;
use super::limits::Rates;
use super::sample::{ASKER, READER, UNLUCKY, edge, edge_at};
use super::server::{boundary, nothing_here};

/// Asks the same edge one after the other.
async fn ask_all(edge: Edge, requests: Vec<TestRequest>) -> Vec<Told> {
    let app = App::new()
        .app_data(web::Data::new(edge))
        .configure(routes::configure)
        .default_service(web::to(nothing_here))
        .wrap(from_fn(boundary));
    let service = init_service(app).await;
    let mut answers = Vec::new();
    for request in requests {
        answers.push(told(service.call(request.to_request()).await.unwrap()).await);
    }
    answers
}

struct Told {
    status: u16,
    headers: actix_web::http::header::HeaderMap,
    document: Value,
}

impl Told {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn code(&self) -> &str {
        self.document["code"].as_str().unwrap_or_default()
    }
}

async fn ask(edge: Edge, request: TestRequest) -> Told {
    ask_all(edge, vec![request]).await.remove(0)
}

async fn told(answer: ServiceResponse<impl MessageBody>) -> Told {
    let status = answer.status().as_u16();
    let headers = answer.headers().clone();
    let document = serde_json::from_slice(&read_body(answer).await).unwrap_or_default();
    Told { status, headers, document }
}

fn bearer(request: TestRequest, token: &str) -> TestRequest {
    request.insert_header(("Authorization", format!("Bearer {token}")))
}

const CREATE: &str = "/v1/orders/1001/refunds";

#[actix_web::test]
async fn what_is_not_there_is_told_as_a_document() {
    for path in
        ["/v1/nothing", "/v1/refunds/", "/v1/openapi.json/", "/webhooks/", "//", "/v1/%ff", "/v1/orders/%2e%2e/x"]
    {
        let told = ask(edge(), TestRequest::get().uri(path)).await;
        assert_eq!((told.status, told.code()), (404, "ERR.NOT_FOUND.path"), "{path}");
        assert_eq!(told.header("content-type"), "application/problem+json");
        assert_eq!(told.document["type"], "https://desk.example/problems/not-found-path");
        assert_eq!(told.document["correlation_id"], told.header("x-correlation-id"));
    }
}

#[actix_web::test]
async fn a_wrong_method_names_the_right_ones() {
    for request in [TestRequest::delete(), TestRequest::patch(), TestRequest::put()] {
        let told = ask(edge(), request.uri(CREATE)).await;
        assert_eq!((told.status, told.code()), (405, "ERR.VALIDATION.method"));
        assert!(told.header("allow").contains("POST"), "{}", told.header("allow"));
    }
}

#[actix_web::test]
async fn every_guarded_route_wants_a_token_and_its_scope() {
    for route in routes::routes() {
        let path =
            route.path.replace("{order_id}", "1").replace("{refund_id}", "rf_1").replace("{provider_account}", "x");
        let request = || TestRequest::default().method(route.method.clone()).uri(&path);
        let routes::Access::Token(scope, _) = route.access else { continue };
        let nobody = ask(edge(), request()).await;
        assert_eq!((nobody.status, nobody.code()), (401, "ERR.AUTHN.required"), "{path}");
        assert!(nobody.header("www-authenticate").starts_with("Bearer"));
        let unlucky = ask(edge(), bearer(request(), UNLUCKY)).await;
        assert_eq!((unlucky.status, unlucky.header("retry-after")), (503, "1"), "{path}");
        let unknown = ask(edge(), bearer(request(), "mg_unknown")).await;
        assert_eq!(unknown.status, 401, "{path}");
        for (token, own) in [(READER, "refunds:read"), (ASKER, "refunds:create")] {
            if scope.as_str() != own {
                let told = ask(edge(), bearer(request(), token)).await;
                assert_eq!((told.status, told.code()), (403, "ERR.AUTHZ.scope"), "{} {path} {token}", route.method);
            }
        }
    }
}

#[actix_web::test]
async fn a_sane_correlation_id_comes_back_and_another_is_replaced() {
    let sent = |value: &'static str| TestRequest::get().uri("/healthz").insert_header(("X-Correlation-Id", value));
    assert_eq!(ask(edge(), sent("order-42/try-1")).await.header("x-correlation-id"), "order-42/try-1");
    assert_eq!(ask(edge(), sent("two words")).await.header("x-correlation-id").len(), 26);
    assert_eq!(ask(edge(), TestRequest::get().uri("/healthz")).await.header("x-correlation-id").len(), 26);
}

#[actix_web::test]
async fn every_answer_is_protected() {
    for path in ["/healthz", "/v1/nothing"] {
        let told = ask(edge(), TestRequest::get().uri(path)).await;
        for name in
            ["content-security-policy", "x-content-type-options", "referrer-policy", "strict-transport-security"]
        {
            assert!(!told.header(name).is_empty(), "{path} {name}");
        }
    }
}

#[actix_web::test]
async fn large_headers_are_refused_before_anything_else() {
    let large = HeaderValue::from_str(&"x".repeat(17_000)).unwrap();
    let told =
        ask(edge(), TestRequest::get().uri("/healthz").insert_header((HeaderName::from_static("x-a"), large))).await;
    assert_eq!((told.status, told.code()), (431, "ERR.VALIDATION.size"));
}

#[actix_web::test]
async fn a_body_is_judged_before_the_desk_sees_it() {
    let post = |kind: &'static str, body: Vec<u8>| {
        bearer(TestRequest::post().uri(CREATE), ASKER)
            .insert_header(("Idempotency-Key", "k-1"))
            .insert_header(("Content-Type", kind))
            .set_payload(body)
    };
    for (kind, body, status, code) in [
        ("text/plain", b"{}".to_vec(), 415, "ERR.VALIDATION.media_type"),
        ("application/json", Vec::new(), 400, "ERR.VALIDATION.body"),
        ("application/json", b"{\"currency\":\"USD\",\"currency\":\"EUR\"}".to_vec(), 400, "ERR.VALIDATION.body"),
        ("application/json", b"[]".to_vec(), 400, "ERR.VALIDATION.body"),
        ("application/json", b"{\"currency\":\"USD\",\"reason\":\"x\"}".to_vec(), 400, "ERR.VALIDATION.reason"),
        (
            "application/json",
            b"{\"amount_minor\":0,\"currency\":\"USD\",\"reason\":\"other\"}".to_vec(),
            400,
            "ERR.VALIDATION.amount.range",
        ),
        ("application/json", vec![b' '; 256 * 1024 + 1], 413, "ERR.VALIDATION.size"),
    ] {
        let told = ask(edge(), post(kind, body)).await;
        assert_eq!((told.status, told.code()), (status, code), "{}", told.document);
    }
    let without_key = bearer(TestRequest::post().uri(CREATE), ASKER).set_json(serde_json::json!({}));
    assert_eq!(ask(edge(), without_key).await.code(), "ERR.VALIDATION.idempotency_key");
    let unknown = bearer(TestRequest::post().uri("/v1/orders/1001/refunds?dryrun=true"), ASKER);
    assert_eq!(ask(edge(), unknown).await.document["errors"][0]["pointer"], "dryrun");
}

#[actix_web::test]
async fn a_nul_in_a_path_names_nothing() {
    let request = bearer(TestRequest::post().uri("/v1/orders/a%00b/refunds?dry_run=true"), ASKER)
        .set_json(serde_json::json!({"currency": "USD", "reason": "other"}));
    assert_eq!(ask(edge(), request).await.code(), "ERR.NOT_FOUND.order");
}

#[actix_web::test]
async fn the_answer_speaks_the_callers_language() {
    let told =
        ask(edge(), TestRequest::get().uri("/v1/nothing").insert_header(("Accept-Language", "ar-EG, en;q=0.5"))).await;
    assert_eq!(told.header("content-language"), "ar");
    assert!(!told.document["detail"].as_str().unwrap().is_ascii());
}

#[actix_web::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let rates = Rates { create_per_second: 1, decide_per_second: 0, read_per_second: 1, sign_in_per_minute: 0 };
    let preview = || {
        bearer(TestRequest::post().uri("/v1/orders/1001/refunds?dry_run=true"), ASKER)
            .set_json(serde_json::json!({"currency": "USD", "reason": "other"}))
    };
    let over = ask_all(edge_at(rates), (0..5).map(|_| preview()).collect()).await.remove(4);
    assert_eq!((over.status, over.code()), (429, "ERR.LIMIT.rate"));
    assert_eq!(over.header("ratelimit-policy"), "\"create\";q=4;w=4");
    assert!(!over.header("retry-after").is_empty() && over.header("ratelimit").contains("r=0"));
    let guess = || bearer(TestRequest::post().uri(CREATE), "mg_guess");
    let guesses = ask_all(edge_at(rates), (0..5).map(|_| guess()).collect()).await;
    let statuses: Vec<u16> = guesses.iter().map(|told| told.status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 429]);
}

#[actix_web::test]
async fn a_process_that_cannot_serve_says_so() {
    let told = ask(edge(), TestRequest::get().uri("/readyz")).await;
    assert_eq!((told.status, &told.document["database"]), (503, &Value::Bool(false)));
    assert_eq!(ask(edge(), TestRequest::get().uri("/healthz")).await.document["status"], "alive");
}
