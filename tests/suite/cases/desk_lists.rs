//! The lists of the desk: what people keep of them, how they are narrowed, the file that they are, and what is told live.

use std::time::Duration;

use makegood::domain::access::Role;

use crate::harness::{TestApp, Worker};

/// What changes is told within this time.
const TOLD_WITHIN: Duration = Duration::from_secs(15);

async fn waiting(app: &TestApp, id: &str, amount_minor: i64) -> String {
    let order = app.order(id).push().await;
    app.shop.ask(&order).amount(amount_minor).reason("other").accepted().await.id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_kept_shared_renamed_and_forgotten_by_who_may() {
    let app = TestApp::start().await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut omar = app.working("omar", Role::Agent).await;
    let mut root = app.working("root", Role::Admin).await;
    let here = "/desk/queue?view=unclaimed&reason=goodwill&currency=usd&min=100";
    amina.go(&format!("{here}&after=1.2.rf_x")).await.is(200);
    let address = amina.shown.hidden("address");
    assert_eq!(address, here.replace('&', "&#38;"));
    amina.send("/desk/views", &[("name", "Large goodwill"), ("address", here)]).await.at(here).says("Large goodwill");
    amina.shown.says("aria-current=\"page\"><bdi>Large goodwill</bdi>");
    omar.go("/desk/queue").await.hides("Large goodwill");

    let id = app.lines("SELECT view_id AS line FROM saved_views").await.remove(0);
    let view = format!("/desk/views/{id}");
    for window in [&mut omar, &mut root] {
        window.go("/desk/views").await.hides("Large goodwill");
        window.send(&view, &[("name", "Taken")]).await.is(404);
        window.go("/desk/views").await;
        window.send(&format!("{view}/forget"), &[]).await.is(404);
    }
    amina.go("/desk/views").await;
    amina
        .send(&view, &[("name", "Goodwill over 100"), ("scope", "team")])
        .await
        .at("/desk/views")
        .says("The view is changed.");
    omar.go("/desk/refunds").await.says("Goodwill over 100");
    omar.go("/desk/views").await.says("For everybody, by amina").hides(&format!("action=\"{view}\""));
    omar.send(&view, &[("name", "Mine now")]).await.is(404);
    root.go("/desk/views").await;
    root.send(&view, &[("name", "Goodwill"), ("scope", "team")]).await.says("The view is changed.");
    amina.go("/desk/views").await;
    amina.send(&view, &[("name", " ")]).await.says("Enter a name for the view").says("Goodwill");
    amina.send(&format!("{view}/forget"), &[]).await.says("The view is deleted.").says("No views are saved yet");
    let actions =
        app.lines("SELECT action AS line FROM audit_records WHERE subject LIKE 'view:%' ORDER BY audit_id").await;
    assert_eq!(actions, ["view.keep", "view.change", "view.change", "view.forget"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_leads_to_our_own_lists_and_nowhere_else() {
    let app = TestApp::start().await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut ada = app.working("ada", Role::Auditor).await;
    for address in ["https://evil.example/", "//evil.example", "/logout", "/desk/queue/next", "javascript:alert(1)", ""]
    {
        amina.go("/desk/views").await;
        amina.send("/desk/views", &[("name", "Look"), ("address", address)]).await.is(422);
        amina.shown.says("Only the queue and the list of refunds can be saved").hides("evil.example");
    }
    let long = "x".repeat(61);
    for (name, said) in
        [("", "Enter a name"), (long.as_str(), "at most 60 characters"), ("a\nb", "at most 60 characters")]
    {
        amina.go("/desk/views").await;
        amina.send("/desk/views", &[("name", name), ("address", "/desk/queue")]).await.is(422).says(said);
        amina.shown.says("value=\"/desk/queue\"");
    }
    // Who changes nothing keeps views for themselves.
    ada.go("/desk/views").await;
    ada.send("/desk/views", &[("name", "Hers"), ("address", "/desk/refunds?state=failed")]).await.is(200);
    ada.go("/desk/views").await;
    ada.send("/desk/views", &[("name", "All"), ("address", "/desk/refunds"), ("scope", "team")]).await.is(403);
    assert_eq!(app.number("count(*) FROM saved_views").await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_narrowed_by_its_address_and_its_counts_lead_to_their_rows() {
    let app = TestApp::start().await;
    let mut amina = app.working("amina", Role::Agent).await;
    let first = waiting(&app, "list-1", 1_000).await;
    let second = waiting(&app, "list-2", 2_000).await;
    let order = app.order("list-3").customer("zoe@buyers.example", "en").push().await;
    let third = app.shop.ask(&order).amount(3_000).accepted().await;
    app.until(&third, "completed").await;
    let has = |window: &Worker, ids: &[&str], not: &[&str]| {
        for id in ids {
            window.shown.says(&format!("href=\"/desk/refunds/{id}\""));
        }
        for id in not {
            window.shown.hides(&format!("href=\"/desk/refunds/{id}\""));
        }
    };
    amina.go("/desk/refunds").await.is(200).says("(3)");
    has(&amina, &[&first, &second, &third.id], &[]);
    amina.shown.says("Requested <span class=\"count\">2</span>").says("Completed <span class=\"count\">1</span>");
    amina.go("/desk/refunds?state=completed&state=failed").await.says("href=\"/desk/refunds?state=failed\"");
    has(&amina, &[&third.id], &[&first, &second]);
    amina
        .go("/desk/refunds?currency=usd&min=15")
        .await
        .says("At least $15.00 USD")
        .says("Requested <span class=\"count\">1</span>");
    has(&amina, &[&second, &third.id], &[&first]);
    amina.go("/desk/refunds?q=list-1").await;
    has(&amina, &[&first], &[&second, &third.id]);
    amina.go("/desk/refunds?q=ZOE%40buyers.example").await;
    has(&amina, &[&third.id], &[&first, &second]);
    amina.go("/desk/refunds?q=nobody%40buyers.example").await.says("No refund matches");
    amina.go("/desk/refunds?owner=me").await.says("No refund matches");
    amina.go("/desk/queue").await;
    amina.send("/desk/queue/claim", &[("refund", &first)]).await.is(200);
    amina.go("/desk/refunds?owner=me").await.says("amina, 10 min left");
    has(&amina, &[&first], &[&second, &third.id]);
    let id = app.lines("SELECT user_id AS line FROM users WHERE email = 'amina@desk.example'").await.remove(0);
    let mut omar = app.working("omar", Role::Agent).await;
    omar.go(&format!("/desk/queue?view=mine&owner={id}")).await.says("Cases of amina").says("Nothing matches");
    omar.go(&format!("/desk/refunds?owner={id}&state=requested")).await.says("Cases of amina");
    has(&omar, &[&first], &[&second]);
    omar.go("/desk/queue?due=late").await.says("Overdue").says("Nothing matches");
    let today = app.now().strftime("%Y-%m-%d").to_string();
    omar.go(&format!("/desk/refunds?from={today}&to={today}")).await;
    has(&omar, &[&first, &second, &third.id], &[]);
    omar.go("/desk/refunds?to=2020-01-01").await.says("No refund matches");
    omar.go("/desk").await.is(200).says("amina").says("simulator").says("Nothing waits to be sent.");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_holds_the_rows_of_the_list_and_no_formula() {
    let app = TestApp::start().await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut body = app.order("=1+1").body();
    body["customer"]["name"] = serde_json::json!("=HYPERLINK(\"https://evil.example\"), \"Zoë\"");
    app.shop.request("PUT", "/v1/orders/%3D1%2B1").json(&body).send().await.expect(201);
    let ask = serde_json::json!({"currency": "USD", "reason": "other", "amount_minor": 1_000});
    let asked = app.shop.request("POST", "/v1/orders/%3D1%2B1/refunds").header("idempotency-key", "formula");
    let first = asked.json(&ask).send().await.expect(202).json()["refund_id"].as_str().expect("an id").to_owned();
    let second = waiting(&app, "plain", 2_000).await;
    let file = amina.once("GET", "/desk/refunds.csv?state=requested&currency=usd", None).await;
    file.is(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert!(file.headers["content-disposition"].to_str().expect("text").starts_with("attachment; filename=\"refunds_"));
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(file.html.as_bytes()).records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), [second.as_str(), first.as_str()]);
    assert_eq!((&rows[1][1], &rows[1][2]), ("'=1+1", "'=HYPERLINK(\"https://evil.example\"), \"Zoë\""));
    assert_eq!((&rows[0][3], &rows[0][4], &rows[0][5], &rows[0][7]), ("2000", "20.00", "USD", "requested"));
    assert!(file.html.contains("\r\n"), "rows end as RFC 4180 has it");
    let spreadsheet = amina.once("GET", "/desk/refunds.csv?bom=1&q=plain", None).await;
    assert!(spreadsheet.html.starts_with("\u{feff}refund_id,"), "{}", spreadsheet.html);
    assert_eq!(spreadsheet.html.lines().count(), 2);
    let nothing = amina.once("GET", "/desk/refunds.csv?state=failed", None).await;
    assert_eq!(nothing.html.lines().count(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_queue_is_told_of_what_people_see_and_of_nothing_else() {
    let app = TestApp::start().await;
    let mut amina = app.working("amina", Role::Agent).await;
    let mut omar = app.working("omar", Role::Agent).await;
    let first = waiting(&app, "live-1", 1_000).await;
    amina.go("/desk/queue").await.is(200).says("hx-sse:connect=\"/desk/queue/live\"");
    let live = amina.shown.between("hx-get=\"", "\"").replace("&#38;", "&");
    let mut feed = amina.stream("/desk/queue/live").await;

    // What the policy decides alone is no news for people; what it leaves to them is.
    let order = app.order("live-2").push().await;
    let alone = app.shop.ask(&order).amount(1_000).accepted().await;
    app.until(&alone, "completed").await;
    assert_eq!(feed.next(Duration::from_secs(6)).await, None);
    let second = waiting(&app, "live-3", 2_000).await;
    assert_eq!(feed.next(TOLD_WITHIN).await.as_deref(), Some("queue-changed"));

    amina.headers.insert("hx-request-type", "partial".to_owned());
    let part = amina.once("GET", &live, None).await;
    part.is(200)
        .says("1 new request – show")
        .says("Needs a decision <span class=\"count\">2</span>")
        .hides("<table")
        .hides("<html");
    assert!(!part.html.contains(&second), "no row comes by itself");
    // The page goes on to compare with what it showed at first.
    assert_eq!(part.between("hx-get=\"", "\"").replace("&#38;", "&"), live);

    omar.go("/desk/queue").await;
    omar.send("/desk/queue/claim", &[("refund", &first)]).await.is(200);
    assert_eq!(feed.next(TOLD_WITHIN).await.as_deref(), Some("queue-changed"));
    omar.go(&format!("/desk/refunds/{first}")).await;
    omar.send(&format!("/desk/refunds/{first}/release"), &[]).await.is(200);
    amina.headers.clear();
    amina.go("/desk/queue").await.says(&second);
    drop(feed);
    app.finish().await;
}
