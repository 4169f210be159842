//! The trail as a list, newest first, narrowed by who, what, to what and when.

use actix_web::HttpResponse;
use askama::Template;

use super::narrow::{Chip, Filters};
use super::{Object, action_words};
use crate::domain::audit_action::ACTIONS;
use crate::domain::id::AuditId;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, Moment};
use crate::http::pages::visit::{Visit, shown};
use crate::http::pages::who::who;
use crate::services::read_audit::{Listed, read_trail};
use crate::services::refusal::Refusal;
use crate::services::who::Names;

/// The page.
#[derive(Template)]
#[template(path = "audit/list.html")]
pub struct TrailList {
    /// The frame.
    pub page: Page,
    /// The filters in force.
    pub chips: Vec<Chip>,
    /// Actions to choose from.
    pub actions: Vec<Choice>,
    /// The texts of the other filters: actor, object, from, to.
    pub texts: [String; 4],
    /// What is shown, as a file.
    pub export: String,
    /// The newest seal, and when it was set.
    pub head: Option<(String, Moment)>,
    /// The records.
    pub rows: Vec<Row>,
    /// Whether the list is narrowed.
    pub is_narrowed: bool,
    /// Back to the start, where this is not it.
    pub first: Option<String>,
    /// On, where there is more.
    pub next: Option<String>,
}

/// A record.
pub struct Row {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Moment,
    /// Who.
    pub who: String,
    /// What was done, in words.
    pub action: String,
    /// The word in the record.
    pub word: String,
    /// To what.
    pub object: Object,
    /// Whether a seal is over it.
    pub is_sealed: bool,
}

/// Shows a page of the trail.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let page = &visit.page;
    let filters = Filters::of(&visit);
    // A cursor that is none of ours is the start.
    let after = visit.query("after").and_then(|text| AuditId::parse(&text).ok()).map(String::from);
    let is_first = after.is_none();
    let found = read_trail(&visit.desk, &context, filters.asked(page), after).await?;
    let screen = TrailList {
        chips: filters.chips(page, &found.names, found.actor.as_deref()),
        actions: actions(page, &filters.text("action")),
        texts: ["actor", "object", "from", "to"].map(|name| filters.text(name)),
        export: filters.address("/audit/export", &[]),
        head: found.head.map(|(seal, at)| (seal, Moment::of(&page.lang(), at))),
        rows: found.rows.iter().map(|listed| Row::of(page, &found.names, listed)).collect(),
        is_narrowed: filters.any(),
        first: (!is_first).then(|| filters.address("/audit", &[])),
        next: found.next.map(|after| filters.address("/audit", &[("after", &after)])),
        page: page.clone(),
    };
    shown(&screen, page)
}

/// The actions to choose from; the first is any.
pub fn actions(page: &Page, chosen: &str) -> Vec<Choice> {
    let any = Choice::new("", page.t("audit-any-action"), chosen.is_empty());
    let action = |action: &&str| Choice::new(action, action_words(page, action), *action == chosen);
    std::iter::once(any).chain(ACTIONS.iter().map(action)).collect()
}

impl Row {
    fn of(page: &Page, names: &Names, (row, seal_no): &Listed) -> Self {
        let at = jiff::Timestamp::from_microsecond(row.at).unwrap_or_default();
        Self {
            id: row.audit_id.clone(),
            at: Moment::of(&page.lang(), at),
            who: who(page, names, &row.actor),
            action: action_words(page, &row.action),
            word: row.action.clone(),
            object: Object::of(page, names, &row.subject),
            is_sealed: seal_no.is_some(),
        }
    }
}
