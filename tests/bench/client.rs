//! The load: clients over plain connections that are kept open, with as little work of their own as can be.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::desk::Running;

/// What a load came to.
pub(crate) struct Load {
    took: Duration,
    latencies_us: Vec<u64>,
    /// The refunds that were made.
    pub(crate) refunds: Vec<String>,
}

impl Load {
    /// Creates one refund an order for a span of time.
    pub(crate) async fn creates(running: &Running, clients: usize, span: Duration, orders: &mut Range<usize>) -> Self {
        let until = Instant::now() + span;
        Self::create(running, clients, orders, usize::MAX, until).await
    }

    /// Creates exactly so many refunds.
    pub(crate) async fn create_exactly(
        running: &Running,
        clients: usize,
        count: usize,
        orders: &mut Range<usize>,
    ) -> Self {
        let until = Instant::now() + Duration::from_secs(600);
        Self::create(running, clients, orders, count, until).await
    }

    async fn create(
        running: &Running,
        clients: usize,
        orders: &mut Range<usize>,
        count: usize,
        until: Instant,
    ) -> Self {
        let end = orders.end.min(orders.start.saturating_add(count));
        let next = Arc::new(AtomicUsize::new(orders.start));
        let requests = {
            let (next, token) = (Arc::clone(&next), running.token.clone());
            move || {
                let number = next.fetch_add(1, Ordering::Relaxed);
                (number < end && Instant::now() < until).then(|| create_request(number, &token))
            }
        };
        let load = Self::run(running, clients, requests, "202").await;
        orders.start = next.load(Ordering::Relaxed).min(end);
        load
    }

    /// Reads the status of refunds, over and over.
    pub(crate) async fn reads(running: &Running, clients: usize, span: Duration, refunds: &[String]) -> Self {
        let until = Instant::now() + span;
        let next = AtomicUsize::new(0);
        let (refunds, token) = (refunds.to_vec(), running.token.clone());
        let requests = move || {
            let number = next.fetch_add(1, Ordering::Relaxed);
            (Instant::now() < until).then(|| read_request(&refunds[number % refunds.len()], &token))
        };
        Self::run(running, clients, requests, "200").await
    }

    async fn run<F>(running: &Running, clients: usize, requests: F, expected: &'static str) -> Self
    where
        F: Fn() -> Option<String> + Send + Sync + 'static,
    {
        let requests = Arc::new(requests);
        let gathered = Arc::new(Mutex::new((Vec::new(), Vec::new())));
        let begun = Instant::now();
        let tasks: Vec<_> = (0..clients)
            .map(|_| {
                let (requests, gathered, address) =
                    (Arc::clone(&requests), Arc::clone(&gathered), running.address.clone());
                tokio::spawn(async move {
                    let mut stream = TcpStream::connect(&address).await.expect("a connection");
                    stream.set_nodelay(true).expect("an option");
                    let (mut latencies, mut refunds) = (Vec::new(), Vec::new());
                    let mut buffer = vec![0; 16 * 1024];
                    while let Some(request) = requests() {
                        let sent = Instant::now();
                        stream.write_all(request.as_bytes()).await.expect("a request");
                        let answer = read_answer(&mut stream, &mut buffer).await;
                        latencies.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
                        assert!(answer[9..].starts_with(expected), "an answer that was not expected: {answer}");
                        refunds.extend(refund_id(&answer));
                    }
                    let mut gathered = gathered.lock().expect("a lock");
                    gathered.0.extend(latencies);
                    gathered.1.extend(refunds);
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("a client");
        }
        let took = begun.elapsed();
        let (mut latencies_us, refunds) = std::mem::take(&mut *gathered.lock().expect("a lock"));
        latencies_us.sort_unstable();
        Self { took, latencies_us, refunds }
    }

    pub(crate) fn per_second(&self) -> f64 {
        super::per_second(self.latencies_us.len(), self.took)
    }

    pub(crate) fn spread(&self) -> String {
        let at = |percent: usize| {
            let index = self.latencies_us.len() * percent / 100;
            let micros =
                self.latencies_us.get(index.min(self.latencies_us.len().saturating_sub(1))).copied().unwrap_or(0);
            Duration::from_micros(micros).as_secs_f64() * 1000.0
        };
        format!("p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms", at(50), at(95), at(99))
    }
}

fn create_request(number: usize, token: &str) -> String {
    let body = r#"{"amount_minor":2500,"currency":"USD","reason":"quality"}"#;
    format!(
        "POST /v1/orders/order-{number}/refunds HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: key-{number}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn read_request(refund_id: &str, token: &str) -> String {
    format!("GET /v1/refunds/{refund_id} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n")
}

/// Reads one answer: the head, then as much body as it says.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> String {
    let mut filled = 0;
    loop {
        let count = stream.read(&mut buffer[filled..]).await.expect("an answer");
        assert!(count > 0, "the connection was closed");
        filled += count;
        let text = String::from_utf8_lossy(&buffer[..filled]);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        let length: usize = length.expect("a length").trim().parse().expect("a number");
        if body.len() >= length {
            return text.into_owned();
        }
    }
}

fn refund_id(answer: &str) -> Option<String> {
    let start = answer.find("\"refund_id\":\"")? + 13;
    answer.get(start..start + 29).map(str::to_owned)
}
