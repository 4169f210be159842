//! Letters: what a mailer leases, what each says, and what became of it. At most once per change; whatever may have been
//! taken by a server is never sent again by itself. Source: SPEC section 11.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::task::JoinError;

use super::context::Context;
use super::desk::Desk;
use super::read_refunds::expected;
use super::refusal::{Code, Refusal};
use super::sealed;
use crate::crash::{Point, point};
use crate::domain::appeal::{Bond, open_until};
use crate::domain::id::{CustomerId, OutboxId, RefundId, UserId};
use crate::domain::message::{MessageKind, denial_id, takes_answers};
use crate::domain::refund::{Closure, Refund};
use crate::l10n::Locale;
use crate::mail::{About, Content, Delivery, Letter, Mailer};
use crate::store::messages::MessageRow;
use crate::store::outbox::{self, End, OutboxRow, Work};
use crate::store::{Conn, appeals, customers, messages, people, refunds};

/// Letters of one lease at most.
const LEASE_ROWS_MAX: i64 = 128;

/// Ends that are recorded in one write at most.
const RECORDED_MAX: usize = 128;

/// A lease outlasts the longest hand-over.
const LEASE_US: i64 = 300_000_000;

/// Tries before a letter that is surely not taken is left to a person: hours at the growing pause.
const TRIES_MAX: i64 = 14;

/// The first pause before a letter is tried again, in microseconds.
const FIRST_PAUSE_US: i64 = 2_000_000;

/// The longest pause, in microseconds.
const PAUSE_MAX_US: i64 = 1_800_000_000;

/// What stands in the payload of a letter's row.
#[derive(Deserialize)]
struct Payload {
    kind: MessageKind,
    customer_id: Option<CustomerId>,
    order_id: Option<String>,
    until: Option<Timestamp>,
    message_id: Option<String>,
    user_id: Option<UserId>,
    sealed_url: Option<String>,
}

/// Sends the letters that are due; how many there were. What became of each is recorded as soon as it is known, not when
/// the slowest is through: a crash leaves only the letters in doubt that were in the server's hands.
pub async fn send_due(
    desk: &Arc<Desk>,
    context: &Context,
    mailer: &Arc<Mailer>,
    owner: &str,
) -> Result<usize, Refusal> {
    let leased = lease(desk, context, owner, mailer.folder().is_some()).await?;
    let count = leased.len();
    if count > 0 {
        point(Point::MailLeased);
    }
    let hand_over = |(row, letter)| tokio::spawn(hand_over(Arc::clone(mailer), context.clone(), row, letter));
    let mut ends = leased.into_iter().map(hand_over).collect::<FuturesUnordered<_>>().ready_chunks(RECORDED_MAX);
    let mut recorded = Ok(());
    while let Some(some) = ends.next().await {
        // A letter whose end cannot be recorded keeps none of the others from it.
        recorded = recorded.and(record(desk, some).await);
    }
    recorded.map(|()| count)
}

async fn hand_over(mailer: Arc<Mailer>, context: Context, row: OutboxRow, letter: Option<Letter>) -> (OutboxRow, End) {
    let end = match letter {
        // Erased meanwhile: there is nobody to write to.
        None => End::Done,
        Some(letter) => ending(mailer.send(&letter).await, &row, &context),
    };
    point(Point::MailSent);
    (row, end)
}

async fn record(desk: &Desk, ends: Vec<Result<(OutboxRow, End), JoinError>>) -> Result<(), Refusal> {
    let mut known = Vec::new();
    for end in ends {
        match end {
            Ok(end) => known.push(end),
            Err(error) => tracing::error!(%error, "a letter broke off; a person sees it when its lease ends"),
        }
    }
    desk.db
        .write(move |tx| {
            let now = outbox::lease_clock(tx)?;
            for (row, end) in &known {
                outbox::finish(tx, row, end, now)?;
            }
            Ok::<_, Refusal>(())
        })
        .await?;
    point(Point::MailCommitted);
    Ok(())
}

/// Leases what is due, with what each letter says. A letter whose lease ran out may have been handed over: it is left
/// to a person, unless it goes to a folder, where the same letter twice is the same file.
async fn lease(
    desk: &Arc<Desk>,
    context: &Context,
    owner: &str,
    repeatable: bool,
) -> Result<Vec<(OutboxRow, Option<Letter>)>, Refusal> {
    let (desk_, context, owner) = (Arc::clone(desk), context.clone(), owner.to_owned());
    desk.db
        .write(move |tx| {
            let now = outbox::lease_clock(tx)?;
            if !repeatable {
                outbox::strand_expired(tx, Work::Mail, now, "the desk stopped while this letter was handed over")?;
            }
            let mut letters = Vec::new();
            for row in outbox::lease(tx, Work::Mail, &owner, now, LEASE_US, LEASE_ROWS_MAX, &[])? {
                let letter = compose(&desk_, tx, &context, &row)?;
                letters.push((row, letter));
            }
            Ok::<_, Refusal>(letters)
        })
        .await
}

fn ending(delivery: Delivery, row: &OutboxRow, context: &Context) -> End {
    match delivery {
        Delivery::Taken => End::Done,
        Delivery::NotTaken { retryable: true, detail } if row.attempts < TRIES_MAX => {
            let doublings = u32::try_from(row.attempts.saturating_sub(1)).unwrap_or(0).min(20);
            let pause = (FIRST_PAUSE_US << doublings).min(PAUSE_MAX_US);
            End::Again { due_at: context.system_now.as_microsecond().saturating_add(pause), error: detail }
        }
        Delivery::NotTaken { detail, .. } => End::Dead { error: detail },
        Delivery::Unknown { detail } => End::Unknown { error: detail },
    }
}

fn compose(desk: &Desk, conn: &mut Conn, context: &Context, row: &OutboxRow) -> Result<Option<Letter>, Refusal> {
    let payload: Payload =
        serde_json::from_str(&row.payload).map_err(|error| Refusal::new(Code::Internal).because(error))?;
    let id: OutboxId = row.outbox_id.parse().map_err(|error| Refusal::new(Code::Internal).because(error))?;
    if let Some(user_id) = &payload.user_id {
        return compose_to_staff(desk, conn, context, id, user_id, &payload);
    }
    let refund = match row.refund_id.as_deref().and_then(|text| RefundId::parse(text).ok()) {
        Some(refund_id) => refunds::find(conn, &refund_id)?,
        None => None,
    };
    let customer_id = refund.as_ref().map(|refund| refund.customer_id.clone()).or_else(|| payload.customer_id.clone());
    let Some(customer) = customer_id.map(|id| customers::profile(conn, &id)).transpose()?.flatten() else {
        return Ok(None);
    };
    let message = payload.message_id.as_deref().map(|id| messages::find(conn, id)).transpose()?.flatten();
    let content = match &refund {
        None => sign_in_link(desk, id.as_str(), &payload)?,
        Some(refund) => {
            let bond = appeals::bond_of(conn, &refund.refund_id)?;
            content(desk, context, payload.kind, refund, &bond, message)
        }
    };
    let Some(content) = content else { return Ok(None) };
    Ok(Some(Letter {
        id,
        written_at: context.now,
        to: customer.email,
        name: Some(customer.name).filter(|name| !name.trim().is_empty()),
        locale: Locale::from_tag(&customer.locale).unwrap_or(Locale::En),
        content,
    }))
}

/// A letter to somebody at the desk; none to who was suspended meanwhile.
fn compose_to_staff(
    desk: &Desk,
    conn: &mut Conn,
    context: &Context,
    id: OutboxId,
    user_id: &UserId,
    payload: &Payload,
) -> Result<Option<Letter>, Refusal> {
    let user = people::find_user(conn, user_id)?.filter(|user| user.active);
    let (Some(user), Some(until), Some(sealed_url)) = (user, payload.until, payload.sealed_url.as_deref()) else {
        return Ok(None);
    };
    let url = sealed::open(&desk.keys.links, id.as_str(), sealed_url)?;
    let content = Content::StaffLink {
        invitation: payload.kind == MessageKind::Invitation,
        url: String::from_utf8_lossy(&url).into_owned(),
        until,
    };
    Ok(Some(Letter {
        id,
        written_at: context.now,
        to: user.email,
        name: Some(user.name).filter(|name| !name.trim().is_empty()),
        locale: Locale::from_tag(&user.preferences.locale).unwrap_or(Locale::En),
        content,
    }))
}

/// A one-time link; its text lies sealed in the row that it leaves by.
fn sign_in_link(desk: &Desk, id: &str, payload: &Payload) -> Result<Option<Content>, Refusal> {
    let (Some(order_id), Some(until), Some(sealed_url)) = (&payload.order_id, payload.until, &payload.sealed_url)
    else {
        return Ok(None);
    };
    let url = sealed::open(&desk.keys.links, id, sealed_url)?;
    let url = String::from_utf8_lossy(&url).into_owned();
    Ok(Some(Content::SignInLink { order_id: order_id.clone(), url, until }))
}

/// What a letter says of the refund that it is about.
pub fn about(desk: &Desk, refund: &Refund) -> About {
    About {
        refund_id: refund.refund_id.clone(),
        order_id: refund.order_id.clone(),
        amount: refund.amount,
        rail: refund.rail,
        status_url: format!("{}/refunds/r/{}", desk.public_url, refund.refund_id),
    }
}

fn content(
    desk: &Desk,
    context: &Context,
    kind: MessageKind,
    refund: &Refund,
    bond: &Bond,
    message: Option<MessageRow>,
) -> Option<Content> {
    let about = about(desk, refund);
    let expected = expected(desk, refund);
    match kind {
        MessageKind::Received if bond.denied.is_some() => Some(Content::LookingAgain(about)),
        MessageKind::Received => Some(Content::Received(about)),
        MessageKind::Approved => Some(Content::Approved(about)),
        MessageKind::Denied => {
            let until = open_until(refund.state, refund.closure, refund.updated_at, bond);
            let look_again_until = until.filter(|until| *until > context.now);
            // A second look that ends in a denial is the last word; what a guard stopped was no denial of ours.
            let is_final = refund.closure == Some(Closure::Denied) && bond.denied.is_some();
            Some(Content::Denied { about, reason_id: denial_id(refund), look_again_until, is_final })
        }
        MessageKind::Delayed => Some(Content::Delayed(about)),
        MessageKind::Submitted => expected.map(|expected| Content::Submitted { about, expected }),
        MessageKind::Completed => {
            Some(Content::Completed { about, expected, reference: refund.provider_reference.clone() })
        }
        MessageKind::Failed => Some(Content::Failed(about)),
        MessageKind::AgentMessage => {
            let answerable = takes_answers(refund);
            message.map(|message| Content::AgentMessage { about, text: message.body, answerable })
        }
        MessageKind::SignInLink | MessageKind::Invitation | MessageKind::PasswordLink => None,
    }
}
