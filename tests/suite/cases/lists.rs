//! Lists: filters, pages, and what is asked of them wrongly.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Refund, TestApp};

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|item| item["refund_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_every_refund_once_newest_first() {
    let app = TestApp::start().await;
    let mut asked = Vec::new();
    for number in 0..7 {
        let order = app.order(&format!("list-{number}")).push().await;
        asked.push(app.shop.ask(&order).amount(1_000).reason("other").accepted().await.id);
    }
    let (mut path, mut seen) = ("/v1/refunds?limit=3".to_owned(), Vec::new());
    for page in 0..3 {
        let answer = app.shop.get(&path).await.expect(200);
        let shown = answer.json();
        seen.extend(ids(&shown));
        assert_eq!(shown["has_more"], page < 2, "page {page}");
        assert_eq!(answer.header("link").contains("rel=\"next\""), page < 2, "{}", answer.header("link"));
        if page < 2 {
            path = format!("/v1/refunds?limit=3&cursor={}", shown["next_cursor"].as_str().unwrap());
            let told = answer.header("link").split('<').find(|part| part.contains("rel=\"next\"")).unwrap();
            let told = told.split('>').next().unwrap();
            let followed = app.shop.get(told.trim_start_matches(&app.bases()[0])).await.expect(200).json();
            assert_eq!(ids(&followed), ids(&app.shop.get(&path).await.expect(200).json()));
        }
    }
    asked.reverse();
    assert_eq!(seen, asked);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_narrow_and_pages_keep_them() {
    let app = TestApp::start().await;
    let order = app.order("filters").push().await;
    let completed = app.shop.ask(&order).amount(1_000).accepted().await;
    app.until(&completed, "completed").await;
    let waiting = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let found = async |query: &str| -> BTreeSet<String> {
        ids(&app.shop.get(&format!("/v1/refunds?{query}")).await.expect(200).json()).into_iter().collect()
    };
    let only = |refund: &Refund| BTreeSet::from([refund.id.clone()]);
    let both = BTreeSet::from([completed.id.clone(), waiting.id.clone()]);
    assert_eq!(found("state=completed").await, only(&completed));
    assert_eq!(found("state=requested&reason=other").await, only(&waiting));
    assert_eq!(found("reason=goodwill").await, BTreeSet::new());
    assert_eq!(found("provider_account=simulator").await, both);
    assert_eq!(found("provider_account=stripe-eu").await, BTreeSet::new());
    let today = app.now().strftime("%Y-%m-%d").to_string();
    assert_eq!(found(&format!("created_from={today}&created_to={today}")).await, both);
    assert_eq!(found("created_to=2020-01-01").await, BTreeSet::new());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_parameters_are_named() {
    let app = TestApp::start().await;
    for (query, parameter) in [
        ("state=done", "state"),
        ("reason=because", "reason"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("cursor=nonsense", "cursor"),
        ("created_from=yesterday", "created_from"),
        ("created_to=2026-13-01", "created_to"),
        ("color=red", "color"),
        ("limit=1&limit=2", "limit"),
    ] {
        app.shop.get(&format!("/v1/refunds?{query}")).await.refused(400, "ERR.VALIDATION.body").at(parameter);
    }
    app.finish().await;
}
