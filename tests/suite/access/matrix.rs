//! Every route × every role × nobody × a customer × a token without the scope, made from the tables of routes. A route that
//! is new stands in it by itself; who it is for is a line of the snapshot that somebody has to read.

use std::fmt::Write as _;

use makegood::domain::access::{Permission, Role, Scope};
use makegood::http::api::routes::{Access, routes};
use makegood::http::pages::routes::{Entry, PageRoute, TABLE};

use crate::harness::{Shown, TestApp, Worker};

/// Leaves its session, so it would spoil the walk.
const ENDS_THE_SESSION: &str = "/logout";

/// The path of a route with its parameters filled in by what nobody has.
fn filled(path: &str) -> String {
    let mut filled = path.to_owned();
    while let Some((before, rest)) = filled.split_once('{') {
        let (name, after) = rest.split_once('}').expect("a parameter");
        let value = match name {
            "refund_id" => "rf_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "user_id" => "us_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "token_id" => "tk_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "provider_account" => "simulator",
            _ => "nobodys",
        };
        filled = format!("{before}{value}{after}");
    }
    filled
}

fn roles_with(permission: Permission) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| role.permissions().contains(&permission)).collect()
}

#[test]
fn who_each_page_is_for() {
    let mut told = String::new();
    for route in TABLE {
        let who = match route.entry {
            Entry::Everybody(why) => format!("everybody: {why}"),
            Entry::Linked => "whoever holds the link".to_owned(),
            Entry::Customers => "customers, their own".to_owned(),
            Entry::Own | Entry::Protecting => "all who work here, their own".to_owned(),
            Entry::Staff(permission) => {
                let roles: Vec<&str> = roles_with(permission).into_iter().map(Role::as_str).collect();
                format!("{} ({permission})", roles.join(" "))
            }
        };
        writeln!(told, "{:<4} {:<45} {who}", route.method.as_str(), route.path).expect("text");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_each_call_of_the_api_takes() {
    let mut told = String::new();
    for route in routes() {
        let who = match route.access {
            Access::Public(why) => format!("everybody: {why}"),
            Access::Token(scope, permission) => format!("{scope} ({permission})"),
        };
        writeln!(told, "{:<4} {:<55} {who}", route.method.as_str(), route.path).expect("text");
    }
    insta::assert_snapshot!(told);
}

/// Somebody in front of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Customer,
    Person(Role),
}

/// What a page does with somebody.
#[derive(Debug, PartialEq, Eq)]
enum Treatment {
    LetIn,
    SentToTheDoor,
    Forbidden,
}

fn wanted(route: &PageRoute, who: Who) -> Treatment {
    let allowed = match route.entry {
        Entry::Everybody(_) | Entry::Linked => true,
        Entry::Customers => who == Who::Customer,
        Entry::Own | Entry::Protecting => matches!(who, Who::Person(_)),
        Entry::Staff(permission) => match who {
            Who::Nobody | Who::Customer => false,
            Who::Person(role) if role.permissions().contains(&permission) => true,
            Who::Person(_) => return Treatment::Forbidden,
        },
    };
    if allowed { Treatment::LetIn } else { Treatment::SentToTheDoor }
}

fn treated(shown: &Shown) -> Treatment {
    let doors = ["/login?next=", "/refunds?ended"];
    match shown.status {
        401 => Treatment::SentToTheDoor,
        403 => Treatment::Forbidden,
        303 if doors.iter().any(|door| shown.location().starts_with(door)) => Treatment::SentToTheDoor,
        _ => Treatment::LetIn,
    }
}

/// A page of somebody's own, from which the token of their forms is taken.
fn own_page(who: Who) -> &'static str {
    match who {
        Who::Nobody | Who::Customer => "/refunds",
        Who::Person(_) => "/account",
    }
}

async fn windows(app: &TestApp) -> Vec<(Who, Worker)> {
    app.order("1042").push().await;
    let mut windows = vec![(Who::Nobody, app.desk_window()), (Who::Customer, app.opened("1042").await)];
    for role in Role::ALL {
        windows.push((Who::Person(*role), app.working(role.as_str(), *role).await));
    }
    windows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_lets_in_whom_its_row_lets_in_and_nobody_else() {
    let app = TestApp::start().await;
    let mut wrong = Vec::new();
    for (who, mut window) in windows(&app).await {
        window.go(own_page(who)).await.is(200);
        let token = window.shown.hidden("csrf");
        for route in TABLE.iter().filter(|route| route.path != ENDS_THE_SESSION) {
            let path = filled(route.path);
            let shown = match route.method.as_str() {
                "GET" => window.once("GET", &path, None).await,
                _ => window.post(&path, &[], &token).await,
            };
            assert!(shown.status < 500, "{} {path} by {who:?}: {}", route.method, shown.html);
            if treated(&shown) != wanted(route, who) {
                wrong.push(format!("{} {path} by {who:?}: {} {}", route.method, shown.status, shown.location()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_form_is_taken_from_another_site() {
    let app = TestApp::start().await;
    let mut stranger = app.desk_window();
    stranger.go("/login").await;
    let theirs = stranger.shown.hidden("csrf");
    let mut wrong = Vec::new();
    for (who, mut window) in windows(&app).await {
        for route in TABLE.iter().filter(|route| route.method == "POST" && wanted(route, who) == Treatment::LetIn) {
            let path = filled(route.path);
            for token in ["", "wrong", theirs.as_str()] {
                let shown = window.post(&path, &[], token).await;
                // What takes files does not read any other form, whoever sends it.
                let unread = matches!(shown.status, 303 | 404 | 415) && route.path.ends_with("/evidence");
                if shown.status != 403 && !unread {
                    wrong.push(format!("{path} by {who:?} with {token:?}: {}", shown.status));
                }
            }
        }
        // What was refused ended no session either.
        if let Who::Person(_) = who {
            window.go("/account").await.is(200).at("/account");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_of_the_api_takes_its_own_scope_and_no_other() {
    let app = TestApp::start().await;
    let mut wrong = Vec::new();
    for scope in Scope::ALL {
        let holder = app.token(&format!("only {scope}"), &[*scope], None).await;
        for route in routes() {
            let Access::Token(wanted, permission) = route.access else { continue };
            let (method, path) = (route.method.as_str(), filled(route.path));
            let status = holder.request(method, &path).json(&serde_json::json!({})).send().await.status;
            let allowed = scope.permissions().contains(&permission);
            assert!(status < 500, "{method} {path} with {scope}: {status}");
            if (status != 403) != allowed || (wanted == *scope && !allowed) {
                wrong.push(format!("{method} {path} with {scope}: {status}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_no_token_and_a_token_is_no_session() {
    let app = TestApp::start().await;
    let mut admin = app.working("root", Role::Admin).await;
    for route in routes() {
        if let (Access::Token(..), "GET") = (route.access, route.method.as_str()) {
            assert_eq!(admin.once("GET", &filled(route.path), None).await.status, 401, "{}", route.path);
        }
    }
    let token = app.shop.token.clone().expect("a token");
    let mut window = app.desk_window();
    window.headers.insert("authorization", format!("Bearer {token}"));
    for route in TABLE.iter().filter(|route| route.method == "GET") {
        let shown = window.once("GET", &filled(route.path), None).await;
        assert_eq!(treated(&shown), wanted(route, Who::Nobody), "{}", route.path);
    }
    app.finish().await;
}
