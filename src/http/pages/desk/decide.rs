//! What people do with a refund: approve, approve less, ask the customer, deny; undo, take back, try again.
//!
//! A verdict has a page of its own that tells what follows before it is given. Each form carries what was seen: the version
//! and what was left on the payment. Where either is other now, or a colleague has taken the case over, nothing happens and
//! the page shows how it stands, with what was written kept.

use std::fmt;
use std::str::FromStr;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::overtaken::{is_anothers, moved_on, overtaken, take_over};
use super::refund::{Attempted, Claim, Held, shown_with};
use crate::domain::ledger::{EntryKind, posting};
use crate::domain::message::Denial;
use crate::domain::money::Money;
use crate::domain::refund::{Refund, State, UnknownWord, words};
use crate::http::limits::Work;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Choice, term};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, form_word, to, written};
use crate::http::problem;
use crate::l10n::Args;
use crate::services::decide_refund::{DecideRefund, HELD_BY, Verdict};
use crate::services::messages::{MESSAGE_LENGTH_MAX, Write, write_to_customer};
use crate::services::move_refund::{Move, move_refund};
use crate::services::read_case::{CaseView, read_case};
use crate::services::refusal::{Code, Refusal};
use crate::services::request_refund::NOTE_LENGTH_MAX;
use crate::services::settle_decisions;

words! {
    /// What can be said of a request.
    Say {
        /// Yes.
        Approve = "approve",
        /// Yes, to a lower amount.
        Lower = "lower",
        /// The customer is asked something first.
        Ask = "ask",
        /// No.
        Deny = "deny",
    }
}

/// Refusals whose sentence is the same for people and for programs.
const SAID_AS_ON_THE_API: [Code; 5] =
    [Code::DualControl, Code::ExceedsRemaining, Code::NotCaptured, Code::ChargedBack, Code::SplitTender];

/// The page of one verdict.
#[derive(Template)]
#[template(path = "desk/decide.html")]
pub struct DecidePage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// Which verdict.
    pub say: Say,
    /// The refund.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// What is left on the payment, in minor units.
    pub remaining_minor: i64,
    /// What has changed since the reader saw it, in words.
    pub trouble: Option<String>,
    /// The colleague who works on it now; the verdict is theirs to give, unless it is taken over.
    pub theirs: Option<Held>,
    /// Why it is to be taken over.
    pub reason: String,
    /// How much is asked for, in a sentence.
    pub amount_words: String,
    /// The currency.
    pub currency: &'static str,
    /// What was typed as a lower amount.
    pub typed: String,
    /// The note for colleagues.
    pub note: String,
    /// The question for the customer.
    pub message: String,
    /// The sentences that the customer can be told with a denial.
    pub denials: Vec<Choice>,
    /// The word by which the form is known.
    pub form: String,
    /// What follows, step by step.
    pub consequences: Vec<String>,
    /// For how many seconds it can be undone.
    pub undo_s: i64,
}

/// What was typed.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) amount: String,
    pub(super) note: String,
    pub(super) message: String,
    pub(super) reason: String,
    pub(super) told: Option<Denial>,
}

/// The word of the button that takes a case over.
const TAKE_OVER: &str = "take_over";

/// Shows what a verdict would do.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let say = visit.query("v").and_then(|word| word.parse().ok()).unwrap_or(Say::Approve);
    let seen = visit.query("seen").and_then(|text| text.parse().ok());
    page_of(&visit, say, seen, Typed::default(), Faults::none(), None).await
}

/// Carries it out.
pub async fn decide(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let say: Say = form.get("decision").parse().map_err(|_| Refusal::new(Code::Body))?;
    let typed = Typed {
        amount: form.trimmed("amount").to_owned(),
        note: form.trimmed("note").to_owned(),
        message: form.trimmed("message").to_owned(),
        told: form.get("told").parse().ok(),
        reason: form.trimmed("reason").chars().take(NOTE_LENGTH_MAX).collect(),
    };
    let refund_id = visit.refund_id()?;
    if form.get("do") == TAKE_OVER {
        return take_over(&visit, say, typed).await;
    }
    let mut faults = faults(&visit.page, say, &typed);
    let mut amount_minor = None;
    if say == Say::Lower {
        let case = read_case(&visit.desk, &context, &refund_id).await?;
        match lower(&visit.page, &case.story.view.refund, &typed.amount) {
            Ok(minor) => amount_minor = Some(minor),
            Err(fault) => faults.add("amount", fault),
        }
    }
    if !faults.is_empty() {
        return page_of(&visit, say, version(&form), typed, faults, None).await;
    }
    let note = Some(typed.note.clone()).filter(|note| !note.is_empty());
    let expected_version = version(&form);
    let seen_minor: Option<i64> = form.get("seen_remaining_minor").parse().ok();
    let command = |verdict| DecideRefund {
        refund_id: refund_id.clone(),
        expected_remaining_minor: seen_minor.filter(|_| matches!(verdict, Verdict::Approve { .. })),
        verdict,
        note,
        expected_version,
        heeds_claims: true,
        undo_window_s: visit.desk.undo_window_s,
    };
    let (outcome, done) = match say {
        Say::Approve | Say::Lower => {
            let asked = Move::Decide(command(Verdict::Approve { amount_minor }));
            (move_refund(&visit.desk, &context, asked).await, "desk-refund-approved")
        }
        Say::Deny => (
            move_refund(&visit.desk, &context, Move::Decide(command(Verdict::Deny { told: typed.told }))).await,
            "desk-refund-denied",
        ),
        Say::Ask if is_anothers(&visit, &context).await? => {
            (Err(Refusal::new(Code::State).with(HELD_BY, true)), "desk-refund-asked")
        }
        Say::Ask => {
            let form = form_word(&form);
            let write = Write { refund_id, body: typed.message.clone(), asks: true, expected_version, form };
            (write_to_customer(&visit.desk, &context, write).await, "desk-refund-asked")
        }
    };
    match outcome {
        Err(refusal) if moved_on(&refusal) => overtaken(&visit, say, typed, &refusal, seen_minor).await,
        outcome => told(&visit, outcome, done, typed).await,
    }
}

/// Takes one's own approval back while that is possible.
pub async fn undo(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let outcome = settle_decisions::undo_decision(&visit.desk, &context, &visit.refund_id()?).await;
    told(&visit, outcome, "desk-refund-undone", Typed::default()).await
}

/// Takes an approved refund back before it is sent.
pub async fn cancel(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let outcome = move_refund(&visit.desk, &context, Move::Cancel(visit.refund_id()?, version(&form))).await;
    told(&visit, outcome, "desk-refund-canceled", Typed::default()).await
}

/// Starts another attempt of a failed one.
pub async fn retry(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    visit.count(Work::Decide)?;
    let outcome = move_refund(&visit.desk, &context, Move::Retry(visit.refund_id()?, version(&form))).await;
    told(&visit, outcome, "desk-refund-retried", Typed::default()).await
}

fn version(form: &Posted) -> Option<i64> {
    form.get("version").parse().ok()
}

fn faults(page: &Page, say: Say, typed: &Typed) -> Faults {
    let mut faults = Faults::none();
    if matches!(say, Say::Deny | Say::Lower) && typed.note.is_empty() {
        faults.add("note", page.t("desk-refund-note-needed"));
    }
    if typed.note.chars().count() > NOTE_LENGTH_MAX {
        faults.add("note", page.t1("desk-refund-note-long", "most", NOTE_LENGTH_MAX));
    }
    if say == Say::Ask && typed.message.is_empty() {
        faults.add("message", page.t("desk-message-needed"));
    }
    if typed.message.chars().count() > MESSAGE_LENGTH_MAX {
        faults.add("message", page.t1("desk-refund-note-long", "most", MESSAGE_LENGTH_MAX));
    }
    faults
}

/// The lower amount that was typed, or what is wrong with it.
fn lower(page: &Page, refund: &Refund, typed: &str) -> Result<i64, String> {
    let lang = page.lang();
    let currency = refund.amount.currency;
    let parsed = lang.parse_amount(typed, currency).map_err(|error| {
        let args = Args::new().with("example", lang.amount(refund.amount)).with("currency", currency);
        lang.text(error.message_id(), &args.with("decimals", currency.exponent()))
    })?;
    if (1..refund.amount.minor).contains(&parsed.minor) {
        Ok(parsed.minor)
    } else {
        Err(page.t1("desk-lower-range", "most", refund.amount))
    }
}

/// `seen` is the version that the reader decides about: what was compared or shown before, not what came meanwhile.
pub(super) async fn page_of(
    visit: &Visit,
    say: Say,
    seen: Option<i64>,
    typed: Typed,
    faults: Faults,
    trouble: Option<(StatusCode, String)>,
) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let refund = &case.story.view.refund;
    if refund.state != State::Requested {
        return Ok(to(&format!("/desk/refunds/{}", refund.refund_id)));
    }
    let (page, status) = match &trouble {
        _ if !faults.is_empty() => (visit.page.clone().with_faults(), StatusCode::UNPROCESSABLE_ENTITY),
        Some((status, _)) => (visit.page.clone(), *status),
        None => (visit.page.clone(), StatusCode::OK),
    };
    let screen = DecidePage {
        say,
        id: refund.refund_id.to_string(),
        version: seen.unwrap_or(refund.version),
        remaining_minor: case.payment.usage.remaining_refundable_minor(),
        trouble: trouble.map(|(_, words)| words),
        theirs: Claim::of(&page, &context, &case).theirs,
        reason: typed.reason,
        amount_words: page.lang().money(refund.amount),
        currency: refund.amount.currency.code(),
        typed: typed.amount,
        note: typed.note,
        message: typed.message,
        denials: denials(&page, refund, typed.told),
        form: visit.edge.ids.mint().to_string(),
        consequences: consequences(&page, &case, say),
        undo_s: if matches!(say, Say::Approve | Say::Lower) { visit.desk.undo_window_s } else { 0 },
        page: page.clone(),
        faults,
    };
    written(status, &screen, &page)
}

/// What the customer can be told: first what goes by the reason of their request, then what is said of any.
fn denials(page: &Page, refund: &Refund, told: Option<Denial>) -> Vec<Choice> {
    let by_reason = page.t(term("customer-denied-", refund.reason.as_str()));
    let of = |denial: &Denial| Choice::new(denial, page.t(denial.message_id()), told == Some(*denial));
    let first = Choice::new("", by_reason, told.is_none());
    std::iter::once(first).chain(Denial::ALL.iter().map(of)).collect()
}

/// What follows from a verdict: entries, letters, who must agree next.
fn consequences(page: &Page, case: &CaseView, say: Say) -> Vec<String> {
    let view = &case.story.view;
    let refund = &view.refund;
    let to = case.customer.as_ref().map(|customer| customer.name.clone()).unwrap_or_default();
    match say {
        Say::Ask => vec![page.t1("desk-follows-question", "name", to), page.t("desk-follows-waits")],
        Say::Deny => vec![page.t1("desk-follows-denied", "name", to), page.t("desk-follows-nothing-sent")],
        Say::Approve | Say::Lower => {
            let given = view.approvals.iter().any(|approval| !approval.voided);
            let needs_two = case.needs_two_approvals();
            let first = needs_two && (!given || say == Say::Lower);
            let mut lines = Vec::new();
            if say == Say::Lower && given {
                lines.push(page.t("desk-follows-void"));
            }
            if first {
                lines.push(page.t("desk-follows-first"));
                return lines;
            }
            let amount: Money = refund.amount;
            lines.extend(
                posting(EntryKind::RefundPending, amount, &refund.provider_account)
                    .map(|posting| page.t2("desk-follows-entry", "debit", posting.debit, "credit", posting.credit)),
            );
            lines.push(page.t1("desk-follows-sent", "account", refund.provider_account.as_str()));
            lines.push(page.t1("desk-follows-approved", "name", to));
            lines
        }
    }
}

pub(super) async fn told(
    visit: &Visit,
    outcome: Result<Refund, Refusal>,
    done: &str,
    typed: Typed,
) -> Result<HttpResponse, Refusal> {
    let refusal = match outcome {
        Ok(refund) => {
            visit.leave("success", &visit.page.t1(done, "amount", refund.amount))?;
            return Ok(to(&format!("/desk/refunds/{}", refund.refund_id)));
        }
        Err(refusal) => refusal,
    };
    let is_one_of = |codes: &[Code]| codes.contains(&refusal.code);
    let trouble = if is_one_of(&[Code::State, Code::Version]) {
        visit.page.t("desk-refund-overtaken")
    } else if refusal.code == Code::Limit {
        visit.page.t("desk-refund-limit")
    } else if is_one_of(&SAID_AS_ON_THE_API) {
        visit.page.t(problem::shape(refusal.code).message_id)
    } else {
        return Err(refusal);
    };
    let attempted =
        Attempted { faults: Faults::none(), note: typed.note, message: typed.message, trouble: Some(trouble) };
    shown_with(visit, problem::status(&refusal), attempted).await
}

impl Say {
    /// What is said of the note: whether it is needed.
    pub fn note_hint(self) -> &'static str {
        match self {
            Say::Approve | Say::Ask => "desk-decide-note-free",
            Say::Lower | Say::Deny => "desk-decide-note-needed",
        }
    }

    /// What its button says.
    pub fn confirm(self, page: &Page, amount: &str) -> String {
        page.t1(&term("desk-confirm-", self.as_str()), "amount", amount)
    }

    /// The name of the verdict in the page's words.
    pub fn name(self, page: &Page) -> String {
        page.t(term("desk-say-", self.as_str()))
    }
}
