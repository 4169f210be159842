//! Signing in at the desk: a password, then a code where the person has a second factor; and who is signed in now.
//!
//! A wrong password takes as long as a right one, whether the person is known or not.

use std::sync::Arc;

use super::context::Context;
use super::desk::Desk;
use super::moves::{self, Cause};
use super::passwords;
use super::refusal::Refusal;
use crate::domain::access::{Actor, Principal};
use crate::domain::id::UserId;
use crate::store::people;
use crate::store::second_factors;

pub use crate::store::people::UserRow;

/// How somebody proved who they are; stands in the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By password alone.
    Password,
    /// By password and a code of their app.
    Code,
    /// By password and a recovery code.
    RecoveryCode,
    /// By the one-time link of the set-up.
    SetUp,
}

impl Proof {
    fn as_str(self) -> &'static str {
        match self {
            Proof::Password => "password",
            Proof::Code => "password_and_code",
            Proof::RecoveryCode => "password_and_recovery_code",
            Proof::SetUp => "set_up",
        }
    }
}

/// A person whose password was right.
#[derive(Clone)]
pub struct Known {
    /// Who.
    pub user: UserRow,
    /// Whether a code is to follow.
    pub has_second_factor: bool,
}

/// Checks address and password; nothing where they do not belong together, whatever is wrong with them.
pub async fn check_password(desk: &Arc<Desk>, email: &str, password: &str) -> Result<Option<Known>, Refusal> {
    let email = email.to_owned();
    let found = desk
        .db
        .read(move |conn| {
            let Some(user) = people::find_user_by_email(conn, &email)? else { return Ok(None) };
            let has_second_factor = second_factors::is_on(conn, &user.user_id)?;
            Ok::<_, Refusal>(Some(Known { user, has_second_factor }))
        })
        .await?;
    let hash = found.as_ref().map(|known| known.user.password_hash.as_str());
    let is_right = passwords::verify(password, hash).await?;
    Ok(found.filter(|known| is_right && known.user.active))
}

/// Whether this is the password of somebody who is signed in and is asked for it again.
pub async fn is_own_password(desk: &Arc<Desk>, user: &UserRow, password: &str) -> Result<bool, Refusal> {
    let user_id = user.user_id.clone();
    let now = desk.db.read(move |conn| Ok::<_, Refusal>(people::find_user(conn, &user_id)?)).await?;
    let hash = now.as_ref().filter(|user| user.active).map(|user| user.password_hash.as_str());
    passwords::verify(password, hash).await
}

/// Notes that somebody signed in, and how they proved who they are.
pub async fn note_sign_in(desk: &Arc<Desk>, context: &Context, user_id: &UserId, proof: Proof) -> Result<(), Refusal> {
    let (mint, context, user_id) = (context.mint(), context.clone(), user_id.clone());
    desk.db
        .write(move |tx| {
            people::note_sign_in(tx, &user_id, context.now)?;
            let actor = Principal::User(user_id.clone());
            let cause = Cause { context: &context, actor, reason: proof.as_str(), note: None };
            moves::audit(tx, &mut mint.clone(), &cause, "user.sign_in", &format!("user:{user_id}"), None, None)?;
            Ok::<_, Refusal>(())
        })
        .await
}

/// Somebody who is signed in, as they are now.
#[derive(Clone)]
pub struct Present {
    /// With the rights that they have now.
    pub actor: Actor,
    /// Who.
    pub user: UserRow,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
}

/// The person behind a session of this epoch; nothing where they were suspended, or their sessions ended, since.
pub async fn present(desk: &Arc<Desk>, user_id: &UserId, epoch: i64) -> Result<Option<Present>, Refusal> {
    let user_id = user_id.clone();
    desk.db
        .read(move |conn| {
            let found = people::find_user(conn, &user_id)?.filter(|user| user.active && user.epoch == epoch);
            let Some(user) = found else { return Ok(None) };
            let has_second_factor = second_factors::is_on(conn, &user_id)?;
            let actor = Actor::user(user.user_id.clone(), user.roles.clone());
            Ok(Some(Present { actor, user, has_second_factor }))
        })
        .await
}

/// The person as an actor with the roles that they have now; nothing where they are suspended.
pub async fn actor_of(desk: &Arc<Desk>, user_id: &UserId) -> Result<Option<(Actor, UserRow)>, Refusal> {
    let user_id = user_id.clone();
    let user = desk.db.read(move |conn| Ok::<_, Refusal>(people::find_user(conn, &user_id)?)).await?;
    Ok(user.filter(|user| user.active).map(|user| (Actor::user(user.user_id.clone(), user.roles.clone()), user)))
}
