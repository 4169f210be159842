//! Pages for whoever writes against the desk: API keys, the API reference and what each problem means. The latter two are
//! made from the same tables that serve and refuse, so they cannot say anything else.

pub mod keys;
pub mod problem;
pub mod reference;

mod fields;
#[cfg(test)]
pub(super) mod sample;
mod sample_call;

use actix_web::web;

/// Adds the routes of this area.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(web::redirect("/developers", "/developers/keys").see_other())
        .service(web::resource("/developers/keys").get(keys::show))
        .service(web::resource("/developers/keys/new").get(keys::ask_new).post(keys::create))
        .service(web::resource("/developers/keys/{token_id}/rotate").get(keys::ask_rotate).post(keys::rotate))
        .service(web::resource("/developers/keys/{token_id}/revoke").get(keys::ask_revoke).post(keys::revoke))
        .route("/docs", web::get().to(reference::show))
        .route("/problems", web::get().to(problem::list))
        .route("/problems/{slug}", web::get().to(problem::show));
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::reference::{Reference, chapters};
    use crate::http::api::openapi;
    use crate::http::pages::sample::page;
    use crate::l10n::Locale;

    #[test]
    fn the_reference_shows_every_call_in_every_language() {
        for locale in [Locale::En, Locale::Ar] {
            let page = page(locale);
            let document = openapi::document(page.lang(), "https://desk.example");
            let document = serde_json::to_value(document).unwrap();
            let chapters = chapters(&page, &document, "https://desk.example");
            let html = Reference { chapters, page }.render().unwrap();
            for route in crate::http::api::routes::routes() {
                assert!(html.contains(&format!("id=\"{}\"", route.about.id)), "{}", route.about.id);
            }
            for shown in ["payments[].connector_transaction_id", "Bearer $MAKEGOOD_TOKEN", "/problems/limit-rate"] {
                assert!(html.contains(shown), "{shown}");
            }
        }
    }
}
