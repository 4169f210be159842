//! Every state change proved legal and whole, or where one is not: its row, its ledger entries, its letter, each once.
//! Source: SPEC section 3, QUALITY I6, I7 and I11.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::context::Context;
use super::desk::Desk;
use super::findings::Findings;
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::id::RefundId;
use crate::domain::ledger::EntryKind;
use crate::domain::message::{self, MessageKind};
use crate::domain::refund::{Answer, Event, Refund, State, next};
use crate::store::ledger::EntryRow;
use crate::store::outbox::{OutboxRow, Work};
use crate::store::trail::TransitionRow;
use crate::store::{Conn, ledger, outbox, refunds, trail};

/// Refunds that are read at once.
const PAGE: i64 = 500;

/// The word of the change that a refund begins with.
pub(super) const CREATE: &str = "create";

/// What was read of the state changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Refunds that were read.
    pub refunds: u64,
    /// State changes that were read.
    pub transitions: u64,
    /// What is wrong.
    pub faults: Findings<MoveFault>,
}

/// Where a state change is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoveFault {
    /// A change that the table of states does not have.
    #[error("refund {refund_id}, change {position}: {event} does not lead from {from} to {to}")]
    Illegal {
        /// The refund.
        refund_id: RefundId,
        /// The change's number among the refund's own.
        position: i64,
        /// What happened.
        event: String,
        /// The state that it stood in by the change before.
        from: String,
        /// The state that it is said to have reached.
        to: State,
    },
    /// A refund that stands elsewhere than its last change says.
    #[error("refund {refund_id}: it is {state}, and its last change led to {last}")]
    Elsewhere {
        /// The refund.
        refund_id: RefundId,
        /// Where it stands.
        state: State,
        /// Where its changes lead; `nowhere` without any.
        last: String,
    },
    /// Ledger entries that are not those of the refund's changes.
    #[error("refund {refund_id}: its changes post {expected}, and its entries are {found}")]
    Entries {
        /// The refund.
        refund_id: RefundId,
        /// The kinds that its changes post, each with its number.
        expected: String,
        /// The kinds that there are.
        found: String,
    },
    /// A letter about a change that there is not, or that says something else, or a second one.
    #[error("refund {refund_id}, letter {outbox_id}: {problem}")]
    Letter {
        /// The refund.
        refund_id: RefundId,
        /// The letter's row.
        outbox_id: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Reads every state change and says what is wrong.
pub async fn check_moves(desk: &Arc<Desk>, context: &Context) -> Result<Moves, Refusal> {
    context.require(Permission::AuditRead)?;
    desk.db.read(moves).await
}

fn moves(conn: &mut Conn) -> Result<Moves, Refusal> {
    let mut moves = Moves::default();
    let mut after = String::new();
    loop {
        let page = refunds::after(conn, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(moves) };
        after = last.refund_id.to_string();
        let ids: Vec<RefundId> = page.iter().map(|refund| refund.refund_id.clone()).collect();
        let mut stories: BTreeMap<RefundId, Story> = BTreeMap::new();
        for transition in trail::transitions_of_refunds(conn, &ids)? {
            stories.entry(transition.refund_id.clone()).or_default().transitions.push(transition);
        }
        for entry in ledger::of_refunds(conn, &ids)? {
            if let Some(refund_id) = entry.refund_id.clone() {
                stories.entry(refund_id).or_default().entries.push(entry);
            }
        }
        for letter in outbox::of_refunds(conn, &ids, Work::Mail)? {
            let refund_id = letter.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok());
            if let Some(refund_id) = refund_id {
                stories.entry(refund_id).or_default().letters.push(letter);
            }
        }
        for refund in &page {
            moves.refund(refund, &stories.remove(&refund.refund_id).unwrap_or_default());
        }
    }
}

/// What belongs to one refund.
#[derive(Default)]
struct Story {
    transitions: Vec<TransitionRow>,
    entries: Vec<EntryRow>,
    letters: Vec<OutboxRow>,
}

impl Moves {
    fn refund(&mut self, refund: &Refund, story: &Story) {
        self.refunds += 1;
        let mut stood: Option<State> = None;
        let mut posted: BTreeMap<EntryKind, usize> = BTreeMap::new();
        let mut told: BTreeMap<i64, Option<MessageKind>> = BTreeMap::new();
        for transition in &story.transitions {
            self.transitions += 1;
            match step(stood, transition) {
                Some((entries, letter)) => {
                    entries.iter().for_each(|kind| *posted.entry(*kind).or_default() += 1);
                    told.insert(transition.position, letter);
                }
                None => self.faults.add(MoveFault::Illegal {
                    refund_id: refund.refund_id.clone(),
                    position: transition.position,
                    event: transition.event.clone(),
                    from: stood.map_or("nothing", State::as_str).to_owned(),
                    to: transition.to_state,
                }),
            }
            stood = Some(transition.to_state);
        }
        self.faults.expect(stood == Some(refund.state), || MoveFault::Elsewhere {
            refund_id: refund.refund_id.clone(),
            state: refund.state,
            last: stood.map_or("nowhere", State::as_str).to_owned(),
        });
        self.entries(refund, &posted, &story.entries);
        self.letters(refund, &told, &story.letters);
    }

    fn entries(&mut self, refund: &Refund, posted: &BTreeMap<EntryKind, usize>, entries: &[EntryRow]) {
        let mut found: BTreeMap<EntryKind, usize> = BTreeMap::new();
        // Adjustments are of people, not of state changes.
        for kind in entries.iter().map(|entry| entry.posting.kind).filter(|kind| *kind != EntryKind::Adjustment) {
            *found.entry(kind).or_default() += 1;
        }
        self.faults.expect(*posted == found, || MoveFault::Entries {
            refund_id: refund.refund_id.clone(),
            expected: in_words(posted),
            found: in_words(&found),
        });
    }

    fn letters(&mut self, refund: &Refund, told: &BTreeMap<i64, Option<MessageKind>>, letters: &[OutboxRow]) {
        let mut seen = BTreeSet::new();
        for letter in letters {
            let Ok(payload) = serde_json::from_str::<Letter>(&letter.payload) else {
                self.letter(refund, letter, "what it is to say cannot be read");
                continue;
            };
            // Letters about something else than a change carry no version.
            let Some(version) = payload.version else { continue };
            match told.get(&version) {
                Some(Some(kind)) if *kind == payload.kind => {}
                Some(_) => self.letter(refund, letter, "its change is told by another letter, or by none"),
                None => self.letter(refund, letter, "the change that it tells of did not happen"),
            }
            if !seen.insert(version) {
                self.letter(refund, letter, "its change has another letter already");
            }
        }
    }

    fn letter(&mut self, refund: &Refund, letter: &OutboxRow, problem: &str) {
        self.faults.add(MoveFault::Letter {
            refund_id: refund.refund_id.clone(),
            outbox_id: letter.outbox_id.clone(),
            problem: problem.to_owned(),
        });
    }
}

/// What stands in a letter's row about its change.
#[derive(Deserialize)]
struct Letter {
    kind: MessageKind,
    version: Option<i64>,
}

/// What a change posts and which letter tells of it, where it is one that the table of states has.
fn step(stood: Option<State>, transition: &TransitionRow) -> Option<(&'static [EntryKind], Option<MessageKind>)> {
    if transition.from_state != stood {
        return None;
    }
    let Some(from) = stood else {
        let is_beginning = transition.event == CREATE && transition.to_state == State::Requested;
        return is_beginning.then_some((&[], Some(message::FOR_CREATION)));
    };
    let event = Event::ALL.iter().copied().find(|event| event.as_str() == transition.event)?;
    match next(from, event) {
        Answer::Move(step) if step.to == transition.to_state => Some((step.entries, message::for_move(event))),
        Answer::Move(_) | Answer::Stay | Answer::Illegal => None,
    }
}

fn in_words(kinds: &BTreeMap<EntryKind, usize>) -> String {
    let words: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} × {kind}")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}
