//! The demo's sample life, made by the same use cases as real life: nothing is written past them.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::super::{Failure, open, token, user};
use super::pictures;
use crate::app::App;
use crate::domain::access::{Actor, Principal, Role, Scope};
use crate::domain::evidence::View;
use crate::domain::flag::{FlagName, is_in_share};
use crate::domain::id::{EvidenceId, RefundId, UserId};
use crate::domain::order::{Customer, Line, Order, Payment, PaymentStatus, Rail};
use crate::domain::refund::Reason;
use crate::services::attach_evidence;
use crate::services::change_flag::change_flag;
use crate::services::decide_refund::{DecideRefund, Verdict};
use crate::services::links::shop_link;
use crate::services::messages::{Write, write_to_customer};
use crate::services::move_refund::{Move, move_refund};
use crate::services::people::{NewUser, add_user};
use crate::services::push_order::push_order;
use crate::services::read_evidence::view;
use crate::services::request_refund::{Asked, RequestRefund, request_refund};
use crate::services::tokens::{NewToken, create_token};
use crate::services::{Context, Refusal};

/// The share of orders that refunds are on for at the end: one order lies outside, so that its refund stays approved.
const SHARE_PCT: u8 = 97;

/// What the terminal tells.
pub(super) struct Life {
    pub(super) url: String,
    pub(super) people: Vec<Person>,
    pub(super) doors: Vec<Door>,
    pub(super) token: String,
}

/// Somebody to sign in as.
pub(super) struct Person {
    pub(super) role: Role,
    pub(super) email: String,
    pub(super) password: String,
    user_id: UserId,
}

/// An order that can be opened without an account.
pub(super) struct Door {
    pub(super) order_id: String,
    pub(super) email: String,
    pub(super) url: String,
}

/// A purchase: order, who, what, how much in minor units, how its processor behaves, how long ago it was paid.
struct Purchase<'a> {
    order_id: &'a str,
    customer: (&'a str, &'a str, &'a str),
    item: &'a str,
    amount_minor: i64,
    mode: &'a str,
    account: &'a str,
    days_ago: i64,
}

const ADA: (&str, &str, &str) = ("ada@example.com", "Ada Moreau", "en");
const OMAR: (&str, &str, &str) = ("omar@example.com", "عمر الحسن", "ar");
const LENA: (&str, &str, &str) = ("lena@example.com", "Lena Vogel", "en");
const MEI: (&str, &str, &str) = ("mei@example.com", "Mei Tan", "en");

const fn bought<'a>(
    order_id: &'a str,
    customer: (&'a str, &'a str, &'a str),
    item: &'a str,
    amount_minor: i64,
    mode: &'a str,
) -> Purchase<'a> {
    Purchase { order_id, customer, item, amount_minor, mode, account: "simulator", days_ago: 6 }
}

const PURCHASES: &[Purchase<'static>] = &[
    bought("1042", ADA, "Blue lamp", 10_000, "slow"),
    bought("1043", OMAR, "مصباح أزرق", 10_000, "slow"),
    bought("1044", ADA, "Pencil", 1_000, "succeeded"),
    bought("1045", LENA, "Grand piano", 999_900, "succeeded"),
    bought("1046", LENA, "Teapot", 4_500, "succeeded"),
    bought("1047", LENA, "Desk", 42_000, "pending_then_succeeded"),
    bought("1048", MEI, "Bicycle bell", 2_900, "failed"),
    bought("1049", MEI, "Kite", 3_200, "late_reversal"),
    bought("1050", MEI, "Raincoat", 12_000, "succeeded"),
    bought("1051", OMAR, "إبريق شاي", 6_400, "succeeded"),
    bought("1052", OMAR, "كرسي", 18_000, "succeeded"),
    Purchase { account: "simulator-down", ..bought("1053", ADA, "Radio", 8_000, "succeeded") },
    Purchase { days_ago: 200, ..bought("1054", ADA, "Umbrella", 5_000, "succeeded") },
];

/// Fills an empty desk, before its workers run.
pub(super) async fn begin(app: &Arc<App>) -> Result<Life, Failure> {
    let shell = app.context(Principal::Shell);
    let mut people = Vec::new();
    for &role in Role::ALL {
        people.push(add_person(app, &shell, role).await?);
    }
    let token = make_token(app, &shell).await?;
    for purchase in PURCHASES {
        push(app, purchase).await?;
    }
    let outside = outside_of_share();
    push(app, &Purchase { order_id: &outside, ..bought("", LENA, "Bookshelf", 15_000, "succeeded") }).await?;
    ask_for_refunds(app, &people, &outside).await?;
    let told = |refusal: Refusal| open::refused(app, &refusal);
    change_flag(&app.desk, &shell, FlagName::Refunds, SHARE_PCT).await.map_err(told)?;
    let mut doors = Vec::new();
    for purchase in PURCHASES.iter().take(2) {
        let link = shop_link(&app.desk, &shell, purchase.order_id, &token::text()?).await.map_err(told)?;
        doors.push(Door {
            order_id: purchase.order_id.to_owned(),
            email: purchase.customer.0.to_owned(),
            url: link.url,
        });
    }
    Ok(Life { url: app.public_url().to_owned(), people, doors, token })
}

/// Requests that end, or stand, in every state once the workers have run.
async fn ask_for_refunds(app: &Arc<App>, people: &[Person], outside: &str) -> Result<(), Failure> {
    let told = |refusal: Refusal| open::refused(app, &refusal);
    ask(app, "1044", None, Reason::Quality).await?;
    ask(app, "1046", Some(1_500), Reason::NotReceived).await?;
    ask(app, "1047", None, Reason::NotReceived).await?;
    ask(app, "1048", None, Reason::Quality).await?;
    ask(app, "1049", None, Reason::Quality).await?;
    ask(app, "1051", Some(2_000), Reason::Goodwill).await?;
    let chair = ask(app, "1052", None, Reason::Other).await?;
    let agent = people.iter().find(|person| person.role == Role::Agent);
    if let (Some(refund_id), Some(agent)) = (chair, agent) {
        // Its customer reads Arabic.
        let body = "هل يمكنك أن ترسل إلينا صورة توضّح المشكلة؟".to_owned();
        let question = Write { refund_id, body, asks: true, expected_version: None, form: None };
        write_to_customer(&app.desk, &as_person(app, agent), question).await.map_err(told)?;
    }
    ask(app, "1053", None, Reason::Quality).await?;
    ask(app, "1054", None, Reason::Quality).await?;
    ask(app, outside, None, Reason::PricingError).await?;
    let note = "Three keys stick, and the lid is cracked.";
    let evidence = send_evidence(app).await?;
    let large = ask_with(app, "1045", Some(500_000), Reason::Quality, note, evidence).await?;
    let first = people.iter().find(|person| person.role == Role::Senior);
    if let (Some(refund_id), Some(senior)) = (large, first) {
        let context = as_person(app, senior);
        // Of two files they open one: whoever approves second is told.
        view(&app.desk, &context, &refund_id, 1, View::default()).await.map_err(told)?;
        let note = Some("The photo shows the crack. Looks right to me.".to_owned());
        let verdict = Verdict::Approve { amount_minor: None };
        let command = DecideRefund {
            refund_id,
            verdict,
            note,
            expected_version: None,
            expected_remaining_minor: None,
            heeds_claims: false,
            undo_window_s: 0,
        };
        move_refund(&app.desk, &context, Move::Decide(command)).await.map_err(told)?;
    }
    if let Some(refund_id) = ask(app, "1050", None, Reason::Quality).await? {
        move_refund(&app.desk, &app.context(Principal::Shell), Move::Cancel(refund_id, None)).await.map_err(told)?;
    }
    if let Some(refund_id) = ask(app, "1052", Some(900), Reason::Goodwill).await? {
        move_refund(&app.desk, &app.context(Principal::Shell), Move::Cancel(refund_id, None)).await.map_err(told)?;
    }
    Ok(())
}

async fn ask(
    app: &Arc<App>,
    order_id: &str,
    amount_minor: Option<i64>,
    reason: Reason,
) -> Result<Option<RefundId>, Failure> {
    ask_with(app, order_id, amount_minor, reason, "", Vec::new()).await
}

/// What the customer sends to show the damage.
async fn send_evidence(app: &Arc<App>) -> Result<Vec<EvidenceId>, Failure> {
    let told = |refusal: Refusal| open::refused(app, &refusal);
    let mut sent = Vec::new();
    let photo = ("keyboard.jpg", pictures::keyboard()?, "A cracked lid above a keyboard; three keys stand lower");
    for (name, bytes, alt) in [photo, ("bill and delivery note.pdf", pictures::bill(), "")] {
        let context = app.context(Principal::Token("demo".to_owned()));
        let source = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from(bytes))]);
        let arrived = attach_evidence::receive(&app.desk, &context, name, source).await.map_err(told)?;
        sent.push(attach_evidence::keep(&app.desk, &context, arrived, alt).await.map_err(told)?);
    }
    Ok(sent)
}

async fn ask_with(
    app: &Arc<App>,
    order_id: &str,
    amount_minor: Option<i64>,
    reason: Reason,
    note: &str,
    evidence: Vec<EvidenceId>,
) -> Result<Option<RefundId>, Failure> {
    let command = RequestRefund {
        order_id: order_id.to_owned(),
        amount_minor,
        currency: None,
        reason,
        lines: Vec::new(),
        note: Some(note.to_owned()).filter(|note| !note.is_empty()),
        evidence,
        metadata: BTreeMap::new(),
        expected_remaining_minor: None,
        key: None,
    };
    // Each is a call of its own, as from the shop's back end.
    let context = app.context(Principal::Token("demo".to_owned()));
    match request_refund(&app.desk, &context, command).await {
        Ok(Asked::Created { refund_id, .. }) => Ok(Some(refund_id)),
        Ok(Asked::Replayed(_)) => Ok(None),
        Err(refusal) => Err(open::refused(app, &refusal)),
    }
}

async fn push(app: &Arc<App>, purchase: &Purchase<'_>) -> Result<(), Failure> {
    let context = app.context(Principal::Token("demo".to_owned()));
    let order = order(purchase, context.now)?;
    push_order(&app.desk, &context, order).await.map(|_| ()).map_err(|refusal| open::refused(app, &refusal))
}

fn order(purchase: &Purchase<'_>, now: Timestamp) -> Result<Order, Failure> {
    let currency = "USD".parse().map_err(|error| Failure::failed(format!("{error}")))?;
    let paid_at = now.checked_sub(SignedDuration::from_hours(24 * purchase.days_ago)).unwrap_or(now);
    let (email, name, locale) = purchase.customer;
    Ok(Order {
        order_id: purchase.order_id.to_owned(),
        customer: Customer { email: email.to_owned(), name: name.to_owned(), locale: locale.to_owned() },
        currency,
        placed_at: paid_at,
        lines: vec![Line {
            line_id: "1".to_owned(),
            description: purchase.item.to_owned(),
            quantity: 1,
            unit_amount_minor: purchase.amount_minor,
            tax_minor: 0,
            discount_minor: 0,
        }],
        payments: vec![Payment {
            payment_id: "p1".to_owned(),
            provider_account: purchase.account.to_owned(),
            connector_transaction_id: format!("sim_{}_{}", purchase.mode, purchase.order_id),
            rail: Rail::Card,
            status: PaymentStatus::Captured,
            captured_minor: purchase.amount_minor,
            captured_at: Some(paid_at),
        }],
        external_reference: None,
        dispute_closed_at: None,
    })
}

async fn add_person(app: &Arc<App>, shell: &Context, role: Role) -> Result<Person, Failure> {
    let (email, password) = (format!("{role}@desk.example"), user::password()?);
    let new = NewUser {
        email: email.clone(),
        name: name_of(role).to_owned(),
        locale: "en".to_owned(),
        roles: BTreeSet::from([role]),
        password: password.clone(),
    };
    let user_id = add_user(&app.desk, shell, new).await.map_err(|refusal| open::refused(app, &refusal))?;
    Ok(Person { role, email, password, user_id })
}

fn name_of(role: Role) -> &'static str {
    match role {
        Role::Agent => "Amina Hassan",
        Role::Senior => "Omar Said",
        Role::Finance => "Noor Haddad",
        Role::Risk => "Ivy Tan",
        Role::Auditor => "Jan de Vries",
        Role::Admin => "Lea Vogt",
    }
}

fn as_person(app: &App, person: &Person) -> Context {
    let actor = Actor::user(person.user_id.clone(), BTreeSet::from([person.role]));
    app.context(Principal::Shell).acting_as(actor)
}

async fn make_token(app: &Arc<App>, shell: &Context) -> Result<String, Failure> {
    let text = token::text()?;
    let new = NewToken {
        name: "demo".to_owned(),
        scopes: Scope::ALL.iter().copied().collect(),
        owner: None,
        expires_at: None,
        text: text.clone(),
    };
    create_token(&app.desk, shell, new).await.map_err(|refusal| open::refused(app, &refusal))?;
    Ok(text)
}

/// The first order number that lies outside the share.
fn outside_of_share() -> String {
    let outside = |number: &u32| !is_in_share(FlagName::Refunds.as_str(), &number.to_string(), SHARE_PCT);
    (1_060..2_060).find(outside).unwrap_or(1_060).to_string()
}
