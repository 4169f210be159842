//! The audit trail on its pages: found by who, what, to what and when; the same as at the shell; proved, and seen through
//! where it was touched. No way of narrowing it reads more than its page.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;
use makegood::domain::access::{Principal, Role};
use makegood::services::export_audit::{Texts, export_audit};
use makegood::store::audit_list::{Direction, Narrowed, records};
use makegood::store::{Conn, StoreError};

use crate::harness::{Engine, TestApp, Worker, email_of};

/// The ids of the records that a page lists, in its order.
fn listed(window: &Worker) -> Vec<String> {
    let links = window.shown.html.split("href=\"/audit/au_").skip(1);
    links.map(|rest| format!("au_{}", rest.split('"').next().expect("an id"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trail_is_narrowed_by_its_address_and_read_to_its_end_by_pages() {
    let app = TestApp::start().await;
    let mut auditor = app.working("auditor", Role::Auditor).await;
    for number in 0..60 {
        app.order(&format!("94{number:02}")).push().await;
    }
    let order = app.order("9500").push().await;
    let refund = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&refund, "completed").await;
    app.quiet().await;

    let (mut path, mut seen) = ("/audit".to_owned(), Vec::new());
    loop {
        auditor.go(&path).await.is(200);
        let page = listed(&auditor);
        assert!(!page.is_empty() && page.len() <= 50);
        seen.extend(page);
        let Some((_, rest)) = auditor.shown.html.split_once("rel=\"next\" href=\"") else { break };
        path = rest.split('"').next().expect("an address").replace("&#38;", "&").replace("&amp;", "&");
    }
    let all = app.lines("SELECT audit_id AS line FROM audit_records ORDER BY audit_id DESC").await;
    assert_eq!(seen, all);

    auditor.go(&format!("/audit?object={}", refund.id)).await.is(200).says("Refund completed").hides("order:9500");
    let about = listed(&auditor);
    assert!(about.len() >= 4, "{about:?}");
    auditor.go(&format!("/audit?actor={}&action=user.sign_in", email_of("auditor"))).await.says("By auditor");
    assert_eq!(listed(&auditor).len(), 1);
    auditor.go("/audit?actor=nobody@desk.example").await.says("No record matches");
    auditor.go("/audit?object=9500&action=order.create").await;
    assert_eq!(listed(&auditor).len(), 1);
    let today = app.now().strftime("%Y-%m-%d").to_string();
    auditor.go(&format!("/audit?from={today}&to={today}")).await;
    assert_eq!(listed(&auditor).len(), 50);
    auditor.go("/audit?to=2020-01-01").await.says("No record matches");
    // What cannot be read narrows nothing and breaks nothing.
    for odd in
        ["from=yesterday", "after='%3B--", "action=%00", "object=%22%3E%3Cscript%3E", "actor=user%3Ax%00", "after=%00"]
    {
        auditor.go(&format!("/audit?{odd}")).await.is(200).hides("<script>");
    }
    auditor.go("/audit/au_%00").await.is(404);

    auditor
        .go(&format!("/audit/{}", about[0]))
        .await
        .is(200)
        .says("The record gives its hash")
        .says("completed")
        .says(&refund.id);
    auditor.go("/audit/au_01ARZ3NDEKTSV4RRFFQ69G5FAV").await.is(404);
    app.finish().await;
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody broke off").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_from_the_page_is_the_one_from_the_shell() {
    let app = TestApp::start_with(|config| config.limits.create_per_second = 0).await;
    let mut auditor = app.working("auditor", Role::Auditor).await;
    let order = app.order("9501").push().await;
    // More than one part of the stream.
    for _ in 0..520 {
        app.shop.post("/v1/orders/9501/link", &serde_json::json!({})).await.expect(201);
    }
    let refund = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&refund, "completed").await;
    app.quiet().await;
    // Everything is sealed, so that no seal comes between the two.
    crate::harness::eventually(std::time::Duration::from_secs(20), async || {
        let sql = "count(*) FROM audit_records WHERE audit_id NOT IN (SELECT audit_id FROM audit_sealed)";
        app.number(sql).await == 0
    })
    .await;
    let shown = auditor.once("GET", "/audit/export", None).await;
    assert_eq!(shown.status, 200);
    let disposition = shown.headers["content-disposition"].to_str().expect("text");
    assert!(disposition.starts_with("attachment; filename=\"audit_"), "{disposition}");
    let written = Written::default();
    let shell = app.context(Principal::Shell);
    export_audit(app.desk(), &shell, Texts::LeftOut, written.clone()).await.expect("an export").expect("written");
    let told = String::from_utf8(written.0.lock().expect("nobody broke off").clone()).expect("text");
    assert!(told.lines().count() > 520);
    assert_eq!(shown.html, told);

    let shown = auditor.once("GET", &format!("/audit/export?object={}", refund.id), None).await;
    let subjects: BTreeSet<String> = shown
        .html
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["subject"].to_string())
        .collect();
    assert_eq!(subjects, BTreeSet::from([format!("\"refund:{}\"", refund.id)]));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_button_proves_the_chain_and_names_the_first_that_is_wrong() {
    let app = TestApp::start().await;
    let mut auditor = app.working("auditor", Role::Auditor).await;
    let order = app.order("9502").push().await;
    let refund = app.shop.ask(&order).amount(2_000).accepted().await;
    app.until(&refund, "completed").await;
    app.quiet().await;
    auditor.go("/audit").await.is(200).says("Verify chain");
    auditor.send("/audit/verify", &[("head", "")]).await.is(200).says("The trail is untouched.");
    auditor.send("/audit/verify", &[("head", "not a seal")]).await.is(422).says("A seal has 64 digits");
    let noted = app.lines("SELECT seal AS line FROM audit_seals ORDER BY seal_no").await.remove(0);
    auditor.send("/audit/verify", &[("head", &noted)]).await.is(200).says("The trail is untouched.");
    auditor.send("/audit/verify", &[("head", &"0".repeat(63).chars().chain(['1']).collect::<String>())]).await.is(200);
    auditor.shown.says("The trail was touched.").says("is no seal of this trail");

    // Somebody slips a record in: its hash does not fit.
    let slipped = "INSERT INTO audit_records (audit_id, at, actor, action, subject, reason, correlation_id, origin, before_json, \
                   after_json, note_digest, record_hash) VALUES ('au_00000000000000000000000001', 1, 'shell', 'user.roles', \
                   'user:x', '', '', '', '', '', '', 'beef')";
    app.execute(slipped).await.expect("an insert");
    auditor.go("/audit/verify").await.is(200);
    auditor.send("/audit/verify", &[]).await.is(200).says("The trail was touched.");
    auditor.shown.says("record au_00000000000000000000000001: it was edited after it was written");
    auditor.go("/audit/au_00000000000000000000000001").await.is(200).says("The record does not give its hash");
}

/// What the database was asked, as it is told.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

/// What a planner does instead of reading an index in its order.
const WAYS: [&str; 3] = ["seqscan", "bitmapscan", "sort"];

/// The plan of a query, in the engine's words; values stand in it as they were bound.
fn plan(conn: &mut Conn, told: &str) -> Result<String, StoreError> {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        line: String,
    }
    let (sql, binds) = told.split_once(" -- binds: ").expect("a query with values");
    let binds: Vec<serde_json::Value> = serde_json::from_str(binds).expect("values");
    let literal = |value: &serde_json::Value| match value.as_str() {
        Some(text) => format!("'{text}'"),
        None => value.to_string(),
    };
    let steps: Vec<Step> = match conn {
        Conn::Sqlite(conn) => {
            let filled = binds.iter().fold(sql.to_owned(), |sql, value| sql.replacen('?', &literal(value), 1));
            #[derive(diesel::QueryableByName)]
            struct Detail {
                #[diesel(sql_type = diesel::sql_types::Text)]
                detail: String,
            }
            let found: Vec<Detail> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {filled}")).load(conn)?;
            found.into_iter().map(|step| Step { line: step.detail }).collect()
        }
        Conn::Postgres(conn) => {
            // A few rows are read whole, or sorted, whatever there is to read them by in order.
            for way in WAYS {
                diesel::sql_query(format!("SET enable_{way} = off")).execute(conn)?;
            }
            let filled = binds
                .iter()
                .enumerate()
                .rev()
                .fold(sql.to_owned(), |sql, (nth, value)| sql.replace(&format!("${}", nth + 1), &literal(value)));
            #[derive(diesel::QueryableByName)]
            struct Detail {
                #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
                detail: String,
            }
            let found: Vec<Detail> = diesel::sql_query(format!("EXPLAIN {filled}")).load(conn)?;
            for way in WAYS {
                diesel::sql_query(format!("SET enable_{way} = on")).execute(conn)?;
            }
            found.into_iter().map(|step| Step { line: step.detail }).collect()
        }
    };
    Ok(steps.into_iter().map(|step| step.line).collect::<Vec<_>>().join("\n"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_way_of_narrowing_reads_the_whole_trail() {
    let app = TestApp::start().await;
    app.order("9503").push().await;
    let moment = |text: &str| Some(text.parse().expect("a moment"));
    let (from, before) = (moment("2026-01-01T00:00:00Z"), moment("2026-02-01T00:00:00Z"));
    let text = |text: &str| Some(text.to_owned());
    let everything = Narrowed::default();
    for (narrowed, index) in [
        (everything.clone(), "audit_records"),
        (Narrowed { from, before, ..everything.clone() }, "audit_records"),
        (Narrowed { actor: text("shell"), ..everything.clone() }, "audit_records_by_actor"),
        (Narrowed { actor: text("shell"), from, before, ..everything.clone() }, "audit_records_by_actor"),
        (Narrowed { action: text("user.add"), ..everything.clone() }, "audit_records_by_action"),
        (Narrowed { subject: text("order:9503"), ..everything.clone() }, "audit_records_by_subject"),
    ] {
        for (direction, after) in [
            (Direction::NewestFirst, None),
            (Direction::NewestFirst, Some("au_0")),
            (Direction::OldestFirst, Some("au_0")),
        ] {
            let (asked, narrowed) = (Asked::default(), narrowed.clone());
            let wanted = format!("{narrowed:?} {direction:?} {after:?}");
            let noted = asked.clone();
            let plan = app
                .desk()
                .db
                .read(move |conn| {
                    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                        if let InstrumentationEvent::StartQuery { query, .. } = event {
                            noted.0.lock().expect("nobody broke off").push(query.to_string());
                        }
                    });
                    records(conn, &narrowed, direction, after, 50)?;
                    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
                    let told = asked.0.lock().expect("nobody broke off").clone();
                    let told = told.iter().find(|told| told.contains("audit_records")).expect("a query").clone();
                    plan(conn, &told)
                })
                .await
                .expect("a plan");
            let searches = match Engine::chosen() {
                // Without an end to search from, the first page reads the index from its end and stops after its rows.
                Engine::Sqlite => !plan.contains("TEMP B-TREE") && plan.contains(index),
                Engine::Postgres => !plan.contains("Sort") && !plan.contains("Seq Scan") && plan.contains(index),
            };
            assert!(searches, "{wanted}\n{plan}");
        }
    }
    app.finish().await;
}
