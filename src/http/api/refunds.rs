//! Refunds as they stand: one, its history, lists.

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::REFUNDS_OF_ORDER;
use super::call::{Call, etag, not_modified};
use super::query::Query;
use super::refund_events::RefundEvents;
use super::refund_view::{RefundList, RefundView};
use super::routes::{About, Access, Answer, Parameter, Route};
use crate::domain::access::{Permission, Scope};
use crate::domain::id::RefundId;
use crate::domain::refund::{Reason, State};
use crate::http::limits::Work;
use crate::services::read_refunds::{self, Filter};
use crate::services::{Code, Refusal};

const FILTERS: &[&str] = &["state", "reason", "provider_account", "created_from", "created_to", "limit", "cursor"];
const FILTER_PARAMETERS: &[Parameter] = &[
    Parameter::query("state"),
    Parameter::query("reason"),
    Parameter::query("provider_account"),
    Parameter::query("created_from"),
    Parameter::query("created_to"),
    Parameter::query("limit"),
    Parameter::query("cursor"),
];
const TAG_PARAMETERS: &[Parameter] = &[Parameter::header("If-None-Match")];
/// The route of the list.
const LIST: &str = "/v1/refunds";

/// The routes of this module.
pub fn routes() -> Vec<Route> {
    let route = |path, about: About, handle: fn(Call) -> Answer| Route {
        method: Method::GET,
        path,
        access: Access::Token(Scope::RefundsRead, Permission::RefundRead),
        work: Work::Read,
        replays: false,
        about,
        handle,
    };
    vec![
        route(
            REFUNDS_OF_ORDER,
            About::new("refunds", "list-order-refunds").answers::<RefundList>(200).refuses(&[Code::OrderNotFound]),
            |call| Box::pin(of_order(call)),
        ),
        route(
            LIST,
            About::new("refunds", "list-refunds")
                .parameters(FILTER_PARAMETERS)
                .answers::<RefundList>(200)
                .refuses(&[Code::Body]),
            |call| Box::pin(list(call)),
        ),
        route(
            "/v1/refunds/{refund_id}",
            About::new("refunds", "get-refund")
                .parameters(TAG_PARAMETERS)
                .answers::<RefundView>(200)
                .answers_plainly(304)
                .refuses(&[Code::RefundNotFound]),
            |call| Box::pin(show(call)),
        ),
        route(
            "/v1/refunds/{refund_id}/events",
            About::new("refunds", "get-refund-events")
                .parameters(TAG_PARAMETERS)
                .answers::<RefundEvents>(200)
                .answers_plainly(304)
                .refuses(&[Code::RefundNotFound]),
            |call| Box::pin(events(call)),
        ),
    ]
}

async fn show(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    let (desk, context) = (call.desk()?, call.context()?);
    if call.has_tags() {
        let tag = etag(&refund_id, read_refunds::read_version(&desk, &context, &refund_id).await?);
        if call.knows(&tag) {
            return Ok(not_modified(&tag));
        }
    }
    Ok(shown(read_refunds::read_refund(&desk, &context, &refund_id).await?))
}

/// The refund with its tag.
pub fn shown(view: read_refunds::RefundView) -> HttpResponse {
    let tag = etag(&view.refund.refund_id, view.refund.version);
    HttpResponse::Ok().insert_header((header::ETAG, tag)).json(RefundView::from(view))
}

/// Calls and webhooks are added without a new version of the refund, so the history's tag counts them too.
async fn events(call: Call) -> Result<HttpResponse, Refusal> {
    let refund_id = call.refund_id()?;
    let (desk, context) = (call.desk()?, call.context()?);
    let story = read_refunds::read_story(&desk, &context, &refund_id).await?;
    let version = story.view.refund.version;
    let events = RefundEvents::new(story);
    let tag = format!("\"{refund_id}-{version}-{}\"", events.data.len());
    if call.knows(&tag) {
        return Ok(not_modified(&tag));
    }
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag)).json(events))
}

async fn of_order(call: Call) -> Result<HttpResponse, Refusal> {
    call.query(&[])?.finish(())?;
    let (desk, context) = (call.desk()?, call.context()?);
    let refunds = read_refunds::refunds_of_order(&desk, &context, &call.order_id()?).await?;
    let data = refunds.into_iter().map(RefundView::from).collect();
    Ok(HttpResponse::Ok().json(RefundList { data, has_more: false, next_cursor: None }))
}

async fn list(call: Call) -> Result<HttpResponse, Refusal> {
    let query = call.query(FILTERS)?;
    let (filter, limit) = (filter(&query), query.limit());
    let narrowed = narrowed(&query);
    let (filter, limit) = query.finish((filter, limit))?;
    let (desk, context) = (call.desk()?, call.context()?);
    let page = read_refunds::list_refunds(&desk, &context, filter, limit).await?;
    let mut response = HttpResponse::Ok();
    let base = format!("{}{LIST}", call.edge.public_url);
    let mut links = vec![format!("<{}>; rel=\"first\"", address(&base, &narrowed, None))];
    let next_cursor = page.next.as_ref().map(cursor);
    if let Some(cursor) = &next_cursor {
        links.push(format!("<{}>; rel=\"next\"", address(&base, &narrowed, Some(cursor))));
    }
    response.insert_header((header::LINK, links.join(", ")));
    let data = page.items.into_iter().map(RefundView::from).collect();
    Ok(response.json(RefundList { data, has_more: next_cursor.is_some(), next_cursor }))
}

fn filter(query: &Query) -> Filter {
    Filter {
        states: query.word("state", State::ALL).into_iter().collect(),
        reason: query.word("reason", Reason::ALL),
        provider_account: query.text("provider_account").map(str::to_owned),
        customer_id: None,
        created_from: query.from_moment("created_from"),
        created_to: query.to_moment("created_to"),
        before: query
            .text("cursor")
            .and_then(|text| read_cursor(text).or_else(|| query.fault("cursor", "field-cursor", &[]))),
    }
}

/// Everything that narrows the list, for the addresses of its other pages.
fn narrowed(query: &Query) -> Vec<(&'static str, String)> {
    let kept = FILTERS.iter().filter(|name| **name != "cursor");
    kept.filter_map(|name| Some((*name, query.text(name)?.to_owned()))).collect()
}

fn address(base: &str, narrowed: &[(&str, String)], cursor: Option<&String>) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(narrowed);
    pairs.extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
    let query = pairs.finish();
    if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
}

/// The page after this refund. Opaque, so that nobody builds one.
fn cursor(last: &RefundId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(last.as_str())
}

fn read_cursor(text: &str) -> Option<RefundId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    RefundId::parse(std::str::from_utf8(&bytes).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_refund_and_nothing_else_is_one() {
        let id = RefundId::from_ulid(ulid::Ulid::from_parts(1, 1));
        assert_eq!(read_cursor(&cursor(&id)), Some(id));
        for bad in ["x", "cmZf", "rf_00000000010000000000000001", "===="] {
            assert_eq!(read_cursor(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_next_page_keeps_what_narrows_the_list() {
        let query = Query::parse("state=completed&provider_account=stripe%20eu&cursor=x&limit=10", FILTERS).unwrap();
        assert_eq!(
            address("https://desk.example/v1/refunds", &narrowed(&query), Some(&"abc".to_owned())),
            "https://desk.example/v1/refunds?state=completed&provider_account=stripe+eu&limit=10&cursor=abc"
        );
        assert_eq!(address("/v1/refunds", &[], None), "/v1/refunds");
    }
}
