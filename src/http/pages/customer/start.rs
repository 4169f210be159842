//! The start: an order number and an e-mail address; the answer is the same whether they belong together or not.

use askama::Template;

use crate::domain::order::Rail;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{rail_icon, rail_words, term};
use crate::l10n::Lang;

/// The page.
#[derive(Template)]
#[template(path = "customer/start.html")]
pub struct Start {
    /// The frame.
    pub page: Page,
    /// What was typed.
    pub form: StartForm,
    /// What is wrong with it.
    pub faults: Faults,
    /// How long each rail takes.
    pub rails: Vec<RailTime>,
}

/// What was typed.
#[derive(Debug, Default)]
pub struct StartForm {
    /// The order's number.
    pub order_id: String,
    /// The e-mail address.
    pub email: String,
}

/// How long a rail takes.
pub struct RailTime {
    /// Name of its symbol.
    pub icon: &'static str,
    /// Its name.
    pub name: String,
    /// How long.
    pub time: String,
}

impl RailTime {
    /// All rails.
    pub fn all(lang: &Lang<'_>) -> Vec<Self> {
        let time = |rail: Rail| lang.t(&format!("{}-time", term("customer-rail", rail.as_str())));
        let rail_time =
            |rail: &Rail| RailTime { icon: rail_icon(*rail), name: rail_words(lang, *rail), time: time(*rail) };
        Rail::ALL.iter().map(rail_time).collect()
    }
}
