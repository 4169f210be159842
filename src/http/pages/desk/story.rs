//! The story of a refund as the desk tells it: state changes with who caused them, and what people wrote.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::domain::access::Principal;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, StoryEvent};
use crate::http::pages::visit::Visit;
use crate::services::read_refunds::Story;
use crate::services::refusal::Refusal;
use crate::services::sign_in;

/// What happened, newest first.
pub async fn events(visit: &Visit, story: &Story) -> Result<Vec<StoryEvent>, Refusal> {
    let people = names(visit, story).await?;
    let page = &visit.page;
    let lang = page.lang();
    let changes = story.transitions.iter().map(|change| {
        let (kind, id) = told(&change.event);
        let who = Some(who(page, &people, &change.actor));
        let event = StoryEvent { kind, what: page.t(id), at: Moment::of(&lang, change.at), who, words: None };
        (change.at, event)
    });
    let approvals = story.view.approvals.iter().map(|approval| {
        let what = if approval.voided { "desk-event-approval-voided" } else { "desk-event-approval" };
        let who = Some(who(page, &people, &approval.principal));
        let at = Moment::of(&lang, approval.created_at);
        (approval.created_at, StoryEvent { kind: "person", what: page.t(what), at, who, words: None })
    });
    let notes = story.view.notes.iter().filter(|note| note.kind != "request").map(|note| {
        let who = Some(who(page, &people, &note.author));
        let at = Moment::of(&lang, note.created_at);
        let words = Some(note.body.clone());
        (note.created_at, StoryEvent { kind: "step", what: page.t("desk-event-note"), at, who, words })
    });
    let mut events: Vec<_> = changes.chain(approvals).chain(notes).collect();
    // Stable, so that changes of one moment keep the order in which they were written.
    events.sort_by_key(|(at, _)| *at);
    Ok(events.into_iter().rev().map(|(_, event)| event).collect())
}

fn told(event: &str) -> (&'static str, &'static str) {
    match event {
        "create" => ("step", "desk-event-requested"),
        "approve" => ("person", "desk-event-approved"),
        "deny" => ("person", "desk-event-denied"),
        "withdraw" => ("person", "desk-event-withdrawn"),
        "cancel" => ("person", "desk-event-canceled"),
        "guard_failed" => ("trouble", "desk-event-guard"),
        "submit" => ("step", "desk-event-submitted"),
        "accepted" => ("step", "desk-event-pending"),
        "outcome_unknown" => ("trouble", "desk-event-unknown"),
        "succeeded" => ("money", "desk-event-completed"),
        "failed_retryable" | "failed_final" => ("trouble", "desk-event-failed"),
        "retry" => ("person", "desk-event-retried"),
        "turned_out_paid" => ("money", "desk-event-turned-out-paid"),
        "reversed" => ("trouble", "desk-event-reversed"),
        _other => ("step", "desk-event-changed"),
    }
}

/// The names of the people in the story, each looked up once.
async fn names(visit: &Visit, story: &Story) -> Result<BTreeMap<String, String>, Refusal> {
    let changes = story.transitions.iter().map(|change| change.actor.as_str());
    let approvals = story.view.approvals.iter().map(|approval| approval.principal.as_str());
    let notes = story.view.notes.iter().map(|note| note.author.as_str());
    let mut names = BTreeMap::new();
    for text in changes.chain(approvals).chain(notes) {
        if let Ok(Principal::User(user_id)) = Principal::from_str(text)
            && !names.contains_key(text)
            && let Some((_, user)) = sign_in::actor_of(&visit.desk, &user_id).await?
        {
            names.insert(text.to_owned(), user.name);
        }
    }
    Ok(names)
}

fn who(page: &Page, people: &BTreeMap<String, String>, principal: &str) -> String {
    match Principal::from_str(principal) {
        Ok(Principal::User(_)) => people.get(principal).cloned().unwrap_or_else(|| principal.to_owned()),
        Ok(Principal::Customer(_)) => page.t("desk-who-customer"),
        Ok(Principal::Policy(version)) => page.t1("desk-who-policy", "version", version),
        Ok(Principal::System) => page.t("desk-who-system"),
        Ok(Principal::Provider(account)) => account,
        Ok(Principal::Token(name)) => page.t1("desk-who-token", "name", name),
        Ok(Principal::Shell) => page.t("desk-who-shell"),
        Err(_) => principal.to_owned(),
    }
}
