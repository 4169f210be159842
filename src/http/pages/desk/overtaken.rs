//! A verdict that comes too late: the request changed since it was read, money left the payment, or a colleague took the
//! case over. Nothing is done, and nothing that was written is lost.

use actix_web::HttpResponse;

use super::decide::{Say, Typed, page_of, told};
use super::refund::Claim;
use crate::domain::money::Money;
use crate::domain::refund::State;
use crate::http::pages::faults::Faults;
use crate::http::pages::visit::Visit;
use crate::http::problem;
use crate::services::decide_refund::HELD_BY;
use crate::services::read_case::read_case;
use crate::services::refusal::{Code, Refusal};
use crate::services::{Context, claims};

/// Whether a colleague works on it now.
pub(super) async fn is_anothers(visit: &Visit, context: &Context) -> Result<bool, Refusal> {
    let case = read_case(&visit.desk, context, &visit.refund_id()?).await?;
    Ok(Claim::of(&visit.page, context, &case).theirs.is_some())
}

/// Whether it was refused because something is other than the reader saw.
pub(super) fn moved_on(refusal: &Refusal) -> bool {
    matches!(refusal.code, Code::Version | Code::Remaining | Code::State)
}

/// What to do where something is other than the reader saw: the same page as things stand now, with what was written,
/// while the verdict can still be given; else the case, with what was written.
pub(super) async fn overtaken(
    visit: &Visit,
    say: Say,
    typed: Typed,
    refusal: &Refusal,
    seen_minor: Option<i64>,
) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let is_decided = case.review.as_ref().is_some_and(|review| review.decided.is_some());
    if case.story.view.refund.state != State::Requested || is_decided {
        return told(visit, Err(refusal.clone()), "", typed).await;
    }
    let left_minor = case.payment.usage.remaining_refundable_minor();
    let money = |minor| Money::new(minor, case.payment.currency);
    let page = &visit.page;
    let trouble = match (refusal.code, seen_minor) {
        (Code::Remaining, Some(seen)) if seen > left_minor => {
            page.t2("desk-decide-less-left", "taken", money(seen.saturating_sub(left_minor)), "left", money(left_minor))
        }
        (Code::Remaining, _) => page.t1("desk-decide-other-left", "left", money(left_minor)),
        (Code::State, _) if refusal.facts.contains_key(HELD_BY) => page.t("desk-decide-taken-over"),
        _ => page.t("desk-decide-changed"),
    };
    page_of(visit, say, None, typed, Faults::none(), Some((problem::status(refusal), trouble))).await
}

/// Takes the case over and goes on where the reader was, with what was written.
pub(super) async fn take_over(visit: &Visit, say: Say, typed: Typed) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    if typed.reason.is_empty() {
        let mut faults = Faults::none();
        faults.add("reason", visit.page.t("desk-take-over-needed"));
        return page_of(visit, say, None, typed, faults, None).await;
    }
    claims::claim(&visit.desk, &context, &visit.refund_id()?, Some(&typed.reason)).await?;
    page_of(visit, say, None, typed, Faults::none(), None).await
}
