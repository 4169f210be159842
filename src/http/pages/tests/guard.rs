//! What guards every page: tokens of forms, owners of objects, languages, errors that people understand.

use actix_web::http::{Method, header};

use crate::domain::access::Role;

use super::browser::House;

#[actix_web::test]
async fn a_form_without_the_readers_token_changes_nothing() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    browser.go("/refunds").await;
    for body in ["order_id=1042&email=zoe%40example.com", "order_id=1042&email=zoe%40example.com&csrf=wrong"] {
        browser.ask(Method::POST, "/refunds", Some(body.to_owned())).await.is(403).shows("Please try again.");
    }
    let theirs = browser.page.hidden("csrf");
    let mut other = house.browser().await;
    other.go("/refunds").await;
    let body = format!("order_id=1042&email=zoe%40example.com&csrf={theirs}");
    other.ask(Method::POST, "/refunds", Some(body)).await.is(403);
}

#[actix_web::test]
async fn another_customers_order_and_refund_do_not_exist() {
    let house = House::open().await;
    house.order("1042", "zoe@example.com").await;
    house.order("2000", "eve@example.com").await;
    let mut eve = house.browser().await;
    eve.open(&house.link("2000").await).await.is(200);
    eve.go("/refunds/orders/1042").await.is(404).shows("There is nothing here");
    eve.go("/refunds/orders/2000").await;
    eve.send("/refunds/new", &[("order_id", "1042")]).await.is(404);
    eve.go("/refunds/r/rf_00000000010000000000000002").await.is(404);
    eve.go("/refunds/r/nonsense").await.is(404);
}

#[actix_web::test]
async fn a_customer_is_nobody_at_the_desk_and_the_other_way_round() {
    let house = House::open().await;
    house.order("1042", "zoe@example.com").await;
    let mut zoe = house.browser().await;
    zoe.open(&house.link("1042").await).await;
    zoe.go("/desk").await.at("/login?next=%2Fdesk");
    let email = house.person("amina", Role::Admin).await;
    let mut amina = house.browser().await;
    amina.sign_in(&email).await;
    amina.go("/refunds/orders/1042").await.at("/refunds?ended");
}

#[actix_web::test]
async fn the_language_is_chosen_by_link_and_kept() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    browser.go("/refunds?lang=ar").await.shows("<html lang=\"ar\" dir=\"rtl\"").shows("اطلب استرداد أموالك");
    browser.go("/nothing").await.is(404).shows("lang=\"ar\"").shows("لا يوجد شيء هنا");
    browser.go("/refunds?lang=en-XA").await.shows("lang=\"en-XA\"");
    browser.go("/refunds?lang=tlh").await.shows("lang=\"en-XA\"");
}

#[actix_web::test]
async fn colours_are_kept_in_the_first_byte() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    browser.go("/refunds").await.hides("data-theme");
    let back = [("theme", "dark"), ("back", "/refunds?lang=en")];
    browser.send("/preferences", &back).await.at("/refunds?lang=en").shows("data-theme=\"dark\"");
    browser.send("/preferences", &[("theme", "dark"), ("back", "//evil.example")]).await.at("/refunds");
}

#[actix_web::test]
async fn every_page_carries_its_protections_and_its_reference() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    for (path, status) in [("/refunds", 200), ("/login", 200), ("/nothing", 404), ("/dev/mail", 200)] {
        let page = browser.go(path).await.is(status);
        let policy = page.headers.get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let reference = page.headers.get("x-correlation-id").unwrap().to_str().unwrap().to_owned();
        page.shows(&reference);
    }
}

#[actix_web::test]
async fn styles_and_scripts_are_cached_for_ever_under_their_content() {
    let house = House::open().await;
    let mut browser = house.browser().await;
    let url = crate::http::pages::assets::url("app.css");
    let page = browser.go(url).await.is(200);
    assert!(page.headers.get(header::CACHE_CONTROL).unwrap().to_str().unwrap().contains("immutable"));
    browser.go("/static/app.0000000000000000.css").await.is(404);
}
