//! People of the desk sign in, see what there is, and decide.

use crate::domain::access::Role;

use super::browser::{Browser, House, PASSWORD};

/// A request of 60.00 that waits for one person; its address at the desk.
async fn waiting(house: &House) -> String {
    house.order("1042", "zoe@example.com").await;
    let mut browser = house.browser().await;
    browser.open(&house.link("1042").await).await;
    browser.send("/refunds/new", &[("order_id", "1042")]).await;
    browser.send("/refunds/new/items", &[("line", "lamp")]).await;
    browser.send("/refunds/new/reason", &[("reason", "other"), ("note", "<i>Please</i>")]).await;
    let seen = browser.page.hidden("seen_remaining_minor");
    browser.send("/refunds/new/amount", &[("seen_remaining_minor", &seen), ("share", "all")]).await;
    browser.show_nothing().await;
    let key = browser.page.hidden("key");
    browser.send("/refunds/new/check", &[("key", &key)]).await;
    browser.page.path.replace("/refunds/r/", "/desk/refunds/")
}

async fn signed_in(house: &House, name: &str, role: Role) -> Browser {
    let email = house.person(name, role).await;
    let mut browser = house.browser().await;
    browser.sign_in(&email).await.is(200).at("/desk/queue");
    browser
}

#[actix_web::test]
async fn who_is_not_known_is_told_no_more_than_who_is() {
    let house = House::open().await;
    let email = house.person("amina", Role::Agent).await;
    let mut browser = house.browser().await;
    let wrong = "The e-mail address or the password is not right";
    for (email, password) in [(email.as_str(), "wrong"), ("nobody@desk.example", PASSWORD)] {
        browser.go("/login").await;
        browser.send("/login", &[("email", email), ("password", password)]).await.is(422).shows(wrong).hides(password);
    }
}

#[actix_web::test]
async fn the_door_leads_back_to_where_one_wanted_and_nowhere_else() {
    let house = House::open().await;
    let email = house.person("amina", Role::Agent).await;
    for (next, landed) in
        [("/desk/refunds?state=failed", "/desk/refunds?state=failed"), ("https://evil.example/", "/desk/queue")]
    {
        let mut browser = house.browser().await;
        browser.go("/desk/refunds?state=failed").await.shows("value=\"/desk/refunds?state=failed\"");
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        browser.send("/login", &fields).await.is(200).at(landed);
    }
}

#[actix_web::test]
async fn a_new_session_at_sign_in_and_none_after_signing_out() {
    let house = House::open().await;
    let mut browser = signed_in(&house, "amina", Role::Agent).await;
    let old = browser.cookies.clone();
    browser.send("/logout", &[]).await.at("/login?signed-out").shows("You are signed out.");
    browser.cookies = old;
    browser.go("/desk/queue").await.at("/login?next=%2Fdesk%2Fqueue");
}

#[actix_web::test]
async fn a_person_reads_the_story_and_approves() {
    let house = House::open().await;
    let refund = waiting(&house).await;
    let mut browser = signed_in(&house, "amina", Role::Agent).await;
    browser.page.shows("Requested").shows("60.00").shows("Another reason");
    browser.go("/desk/refunds?state=completed").await.shows("No refund matches");
    browser.go(&refund).await.is(200).shows("&#60;i&#62;Please&#60;/i&#62;").shows("Policy 1, rule");
    browser.go(&format!("{refund}/decide?v=deny")).await.is(200).shows("No money moves.");
    let version = browser.page.hidden("version");
    let decision = format!("{refund}/decision");
    browser.send(&decision, &[("decision", "deny"), ("version", &version)]).await.is(422);
    browser.page.shows("Write why it is denied").shows("<title>Error: ");
    let yes = [("decision", "approve"), ("note", "Fine by me"), ("version", version.as_str())];
    browser.send(&decision, &yes).await.is(200).at(&refund).shows("You approved $60.00 USD.");
    browser.page.shows("data-state=\"approved\"").shows("amina").shows("Fine by me");
    browser.send(&decision, &yes).await.shows("Somebody was faster").shows("Fine by me");
    assert!(browser.page.status.is_client_error());
}

#[actix_web::test]
async fn an_approved_refund_is_taken_back_before_it_is_sent() {
    let house = House::open().await;
    let refund = waiting(&house).await;
    let mut browser = signed_in(&house, "amina", Role::Agent).await;
    browser.go(&format!("{refund}/decide?v=approve")).await;
    let version = browser.page.hidden("version");
    browser.send(&format!("{refund}/decision"), &[("decision", "approve"), ("version", &version)]).await;
    let version = browser.page.hidden("version");
    browser
        .send(&format!("{refund}/cancel"), &[("version", &version)])
        .await
        .at(&refund)
        .shows("The refund was canceled.");
    browser.page.shows("data-state=\"canceled\"");
}

#[actix_web::test]
async fn who_may_only_read_sees_no_form_and_is_refused() {
    let house = House::open().await;
    let refund = waiting(&house).await;
    let mut browser = signed_in(&house, "ada", Role::Auditor).await;
    browser.go(&refund).await.is(200).hides("value=\"approve\"");
    let fields = [("decision", "approve"), ("version", "1")];
    browser.send(&format!("{refund}/decision"), &fields).await.is(403).shows("You may not do this");
}

#[actix_web::test]
async fn a_refund_is_asked_for_on_somebodys_behalf_and_decided_by_somebody_else() {
    let house = House::open().await;
    house.order("1042", "zoe@example.com").await;
    let mut amina = signed_in(&house, "amina", Role::Senior).await;
    amina.go("/search?q=1042").await.is(200).at("/desk/orders/1042").shows("zoe@example.com");
    let ask = "/desk/orders/1042/refunds";
    let key = amina.page.hidden("key");
    let typed = [("key", key.as_str()), ("amount", "12.50"), ("reason", "goodwill"), ("note", "")];
    amina.send(ask, &typed).await.is(422).shows("Write why it is asked for").shows("value=\"12.50\"");
    let fields = [("key", key.as_str()), ("amount", "12.50"), ("reason", "goodwill"), ("note", "Late parcel")];
    amina.send(ask, &fields).await.is(200).shows("someone else must decide").hides("value=\"lower\"");
    let refund = amina.page.path.clone();
    amina.send(ask, &fields).await.at(&refund);
    amina.send(&format!("{refund}/decision"), &[("decision", "approve"), ("version", "1")]).await.is(403);
    let mut omar = signed_in(&house, "omar", Role::Senior).await;
    omar.go("/desk/queue").await.shows("1042").shows("12.50");
    omar.send("/desk/queue/next", &[]).await.at(&refund).shows("It is yours.");
    omar.go("/search?q=12.50+USD").await.at(&refund);
    let version = {
        omar.go(&format!("{refund}/decide?v=approve")).await;
        omar.page.hidden("version")
    };
    omar.send(&format!("{refund}/decision"), &[("decision", "approve"), ("version", &version)]).await.is(200);
    omar.page.shows("data-state=\"approved\"");
}

#[actix_web::test]
async fn the_queue_narrows_by_its_address_and_says_so() {
    let house = House::open().await;
    waiting(&house).await;
    let mut browser = signed_in(&house, "amina", Role::Agent).await;
    browser.go("/desk/queue?reason=other&currency=usd&min=10&max=60").await.shows("60.00").shows("Filtered by");
    browser.go("/desk/queue?reason=goodwill").await.shows("Nothing matches these filters");
    browser.go("/desk/queue?currency=usd&min=60.01").await.shows("Nothing matches these filters");
    browser.go("/desk/queue?view=nonsense&after=nonsense&from=yesterday").await.is(200).shows("60.00");
    browser.go("/desk/queue?view=mine").await.shows("Nothing waits here");
    browser.go("/help/shortcuts").await.is(200).shows("Go to the search");
}

#[actix_web::test]
async fn notes_are_for_colleagues_and_letters_for_the_customer() {
    let house = House::open().await;
    let refund = waiting(&house).await;
    let mut amina = signed_in(&house, "amina", Role::Agent).await;
    amina.send(&format!("{refund}/notes"), &[("staff-note", "Looks odd to me")]).await.shows("Looks odd to me");
    amina.send(&format!("{refund}/messages"), &[("message", "")]).await.is(422).shows("Write the message");
    let ask = [("decision", "ask"), ("version", "1"), ("message", "Which box was it?")];
    amina.send(&format!("{refund}/decision"), &ask).await.is(200).shows("Which box was it?");
    amina.page.shows("The customer was asked something");
}
