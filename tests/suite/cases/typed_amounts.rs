//! Section 6: amounts as customers type them into the form, in each language.

use crate::harness::{TestApp, Visitor};

/// Typed in a language: the amount that is understood, or a refusal that asks again.
type Typed = (&'static str, Option<&'static str>);

/// What is read alike in every language.
const EVERYWHERE: &[Typed] = &[
    ("1234.50", Some("1,234.50")),
    ("1234,50", Some("1,234.50")),
    ("1.234,50", Some("1,234.50")),
    ("1,234.50", Some("1,234.50")),
    ("1 234,5", Some("1,234.50")),
    ("١٢٣٤٫٥٠", Some("1,234.50")),
    ("١٬٢٣٤٫٥", Some("1,234.50")),
    ("١٢٣٤,٥٠", Some("1,234.50")),
    ("۱۲۳۴٫۵۰", Some("1,234.50")),
    ("USD ١٢٫٥", Some("12.50")),
    ("45", Some("45.00")),
    // A thousand times more to some than to others.
    ("1.234", None),
    // More decimals than the currency has.
    ("١٫٢٣٤", None),
    ("12,3456", None),
    ("", None),
    ("-5", None),
    ("٠", None),
    ("45 EUR", None),
    ("fifty", None),
    ("خمسون", None),
    ("1e3", None),
    ("\"><b>5", None),
    // More than was paid.
    ("١٠٠٠٠٫٠١", None),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f67_any_digits_and_either_comma_in_english() {
    type_all("en", &[("1,234", Some("1,234.00"))]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f67_any_digits_and_either_comma_in_arabic() {
    type_all("ar", &[("١٬٢٣٤", Some("1,234.00")), ("١٢٣٤،٥", Some("1,234.50"))]).await;
}

async fn type_all(locale: &str, own: &[Typed]) {
    let app = TestApp::start().await;
    let order = app.order("f67").customer("zoe@buyers.example", locale).captured(1_000_000, "USD").push().await;
    let link = app.shop.post(&format!("/v1/orders/{}/link", order.id), &serde_json::json!({})).await.expect(201).json();
    let link = url::Url::parse(link["url"].as_str().unwrap()).unwrap();
    let mut visitor = app.visitor();
    visitor.go(link.path()).await;
    visitor.send(link.path(), &[], &[]).await;
    visitor.send("/refunds/new", &[], &[("order_id", &order.id)]).await;
    visitor.send("/refunds/new/items", &[], &[("line", "1")]).await;
    visitor.send("/refunds/new/reason", &[], &[("reason", "quality")]).await;
    for (typed, understood) in EVERYWHERE.iter().chain(own) {
        visitor.go("/refunds/new/amount").await;
        visitor.send("/refunds/new/amount", &["seen_remaining_minor"], &[("share", "part"), ("amount", typed)]).await;
        let page = visitor.text();
        assert!(page.contains(&format!("<html lang=\"{locale}\"")), "{typed}: another language");
        match understood {
            Some(amount) => {
                let next = "/refunds/new/evidence";
                assert_eq!(visitor.path(), next, "{typed} in {locale} is refused: {}", told(&visitor));
                visitor.go("/refunds/new/check").await;
                let page = visitor.text();
                assert!(page.contains(&format!("{amount} ")), "{typed} in {locale} is not {amount}");
            }
            None => {
                assert_eq!(visitor.path(), "/refunds/new/amount", "{typed} in {locale} is taken");
                assert!(!told(&visitor).is_empty(), "{typed} in {locale}: nothing says why");
                let kept = typed.replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;");
                assert!(page.contains(&format!("dir=\"ltr\" value=\"{kept}\"")), "{typed} in {locale} is lost");
                assert!(
                    page.contains("value=\"part\" data-reveals checked"),
                    "{typed} in {locale}: the choice is lost"
                );
            }
        }
    }
    app.finish().await;
}

/// What the page says beside the amount.
fn told(visitor: &Visitor) -> String {
    let page = visitor.text();
    let error = page.split_once("id=\"amount-error\">").and_then(|(_, rest)| rest.split_once("</p>"));
    error.map(|(error, _)| error.to_owned()).unwrap_or_default()
}
