//! Feature flags: for which share of the orders something is on, always the same orders. In force at once, on every node.

use actix_web::HttpResponse;
use askama::Template;

use crate::domain::access::Permission;
use crate::domain::flag::FlagName;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Moment;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown, to};
use crate::http::pages::who::who;
use crate::services::change_flag::change_flag;
use crate::services::read_flags::{FlagView, read_flags};
use crate::services::refusal::{Code, Refusal};
use crate::services::who::Names;

/// Where they are.
const HERE: &str = "/admin/flags";

/// The page.
#[derive(Template)]
#[template(path = "admin/flags.html")]
pub struct Flags {
    /// The frame.
    pub page: Page,
    /// What is wrong with a form.
    pub faults: Faults,
    /// The flags.
    pub flags: Vec<FlagItem>,
    /// An order that was asked about.
    pub order_id: String,
    /// Whether this person may change them.
    pub may_change: bool,
}

/// A flag.
pub struct FlagItem {
    /// Its name in data.
    pub word: &'static str,
    /// What it is called.
    pub name: String,
    /// What it is good for, and what is the case where it is off.
    pub about: String,
    /// Id of its field.
    pub field: String,
    /// The share that stands, in words.
    pub stands: String,
    /// The share in the field.
    pub share: String,
    /// Who set it.
    pub set: Option<(String, Moment)>,
    /// Whether it is on for the order that was asked about, in words.
    pub for_order: Option<String>,
}

/// Shows the flags.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let (flags, names) = read_flags(&visit.desk, &visit.staff()?).await?;
    let order_id = visit.query("order").unwrap_or_default().trim().to_owned();
    let may_change = visit.viewer.may(Permission::PolicyWrite);
    let items = flags.iter().map(|flag| FlagItem::of(&visit.page, flag, &names, &order_id)).collect();
    shown(&Flags { page: visit.page.clone(), faults: Faults::none(), flags: items, order_id, may_change }, &visit.page)
}

/// Sets the share of a flag.
pub async fn change(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let name: FlagName = form.get("flag").parse().map_err(|_| Refusal::new(Code::Body))?;
    let typed = form.trimmed("share");
    if let Some(share) = percent(typed) {
        change_flag(&visit.desk, &context, name, share).await?;
        let words = visit.page.t(name_id(name));
        visit.leave("success", &visit.page.t2("admin-flag-set", "flag", words, "share", u64::from(share)))?;
        return Ok(to(HERE));
    }
    let page = visit.page.clone().with_faults();
    let (flags, names) = read_flags(&visit.desk, &context).await?;
    let item = |flag: &FlagView| {
        let item = FlagItem::of(&page, flag, &names, "");
        if flag.flag.name == name { FlagItem { share: typed.to_owned(), ..item } } else { item }
    };
    let flags: Vec<FlagItem> = flags.iter().map(item).collect();
    let mut faults = Faults::none();
    if let Some(item) = flags.iter().find(|item| item.word == name.as_str()) {
        faults.add_at(name.as_str(), &item.field, page.t("admin-flag-wrong"));
    }
    refused(&Flags { page: page.clone(), faults, flags, order_id: String::new(), may_change: true }, &page)
}

/// A share as people type it, with or without the sign, in Western, Arabic-Indic or Persian digits.
fn percent(typed: &str) -> Option<u8> {
    const SIGNS: [char; 2] = ['%', '٪'];
    let mut share = None;
    for letter in typed.trim_matches(SIGNS).trim().chars() {
        let digit = match letter {
            '٠'..='٩' => u32::from(letter).checked_sub(u32::from('٠')),
            '۰'..='۹' => u32::from(letter).checked_sub(u32::from('۰')),
            other => other.to_digit(10),
        };
        share = Some(share.unwrap_or(0_u32).checked_mul(10)?.checked_add(digit?)?);
    }
    share.and_then(|share| u8::try_from(share).ok()).filter(|share| *share <= 100)
}

fn name_id(name: FlagName) -> &'static str {
    match name {
        FlagName::Refunds => "admin-flag-refunds",
        FlagName::GoodwillDualControl => "admin-flag-goodwill",
    }
}

fn about_id(name: FlagName) -> &'static str {
    match name {
        FlagName::Refunds => "admin-flag-refunds-about",
        FlagName::GoodwillDualControl => "admin-flag-goodwill-about",
    }
}

impl FlagItem {
    /// A flag, and whether it is on for an order.
    pub fn of(page: &Page, view: &FlagView, names: &Names, order_id: &str) -> Self {
        let flag = view.flag;
        let for_order = || {
            let id = if flag.is_on(order_id) { "admin-flag-order-on" } else { "admin-flag-order-off" };
            page.t1(id, "order", order_id)
        };
        let stands = match flag.share_pct {
            0 => page.t("admin-flag-off"),
            100 => page.t("admin-flag-on"),
            share => page.t1("admin-flag-share", "share", u64::from(share)),
        };
        Self {
            word: flag.name.as_str(),
            name: page.t(name_id(flag.name)),
            about: page.t(about_id(flag.name)),
            field: format!("share-{}", flag.name.as_str().replace('.', "-")),
            stands,
            share: flag.share_pct.to_string(),
            set: view.set.as_ref().map(|(by, at)| (who(page, names, by), Moment::of(&page.lang(), *at))),
            for_order: (!order_id.is_empty()).then(for_order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_people_type_it() {
        for (typed, share) in [("0", 0), ("100", 100), (" 10 %", 10), ("٥٠٪", 50), ("۵", 5)] {
            assert_eq!(percent(typed), Some(share), "{typed}");
        }
        for wrong in ["", "%", "101", "-1", "1.5", "ten", "1e1", "99999999999999999999"] {
            assert_eq!(percent(wrong), None, "{wrong}");
        }
    }
}
