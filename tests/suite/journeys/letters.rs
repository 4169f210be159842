//! What customers read: their language and direction, the rail's timeline, the headers that clients sort by.

use crate::harness::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_speak_the_customers_language() {
    let app = TestApp::start().await;
    for (locale, direction) in [("en", "ltr"), ("ar", "rtl")] {
        let id = format!("letters-{locale}");
        let order = app.order(&id).customer(&format!("{locale}@buyers.example"), locale).push().await;
        let refund = app.shop.ask(&order).amount(1_000).accepted().await;
        app.until(&refund, "completed").await;
        app.quiet().await;
        let mails: Vec<_> = app.mails().into_iter().filter(|mail| mail.refund_id == refund.id).collect();
        assert_eq!(mails.len(), 3, "{locale}");
        for mail in mails {
            assert_eq!(mail.to, format!("{locale}@buyers.example"));
            assert!(mail.html.contains(&format!("dir=\"{direction}\"")), "{locale} {}: {}", mail.kind, mail.html);
            assert!(mail.html.contains(&format!("lang=\"{locale}\"")), "{locale} {}", mail.kind);
            assert!(mail.text.contains(&id), "the plain text names the order: {}", mail.text);
            let is_arabic = mail.subject.chars().any(|letter| ('\u{600}'..='\u{6ff}').contains(&letter));
            assert_eq!(is_arabic, locale == "ar", "{}", mail.subject);
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rail_has_its_timeline() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = 600_000).await;
    let mut told = Vec::new();
    for rail in ["card", "wallet", "paynow", "bank_transfer"] {
        let order = app.order(rail).rail(rail).mode("pending_then_succeeded").push().await;
        let refund = app.shop.ask(&order).amount(1_000).accepted().await;
        let shown = app.until(&refund, "provider_pending").await;
        let expected = &shown["expected_completion"];
        assert!(expected["from"].as_str() <= expected["to"].as_str() && expected["from"].is_string(), "{shown:#}");
        told.push((rail, expected["basis"].as_str().unwrap_or_default().to_owned()));
    }
    assert_eq!(told[0].1, "business_days", "cards take business days: {told:?}");
    app.shift_clock(jiff::SignedDuration::from_mins(11));
    app.finish().await;
}
