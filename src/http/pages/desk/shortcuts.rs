//! The keys, by screen, and the switch that turns them all off (WCAG 2.1.4).

use actix_web::HttpResponse;
use askama::Template;

use crate::http::pages::frame::Page;
use crate::http::pages::visit::{Visit, shown};
use crate::services::refusal::Refusal;

/// The keys with the ids of what they do.
const KEYS: [(&str, &str); 20] = [
    ("j", "desk-key-down"),
    ("k", "desk-key-up"),
    ("Enter", "desk-key-open"),
    ("c", "desk-key-claim"),
    ("a", "desk-key-approve"),
    ("l", "desk-key-lower"),
    ("i", "desk-key-ask"),
    ("d", "desk-key-deny"),
    ("m", "desk-key-messages"),
    ("e", "desk-key-evidence"),
    ("v", "desk-key-review"),
    ("← →", "desk-key-files"),
    ("+ −", "desk-key-zoom"),
    ("0", "desk-key-whole"),
    ("r", "desk-key-turn"),
    ("Esc", "desk-key-back"),
    ("g d", "desk-key-start"),
    ("g q", "desk-key-queue"),
    ("/", "desk-key-search"),
    ("?", "desk-key-help"),
];

/// The page.
#[derive(Template)]
#[template(path = "desk/shortcuts.html")]
pub struct Shortcuts {
    /// The frame.
    pub page: Page,
    /// Keys, and what they do.
    pub keys: [(&'static str, String); 20],
}

/// Shows them.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    visit.staff()?;
    shown(&Shortcuts::new(visit.page.clone()), &visit.page)
}

impl Shortcuts {
    /// The page in this frame.
    pub fn new(page: Page) -> Self {
        Self { keys: KEYS.map(|(key, id)| (key, page.t(id))), page }
    }
}
