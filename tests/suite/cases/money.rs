//! Section 6: arithmetic, as a merchant meets it. The rules themselves have property tests beside the code.

use serde_json::{Value, json};

use crate::harness::{Caller, Order, Refund, TestApp};

/// Asks for one line after the other, each approved by a person, and gives back the amounts.
async fn ask_in_turn(app: &TestApp, checker: &Caller, order: &Order, parts: &[Value]) -> Vec<i64> {
    let mut amounts = Vec::new();
    for part in parts {
        let refund = app.shop.ask(order).line(part.clone()).accepted().await;
        checker.approve(&refund, "counted").await.expect(200);
        let shown = app.until(&refund, "completed").await;
        amounts.push(shown["amount_minor"].as_i64().unwrap());
    }
    amounts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f57_three_pieces_of_ten_come_to_exactly_ten() {
    let app = TestApp::start().await;
    app.review_everything().await;
    let checker = app.senior("checker").await;
    let order = app.order("f57").captured(1_000, "USD").line("a", 3, 334, 0, 2).push().await;
    let piece = json!({"line_id": "a", "quantity": 1});
    let mut amounts = ask_in_turn(&app, &checker, &order, &[piece.clone(), piece.clone(), piece.clone()]).await;
    assert_eq!(app.remaining(&order).await, 0);
    amounts.sort_unstable();
    assert_eq!(amounts, [333, 333, 334]);
    app.shop.ask(&order).line(piece).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    app.finish().await;
}

/// Lines with what each came to, a refund by amount alone, and what it takes from each.
type Shared = (&'static [(&'static str, i64)], i64, &'static [&'static str]);

/// What a refund takes from each line of its order.
async fn taken(app: &TestApp, refund: &Refund) -> Vec<String> {
    let lines = format!(
        "SELECT line_id || ' ' || amount_minor AS line FROM refund_lines WHERE refund_id = '{}' ORDER BY line_id",
        refund.id
    );
    app.lines(&lines).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f58_ties_go_by_the_lines_ids_in_whatever_order_the_shop_names_them() {
    let app = TestApp::start().await;
    let table: [Shared; 5] = [
        (&[("a", 100), ("b", 100), ("c", 100)], 100, &["a 34", "b 33", "c 33"]),
        (&[("a", 100), ("b", 100), ("c", 100)], 200, &["a 67", "b 67", "c 66"]),
        (&[("a", 50), ("b", 50)], 1, &["a 1"]),
        (&[("a", 1), ("b", 999)], 500, &["a 1", "b 499"]),
        (&[("a", 10), ("b", 20), ("c", 70)], 33, &["a 3", "b 7", "c 23"]),
    ];
    for (number, (lines, amount_minor, expected)) in table.into_iter().enumerate() {
        let captured = lines.iter().map(|(_, minor)| minor).sum();
        let forwards: Vec<_> = lines.to_vec();
        let backwards: Vec<_> = lines.iter().rev().copied().collect();
        for (way, lines) in [("forwards", forwards), ("backwards", backwards)] {
            let order = app.order(&format!("f58-{number}-{way}")).captured(captured, "USD");
            let order = lines.iter().fold(order, |order, (id, minor)| order.line(id, 1, *minor, 0, 0)).push().await;
            let refund = app.shop.ask(&order).amount(amount_minor).reason("quality").accepted().await;
            assert_eq!(taken(&app, &refund).await, expected, "{amount_minor} of {lines:?}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f60_a_price_with_decimals_is_refused_where_it_stands() {
    let app = TestApp::start().await;
    // What woocommerce-ios made of a line with six decimals and a tax with two.
    let wrong = ["1.004956", "100.0", "1e2", "\"100\"", "100.00", "1E+2"];
    let places =
        ["/lines/0/unit_amount_minor", "/lines/0/tax_minor", "/lines/0/discount_minor", "/payments/0/captured_minor"];
    let body = app.order("f60").captured(100, "USD").line("a", 1, 100, 0, 0).body();
    for pointer in places {
        for number in wrong {
            let text = with_number(&body, pointer, number);
            let request = app.shop.request("PUT", "/v1/orders/f60").header("content-type", "application/json");
            request.bytes(text).send().await.refused(400, "ERR.VALIDATION.body").at(&format!("#{pointer}"));
        }
    }
    for table in ["orders", "payments", "order_lines"] {
        assert_eq!(app.number(&format!("count(*) FROM {table}")).await, 0, "{table}");
    }
    let order = app.order("f60").captured(100, "USD").line("a", 3, 33, 1, 0).push().await;
    for number in wrong {
        let lines = json!({"currency": "USD", "reason": "quality", "lines": [{"line_id": "a", "amount_minor": 7}]});
        let request = app.shop.request("POST", &order.refunds_path()).header("idempotency-key", "f60");
        let request = request.header("content-type", "application/json");
        let answer = request.bytes(with_number(&lines, "/lines/0/amount_minor", number)).send().await;
        answer.refused(400, "ERR.VALIDATION.body").at("#/lines/0/amount_minor");
    }
    assert_eq!(app.number("count(*) FROM refunds").await, 0);
    app.finish().await;
}

/// The body as text with a number at one place exactly as it is written here.
fn with_number(body: &Value, pointer: &str, number: &str) -> String {
    let mut body = body.clone();
    *body.pointer_mut(pointer).expect("a place in the body") = json!("@number@");
    body.to_string().replace("\"@number@\"", number)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f59_a_percent_coupon_on_ten_pieces_leaves_no_cent() {
    let app = TestApp::start().await;
    app.review_everything().await;
    let checker = app.senior("checker").await;
    // 10 × 23.90 with 25 % off; the tax of 20 % is inside.
    let order = app.order("f59").captured(17_925, "EUR").line("a", 10, 2_390, 0, 5_975).push().await;
    let pieces = vec![json!({"line_id": "a", "quantity": 1}); 10];
    let amounts = ask_in_turn(&app, &checker, &order, &pieces).await;
    assert_eq!(amounts.iter().sum::<i64>(), 17_925);
    assert!(amounts.iter().all(|amount| [1_792, 1_793].contains(amount)), "{amounts:?}");
    assert_eq!(app.remaining(&order).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f61_and_f62_taxes_free_lines_and_shipping_come_back_once() {
    let app = TestApp::start().await;
    app.review_everything().await;
    let checker = app.senior("checker").await;
    let order = app
        .order("f61")
        .captured(4_000 + 399 + 1_500 + 500, "USD")
        .line("taxed", 2, 2_000, 399, 0)
        .line("no-tax", 1, 1_500, 0, 0)
        .line("gift", 1, 900, 0, 900)
        .line("shipping", 1, 500, 0, 0)
        .push()
        .await;
    app.shop.ask(&order).line(json!({"line_id": "gift"})).send().await.refused(400, "ERR.VALIDATION.amount.range");
    let parts = [
        json!({"line_id": "shipping"}),
        json!({"line_id": "taxed", "quantity": 1}),
        json!({"line_id": "taxed", "quantity": 1}),
        json!({"line_id": "no-tax", "amount_minor": 1_000}),
        json!({"line_id": "no-tax"}),
    ];
    let amounts = ask_in_turn(&app, &checker, &order, &parts).await;
    assert_eq!((amounts[0], amounts[3], amounts[4]), (500, 1_000, 500));
    assert_eq!(amounts[1] + amounts[2], 4_399);
    assert_eq!(app.remaining(&order).await, 0);
    app.shop.ask(&order).line(parts[0].clone()).send().await.refused(400, "ERR.BUSINESS.refund.exceeds_remaining");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f63_amounts_and_lines_in_turn_end_at_nothing() {
    let app = TestApp::start().await;
    app.review_everything().await;
    let checker = app.senior("checker").await;
    let order = app.order("f63").captured(3_331, "USD").line("a", 3, 777, 0, 0).line("b", 1, 1_000, 0, 0).push().await;
    let by_amount = app.shop.ask(&order).amount(1_111).accepted().await;
    checker.approve(&by_amount, "yes").await.expect(200);
    app.until(&by_amount, "completed").await;
    let parts = [json!({"line_id": "a", "quantity": 1}), json!({"line_id": "b"}), json!({"line_id": "a"})];
    let amounts = ask_in_turn(&app, &checker, &order, &parts).await;
    assert_eq!(1_111 + amounts.iter().sum::<i64>(), 3_331);
    assert_eq!(app.remaining(&order).await, 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_that_do_not_add_up_are_refused_and_amounts_still_work() {
    let app = TestApp::start().await;
    let order = app.order("sums").captured(2_000, "USD").line("a", 1, 1_500, 0, 0).push().await;
    let refusal = app.shop.ask(&order).line(json!({"line_id": "a"})).send().await;
    assert_eq!(refusal.status, 400, "{refusal}");
    app.until(&app.shop.ask(&order).amount(2_000).accepted().await, "completed").await;

    let order =
        app.order("sums-2").captured(2_000, "USD").line("a", 1, 1_500, 0, 0).line("b", 1, 500, 0, 0).push().await;
    let refusal = app.shop.ask(&order).amount(1_499).line(json!({"line_id": "a"})).send().await;
    refusal.refused(400, "ERR.VALIDATION.body").at("#/amount_minor");
    let unknown = app.shop.ask(&order).line(json!({"line_id": "z"})).send().await;
    assert_eq!(unknown.status, 400, "{unknown}");
    app.until(&app.shop.ask(&order).amount(1_500).line(json!({"line_id": "a"})).accepted().await, "completed").await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f64_currencies_keep_their_exponents_from_order_to_letter() {
    let app = TestApp::start().await;
    app.approve_everything().await;
    for (currency, amount_minor, shown) in [("JPY", 5_800, "5,800"), ("USD", 1_234, "12.34"), ("KWD", 1_234, "1.234")] {
        let order = app.order(&format!("f64-{currency}")).captured(amount_minor, currency).push().await;
        let refund = app.shop.ask(&order).accepted().await;
        app.until(&refund, "completed").await;
        app.quiet().await;
        let booked = app.book(&order).await;
        assert_eq!((booked[0].amount_minor, booked[0].currency.as_str()), (amount_minor, currency));
        for mail in app.mails().into_iter().filter(|mail| mail.refund_id == refund.id) {
            for text in [&mail.text, &mail.html] {
                assert!(text.contains(shown), "{} {}: {text}", currency, mail.kind);
            }
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_are_scaled_to_the_currency() {
    let app = TestApp::start().await;
    for (currency, below, at) in [("USD", 99_999, 100_000), ("JPY", 149_999, 150_000), ("KWD", 299_999, 300_000)] {
        let order = app.order(&format!("scaled-{currency}")).captured(10_000_000, currency).push().await;
        for (amount_minor, approvals) in [(below, 1), (at, 2)] {
            let preview = app.shop.ask(&order).amount(amount_minor).dry_run().await.expect(200).json();
            assert_eq!(preview["approvals_needed"], approvals, "{amount_minor} {currency}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f68_sums_beyond_64_bits_are_refused_or_counted_never_wrapped() {
    let app = TestApp::start().await;
    let huge = 999_999_999_999_999;
    for number in 0..3 {
        let order = app.order(&format!("f68-{number}")).captured(huge, "USD").push().await;
        app.shop.ask(&order).accepted().await;
    }
    let body = json!({
        "customer": {"email": "x@buyers.example"}, "currency": "USD", "placed_at": app.now().to_string(),
        "lines": [{"line_id": "1", "description": "x", "quantity": 1_000_000, "unit_amount_minor": huge}],
        "payments": [{
            "payment_id": "p1", "provider_account": "simulator", "connector_transaction_id": "sim_succeeded_f68",
            "rail": "card", "status": "captured", "captured_minor": huge,
        }],
    });
    let refusal = app.shop.request("PUT", "/v1/orders/f68-line").json(&body).send().await;
    refusal.refused(400, "ERR.VALIDATION.amount.range").at("#/lines/0");
    app.finish().await;
}
