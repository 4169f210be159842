//! What every answer carries, who may ask for what, and how versions are agreed on.

use makegood::domain::access::Scope;
use makegood::http::api::routes::{Access, routes};
use serde_json::json;

use crate::harness::{Answer, Refund, TestApp};

/// The path of a route with its parameters filled in.
fn filled(path: &str) -> String {
    path.replace("{order_id}", "nobodys")
        .replace("{refund_id}", "rf_01ARZ3NDEKTSV4RRFFQ69G5FAV")
        .replace("{provider_account}", "simulator")
        .replace("{connector_refund_id}", "sre_1")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_has_a_correlation_id_and_protections() {
    let app = TestApp::start().await;
    let told = app.shop.request("GET", "/v1/refunds").header("x-correlation-id", "my-own-7").send().await.expect(200);
    assert_eq!(told.header("x-correlation-id"), "my-own-7");
    let made = app.shop.get("/v1/refunds").await.expect(200);
    assert!(!made.header("x-correlation-id").is_empty());
    let nowhere = app.stranger().get("/v1/nowhere").await.refused(404, "ERR.NOT_FOUND.path");
    for answer in [told, made, nowhere] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.header("content-security-policy").is_empty());
        assert!(!answer.header("referrer-policy").is_empty());
    }
    let hostile = app.shop.request("GET", "/v1/refunds").header("x-correlation-id", vec![b'a'; 2_000]).send().await;
    assert!(hostile.header("x-correlation-id").len() < 300);

    let order = app.order("conversation").push().await;
    let body = json!({"amount_minor": 1_000, "currency": "USD", "reason": "not_received"});
    let asked = app.shop.request("POST", &order.refunds_path()).header("x-correlation-id", "from-the-browser");
    let asked = asked.header("idempotency-key", "conversation").json(&body).send().await.expect(202);
    let refund = Refund::of(&asked);
    app.until(&refund, "completed").await;
    let events = app.shop.get(&format!("{}/events", refund.path())).await.expect(200).json();
    let ids: Vec<&str> =
        events["data"].as_array().unwrap().iter().filter_map(|event| event["correlation_id"].as_str()).collect();
    assert!(ids.len() >= 4 && ids.iter().all(|id| *id == "from-the-browser"), "{events:#}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_asks_for_its_scope() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let all: Vec<Scope> = Scope::ALL.to_vec();
    let mut seen = 0;
    for route in routes() {
        let (method, path) = (route.method.as_str(), filled(route.path));
        let Access::Token(scope, _) = route.access else { continue };
        seen += 1;
        let anonymous = stranger.request(method, &path).send().await.refused(401, "ERR.AUTHN.required");
        assert!(anonymous.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
        let others: Vec<Scope> = all.iter().copied().filter(|other| *other != scope).collect();
        let name = format!("all but {scope} for {method} {path}");
        let lacking = app.token(&name, &others, None).await;
        lacking.request(method, &path).send().await.refused(403, "ERR.AUTHZ.scope");
        let holder = app.token(&format!("only {scope} for {method} {path}"), &[scope], None).await;
        let answer = holder.request(method, &path).send().await;
        assert!(![401, 403].contains(&answer.status) && answer.status < 500, "{answer}");
    }
    assert!(seen >= 10, "{seen} routes take a token");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_are_no_tokens_are_refused_alike() {
    let app = TestApp::start().await;
    let good = app.shop.token.clone().unwrap();
    for value in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {good}x"),
        format!("Bearer {}", &good[..good.len() - 1]),
        format!("Basic {good}"),
        format!("Bearer mg_{}", "x".repeat(5_000)),
        good.clone(),
        "Bearer mg_' OR 1=1 --".to_owned(),
    ] {
        let request = app.stranger().request("GET", "/v1/refunds").header("authorization", value.clone());
        request.send().await.refused(401, "ERR.AUTHN.required");
    }
    let twice = app.stranger().request("GET", "/v1/refunds").header("authorization", format!("Bearer {good}"));
    twice.header("authorization", format!("Bearer {good}")).send().await.refused(401, "ERR.AUTHN.required");
    app.stranger()
        .request("GET", "/v1/refunds")
        .header("authorization", format!("bearer {good}"))
        .send()
        .await
        .expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_ends_when_it_says_so() {
    let app = TestApp::start().await;
    let until = (app.now() + jiff::SignedDuration::from_hours(1)).as_microsecond();
    let guest = app.token("guest", &[Scope::RefundsRead], None).await;
    app.execute(&format!("UPDATE api_tokens SET expires_at = {until} WHERE name = 'guest'")).await.unwrap();
    guest.get("/v1/refunds").await.expect(200);
    app.shift_clock(jiff::SignedDuration::from_mins(61));
    guest.get("/v1/refunds").await.refused(401, "ERR.AUTHN.required");
    app.shop.get("/v1/refunds").await.expect(200);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_are_tags() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let order = app.order("tags").push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let shown = app.shop.get(&refund.path()).await.expect(200);
    let tag = shown.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    let known = |tag: &str| app.shop.request("GET", &refund.path()).header("if-none-match", tag);
    for same in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        let answer = known(&same).send().await.expect(304);
        assert_eq!((answer.header("etag"), answer.bytes.len()), (tag.as_str(), 0));
    }
    known("\"other\"").send().await.expect(200);

    let decide = |tag: &str| {
        let request = agent.request("POST", &format!("{}/decision", refund.path())).header("if-match", tag);
        request.json(&json!({"decision": "approve"}))
    };
    decide("\"other\"").send().await.refused(412, "ERR.CONFLICT.version");
    let decided = decide(&tag).send().await.expect(200);
    assert_ne!(decided.header("etag"), tag);
    known(&tag).send().await.expect(200);
    decide(&tag).send().await.refused(412, "ERR.CONFLICT.version");
    app.until(&refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_speak_the_callers_language() {
    let app = TestApp::start().await;
    let speak = async |language: &str| -> Answer {
        app.shop.request("GET", "/v1/refunds/nonsense").header("accept-language", language).send().await
    };
    let english = speak("en").await.refused(404, "ERR.NOT_FOUND.refund");
    let arabic = speak("ar, en;q=0.5").await.refused(404, "ERR.NOT_FOUND.refund");
    assert_eq!((english.header("content-language"), arabic.header("content-language")), ("en", "ar"));
    let detail = |answer: &Answer| answer.json()["detail"].as_str().unwrap().to_owned();
    assert_ne!(detail(&english), detail(&arabic));
    assert!(detail(&arabic).chars().any(|letter| ('\u{600}'..='\u{6ff}').contains(&letter)), "{}", detail(&arabic));
    let unknown = speak("tlh").await;
    assert_eq!(detail(&unknown), detail(&english));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refunds_history_tells_everything_in_order() {
    let app = TestApp::start().await;
    let order = app.order("history").mode("pending_then_succeeded").push().await;
    let refund = app.shop.ask(&order).amount(1_000).accepted().await;
    app.until(&refund, "completed").await;
    app.quiet().await;
    let events = app.shop.get(&format!("{}/events", refund.path())).await.expect(200);
    let data = events.json()["data"].as_array().unwrap().clone();
    let kinds: std::collections::BTreeSet<&str> = data.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    for kind in ["transition", "decision", "provider_call", "webhook", "posting"] {
        assert!(kinds.contains(kind), "{kind} is missing in {kinds:?}");
    }
    let moments: Vec<&str> = data.iter().map(|event| event["at"].as_str().unwrap()).collect();
    assert!(moments.is_sorted(), "{moments:?}");
    let moves: Vec<&str> = data.iter().filter_map(|event| event["details"]["to"].as_str()).collect();
    assert_eq!(moves, ["requested", "approved", "submitting", "provider_pending", "completed"]);
    let tag = events.header("etag");
    let again = app.shop.request("GET", &format!("{}/events", refund.path())).header("if-none-match", tag);
    again.send().await.expect(304);
    app.finish().await;
}
