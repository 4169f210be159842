//! What somebody approved and what the request is now, side by side, for whoever approves second: the differences outlined
//! and in words, what happened since, and which files the first person had opened. The verdicts lead on to the pages that
//! give them; each carries the version that was compared, so that nobody decides about what they have not seen.

use actix_web::HttpResponse;
use askama::Template;

use super::files::{self, Eyes, FileCard};
use super::refund::blocked;
use super::story::{self, who};
use crate::domain::access::Permission;
use crate::domain::comparison::{Difference, Terms, differences};
use crate::domain::evidence::Attention;
use crate::domain::money::Money;
use crate::domain::refund::State;
use crate::http::pages::frame::Page;
use crate::http::pages::parts::{Moment, Notice, StoryEvent, Tag, reason_words, term};
use crate::http::pages::visit::{Visit, shown};
use crate::l10n::Args;
use crate::services::Context;
use crate::services::read_case::{CaseView, read_case};
use crate::services::read_refunds::{ApprovalRow, EvidenceRow};
use crate::services::refusal::Refusal;

/// The page.
#[derive(Template)]
#[template(path = "desk/review.html")]
pub struct ReviewPage {
    /// The frame.
    pub page: Page,
    /// The refund.
    pub refund_id: String,
    /// Its version, which the verdicts carry.
    pub version: i64,
    /// How much it is now, in a sentence.
    pub amount_words: String,
    /// Where it stands.
    pub tag: Tag,
    /// All approvals that were given, oldest first.
    pub approvals: Vec<ApprovalItem>,
    /// The comparison; nothing where nobody has approved or the request no longer waits.
    pub comparison: Option<Comparison>,
    /// Whether this person can decide now.
    pub may_decide: bool,
    /// Why they may not, where they may not.
    pub blocked: Option<String>,
}

/// An approval to compare with.
pub struct ApprovalItem {
    /// The page that compares with it.
    pub href: String,
    /// Who gave it.
    pub name: String,
    /// When.
    pub at: Moment,
    /// Of how much, in words.
    pub amount: String,
    /// Whether it still counts.
    pub counts: bool,
    /// Whether it is the one that is compared.
    pub current: bool,
}

/// What was approved, and what it is now.
pub struct Comparison {
    /// Who approved.
    pub name: String,
    /// When.
    pub at: Moment,
    /// What they wrote with it.
    pub note: Option<String>,
    /// What is to be known first.
    pub notices: Vec<Notice>,
    /// What is not as it was, in words.
    pub changes: Vec<String>,
    /// Amount, reason and files, as they were and as they are.
    pub rows: Vec<CompareRow>,
    /// The files, with who has opened them.
    pub files: Vec<Watched>,
    /// What happened since, newest first.
    pub since: Vec<StoryEvent>,
}

/// One thing as it was and as it is.
pub struct CompareRow {
    /// What.
    pub name: String,
    /// As it was approved.
    pub was: String,
    /// As it is.
    pub is: String,
    /// Whether that is not the same.
    pub changed: bool,
}

/// A file, and who has opened it.
pub struct Watched {
    /// The file.
    pub card: FileCard,
    /// Whether it came after the approval.
    pub added: bool,
    /// What the first person had seen of it, and whether the reader has opened it: a word by which it is drawn, and the
    /// sentence. Of what nobody can open, that alone.
    pub seen: Vec<(&'static str, String)>,
}

/// Shows it.
pub async fn show(visit: Visit) -> Result<HttpResponse, Refusal> {
    let context = visit.staff()?;
    let case = read_case(&visit.desk, &context, &visit.refund_id()?).await?;
    let eyes = Eyes::of(&visit, &context);
    // An approval that does not exist is the first one.
    let nth = visit.query("approval").and_then(|text| text.parse::<usize>().ok()).and_then(|nth| nth.checked_sub(1));
    shown(&ReviewPage::of(&visit.page, &context, &case, eyes, nth.unwrap_or(0)), &visit.page)
}

impl ReviewPage {
    fn of(page: &Page, context: &Context, case: &CaseView, eyes: Eyes, wanted: usize) -> Self {
        let view = &case.story.view;
        let refund = &view.refund;
        let approvals = &view.approvals;
        let waits =
            refund.state == State::Requested && case.review.as_ref().is_none_or(|review| review.decided.is_none());
        let chosen = if wanted < approvals.len() { wanted } else { 0 };
        let compared = approvals.get(chosen).filter(|_| waits);
        let decides = context.actor.may(Permission::RefundDecide) && compared.is_some();
        let blocked = blocked(page, context, case).filter(|_| decides);
        let item = |(at, approval): (usize, &ApprovalRow)| ApprovalItem {
            href: format!("/desk/refunds/{}/review?approval={}", refund.refund_id, at + 1),
            name: who(page, case, &approval.principal),
            at: Moment::of(&page.lang(), approval.created_at),
            amount: page.lang().money(Money::new(approval.amount_minor, refund.amount.currency)),
            counts: !approval.voided,
            current: at == chosen,
        };
        Self {
            page: page.clone(),
            refund_id: refund.refund_id.to_string(),
            version: refund.version,
            amount_words: page.lang().money(refund.amount),
            tag: Tag::of(&page.lang(), refund.state, refund.qualifier),
            approvals: approvals.iter().enumerate().map(item).collect(),
            comparison: compared.map(|approval| Comparison::of(page, context, case, eyes, approval)),
            may_decide: decides && blocked.is_none(),
            blocked,
        }
    }
}

impl Comparison {
    fn of(page: &Page, context: &Context, case: &CaseView, eyes: Eyes, approval: &ApprovalRow) -> Self {
        let view = &case.story.view;
        let refund = &view.refund;
        let digests: Vec<String> = view.evidence.iter().map(|row| row.sha256.clone()).collect();
        let amount = Money::new(approval.amount_minor, refund.amount.currency);
        let was = Terms::recovered(&approval.digest, amount, &digests);
        let is = Terms { amount: refund.amount, reason: refund.reason, files: &digests };
        let changes = match &was {
            Some(was) => differences(was, &is).iter().map(|difference| told(page, difference)).collect(),
            None => vec![page.t("desk-review-unknown")],
        };
        let name = who(page, case, &approval.principal);
        let had = was.as_ref().map_or(0, |was| was.files.len());
        let watched = |(nth, (row, card)): (usize, (&EvidenceRow, FileCard))| {
            Watched::of(page, context, case, approval, (row, card), nth >= had, eyes)
        };
        let cards = files::cards(page, case, eyes);
        let notes = view.notes.iter().find(|note| {
            note.kind == "decision" && note.author == approval.principal && note.created_at == approval.created_at
        });
        Self {
            at: Moment::of(&page.lang(), approval.created_at),
            note: notes.map(|note| note.body.clone()),
            notices: notices(page, case, approval, &name, eyes),
            rows: rows(page, was.as_ref(), &is),
            files: view.evidence.iter().zip(cards).enumerate().map(watched).collect(),
            since: story::since(page, case, approval.created_at),
            changes,
            name,
        }
    }
}

impl Watched {
    fn of(
        page: &Page,
        context: &Context,
        case: &CaseView,
        approval: &ApprovalRow,
        (row, card): (&EvidenceRow, FileCard),
        added: bool,
        eyes: Eyes,
    ) -> Self {
        let attention = attention(case, approval, row);
        let kind = |is_seen: bool| if is_seen { "seen" } else { "unseen" };
        let name = who(page, case, &approval.principal);
        let theirs = page.t1(&term("desk-review-opened-", attention_word(attention)), "name", name);
        let mut seen = vec![(kind(attention == Attention::Before), theirs)];
        let me = context.actor.principal.to_string();
        let mine = case.opened_at(&row.evidence_id, &me).is_some();
        if !row.may_be_seen(eyes.has_scanner) && !mine {
            seen.retain(|(kind, _)| *kind == "seen");
            seen.push(("unseen", page.t("desk-review-closed")));
        } else if me != approval.principal {
            seen.push((kind(mine), page.t(if mine { "desk-review-you-opened" } else { "desk-review-you-never" })));
        }
        Self { card, added, seen }
    }
}

/// Name of the symbol of what was or was not opened.
pub fn eye(kind: &str) -> &'static str {
    if kind == "seen" { "eye" } else { "eye-off" }
}

fn attention(case: &CaseView, approval: &ApprovalRow, row: &EvidenceRow) -> Attention {
    let given_at = row.attached_at.unwrap_or(row.created_at);
    Attention::of(approval.created_at, given_at, case.opened_at(&row.evidence_id, &approval.principal))
}

fn attention_word(attention: Attention) -> &'static str {
    match attention {
        Attention::Before => "before",
        Attention::After => "after",
        Attention::Never => "never",
        Attention::CameLater => "later",
    }
}

fn told(page: &Page, difference: &Difference) -> String {
    match difference {
        Difference::Amount { was, is } => page.t2("desk-review-amount", "was", was, "is", is),
        Difference::Reason { was, is } => {
            let words = |reason| reason_words(&page.lang(), reason);
            page.t2("desk-review-reason", "was", words(*was), "is", words(*is))
        }
        Difference::Files { added } => page.t1("desk-review-files", "count", *added),
    }
}

/// Whether the approval still counts, and how much of the evidence the person had opened.
fn notices(page: &Page, case: &CaseView, approval: &ApprovalRow, name: &str, eyes: Eyes) -> Vec<Notice> {
    let mut notices = Vec::new();
    if approval.voided {
        notices.push(Notice { kind: "warning", text: page.t1("desk-review-void", "name", name) });
    }
    // What nobody can open, nobody has missed.
    let files = case.story.view.evidence.iter().filter(|row| row.may_be_seen(eyes.has_scanner));
    let files = files.map(|row| attention(case, approval, row));
    let given: Vec<Attention> = files.filter(|attention| *attention != Attention::CameLater).collect();
    let opened = given.iter().filter(|attention| **attention == Attention::Before).count();
    if opened < given.len() {
        let args = Args::new().with("name", name).with("opened", opened).with("count", given.len());
        notices.push(Notice { kind: "warning", text: page.lang().text("desk-review-missed", &args) });
    }
    notices
}

fn rows(page: &Page, was: Option<&Terms<'_>>, is: &Terms<'_>) -> Vec<CompareRow> {
    let lang = page.lang();
    let row = |id: &str, then: Option<String>, now: String| CompareRow {
        name: page.t(id),
        changed: then.as_ref() != Some(&now),
        was: then.unwrap_or_else(|| page.t("desk-review-not-known")),
        is: now,
    };
    let files = |terms: &Terms<'_>| page.t1("desk-review-file-count", "count", terms.files.len());
    vec![
        row("desk-list-amount", was.map(|was| lang.money(was.amount)), lang.money(is.amount)),
        row("desk-list-reason", was.map(|was| reason_words(&lang, was.reason)), reason_words(&lang, is.reason)),
        row("desk-evidence", was.map(files), files(is)),
    ]
}
