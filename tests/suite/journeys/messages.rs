//! Customer and desk write to each other, and a customer asks to look again at what was denied.

use jiff::SignedDuration;
use makegood::domain::access::Role;
use serde_json::json;

use crate::harness::{Refund, TestApp};

/// A request that waits for a person, of somebody who reads this language.
async fn waiting(app: &TestApp, order_id: &str, locale: &str) -> Refund {
    let order = app.order(order_id).customer(&format!("{order_id}@buyers.example"), locale).push().await;
    app.shop.ask(&order).amount(2_000).reason("other").accepted().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_on_the_refunds_page_and_the_request_goes_on() {
    let app = TestApp::start().await;
    let refund = waiting(&app, "7001", "en").await;
    let (mine, desk) = (format!("/refunds/r/{}", refund.id), format!("/desk/refunds/{}", refund.id));
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go(&format!("{desk}/decide?v=ask")).await.is(200);
    let (version, form) = (amina.shown.hidden("version"), amina.shown.hidden("form"));
    let ask = [("decision", "ask"), ("version", version.as_str()), ("form", &form), ("message", "Which <b>box</b>?")];
    amina.send(&format!("{desk}/decision"), &ask).await.is(200);
    app.until_qualified(&refund, "requested", "needs_info").await;

    let mut zoe = app.opened("7001").await;
    zoe.go(&mine).await.says("We have a question").says("Which &#60;b&#62;box&#60;/b&#62;?").hides("amina");
    zoe.send(&format!("{mine}/messages"), &[("message", " ")]).await.is(422).says("href=\"#message\"");
    let form = zoe.shown.hidden("form");
    zoe.send(&format!("{mine}/messages"), &[("message", "The blue one"), ("form", &form)]).await.is(200);
    zoe.shown.says("We have your message.").says("The blue one").hides("We have a question");
    app.until_qualified(&refund, "requested", "awaiting_first").await;
    amina.go(&format!("{desk}/messages")).await.says("The blue one").says("Taken by the mail server");

    let other = app.agent("omar").await;
    other.approve(&refund, "fine").await.expect(200);
    app.until(&refund, "completed").await;
    zoe.go(&mine).await.says("The blue one").hides("name=\"message\"");
    let late = [("message", "One <more> thing"), ("form", form.as_str())];
    zoe.send(&format!("{mine}/messages"), &late).await.is(409);
    zoe.shown.says("your message was not sent").says("One &#60;more&#62; thing");
    app.quiet().await;
    assert_eq!(app.number("count(*) FROM messages").await, 2);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_is_told_in_plain_words_and_never_in_the_desks_own() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let by_reason = waiting(&app, "7002", "en").await;
    agent.deny(&by_reason, "Liar, see ticket 99").await.expect(200);
    let mut zoe = app.opened("7002").await;
    let told = "Your request does not meet the conditions for a refund.";
    zoe.go(&format!("/refunds/r/{}", by_reason.id)).await.says(told).says("Ask us to look again").hides("Liar");

    let chosen = waiting(&app, "7003", "ar").await;
    let desk = format!("/desk/refunds/{}", chosen.id);
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go(&format!("{desk}/decide?v=deny")).await.says("What we were sent does not show the problem.");
    let version = amina.shown.hidden("version");
    let deny = [("decision", "deny"), ("note", "Liar"), ("told", "evidence"), ("version", version.as_str())];
    amina.send(&format!("{desk}/decision"), &deny).await.is(200);
    assert_eq!(app.shop.show(&chosen).await["message_id"], "refund.denied.evidence");
    let mut omar = app.opened("7003").await;
    omar.go(&format!("/refunds/r/{}", chosen.id)).await.says("ما وصلنا لا يوضّح المشكلة.").hides("Liar");
    app.quiet().await;
    let letters: Vec<_> = app.mails().into_iter().filter(|mail| mail.kind == "denied").collect();
    assert_eq!(letters.len(), 2);
    assert!(letters[0].text.contains(told) && letters[1].text.contains("ما وصلنا لا يوضّح المشكلة."), "{letters:#?}");
    assert!(letters.iter().all(|letter| !format!("{letter:?}").contains("Liar")));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_is_looked_at_again_once_by_somebody_else() {
    let app = TestApp::start().await;
    let (first, second) = (app.agent("first").await, app.agent("second").await);
    let denied = waiting(&app, "7004", "en").await;
    first.deny(&denied, "no").await.expect(200);
    let mine = format!("/refunds/r/{}", denied.id);
    let mut zoe = app.opened("7004").await;
    zoe.go(&format!("{mine}/appeal")).await.is(200).says("You can ask once.");
    zoe.send(&format!("{mine}/appeal"), &[("why", "")]).await.is(422).says("Write what we should look at");
    zoe.send(&format!("{mine}/appeal"), &[("why", "The box was open.")]).await.is(200);
    zoe.shown.says("We look at it again.").says("The box was open.").says("Somebody other than the first time");
    let appeal = Refund { id: zoe.shown.path.trim_start_matches("/refunds/r/").to_owned() };
    assert_ne!(appeal.id, denied.id);

    let shown = app.until_qualified(&appeal, "requested", "awaiting_first").await;
    assert_eq!((&shown["amount_minor"], &shown["reason"]), (&json!(2_000), &json!("other")));
    assert_eq!(app.shop.show(&denied).await["qualifier"], "denied", "what was denied stays denied");
    zoe.go(&format!("{mine}/appeal")).await.at(&format!("/refunds/r/{}", appeal.id));
    zoe.go(&mine).await.says("You have asked us to look again.").hides("Ask us to look again</a>");

    first.approve(&appeal, "oh").await.refused(403, "ERR.AUTHZ.dual_control");
    first.deny(&appeal, "still no").await.refused(403, "ERR.AUTHZ.dual_control");
    second.deny(&appeal, "no").await.expect(200);
    zoe.go(&format!("/refunds/r/{}", appeal.id)).await.says("This was our second look at it.");
    zoe.go(&format!("/refunds/r/{}/appeal", appeal.id)).await.says("it can be done once");
    app.quiet().await;
    let letters = app.mails().into_iter().filter(|mail| mail.refund_id == appeal.id).collect::<Vec<_>>();
    let subjects: Vec<_> = letters.iter().map(|letter| letter.subject.as_str()).collect();
    let expected = ["We are looking again: 20.00 USD for order 7004", "Refund declined: 20.00 USD for order 7004"];
    assert_eq!(subjects, expected);
    assert!(letters[1].text.contains("second look") && !letters[1].text.contains("ask us to look again"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_policy_denied_is_looked_at_by_a_person() {
    let app = TestApp::start().await;
    let long_ago = app.now() - SignedDuration::from_hours(24 * 91);
    let order = app.order("7005").placed_at(&long_ago.to_string()).line("a", 2, 3_000, 0, 0).line("b", 1, 4_000, 0, 0);
    let order = order.push().await;
    let ask = app.shop.ask(&order).reason("quality").line(json!({"line_id": "a", "quantity": 1}));
    let denied = ask.accepted().await;
    let mine = format!("/refunds/r/{}", denied.id);
    let mut zoe = app.opened("7005").await;
    zoe.go(&mine).await.says("is over.").says("Ask us to look again");
    zoe.go(&format!("{mine}/appeal")).await;
    zoe.send(&format!("{mine}/appeal"), &[("why", "It broke in the first week.")]).await.is(200);
    let appeal = Refund { id: zoe.shown.path.trim_start_matches("/refunds/r/").to_owned() };
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go("/desk/queue").await.says("7005");
    let case = format!("/desk/refunds/{}", appeal.id);
    amina.go(&case).await.says("The customer has asked to look again").says(&denied.id).says("Somebody other");
    assert_eq!(app.shop.show(&appeal).await["amount_minor"], 3_000, "the same lines are asked for");
    app.agent("omar").await.approve(&appeal, "fair").await.expect(200);
    app.until(&appeal, "completed").await;
    assert_eq!(app.book(&order).await.len(), 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_again_has_its_term_and_its_guards() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let denied = waiting(&app, "7006", "en").await;
    agent.deny(&denied, "no").await.expect(200);
    let appeal = format!("/refunds/r/{}/appeal", denied.id);
    let mut zoe = app.opened("7006").await;
    zoe.go(&appeal).await.is(200);
    let order = app.order("7006").customer("7006@buyers.example", "en").status("charged_back").push().await;
    zoe.send(&appeal, &[("why", "Please")]).await.is(422).says("Please").says("href=\"#why\"");
    assert_eq!(app.number("count(*) FROM refunds").await, 1, "{}", order.id);
    app.shift_clock(SignedDuration::from_hours(24 * 30 + 1));
    let mut later = app.opened("7006").await;
    later.go(&appeal).await.says("it can be done once, and within 30 days");
    app.quiet().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_customers_refund_is_not_there() {
    let app = TestApp::start().await;
    let agent = app.agent("agent").await;
    let theirs = waiting(&app, "7007", "en").await;
    agent.deny(&theirs, "no").await.expect(200);
    waiting(&app, "7008", "en").await;
    let mut eve = app.opened("7008").await;
    let token = eve.shown.hidden("csrf");
    for path in ["messages", "appeal", "withdraw", "evidence"] {
        let path = format!("/refunds/r/{}/{path}", theirs.id);
        let fields = [("message", "hello"), ("why", "hello")];
        assert_eq!(eve.post(&path, &fields, &token).await.status, 404, "{path}");
        // The form's own address tells nothing either: it leads to the page, which is not there.
        eve.go(&path).await.is(404);
        eve.go("/refunds/orders/7008").await.is(200);
    }
    assert_eq!(app.number("count(*) FROM messages").await, 0);
    assert_eq!(app.number("count(*) FROM appeals").await, 0);
    app.quiet().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_is_written_once_and_read_in_the_customers_language() {
    let app = TestApp::start().await;
    let refund = waiting(&app, "7009", "ar").await;
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go("/desk/replies").await.is(200).says("Ask for a photo");
    amina.go("/desk/replies/new").await;
    let wrong = [("name", "Greeting"), ("text-en", "About { $ordre }"), ("text-ar", "عن { $order }")];
    amina.send("/desk/replies/new", &wrong).await.is(422).says("no slot “$ordre”").says("عن { $order }");
    let right = [("name", "Greeting"), ("text-en", "About { $order }, {amount}"), ("text-ar", "عن الطلب { $order }")];
    let preview = [right.as_slice(), &[("do", "preview")]].concat();
    amina.send("/desk/replies/new", &preview).await.is(200).says("About 1042, $45.00 USD");
    amina.send("/desk/replies/new", &right).await.is(200).at("/desk/replies").says("Greeting");
    let own = app.lines("SELECT reply_id AS line FROM replies WHERE name = 'Greeting'").await.remove(0);

    let messages = format!("/desk/refunds/{}/messages", refund.id);
    amina.go(&messages).await.is(200).says("reads العربية");
    let fill = [("reply", own.as_str()), ("message", "مرحبًا"), ("do", "fill")];
    amina.send(&messages, &fill).await.is(200).says("مرحبًا\n\nعن الطلب 7009").says("Put in below in العربية.");
    let form = amina.shown.hidden("form");
    let preview = [("message", "عن الطلب 7009"), ("form", form.as_str()), ("do", "preview")];
    amina.send(&messages, &preview).await.is(200).says("This is what the customer reads").says("يمكنك الإجابة");
    assert_eq!(app.number("count(*) FROM messages").await, 0, "nothing was sent yet");
    let send = [("message", "عن الطلب 7009"), ("form", form.as_str()), ("do", "send")];
    amina.send(&messages, &send).await.is(200).says("The message is on its way.");
    app.quiet().await;
    let letter = app.mails().into_iter().find(|mail| mail.kind == "agent_message").expect("a letter");
    assert!(letter.text.contains("عن الطلب 7009") && letter.html.contains("dir=\"rtl\""), "{letter:?}");

    let edit = format!("/desk/replies/{own}");
    amina.go(&edit).await.is(200);
    let version = amina.shown.hidden("version");
    let mut omar = app.working("omar", Role::Senior).await;
    omar.go(&edit).await;
    let theirs = [("name", "Hello"), ("text-en", "Hi"), ("version", version.as_str())];
    omar.send(&edit, &theirs).await.is(200).at("/desk/replies").says("One reply has no text in العربية.").says("Hello");
    let mine = [("name", "Salute"), ("text-en", "Hey"), ("version", version.as_str())];
    amina.send(&edit, &mine).await.is(409).says("Somebody changed this reply").says("value=\"Salute\"");
    amina.send(&format!("{edit}/archive"), &[("away", "yes")]).await.is(200).says("was put away");
    amina.go(&messages).await.hides("Hello</option>");
    let stale = [("reply", own.as_str()), ("do", "fill")];
    amina.send(&messages, &stale).await.is(422).says("Choose a reply");
    let told =
        app.lines("SELECT action AS line FROM audit_records WHERE action LIKE 'reply.%' ORDER BY audit_id").await;
    assert_eq!(told, ["reply.add", "reply.edit", "reply.archive"]);

    let mut ada = app.working("ada", Role::Auditor).await;
    ada.go(&edit).await.is(200).hides("<textarea");
    ada.go(&messages).await.is(200).says("عن الطلب 7009").hides("<textarea");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_customer_writes_is_seen_even_where_nobody_decides() {
    let app = TestApp::start_with(|config| config.simulator.webhook_delay_ms = 600_000).await;
    let mut refunds = Vec::new();
    for id in ["7010", "7011"] {
        let order = app.order(id).mode("pending_then_succeeded").push().await;
        let refund = app.shop.ask(&order).amount(1_000).accepted().await;
        app.until(&refund, "provider_pending").await;
        let mut zoe = app.opened(id).await;
        let mine = format!("/refunds/r/{}", refund.id);
        zoe.go(&mine).await.says("Write to us");
        zoe.send(&format!("{mine}/messages"), &[("message", "Where is it?")]).await.is(200).says("Where is it?");
        refunds.push(refund);
    }
    let mut amina = app.working("amina", Role::Agent).await;
    amina.go("/desk/queue").await.says("Unanswered messages");
    amina.go("/desk/messages").await.says(&refunds[0].id).says(&refunds[1].id);
    let at = |refund: &Refund| amina.shown.html.find(&refund.id).expect("a row");
    assert!(at(&refunds[0]) < at(&refunds[1]), "who waits longest comes first");
    let messages = format!("/desk/refunds/{}/messages", refunds[0].id);
    amina.go(&messages).await.says("Nothing to answer");
    amina.send(&messages, &[("message", "Tomorrow"), ("do", "send")]).await.hides("Nothing to answer");
    amina.go("/desk/messages").await.hides(&refunds[0].id).says(&refunds[1].id);
    let seen = format!("/desk/refunds/{}/messages/seen", refunds[1].id);
    amina.send(&seen, &[]).await.is(200).at("/desk/messages").says("Nobody waits for an answer");
    amina.send(&seen, &[]).await.is(200);
    assert_eq!(app.number("count(*) FROM audit_records WHERE action = 'refund.seen'").await, 1);
    app.shift_clock(SignedDuration::from_mins(11));
    app.finish().await;
}
