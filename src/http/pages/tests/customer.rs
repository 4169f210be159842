//! A customer finds an order, asks, follows, and takes back.

use crate::domain::order::PaymentStatus;

use super::browser::{Browser, House};

async fn customer(house: &House) -> Browser {
    house.order("1042", "zoe@example.com").await;
    let mut browser = house.browser().await;
    browser.open(&house.link("1042").await).await;
    browser
}

#[actix_web::test]
async fn the_start_answers_the_same_whether_the_order_is_known_or_not() {
    let house = House::open().await;
    house.order("1042", "zoe@example.com").await;
    let mut browser = house.browser().await;
    let mut seen = Vec::new();
    for (order_id, email) in [("1042", "zoe@example.com"), ("1042", "eve@example.com"), ("9999", "zoe@example.com")] {
        browser.go("/refunds").await.is(200);
        browser.send("/refunds", &[("order_id", order_id), ("email", email)]).await.is(200).at("/refunds/sent");
        let told = browser.page.html.lines().filter(|line| !line.contains("csrf") && !line.contains("class=\"about\""));
        seen.push(told.collect::<Vec<_>>().join("\n"));
    }
    assert!(seen.iter().all(|page| page == &seen[0]));
}

#[actix_web::test]
async fn what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    browser.go("/refunds").await;
    browser.send("/refunds", &[("order_id", " "), ("email", "zoe@")]).await.is(422);
    browser.page.shows("<title>Error: Ask for a refund").shows("href=\"#order_id\"").shows("href=\"#email\"");
    browser.page.shows("id=\"email-error\"").shows("value=\"zoe@\"").shows("aria-invalid=\"true\"");
}

#[actix_web::test]
async fn a_link_opens_by_its_button_only() {
    let house = House::open().await;
    house.order("1042", "zoe@example.com").await;
    let link = house.link("1042").await;
    let mut browser = house.browser().await;
    browser.go(&link).await.is(200).shows("Open my order");
    browser.go("/refunds/orders/1042").await.at("/refunds?ended");
    browser.open(&link).await.is(200).at("/refunds/orders/1042").shows("100.00").shows("Blue lamp &#60;b&#62;");
    browser.go("/refunds/verify/nonsense").await.is(404).shows("no longer works");
}

#[actix_web::test]
async fn a_link_speaks_its_customers_language_until_they_choose_another() {
    let house = House::open().await;
    house.push_in("1042", "zoe@example.com", "ar").await;
    let link = house.link("1042").await;
    let mut browser = house.browser().await;
    browser.go(&link).await.shows("lang=\"ar\"");
    browser.open(&link).await.at("/refunds/orders/1042").shows("<html lang=\"ar\"");
    browser.go("/refunds/orders/1042?lang=en").await.shows("<html lang=\"en\"");
    browser.go("/refunds/orders/1042").await.shows("<html lang=\"en\"");
}

#[actix_web::test]
async fn a_refund_is_asked_for_in_steps_once_however_often_the_button_is_pressed() {
    let house = House::open().await;
    let mut browser = customer(&house).await;
    browser.send("/refunds/new", &[("order_id", "1042")]).await.at("/refunds/new/items").shows("Step 1 of 5");
    browser.send("/refunds/new/items", &[]).await.is(422).shows("Choose at least one item");
    browser.send("/refunds/new/items", &[("line", "bulb"), ("quantity:bulb", "1")]).await.at("/refunds/new/reason");
    browser
        .send("/refunds/new/reason", &[("note", "It broke.")])
        .await
        .is(422)
        .shows("Choose a reason")
        .shows("It broke.");
    let answer = [("reason", "quality"), ("note", "It broke.\r\nTwice.")];
    browser.send("/refunds/new/reason", &answer).await.at("/refunds/new/amount").shows("20.00");
    let seen = browser.page.hidden("seen_remaining_minor");
    let too_much = [("seen_remaining_minor", seen.as_str()), ("share", "part"), ("amount", "85.00")];
    browser.send("/refunds/new/amount", &too_much).await.is(422);
    browser
        .page
        .shows("This refund exceeds the available amount.")
        .shows("Enter $20.00 USD or less.")
        .shows("Use $20.00 USD");
    browser.page.shows("value=\"85.00\"");
    let part = [("seen_remaining_minor", seen.as_str()), ("share", "part"), ("amount", "١٢٫٥٠")];
    browser
        .send("/refunds/new/amount", &part)
        .await
        .at("/refunds/new/evidence")
        .shows("Do you have something to show us?");
    browser.show_nothing().await.at("/refunds/new/check").shows("Ask for $12.50 USD");
    let (token, key) = (browser.page.hidden("csrf"), browser.page.hidden("key"));
    browser.send("/refunds/new/check", &[("key", &key)]).await.is(200);
    let first = browser.page.path.clone();
    assert!(first.starts_with("/refunds/r/rf_"), "{first}");
    browser.page.shows("We’re processing your refund.").shows("12.50").shows("It broke.\nTwice.");
    let again = serde_urlencoded::to_string([("key", key.as_str()), ("csrf", token.as_str())]).unwrap();
    browser.ask(actix_web::http::Method::POST, "/refunds/new/check", Some(again)).await.at(&first);
    browser.go("/refunds/orders/1042").await.shows("87.50");
    assert_eq!(browser.page.html.matches("/refunds/r/rf_").count(), 1);
}

#[actix_web::test]
async fn the_way_back_keeps_what_was_answered() {
    let house = House::open().await;
    let mut browser = customer(&house).await;
    browser.send("/refunds/new", &[("order_id", "1042")]).await;
    browser.go("/refunds/new/check").await.at("/refunds/new/items");
    browser.send("/refunds/new/items", &[("line", "bulb"), ("quantity:bulb", "2")]).await;
    browser.send("/refunds/new/reason", &[("reason", "other"), ("note", "Kept")]).await;
    browser.go("/refunds/new/reason").await.shows("Kept").shows("value=\"other\" checked");
    browser.go("/refunds/new/items").await.shows("value=\"bulb\" checked").shows("value=\"2\" selected");
}

#[actix_web::test]
async fn a_request_that_waits_can_be_withdrawn_and_then_no_more() {
    let house = House::open().await;
    let mut browser = customer(&house).await;
    browser.send("/refunds/new", &[("order_id", "1042")]).await;
    browser.send("/refunds/new/items", &[("line", "lamp")]).await;
    browser.send("/refunds/new/reason", &[("reason", "other")]).await;
    let seen = browser.page.hidden("seen_remaining_minor");
    browser.send("/refunds/new/amount", &[("seen_remaining_minor", &seen), ("share", "all")]).await;
    browser.show_nothing().await;
    let key = browser.page.hidden("key");
    browser
        .send("/refunds/new/check", &[("key", &key)])
        .await
        .shows("We have your request")
        .shows("aria-current=\"step\"");
    let status = browser.page.path.clone();
    let withdraw = format!("{status}/withdraw");
    browser.go(&withdraw).await.shows("$60.00 USD");
    browser
        .send(&withdraw, &[])
        .await
        .at(&status)
        .shows("Your request was withdrawn.")
        .shows("You took this request back");
    browser.page.hides("Withdraw the request");
    browser.go(&status).await.hides("Your request was withdrawn.");
    browser.go(&withdraw).await.at(&status).shows("can no longer be withdrawn");
}

#[actix_web::test]
async fn why_nothing_can_be_refunded_is_said() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    for (order_id, status, words) in [
        ("p", PaymentStatus::Pending, "We can’t refund this payment yet."),
        ("c", PaymentStatus::ChargedBack, "already taking this payment back"),
        ("f", PaymentStatus::Failed, "did not go through"),
    ] {
        house.push(order_id, &format!("{order_id}@example.com"), status).await;
        browser.open(&house.link(order_id).await).await.is(200).shows(words).hides("action=\"/refunds/new\"");
    }
}

#[actix_web::test]
async fn a_live_page_asks_for_its_changing_part_only() {
    let house = House::open().await;
    let browser = asked(&house).await;
    browser.page.shows("hx-sse:connect=").shows("<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>");
    browser.page.shows("By ").shows("data-announce=");
}

#[actix_web::test]
async fn a_live_feed_ends_when_the_desk_stops() {
    let house = House::open().await;
    let mut browser = asked(&house).await;
    let feed = format!("{}/live", browser.page.path);
    let desk = std::sync::Arc::clone(&house.app.desk);
    let patience = std::time::Duration::from_secs(60);
    let closing = async {
        // The feed listens to the bell once it has looked at the refund.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        desk.bells.close();
    };
    let (page, ()) = tokio::join!(tokio::time::timeout(patience, browser.go(&feed)), closing);
    page.expect("the feed ends").is(200);
}

/// A customer who has asked for one of two items, with the refund's page open.
async fn asked(house: &House) -> Browser {
    let mut browser = customer(house).await;
    browser.send("/refunds/new", &[("order_id", "1042")]).await;
    browser.send("/refunds/new/items", &[("line", "lamp")]).await;
    browser.send("/refunds/new/reason", &[("reason", "quality")]).await;
    let seen = browser.page.hidden("seen_remaining_minor");
    browser.send("/refunds/new/amount", &[("seen_remaining_minor", &seen), ("share", "all")]).await;
    browser.show_nothing().await;
    let key = browser.page.hidden("key");
    browser.send("/refunds/new/check", &[("key", &key)]).await;
    browser
}
