//! Reading the start page of the desk: what somebody holds, what the team has before it, what is due, and how sending to
//! each processor goes. A fixed number of queries. Source: UX section 2.3.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::context::Context;
use super::desk::Desk;
use super::names;
use super::read_queue::{self, Count, Queued};
use super::refusal::Refusal;
use crate::domain::access::Permission;
use crate::domain::review::View;
use crate::store::outbox::{self, Standing};
use crate::store::queue::{self, Narrowed, Reader};
use crate::store::{Conn, reviews};

/// Cases of one's own that are shown; the rest is in the queue.
const MINE_SHOWN: i64 = 10;

/// What is due within this time is soon due.
pub const SOON: SignedDuration = SignedDuration::from_hours(4);

/// What the start page tells.
#[derive(Clone, Debug)]
pub struct Overview {
    /// What the reader holds, the first due first.
    pub mine: Vec<Queued>,
    /// How many are in each view of the queue.
    pub counts: Vec<(View, Count)>,
    /// Of those that nobody holds: how many are late.
    pub late: Count,
    /// Of those: how many are due soon, the late ones included.
    pub soon: Count,
    /// Who holds how many now, by name.
    pub holders: Vec<(String, i64)>,
    /// How sending goes, account by account.
    pub accounts: Vec<Account>,
}

/// How sending to a processor's account goes, as far as the outbox tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Attempts that wait to be sent.
    pub waiting: i64,
    /// Since when the oldest of them waits.
    pub since: Option<Timestamp>,
    /// Attempts that are out of tries.
    pub dead: i64,
}

/// What the start page tells somebody.
pub async fn read_desk(desk: &Arc<Desk>, context: &Context) -> Result<Overview, Refusal> {
    context.require(Permission::RefundRead)?;
    let reader = Reader { principal: context.actor.principal.clone(), now: context.system_now };
    let now = context.now;
    let names: Vec<String> = desk.providers.all().map(|provider| provider.account().to_owned()).collect();
    desk.db
        .read(move |conn| {
            let all = Narrowed::default();
            let (mut mine, _) = read_queue::waiting(conn, View::Mine, &all, &reader, None, MINE_SHOWN)?;
            read_queue::named(conn, &mut mine, reader.now, None)?;
            let due_by = |at| Narrowed { due_by: Some(at), ..Narrowed::default() };
            let soon = now.checked_add(SOON).unwrap_or(now);
            Ok(Overview {
                mine,
                counts: read_queue::counts(conn, &all, &reader)?,
                late: queue::count(conn, View::Unclaimed, &due_by(now), &reader)?,
                soon: queue::count(conn, View::Unclaimed, &due_by(soon), &reader)?,
                holders: holders(conn, &reader)?,
                accounts: accounts(conn, names)?,
            })
        })
        .await
}

fn holders(conn: &mut Conn, reader: &Reader) -> Result<Vec<(String, i64)>, Refusal> {
    let held = reviews::holders(conn, reader.now)?;
    let names = names::of(conn, held.iter().map(|(holder, _)| holder))?;
    let mut holders: Vec<_> = held.iter().map(|(holder, count)| (names.of(holder), *count)).collect();
    holders.sort();
    Ok(holders)
}

/// Every account that is set up, and every other for which something waits.
fn accounts(conn: &mut Conn, names: Vec<String>) -> Result<Vec<Account>, Refusal> {
    let quiet = |name: String| (name.clone(), Account { name, waiting: 0, since: None, dead: 0 });
    let mut accounts: BTreeMap<String, Account> = names.into_iter().map(quiet).collect();
    for Standing { account, is_dead, count, since } in outbox::standings(conn)? {
        let (_, none) = quiet(account.clone());
        let found = accounts.entry(account).or_insert(none);
        if is_dead {
            found.dead = count;
        } else {
            (found.waiting, found.since) = (count, Timestamp::from_microsecond(since).ok());
        }
    }
    Ok(accounts.into_values().collect())
}
