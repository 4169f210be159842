//! The set-up of a new desk: a one-time link, printed at the first start, makes the first administrator. As soon as there
//! is one, by whichever way, there is no set-up any more.

use std::sync::Arc;

use jiff::SignedDuration;

use super::context::Context;
use super::desk::Desk;
use super::passwords;
use super::people::{Change, NewUser, insert, roles_json, user_row};
use super::refusal::{Code, Refusal};
use super::staff_links::{Made, digest, later};
use crate::domain::access::{Actor, LinkPurpose, Permission};
use crate::domain::id::UserId;
use crate::store::people::{self, UserRow};
use crate::store::staff_links::{self, StaffLinkRow};
use crate::store::{Conn, Tx};

/// What the text of a set-up link starts with, so that scanners for leaked secrets recognise it.
pub const SECRET_PREFIX: &str = "st_";
/// How long a link works.
const HOURS: i64 = 24;

/// Whether the desk still waits for its first administrator.
pub async fn is_open(desk: &Desk) -> Result<bool, Refusal> {
    desk.db.read(|conn| Ok(!people::has_admin(conn)?)).await
}

/// Makes a link with this random text. With `alone`, all that were made before stop working.
pub async fn make_link(desk: &Arc<Desk>, context: &Context, secret: &str, alone: bool) -> Result<Made, Refusal> {
    context.require(Permission::Operate)?;
    let expires_at = later(context.now, SignedDuration::from_hours(HOURS));
    let (mint, context, link_hash) = (context.mint(), context.clone(), digest(secret));
    desk.db
        .write(move |tx| {
            if people::has_admin(tx)? {
                return Err(Refusal::new(Code::State));
            }
            if alone {
                staff_links::close_all(tx, LinkPurpose::Setup, None, context.now)?;
            }
            let link = StaffLinkRow {
                link_hash: link_hash.clone(),
                purpose: LinkPurpose::Setup,
                user_id: None,
                expires_at,
                used_at: None,
            };
            staff_links::insert(tx, &link, context.now)?;
            let cause = super::moves::Cause {
                context: &context,
                actor: context.actor.principal.clone(),
                reason: "set_up",
                note: None,
            };
            super::moves::audit(tx, &mut mint.clone(), &cause, "desk.setup_link", "desk", None, None)?;
            Ok(())
        })
        .await?;
    Ok(Made { url: url(desk, secret), expires_at })
}

/// The address of a link.
pub fn url(desk: &Desk, secret: &str) -> String {
    format!("{}/setup?token={secret}", desk.public_url)
}

/// Whether a link still works, without using it up.
pub async fn works(desk: &Arc<Desk>, context: &Context, secret: &str) -> Result<bool, Refusal> {
    let (now, digest) = (context.now, digest(secret));
    desk.db.read(move |conn| open(conn, &digest, now)).await
}

fn open(conn: &mut Conn, digest: &str, now: jiff::Timestamp) -> Result<bool, Refusal> {
    let works =
        |link: &StaffLinkRow| link.purpose == LinkPurpose::Setup && link.used_at.is_none() && link.expires_at > now;
    Ok(!people::has_admin(conn)? && staff_links::find(conn, digest)?.is_some_and(|link| works(&link)))
}

/// Makes the first administrator and uses the link up; of two at the same moment one wins, the other finds nothing here.
pub async fn make_first_admin(
    desk: &Arc<Desk>,
    context: &Context,
    secret: &str,
    new: NewUser,
) -> Result<UserRow, Refusal> {
    let password_hash = passwords::hash(&new.password).await?;
    let (mint, context, digest) = (context.mint(), context.clone(), digest(secret));
    let user_id = UserId::from_ulid(mint.clone().next_ulid());
    let user = user_row(user_id, new, password_hash, context.now);
    desk.db
        .write(move |tx| {
            let mut mint = mint.clone();
            mint.next_ulid();
            take(tx, &digest, &user, context.now)?;
            let context = context.clone().acting_as(Actor::user(user.user_id.clone(), user.roles.clone()));
            let change = Change { context: &context, user_id: &user.user_id, action: "user.add", reason: "set_up" };
            change.record(tx, &mut mint, None, Some(roles_json(&user.roles)))?;
            Ok::<_, Refusal>(user.clone())
        })
        .await
}

fn take(tx: &mut Tx<'_>, digest: &str, user: &UserRow, now: jiff::Timestamp) -> Result<(), Refusal> {
    if !open(tx, digest, now)? || !staff_links::use_up(tx, digest, now)? {
        return Err(Refusal::new(Code::PathNotFound));
    }
    insert(tx, user)?;
    Ok(people::insert_first_admin(tx, &user.user_id, now)?)
}
