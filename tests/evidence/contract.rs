//! The API's contract, as the desk serves it: whole, and the part about refunds.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value, json};

use crate::bundle::Bundle;
use crate::story::Stage;

const SCHEMAS: &str = "#/components/schemas/";

/// Calls of the brief, which have to be there.
const CALLS: [(&str, &str); 7] = [
    ("/v1/orders/{order_id}/refunds", "post"),
    ("/v1/orders/{order_id}/refunds", "get"),
    ("/v1/refunds/{refund_id}", "get"),
    ("/v1/refunds/{refund_id}/decision", "post"),
    ("/v1/refunds/{refund_id}/submit", "post"),
    ("/v1/refunds/{refund_id}/events", "get"),
    ("/webhooks/payments", "post"),
];

/// Writes both.
pub(crate) async fn write(bundle: &Bundle, stage: &Stage) -> Result<()> {
    let document = stage.stranger.get("/v1/openapi.json").await?.expect(200)?.json()?;
    for (path, method) in CALLS {
        ensure!(document["paths"][path][method].is_object(), "{method} {path} is not in the contract");
    }
    bundle.write_json("contract/openapi.json", "The whole OpenAPI 3.1 document", &document)?;
    bundle.write_json(
        "contract/openapi-refunds.json",
        "The paths of refunds and webhooks, with their schemas",
        &excerpt(&document)?,
    )
}

fn excerpt(document: &Value) -> Result<Value> {
    let about_refunds =
        |path: &&String| path.contains("refunds") && !path.starts_with("/simulator") || path.starts_with("/webhooks");
    let all = document["paths"].as_object().context("a contract without paths")?;
    let paths: Map<String, Value> =
        all.iter().filter(|(path, _)| about_refunds(path)).map(|(path, item)| (path.clone(), item.clone())).collect();
    let paths = Value::Object(paths);
    let mut names = BTreeSet::new();
    let mut waiting = named(&paths);
    while let Some(name) = waiting.pop() {
        if names.insert(name.clone()) {
            waiting.extend(named(&document["components"]["schemas"][name]));
        }
    }
    let schemas: Map<String, Value> =
        names.into_iter().map(|name| (name.clone(), document["components"]["schemas"][name].clone())).collect();
    Ok(json!({
        "openapi": document["openapi"], "info": document["info"], "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": document["components"]["securitySchemes"]},
    }))
}

/// The schemas that a part of the document refers to.
fn named(part: &Value) -> Vec<String> {
    match part {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(SCHEMAS));
            own.map(str::to_owned).into_iter().chain(members.values().flat_map(named)).collect()
        }
        Value::Array(items) => items.iter().flat_map(named).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}
