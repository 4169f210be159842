//! How a refund stands, in the customer's terms: the heading, the three stages, and what to know now.

use crate::domain::calendar::Basis;
use crate::domain::message::denial_id;
use crate::domain::refund::{Closure, Qualifier, Refund, State};
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Mark, Notice, Stage};
use crate::services::follow_refund::Followed;
use crate::services::read_refunds::RefundView;

/// Id of the heading.
pub fn heading(refund: &Refund) -> &'static str {
    match (refund.state, refund.closure) {
        (State::Requested, _) => "customer-status-requested",
        (State::Approved | State::Submitting | State::ProviderPending, _) => "refund-request-accepted",
        (State::Completed, _) => "refund-completed",
        (State::Failed, _) => "refund-failed",
        (State::Canceled, Some(Closure::Denied)) => "customer-status-denied",
        (State::Canceled, Some(Closure::Withdrawn)) => "customer-status-withdrawn",
        (State::Canceled, Some(Closure::Canceled | Closure::Guard | Closure::Reversed) | None) => {
            "customer-status-canceled"
        }
    }
}

/// The three stages. After a denial or failure the current one is where it stopped.
pub fn stages(page: &Page, view: &RefundView) -> Vec<Stage> {
    let refund = &view.refund;
    let lang = page.lang();
    let asked = || Some(lang.datetime(refund.created_at));
    let text = |id: &str| Some(page.t(id));
    let requested = |mark, detail| stage(page, mark, "customer-stage-requested", "receipt-text", detail);
    let processing = |mark, detail| stage(page, mark, "customer-stage-processing", "hourglass", detail);
    let refunded = |mark, detail| stage(page, mark, "customer-stage-refunded", "landmark", detail);
    let ahead = || [processing(Mark::Ahead, None), refunded(Mark::Ahead, None)];
    let [first, second, third] = match (refund.state, refund.closure) {
        (State::Requested, _) => {
            let [second, third] = ahead();
            [requested(Mark::Current, text("customer-stage-looking")), second, third]
        }
        (State::Approved | State::Submitting | State::ProviderPending, _) => [
            requested(Mark::Done, asked()),
            processing(Mark::Current, text("customer-stage-sending")),
            refunded(Mark::Ahead, by_when(page, view)),
        ],
        (State::Completed, _) => [
            requested(Mark::Done, asked()),
            processing(Mark::Done, None),
            refunded(Mark::Finished, refund.completed_at.map(|at| lang.datetime(at))),
        ],
        (State::Failed, Some(Closure::Reversed)) => [
            requested(Mark::Done, asked()),
            processing(Mark::Done, None),
            refunded(Mark::Stopped, text("customer-stage-failed")),
        ],
        (State::Failed, _) => [
            requested(Mark::Done, asked()),
            processing(Mark::Stopped, text("customer-stage-failed")),
            refunded(Mark::Ahead, None),
        ],
        (State::Canceled, Some(Closure::Denied)) => {
            let [second, third] = ahead();
            [requested(Mark::Ended, text("customer-stage-denied")), second, third]
        }
        (State::Canceled, Some(Closure::Withdrawn)) => {
            let [second, third] = ahead();
            [requested(Mark::Ended, text("customer-stage-withdrawn")), second, third]
        }
        (State::Canceled, Some(Closure::Canceled | Closure::Guard | Closure::Reversed) | None) => [
            requested(Mark::Done, asked()),
            processing(Mark::Ended, text("customer-stage-canceled")),
            refunded(Mark::Ahead, None),
        ],
    };
    vec![first, second, third]
}

fn stage(page: &Page, mark: Mark, id: &str, icon: &'static str, detail: Option<String>) -> Stage {
    let icon = match mark {
        Mark::Done | Mark::Finished => "check",
        Mark::Stopped => "x",
        Mark::Ended => "ban",
        Mark::Current | Mark::Ahead => icon,
    };
    Stage { mark, icon, name: page.t(id), detail }
}

fn by_when(page: &Page, view: &RefundView) -> Option<String> {
    let expected = view.expected?;
    Some(match expected.basis {
        Basis::BusinessDays | Basis::Days => {
            page.t1("customer-stage-by", "date", page.lang().weekday_date(expected.to))
        }
        Basis::Hours => page.t("customer-stage-soon"),
    })
}

/// What to know now, and whether there is anything to do.
pub fn notices(page: &Page, followed: &Followed) -> Vec<Notice> {
    let view = &followed.story.view;
    let refund = &view.refund;
    let notice = |kind, id: &str| Notice { kind, text: page.t(id) };
    match (refund.state, refund.closure) {
        (State::Requested, _) if refund.qualifier == Some(Qualifier::NeedsInfo) => {
            vec![notice("warning", "customer-notice-needs-info")]
        }
        (State::Requested, _) if followed.bond.denied.is_some() => vec![notice("info", "customer-notice-look-again")],
        (State::Requested, _) => vec![notice("info", "customer-notice-review")],
        (State::Approved | State::Submitting | State::ProviderPending, _) => vec![on_its_way(page, view)],
        (State::Completed, _) => vec![arrived(page, view)],
        (State::Failed, Some(Closure::Reversed)) => vec![notice("failure", "customer-notice-reversed")],
        (State::Failed, _) => vec![notice("failure", "customer-notice-failed")],
        (State::Canceled, Some(Closure::Denied)) => vec![denial(page, followed)],
        (State::Canceled, Some(Closure::Withdrawn)) => vec![notice("info", "customer-notice-withdrawn")],
        (State::Canceled, Some(Closure::Guard)) => {
            vec![Notice { kind: "warning", text: [why(page, refund), page.t("customer-notice-canceled")].join(" ") }]
        }
        (State::Canceled, Some(Closure::Canceled | Closure::Reversed) | None) => {
            vec![notice("warning", "customer-notice-canceled")]
        }
    }
}

fn on_its_way(page: &Page, view: &RefundView) -> Notice {
    let notice = |kind, id: &str| Notice { kind, text: page.t(id) };
    match view.refund.qualifier {
        Some(Qualifier::Deferred) => notice("warning", "customer-notice-deferred"),
        Some(Qualifier::Unknown) => notice("info", "customer-notice-unknown"),
        Some(Qualifier::Overdue | Qualifier::Held | Qualifier::DeadLettered | Qualifier::NeedsCustomer) => {
            notice("warning", "customer-notice-overdue")
        }
        Some(
            Qualifier::AwaitingFirst
            | Qualifier::AwaitingSecond
            | Qualifier::NeedsInfo
            | Qualifier::Decided
            | Qualifier::Retryable
            | Qualifier::Final
            | Qualifier::Denied
            | Qualifier::Withdrawn
            | Qualifier::Canceled
            | Qualifier::Guard
            | Qualifier::Reversed,
        )
        | None => expected(page, view).unwrap_or_else(|| notice("info", "customer-notice-unknown")),
    }
}

fn expected(page: &Page, view: &RefundView) -> Option<Notice> {
    let date = page.lang().date(view.expected?.to);
    let text = match &view.refund.provider_reference {
        Some(reference) => page.t2("customer-notice-expected-reference", "date", date, "reference", reference.as_str()),
        None => page.t1("customer-notice-expected", "date", date),
    };
    Some(Notice { kind: "info", text })
}

fn arrived(page: &Page, view: &RefundView) -> Notice {
    let text = match view.expected {
        Some(expected) => page.t1("customer-notice-completed", "date", page.lang().date(expected.to)),
        None => page.t("customer-notice-completed-plain"),
    };
    Notice { kind: "success", text }
}

/// Why it was denied, and what can be done.
fn denial(page: &Page, followed: &Followed) -> Notice {
    let next = if followed.bond.denied.is_some() {
        "customer-notice-denied-final"
    } else if followed.bond.appeal.is_some() {
        "customer-notice-denied-appealed"
    } else if followed.look_again_until.is_some() {
        "customer-notice-denied-appeal"
    } else {
        "customer-notice-denied-question"
    };
    Notice { kind: "warning", text: [why(page, &followed.story.view.refund), page.t(next)].join(" ") }
}

/// Why it was stopped: the sentence that policy or person chose for the customer, never what they wrote to each other.
fn why(page: &Page, refund: &Refund) -> String {
    denial_id(refund).map(|id| page.t(id)).unwrap_or_default()
}
