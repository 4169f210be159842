//! Hostile HTTP: whatever is sent, the answer is a document of 4xx with its code, and never 5xx.

use makegood::http::api::routes::{Route, routes};
use serde_json::{Value, json};

use crate::harness::{Answer, Refund, TestApp};

/// What stands on every path; those that are not a route's are refused.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"];

/// Beyond what a body may have (SPEC section 5).
const BODY_BYTES_TOO_MANY: usize = 256 * 1024 + 1;

fn filled(path: &str) -> String {
    path.replace("{order_id}", "nonsense")
        .replace("{refund_id}", "rf_01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .replace("{provider_account}", "simulator")
        .replace("{connector_refund_id}", "sre_1")
}

/// Fails unless this is a refusal that says what is wrong.
#[track_caller]
fn assert_refusal(what: &str, answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{what}: {answer}");
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {answer}");
    assert!(answer.code().starts_with("ERR."), "{what}: {answer}");
}

fn takes_json(route: &Route) -> bool {
    route.about.body.as_ref().is_some_and(|body| body.schema.is_some() && !body.form)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_on_every_route() {
    let app = TestApp::start().await;
    for route in routes() {
        let path = filled(route.path);
        let known: Vec<&str> =
            routes().iter().filter(|other| other.path == route.path).map(|other| other.method.as_str()).collect();
        for method in METHODS {
            let is_known = known.contains(&method) || method == "HEAD" && known.contains(&"GET");
            if is_known {
                continue;
            }
            let answer = app.shop.request(method, &path).send().await;
            assert_eq!(answer.status, 405, "{method} {path}: {answer}");
            let allowed = answer.header("allow").to_owned();
            assert!(known.iter().all(|known| allowed.contains(known)), "{method} {path}: {allowed}");
            if method != "HEAD" {
                answer.refused(405, "ERR.VALIDATION.method");
            }
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_are_no_bodies_on_every_route() {
    let app = TestApp::start().await;
    let deep = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("white space", b"  \n".to_vec()),
        ("no JSON", b"amount=1".to_vec()),
        ("half an object", b"{\"a\":".to_vec()),
        ("two objects", b"{}{}".to_vec()),
        ("null", b"null".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a number", b"1".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("an empty object", b"{}".to_vec()),
        ("no UTF-8", b"{\"note\":\"\xff\xfe\"}".to_vec()),
        ("UTF-16", b"\xff\xfe{\0}\0".to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{}".to_vec()),
        ("a lone surrogate", b"{\"note\":\"\\ud800\"}".to_vec()),
        ("depth", deep(40).into_bytes()),
        ("great depth", deep(100_000).into_bytes()),
        ("a huge number", format!("{{\"amount_minor\":{}}}", "9".repeat(5_000)).into_bytes()),
        ("an infinite number", b"{\"amount_minor\":1e999}".to_vec()),
        ("not a number", b"{\"amount_minor\":NaN}".to_vec()),
        ("size", vec![b' '; BODY_BYTES_TOO_MANY]),
        ("a repeated field", b"{\"currency\":\"USD\",\"currency\":\"USD\"}".to_vec()),
        ("a NUL", b"{\"note\":\"\\u0000\"}".to_vec()),
    ];
    for route in routes().iter().filter(|route| takes_json(route)) {
        for (what, body) in &bodies {
            let request = app.shop.request(route.method.as_str(), &filled(route.path));
            let request = request.header("idempotency-key", "nonsense").header("content-type", "application/json");
            let answer = request.bytes(body.clone()).send().await;
            assert_refusal(&format!("{what} to {}", route.path), &answer);
            if *what == "size" {
                answer.refused(413, "ERR.VALIDATION.size");
            }
        }
    }
    assert_eq!(app.number("count(*) FROM orders").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_types_and_encodings_that_are_not_understood() {
    let app = TestApp::start().await;
    let order = app.order("media").push().await;
    let body = json!({"amount_minor": 1_000, "currency": "USD", "reason": "quality"}).to_string();
    let post = |key: &str| app.shop.request("POST", &order.refunds_path()).header("idempotency-key", key);
    for media_type in
        ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", "json", "*/*"]
    {
        let answer = post("media").header("content-type", media_type).bytes(body.clone()).send().await;
        answer.refused(415, "ERR.VALIDATION.media_type");
    }
    post("media").bytes(body.clone()).send().await.refused(415, "ERR.VALIDATION.media_type");
    for encoding in ["gzip", "br", "deflate", "nonsense"] {
        let request = post("media").header("content-type", "application/json").header("content-encoding", encoding);
        let answer = request.bytes(body.clone()).send().await;
        assert_refusal(encoding, &answer);
    }
    for charset in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
        post("media").header("content-type", charset).bytes(body.clone()).send().await.expect(202);
    }
    assert_eq!(app.number("count(*) FROM refunds").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_and_repeated_fields_of_a_create_are_refused_by_name() {
    let app = TestApp::start().await;
    let order = app.order("fields").push().await;
    let post = |body: &str| {
        let request = app.shop.request("POST", &order.refunds_path()).header("idempotency-key", "fields");
        request.header("content-type", "application/json").bytes(body)
    };
    for (body, pointer) in [
        (r#"{"amount_minor":1,"currency":"USD","reason":"quality","amount":1}"#, "#/amount"),
        (r#"{"amount_minor":1,"currency":"USD","reason":"quality","Amount_minor":1}"#, "#/Amount_minor"),
        (
            r#"{"amount_minor":1,"currency":"USD","reason":"quality","lines":[{"line_id":"1","price":1}]}"#,
            "#/lines/0/price",
        ),
        (r#"{"amount_minor":1,"currency":"USD","reason":"quality","a/b~c":1}"#, "#/a~1b~0c"),
        (r#"{"amount_minor":1,"amount_minor":2,"currency":"USD","reason":"quality"}"#, "#/amount_minor"),
        (r#"{"amount_minor":1,"currency":"USD","reason":"quality","metadata":{"a":"1","a":"2"}}"#, "#/metadata/a"),
        (r#"{"amount_minor":1,"\u0061mount_minor":2,"currency":"USD","reason":"quality"}"#, "#/amount_minor"),
    ] {
        post(body).send().await.refused(400, "ERR.VALIDATION.body").at(pointer);
    }
    assert_eq!(app.number("count(*) FROM refunds").await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_and_headers_that_are_tricks() {
    let app = TestApp::start().await;
    let order = app.order("a b/c%2Fü").body();
    let put = app.shop.request("PUT", "/v1/orders/a%20b%2Fc%252F%C3%BC").json(&order).send().await;
    let put = put.expect(201);
    assert_eq!(put.json()["order_id"], "a b/c%2Fü");
    app.shop.get("/v1/orders/a%20b%2Fc%252F%C3%BC").await.expect(200);
    for path in [
        "/v1/refunds/..%2F..%2Fetc%2Fpasswd",
        "/v1/refunds/%00",
        "/v1/refunds/%ff%fe",
        "/v1/refunds/rf_01ARZ3NDEKTSV4RRFFQ69G5FAV%20",
        "/v1/refunds/' OR '1'='1",
        "/v1/orders/%0d%0aset-cookie:%20a=b",
        "//v1/refunds",
        "/v1/refunds/",
        "/v1//refunds",
        "/V1/refunds",
        "/v1/refunds;a=b",
    ] {
        let answer = app.shop.get(&path.replace(' ', "%20")).await;
        assert!((400..500).contains(&answer.status), "{path}: {answer}");
        assert!(!answer.header("set-cookie").contains("a=b"), "{path}");
    }
    let flood = app.shop.request("GET", "/v1/refunds").header("x-flood", vec![b'a'; 17 * 1024]).send().await;
    assert!([400, 431].contains(&flood.status), "{flood}");
    let many = (0..60).fold(app.shop.request("GET", "/v1/refunds"), |request, number| {
        request.header(&format!("x-flood-{number}"), vec![b'a'; 400])
    });
    let many = many.send().await;
    assert!([400, 431].contains(&many.status), "{many}");
    app.shop.get("/v1/refunds").await.expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_types_in_every_place_of_every_example() {
    let app = TestApp::start().await;
    let wrong = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("\u{7}"),
        json!([]),
        json!({}),
        json!([[1]]),
        json!("x".repeat(3_000)),
    ];
    for route in routes().iter().filter(|route| takes_json(route)) {
        let Some(about) = &route.about.body else { continue };
        let example = (about.example)();
        for pointer in places(&example, "") {
            for value in &wrong {
                let mut body = example.clone();
                *body.pointer_mut(&pointer).unwrap() = value.clone();
                let request = app.shop.request(route.method.as_str(), &filled(route.path));
                let answer = request.header("idempotency-key", "types").json(&body).send().await;
                assert!(answer.status < 500, "{value} at {pointer}: {answer}");
                if answer.status >= 400 {
                    assert_refusal(&format!("{value} at {pointer}"), &answer);
                }
            }
        }
    }
    app.finish().await;
}

/// Every place in a document that holds a value, as JSON pointers.
fn places(value: &Value, at: &str) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let mut found: Vec<String> = inner.iter().map(|(at, _)| at.clone()).collect();
    found.extend(inner.iter().flat_map(|(at, value)| places(value, at)));
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_examples_of_the_reference_work() {
    let app = TestApp::start().await;
    let document = app.stranger().get("/v1/openapi.json").await.expect(200).json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", document["openapi"]);
    for route in routes() {
        let path = &document["paths"][route.path];
        assert!(
            path[route.method.as_str().to_lowercase()].is_object(),
            "{} {} is undocumented",
            route.method,
            route.path
        );
    }
    let example = |id: &str| {
        let route = routes().iter().find(|route| route.about.id == id).unwrap_or_else(|| panic!("no route {id}"));
        (route.about.body.as_ref().unwrap().example)()
    };
    app.shop.request("PUT", "/v1/orders/1001").json(&example("push-order")).send().await.expect(201);
    let request = app.shop.request("POST", "/v1/orders/1001/refunds").header("idempotency-key", "example");
    let refund = Refund::of(&request.json(&example("request-refund")).send().await.expect(202));
    app.until(&refund, "completed").await;
    let order = app.order("1002").push().await;
    let reviewed = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let agent = app.agent("agent").await;
    let id = "decide-refund";
    agent.decide(&reviewed, example(id)).await.expect(200);
    app.until(&reviewed, "completed").await;
    app.finish().await;
}
