//! Stands where the desk's neighbours would: a collector that takes its traces, and the public door that processors send
//! their webhooks to, which writes down each delivery and hands it on, byte for byte.

use std::net::TcpListener;
use std::sync::Mutex;

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use anyhow::{Context as _, Result};
use jiff::Timestamp;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use reqwest::Client;

use crate::exchange::{client, pairs};

/// What was seen so far.
pub(crate) struct Witness {
    /// Its address, for webhooks and traces.
    pub(crate) address: String,
    seen: Data<Seen>,
}

struct Seen {
    client: Client,
    desk: Mutex<String>,
    deliveries: Mutex<Vec<Delivery>>,
    exports: Mutex<Vec<ExportTraceServiceRequest>>,
}

/// One delivery of a webhook with its answer.
#[derive(Clone)]
pub(crate) struct Delivery {
    /// When it came.
    pub(crate) at: Timestamp,
    /// Where to.
    pub(crate) path: String,
    /// Its headers, as they were sent.
    pub(crate) headers: Vec<(String, String)>,
    /// Its body, as it was sent.
    pub(crate) body: String,
    /// The status of the desk's answer.
    pub(crate) status: u16,
    /// The headers of the desk's answer.
    pub(crate) answer_headers: Vec<(String, String)>,
    /// The body of the desk's answer.
    pub(crate) answer: String,
}

impl Witness {
    /// Begins to listen.
    pub(crate) fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let seen = Data::new(Seen {
            client: client()?,
            desk: Mutex::default(),
            deliveries: Mutex::default(),
            exports: Mutex::default(),
        });
        let shared = seen.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .app_data(web::PayloadConfig::new(64 << 20))
                .route("/v1/traces", web::post().to(collect))
                .route("/webhooks/{rest:.*}", web::post().to(hand_on))
        });
        let server = server.workers(1).disable_signals().listen(listener)?.run();
        tokio::spawn(server);
        Ok(Self { address, seen })
    }

    /// Webhooks are handed on to the desk here.
    pub(crate) fn stand_before(&self, desk: &str) {
        desk.clone_into(&mut self.seen.desk.lock().expect("nobody panicked with it"));
    }

    /// The deliveries so far, in order.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.seen.deliveries.lock().expect("nobody panicked with it").clone()
    }

    /// The traces so far.
    pub(crate) fn exports(&self) -> Vec<ExportTraceServiceRequest> {
        self.seen.exports.lock().expect("nobody panicked with it").clone()
    }
}

impl Delivery {
    /// A header's value; empty where it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// A member of the event.
    pub(crate) fn member(&self, pointer: &str) -> String {
        let event: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        event.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    }
}

async fn collect(seen: Data<Seen>, body: Bytes) -> HttpResponse {
    match ExportTraceServiceRequest::decode(body) {
        Ok(export) => {
            seen.exports.lock().expect("nobody panicked with it").push(export);
            HttpResponse::Ok().content_type("application/x-protobuf").finish()
        }
        Err(_) => HttpResponse::BadRequest().finish(),
    }
}

async fn hand_on(seen: Data<Seen>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let at = Timestamp::now();
    let headers: Vec<(String, String)> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let path = request.path().to_owned();
    let Ok((status, answer_headers, answer)) = pass(&seen, &path, &headers, &body).await else {
        // Nobody is behind the door: the sender tries again.
        return HttpResponse::BadGateway().finish();
    };
    let mut response = HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap_or_default());
    for (name, value) in of_the_message(&answer_headers) {
        response.insert_header((name.as_str(), value.as_str()));
    }
    let response = response.body(answer.clone());
    let body = String::from_utf8_lossy(&body).into_owned();
    let delivery = Delivery { at, path, headers, body, status, answer_headers, answer };
    seen.deliveries.lock().expect("nobody panicked with it").push(delivery);
    response
}

type Passed = (u16, Vec<(String, String)>, String);

async fn pass(seen: &Seen, path: &str, headers: &[(String, String)], body: &Bytes) -> Result<Passed> {
    let desk = seen.desk.lock().expect("nobody panicked with it").clone();
    let mut request = seen.client.post(format!("{desk}{path}")).body(body.clone());
    for (name, value) in of_the_message(headers) {
        request = request.header(name, value);
    }
    let answer = request.send().await.context("the desk does not answer")?;
    Ok((answer.status().as_u16(), pairs(answer.headers()), answer.text().await?))
}

/// The headers of the message; those of the connection are not handed on.
fn of_the_message(headers: &[(String, String)]) -> impl Iterator<Item = &(String, String)> {
    let of_connection = ["host", "content-length", "connection", "transfer-encoding", "date"];
    headers.iter().filter(move |(name, _)| !of_connection.contains(&name.as_str()))
}
