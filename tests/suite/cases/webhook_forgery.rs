//! Section 4: who may speak for a processor. The published vectors of the signature scheme are tested beside the code.

use std::io::{Read, Write};
use std::net::TcpStream;

use jiff::SignedDuration;

use crate::harness::{Refund, TestApp, Webhook};

/// The simulator's own webhooks come when the test moves the clock past this.
const NOT_BY_ITSELF_MS: u64 = 600_000;

async fn pending() -> (TestApp, Refund) {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = NOT_BY_ITSELF_MS).await;
    let order = app.order("forged").mode("pending_then_succeeded").push().await;
    let refund = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&refund, "provider_pending").await;
    (app, refund)
}

async fn end(app: TestApp, refund: &Refund) {
    assert_eq!(app.shop.show(refund).await["state"], "provider_pending", "nothing moved it");
    assert_eq!(app.number("count(*) FROM inbox").await, 0, "what is forged is not stored");
    app.shift_clock(SignedDuration::from_mins(11));
    app.until(refund, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f45_signatures_that_do_not_hold_are_refused() {
    let (app, refund) = pending().await;
    let good = Webhook::new("evt_f45", &app.event(&refund, "SUCCEEDED").await, app.now());
    let signature = good.signature();
    let other_secret = Webhook { secret: "whsec_YW5vdGhlciBzZWNyZXQ=".to_owned(), ..good.clone() };
    for forged in [
        "",
        "v1,",
        "v1,AAAA",
        &signature.replace("v1,", "v2,"),
        &signature.replace("v1,", "v1a,"),
        signature.trim_start_matches("v1,"),
        &signature.to_lowercase(),
        &other_secret.signature(),
    ] {
        app.deliver_signed(&good, forged).await.refused(401, "ERR.AUTHN.required");
    }
    for body in [
        format!("{}\n", good.body),
        format!("\u{feff}{}", good.body),
        good.body.replace(':', ": "),
        good.body.replace("4000", "4001"),
    ] {
        let changed = Webhook { body, ..good.clone() };
        app.deliver_signed(&changed, &signature).await.refused(401, "ERR.AUTHN.required");
    }
    let other_id = Webhook { id: "evt_other".to_owned(), ..good.clone() };
    app.deliver_signed(&other_id, &signature).await.refused(401, "ERR.AUTHN.required");
    for missing in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let all = [
            ("webhook-id", good.id.clone()),
            ("webhook-timestamp", good.sent_at_s.to_string()),
            ("webhook-signature", signature.clone()),
        ];
        let request = app.stranger().request("POST", "/webhooks/payments").bytes(good.body.clone());
        let request = all
            .into_iter()
            .filter(|(name, _)| *name != missing)
            .fold(request, |request, (name, value)| request.header(name, value));
        request.send().await.refused(401, "ERR.AUTHN.required");
    }
    app.stranger()
        .request("POST", "/webhooks/nobody")
        .bytes("{}")
        .send()
        .await
        .refused(404, "ERR.NOT_FOUND.provider_account");
    end(app, &refund).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f45_one_good_signature_among_two_is_enough() {
    let (app, refund) = pending().await;
    let good = Webhook::new("evt_f45_two", &app.event(&refund, "SUCCEEDED").await, app.now());
    let both = format!("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= {}", good.signature());
    app.deliver_signed(&good, &both).await.expect(200);
    app.until(&refund, "completed").await;
    app.shift_clock(SignedDuration::from_mins(11));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f45_a_body_in_chunks_is_read_as_one() {
    let (app, refund) = pending().await;
    let good = Webhook::new("evt_f45_chunks", &app.event(&refund, "SUCCEEDED").await, app.now());
    let address = app.bases()[0].trim_start_matches("http://").to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST /webhooks/simulator HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\
             webhook-id: {}\r\nwebhook-timestamp: {}\r\nwebhook-signature: {}\r\n\r\n",
            good.id,
            good.sent_at_s,
            good.signature()
        );
        connection.write_all(head.as_bytes()).unwrap();
        for chunk in good.body.as_bytes().chunks(7) {
            connection.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).unwrap();
            connection.write_all(chunk).unwrap();
            connection.write_all(b"\r\n").unwrap();
        }
        connection.write_all(b"0\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    app.until(&refund, "completed").await;
    app.shift_clock(SignedDuration::from_mins(11));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f46_time_stamps_are_good_for_five_minutes() {
    let (app, refund) = pending().await;
    let event = app.event(&refund, "SUCCEEDED").await;
    for (id, seconds) in [("old", -302), ("older", -86_400), ("future", 400)] {
        let at = app.now() + SignedDuration::from_secs(seconds);
        app.deliver(&Webhook::new(&format!("evt_f46_{id}"), &event, at)).await.refused(401, "ERR.AUTHN.required");
    }
    assert_eq!(app.number("count(*) FROM inbox").await, 0);
    let at = app.now() - SignedDuration::from_secs(297);
    app.deliver(&Webhook::new("evt_f46_good", &event, at)).await.expect(200);
    app.until(&refund, "completed").await;
    app.shift_clock(SignedDuration::from_mins(11));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f51_an_old_event_cannot_be_used_for_another_refund() {
    let (app, first) = pending().await;
    let order = app.order("forged-2").mode("pending_then_succeeded").push().await;
    let second = app.shop.ask(&order).amount(4_000).accepted().await;
    app.until(&second, "provider_pending").await;
    let good = Webhook::new("evt_f51", &app.event(&first, "SUCCEEDED").await, app.now());
    app.deliver(&good).await.expect(200);
    app.until(&first, "completed").await;

    let bent = Webhook { body: good.body.replace(&first.id, &second.id), ..good.clone() };
    app.deliver_signed(&bent, &good.signature()).await.refused(401, "ERR.AUTHN.required");
    app.deliver(&good).await.expect(200);
    assert_eq!(
        app.number("count(*) FROM inbox").await,
        1,
        "a copy within the tolerance is told from the first by its id"
    );
    app.shift_clock(SignedDuration::from_mins(6));
    app.deliver(&good).await.refused(401, "ERR.AUTHN.required");
    assert_eq!(app.shop.show(&second).await["state"], "provider_pending");
    app.shift_clock(SignedDuration::from_mins(5));
    app.until(&second, "completed").await;
    app.finish().await;
}
