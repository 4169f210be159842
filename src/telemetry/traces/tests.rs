use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Instant;

use opentelemetry::trace::TracerProvider as _;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[test]
fn a_traceparent_is_read_and_written() {
    let parent: TraceParent = PARENT.parse().unwrap();
    assert_eq!(parent.to_string(), PARENT);
    assert_eq!(parent.trace_id_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
    let later = format!("01{}-more", PARENT.strip_prefix("00").unwrap());
    assert_eq!(later.parse(), Ok(parent));
    for text in [
        "",
        "00",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-é",
    ] {
        assert_eq!(text.parse::<TraceParent>(), Err(NotATraceParent), "{text:?}");
    }
}

#[test]
fn without_a_collector_work_belongs_nowhere() {
    let span = tracing::info_span!("request");
    PARENT.parse::<TraceParent>().unwrap().adopt(&span);
    assert_eq!(of_span(&span), None);
}

fn work_with(exporter: &Exporter) -> Option<TraceParent> {
    let layer = tracing_opentelemetry::layer().with_tracer(exporter.provider().tracer("makegood"));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let request = tracing::info_span!("request");
        PARENT.parse::<TraceParent>().unwrap().adopt(&request);
        request.in_scope(|| tracing::info_span!("policy.evaluate").in_scope(current))
    })
}

#[test]
fn spans_reach_the_collector_in_the_trace_that_they_came_with() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.windows(15).any(|window| window == b"policy.evaluate") {
            let length = stream.read(&mut buffer).unwrap();
            assert!(length > 0, "the exporter hung up");
            request.extend_from_slice(&buffer[..length]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        sender.send(request).unwrap();
    });
    let exporter = Exporter::start(&endpoint).unwrap();
    let inner = work_with(&exporter).unwrap();
    assert_eq!(inner.trace_id_hex(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_ne!(inner.to_string(), PARENT);
    exporter.finish();
    let request = receiver.recv().unwrap();
    assert!(request.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
    let trace_id = hex::decode("4bf92f3577b34da6a3ce929d0e0e4736").unwrap();
    assert!(request.windows(16).any(|window| window == trace_id));
}

#[test]
fn a_collector_that_never_answers_costs_a_few_seconds_at_the_end_and_nothing_before() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Url::parse(&format!("http://{}", silent.local_addr().unwrap())).unwrap();
    let exporter = Exporter::start(&endpoint).unwrap();
    let begun = Instant::now();
    for _ in 0..10_000 {
        work_with(&exporter);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "work waited for the collector: {:?}", begun.elapsed());
    let begun = Instant::now();
    exporter.finish();
    assert!(begun.elapsed() < FINISH_TIMEOUT + Duration::from_secs(3), "{:?}", begun.elapsed());
}
