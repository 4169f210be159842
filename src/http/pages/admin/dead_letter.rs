//! One dead letter: what happened, another try, or giving it up. Where money may have moved, giving up takes two people: one
//! says that it did not, another confirms.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use jiff::Timestamp;

use super::dlq::{HERE, error_words, moment, what};
use crate::domain::access::Permission;
use crate::domain::id::OutboxId;
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Amount, Fact, Moment, Tag, Value};
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, shown, to, written};
use crate::http::pages::who::who;
use crate::services::Context;
use crate::services::give_up::{self, GivenUp, REASON_LENGTH_MAX, REASON_LENGTH_MIN};
use crate::services::outbox_admin;
use crate::services::read_outbox::{self, DeadLetter};
use crate::services::refusal::{Code, Refusal};
use crate::services::who::Names;

/// The page.
#[derive(Template)]
#[template(path = "admin/dead-letter.html")]
pub struct DeadLetterPage {
    /// The frame.
    pub page: Page,
    /// What is wrong with the form.
    pub faults: Faults,
    /// Its id.
    pub id: String,
    /// What kind of work, and at which account.
    pub what: String,
    /// What went wrong.
    pub error: String,
    /// The facts.
    pub facts: Vec<Fact>,
    /// The refund that it is about: id, amount, and where it stands.
    pub refund: Option<(String, Amount, Tag)>,
    /// Whether giving it up takes two people.
    pub takes_two: bool,
    /// Whether asking again could pay twice.
    pub is_held: bool,
    /// The proposal to give it up.
    pub proposal: Option<Proposal>,
    /// The reason that was typed.
    pub reason: String,
    /// Whether this person may do anything about it.
    pub may_change: bool,
}

/// A proposal to give something up.
pub struct Proposal {
    /// Whose, and when.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The moment as the form sends it back, in microseconds.
    pub seen: i64,
    /// Why they are sure.
    pub reason: String,
    /// Whether it is the reader's own.
    pub is_own: bool,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let (letter, names) = read_outbox::dead_letter(&visit.desk, &context, &id(&visit)?).await?;
    let screen = DeadLetterPage::of(&visit.page, &context, letter, &names, Faults::none(), String::new());
    shown(&screen, &visit.page)
}

/// Tries it again, under the same key.
pub async fn retry(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let done = outbox_admin::requeue(&visit.desk, &visit.staff()?, &id(&visit)?).await;
    let done = done
        .map(|_| ())
        .map_err(|refusal| if refusal.code == Code::Body { Refusal::new(Code::PathNotFound) } else { refusal });
    told(&visit, done, HERE, "outbox-retried").await
}

/// Gives it up, or proposes that.
pub async fn give_up(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let (id, reason) = (id(&visit)?, written_by(form.trimmed("reason")));
    let length = reason.chars().count();
    if !(REASON_LENGTH_MIN..=REASON_LENGTH_MAX).contains(&length) {
        let page = visit.page.clone().with_faults();
        let mut faults = Faults::none();
        let (least, most) = (REASON_LENGTH_MIN, REASON_LENGTH_MAX);
        faults.add("reason", page.t2("outbox-reason-length", "least", least, "most", most));
        let (letter, names) = read_outbox::dead_letter(&visit.desk, &context, &id).await?;
        let screen = DeadLetterPage::of(&page, &context, letter, &names, faults, reason);
        return written(StatusCode::UNPROCESSABLE_ENTITY, &screen, &page);
    }
    match give_up::give_up(&visit.desk, &context, &id, &reason).await {
        Ok(GivenUp::Done) => told(&visit, Ok(()), HERE, "outbox-given-up").await,
        Ok(GivenUp::Proposed) => told(&visit, Ok(()), &address(&id), "outbox-proposed").await,
        Err(refusal) => told(&visit, Err(refusal), HERE, "").await,
    }
}

/// Confirms that the money did not move.
pub async fn confirm(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let seen = form.get("seen").parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let seen = seen.ok_or_else(|| Refusal::new(Code::Body))?;
    let done = give_up::confirm(&visit.desk, &visit.staff()?, &id(&visit)?, seen).await;
    told(&visit, done, HERE, "outbox-given-up-both").await
}

/// Takes the proposal back.
pub async fn keep(visit: Visit, _form: Posted) -> Result<HttpResponse, Refusal> {
    let id = id(&visit)?;
    let done = give_up::withdraw(&visit.desk, &visit.staff()?, &id).await;
    told(&visit, done, &address(&id), "outbox-kept").await
}

/// The row that the path names; what cannot be one does not exist.
fn id(visit: &Visit) -> Result<String, Refusal> {
    let id = OutboxId::parse(&visit.path("outbox_id")).map_err(|_| Refusal::new(Code::PathNotFound))?;
    Ok(id.into())
}

fn address(id: &str) -> String {
    format!("{HERE}/{id}")
}

/// What people wrote, without signs that cannot be seen, which not every database takes.
fn written_by(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

/// Leads on with what was done, or with the word that somebody was faster.
async fn told(visit: &Visit, done: Result<(), Refusal>, next: &str, said: &str) -> Result<HttpResponse, Refusal> {
    match done {
        Ok(()) => {
            visit.leave("success", &visit.page.t(said))?;
            Ok(to(next))
        }
        Err(refusal) if refusal.code == Code::State && refusal.facts.contains_key("qualifier") => {
            visit.leave("warning", &visit.page.t("outbox-held"))?;
            Ok(to(&address(&id(visit)?)))
        }
        Err(refusal) if refusal.code == Code::State => {
            visit.leave("warning", &visit.page.t("outbox-overtaken"))?;
            Ok(to(HERE))
        }
        Err(refusal) => Err(refusal),
    }
}

impl DeadLetterPage {
    /// The page.
    pub fn of(
        page: &Page,
        context: &Context,
        letter: DeadLetter,
        names: &Names,
        faults: Faults,
        reason: String,
    ) -> Self {
        let lang = page.lang();
        let row = &letter.row;
        let at = |name: &str, micros: i64| Fact::new(&lang, name, Value::Moment(moment(page, micros)));
        let to_refund = |id: String| Value::Link(format!("/desk/refunds/{id}"), id);
        let refund_id = letter.refund.as_ref().map(|refund| refund.refund_id.to_string());
        let mut facts: Vec<Fact> =
            refund_id.map(|id| Fact::new(&lang, "desk-fact-refund", to_refund(id))).into_iter().collect();
        facts.extend([
            Fact::new(&lang, "outbox-fact-id", Value::Id(row.outbox_id.clone())),
            Fact::words(&lang, "outbox-fact-tries", lang.number(row.attempts)),
            at("outbox-fact-written", row.created_at),
        ]);
        facts.extend(row.finished_at.map(|micros| at("outbox-fact-stopped", micros)));
        let proposal = letter.proposal.as_ref().map(|proposal| Proposal {
            by: who(page, names, &proposal.proposed_by.to_string()),
            at: Moment::of(&lang, proposal.proposed_at),
            seen: proposal.proposed_at.as_microsecond(),
            reason: proposal.reason.clone(),
            is_own: proposal.proposed_by == context.actor.principal,
        });
        let refund = letter.refund.as_ref().map(|refund| {
            let tag = Tag::of(&lang, refund.state, refund.qualifier);
            (refund.refund_id.to_string(), Amount::of(&lang, refund.amount), tag)
        });
        Self {
            faults,
            id: row.outbox_id.clone(),
            what: what(page, &row.kind, row.account.as_deref()),
            error: error_words(page, row.last_error.as_deref()),
            facts,
            refund,
            takes_two: letter.takes_two,
            is_held: letter.is_held,
            proposal,
            reason,
            may_change: context.actor.may(Permission::Operate),
            page: page.clone(),
        }
    }
}
