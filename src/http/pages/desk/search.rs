//! Search: one box for every number that somebody may have in hand. A single hit is opened at once.

use actix_web::HttpResponse;
use askama::Template;

use super::facts::{self, Other};
use crate::domain::currency::Currency;
use crate::domain::money::Money;
use crate::http::pages::frame::Page;
use crate::http::pages::visit::{Visit, shown, to};
use crate::l10n::Lang;
use crate::services::refusal::Refusal;
use crate::services::search::{Wanted, search};

/// Longer than any number of ours or of a processor.
const TEXT_LENGTH_MAX: usize = 254;

/// The page.
#[derive(Template)]
#[template(path = "desk/search.html")]
pub struct SearchPage {
    /// The frame.
    pub page: Page,
    /// What was looked for.
    pub text: String,
    /// The refunds.
    pub refunds: Vec<Other>,
}

/// Shows what was found.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let text: String = visit.query("q").unwrap_or_default().trim().chars().take(TEXT_LENGTH_MAX).collect();
    let page = &visit.page;
    if text.is_empty() {
        return shown(&SearchPage { page: page.clone(), text, refunds: Vec::new() }, page);
    }
    let wanted = Wanted { amount: amount(&page.lang(), &text), text: text.clone() };
    let found = search(&visit.desk, &context, wanted).await?;
    match (&found.order_id, found.refunds.as_slice()) {
        (Some(order_id), _) => return Ok(to(&facts::order_address(order_id))),
        (None, [only]) => return Ok(to(&format!("/desk/refunds/{}", only.refund_id))),
        (None, _) => {}
    }
    let refunds = found.refunds.iter().map(|refund| facts::other(page, refund)).collect();
    shown(&SearchPage { page: page.clone(), text, refunds }, page)
}

/// An amount with its currency, in either order: `45.00 USD`, `USD 45.00`.
fn amount(lang: &Lang<'_>, text: &str) -> Option<Money> {
    let (one, other) = text.split_once(char::is_whitespace)?;
    let read = |code: &str, digits: &str| {
        let currency: Currency = code.trim().to_uppercase().parse().ok()?;
        lang.parse_amount(digits.trim(), currency).ok()
    };
    read(other, one).or_else(|| read(one, other))
}
