//! One record of the trail: everything that its hash is made of, what changed by it, and where it stands in the chain.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use askama::Template;
use serde_json::Value as Json;

use super::{Object, action_words};
use crate::domain::id::AuditId;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Fact, Moment, Notice, Value};
use crate::http::pages::visit::{Visit, shown};
use crate::http::pages::who::who;
use crate::services::read_audit::{Place, RecordView, read_record};
use crate::services::refusal::{Code, Refusal};

/// The page.
#[derive(Template)]
#[template(path = "audit/record.html")]
pub struct Record {
    /// The frame.
    pub page: Page,
    /// What was done, in words.
    pub title: String,
    /// Whether it is as it was written, and sealed.
    pub notice: Notice,
    /// Who, when, from where.
    pub facts: Vec<Fact>,
    /// To what.
    pub object: Object,
    /// The trail narrowed to the same object.
    pub of_object: String,
    /// The trail narrowed to who did it.
    pub of_actor: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// What people wrote.
    pub note: Option<String>,
    /// Hash, seal, and its place under it.
    pub chain: Vec<Fact>,
}

/// One member of what a record keeps of before and after.
pub struct Change {
    /// Its name.
    pub name: String,
    /// What it was; nothing where it was not there.
    pub before: Option<String>,
    /// What it is; nothing where it is not there.
    pub after: Option<String>,
    /// Whether these differ.
    pub differs: bool,
}

/// Shows a record.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let audit_id = AuditId::parse(&visit.path("audit_id")).map_err(|_| Refusal::new(Code::PathNotFound))?;
    let found = read_record(&visit.desk, &context, &audit_id).await?;
    shown(&Record::of(&visit.page, found), &visit.page)
}

impl Record {
    /// The page of a record.
    pub fn of(page: &Page, found: RecordView) -> Self {
        let lang = page.lang();
        let row = &found.row;
        let moment = |micros| Moment::of(&lang, jiff::Timestamp::from_microsecond(micros).unwrap_or_default());
        let id = |name: &str, value: &str| Fact::new(&lang, name, Value::Id(value.to_owned()));
        let mut facts = vec![
            Fact::new(&lang, "audit-when", Value::Moment(moment(row.at))),
            id("audit-exactly", &exactly(row.at)),
            Fact::words(&lang, "audit-who", who(page, &found.names, &row.actor)),
            id("audit-principal", &row.actor),
            id("audit-word", &row.action),
            id("audit-why", &row.reason),
            id("audit-correlation", &row.correlation_id),
        ];
        if row.origin.is_empty() {
            facts.push(Fact::words(&lang, "audit-origin", page.t("audit-origin-here")));
        } else {
            facts.push(id("audit-origin", &row.origin));
        }
        let mut chain = vec![id("audit-id", &row.audit_id), id("audit-hash", &row.record_hash)];
        if let Some(Place { seal_no, seal, position, sealed_at }) = &found.place {
            let place = page.t2("audit-place", "seal", *seal_no, "position", position.saturating_add(1));
            chain.push(Fact::words(&lang, "audit-seal-place", place));
            chain.push(id("audit-seal", seal));
            chain.push(Fact::new(&lang, "audit-sealed", Value::Moment(moment(*sealed_at))));
        }
        Self {
            title: action_words(page, &row.action),
            notice: notice(page, &found),
            facts,
            object: Object::of(page, &found.names, &row.subject),
            of_object: narrowed("object", &row.subject),
            of_actor: narrowed("actor", &row.actor),
            changes: changes(&row.before_json, &row.after_json),
            note: found.note,
            chain,
            page: page.clone(),
        }
    }
}

fn notice(page: &Page, found: &RecordView) -> Notice {
    let (kind, id) = match (found.is_intact, &found.place) {
        (false, _) => ("failure", "audit-record-touched"),
        (true, Some(_)) => ("success", "audit-record-sealed"),
        (true, None) => ("info", "audit-record-unsealed"),
    };
    Notice { kind, text: page.t(id) }
}

/// The moment to the microsecond, as auditors compare it with other logs.
fn exactly(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map(|at| format!("{at:.6}")).unwrap_or_default()
}

fn narrowed(name: &str, value: &str) -> String {
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("/audit?{name}={value}")
}

/// Before and after side by side, member by member; what is no object is one nameless member.
pub fn changes(before: &str, after: &str) -> Vec<Change> {
    let (before, after) = (members(before), members(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let change = |name: &String| {
        let (was, is) = (before.get(name).cloned(), after.get(name).cloned());
        Change { name: name.clone(), differs: was != is, before: was, after: is }
    };
    names.into_iter().map(change).collect()
}

fn members(text: &str) -> BTreeMap<String, String> {
    match serde_json::from_str(text) {
        Ok(Json::Object(members)) => members.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        Ok(value) => BTreeMap::from([(String::new(), plain(value))]),
        Err(_) if text.is_empty() => BTreeMap::new(),
        Err(_) => BTreeMap::from([(String::new(), text.to_owned())]),
    }
}

fn plain(value: Json) -> String {
    match value {
        Json::String(text) => text,
        Json::Null => "–".to_owned(),
        other @ (Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_and_after_stand_side_by_side() {
        let told = |before, after| {
            let change =
                |change: Change| format!("{} {:?} {:?} {}", change.name, change.before, change.after, change.differs);
            changes(before, after).into_iter().map(change).collect::<Vec<_>>()
        };
        assert_eq!(
            told(r#"{"state":"requested","attempt":1}"#, r#"{"state":"approved","attempt":1,"new":null}"#),
            [
                r#"attempt Some("1") Some("1") false"#,
                r#"new None Some("–") true"#,
                r#"state Some("requested") Some("approved") true"#,
            ]
        );
        assert!(told("", "").is_empty());
        assert_eq!(told("", "[1]"), [r#" None Some("[1]") true"#]);
    }
}
