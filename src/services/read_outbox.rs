//! What waits to leave the house and what stopped, as pages show it.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::give_up::may_have_moved;
use super::refusal::{Code, Refusal};
use super::who::{self, Names};
use crate::domain::access::Permission;
use crate::domain::id::RefundId;
use crate::domain::refund::Refund;
use crate::store::{Conn, discards, inbox_list, outbox, outbox_list, refunds};

pub use crate::store::discards::DiscardRow;
pub use crate::store::inbox::InboxRow;
pub use crate::store::outbox::{OutboxRow, Work};
pub use crate::store::outbox_list::{Cause, CauseCount, Mark};

/// Rows of one page.
const PAGE: i64 = 50;

/// How much there is of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// The kind.
    pub work: Work,
    /// Rows that wait.
    pub waiting: i64,
    /// Rows that are under way.
    pub under_way: i64,
}

/// What waits of one kind.
#[derive(Clone, Debug)]
pub struct WaitingPage {
    /// How much there is of every kind.
    pub loads: Vec<Load>,
    /// How many rows and events stopped.
    pub stopped: i64,
    /// What is under way, the first of it.
    pub under_way: Vec<OutboxRow>,
    /// What waits, next try first.
    pub rows: Vec<OutboxRow>,
    /// Where the next page begins, where there is more.
    pub next: Option<Mark>,
    /// Microseconds of real time.
    pub now: i64,
}

/// A page of what waits.
pub async fn waiting(
    desk: &Arc<Desk>,
    context: &Context,
    work: Work,
    after: Option<Mark>,
) -> Result<WaitingPage, Refusal> {
    context.require(Permission::AdminRead)?;
    desk.db
        .read(move |conn| {
            let (waiting, under_way) = (outbox_list::counts(conn, "waiting")?, outbox_list::counts(conn, "leased")?);
            let letters: i64 = outbox_list::causes(conn)?.iter().map(|cause| cause.rows).sum();
            let stopped = letters + inbox_list::count(conn)?;
            let mut rows = outbox_list::waiting(conn, work, after.as_ref(), PAGE + 1)?;
            let has_more = cut(&mut rows);
            let next = rows.last().filter(|_| has_more);
            let next = next.map(|row| Mark { due_at: row.due_at, outbox_id: row.outbox_id.clone() });
            let count = |counts: &[outbox_list::Count], work: Work| {
                counts.iter().find(|(kind, _)| kind == work.as_str()).map_or(0, |(_, rows)| *rows)
            };
            let load = |work: &Work| Load {
                work: *work,
                waiting: count(&waiting, *work),
                under_way: count(&under_way, *work),
            };
            Ok(WaitingPage {
                loads: Work::ALL.iter().map(load).collect(),
                stopped,
                under_way: outbox_list::under_way(conn, work, PAGE)?,
                rows,
                next,
                now: outbox::lease_clock(conn)?,
            })
        })
        .await
}

/// A row that stopped.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// The row.
    pub row: OutboxRow,
    /// The refund that it is about.
    pub refund: Option<Refund>,
    /// Whether giving it up decides about money, and so takes two people.
    pub takes_two: bool,
    /// Whether it is held: asking again could pay twice.
    pub is_held: bool,
    /// The proposal to give it up that nobody confirmed yet.
    pub proposal: Option<DiscardRow>,
}

/// What stopped.
#[derive(Clone, Debug)]
pub struct StoppedPage {
    /// Every cause, each with the word that it has in addresses.
    pub causes: Vec<(String, CauseCount)>,
    /// The cause that the list is narrowed to.
    pub cause: Option<String>,
    /// The rows, oldest first.
    pub letters: Vec<DeadLetter>,
    /// Events from processors that could not be applied, the oldest of them.
    pub events: Vec<InboxRow>,
    /// What people in proposals are called.
    pub names: Names,
    /// Where the next page begins, where there is more.
    pub next: Option<String>,
}

/// A page of what stopped; of one cause, by its word, or of all. A word that is none is as good as none.
pub async fn stopped(
    desk: &Arc<Desk>,
    context: &Context,
    cause: Option<String>,
    after: Option<String>,
) -> Result<StoppedPage, Refusal> {
    context.require(Permission::AdminRead)?;
    desk.db
        .read(move |conn| {
            let causes = worded(outbox_list::causes(conn)?);
            let chosen = causes.iter().find(|(word, _)| Some(word) == cause.as_ref());
            let why = chosen.map(|(_, counted)| counted.cause.clone());
            let cause = chosen.map(|(word, _)| word.clone());
            let after = after.unwrap_or_default();
            let mut rows = outbox_list::stopped(conn, why.as_ref(), &after, PAGE + 1)?;
            let has_more = cut(&mut rows);
            let next = rows.last().filter(|_| has_more).map(|row| row.outbox_id.clone());
            let letters = letters(conn, rows)?;
            let names = names(conn, &letters)?;
            let events = inbox_list::stopped(conn, PAGE)?;
            Ok(StoppedPage { causes, cause, letters, events, names, next })
        })
        .await
}

/// One row that stopped, and what people in its proposal are called; `404` where there is none, or it goes on.
pub async fn dead_letter(desk: &Arc<Desk>, context: &Context, outbox_id: &str) -> Result<(DeadLetter, Names), Refusal> {
    context.require(Permission::AdminRead)?;
    let outbox_id = outbox_id.to_owned();
    desk.db
        .read(move |conn| {
            let row = outbox::find(conn, &outbox_id)?.filter(|row| ["dead", "unknown"].contains(&row.status.as_str()));
            let letters = letters(conn, row.into_iter().collect())?;
            let names = names(conn, &letters)?;
            let letter = letters.into_iter().next().ok_or_else(|| Refusal::new(Code::PathNotFound))?;
            Ok((letter, names))
        })
        .await
}

/// The cause that has this word in addresses, as long as something has stopped for it.
pub async fn cause(desk: &Arc<Desk>, context: &Context, word: &str) -> Result<Cause, Refusal> {
    context.require(Permission::AdminRead)?;
    let word = word.to_owned();
    desk.db
        .read(move |conn| {
            let found = worded(outbox_list::causes(conn)?).into_iter().find(|(known, _)| *known == word);
            found.map(|(_, counted)| counted.cause).ok_or_else(|| Refusal::new(Code::PathNotFound))
        })
        .await
}

/// Causes with their words: short, and the same as long as the cause is.
fn worded(causes: Vec<CauseCount>) -> Vec<(String, CauseCount)> {
    const WORD_BYTES: usize = 8;
    let word = |cause: &Cause| {
        let text = format!("{}\n{:?}\n{:?}", cause.kind, cause.account, cause.error);
        hex::encode(Sha256::digest(text).into_iter().take(WORD_BYTES).collect::<Vec<u8>>())
    };
    causes.into_iter().map(|counted| (word(&counted.cause), counted)).collect()
}

fn letters(conn: &mut Conn, rows: Vec<OutboxRow>) -> Result<Vec<DeadLetter>, Refusal> {
    let refund_of = |row: &OutboxRow| row.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok());
    let refund_ids: Vec<RefundId> = rows.iter().filter_map(refund_of).collect();
    let refunds: BTreeMap<RefundId, Refund> =
        refunds::find_all(conn, &refund_ids)?.into_iter().map(|refund| (refund.refund_id.clone(), refund)).collect();
    let outbox_ids: Vec<String> = rows.iter().map(|row| row.outbox_id.clone()).collect();
    let mut proposals: BTreeMap<String, DiscardRow> =
        discards::open(conn, &outbox_ids)?.into_iter().map(|proposal| (proposal.outbox_id.clone(), proposal)).collect();
    let letter = |row: OutboxRow| {
        let refund = refund_of(&row).and_then(|refund_id| refunds.get(&refund_id).cloned());
        let takes_two = refund.as_ref().is_some_and(|refund| may_have_moved(&row, refund));
        let is_held = takes_two && refund.as_ref().is_some_and(|refund| refund.held);
        DeadLetter { proposal: proposals.remove(&row.outbox_id), takes_two, is_held, refund, row }
    };
    Ok(rows.into_iter().map(letter).collect())
}

fn names(conn: &mut Conn, letters: &[DeadLetter]) -> Result<Names, Refusal> {
    let proposals = letters.iter().filter_map(|letter| letter.proposal.as_ref());
    let people: Vec<String> = proposals.map(|proposal| proposal.proposed_by.to_string()).collect();
    Ok(who::names(conn, people.iter().map(String::as_str))?)
}

/// Cuts what was read to a page; whether there is more.
fn cut(rows: &mut Vec<OutboxRow>) -> bool {
    let has_more = i64::try_from(rows.len()).is_ok_and(|count| count > PAGE);
    if has_more {
        rows.pop();
    }
    has_more
}
