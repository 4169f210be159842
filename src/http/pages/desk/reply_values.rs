//! What the slots of canned replies say: of a real case in its customer's language, and of an example where replies are
//! written.

use crate::domain::money::Money;
use crate::domain::reply::Slot;
use crate::http::pages::customer::reason::reason_for_customers;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::term;
use crate::l10n::{Args, Locale};
use crate::services::read_case::CaseView;

/// What the slot says of this case in this language.
pub fn of_case(page: &Page, locale: Locale, public_url: &str, case: &CaseView, slot: Slot) -> String {
    let lang = page.l10n.lang(locale);
    let refund = &case.story.view.refund;
    match slot {
        Slot::Customer => {
            let name = case.customer.as_ref().map(|customer| customer.name.trim().to_owned());
            name.filter(|name| !name.is_empty()).unwrap_or_else(|| lang.plain("reply-nameless", &Args::new()))
        }
        Slot::Order => refund.order_id.clone(),
        Slot::Amount => lang.money(refund.amount),
        Slot::Reason => reason_for_customers(&lang, refund.reason),
        Slot::Asked => lang.date(refund.created_at),
        Slot::Refund => refund.refund_id.to_string(),
        Slot::Page => format!("{public_url}/refunds/r/{}", refund.refund_id),
    }
}

/// What the slot says of an example in this language.
pub fn of_example(page: &Page, locale: Locale, public_url: &str, slot: Slot) -> String {
    const REFUND: &str = "rf_01KAQ7W3H5M2ZX0D9V4T8C1B6N";
    let lang = page.l10n.lang(locale);
    let amount = "USD".parse().map(|currency| lang.money(Money::new(4_500, currency))).unwrap_or_default();
    match slot {
        Slot::Customer => lang.plain("reply-example-customer", &Args::new()),
        Slot::Order => "1042".to_owned(),
        Slot::Amount => amount,
        Slot::Reason => lang.plain("customer-reason-quality", &Args::new()),
        Slot::Asked => lang.date(jiff::civil::Date::constant(2026, 11, 20)),
        Slot::Refund => REFUND.to_owned(),
        Slot::Page => format!("{public_url}/refunds/r/{REFUND}"),
    }
}

/// What the slot is, in the reader's words.
pub fn meaning(page: &Page, slot: Slot) -> String {
    page.t(term("reply-slot-", slot.as_str()))
}
