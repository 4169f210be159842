//! The story of a refund as the desk tells it: one list of everything that happened, newest first, narrowed by kind.

use jiff::Timestamp;

use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, StoryEvent, term};
use crate::services::read_case::CaseView;

/// The kinds by which a story can be narrowed.
pub const KINDS: [&str; 4] = ["people", "money", "processor", "messages"];

/// A kind to choose.
pub struct Kind {
    /// The page with this kind alone; for the first, with all.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub current: bool,
}

/// The kinds to choose from, all of them first.
pub fn kinds(page: &Page, refund_id: &str, chosen: Option<&str>) -> Vec<Kind> {
    let address = format!("/desk/refunds/{refund_id}");
    let all = Kind { href: format!("{address}#story"), name: page.t("desk-list-all"), current: chosen.is_none() };
    let kind = |&kind: &&str| Kind {
        href: format!("{address}?show={kind}#story"),
        name: page.t(term("desk-story-", kind)),
        current: chosen == Some(kind),
    };
    std::iter::once(all).chain(KINDS.iter().map(kind)).collect()
}

/// What happened, newest first.
pub fn events(page: &Page, case: &CaseView, chosen: Option<&str>) -> Vec<StoryEvent> {
    let events = all(page, case).into_iter().filter(|event| chosen.is_none_or(|kind| kind == event.group));
    events.map(|event| event.shown).collect()
}

/// What happened after a moment, newest first.
pub fn since(page: &Page, case: &CaseView, after: Timestamp) -> Vec<StoryEvent> {
    all(page, case).into_iter().filter(|event| event.at > after).map(|event| event.shown).collect()
}

/// Everything, newest first.
fn all(page: &Page, case: &CaseView) -> Vec<Event> {
    let mut told = Told { page, case, events: Vec::new() };
    told.changes();
    told.people();
    told.evidence();
    told.money();
    told.processor();
    told.messages();
    let mut events = told.events;
    // Stable, so that what happened at one moment keeps the order in which it was written.
    events.sort_by_key(|event| event.at);
    events.reverse();
    events
}

/// Somebody by name, where the name is known.
pub fn who(page: &Page, case: &CaseView, principal: &str) -> String {
    crate::http::pages::who::who(page, &case.names, principal)
}

struct Event {
    group: &'static str,
    at: Timestamp,
    shown: StoryEvent,
}

struct Told<'a> {
    page: &'a Page,
    case: &'a CaseView,
    events: Vec<Event>,
}

impl Told<'_> {
    fn tell(
        &mut self,
        group: &'static str,
        kind: &'static str,
        at: Timestamp,
        what: String,
        who: Option<String>,
        words: Option<String>,
    ) {
        let shown = StoryEvent { kind, what, at: Moment::of(&self.page.lang(), at), who, words };
        self.events.push(Event { group, at, shown });
    }

    fn changes(&mut self) {
        for change in &self.case.story.transitions {
            let (kind, id) = told(&change.event);
            let group = if kind == "person" { "people" } else { "processor" };
            let who = who(self.page, self.case, &change.actor);
            self.tell(group, kind, change.at, self.page.t(id), Some(who), None);
        }
    }

    fn people(&mut self) {
        let view = &self.case.story.view;
        for approval in &view.approvals {
            let what = if approval.voided { "desk-event-approval-voided" } else { "desk-event-approval" };
            let who = who(self.page, self.case, &approval.principal);
            self.tell("people", "person", approval.created_at, self.page.t(what), Some(who), None);
        }
        for note in view.notes.iter().filter(|note| note.kind != "request") {
            let who = who(self.page, self.case, &note.author);
            let what = self.page.t("desk-event-note");
            self.tell("people", "step", note.created_at, what, Some(who), Some(note.body.clone()));
        }
    }

    fn evidence(&mut self) {
        let view = &self.case.story.view;
        for file in &view.evidence {
            if let Some(at) = file.attached_at.filter(|at| *at > view.refund.created_at) {
                let who = who(self.page, self.case, &file.owner);
                self.tell("people", "person", at, self.page.t("desk-event-evidence"), Some(who), None);
            }
            if let Some(at) = file.erased_at {
                self.tell("people", "step", at, self.page.t("desk-event-evidence-erased"), None, None);
            }
        }
    }

    fn money(&mut self) {
        let lang = self.page.lang();
        for entry in &self.case.story.entries {
            let posting = &entry.posting;
            let accounts =
                self.page.t2("desk-event-accounts", "debit", posting.debit.as_str(), "credit", posting.credit.as_str());
            let what =
                self.page.t2("desk-event-posted", "kind", posting.kind.as_str(), "amount", lang.money(posting.amount));
            self.tell("money", "money", entry.posted_at, what, None, Some(accounts));
        }
    }

    fn processor(&mut self) {
        let story = &self.case.story;
        for call in &story.calls {
            let what = self.page.t2("desk-event-call", "attempt", call.attempt, "outcome", call.outcome.as_str());
            let took = self.page.t2("desk-event-took", "kind", call.kind.as_str(), "ms", call.latency_ms);
            let words = [took, call.detail.clone()].into_iter().filter(|words| !words.is_empty());
            self.tell("processor", "step", call.at, what, None, Some(words.collect::<Vec<_>>().join("\n")));
        }
        for event in &story.events {
            let Ok(at) = Timestamp::from_microsecond(event.received_at) else { continue };
            let what =
                self.page.t2("desk-event-webhook", "type", event.event_type.as_str(), "status", event.status.as_str());
            self.tell("processor", "step", at, what, Some(event.account.clone()), event.note.clone());
        }
    }

    fn messages(&mut self) {
        for message in &self.case.messages {
            let what = if message.to_customer { "desk-event-message" } else { "desk-event-answer" };
            let who = who(self.page, self.case, &message.author);
            let words = Some(message.body.clone());
            self.tell("messages", "person", message.created_at, self.page.t(what), Some(who), words);
        }
    }
}

fn told(event: &str) -> (&'static str, &'static str) {
    match event {
        "create" => ("person", "desk-event-requested"),
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
