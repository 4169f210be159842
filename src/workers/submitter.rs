//! Sends what is due to processors. While calls are under way the next rows are leased already, as many as an account and
//! this node take; recordings run side by side, so that the store commits them in groups.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{Id, JoinError, JoinSet};
use tracing::Instrument as _;

use super::pause::{NOT_DONE, UNKNOWN};
use super::verdict::{self, Next, Row, Standing};
use super::{Stopping, complain, owner};
use crate::app::{App, Clock};
use crate::crash::{Point, point};
use crate::domain::access::Principal;
use crate::domain::provider::Outcome;
use crate::providers::Provider;
use crate::services::record_outcome::{Fact, RowEnd, Source, record_outcome};
use crate::services::submit_refund::{self, LEASE, LEASE_ROWS_MAX, Sendable};
use crate::services::{Context, End, OutboxRow, work_trace};
use crate::telemetry::metrics;

/// Calls of this node at once.
const CALLS_MAX: usize = 256;

/// Calls at one account at once: one that answers slowly must leave room for the others.
const ACCOUNT_CALLS_MAX: usize = 128;

/// After its call, an attempt needs so long to be recorded.
const RECORDING_TIME: Duration = Duration::from_secs(5);

/// What cannot be sent for a reason of our own is looked at again after so long.
const UNPREPARED_PAUSE: Duration = Duration::from_secs(5);

/// Pauses between tries to record an answer that the database does not take.
const RECORDING_PAUSES_MS: [u64; 6] = [50, 250, 1_000, 2_000, 4_000, 8_000];

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let owner = owner(&app, "submitter");
    let mut calls = Calls::default();
    while !stopping.is_due() {
        calls.collect_finished();
        let leased_at = Moment::now();
        let leased = if calls.has_room() { lease(&app, &owner, &calls.full_accounts()).await } else { Vec::new() };
        let more_waits = i64::try_from(leased.len()).is_ok_and(|count| count == LEASE_ROWS_MAX);
        for row in leased {
            calls.begin(&app, row, leased_at);
        }
        if !more_waits || calls.is_full() {
            let bell = app.desk.bells.submit.notified();
            stopping.wait(calls.until_one_ends_or(bell)).await;
        }
    }
    calls.finish().await;
}

async fn lease(app: &App, owner: &str, full: &[String]) -> Vec<OutboxRow> {
    match submit_refund::lease(&app.desk, owner, full).await {
        Ok(leased) => leased,
        Err(refusal) => {
            complain(&refusal, "nothing can be leased to be sent");
            Vec::new()
        }
    }
}

/// The calls that are under way.
#[derive(Default)]
struct Calls {
    tasks: JoinSet<()>,
    accounts: BTreeMap<Id, String>,
}

impl Calls {
    fn has_room(&self) -> bool {
        self.tasks.len() + usize::try_from(LEASE_ROWS_MAX).unwrap_or(CALLS_MAX) <= CALLS_MAX
    }

    fn full_accounts(&self) -> Vec<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for account in self.accounts.values() {
            *counts.entry(account).or_default() += 1;
        }
        let is_full = |(account, count): (&str, usize)| (count >= ACCOUNT_CALLS_MAX).then(|| account.to_owned());
        counts.into_iter().filter_map(is_full).collect()
    }

    /// Whether something may wait only for want of room, in all or at one account.
    fn is_full(&self) -> bool {
        !self.has_room() || !self.full_accounts().is_empty()
    }

    fn begin(&mut self, app: &Arc<App>, row: OutboxRow, leased_at: Moment) {
        let account = row.account.clone().unwrap_or_default();
        let task = self.tasks.spawn(carry_out(Arc::clone(app), row, leased_at));
        self.accounts.insert(task.id(), account);
    }

    fn collect_finished(&mut self) {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            self.forget(ended);
        }
    }

    /// Returns when the bell rings; where there was no room for what waits, also when a call ends.
    async fn until_one_ends_or(&mut self, bell: impl Future<Output = ()>) {
        if !self.is_full() {
            return bell.await;
        }
        tokio::select! {
            Some(ended) = self.tasks.join_next_with_id() => self.forget(ended),
            () = bell => {}
        }
    }

    async fn finish(&mut self) {
        while let Some(ended) = self.tasks.join_next_with_id().await {
            self.forget(ended);
        }
    }

    fn forget(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(%error, "a call to a processor broke off; its row is taken up when its lease ends");
                error.id()
            }
        };
        self.accounts.remove(&id);
    }
}

/// A moment on two clocks: one that never steps, and one that goes on while the machine sleeps.
#[derive(Clone, Copy)]
struct Moment {
    steady: Instant,
    wall: jiff::Timestamp,
}

impl Moment {
    fn now() -> Self {
        Self { steady: Instant::now(), wall: Clock::system() }
    }

    /// How long ago it was, by the clock that says more.
    fn elapsed(self) -> Duration {
        let by_wall = Duration::try_from(Clock::system().duration_since(self.wall)).unwrap_or_default();
        self.steady.elapsed().max(by_wall)
    }
}

/// One leased attempt on its way.
struct Errand {
    app: Arc<App>,
    sendable: Sendable,
    leased_at: Moment,
}

async fn carry_out(app: Arc<App>, row: OutboxRow, leased_at: Moment) {
    let context = app.context(Principal::System);
    let sendable = match submit_refund::prepare(&app.desk, &context, row.clone()).await {
        Ok(Some(sendable)) => sendable,
        Ok(None) => return,
        Err(refusal) => {
            complain(&refusal, "a row could not be made ready to be sent");
            return give_back(&app, row, UNPREPARED_PAUSE, "it could not be made ready to be sent").await;
        }
    };
    let span = tracing::info_span!(
        "provider.submit",
        refund_id = %sendable.refund_id,
        correlation_id = %sendable.order.correlation_id,
        account = %sendable.account,
        attempt = sendable.attempt.attempt,
        call = sendable.attempt.calls,
        outcome = tracing::field::Empty,
    );
    if let Some(cause) = work_trace::of(&sendable.row) {
        cause.adopt(&span);
    }
    Errand { app, sendable, leased_at }.run().instrument(span).await;
}

impl Errand {
    async fn run(self) {
        let Some(provider) = self.app.desk.providers.get(&self.sendable.account).cloned() else {
            return self.give_back("the account is gone", UNPREPARED_PAUSE).await;
        };
        let mut next = self.standing(provider.as_ref()).first();
        if matches!(next, Next::LookUp) {
            next = self.look_up(provider.as_ref()).await;
        }
        match next {
            Next::Send | Next::LookUp => self.send(provider.as_ref()).await,
            Next::Found(_) | Next::AbsentGiveUp(_) => {}
            Next::AbsentSend => self.send(provider.as_ref()).await,
            Next::Later(detail) => self.give_back(&detail, NOT_DONE.after(self.sendable.row.attempts)).await,
            Next::Stuck => {
                let error = "the processor may have forgotten the key".to_owned();
                self.record(Fact::KeyExpired, None, Some(End::Dead { error })).await;
            }
        }
    }

    fn standing(&self, provider: &dyn Provider) -> Standing<'_> {
        Standing {
            attempt: &self.sendable.attempt,
            key_window: provider.key_window(),
            power: provider.look_up_power(),
            now: Clock::system().as_microsecond(),
        }
    }

    /// What is recorded now, as a part of the refund's own conversation.
    fn context(&self) -> Context {
        self.app.context(Principal::System).in_conversation(&self.sendable.order.correlation_id)
    }

    /// Looks the attempt up, and records what that proved.
    async fn look_up(&self, provider: &dyn Provider) -> Next {
        let order = &self.sendable.order;
        let began = Instant::now();
        let found = provider.look_up(&order.reference, &order.connector_transaction_id).await;
        point(Point::SubmitLookedUp);
        let call = Some(("look_up", milliseconds(began.elapsed())));
        let next = self.standing(provider).after_look_up(found);
        match &next {
            Next::Found(refund) => self.record(Fact::Shown(refund.clone()), call, Some(End::Done)).await,
            Next::AbsentSend => self.record(Fact::Absent, call, None).await,
            Next::AbsentGiveUp(error) => {
                self.record(Fact::Absent, call, None).await;
                self.record(Fact::GivenUp(error.clone()), None, Some(End::Done)).await;
            }
            Next::Send | Next::LookUp | Next::Later(_) | Next::Stuck => {}
        }
        next
    }

    /// Sends the attempt under its key, if the lease lasts, and records the answer.
    async fn send(&self, provider: &dyn Provider) {
        if self.leased_at.elapsed() + provider.call_deadline() + RECORDING_TIME > LEASE {
            return self.give_back("the lease did not last for the call", Duration::ZERO).await;
        }
        let began = Instant::now();
        let outcome = provider.refund(&self.sendable.order).await;
        point(Point::SubmitCalled);
        let call = Some(("refund", milliseconds(began.elapsed())));
        let error = error_of(&outcome);
        let (fact, row) = verdict::of_outcome(outcome, &self.sendable.attempt);
        let end = match row {
            Row::Done => End::Done,
            Row::AgainNotDone(wish_ms) => {
                let wish = wish_ms.map(Duration::from_millis).unwrap_or_default();
                again(wish + NOT_DONE.after(self.sendable.row.attempts), error)
            }
            Row::AgainUnknown(unknowns) => again(UNKNOWN.after(unknowns), error),
            Row::Dead => End::Dead { error },
        };
        self.record(fact, call, Some(end)).await;
    }

    /// Records a fact, and ends the row where the fact ends it. Tries again for as long as the lease lasts; a row that
    /// could not be ended is taken up later, and looked up before it is sent again.
    async fn record(&self, fact: Fact, call: Option<(&'static str, i64)>, end: Option<End>) {
        let outcome = verdict::word(&fact);
        tracing::Span::current().record("outcome", outcome);
        metrics::provider_called(&self.sendable.account, outcome);
        let row: Option<RowEnd> = end.map(|end| (self.sendable.row.clone(), end));
        let context = self.context();
        let mut pauses = RECORDING_PAUSES_MS.iter();
        loop {
            let source = Source { account: self.sendable.account.clone(), call };
            let reference = &self.sendable.order.reference;
            let recorded = record_outcome(&self.app.desk, &context, reference, fact.clone(), source, row.clone()).await;
            let refusal = match recorded {
                Ok(_) => return,
                Err(refusal) => refusal,
            };
            tracing::error!(cause = refusal.cause, code = %refusal.code, outcome, "an answer could not be recorded");
            match pauses.next() {
                Some(pause_ms) if self.leased_at.elapsed() < LEASE => {
                    tokio::time::sleep(Duration::from_millis(*pause_ms)).await;
                }
                Some(_) | None => return,
            }
        }
    }

    async fn give_back(&self, why: &str, pause: Duration) {
        give_back(&self.app, self.sendable.row.clone(), pause, why).await;
    }
}

async fn give_back(app: &App, row: OutboxRow, pause: Duration, why: &str) {
    if let Err(refusal) = submit_refund::give_back(&app.desk, row, due_in(pause), why).await {
        complain(&refusal, "a row could not be given back");
    }
}

fn again(pause: Duration, error: String) -> End {
    End::Again { due_at: due_in(pause), error }
}

/// Microseconds of real time.
fn due_in(pause: Duration) -> i64 {
    Clock::system().as_microsecond().saturating_add(i64::try_from(pause.as_micros()).unwrap_or(i64::MAX))
}

fn error_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(_) => String::new(),
        Outcome::Refused(error) => error.message.clone(),
        Outcome::NotDone(not_done) => not_done.detail.clone(),
        Outcome::Unknown(unknown) => unknown.detail.clone(),
    }
}

fn milliseconds(took: Duration) -> i64 {
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX)
}
