//! A call as it is typed into a shell: one `curl` a route, which works as it stands.

use actix_web::http::Method;

use crate::http::api::routes::{Access, Route};

/// What stands for the parameters of paths.
const EXAMPLES: [(&str, &str); 3] =
    [("{order_id}", "1001"), ("{refund_id}", "rf_01KAHZ3V4T8Q6N2M5R7W9Y1B3D"), ("{provider_account}", "simulator")];

/// The call, line by line.
pub(super) fn curl(route: &Route, public_url: &str) -> String {
    let path = EXAMPLES.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
    let mut lines = Vec::new();
    let method = if route.method == Method::GET { String::new() } else { format!(" -X {}", route.method) };
    lines.push(format!("curl{method} {}", quoted(&format!("{public_url}{path}"))));
    if matches!(route.access, Access::Token(..)) {
        lines.push("-H \"Authorization: Bearer $MAKEGOOD_TOKEN\"".to_owned());
    }
    for parameter in route.about.parameters.iter().filter(|parameter| parameter.header && parameter.required) {
        lines.push(format!("-H {}", quoted(&format!("{}: 7f2c9b1e", parameter.name))));
    }
    if let Some(body) = route.about.body.as_ref().filter(|body| body.form) {
        for (name, value) in (body.example)().as_object().into_iter().flatten() {
            lines.push(format!("-F {}", quoted(&format!("{name}={}", value.as_str().unwrap_or_default()))));
        }
    } else if let Some(body) = &route.about.body {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d {}", quoted(&(body.example)().to_string())));
    }
    lines.join(" \\\n  ")
}

/// In single quotes, as every shell reads them.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::api::routes::routes;

    fn of(id: &str) -> String {
        let route = routes().iter().find(|route| route.about.id == id).unwrap();
        curl(route, "https://desk.example")
    }

    #[test]
    fn a_read_is_short() {
        assert_eq!(
            of("get-order"),
            "curl 'https://desk.example/v1/orders/1001' \\\n  -H \"Authorization: Bearer $MAKEGOOD_TOKEN\""
        );
        assert_eq!(of("healthz"), "curl 'https://desk.example/healthz'");
    }

    #[test]
    fn a_create_has_its_key_and_body() {
        let call = of("request-refund");
        assert!(call.starts_with("curl -X POST 'https://desk.example/v1/orders/1001/refunds'"), "{call}");
        assert!(call.contains("'Idempotency-Key: 7f2c9b1e'") && call.contains("\"currency\":\"USD\""), "{call}");
    }

    #[test]
    fn a_file_is_sent_in_a_form() {
        let call = of("upload-evidence");
        assert!(call.contains("-F 'file=@photo.jpg'") && !call.contains("application/json"), "{call}");
    }

    #[test]
    fn a_quote_in_the_body_ends_nothing() {
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
