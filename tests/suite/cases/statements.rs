//! What a page costs: the same number of statements whatever is in it, and none that reads a whole table.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use makegood::store::{Conn, StoreError};
use serde_json::json;

use crate::harness::{Refund, Statements, TestApp, Worker};
use makegood::domain::access::Role;

/// Looks at a page, of which the one with the fewest statements counts: the first may open a connection.
const LOOKS: usize = 3;

/// Tables that grow for ever; none of them is read from end to end for a page.
const GROWING: [&str; 19] = [
    "approvals",
    "attempts",
    "audit_records",
    "customer_profiles",
    "decisions",
    "evidence",
    "inbox",
    "ledger_entries",
    "messages",
    "order_lines",
    "orders",
    "outbox",
    "payments",
    "provider_calls",
    "refund_lines",
    "refund_notes",
    "refunds",
    "reviews",
    "transitions",
];

/// A desk at which nobody works, so that what is asked is asked for the pages.
async fn desk() -> (TestApp, Statements) {
    Statements::listen();
    let app = TestApp::start_with(|config| {
        config.workers = false;
        config.undo_seconds = 0;
    })
    .await;
    let statements = Statements::of(&app);
    (app, statements)
}

/// The fewest statements that a look at a page takes.
async fn cost(window: &mut Worker, statements: &Statements, path: &str) -> Vec<String> {
    let mut fewest: Option<Vec<String>> = None;
    for _ in 0..LOOKS {
        statements.take();
        window.go(path).await.is(200);
        let asked = statements.take();
        if fewest.as_ref().is_none_or(|fewest| asked.len() < fewest.len()) {
            fewest = Some(asked);
        }
    }
    fewest.expect("looks")
}

/// Requests that wait for people, each of another customer.
async fn wait_for_people(app: &TestApp, from: usize, to: usize) -> Vec<Refund> {
    let mut refunds = Vec::new();
    for number in from..to {
        let order = app.order(&format!("cost-{number}")).push().await;
        refunds.push(app.shop.ask(&order).amount(1_000).reason("other").accepted().await);
    }
    refunds
}

/// Takes the newest case, so that somebody holds one on every page of every round: names are asked for where there are any.
async fn claim_last(window: &mut Worker, refunds: &[Refund]) {
    window.go("/desk/queue").await;
    let newest = refunds.last().expect("a refund");
    window.send("/desk/queue/claim", &[("refund", &newest.id)]).await.is(200).says("One is yours now.");
}

/// The pages whose cost is compared, with how many statements each takes.
async fn costs(window: &mut Worker, statements: &Statements, pages: &[String]) -> Vec<(String, usize)> {
    let mut costs = Vec::new();
    for page in pages {
        costs.push((page.clone(), cost(window, statements, page).await.len()));
    }
    costs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_asks_as_much_with_fifty_rows_as_with_five() {
    let (app, statements) = desk().await;
    let mut window = app.working("amina", Role::Admin).await;
    let first = wait_for_people(&app, 0, 5).await;
    claim_last(&mut window, &first).await;
    let pages: Vec<String> = [
        "/desk",
        "/desk/queue",
        "/desk/queue?view=mine",
        "/desk/queue?view=unclaimed&reason=other&owner=me",
        "/desk/queue?view=second&due=soon",
        "/desk/queue?view=failed",
        "/desk/refunds",
        "/desk/refunds?state=requested&currency=USD&min=1",
        "/desk/refunds?q=cost-1",
        "/desk/views",
        "/search?q=10.00+USD",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([format!("/desk/refunds/{}", first[1].id), format!("/desk/refunds/{}/decide?v=approve", first[1].id)])
    .collect();
    let few = costs(&mut window, &statements, &pages).await;
    let rest = wait_for_people(&app, 5, 56).await;
    claim_last(&mut window, &rest).await;
    let many = costs(&mut window, &statements, &pages).await;
    assert_eq!(few, many);
    window.go("/desk/queue").await.says("rel=\"next\"");
    app.finish_leaving(&["outbox mail waiting"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_asks_as_much_with_thirty_events_as_with_one() {
    let (app, statements) = desk().await;
    let mut window = app.working("amina", Role::Agent).await;
    let order = app.order("long").push().await;
    let refund = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    let page = format!("/desk/refunds/{}", refund.id);
    window.go(&page).await;
    window.send(&format!("{page}/notes"), &[("staff-note", "The first")]).await.is(200);
    let few = cost(&mut window, &statements, &page).await;
    for number in 0..30 {
        window.send(&format!("{page}/notes"), &[("staff-note", &format!("Number {number}"))]).await.is(200);
    }
    let many = cost(&mut window, &statements, &page).await;
    assert_eq!(few.len(), many.len(), "{few:#?}\n{many:#?}");
    window.shown.says("Number 29");
    app.finish_leaving(&["outbox mail waiting"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_pages_ask_as_much_with_many_refunds_as_with_one() {
    let (app, statements) = desk().await;
    let order = app.order("mine").captured(50_000, "USD").push().await;
    let first = app.shop.ask(&order).amount(1_000).reason("other").accepted().await;
    // One of each kind from the start: what an approved one took from the lines is asked for, too.
    app.shop.ask(&order).amount(1_500).reason("quality").accepted().await;
    let mut window = app.opened("mine").await;
    let pages = [window.shown.path.clone(), format!("/refunds/r/{}", first.id)];
    let few = costs(&mut window, &statements, &pages).await;
    for number in 0..20 {
        app.shop
            .ask(&order)
            .amount(1_000 + number)
            .reason("quality")
            .with("metadata", json!({"n": "1"}))
            .accepted()
            .await;
    }
    let many = costs(&mut window, &statements, &pages).await;
    assert_eq!(few, many);
    app.finish_leaving(&["outbox mail waiting", "outbox submit waiting"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_the_desk_reads_a_table_from_end_to_end() {
    let (app, statements) = desk().await;
    let mut window = app.working("amina", Role::Admin).await;
    let refunds = wait_for_people(&app, 0, 3).await;
    window.go("/desk/queue").await;
    window.send("/desk/queue/next", &[]).await.is(200);
    let case = format!("/desk/refunds/{}", refunds[1].id);
    let mut wrong = Vec::new();
    for page in [
        "/desk",
        "/desk/queue",
        "/desk/queue?view=mine&reason=other&rail=card&currency=USD&min=1&max=100&from=2020-01-01&to=2040-01-01",
        "/desk/queue?view=second",
        "/desk/queue?view=info",
        "/desk/queue?view=failed&owner=me",
        "/desk/refunds",
        "/desk/refunds?state=requested",
        "/desk/refunds?state=requested&state=failed&reason=other",
        "/desk/refunds?currency=USD&min=1&max=100&rail=card&from=2020-01-01&to=2040-01-01",
        "/desk/refunds?owner=me",
        "/desk/refunds?q=cost-1",
        "/desk/refunds?q=customer-cost-1@buyers.example",
        "/search?q=10.00+USD",
        "/search?q=nothing",
        "/desk/orders/cost-1",
        case.as_str(),
    ] {
        for statement in cost(&mut window, &statements, page).await {
            let lines = plan(&app, &statement).await;
            if reads_all(&statement, &lines)
                || (leads_straight(page) && lines.iter().any(|line| line == "SCAN refunds"))
            {
                wrong.push(format!("{page}\n  {statement}\n  {}", lines.join("\n  ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    app.finish_leaving(&["outbox mail waiting"]).await;
}

/// Pages on which somebody looks for one thing: nothing is looked through for it, in whatever order.
fn leads_straight(page: &str) -> bool {
    page.contains("q=")
}

/// Whether a plan reads a growing table from end to end. SQLite keeps tables in the order of their ids: to walk along that
/// up to a limit is what pages of a list do.
fn reads_all(statement: &str, plan: &[String]) -> bool {
    let walks = statement.contains("ORDER BY")
        && statement.contains("LIMIT")
        && !plan.iter().any(|line| line.contains("TEMP B-TREE"));
    let reads = |line: &String| {
        let sqlite = line.strip_prefix("SCAN ").filter(|rest| !walks && !rest.contains("USING"));
        let postgres = line.trim_start_matches([' ', '-', '>']).strip_prefix("Seq Scan on ");
        let table = sqlite.or(postgres).and_then(|rest| rest.split(' ').next());
        table.is_some_and(|table| GROWING.contains(&table))
    };
    plan.iter().any(reads)
}

#[derive(QueryableByName)]
struct Sqlite {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct Postgres {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    detail: String,
}

/// How the database would carry a statement out, whatever its values. PostgreSQL reads small tables whole because that is
/// faster; it is told to do so only where nothing else is possible.
async fn plan(app: &TestApp, statement: &str) -> Vec<String> {
    if !statement.to_uppercase().starts_with("SELECT") {
        return Vec::new();
    }
    let statement = statement.to_owned();
    let planned = app.desk().db.read(move |conn| match conn {
        Conn::Sqlite(conn) => {
            use diesel::RunQueryDsl as _;
            let found: Vec<Sqlite> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn)?;
            Ok::<_, StoreError>(found.into_iter().map(|line| line.detail).collect())
        }
        Conn::Postgres(conn) => {
            use diesel::RunQueryDsl as _;
            use diesel::connection::SimpleConnection as _;
            let values = (1..).take_while(|number| statement.contains(&format!("${number}"))).map(|_| "NULL");
            let values = values.collect::<Vec<_>>().join(", ");
            let call = if values.is_empty() { "looked".to_owned() } else { format!("looked({values})") };
            conn.batch_execute(&format!(
                "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan;
                 PREPARE looked AS {statement}"
            ))?;
            let found: Vec<Postgres> = diesel::sql_query(format!("EXPLAIN EXECUTE {call}")).load(conn)?;
            conn.batch_execute("DEALLOCATE looked")?;
            Ok(found.into_iter().map(|line| line.detail).collect())
        }
    });
    planned.await.expect("a plan")
}
