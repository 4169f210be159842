//! The third question: how much?

use actix_web::HttpResponse;
use askama::Template;

use super::draft::{self, AmountChoice, Opened, Writing};
use super::step::{Step, StepName};
use crate::http::pages::faults::Faults;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::Amount;
use crate::http::pages::posted::Posted;
use crate::http::pages::visit::{Visit, refused, shown};
use crate::l10n::Args;
use crate::services::refusal::Refusal;

/// Characters of a typed amount that are kept; no amount is longer.
const TYPED_LENGTH_MAX: usize = 64;

/// The page.
#[derive(Template)]
#[template(path = "customer/amount.html")]
pub struct AmountPage {
    /// The frame.
    pub page: Page,
    /// Where one is.
    pub step: Step,
    /// What is wrong.
    pub faults: Faults,
    /// What "all of it" is called here.
    pub all_name: String,
    /// The most that can be asked for.
    pub most: Amount,
    /// The same in a sentence.
    pub most_words: String,
    /// Whether a part is asked for.
    pub part: bool,
    /// What was typed.
    pub typed: String,
    /// Whether to offer the most in one press.
    pub offer_most: bool,
    /// What was left when this page was made.
    pub seen_remaining_minor: i64,
}

/// Asks.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    if let Some(answer) = writing.unanswered_before(StepName::Amount) {
        return Ok(answer);
    }
    shown(&screen(&visit.page, &writing, Faults::none(), false), &visit.page)
}

/// Takes the answer.
pub async fn answer(visit: Visit, form: Posted) -> Result<HttpResponse, Refusal> {
    let mut writing = match draft::open(&visit).await? {
        Opened::Here(writing) => writing,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    // The last `share` is the button's, which uses the most whatever the radio buttons say.
    let part = form.all("share").last() == Some("part");
    let seen = form.get("seen_remaining_minor").parse::<i64>().ok();
    writing.draft.typed = form.trimmed("amount").chars().take(TYPED_LENGTH_MAX).collect();
    let mut faults = Faults::none();
    let most = writing.most_minor();
    if seen.is_some_and(|seen| seen != writing.remaining_minor()) {
        faults.add("amount", with_most(&visit.page, &writing, "customer-amount-moved"));
    } else if part {
        match visit.page.lang().parse_amount(&writing.draft.typed, writing.money(0).currency) {
            Err(error) => faults.add("amount", not_an_amount(&visit.page, &writing, error.message_id())),
            Ok(money) if money.minor == 0 => faults.add("amount", visit.page.t("field-amount-negative")),
            Ok(money) if money.minor > most => {
                let too_much = with_most(&visit.page, &writing, "customer-amount-too-much");
                faults.add("amount", [visit.page.t("refund-exceeds-remaining"), too_much].join(" "));
            }
            Ok(money) => writing.draft.share = Some(AmountChoice::Part(money.minor)),
        }
    } else {
        writing.draft.share = Some(AmountChoice::All);
    }
    if !faults.is_empty() {
        let page = visit.page.clone().with_faults();
        return refused(&screen(&page, &writing, faults, true), &page);
    }
    writing.keep(&visit).await?;
    Ok(writing.after(StepName::Amount))
}

fn screen(page: &Page, writing: &Writing, faults: Faults, was_part: bool) -> AmountPage {
    let most = writing.money(writing.most_minor());
    let all_name = if writing.draft.lines.is_empty() || writing.is_everything() {
        "customer-amount-all-left"
    } else {
        "customer-amount-all-items"
    };
    AmountPage {
        step: writing.step(StepName::Amount),
        all_name: page.t(all_name),
        most: Amount::of(&page.lang(), most),
        most_words: page.lang().money(most),
        part: was_part || matches!(writing.draft.share, Some(AmountChoice::Part(_))),
        typed: writing.draft.typed.clone(),
        offer_most: faults.has("amount"),
        seen_remaining_minor: writing.remaining_minor(),
        page: page.clone(),
        faults,
    }
}

fn with_most(page: &Page, writing: &Writing, id: &str) -> String {
    page.t1(id, "most", writing.money(writing.most_minor()))
}

/// What is wrong with a typed amount, in the words of the amount fields of the whole desk.
fn not_an_amount(page: &Page, writing: &Writing, id: &'static str) -> String {
    let most = writing.money(writing.most_minor());
    let currency = most.currency;
    let lang = page.lang();
    let args = Args::new().with("example", lang.amount(most)).with("currency", currency);
    lang.text(id, &args.with("decimals", currency.exponent()))
}
