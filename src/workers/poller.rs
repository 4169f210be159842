//! Asks processors how pending refunds stand, at the growing interval of their rows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tracing::Instrument as _;

use super::{Stopping, complain, owner};
use crate::app::{App, Clock};
use crate::crash::{Point, point};
use crate::domain::access::Principal;
use crate::domain::provider::LookUp;
use crate::services::poll_refund::{self, Question};
use crate::services::record_outcome::{Fact, Source, record_outcome};
use crate::services::{End, submit_refund, work_trace};
use crate::telemetry::metrics;

/// Runs until the process ends.
pub(super) async fn run(app: Arc<App>, mut stopping: Stopping) {
    let owner = owner(&app, "poller");
    while !stopping.is_due() {
        let questions = match poll_refund::lease(&app.desk, &owner).await {
            Ok(questions) => questions,
            Err(refusal) => {
                complain(&refusal, "nothing can be leased to be asked");
                Vec::new()
            }
        };
        if questions.is_empty() {
            // Only the tick wakes it: what is pending has waited for seconds already.
            stopping.wait(std::future::pending()).await;
        } else {
            join_all(questions.into_iter().map(|question| ask_traced(&app, question))).await;
        }
    }
}

async fn ask_traced(app: &App, question: Question) {
    let span = tracing::info_span!(
        "provider.poll",
        correlation_id = %question.correlation_id,
        account = %question.account,
        reference = %question.reference,
    );
    if let Some(cause) = work_trace::of(&question.row) {
        cause.adopt(&span);
    }
    ask(app, question).instrument(span).await;
}

async fn ask(app: &App, question: Question) {
    let again = poll_refund::again(&question.row, Clock::system().as_microsecond());
    let Some(provider) = app.desk.providers.get(&question.account) else {
        return give_back(app, question, again, "the account is gone").await;
    };
    let began = Instant::now();
    let (kind, found) = match &question.provider_refund_id {
        Some(id) => ("get", provider.get(id).await),
        None => ("look_up", provider.look_up(&question.reference, &question.connector_transaction_id).await),
    };
    point(Point::PollAnswered);
    match found {
        LookUp::Found(shown) => {
            let call = Some((kind, milliseconds(began.elapsed())));
            let source = Source { account: question.account.clone(), call };
            metrics::provider_called(&question.account, shown.status.as_str());
            let context = app.context(Principal::System).in_conversation(&question.correlation_id);
            let row = Some((question.row.clone(), again));
            let recorded =
                record_outcome(&app.desk, &context, &question.reference, Fact::Shown(shown), source, row).await;
            if let Err(refusal) = recorded {
                complain(&refusal, "what a poll found could not be recorded");
            }
        }
        LookUp::Absent => give_back(app, question, again, "the processor does not show it").await,
        LookUp::Unsupported => give_back(app, question, again, "the processor cannot be asked").await,
        LookUp::Unavailable { detail } => give_back(app, question, again, &detail).await,
    }
}

async fn give_back(app: &App, question: Question, again: End, why: &str) {
    let End::Again { due_at, .. } = again else { return };
    if let Err(refusal) = submit_refund::give_back(&app.desk, question.row, due_at, why).await {
        complain(&refusal, "a row could not be given back");
    }
}

fn milliseconds(took: Duration) -> i64 {
    i64::try_from(took.as_millis()).unwrap_or(i64::MAX)
}
