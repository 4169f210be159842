//! One-time links by which people at the desk choose a password: the first, after an invitation, or a new one.
//!
//! Only digests are stored; what waits to be mailed is sealed. A GET changes nothing, so a mail scanner cannot use a link
//! up. A link is good for its own purpose only, for one person, once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::context::Context;
use super::desk::Desk;
use super::passwords;
use super::people::{Change, end_all};
use super::refusal::{Code, Refusal};
use super::{sealed, standing};
use crate::domain::access::{Actor, LinkPurpose, Permission, Principal};
use crate::domain::id::{Mint, OutboxId, UserId};
use crate::domain::message::MessageKind;
use crate::store::outbox::{self, NewWork, Work};
use crate::store::people::{self, UserRow};
use crate::store::staff_links::{self, StaffLinkRow};
use crate::store::{Conn, Tx};

/// How long an invitation works: over a long weekend.
const INVITATION_HOURS: i64 = 96;
/// How long a link for a new password works that an administrator hands over.
const HANDED_HOURS: i64 = 24;
/// How long one works that somebody asked for by mail.
const MAILED_MINUTES: i64 = 30;

/// A link that was made, told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The whole address.
    pub url: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// How a link reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Mail,
    /// Shown to the administrator, who hands it over.
    Shown,
}

/// Makes the link by which a person chooses a password: their first where they have none. Earlier ones close.
pub async fn make(
    desk: &Arc<Desk>,
    context: &Context,
    user_id: &UserId,
    secret: &str,
    way: Way,
) -> Result<Made, Refusal> {
    context.require(Permission::Operate)?;
    if context.actor.principal == Principal::User(user_id.clone()) {
        // Whoever sits at somebody else's open session must not get a password of their own by it.
        return Err(Refusal::new(Code::DualControl));
    }
    let made = {
        let (desk_, mint, context, user_id, secret) =
            (Arc::clone(desk), context.mint(), context.clone(), user_id.clone(), secret.to_owned());
        desk.db
            .write(move |tx| {
                let context = standing::confirm(tx, &context, Permission::Operate)?;
                let user = people::find_user(tx, &user_id)?.ok_or_else(|| Refusal::new(Code::PathNotFound))?;
                if !user.active {
                    return Err(Refusal::new(Code::State));
                }
                let (purpose, hours) = match user.password_hash.is_empty() {
                    true => (LinkPurpose::Invitation, INVITATION_HOURS),
                    false => (LinkPurpose::Password, HANDED_HOURS),
                };
                let until = later(context.now, SignedDuration::from_hours(hours));
                let mut mint = mint.clone();
                let made = write(&desk_, tx, &context, &secret, purpose, Some(&user), until)?;
                if way == Way::Mail {
                    enqueue(&desk_, tx, &context, &mut mint, &user, purpose, &made)?;
                }
                let reason = if way == Way::Mail { "mailed" } else { "shown" };
                let change = Change { context: &context, user_id: &user_id, action: "user.link", reason };
                let after = json!({ "purpose": purpose, "expires_at": until }).to_string();
                change.record(tx, &mut mint, None, Some(after))?;
                Ok::<_, Refusal>(made)
            })
            .await?
    };
    desk.bells.mail.notify_one();
    Ok(made)
}

/// Mails a link for a new password to the person with this address, if there is one; the caller learns nothing either
/// way, nor from how long it takes.
pub async fn mail_new_password(desk: &Arc<Desk>, context: &Context, email: &str, secret: &str) -> Result<(), Refusal> {
    let (desk_, mint, context, email, secret) =
        (Arc::clone(desk), context.mint(), context.clone(), email.to_owned(), secret.to_owned());
    desk.db
        .write(move |tx| {
            let user = people::find_user_by_email(tx, &email)?.filter(|user| user.active);
            let until = later(context.now, SignedDuration::from_mins(MAILED_MINUTES));
            // Where nobody has the address, a link is written that is nobody's.
            let made = write(&desk_, tx, &context, &secret, LinkPurpose::Password, user.as_ref(), until)?;
            let Some(user) = user else { return Ok(()) };
            let mut mint = mint.clone();
            enqueue(&desk_, tx, &context, &mut mint, &user, LinkPurpose::Password, &made)?;
            let context = context.clone().acting_as(Actor::user(user.user_id.clone(), user.roles));
            let change = Change { context: &context, user_id: &user.user_id, action: "user.link", reason: "asked_for" };
            change.record(tx, &mut mint, None, None)
        })
        .await?;
    desk.bells.mail.notify_one();
    Ok(())
}

fn write(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    secret: &str,
    purpose: LinkPurpose,
    user: Option<&UserRow>,
    until: Timestamp,
) -> Result<Made, Refusal> {
    if let Some(user) = user {
        staff_links::close_all(tx, purpose, Some(&user.user_id), context.now)?;
    }
    let link = StaffLinkRow {
        link_hash: digest(secret),
        purpose,
        user_id: user.map(|user| user.user_id.clone()),
        expires_at: until,
        used_at: None,
    };
    staff_links::insert(tx, &link, context.now)?;
    Ok(Made { url: format!("{}/welcome?token={secret}", desk.public_url), expires_at: until })
}

fn enqueue(
    desk: &Desk,
    tx: &mut Tx<'_>,
    context: &Context,
    mint: &mut Mint,
    user: &UserRow,
    purpose: LinkPurpose,
    made: &Made,
) -> Result<(), Refusal> {
    let kind = match purpose {
        LinkPurpose::Invitation => MessageKind::Invitation,
        LinkPurpose::Password | LinkPurpose::Setup => MessageKind::PasswordLink,
    };
    let outbox_id = OutboxId::from_ulid(mint.next_ulid()).to_string();
    let sealed_url = sealed::seal(&desk.keys.links, &outbox_id, made.url.as_bytes())?;
    let work = NewWork {
        dedupe_key: format!("mail:{outbox_id}"),
        outbox_id,
        work: Work::Mail,
        refund_id: None,
        account: None,
        payload: json!({
            "kind": kind,
            "user_id": user.user_id,
            "sealed_url": sealed_url,
            "until": made.expires_at,
        })
        .to_string(),
        due_at: context.system_now.as_microsecond(),
    };
    Ok(outbox::enqueue(tx, work)?)
}

/// Whom a link is for, without using it up; nothing where it is unknown, over or used.
pub async fn look_at(desk: &Arc<Desk>, context: &Context, secret: &str) -> Result<Option<UserRow>, Refusal> {
    let (now, digest) = (context.now, digest(secret));
    desk.db.read(move |conn| Ok::<_, Refusal>(open(conn, &digest, now)?.map(|(_, user)| user))).await
}

/// Why no password was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// It was; the link is used up.
    Done,
    /// The link is unknown, over or used.
    LinkOver,
}

/// Uses a link up: the person has this password from now on, and their sessions end. Who has no name yet may give one.
pub async fn choose_password(
    desk: &Arc<Desk>,
    context: &Context,
    secret: &str,
    name: Option<String>,
    password: &str,
) -> Result<Chosen, Refusal> {
    let hash = passwords::hash(password).await?;
    let (mint, context, digest) = (context.mint(), context.clone(), digest(secret));
    desk.db
        .write(move |tx| {
            let Some((link, user)) = open(tx, &digest, context.now)? else { return Ok(Chosen::LinkOver) };
            if !staff_links::use_up(tx, &digest, context.now)? {
                return Ok(Chosen::LinkOver);
            }
            people::set_password(tx, &user.user_id, &hash)?;
            if let Some(name) = name.as_ref().filter(|_| link.purpose == LinkPurpose::Invitation) {
                people::set_preferences(tx, &user.user_id, name, &user.preferences)?;
            }
            end_all(tx, &user.user_id, context.now)?;
            let context = context.clone().acting_as(Actor::user(user.user_id.clone(), user.roles));
            let reason = link.purpose.as_str();
            let change = Change { context: &context, user_id: &user.user_id, action: "user.password", reason };
            change.record(tx, &mut mint.clone(), None, None)?;
            Ok::<_, Refusal>(Chosen::Done)
        })
        .await
}

/// The link and its person, where it can still be used to choose a password.
fn open(conn: &mut Conn, digest: &str, now: Timestamp) -> Result<Option<(StaffLinkRow, UserRow)>, Refusal> {
    let is_for_passwords = |link: &StaffLinkRow| link.purpose != LinkPurpose::Setup;
    let works = |link: &StaffLinkRow| link.used_at.is_none() && link.expires_at > now;
    let link = staff_links::find(conn, digest)?.filter(is_for_passwords).filter(works);
    let Some((link, user_id)) = link.and_then(|link| link.user_id.clone().map(|user_id| (link, user_id))) else {
        return Ok(None);
    };
    let user = people::find_user(conn, &user_id)?.filter(|user| user.active);
    Ok(user.map(|user| (link, user)))
}

pub(super) fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

pub(super) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}
