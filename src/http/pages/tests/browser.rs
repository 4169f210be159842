//! A browser without scripts: it keeps cookies, follows what it is told, and fills in forms as they are written.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{App as Server, Error, web};
use tempfile::TempDir;

use crate::app::{App, Purpose};
use crate::config::{Config, Sources};
use crate::domain::access::{Principal, Role};
use crate::domain::order::{Customer, Line, Order, Payment, PaymentStatus, Rail};
use crate::http::edge::Edge;
use crate::http::pages::frame::Environment;
use crate::http::pages::site::Site;
use crate::http::server::{boundary, nothing_here};
use crate::http::{pages, sample};
use crate::services::people::{self, NewUser};
use crate::services::{links, push_order};

/// Password of everybody at the desk.
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// A desk with one order, which workers do not touch: refunds stay as the use cases leave them.
pub(super) struct House {
    pub(super) app: Arc<App>,
    _folder: TempDir,
}

impl House {
    /// A new desk.
    pub(super) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources {
            flags: Vec::new(),
            environment: vec![
                ("MAKEGOOD_DATA_DIR".into(), folder.path().join("data").into()),
                // Approvals are carried out at once: here no worker would do it later.
                ("MAKEGOOD_DESK_UNDO_SECONDS".into(), "0".into()),
            ],
            file: None,
            working_folder: folder.path().to_owned(),
        };
        let config = Config::load(&sources).unwrap().config;
        let address: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let app = App::build(config, Purpose::Serve { address }).await.unwrap();
        Self { app, _folder: folder }
    }

    /// Pushes an order of two lines, 100.00 USD in all, captured a day ago.
    pub(super) async fn order(&self, order_id: &str, email: &str) {
        self.push(order_id, email, PaymentStatus::Captured).await;
    }

    /// Pushes the same order of a customer who reads this language.
    pub(super) async fn push_in(&self, order_id: &str, email: &str, locale: &str) {
        self.push_as(order_id, email, locale, PaymentStatus::Captured).await;
    }

    /// Pushes the same order with its payment in this status.
    pub(super) async fn push(&self, order_id: &str, email: &str, status: PaymentStatus) {
        self.push_as(order_id, email, "en", status).await;
    }

    async fn push_as(&self, order_id: &str, email: &str, locale: &str, status: PaymentStatus) {
        let now = self.app.clock.now();
        let line = |line_id: &str, description: &str, quantity: i64, unit: i64| Line {
            line_id: line_id.to_owned(),
            description: description.to_owned(),
            quantity,
            unit_amount_minor: unit,
            tax_minor: 0,
            discount_minor: 0,
        };
        let order = Order {
            order_id: order_id.to_owned(),
            customer: Customer { email: email.to_owned(), name: "Zoë Probe".to_owned(), locale: locale.to_owned() },
            currency: "USD".parse().unwrap(),
            placed_at: now,
            lines: vec![line("lamp", "Blue lamp <b>", 1, 6000), line("bulb", "Bulb", 2, 2000)],
            payments: vec![Payment {
                payment_id: "pay-1".to_owned(),
                provider_account: "simulator".to_owned(),
                connector_transaction_id: format!("sim_succeeded_{order_id}"),
                rail: Rail::Card,
                status,
                captured_minor: if status == PaymentStatus::Captured { 10_000 } else { 0 },
                captured_at: Some(now),
            }],
            external_reference: None,
            dispute_closed_at: None,
        };
        push_order::push_order(&self.app.desk, &self.app.context(Principal::Shell), order).await.unwrap();
    }

    /// A link to an order, as a shop gives it; works more than once.
    pub(super) async fn link(&self, order_id: &str) -> String {
        let secret = pages::csrf::random_word();
        let context = self.app.context(Principal::Shell);
        links::shop_link(&self.app.desk, &context, order_id, &secret).await.unwrap();
        format!("/refunds/verify/{secret}")
    }

    /// Adds somebody to the desk.
    pub(super) async fn person(&self, name: &str, role: Role) -> String {
        let email = format!("{name}@desk.example");
        let new = NewUser {
            email: email.clone(),
            name: name.to_owned(),
            locale: "en".to_owned(),
            roles: [role].into(),
            password: PASSWORD.to_owned(),
        };
        people::add_user(&self.app.desk, &self.app.context(Principal::Shell), new).await.unwrap();
        email
    }

    /// Opens a browser window of its own.
    pub(super) async fn browser(&self) -> Browser {
        let edge = Edge {
            l10n: Arc::clone(&self.app.l10n),
            clock: self.app.clock.clone(),
            ids: self.app.ids.clone(),
            live: false,
            error_page: Some(pages::error::answer),
            ..sample::edge()
        };
        let site = Site::of(&self.app, Environment::Test);
        let server = Server::new()
            .app_data(web::Data::new(edge))
            .configure(pages::configure(site, false))
            .default_service(web::to(nothing_here))
            .wrap(from_fn(boundary));
        let service = init_service(server).await;
        let call = move |request: TestRequest| -> CallFuture { Box::pin(service.call(request.to_request())) };
        Browser { call: Box::new(call), cookies: BTreeMap::new(), page: Page::default() }
    }
}

type CallFuture = std::pin::Pin<Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, Error>>>>;

/// One window with its cookies and the page that it shows.
pub(super) struct Browser {
    call: Box<dyn Fn(TestRequest) -> CallFuture>,
    pub(super) cookies: BTreeMap<String, String>,
    pub(super) page: Page,
}

/// What a window shows.
#[derive(Default)]
pub(super) struct Page {
    pub(super) path: String,
    pub(super) status: StatusCode,
    pub(super) headers: header::HeaderMap,
    pub(super) html: String,
}

impl Page {
    /// The page's text contains this.
    #[track_caller]
    pub(super) fn shows(&self, text: &str) -> &Self {
        let plain: String = self.html.chars().filter(|letter| !matches!(letter, '\u{2066}'..='\u{2069}')).collect();
        assert!(plain.contains(text), "{} {} does not show {text:?}:\n{plain}", self.status, self.path);
        self
    }

    /// The page's text does not contain this.
    #[track_caller]
    pub(super) fn hides(&self, text: &str) -> &Self {
        assert!(!self.html.contains(text), "{} shows {text:?}", self.path);
        self
    }

    /// The answer had this status.
    #[track_caller]
    pub(super) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}:\n{}", self.path, self.html);
        self
    }

    /// The page stands at this address.
    #[track_caller]
    pub(super) fn at(&self, path: &str) -> &Self {
        assert_eq!(self.path, path, "{}", self.html);
        self
    }

    /// The value of a hidden field.
    #[track_caller]
    pub(super) fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.html.split(&start).nth(1).unwrap_or_else(|| panic!("no {name} in {}", self.path));
        rest.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    /// Goes to an address and on to wherever that leads.
    pub(super) async fn go(&mut self, path: &str) -> &Page {
        self.ask(Method::GET, path, None).await
    }

    /// Sends a form with these fields, and the token that the page shown carries.
    pub(super) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> &Page {
        let token = self.page.hidden("csrf");
        let fields = fields.iter().copied().chain([("csrf", token.as_str())]);
        let body = serde_urlencoded::to_string(fields.collect::<Vec<_>>()).unwrap();
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Goes on from the question for evidence, without any.
    pub(super) async fn show_nothing(&mut self) -> &Page {
        let token = self.page.hidden("csrf");
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = format!("{}{}--x--\r\n", part("csrf", &token), part("do", "continue"));
        self.ask_as(Method::POST, "/refunds/new/evidence", Some(("multipart/form-data; boundary=x", body))).await
    }

    /// Sends the fields of a form as they are.
    pub(super) async fn ask(&mut self, method: Method, path: &str, body: Option<String>) -> &Page {
        self.ask_as(method, path, body.map(|body| ("application/x-www-form-urlencoded", body))).await
    }

    async fn ask_as(&mut self, method: Method, path: &str, body: Option<(&str, String)>) -> &Page {
        let mut page = self.once(method, path, body).await;
        for _ in 0..5 {
            let Some(location) = page.headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned())
            else {
                break;
            };
            page = self.once(Method::GET, &location, None).await;
        }
        self.page = page;
        &self.page
    }

    /// Signs in with the password of everybody.
    pub(super) async fn sign_in(&mut self, email: &str) -> &Page {
        self.go("/login").await;
        self.send("/login", &[("email", email), ("password", PASSWORD)]).await
    }

    /// Opens an order by its link.
    pub(super) async fn open(&mut self, link: &str) -> &Page {
        self.go(link).await;
        self.send(link, &[]).await
    }

    async fn once(&mut self, method: Method, path: &str, body: Option<(&str, String)>) -> Page {
        let mut request = TestRequest::default().method(method).uri(path);
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.insert_header((header::COOKIE, cookies.join("; ")));
        }
        if let Some((media_type, body)) = body {
            request = request.insert_header((header::CONTENT_TYPE, media_type)).set_payload(body);
        }
        let answer = (self.call)(request).await.unwrap();
        for cookie in answer.response().cookies() {
            if cookie.value().is_empty() {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        let html = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
        Page { path: path.to_owned(), status, headers, html }
    }
}
